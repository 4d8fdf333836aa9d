"""`funcad.scipy.signal`: SciPy's values, filters fitted to a target, deconvolution, losses on spectra."""

import numpy as np
import pytest
import scipy.signal
from scipy import optimize, special

import funcad as fc
from funcad.errors import FuncadError
from funcad.scipy import signal
from funcad.testing import check_grads

RNG = np.random.default_rng(0)
X, Y, S = RNG.normal(size=60), RNG.normal(size=9), RNG.normal(size=(3, 40))
B, A = scipy.signal.butter(3, 0.3)
SOS = scipy.signal.butter(4, 0.3, output="sos")
STEPS = np.linspace(0, 1, 6)
SYSTEM = (np.array([[0.1, 0.4], [-0.3, 0.2]]), np.ones((2, 1)), np.ones((1, 2)), np.zeros((1, 1)))


def unpacked(value):
    return value if isinstance(value, (tuple, list)) else [value]


@pytest.mark.parametrize(
    ("name", "x", "rest", "kwargs"),
    [
        ("convolve", X, (Y,), {}),
        ("convolve", X, (Y,), {"mode": "same", "method": "direct"}),
        ("correlate", S, (RNG.normal(size=(2, 5)),), {"mode": "valid"}),
        ("fftconvolve", S, (S[:1, :4],), {"axes": 1, "mode": "same"}),
        ("oaconvolve", X, (Y,), {}),
        ("convolve2d", S, (S[:, :3],), {"boundary": "symm", "mode": "same"}),
        ("correlate2d", S, (S[:, :3],), {"boundary": "wrap"}),
        ("medfilt", X, (5,), {}),
        ("upfirdn", Y, (X, 3, 2), {}),
        ("upfirdn", Y, (X, 3, 2), {"mode": "line"}),
        ("resample", X, (45,), {}),
        ("resample_poly", X, (3, 4), {"padtype": "mean"}),
        ("decimate", X, (3,), {}),
        ("hilbert", X, (), {}),
        ("detrend", X, (), {"bp": 20}),
        ("savgol_filter", X, (7, 2), {}),
        ("sosfiltfilt", SOS, (X,), {}),
        ("lfilter_zi", B, (A,), {}),
        ("lfiltic", B, (A, Y[:3]), {}),
        ("deconvolve", X, (A,), {}),
        ("freqz", B, (A,), {}),
        ("sosfreqz", SOS, (), {}),
        ("group_delay", (B, A), (), {}),
        ("stft", X, (), {"nperseg": 16}),
        ("welch", X, (), {"nperseg": 16}),
        ("periodogram", S, (), {"detrend": "linear"}),
        ("csd", X, (X[::-1].copy(),), {"nperseg": 16, "average": "median"}),
        ("coherence", X, (X**2,), {"nperseg": 16}),
        ("spectrogram", X, (), {"nperseg": 16, "mode": "phase"}),
        ("chirp", X, (1.0, 2.0, 3.0), {"method": "hyperbolic"}),
        ("gausspulse", X, (2.0,), {"retenv": True}),
        ("sawtooth", X, (0.3,), {}),
        ("wiener", S, (), {}),
        ("czt", X, (20,), {"w": 0.99 - 0.1j}),
        ("zoom_fft", X, ([0.2, 0.6],), {}),
        ("freqs", B, (A,), {}),
        ("freqs_zpk", Y, (Y[:3], 2.0), {}),
        ("freqz_zpk", Y, (Y[:3], 2.0), {}),
        ("vectorstrength", X, (0.7,), {}),
    ],
)
def test_values_are_scipys_own_to_the_bit(name, x, rest, kwargs):
    own, twin = getattr(scipy.signal, name), getattr(signal, name)
    wanted = own(x, *rest, **kwargs)
    plain = twin(x, *rest, **kwargs)
    step = tuple(map(np.ones_like, x)) if isinstance(x, tuple) else np.ones_like(x)
    traced, _ = fc.jvp(lambda v: twin(v, *rest, **kwargs), (x,), (step,))
    for value in (plain, traced):
        for v, w in zip(unpacked(value), unpacked(wanted), strict=True):
            np.testing.assert_array_equal(v, w)


@pytest.mark.parametrize("k", [0, 1, 2])
@pytest.mark.parametrize("axis", [0, -1])
@pytest.mark.parametrize("state", [False, True])
def test_filtering_gives_scipys_value_whatever_is_traced(k, axis, state):
    shape = list(S.shape)
    shape[axis] = 3
    zi = RNG.normal(size=shape) if state else None
    args = [B, A, S]
    wanted = scipy.signal.lfilter(*args, axis, zi)

    def run(v):
        return signal.lfilter(*args[:k], v, *args[k + 1 :], axis=axis, zi=zi)

    traced, _ = fc.jvp(run, (args[k],), (np.ones_like(args[k]),))
    for v, w in zip(unpacked(traced), unpacked(wanted), strict=True):
        np.testing.assert_array_equal(v, w)


# --- recursive filters


def test_the_derivative_of_a_filter_in_its_signal_is_its_impulse_response():
    pulse = np.eye(1, 12)[0]
    matrix = fc.jacobian(lambda x: signal.lfilter(B, A, x))(np.zeros(12))
    np.testing.assert_allclose(matrix[:, 0], scipy.signal.lfilter(B, A, pulse), rtol=1e-13)
    np.testing.assert_array_equal(np.triu(matrix, 1), 0)  # no sample depends on a later one


def test_the_derivative_in_the_pole_of_a_decay():
    # y[n] = p^n for a pulse into 1 / (1 - p z): dy/dp = n p^(n-1), and d2y/dp2 = n (n-1) p^(n-2)
    pulse, n, p = np.eye(1, 8)[0], np.arange(8.0), 0.7

    def decay(p):
        return signal.lfilter([1.0], np.array([1.0, -p]), pulse)

    np.testing.assert_allclose(fc.jacfwd(decay)(p), n * p ** (n - 1), rtol=1e-14)
    np.testing.assert_allclose(fc.jacobian(decay)(p), n * p ** (n - 1), rtol=1e-14)
    np.testing.assert_allclose(fc.jacfwd(fc.jacobian(decay))(p), n * (n - 1) * p ** (n - 2), rtol=1e-13)


def test_all_arguments_of_a_filter_to_second_order():
    zi = RNG.normal(size=3)

    def run(b, a, x, zi):
        y, zf = signal.lfilter(b, a, x, zi=zi)
        return np.sum(y**2) + np.sum(np.sin(zf))

    check_grads(run, (B, A, X[:10], zi), order=2)


def test_a_signal_filtered_in_two_parts_is_filtered_in_one():
    zi = np.zeros(3)

    def whole(x):
        return np.sum(np.sin(signal.lfilter(B, A, x)))

    def parts(x):
        first, state = signal.lfilter(B, A, x[:20], zi=zi)
        second, _ = signal.lfilter(B, A, x[20:], zi=state)
        return np.sum(np.sin(first)) + np.sum(np.sin(second))

    np.testing.assert_allclose(fc.grad(parts)(X), fc.grad(whole)(X), rtol=1e-12, atol=1e-15)


def test_sections_are_the_filter_that_they_make_up():
    def by_sections(free):
        sos = np.concatenate([free[:, :3], np.ones((2, 1)), free[:, 3:]], axis=1)
        return np.sum(signal.sosfilt(sos, X) ** 2) + np.sum(signal.sosfiltfilt(sos, X) ** 2)

    check_grads(by_sections, (np.delete(SOS, 3, axis=1),), order=2)

    def by_coefficients(x):
        return np.sum(np.sin(signal.lfilter(*scipy.signal.sos2tf(SOS), x)))

    np.testing.assert_allclose(
        fc.grad(lambda x: np.sum(np.sin(signal.sosfilt(SOS, x))))(X), fc.grad(by_coefficients)(X), rtol=1e-9
    )


def test_a_filter_in_both_directions_is_pulled_back_by_itself():
    # without an extension the matrix is symmetric but for the states at the ends
    matrix = fc.jacobian(lambda x: signal.filtfilt(B, A, x))(np.zeros(60))
    columns = [scipy.signal.filtfilt(B, A, row) for row in np.eye(60)]
    np.testing.assert_allclose(matrix, np.stack(columns, axis=1), atol=1e-12)
    gust = fc.jacobian(lambda x: signal.filtfilt(B, A, x, method="gust"))(np.zeros(30))
    columns = [scipy.signal.filtfilt(B, A, row, method="gust") for row in np.eye(30)]
    np.testing.assert_allclose(gust, np.stack(columns, axis=1), atol=1e-10)


def test_batches_of_signals_and_of_filters():
    np.testing.assert_array_equal(
        fc.vmap(lambda x: signal.lfilter(B, A, x))(S), scipy.signal.lfilter(B, A, S)
    )
    filters = np.stack([B, 2 * B, B[::-1]])
    found = fc.vmap(lambda b: signal.lfilter(b, A, X))(filters)
    np.testing.assert_array_equal(found, [scipy.signal.lfilter(b, A, X) for b in filters])
    found = fc.vmap(fc.grad(lambda x: np.sum(signal.lfilter(B, A, x) ** 2)))(S)
    np.testing.assert_allclose(
        found[1], fc.grad(lambda x: np.sum(signal.lfilter(B, A, x) ** 2))(S[1]), rtol=1e-13
    )


# --- programs


def test_fitting_the_coefficients_of_a_filter_to_a_response():
    target = scipy.signal.lfilter(B, A, X)

    def loss(p):
        return np.sum((signal.lfilter(p[:4], np.concatenate([np.ones(1), p[4:]]), X) - target) ** 2)

    start = np.concatenate([B, A[1:]]) + 0.02
    check_grads(loss, (start,), order=2)
    found = optimize.minimize(fc.value_and_grad(loss), start, jac=True, method="BFGS", options={"gtol": 1e-9})
    np.testing.assert_allclose(found.x, np.concatenate([B, A[1:]]), atol=1e-6)


def test_fitting_a_magnitude_at_frequencies():
    wanted = np.abs(scipy.signal.freqz(B, A, 32)[1])

    def loss(p):
        _, h = signal.freqz(p[:4], np.concatenate([np.ones(1), p[4:]]), 32)
        return np.sum((np.abs(h) - wanted) ** 2)

    start = np.concatenate([B, A[1:]]) + 0.05
    check_grads(loss, (start,), order=2)
    found = optimize.minimize(fc.value_and_grad(loss), start, jac=True)
    assert found.fun < 1e-4 * loss(start)


def test_the_group_delay_is_the_slope_of_the_phase():
    w = np.array([0.3, 0.9, 2.0])

    def phase(w):
        return np.angle(signal.freqz(B, A, w)[1])

    slopes = fc.jacobian(phase)(w).diagonal()
    np.testing.assert_allclose(-slopes, scipy.signal.group_delay((B, A), w)[1], rtol=1e-10)


def test_deconvolution_by_gradients():
    kernel = np.array([0.2, 0.5, 0.3])
    truth = np.zeros(20)
    truth[[4, 11]] = 1.0, -2.0
    seen = scipy.signal.convolve(truth, kernel)

    def loss(x):
        return np.sum((signal.convolve(x, kernel, method="fft") - seen) ** 2)

    found = optimize.minimize(fc.value_and_grad(loss), np.zeros(20), jac=True, options={"gtol": 1e-10})
    np.testing.assert_allclose(found.x, truth, atol=1e-6)
    np.testing.assert_allclose(
        fc.jacobian(lambda y: signal.deconvolve(y, kernel)[0])(seen) @ seen, truth, atol=1e-10
    )


def test_a_loss_on_spectrograms():
    target = np.abs(scipy.signal.stft(X, nperseg=16)[2])

    def loss(x):
        _, _, z = signal.stft(x, nperseg=16)
        _, _, p = signal.spectrogram(x, nperseg=16)
        return np.sum((np.sqrt(np.abs(z) ** 2 + 1e-3) - target) ** 2) + np.sum(np.log(p + 1e-2))

    check_grads(loss, (X + 0.1,), order=1)


def test_the_inverse_transform_undoes_the_short_time_transform():
    def back(x):
        return signal.istft(signal.stft(x, nperseg=8)[2], nperseg=8)[1]

    np.testing.assert_allclose(fc.jacobian(back)(X[:40]), np.eye(40), atol=1e-13)
    transform = signal.ShortTimeFFT(scipy.signal.windows.hann(8, sym=False), 3, 1.0)
    matrix = fc.jacobian(lambda x: transform.istft(transform.stft(x), k1=40))(X[:40])
    np.testing.assert_allclose(matrix, np.eye(40), atol=1e-13)


def test_the_power_of_a_signal_by_welchs_method_in_its_sampling_rate_and_window():
    def total(fs, beta, x):
        f, p = signal.welch(x, fs, window=("kaiser", beta), nperseg=16)
        return np.sum(f * p)

    check_grads(total, (2.0, 3.0, X), order=2)


def test_a_window_may_be_traced():
    window = scipy.signal.windows.hann(16) + 0.1
    check_grads(lambda w: np.sum(signal.periodogram(X[:16], window=w)[1] ** 2), (window,), order=2)
    check_grads(lambda w: np.sum(np.abs(signal.stft(X, window=w, nperseg=16)[2]) ** 2), (window,), order=2)


def test_a_power_of_two_equal_signals_is_real():
    f = fc.jacobian(lambda x: signal.csd(x, x, nperseg=16)[1])(X)
    assert f.dtype == float
    np.testing.assert_allclose(f, fc.jacobian(lambda x: signal.welch(x, nperseg=16)[1])(X), rtol=1e-13)


@pytest.mark.parametrize(
    ("name", "rest", "kwargs"),
    [
        ("resample", (9,), {}),
        ("resample", (18,), {"window": "hamming"}),
        ("resample_poly", (3, 2), {}),
        ("resample_poly", (2, 5), {"padtype": "line"}),
        ("resample_poly", (2, 3), {"window": B}),
        ("decimate", (2,), {"n": 2}),
        ("decimate", (3,), {"ftype": "fir"}),
        ("detrend", (), {"bp": [4, 9]}),
        ("savgol_filter", (5, 2), {"mode": "mirror", "deriv": 1}),
        ("savgol_filter", (7, 3), {"mode": "interp"}),
        ("sosfiltfilt", (), {}),
    ],
)
def test_the_jacobian_of_what_is_linear_is_its_matrix(name, rest, kwargs):
    given = (SOS,) if name == "sosfiltfilt" else ()
    own = [getattr(scipy.signal, name)(*given, row, *rest, **kwargs) for row in np.eye(16)]
    matrix = fc.jacobian(lambda x: getattr(signal, name)(*given, x, *rest, **kwargs))(np.zeros(16))
    np.testing.assert_allclose(matrix, np.stack(own, axis=1), atol=1e-12)


def test_smoothing_keeps_polynomials():
    t = np.arange(20.0)
    matrix = fc.jacobian(lambda x: signal.savgol_filter(x, 7, 3))(np.zeros(20))
    np.testing.assert_allclose(matrix @ t**3, t**3, rtol=1e-10, atol=1e-9)
    slope = fc.jacobian(lambda x: signal.savgol_filter(x, 7, 3, deriv=1))(np.zeros(20))
    np.testing.assert_allclose(slope @ t**3, 3 * t**2, rtol=1e-10, atol=1e-9)
    trend = fc.jacobian(lambda x: signal.detrend(x))(np.zeros(20))
    np.testing.assert_allclose(trend @ t, 0, atol=1e-12)


def test_a_driven_oscillator_in_its_damping():
    times = np.linspace(0, 5, 30)

    def swing(damping, u):
        a = np.array([[0.0, 1.0], [-4.0, -2 * damping]])
        return signal.lsim((a, [[0.0], [1.0]], [[1.0, 0.0]], [[0.0]]), u, times)[1]

    # the step response of x'' + 2 d x' + 4 x = 1
    def formula(d):
        w = np.sqrt(4 - d * d)
        return (1 - np.exp(-d * times) * (np.cos(w * times) + d / w * np.sin(w * times))) / 4

    np.testing.assert_allclose(swing(0.3, np.ones(30)), formula(0.3), atol=1e-12)
    np.testing.assert_allclose(fc.jacfwd(swing)(0.3, np.ones(30)), fc.jacfwd(formula)(0.3), atol=1e-12)
    check_grads(lambda d, u: np.sum(swing(d, u) ** 2), (0.3, np.sin(times)), order=2)


def test_a_discrete_system_is_the_filter_of_its_transfer_function():
    system = signal.dlti(B, A, dt=1.0)
    g = RNG.normal(size=30)
    by_system = fc.grad(lambda u: g @ signal.dlsim(system, u)[1][:, 0])(X[:30])
    by_filter = fc.grad(lambda u: g @ signal.lfilter(B, A, u))(X[:30])
    np.testing.assert_allclose(by_system, by_filter, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("method", ["logarithmic", "hyperbolic"])
def test_a_chirp_between_equal_frequencies(method):
    # the phase of the sweep from f to f + d is 2 pi (f t + d t^2 / (2 t1)) to first order
    t, f, t1 = np.linspace(0, 2, 7), 0.5, 3.0
    found = fc.jacfwd(lambda f1: signal.chirp(t, f, t1, f1, method))(f)
    np.testing.assert_allclose(found, -np.sin(2 * np.pi * f * t) * np.pi * t**2 / t1, atol=1e-14)


def test_the_transform_on_a_spiral_is_a_polynomial_at_its_points():
    w, a = 0.98 * np.exp(-0.2j), 0.9 * np.exp(0.1j)
    points = a * w ** -np.arange(5)
    matrix = fc.jacobian(lambda x: signal.czt(x, 5, w, a), holomorphic=True)(X[:8].astype(complex))
    np.testing.assert_allclose(matrix, points[:, None] ** -np.arange(8.0), rtol=1e-11)


def test_windows_in_their_shapes():
    n = np.arange(7) - 3.0
    np.testing.assert_allclose(
        fc.jacfwd(lambda std: signal.windows.gaussian(7, std))(2.0),
        n**2 / 8 * np.exp(-(n**2) / 8),
        rtol=1e-14,
    )
    # d/db I0(b r) / I0(b) = r I1(b r) / I0(b) - I0(b r) I1(b) / I0(b)^2, also where the functions are near overflow
    for beta in (5.0, 700.0):
        scaled = [special.i0e, special.i1e]
        r = np.sqrt(1 - (n / 3) ** 2)
        (a0, a1), (b0, b1) = ([f(v) for f in scaled] for v in (beta * r, beta))
        wanted = (r * a1 - a0 * b1 / b0) / b0 * np.exp(beta * (r - 1))
        found = fc.jacfwd(lambda beta: signal.windows.kaiser(7, beta))(beta)
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-15)
    found = fc.grad(lambda beta: np.sum(signal.firwin(5, 0.3) * signal.get_window(("kaiser", beta), 5)))(4.0)
    step = [
        np.sum(scipy.signal.firwin(5, 0.3) * scipy.signal.get_window(("kaiser", b), 5))
        for b in (4 - 1e-5, 4 + 1e-5)
    ]
    np.testing.assert_allclose(found, (step[1] - step[0]) / 2e-5, rtol=1e-8)


def test_peaks_have_places_and_heights():
    waves = 10 * np.array([0.0, 2.0, 1.0, 4.0, 1.5, 3.0, 0.5, 1.7, 0.2])
    peaks, _ = scipy.signal.find_peaks(waves)

    def heights(x):
        found, properties = signal.find_peaks(x, height=-10, threshold=-1, prominence=0)
        np.testing.assert_array_equal(found, peaks)
        return (
            np.sum(properties["peak_heights"] ** 2)
            + np.sum(properties["prominences"] ** 2)
            + np.sum(properties["left_thresholds"] * properties["right_thresholds"])
        )

    check_grads(heights, (waves,), order=2)
    for mine, own in zip(
        signal.find_peaks(X, 0, 0, 1, 0)[1].items(),
        scipy.signal.find_peaks(X, 0, 0, 1, 0)[1].items(),
        strict=True,
    ):
        assert mine[0] == own[0]
        np.testing.assert_array_equal(mine[1], own[1])


# --- what is refused


@pytest.mark.parametrize(
    ("f", "named"),
    [
        (lambda x: signal.detrend(x, overwrite_data=True), "overwrite_data=True"),
        (lambda x: signal.freqz(x[:, None], 1.0), "funcad.vmap"),
        (lambda x: signal.welch(x, detrend=lambda d: d), "detrend"),
        (lambda x: signal.decimate(x, 2, ftype=signal.dlti([1.0], [1.0], dt=1)), "ftype"),
        (lambda x: signal.find_peaks(x, width=1)[0], "width"),
        (lambda x: signal.lsim((x, [1.0, 2.0]), STEPS, STEPS)[1], "four matrices"),
        (lambda x: signal.ShortTimeFFT(x, 2, 1.0).stft(Y), "stft"),
        (lambda x: signal.get_window(("dpss", x[0]), 8), "dpss"),
    ],
)
def test_what_is_not_supported_is_a_named_error(f, named):
    with pytest.raises(FuncadError, match=named):
        fc.jacobian(f)(X[:8])


def test_the_other_functions_of_the_namespace_are_scipys():
    assert signal.butter is scipy.signal.butter
    assert signal.windows.hann is scipy.signal.windows.hann
    with pytest.raises(FuncadError):
        fc.grad(lambda f: np.sum(signal.butter(2, f)[0]))(0.3)


def test_a_square_wave_is_a_constant():
    np.testing.assert_array_equal(
        fc.jacobian(lambda t: t * signal.square(t))(X).diagonal(), scipy.signal.square(X)
    )
