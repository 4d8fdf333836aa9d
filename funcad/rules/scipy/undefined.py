"""`scipy.linalg`: functions whose results have no derivative here, with what to write in their place."""

from __future__ import annotations

from typing import Any

import scipy.linalg

from funcad.core.function import PrimitiveFunction, twin
from funcad.core.primitive import registry
from funcad.errors import UndefinedDerivativeError, UnsupportedArgumentError

cossin = twin(scipy.linalg.cossin)
qz = twin(scipy.linalg.qz)
ordqz = twin(scipy.linalg.ordqz)
ldl = twin(scipy.linalg.ldl)
qr_delete = twin(scipy.linalg.qr_delete)
qr_insert = twin(scipy.linalg.qr_insert)
qr_update = twin(scipy.linalg.qr_update)
cdf2rdf = twin(scipy.linalg.cdf2rdf)
expm_cond = twin(scipy.linalg.expm_cond)
clarkson_woodruff_transform = twin(scipy.linalg.clarkson_woodruff_transform)


def refuse(fn: PrimitiveFunction[..., Any], error: type[Exception], reason: str) -> None:
    """Declare that a function raises an error for traced values."""

    @fn.def_composite()
    def _refused(*args: Any, **kwargs: Any) -> Any:
        raise error(f"{registry[fn].name} {reason}")


_CHOSEN = "returns vectors whose signs or phases LAPACK chooses, so that they have no derivative; "
_CHANGED = "has no derivative rule; change the matrix itself, and call scipy.linalg.qr(a, mode='economic')"

# fmt: off
refuse(cossin, UndefinedDerivativeError, _CHOSEN + "write what is wanted with scipy.linalg.svd of the blocks")
refuse(qz,     UndefinedDerivativeError, _CHOSEN + "call scipy.linalg.eigvals(a, b) for the eigenvalues")
refuse(ordqz,  UndefinedDerivativeError, _CHOSEN + "call scipy.linalg.eigvals(a, b) for the eigenvalues")
refuse(ldl,       UnsupportedArgumentError, "has no derivative rule; call scipy.linalg.cholesky, or lu_factor")
refuse(qr_delete, UnsupportedArgumentError, _CHANGED)
refuse(qr_insert, UnsupportedArgumentError, _CHANGED)
refuse(qr_update, UnsupportedArgumentError, _CHANGED)
refuse(cdf2rdf,   UnsupportedArgumentError, "has no derivative rule; compute with the complex w and v themselves")
refuse(expm_cond, UnsupportedArgumentError, "has no derivative rule; write it with scipy.linalg.expm_frechet")
refuse(clarkson_woodruff_transform, UnsupportedArgumentError,
       "has no derivative rule; transform np.eye(n) outside, and multiply the traced matrix with that")
# fmt: on
