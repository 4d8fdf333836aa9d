"""Checks of derivatives: of your functions, of your primitives, and of funcad's own."""

from funcad.testing.grads import check_grads as check_grads
from funcad.testing.primitives import Passed as Passed
from funcad.testing.primitives import check_primitive as check_primitive
