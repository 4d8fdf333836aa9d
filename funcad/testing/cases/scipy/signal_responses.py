"""Sample calls of the responses of filters, of waves and of linear systems in `scipy.signal`."""

import numpy as np
from scipy import signal

from funcad.core.domains import Domain, positive
from funcad.rules.scipy import signal_responses as responses
from funcad.rules.scipy import signal_systems as systems
from funcad.rules.scipy import signal_waves as waves
from funcad.testing.samples import Spec, array, call, samples

B, FS, BETWEEN = array(3), array(domain=positive), array(domain=Domain("between", 0.3, 0.7))
A = Spec((3,), make=lambda a: a / 8 + [1, 0, 0])
ROOTS = Spec((2,), make=lambda z: z / 4 + [1, -1])
W = np.array([0.1, 0.5, 1.0])

samples(
    responses.freqz,
    call(B, A, 5),
    call(B, worN=6),
    call(B, A, array(4, domain=positive), fs=FS),
    call(B, A, 4, whole=True, fs=2.0),
    call(array(3, complex=True), A, worN=4, include_nyquist=True),
    call(array(6), 2.0, W),
)
samples(
    responses.group_delay,
    call((B, A), 5, float32=False),
    call((B, [1.0, 0.2]), W, fs=FS, float32=False),
    call((B, A), 3, whole=True, float32=False),
)
SOS = Spec((2, 6), make=lambda sos: sos / 8 + [1, 0, 0, 1, 0, 0])
FIXED = np.array([[0.3, 0.2, 0.5, 1.0, -0.4, 0.2], [1.0, -0.3, 0.0, 1.0, 0.5, 0.0]])
for fn in (responses.sosfreqz, responses.freqz_sos):
    samples(fn, call(FIXED, array(4, domain=positive)), call(FIXED, W, fs=FS))
samples(
    responses.freqz_zpk, call(ROOTS, array(3), array(), 4), call(array(2, complex=True), ROOTS, 2.0, W, fs=FS)
)
samples(
    responses.freqs, call(B, A, 4), call(B, A, array(4, domain=positive)), call(array(2, complex=True), A, W)
)
samples(
    responses.freqs_zpk,
    call(array(2), ROOTS, array(), W),
    call([], ROOTS, 2.0, 3),
    call(ROOTS, ROOTS, 1.0, array(3)),
)
samples(responses.sos2tf, call(SOS))
samples(
    responses.tf2zpk,
    call(Spec((3,), make=lambda b: b / 8 + [1, 0, -1]), Spec((2,), make=lambda a: a / 8 + 1)),
)
samples(responses.zpk2tf, call(ROOTS, array(3), array()), call(array(2, complex=True), ROOTS, 2.0))

TIMES, F0, F1 = (
    array(5, domain=positive),
    array(domain=Domain("low", 0.3, 0.5)),
    array(domain=Domain("high", 0.6, 0.9)),
)
for method in ("linear", "quadratic", "logarithmic", "hyperbolic"):
    samples(
        waves.chirp,
        call(TIMES, F0, 5.0, F1, method, float32=False),
        call(
            TIMES,
            F1,
            array(domain=Domain("end", 4, 5)),
            F0,
            method,
            phi=array(),
            vertex_zero=False,
            float32=False,
        ),
    )
samples(waves.gausspulse, call(array(4), 1.0), call(array(4), F0, BETWEEN, retquad=True, retenv=True))
samples(
    waves.gausspulse,
    call(array(3), FS, bwr=-5.0, retenv=True),
    call("cutoff", F0, tpr=-40),
    call(array(), 1.0, retquad=True),
)
samples(waves.vectorstrength, call(array(5), FS), call(array(5), array(3, domain=positive)))
INSIDE = np.array([-5.0, 0.4, 1.7, 4.4, 9.0])
samples(
    waves.sawtooth,
    call(TIMES),
    call(Spec((5,), make=lambda t: t / 20 + INSIDE), BETWEEN),
    call(INSIDE, BETWEEN),
)

N = Spec((2, 2), make=lambda a: a / 4)
samples(
    systems.lsim,
    call((N, array(2, 1), array(1, 2), array(1, 1)), array(5), np.linspace(0, 1, 5)),
    call(
        (N, array(2, 2), array(2, 2), array(2, 2)),
        array(4, 2),
        np.linspace(0.5, 1, 4),
        array(2),
        interp=False,
    ),
    call((N, array(2, 1), array(1, 2), array(1, 1)), None, np.linspace(0, 1, 3), array(2)),
    call(signal.lti([1.0], [1.0, 0.5, 2.0]), array(4), np.linspace(0, 1, 4)),
    call(([1.0], [1.0, 0.5]), array(4), np.linspace(0, 1, 4), interp=False),
    call((N, array(2, 1), array(1, 2), array(1, 1)), array(1), np.array([0.5]), array(2), float32=False),
)
samples(
    systems.dlsim,
    call((N, array(2, 1), array(1, 2), array(1, 1), 0.5), array(5)),
    call((N, array(2, 2), array(1, 2), array(1, 2), 0.5), array(5, 2), x0=array(2), float32=False),
    call((N, array(2, 1), array(1, 2), array(1, 1), 0.5), array(3), np.array([0.0, 0.8, 2.1])),
    call(([1.0, 0.3], [1.0, -0.5], 1.0), array(5)),
    call(signal.dlti([1.0], [1.0, -0.5, 0.1], dt=0.1), array(4)),
)
