"""Functions of `scipy.linalg` that refuse traced values."""

from funcad.rules.scipy.undefined import (
    cdf2rdf,
    clarkson_woodruff_transform,
    cossin,
    expm_cond,
    ldl,
    ordqz,
    qr_delete,
    qr_insert,
    qr_update,
    qz,
)
from funcad.testing.refusals import REFUSALS

for _fn in (cossin, qz, ordqz, ldl, cdf2rdf, expm_cond, clarkson_woodruff_transform):
    REFUSALS[_fn] = lambda t: (t,)
for _fn in (qr_delete, qr_insert, qr_update):
    REFUSALS[_fn] = lambda t: (t, 0)
