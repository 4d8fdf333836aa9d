"""Functions whose results carry no derivative: plain values come out.

Integers, truth values, dtypes and text, and functions that are flat almost everywhere.
"""

from __future__ import annotations

import numpy as np

from funcad.core.assignable import assignable
from funcad.core.kinds import constant, of_type

# comparisons and logic
constant(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal)
constant(np.logical_and, np.logical_or, np.logical_xor, np.logical_not)
constant(np.isnan, np.isfinite, np.isinf, np.isnat, np.signbit, np.isposinf, np.isneginf)
constant(np.any, np.all, np.allclose, np.array_equal, np.array_equiv, np.isclose, np.isin)

# flat almost everywhere
constant(np.floor, np.ceil, np.trunc, np.rint, np.round, np.around, np.fix, np.floor_divide, np.spacing)

# integers
constant(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert, np.bitwise_count)
constant(np.left_shift, np.right_shift, np.gcd, np.lcm)

# positions and counts
constant(np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.argsort, np.argpartition, np.lexsort)
constant(np.argwhere, np.nonzero, np.flatnonzero, np.count_nonzero, np.searchsorted, np.digitize)
constant(np.unravel_index, np.ravel_multi_index)

# shapes, types and text
of_type(np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.min_scalar_type, np.common_type)
of_type(np.iscomplexobj, np.isrealobj, np.einsum_path)
of_type(np.diag_indices_from, np.tril_indices_from, np.triu_indices_from)
constant(np.iscomplex, np.isreal, np.shares_memory, np.may_share_memory)
constant(np.array_repr, np.array_str, np.array2string)

# new arrays that take nothing but shape and dtype, and may be assigned traced values
of_type(np.zeros_like, np.ones_like, np.empty_like, wrap=assignable)
