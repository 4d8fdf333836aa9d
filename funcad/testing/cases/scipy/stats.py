"""Sample calls of the methods of the distributions of `scipy.stats`: for each, one with everything traced.

A table says where the variable and the shapes are drawn; loc and scale are near 0 and 1.
"""

from typing import Any

from funcad.core.domains import Domain
from funcad.rules.scipy.stats.entries import ENTRIES, INF, Entry
from funcad.rules.scipy.stats.twins import TWINS
from funcad.testing import samples as table
from funcad.testing.samples import Spec, array, samples

REAL = Domain("real", -1.5, 1.5, avoid=0.0)
ABOVE = Domain("above the end", 0.6, 2.5)
INSIDE = Domain("inside", 0.35, 0.65)
SHAPE = Domain("shape", 1.2, 2.5)
LOC = Domain("loc", -0.1, 0.1)
SCALE = Domain("scale", 0.9, 1.1)
#: not in the middle, where quantiles of two-sided distributions may be steep; isf is on the other side
P = Domain("p", 0.6, 0.9)

#: the methods that are checked with traced loc and scale
MOVED = ("logpdf", "cdf", "logsf", "ppf", "mean", "var", "std", "entropy", "rvs")
#: the distributions that are checked in single precision too, which SciPy makes double, as all of them do
SINGLE = ("norm", "gamma", "poisson")

#: where the variable is drawn, unless the support says enough
VARIABLE = {
    "pareto": Domain("above 1", 1.6, 3.0),
    "weibull_max": Domain("below 0", -2.5, -0.6),
    "genextreme": Domain("inside", -0.6, 0.6),
    "genpareto": Domain("inside", 0.4, 1.2),
    "truncnorm": Domain("inside", -0.4, 0.4),
    "truncexpon": Domain("inside", 0.3, 0.9),
    "loguniform": Domain("inside", 1.3, 1.7),
    "wrapcauchy": Domain("angle", 0.5, 5.0, avoid=3.0),
    "loggamma": Domain("near its mean", -0.5, 1.0),
    "triang": Domain("beside the mode", 0.55, 0.7),
}
FRACTION = Domain("fraction", 0.2, 0.8)
#: where the shapes are drawn
SHAPES: dict[str, tuple[Domain, ...]] = {
    "genextreme": (Domain("c", -0.4, 0.4),),
    "genpareto": (Domain("c", -0.4, 0.4),),
    "skewnorm": (Domain("a", -1.5, 1.5),),
    "truncnorm": (Domain("a", -1.5, -0.8), Domain("b", 0.8, 1.5)),
    "truncexpon": (Domain("b", 1.5, 2.5),),
    "loguniform": (Domain("a", 0.7, 1.0), Domain("b", 2.2, 3.0)),
    "wrapcauchy": (FRACTION,),
    "triang": (Domain("c", 0.25, 0.4),),
    "johnsonsu": (Domain("a", -1.0, 1.0), SHAPE),
    "johnsonsb": (Domain("a", -1.0, 1.0), SHAPE),
    "pareto": (Domain("b", 2.2, 4.0),),
    "lomax": (Domain("c", 2.2, 4.0),),
    "invgamma": (Domain("a", 2.2, 4.0),),
    "t": (Domain("df", 2.4, 6.0),),
    "f": (Domain("dfn", 2.0, 6.0), Domain("dfd", 4.5, 9.0)),
    "fisk": (Domain("c", 2.2, 4.0),),
}
#: shapes of the distributions of whole numbers, a number where they are counts, and k
WHOLE: dict[str, tuple[Any, ...]] = {
    "bernoulli": ([0, 0, 0], FRACTION),
    "binom": ([0, 2, 4], 5, FRACTION),
    "nbinom": ([0, 2, 5], SHAPE, FRACTION),
    "geom": ([1, 2, 5], FRACTION),
    "poisson": ([0, 2, 5], SHAPE),
    "betabinom": ([0, 2, 4], 5, SHAPE, SHAPE),
    "planck": ([0, 2, 5], SHAPE),
    "logser": ([1, 2, 5], FRACTION),
    "zipf": ([1, 2, 5], Domain("a", 2.5, 4.0)),
    "dlaplace": ([-2, 0, 3], SHAPE),
}


def variable(entry: Entry) -> Domain:
    """Return where the variable of a distribution is drawn."""
    if entry.name in VARIABLE:
        return VARIABLE[entry.name]
    if entry.support == (-INF, INF):
        return REAL
    return INSIDE if entry.support == (0.0, 1.0) else ABOVE


def drawn_alike(entry: Entry) -> bool:
    """Tell whether random numbers are quantiles of a number that does not depend on the shapes."""
    return "_rvs" not in vars(type(entry.own)) or not entry.shapes


def sample(entry: Entry, name: str, *args: Any, **kwargs: Any) -> None:
    """Add a sample call of a method."""
    fn = vars(TWINS[entry.name])["methods"][name]
    # sf and isf are cdf and ppf with another sign
    order = 1 if name in ("sf", "isf") else 2
    samples(fn, table.call(*args, float32=entry.name in SINGLE, order=order, **kwargs))


def continuous(entry: Entry) -> None:
    """Add a call of every method of a distribution with a density."""
    shapes = [array(domain=d) for d in SHAPES.get(entry.name, (SHAPE,) * len(entry.shapes))]
    for name in vars(TWINS[entry.name])["methods"]:
        # loc and scale enter in one way for each kind of method
        loc, scale = (array(domain=LOC), array(2, 1, domain=SCALE)) if name in MOVED else (0.1, 0.9)
        if name == "rvs":
            # rejection depends on the shapes: what it draws moves with them, but not smoothly
            given = shapes if drawn_alike(entry) else [_middle(s) for s in shapes]
            sample(entry, name, *given, loc, scale=array(2, domain=SCALE), size=(3, 2), random_state=3)
        elif name in ("ppf", "isf"):
            sample(entry, name, array(3, domain=P), *shapes, loc, scale=scale)
        elif name in ("mean", "var", "std", "entropy"):
            sample(entry, name, *shapes, loc, scale=scale)
        else:
            sample(entry, name, array(3, domain=variable(entry)), *shapes, loc, scale=scale)


def _middle(shape: Any) -> Any:
    """Return a plain shape from where shapes are drawn."""
    return 0.5 * (shape.domain.low + shape.domain.high) if isinstance(shape, Spec) else shape


def whole(entry: Entry) -> None:
    """Add a call of every method of a distribution of whole numbers."""
    k, *given = WHOLE[entry.name]
    shapes: list[Spec | int] = [array(2, 1, domain=s) if isinstance(s, Domain) else s for s in given]
    for name in vars(TWINS[entry.name])["methods"]:
        if name in ("ppf", "isf"):
            sample(
                entry,
                name,
                [0.2, 0.5, 0.9],
                *[_middle(s) for s in shapes],
                loc=array(2, 1),
            )
        elif name in ("mean", "var", "std", "entropy"):
            sample(entry, name, *shapes)
        elif name != "rvs":
            sample(entry, name, k, *shapes)


for _entry in ENTRIES.values():
    (whole if _entry.discrete else continuous)(_entry)
