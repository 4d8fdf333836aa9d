"""The distributions as users hold them: SciPy's objects with methods that see traced values."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Final

from funcad.core.assemble import contains_tracer
from funcad.errors import NoRuleError
from funcad.rules.scipy.stats import continuous as _continuous  # noqa: F401 - fills the table
from funcad.rules.scipy.stats import discrete as _discrete  # noqa: F401 - fills the table
from funcad.rules.scipy.stats import gammas as _gammas  # noqa: F401 - fills the table
from funcad.rules.scipy.stats.drawing import counts, rvs
from funcad.rules.scipy.stats.entries import ENTRIES, Entry
from funcad.rules.scipy.stats.methods import with_density
from funcad.rules.scipy.stats.whole import of_whole_numbers


def traced(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Tell whether an argument is traced."""
    return contains_tracer(args) or contains_tracer(tuple(kwargs.values()))


class Twin:
    """A distribution of SciPy: what has rules takes traced values, and all else is SciPy's own."""

    def __init__(self, label: str, own: Any, methods: dict[str, Any]) -> None:
        vars(self).update(label=label, own=own, methods=methods, __doc__=own.__doc__)

    # functions of SciPy that take a distribution ask for its class
    @property  # type: ignore[misc]  # object's own has a setter
    def __class__(self) -> Any:
        return type(self.own)

    def __getattr__(self, name: str) -> Any:
        found = vars(self)["methods"].get(name)
        if found is not None:
            return found
        value = getattr(self.own, name)
        return guarded(f"{self.label}.{name}", value) if callable(value) else value

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.own, name, value)

    def __dir__(self) -> list[str]:
        return dir(self.own)

    def __repr__(self) -> str:
        return f"<funcad twin of {self.label}>"

    def answer(self, name: str) -> Any:
        """Return the method that a distribution with given parameters calls; None where there is none."""
        return vars(self)["methods"].get(name)


class Distribution(Twin):
    """A distribution of numbers.

    >>> import funcad as fc
    >>> from funcad.scipy import stats
    >>> fc.grad(stats.norm.logpdf, (0, 1, 2))(1.0, 0.0, 2.0)
    (-0.25, 0.25, -0.375)
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Frozen:
        return Frozen(self, args, kwargs)

    freeze = __call__

    def answer(self, name: str) -> Any:
        """Return the method that a distribution with given parameters calls; None where there is none."""
        return getattr(self, name) if name in FROZEN else None

    def __reduce__(self) -> Any:
        return named, (self.own.name,)

    def median(self, *args: Any, **kwargs: Any) -> Any:
        """Return the quantile at 1/2."""
        return self.ppf(0.5, *args, **kwargs)

    def interval(self, confidence: Any, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        """Return the ends of an interval with equal probabilities outside on both sides."""
        if not traced((confidence, *args), kwargs):
            ends: tuple[Any, Any] = self.own.interval(confidence, *args, **kwargs)
            return ends
        return (
            self.ppf((1.0 - confidence) / 2, *args, **kwargs),
            self.ppf((1.0 + confidence) / 2, *args, **kwargs),
        )


class Frozen:
    """A distribution with given parameters, which may be traced."""

    def __init__(self, dist: Twin, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        own = None if traced(args, kwargs) else vars(dist)["own"](*args, **kwargs)
        vars(self).update(dist=dist, args=args, kwds=kwargs, own=own)

    @property  # type: ignore[misc]  # object's own has a setter
    def __class__(self) -> Any:
        return Frozen if self.own is None else type(self.own)

    def __getattr__(self, name: str) -> Any:
        held = vars(self)
        own, dist = held["own"], held["dist"]
        native = None if own is None else getattr(own, name)
        method = dist.answer(name)
        if method is None:
            if own is not None:
                return guarded(f"{dist.label}.{name}", native) if callable(native) else native
            raise NoRuleError(
                f"{dist.label}(...).{name} has no rule for traced parameters; express it with methods that have "
                "one, such as mean, var, entropy and ppf, or pass funcad.stop_gradient(value)"
            )

        @functools.wraps(getattr(dist.own, name))
        def call(*args: Any, **kwargs: Any) -> Any:
            if native is not None and not traced(args, kwargs):
                return native(*args, **kwargs)
            if name == "rvs":
                kwargs |= dict(zip(("size", "random_state"), args, strict=False))
                args = ()
            if len(args) > 1:
                raise TypeError(f"{name} of a distribution with given parameters takes one argument")
            return self.filled(method, name, args, kwargs)

        return call

    def filled(self, method: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a method with the parameters that are given."""
        return method(*args, *self.args, **self.kwds, **kwargs)

    def __setattr__(self, name: str, value: Any) -> None:
        if self.own is None:
            raise AttributeError(
                f"a distribution with traced parameters has no {name} to set; pass it to the method"
            )
        setattr(self.own, name, value)

    def __reduce__(self) -> Any:
        return type(self), (self.dist, self.args, self.kwds)

    def __repr__(self) -> str:
        return f"{self.dist!r} with given parameters"


#: the methods that a distribution with given parameters has
_PROBABILITIES: Final = ("pdf", "logpdf", "pmf", "logpmf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf")
FROZEN: Final = frozenset([*_PROBABILITIES, "mean", "var", "std", "entropy", "median", "interval", "rvs"])


def guarded(label: str, native: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of SciPy that refuses traced values."""

    @functools.wraps(native)
    def call(*args: Any, **kwargs: Any) -> Any:
        if traced(args, kwargs):
            raise NoRuleError(
                f"{label} has no rule: it is SciPy's own, for plain values; pass funcad.stop_gradient(value)"
            )
        return native(*args, **kwargs)

    return call


def twin_of(entry: Entry) -> Distribution:
    """Return the twin of a distribution, with its methods registered."""
    label = f"scipy.stats.{entry.name}"
    if entry.discrete:
        return Distribution(label, entry.own, {**of_whole_numbers(entry), "rvs": counts(entry)})
    return Distribution(label, entry.own, {**with_density(entry), "rvs": rvs(entry)})


def named(name: str) -> Distribution:
    """Return the twin of a name."""
    return TWINS[name]


#: by name, the distributions that have rules
TWINS: Final[dict[str, Distribution]] = {name: twin_of(entry) for name, entry in ENTRIES.items()}
