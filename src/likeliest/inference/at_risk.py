"""How many rows an end of the support depends on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from likeliest.data.observations import Observations


def are_cells(observations: Observations) -> bool:
    """Whether every row is bounded on both sides, and could have been seen anywhere."""
    lower, upper = observations.lower, observations.upper
    if observations.truncated or lower is None or upper is None:
        return False
    return bool(np.isfinite(lower).all() and np.isfinite(upper).all())


def at_risk(observations: Observations, end: float, *, below: bool = False) -> float:
    """Return the weight of rows that lie above an end (below it) and could have lain beyond it."""
    values = np.asarray(observations.values, dtype=np.float64)
    lower = values if observations.lower is None else observations.lower
    upper = values if observations.upper is None else observations.upper
    entry, exit_ = observations.entry, observations.exit
    if below:
        on_this_side = (upper <= end) & (True if exit_ is None else exit_ > end)
    else:
        on_this_side = (lower >= end) & (True if entry is None else entry < end)
    weights = np.ones(len(observations)) if observations.weights is None else observations.weights
    return float(np.sum(weights[on_this_side]))
