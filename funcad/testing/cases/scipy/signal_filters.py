"""Sample calls of the recursive filters of `scipy.signal`: their poles are well inside the unit circle."""

from typing import Any

import numpy as np

from funcad.core.domains import positive
from funcad.rules.scipy import signal_filters as rules
from funcad.testing.samples import Spec, array, call, samples


def _stable(a: Any) -> Any:
    """Make a polynomial in the delay with roots inside the unit circle."""
    a = a / (2 * np.max(np.abs(a)) * a.shape[-1])
    a[..., 0] = 1.5
    return a


B, X, S = array(3), array(7), array(2, 6)
A, A2 = Spec((4,), make=_stable), Spec((2,), make=_stable)
Z = array(6, complex=True)
#: SciPy refuses sections that do not begin with 1, so that no step can be taken from them
SOS = np.array([[0.3, 0.2, 0.5, 1.0, -0.4, 0.2], [1.0, -0.3, 0.0, 1.0, 0.5, 0.0]])

samples(
    rules.filtered,
    call(B, A, X),
    call(B, A, S),
    call(B, A2, array(4, 2, 3), 1),
    call(array(4), array(1, domain=positive), S, -2),
    call(B, A, Z),
    call(array(2, complex=True), A2, X),
    call(array(9), A, array(4)),
    by=rules.lfilter,
)
samples(
    rules.stateful,
    call(B, A, X, -1, array(3)),
    call(B, A, S, 0, array(3, 6)),
    call(B, A2, S, -1, array(1, 2)),
    call(array(4), array(1, domain=positive), X, -1, array(3)),
    call(array(6), A, array(2), 0, array(5)),
    by=rules.lfilter,
)
samples(
    rules.lfilter,
    call(B, A, X),
    call(B, 2.0, S, axis=0),
    call([1.0, array()], [1.0, 0.5, 0.1], X),
    call(B, A, S, axis=-2, zi=array(3, 6)),
)
samples(rules.lfilter_zi, call(B, A), call(array(5), A), call(A, A2), call(B, np.array([0.0, 0.0, 2.0, 0.4])))
samples(rules.lfiltic, call(B, A, array(3)), call(B, A, array(2), array(1)), call(B, A2, array(4), array(4)))
samples(rules.lfiltic, call(B, A2, array(2), array(2)), call(array(1), A, array(3), array(2)))
samples(rules.deconvolve, call(X, A), call(X, A2), call(A2, X), call(Z, A))
samples(
    rules.sosfilt,
    call(SOS, X),
    call(SOS, S, 0),
    call(SOS, X, zi=array(2, 2)),
    call(SOS, S, -1, array(2, 2, 2)),
    call(SOS, Z),
)
samples(rules.sosfilt_zi, call(Spec((2, 6), make=lambda sos: sos / 4 + [0, 0, 0, 1.5, 0, 0])))
SECTION = np.array([[0.3, 0.2, 0.0, 1.0, -0.4, 0.0]])
for padtype in ("odd", "even", "constant"):
    samples(rules.filtfilt, call(array(2), A2, array(7), padtype=padtype))
    samples(rules.sosfiltfilt, call(SECTION, array(7), padtype=padtype), call(SOS, S, -1, padtype, 2))
samples(
    rules.filtfilt, call(B, A2, array(5, 2), 0, padlen=2), call(B, A, X, padlen=0), call(array(2), 2.0, X)
)
samples(rules.filtfilt, call(B, A2, array(4), padtype=None))
samples(
    rules.filtfilt,
    call(B, A2, array(5), method="gust"),
    call(array(2), A2, array(5, 2), 0, method="gust", irlen=2),
    call(array(1), 2.0, array(3), method="gust"),
)
samples(rules.sosfiltfilt, call(SECTION, array(7, 2), axis=0), call(SOS, array(4), padtype=None))
