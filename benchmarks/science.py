"""Gradients of programs over SciPy, beside the plain run, autograd, and JAX with `jit`.

    python -m benchmarks.science

Each program returns one number, and is differentiated by all of its arguments. The plain run has `scipy`,
funcad `funcad.scipy`, the peers what they have of it; where a name is missing there, the text is their own.
Gradients are compared before anything is timed: to 1e-9, those of an initial value problem to the
tolerance of the solvers. Compiling is not part of the time.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import scipy.integrate
import scipy.interpolate
import scipy.linalg
import scipy.signal
import scipy.sparse.linalg
import scipy.stats
from attrs import field, frozen

import funcad as fc
import funcad.scipy as traced
from benchmarks.environment import use_one_thread
from benchmarks.table import factor, microseconds, table
from benchmarks.timing import measure, use_the_allocator

Program = Callable[..., Any]
PEERS = ("autograd", "jax")
#: what a gradient is to cost at most, in runs of the function
AT_MOST = 4.0
RTOL, ATOL = 1e-6, 1e-9


@frozen
class Row:
    """A program, its arguments, and the texts of the peers; None where a peer cannot."""

    name: str
    program: Program
    arguments: tuple[Any, ...]
    autograd: Program | None = None
    jax: Program | None = None
    #: how far the gradients of a peer may be, relative to the largest entry
    tolerance: float = field(default=1e-9, kw_only=True)


# --- densities: the points, and all parameters


def normal(lib: Any, x: Any, loc: Any, scale: Any) -> Any:
    return lib.np.sum(lib.scipy.stats.norm.logpdf(x, loc, scale))


def gamma(lib: Any, x: Any, a: Any, scale: Any) -> Any:
    return lib.np.sum(lib.scipy.stats.gamma.logpdf(x, a, scale=scale))


def gamma_of_one(lib: Any, x: Any, a: Any, scale: Any) -> Any:
    """The density of autograd has no scale."""
    return lib.np.sum(lib.scipy.stats.gamma.logpdf(x / scale, a) - lib.np.log(scale))


def student(lib: Any, x: Any, df: Any, loc: Any, scale: Any) -> Any:
    return lib.np.sum(lib.scipy.stats.t.logpdf(x, df, loc, scale))


# --- matrices


def covariance(np: Any, points: Any, length: Any, noise: Any) -> Any:
    gap = (points[:, None] - points) / length
    return np.exp(-0.5 * gap * gap) + noise * np.eye(len(points))


def log_density(lib: Any, factor: Any, y: Any) -> Any:
    """The density of a Gaussian vector, without its constant, by the Cholesky factor."""
    z = lib.scipy.linalg.solve_triangular(factor, y, lower=True)
    return -0.5 * lib.np.sum(z * z) - lib.np.sum(lib.np.log(lib.np.diag(factor)))


def likelihood(lib: Any, points: Any, y: Any, length: Any, noise: Any) -> Any:
    matrix = covariance(lib.np, points, length, noise)
    return log_density(lib, lib.scipy.linalg.cholesky(matrix, lower=True), y)


def likelihood_of_numpy(lib: Any, points: Any, y: Any, length: Any, noise: Any) -> Any:
    """autograd has the factor of NumPy alone."""
    return log_density(lib, lib.np.linalg.cholesky(covariance(lib.np, points, length, noise)), y)


def exponential(lib: Any, a: Any) -> Any:
    return lib.np.sum(lib.scipy.linalg.expm(a) ** 2)


def heat(lib: Any, conductivity: Any, source: Any, rows: Any, columns: Any) -> Any:
    """One implicit step of the heat equation on a grid, whose edges conduct."""
    np, sparse = lib.np, lib.scipy.sparse
    matrix = sparse.coo_array((entries(np, conductivity, source), (rows, columns))).tocsc()
    return np.sum(sparse.linalg.spsolve(matrix, source) ** 2)


def entries(np: Any, conductivity: Any, source: Any) -> Any:
    ones = np.ones(len(source))
    return np.concatenate([conductivity, conductivity, -conductivity, -conductivity, ones])


def edges(n: int) -> tuple[Any, Any]:
    """Return the rows and columns of the entries for a grid n x n; those at one place are summed."""
    nodes = np.arange(n * n).reshape(n, n)
    a = np.concatenate([nodes[1:].ravel(), nodes[:, 1:].ravel()])
    b = np.concatenate([nodes[:-1].ravel(), nodes[:, :-1].ravel()])
    diagonal = nodes.ravel()
    return np.concatenate([a, b, a, b, diagonal]), np.concatenate([a, b, b, a, diagonal])


def heat_in_jax(rows: Any, columns: Any) -> Program:
    """JAX has no format that sums, and solves a system by calling SciPy."""
    pattern = scipy.sparse.csr_array((np.ones(len(rows)), (rows, columns)))
    places = scipy.sparse.csr_array((np.arange(1.0, 1 + pattern.nnz), pattern.indices, pattern.indptr))
    place = places.tocsr()[rows, columns].astype(int) - 1

    def run(lib: Any, conductivity: Any, source: Any) -> Any:
        solver: Any = importlib.import_module("jax.experimental.sparse.linalg")
        data = lib.np.zeros(pattern.nnz).at[place].add(entries(lib.np, conductivity, source))
        return lib.np.sum(solver.spsolve(data, pattern.indices, pattern.indptr, source) ** 2)

    return run


# --- signals, curves, and motion


def recursive(lib: Any, b: Any, a: Any, x: Any) -> Any:
    return lib.np.sum(lib.scipy.signal.lfilter(b, a, x) ** 2)


def recursive_in_jax(lib: Any, b: Any, a: Any, x: Any) -> Any:
    """JAX has no filter: the transposed direct form, a step a sample."""
    scan: Any = importlib.import_module("jax.lax").scan
    b, a = b / a[0], a / a[0]

    def step(state: Any, sample: Any) -> Any:
        y = state[0] + b[0] * sample
        return lib.np.append(state[1:], 0.0) + b[1:] * sample - a[1:] * y, y

    return lib.np.sum(scan(step, lib.np.zeros(len(b) - 1), x)[1] ** 2)


def spline(lib: Any, nodes: Any, places: Any) -> Any:
    grid = np.linspace(0.0, 1.0, len(nodes))
    return lib.np.sum(lib.scipy.interpolate.CubicSpline(grid, nodes)(places) ** 2)


def change(state: Any, rates: Any) -> list[Any]:
    """The equations of Lotka and Volterra."""
    (prey, hunters), (birth, hunt, death, growth) = state, rates
    return [birth * prey - hunt * prey * hunters, growth * prey * hunters - death * hunters]


def populations(lib: Any, rates: Any, start: Any, times: Any) -> Any:
    run = lib.scipy.integrate.solve_ivp(
        lambda _, y: change(y, rates), (times[0], times[-1]), start, t_eval=times, rtol=RTOL, atol=ATOL
    )
    return lib.np.sum(run.y**2)


def populations_in_autograd(lib: Any, rates: Any, start: Any, times: Any) -> Any:
    pack: Any = importlib.import_module("autograd.builtins").tuple
    slope = lambda y, _, rates: lib.np.array(change(y, rates))
    y = lib.scipy.integrate.odeint(slope, start, times, pack((rates,)), rtol=RTOL, atol=ATOL)
    return lib.np.sum(y**2)


def populations_in_jax(lib: Any, rates: Any, start: Any, times: Any) -> Any:
    odeint: Any = importlib.import_module("jax.experimental.ode").odeint
    y = odeint(lambda y, _, rates: lib.np.array(change(y, rates)), start, times, rates, rtol=RTOL, atol=ATOL)
    return lib.np.sum(y**2)


def programs(small: bool = False) -> list[Row]:
    """Return the programs with their arguments."""
    random = np.random.default_rng(6)
    n = 200 if small else 100_000
    x, positive = random.normal(size=n), random.gamma(2.5, size=n)
    size = 20 if small else 300
    points = np.sort(random.uniform(0.0, 10.0, size))
    side = 10 if small else 100
    rows, columns = edges(side)
    b, a = scipy.signal.butter(4, 0.2)
    signal = random.normal(size=100 if small else 10_000)
    times = np.linspace(0.0, 1.0, 3) if small else np.linspace(0.0, 10.0, 50)
    rates, start = np.array([1.1, 0.4, 0.4, 0.1]), np.array([10.0, 5.0])
    matrix = random.normal(size=(5, 5) if small else (50, 50)) / 7.0
    conductivity = random.uniform(0.5, 2.0, 2 * side * (side - 1))
    source = random.normal(size=side**2)
    numbers = [np.float64(v) for v in (0.3, 1.5, 2.5, 5.0, 0.1)]
    middle, scale, shape, df, noise = numbers
    return [
        Row("norm.logpdf, 100,000", normal, (x, middle, scale), normal, normal),
        Row("gamma.logpdf, 100,000", gamma, (positive, shape, scale), gamma_of_one, gamma),
        Row("t.logpdf, 100,000", student, (x, df, middle, scale), student, student),
        Row(
            "Gaussian likelihood, 300",
            likelihood,
            (points, np.sin(points), scale, noise),
            likelihood_of_numpy,
            likelihood,
        ),
        Row("expm, 50x50", exponential, (matrix,), None, exponential),
        Row(
            "spsolve, heat 100x100",
            lambda lib, *p: heat(lib, *p, rows, columns),
            (conductivity, source),
            None,
            heat_in_jax(rows, columns),
        ),
        Row("lfilter, 10,000", recursive, (b, a, signal), None, recursive_in_jax),
        Row("CubicSpline, 10,000", spline, (random.normal(size=100), random.uniform(size=n // 10))),
        Row(
            "solve_ivp, Lotka-Volterra",
            lambda lib, *p: populations(lib, *p, times),
            (rates, start),
            lambda lib, *p: populations_in_autograd(lib, *p, times),
            lambda lib, *p: populations_in_jax(lib, *p, times),
            tolerance=1e-3,
        ),
    ]


# --- the gradients of a library


def ours(row: Row) -> Callable[[], Any]:
    gradient = fc.grad(
        lambda *p: row.program(SimpleNamespace(np=np, scipy=traced), *p), tuple(range(len(row.arguments)))
    )
    return lambda: gradient(*row.arguments)


def by_autograd(row: Row) -> Callable[[], Any]:
    autograd: Any = importlib.import_module("autograd")
    lib = library("autograd.numpy", "autograd.scipy", ("stats", "linalg", "integrate"))
    assert row.autograd is not None
    program = row.autograd
    gradient = autograd.grad(lambda *p: program(lib, *p), tuple(range(len(row.arguments))))
    return lambda: gradient(*row.arguments)


def by_jax(row: Row) -> Callable[[], Any]:
    jax: Any = importlib.import_module("jax")
    jax.config.update("jax_enable_x64", True)
    lib = library("jax.numpy", "jax.scipy", ("stats", "linalg"))
    assert row.jax is not None
    program = row.jax
    arguments = [lib.np.asarray(v) for v in row.arguments]
    gradient = jax.grad(lambda *p: program(lib, *p), tuple(range(len(arguments))))
    compiled = jax.jit(gradient).lower(*arguments).compile()
    ready = jax.block_until_ready
    return lambda: ready(compiled(*arguments))


def library(arrays: str, science: str, modules: tuple[str, ...]) -> Any:
    for module in modules:
        importlib.import_module(f"{science}.{module}")
    return SimpleNamespace(np=importlib.import_module(arrays), scipy=importlib.import_module(science))


def calls_of(row: Row, peers: tuple[str, ...]) -> dict[str, Callable[[], Any]]:
    """Return what is timed of a program, with its results compared."""
    plain = SimpleNamespace(np=np, scipy=scipy)
    calls = {"function": lambda: row.program(plain, *row.arguments), "funcad": ours(row)}
    if "autograd" in peers and row.autograd is not None:
        calls["autograd"] = by_autograd(row)
    if "jax" in peers and row.jax is not None:
        calls["jax"] = by_jax(row)
    expected = calls["funcad"]()
    for peer in calls.keys() & set(peers):
        for k, (theirs, mine) in enumerate(zip(calls[peer](), expected, strict=True)):
            scale = row.tolerance * float(np.max(np.abs(mine)))
            message = f"{row.name}: the gradient of {peer} by argument {k}"
            np.testing.assert_allclose(theirs, mine, rtol=row.tolerance, atol=scale, err_msg=message)
    return calls


def main(repeats: int = 9, span: float = 0.020, small: bool = False) -> int:
    use_the_allocator()
    peers = tuple(p for p in PEERS if importlib.util.find_spec(p) is not None)
    columns = ("function", "funcad", *PEERS)
    rows = []
    for row in programs(small):
        times = {k: t.median for k, t in measure(calls_of(row, peers), repeats, span).items()}
        listed = [microseconds(times[c]) if c in times else "-" for c in columns]
        ratios = [factor(times[p] / times["funcad"]) if p in times else "-" for p in PEERS]
        rows.append([row.name, *listed, factor(times["funcad"] / times["function"]), *ratios])
    print(f"{fc.build_info()}; gradients in microseconds, median of {repeats} repetitions in turns\n")
    head = ["", *columns, f"funcad / function (at most {AT_MOST:g})", *[f"{p} / funcad" for p in PEERS]]
    print(table(head, rows))
    return 0


if __name__ == "__main__":
    use_one_thread()
    sys.exit(main())
