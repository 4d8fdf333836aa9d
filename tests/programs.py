"""Small programs as people write them in NumPy: name -> (function, arguments).

None of them imports funcad. Each returns one number or one array.
"""

import numpy as np

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 3))
Y = RNG.normal(size=6)
W = RNG.normal(size=3)


def taylor_sine(x):
    ans = currterm = x
    i = 0
    while np.abs(currterm) > 0.001:
        currterm = -currterm * x**2 / ((2 * i + 3) * (2 * i + 2))
        ans = ans + currterm
        i += 1
    return ans


def logistic_loss(w):
    p = 0.5 * (np.tanh(X @ w) + 1)
    labels = (Y > 0).astype(float)
    return -np.sum(np.log(p * labels + (1 - p) * (1 - labels)))


def softmax_entropy(z):
    z = z - z.max(axis=-1, keepdims=True)
    p = np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True)
    return -np.mean(np.sum(p * np.log(p), axis=-1))


def perceptron(params):
    h = X
    for w, b in params[:-1]:
        h = np.tanh(np.dot(h, w) + b)
    w, b = params[-1]
    return np.mean((h @ w + b - Y[:, None]) ** 2)


def recurrent(params, inputs):
    hidden = np.zeros(4)
    for x in inputs:
        hidden = np.tanh(params["W"] @ hidden + params["U"] @ x + params["b"])
    return np.sum(hidden**2)


def long_short_term_memory(params, inputs):
    def sigmoid(x):
        return 0.5 * (np.tanh(x / 2) + 1)

    h = c = np.zeros(3)
    for x in inputs:
        z = params @ np.concatenate([x, h, [1.0]])
        forget, write, read, change = np.split(z, 4)
        c = sigmoid(forget) * c + sigmoid(write) * np.tanh(change)
        h = sigmoid(read) * np.tanh(c)
    return h @ h


def gaussian_process(log_params):
    scale, length, noise = np.exp(log_params)
    d = X[:, None, :] - X[None, :, :]
    k = scale * np.exp(-0.5 * np.sum(d**2, axis=-1) / length**2) + noise * np.eye(len(X))
    chol = np.linalg.cholesky(k)
    alpha = np.linalg.solve(k, Y)
    return 0.5 * Y @ alpha + np.sum(np.log(np.diag(chol))) + 0.5 * len(Y) * np.log(2 * np.pi)


def runge_kutta(state, rate=0.7):
    def velocity(s):
        x, y, z = s
        return np.array([rate * (y - x), x * (1.0 - z) - y, x * y - 0.5 * z])

    h = 0.05
    for _ in range(10):
        k1 = velocity(state)
        k2 = velocity(state + h / 2 * k1)
        k3 = velocity(state + h / 2 * k2)
        k4 = velocity(state + h * k3)
        state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return state


def kalman_filter(q, r):
    mean, var, loglik = 0.0, 1.0, 0.0
    for y in Y.tolist():
        var = var + q
        s = var + r
        gain = var / s
        loglik = loglik - 0.5 * (np.log(2 * np.pi * s) + (y - mean) ** 2 / s)
        mean = mean + gain * (y - mean)
        var = (1 - gain) * var
    return loglik


def power_iteration(a):
    v = np.ones(a.shape[0])
    for _ in range(12):
        v = a @ v
        v = v / np.linalg.norm(v)
    return v @ a @ v


def advect_and_blur(field):
    for _ in range(3):
        moved = np.roll(field, 1, axis=0) * 0.3 + field * 0.7
        field = moved + 0.1 * (
            np.roll(moved, 1, 1) + np.roll(moved, -1, 1) + np.roll(moved, -1, 0) - 3 * moved
        )
    return np.sum(field**2)


def horner(coefficients, x):
    total = 0.0
    for c in coefficients[::-1]:
        total = total * x + c
    return total


def convolution_by_windows(signal, kernel):
    n = len(kernel)
    return np.stack([np.dot(signal[i : i + n], kernel) for i in range(len(signal) - n + 1)])


def mixture_loglikelihood(means, log_scales, weights):
    z = (Y[:, None] - means) / np.exp(log_scales)
    logp = -0.5 * z**2 - log_scales - 0.5 * np.log(2 * np.pi)
    logw = weights - np.log(np.sum(np.exp(weights)))
    total = logp[:, 0] + logw[0]
    for k in range(1, len(weights)):
        total = np.logaddexp(total, logp[:, k] + logw[k])
    return np.sum(total)


def triangular_recursion(x):
    def binomial(n, p):
        return 1.0 if n == 0 else (p + x * 0.1) * binomial(n - 1, p) + n

    return binomial(5, x)


def attention(q, k, v):
    scores = np.einsum("ij,kj->ik", q, k) / np.sqrt(q.shape[-1])
    weights = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return np.einsum("ik,kj->ij", weights / weights.sum(axis=1, keepdims=True), v)


def piecewise_branches(x):
    y = np.clip(x, -0.5, 0.5) * 3
    if x[0] > 0:
        y = y + np.where(x > 0, np.sqrt(np.abs(x) + 1), x**2)
    return np.sum(np.maximum(y, 0.2) * np.sort(x))


def statistics(x):
    z = (x - np.mean(x, axis=0)) / np.std(x, axis=0)
    return np.var(z[:, 0] * z[:, 1]) + np.prod(x[0]) + np.cumsum(x, axis=0)[-1] @ np.ones(x.shape[1])


def wave(params):
    t = np.linspace(0.0, 1.0, 9)
    return np.sum(params["a"] * np.sin(params["f"] * t + params["phase"]) * np.exp(-params["decay"] * t))


PROGRAMS = {
    "taylor sine": (taylor_sine, (1.3,)),
    "logistic regression": (logistic_loss, (W,)),
    "softmax entropy": (softmax_entropy, (X,)),
    "perceptron": (
        perceptron,
        ([(RNG.normal(size=(3, 4)), RNG.normal(size=4)), (RNG.normal(size=(4, 1)), RNG.normal(size=1))],),
    ),
    "recurrent net": (
        recurrent,
        ({"W": RNG.normal(size=(4, 4)), "U": RNG.normal(size=(4, 3)), "b": np.zeros(4)}, X),
    ),
    "lstm": (long_short_term_memory, (0.3 * RNG.normal(size=(12, 7)), X)),
    "gaussian process": (gaussian_process, (np.array([0.1, 0.3, -1.0]),)),
    "runge-kutta": (runge_kutta, (np.array([1.0, 0.5, -0.2]),)),
    "kalman filter": (kalman_filter, (0.3, 0.5)),
    "power iteration": (power_iteration, (X.T @ X + np.eye(3),)),
    "advect and blur": (advect_and_blur, (RNG.normal(size=(4, 5)),)),
    "horner": (horner, (np.array([1.0, -0.5, 0.25, 2.0]), 0.7)),
    "convolution by windows": (convolution_by_windows, (RNG.normal(size=8), RNG.normal(size=3))),
    "mixture": (mixture_loglikelihood, (np.array([-1.0, 0.0, 1.0]), np.zeros(3), np.array([0.1, 0.2, 0.3]))),
    "recursion": (triangular_recursion, (0.4,)),
    "attention": (
        attention,
        (RNG.normal(size=(2, 3)), RNG.normal(size=(4, 3)), RNG.normal(size=(4, 2))),
    ),
    "branches": (piecewise_branches, (np.array([0.7, -0.4, 1.2, 0.1]),)),
    "statistics": (statistics, (X,)),
    "wave": (wave, ({"a": 1.5, "f": 7.0, "phase": 0.2, "decay": 0.5},)),
}
