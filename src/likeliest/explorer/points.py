"""The rows that are shown one by one: all of few, of many those at even shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.tables import number

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution

_MOST = 40
_OF_MANY = 21


@dataclass(frozen=True)
class Points:
    """Some rows of the data.

    Parameters
    ----------
    rows : Observations
    shares : tuple of float
        What share of the rows lies below each; empty where all are shown.
    """

    rows: Observations
    shares: tuple[float, ...]

    @classmethod
    def of(cls, seen: Observations) -> Points:
        """Return all rows where they are few, else the least, the greatest and some between."""
        if len(seen) <= _MOST:
            return cls(seen, ())
        shares = np.linspace(0.0, 1.0, _OF_MANY)
        order = np.argsort(seen.values, kind="stable")
        below = np.cumsum(np.ones(len(seen)) if seen.weights is None else seen.weights[order])
        places = np.searchsorted(below, shares * below[-1], side="left")
        rows = order[np.minimum(places, len(seen) - 1)]
        _, first = np.unique(seen.values[rows], return_index=True)
        return cls(seen.take(rows[first]), tuple(shares[first].tolist()))

    def to_dict(self) -> dict[str, Any]:
        """Return the rows, ready for JSON."""
        seen = self.rows
        lower = seen.values if seen.lower is None else seen.lower
        upper = seen.values if seen.upper is None else seen.upper
        rounded = bool(seen.provenance.rounding)
        bounds = zip(seen.values.tolist(), lower.tolist(), upper.tolist(), strict=True)
        return {
            "x": [float(value) for value in seen.values],
            "labels": [number(x) if rounded else _label(low, high) for x, low, high in bounds],
            "times": None if seen.weights is None else seen.weights.tolist(),
            "exact": (np.asarray(lower) == np.asarray(upper)).tolist(),
            "shares": [*self.shares],
        }

    def logs(self, member: Distribution) -> list[float]:
        """Return the log of each row's probability or density, nats; a row counts once."""
        logs = -np.asarray(member.nll(self.rows, reduction="none"), dtype=np.float64)
        weights = self.rows.weights
        return np.ravel(logs if weights is None else logs / weights).tolist()


def _label(low: float, high: float) -> str:
    """Return what is known of a value.

    Examples
    --------
    >>> _label(3.0, 3.0), _label(3.0, float("inf")), _label(float("-inf"), 3.0), _label(2.0, 3.0)
    ('3', 'more than 3', 'at most 3', '2 to 3')
    """
    if low == high:
        return number(low)
    if high == np.inf:
        return f"more than {number(low)}"
    return f"at most {number(high)}" if low == -np.inf else f"{number(low)} to {number(high)}"
