"""Write parameter_reference.json: derivatives of special functions in all their arguments, from 60 digits.

A row is the arguments of a function, the first derivatives in all of them, and the second ones in a parameter and
in an argument that does not come before it (the last argument is the variable), in order, by central differences whose step 1e-12 leaves an error of about 1e-24.
"""

import itertools
import json
import sys
from pathlib import Path

import mpmath as mp
import numpy as np
from scipy import special

FILE = Path(__file__).parent / "parameter_reference.json"
STEP = mp.mpf(10) ** -12


def gammainc(a, x):
    return mp.gammainc(a, 0, x, regularized=True)


def gammaincc(a, x):
    return mp.gammainc(a, x, mp.inf, regularized=True)


def betainc(a, b, x):
    return mp.betainc(a, b, 0, x, regularized=True)


def betaincc(a, b, x):
    return betainc(b, a, 1 - x)


def stdtr(n, t):
    tail = betainc(n / 2, mp.mpf(1) / 2, n / (n + t * t)) / 2
    return tail if t < 0 else 1 - tail


def fdtr(m, n, x):
    return betainc(m / 2, n / 2, m * x / (m * x + n))


def ive(v, x):
    return mp.exp(-x) * mp.besseli(v, x)


def kve(v, x):
    return mp.exp(x) * mp.besselk(v, x)


def tails(inverse, levels, *parameters):
    """Return the parameters with the numbers at the levels of probability, where these can be told from 0 and 1."""
    rows = [(*p, float(inverse(*p, u))) for p in itertools.product(*parameters) for u in levels]
    return [row for row in rows if 1e-200 < abs(row[-1]) < 1e60]


SHAPES = [1e-3, 0.03, 0.5, 1.0, 3.3, 20.0, 300.0, 1e4]
PAIR = [1e-2, 0.5, 3.3, 40.0, 1e3]
LEVELS = [1e-30, 1e-8, 0.05, 0.4, 0.9]
ARGUMENTS = [1e-8, 0.1, 3.0, 25.0, 49.0, 150.0, 2e3]
ORDERS = [
    (v, x)
    for v, x in itertools.product([-4.7, -1.0, 0.0, 0.01, 2.5, 10.0, 33.3, 50.0], ARGUMENTS)
    if x > 1e-3 or v < 20
]
POINTS = {
    "gammainc": (gammainc, tails(special.gammaincinv, LEVELS, SHAPES)),
    "gammaincc": (gammaincc, tails(special.gammainccinv, [1e-40, 1e-6, 0.3], SHAPES)),
    "betainc": (betainc, [r for r in tails(special.betaincinv, [1e-30, 1e-6, 0.4], PAIR, PAIR) if r[2] < 1]),
    "betaincc": (betaincc, [r for r in tails(special.betainccinv, [1e-20, 0.1], PAIR, PAIR) if r[2] < 0.999]),
    "stdtr": (
        stdtr,
        tails(special.stdtrit, [1e-20, 1e-6, 0.3, 0.6, 0.999], [0.05, 0.5, 1.0, 3.3, 30.0, 1e3]),
    ),
    "fdtr": (
        fdtr,
        tails(special.fdtri, [1e-12, 0.3, 0.95], [0.3, 2.5, 33.0, 500.0], [0.3, 2.5, 33.0, 500.0]),
    ),
    "jv": (mp.besselj, ORDERS),
    "yv": (mp.bessely, ORDERS),
    # where v = 0 the derivative is exp(-2x) times the value, which takes more digits
    "ive": (ive, [(v, x) for v, x in ORDERS if v or x < 20]),
    "kve": (kve, ORDERS),
    "hyp0f1": (
        mp.hyp0f1,
        list(itertools.product([0.05, 0.5, 2.5, 20.0, 80.0], [-300.0, -30.0, -3.0, 0.5, 10.0, 300.0])),
    ),
    # far below 0 with a large first parameter it oscillates, and its series cancels
    "hyp1f1": (
        mp.hyp1f1,
        [
            (a, b, x)
            for a, b, x in itertools.product(
                [0.3, 2.5, 20.0], [0.7, 4.2, 30.0], [-80.0, -5.0, -0.6, 0.5, 10.0, 100.0]
            )
            if x > -1 or b > a - 3
        ],
    ),
    "hyp2f1": (
        mp.hyp2f1,
        list(itertools.product([0.3, 2.5], [0.7, 4.2], [1.3, 6.0, 30.0], [-8.0, -0.6, -0.4, 0.3, 0.85])),
    ),
    "zeta": (mp.zeta, list(itertools.product([1.01, 1.5, 3.0, 20.0], [1e-3, 0.5, 1.0, 7.3, 1e3]))),
    "hyperu": (
        mp.hyperu,
        list(itertools.product([2e-3, 0.5, 3.3, 40.0], [-7.5, 0.4, 20.3], [0.05, 2.0, 150.0])),
    ),
}


def derivatives(f, point):
    """Return the first and the second derivatives of a function at a point, in all arguments."""
    at = [mp.mpf(x) for x in point]
    steps = [STEP * (abs(x) or 1) for x in at]

    def moved(*moves):
        x = list(at)
        for i, sign in moves:
            x[i] += sign * steps[i]
        return f(*x)

    here, n = f(*at), len(at)
    up, down = ([moved((i, s)) for i in range(n)] for s in (1, -1))
    first = [(u - d) / (2 * h) for u, d, h in zip(up, down, steps, strict=True)]
    second = []
    for i in range(n - 1):
        second.append((up[i] - 2 * here + down[i]) / steps[i] ** 2)
        for j in range(i + 1, n):
            corners = sum(s * t * moved((i, s), (j, t)) for s in (1, -1) for t in (1, -1))
            second.append(corners / (4 * steps[i] * steps[j]))
    return [float(mp.re(v)) for v in first], [float(mp.re(v)) for v in second]


def main(names):
    rows = json.loads(FILE.read_text()) if FILE.exists() else {}
    for name in names or POINTS:
        f, points = POINTS[name]
        with mp.workdps(60):
            rows[name] = [[list(map(float, p)), *derivatives(f, p)] for p in points]
    lines = [
        f'"{name}": [\n' + ",\n".join(json.dumps(row, separators=(",", ":")) for row in table) + "\n]"
        for name, table in rows.items()
    ]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    np.seterr(all="ignore")
    main(sys.argv[1:])
