"""What NumPy calls on the elements of an array of traced values: methods named as its functions."""

from __future__ import annotations

from typing import Any, ClassVar

from funcad.core.methods import Methods, method_of


def _of_element(name: str) -> Any:
    """Return the method that NumPy asks an element for, which may have become complex."""
    method = method_of(name)

    def checked(self: Methods, *args: Any, **kwargs: Any) -> Any:
        self.check_separable()
        return method(self, *args, **kwargs)

    checked.__name__ = name
    checked.__doc__ = method.__doc__
    return checked


class ElementMethods(Methods):
    """A tracer with the methods that an elementwise function asks of a separate element."""

    __slots__ = ()

    sqrt: ClassVar[Any] = _of_element("sqrt")
    cbrt: ClassVar[Any] = _of_element("cbrt")
    exp: ClassVar[Any] = _of_element("exp")
    exp2: ClassVar[Any] = _of_element("exp2")
    expm1: ClassVar[Any] = _of_element("expm1")
    log: ClassVar[Any] = _of_element("log")
    log2: ClassVar[Any] = _of_element("log2")
    log10: ClassVar[Any] = _of_element("log10")
    log1p: ClassVar[Any] = _of_element("log1p")
    sin: ClassVar[Any] = _of_element("sin")
    cos: ClassVar[Any] = _of_element("cos")
    tan: ClassVar[Any] = _of_element("tan")
    arcsin: ClassVar[Any] = _of_element("arcsin")
    arccos: ClassVar[Any] = _of_element("arccos")
    arctan: ClassVar[Any] = _of_element("arctan")
    sinh: ClassVar[Any] = _of_element("sinh")
    cosh: ClassVar[Any] = _of_element("cosh")
    tanh: ClassVar[Any] = _of_element("tanh")
    arcsinh: ClassVar[Any] = _of_element("arcsinh")
    arccosh: ClassVar[Any] = _of_element("arccosh")
    arctanh: ClassVar[Any] = _of_element("arctanh")
    degrees: ClassVar[Any] = _of_element("degrees")
    radians: ClassVar[Any] = _of_element("radians")
    deg2rad: ClassVar[Any] = _of_element("deg2rad")
    rad2deg: ClassVar[Any] = _of_element("rad2deg")
    fabs: ClassVar[Any] = _of_element("fabs")
    rint: ClassVar[Any] = _of_element("rint")
    arctan2: ClassVar[Any] = _of_element("arctan2")
    hypot: ClassVar[Any] = _of_element("hypot")
    fmod: ClassVar[Any] = _of_element("fmod")
    logaddexp: ClassVar[Any] = _of_element("logaddexp")
    logaddexp2: ClassVar[Any] = _of_element("logaddexp2")
    copysign: ClassVar[Any] = _of_element("copysign")
