"""Every exception of funcad: what happened, and what to write instead.

Each class derives from `FuncadError` and from the builtin exception it refines, so that
code which catches the builtin goes on working.
"""

from __future__ import annotations


class FuncadError(Exception):
    """The base of all errors that funcad raises itself."""


class InputTypeError(FuncadError, TypeError):
    """An argument to differentiate is an integer, a boolean or no number; pass a float or complex one."""


class ArgumentError(FuncadError, ValueError):
    """`argnums` names a parameter that the call does not have, or a transform got another wrong argument."""


class OutputError(FuncadError, TypeError):
    """The function's result is not what the transform needs; `jacobian` takes results of any shape."""


class LinearityError(FuncadError, ValueError):
    """A function that has to be linear is not; `vjp` takes any function."""


class MismatchError(FuncadError, ValueError):
    """A tangent or cotangent differs from its value in structure, shape or dtype."""


class NoRuleError(FuncadError, NotImplementedError):
    """A function without a rule met a traced value; register one with `funcad.primitive`."""


class UnsupportedArgumentError(FuncadError, NotImplementedError):
    """A keyword or an argument that the rule of a function does not know was used."""


class UndefinedDerivativeError(FuncadError, ArithmeticError):
    """A function has no derivative where it was called, such as vectors of equal eigenvalues."""


class ConversionError(FuncadError, TypeError):
    """A traced value was about to become a plain number, which would lose its derivative."""


class AssignmentError(FuncadError, TypeError):
    """A traced value was about to be stored into a plain array, or a traced array written to."""


class BatchError(FuncadError, TypeError):
    """A value under `vmap` stands for a whole batch, and what was asked for needs one example alone."""


class LeakedTracerError(FuncadError, RuntimeError):
    """A traced value was used after the transform that made it had returned."""


class RuleError(FuncadError, ValueError):
    """A rule names what its primitive does not have, or returned what does not fit."""


class RegistrationError(FuncadError, ValueError):
    """A function was registered a second time, or with declarations that contradict each other."""


class ReversePassError(FuncadError, RuntimeError):
    """A rule failed during the reverse pass; the message names the line that recorded the operation."""


class TreeError(FuncadError, ValueError):
    """A container could not be taken apart: it contains itself, or its parts do not match."""


class DerivativeError(FuncadError, AssertionError):
    """A derivative check failed: a rule disagrees with finite differences or with its adjoint."""


class TakenApartWarning(UserWarning):
    """A whole traced array was taken apart into elements, which is exact but slow."""


def because(error: BaseException, cause: BaseException | None) -> BaseException:
    """Return an error with its cause, None to hide the context; compiled code does not note `from`."""
    error.__cause__ = cause
    return error
