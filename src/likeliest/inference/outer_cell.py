"""The outermost cell of rounded values, in which an end of the support lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.fitting.routes.ends.route import are_cells

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.numerics.arrays import Array

_SLACK = 1e-6  # of a width: the edges of cells are rounded themselves


class OuterCell(NamedTuple):
    """The outermost cell of rounded values.

    Parameters
    ----------
    inner, outer : float
        Its edges; the same, at the end itself, where not all rows are bounded on both sides.
    count : float
        How many values lie in it; 0 where the intervals are not cells of one width side by side.
    """

    inner: float
    outer: float
    count: float

    @classmethod
    def of(cls, observations: Observations, end: float, outwards: int) -> OuterCell:
        """Return the cell that an estimated end lies in: the first, or outwards of it the last."""
        lower, upper = observations.lower, observations.upper
        if lower is None or upper is None or not are_cells(observations):
            return cls(end, end, 0.0)
        if outwards < 0:
            lower, upper = -upper, -lower
        outer, half = float(upper.max()), 0.5 * float(upper[0] - lower[0])
        if not _side_by_side(lower, upper):
            return cls(outwards * float(lower.max()), outwards * outer, 0.0)
        weights = observations.weights
        inside = upper > outer - half
        count = float(np.sum(inside if weights is None else weights[inside]))
        return cls(outwards * float(lower[inside][0]), outwards * outer, count)


def _side_by_side(lower: Array, upper: Array) -> bool:
    """Whether all intervals are cells of one width on one grid."""
    width = float(upper[0] - lower[0])
    if not width > 0.0:
        return False
    steps = (lower - lower[0]) / width
    whole = np.abs(steps - np.round(steps)) < _SLACK
    return bool(whole.all() and np.all(np.abs(upper - lower - width) < _SLACK * width))
