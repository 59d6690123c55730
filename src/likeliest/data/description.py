"""Describe observations in words, for tables and pictures and to be saved with a fit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.tables import amount, count, number

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.numerics.arrays import Array

OWN = "own"
"""Stands for the end of a window where each row has its own."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """A record of where observations come from, which their values do not show.

    Parameters
    ----------
    name, unit : str
        Of the column; empty where it has none.
    left_out : int
        Rows that were left out, for something was missing in them.
    rounding : float
        The step to which values were rounded; 0 for none.
    by_sampling : bool
        Whether weights say how many each row stands for, in place of how often it was seen.
    """

    name: str = ""
    unit: str = ""
    left_out: int = 0
    rounding: float = 0.0
    by_sampling: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """A summary of observations: their number, their kinds, and the window they were seen in.

    Parameters
    ----------
    column, unit : str
        Empty where it has no name, or none is told.
    n : float
        The number of observations: the sum of the weights.
    exact, left_censored, right_censored, interval_censored : float
        How many of each kind; rounded values are exact ones.
    entry, exit : float, "own" or None
        The ends of the window common to all rows.
    rounding : float
    left_out : int
        Rows that were left out, for something was missing in them.
    by_sampling : bool
        Whether weights say how many each row stands for.

    Examples
    --------
    >>> import likeliest as lk
    >>> print(lk.observe([620.0, 900.0, 2400.0], event=[1, 1, 0], entry=500).description)
    3 values: 2 exact, 1 right-censored; seen only above 500
    """

    column: str
    unit: str
    n: float
    exact: float
    left_censored: float = 0.0
    right_censored: float = 0.0
    interval_censored: float = 0.0
    entry: float | str | None = None
    exit: float | str | None = None
    rounding: float = 0.0
    left_out: int = 0
    by_sampling: bool = False

    @classmethod
    def of(cls, observations: Observations) -> Description:
        """Return the description of observations."""
        told = observations.provenance
        left = right = between = 0.0
        lower, upper = observations.lower, observations.upper
        if lower is not None and upper is not None and not told.rounding:
            weights = observations.weights
            no_low, no_high = lower == -np.inf, upper == np.inf
            left, right = _sum(no_low & ~no_high, weights), _sum(no_high & ~no_low, weights)
            between = _sum((lower < upper) & ~no_low & ~no_high, weights)
        return cls(
            told.name,
            told.unit,
            observations.n,
            observations.n if left == right == between == 0.0 else observations.n_exact,
            left,
            right,
            between,
            _end(observations.entry),
            _end(observations.exit),
            told.rounding,
            told.left_out,
            told.by_sampling,
        )

    @property
    def is_plain(self) -> bool:
        """Whether every value is known as it stands, or rounded, and could be seen anywhere."""
        return self.exact == self.n and self.entry is None and self.exit is None

    @property
    def label(self) -> str:
        """The name with the unit, as tables and pictures show it."""
        return f"{self.column} ({self.unit})" if self.unit else self.column

    def told(self) -> str:
        """Return the description as a part of a sentence: the values, of which column, the rest.

        Examples
        --------
        >>> Description("rain", "mm", 623.0, 623.0, left_out=2).told()
        '623 values of rain (mm); 2 missing left out'
        """
        shown, values = str(self), count(self.n)
        return shown.replace(values, f"{values} of {self.label}", 1) if self.label else shown

    def __str__(self) -> str:
        more = [self._window(), f"{self.left_out:,} missing left out" if self.left_out else ""]
        more.append("sampling weights" if self.by_sampling else "")
        return "; ".join([count(self.n) + self._kinds(), *filter(None, more)])

    def _kinds(self) -> str:
        kinds = {
            "exact": self.exact,
            "left-censored": self.left_censored,
            "right-censored": self.right_censored,
            "in intervals": self.interval_censored,
        }
        some = {kind: n for kind, n in kinds.items() if n}
        if len(some) == 1:
            [kind] = some
            rounded = f", rounded to {number(self.rounding)}" if self.rounding else ""
            return rounded if kind == "exact" else f", {'all ' if self.n > 1 else ''}{kind}"
        return ": " + ", ".join(f"{amount(n)} {kind}" for kind, n in some.items())

    def _window(self) -> str:
        if {self.entry, self.exit} - {None} == {OWN}:
            ends = [] if self.entry is None else ["above an entry"]
            ends += [] if self.exit is None else ["up to an exit"]
            return f"each seen only {' and '.join(ends)} of its own"
        ends = [] if self.entry is None else [f"above {_shown(self.entry)}"]
        ends += [] if self.exit is None else [f"up to {_shown(self.exit)}"]
        return f"seen only {' and '.join(ends)}" if ends else ""

    def to_dict(self) -> dict[str, Any]:
        """Return the description, ready for JSON."""
        return {**asdict(self), "text": str(self)}

    @classmethod
    def from_dict(cls, saved: dict[str, Any]) -> Description:
        """Return the description that `to_dict` wrote."""
        return cls(**{name: value for name, value in saved.items() if name != "text"})


def _sum(mask: Array, weights: Array | None) -> float:
    return float(np.count_nonzero(mask) if weights is None else np.sum(weights[mask]))


def _end(end: Array | None) -> float | str | None:
    if end is None:
        return None
    return float(end[0]) if bool((end == end[0]).all()) else OWN


def _shown(end: float | str) -> str:
    return "a limit of its own" if end == OWN else number(float(end))
