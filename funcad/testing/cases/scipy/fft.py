"""Sample calls of `scipy.fft`."""

from funcad.rules.scipy import fft as rules
from funcad.testing.samples import array, call, samples

R, Z, S = array(5), array(6, complex=True), array(3, 4)

samples(
    rules.fft, call(Z), call(R, n=3), call(S, 6, 0, norm="ortho"), call(R, norm="forward", overwrite_x=True)
)
samples(rules.ifft, call(Z), call(R, n=8, workers=1), call(S, axis=-2, norm="forward"))
samples(rules.rfft, call(R), call(array(6)), call(R, n=4), call(S, 7, 0, "ortho"), call(S, norm="forward"))
samples(rules.irfft, call(Z), call(Z, n=9), call(Z, 4, norm="ortho"), call(S, axis=0, norm="forward"))
samples(rules.hfft, call(Z), call(Z, n=9), call(Z, 4, norm="ortho"), call(S, axis=0, norm="forward"))
samples(rules.ihfft, call(R), call(array(6)), call(R, n=4), call(S, 7, 0, "ortho"))

SPACE, WAVES = array(2, 3, 4), array(2, 3, 4, complex=True)
for plane, space in (
    (rules.fft2, rules.fftn),
    (rules.ifft2, rules.ifftn),
    (rules.irfft2, rules.irfftn),
    (rules.hfft2, rules.hfftn),
):
    samples(plane, call(WAVES), call(WAVES, (2, 6), norm="ortho"), call(S, axes=(-1, 0)))
    samples(
        space,
        call(WAVES),
        call(WAVES, (2, 5), norm="ortho"),
        call(S, axes=(-1, 0), norm="forward", overwrite_x=True),
        call(SPACE, (4, 5), (0, -2), workers=1),
    )
for plane, space in ((rules.rfft2, rules.rfftn), (rules.ihfft2, rules.ihfftn)):
    samples(plane, call(SPACE), call(SPACE, (2, 6), norm="ortho"), call(S, axes=(-1, 0)))
    samples(space, call(SPACE), call(SPACE, (2, 5), norm="ortho"), call(S, axes=(-1, 0), norm="forward"))

for one, several in (
    (rules.dct, rules.dctn),
    (rules.idct, rules.idctn),
    (rules.dst, rules.dstn),
    (rules.idst, rules.idstn),
):
    for kind in (1, 2, 3, 4):
        samples(
            one,
            call(R, kind),
            call(array(6), kind, norm="ortho"),
            call(array(6), kind, norm="forward", orthogonalize=True),
            call(S, kind, 5, 0, norm="ortho", orthogonalize=False),
            call(Z, kind, n=4, orthogonalize=True),
        )
        samples(
            several,
            call(S, kind),
            call(SPACE, kind, (2, 5), norm="ortho"),
            call(SPACE, kind, axes=(-3, 1), norm="forward"),
        )
    samples(one, call(R, overwrite_x=True))

for hankel in (rules.fht, rules.ifht):
    samples(
        hankel,
        call(array(6), 0.1, 0.5),
        call(S, 0.2, 1.0, offset=0.3, bias=0.2),
        call(R, 0.1, 0.0, bias=-0.1),
    )
for shift in (rules.fftshift, rules.ifftshift):
    samples(shift, call(R), call(S, axes=0), call(S, axes=(-1, 0)))
