"""Maximum product of spacings: the law under which the values lie as evenly as they can.

The n + 1 probabilities between neighbouring values are bounded where densities are not, so their
product has a maximum where the likelihood of a family with an unknown end has none. They are
intervals between values, which the one objective takes as any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.observations import Observations

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

NOTE = (
    "By maximum product of spacings, not maximum likelihood: the log likelihood is that of the "
    "estimate, and no greatest one. Standard errors are from the curvature of the product."
)


def between_neighbours(values: Array) -> Observations:
    """Return the spacings of values as rows: below the least, between neighbours, above the rest.

    Values that are equal have no room between them and count as exact.

    Source: Cheng & Amin (1983), J. R. Statist. Soc. B 45, 394-403.

    Examples
    --------
    >>> rows = between_neighbours(np.array([3.0, 1.0]))
    >>> rows.lower.tolist(), rows.upper.tolist()
    ([-inf, 1.0, 3.0], [1.0, 3.0, inf])
    """
    inner = np.sort(np.asarray(values, dtype=np.float64))
    return Observations.between(np.append(-np.inf, inner), np.append(inner, np.inf))
