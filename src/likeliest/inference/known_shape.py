"""Bounds for lifetimes whose Weibull shape is known, also where nothing failed."""

from __future__ import annotations

import numbers
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.observe import observe
from likeliest.data.rows import Kind
from likeliest.errors import DataError, ParameterError
from likeliest.inference.levels import checked_level
from likeliest.tables import ShownAsTable, Table, number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from likeliest.data.observe import Data
    from likeliest.numerics.arrays import Array


@dataclass(frozen=True, repr=False)
class Weibayes(ShownAsTable):
    """What lifetimes tell of a Weibull's scale where its shape is known.

    Each time to the power of the shape is exponential, so that at the lower bound
    2 Σ time^shape / scale^shape is the quantile of χ² with 2 (failures + 1) degrees of freedom:
    exact without failures, on the safe side with some.

    Parameters
    ----------
    shape : float
    failures : float
        Units that failed.
    units : float
    exposure : float
        The sum of time to the power of the shape, over all units.

    Source: Nelson (1985), Journal of Quality Technology 17, 140-146.
    """

    shape: float
    failures: float
    units: float
    exposure: float

    @property
    def scale(self) -> float:
        """The likeliest scale, in the unit of time; ∞ without failures."""
        return self._scale(self.failures) if self.failures else np.inf

    def lower_bound(self, level: float = 0.95) -> float:
        """Return the scale that the true one exceeds with confidence `level`."""
        from scipy.special import gammaincinv

        return self._scale(float(gammaincinv(self.failures + 1.0, checked_level(level))))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return a confidence interval for the scale; without failures it has no upper end."""
        from scipy.special import gammaincinv

        tail = 0.5 - 0.5 * checked_level(level)
        high = np.inf
        if self.failures:
            high = self._scale(float(gammaincinv(self.failures, tail)))
        return self.lower_bound(1.0 - tail), high

    def reliability(self, time: ArrayLike, level: float = 0.95) -> Array:
        """Return the probability of living beyond a time, at least, with confidence `level`."""
        ratio = np.asarray(time, dtype=np.float64) / self.lower_bound(level)
        return np.exp(-(ratio**self.shape))[()]

    def b_life(self, percent: ArrayLike, level: float = 0.95) -> Array:
        """Return the time by which at most this percentage has failed, with confidence `level`."""
        share = np.asarray(percent, dtype=np.float64) / 100.0
        if not ((share > 0.0) & (share < 1.0)).all():
            raise ParameterError(f"percent must lie between 0 and 100; got {percent!r:.60}.")
        return (self.lower_bound(level) * (-np.log1p(-share)) ** (1.0 / self.shape))[()]

    def _scale(self, events: float) -> float:
        """Return the scale at which so many failures are expected."""
        return float((self.exposure / events) ** (1.0 / self.shape))

    def table(self) -> Table:
        """Return the scale and its lower bounds as a table."""
        failed = f"{self.failures:,.12g} of {self.units:,.12g} units failed"
        rows = (
            ("likeliest scale", number(self.scale)),
            *((f"{level:.0%} lower bound", number(self.lower_bound(level))) for level in _LEVELS),
        )
        return Table(f"weibull, shape {self.shape:g} · {failed}", ("", "scale"), rows)


_LEVELS = (0.5, 0.9, 0.95, 0.99)


def weibayes(
    data: Data,
    *,
    shape: float,
    column: str | None = None,
    event: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> Weibayes:
    """Return what lifetimes tell of a Weibull whose shape is known, also where nothing failed.

    Parameters
    ----------
    data : one-dimensional array-like, frame, or path
        How long each unit ran.
    shape : float
        Known from units like these; 1 is the exponential.
    column, event, weights
        As `likeliest.observe` takes them: `event` is 0 of a unit that still ran. Without it every
        unit failed.

    Returns
    -------
    Weibayes

    Raises
    ------
    DataError
        If a time is negative, lies between bounds, or was seen within a window.
    ParameterError
        If the shape is not above 0.

    Examples
    --------
    Ten pumps ran for 1,000 hours, and none failed:

    >>> import likeliest as lk
    >>> pumps = lk.weibayes([1000.0] * 10, shape=2.0, event=[0] * 10)
    >>> round(pumps.lower_bound(0.95), 1), round(float(pumps.b_life(10, level=0.95)), 1)
    (1827.0, 593.0)
    """
    if not (isinstance(shape, numbers.Real) and 0.0 < shape < np.inf):
        raise ParameterError(f"shape must be a number above 0; got {shape!r:.40}.")
    seen = observe(data, column=column, event=event, weights=weights)
    failures, exposure = 0.0, 0.0
    for block in seen.blocks:
        if block.kind not in {Kind.EXACT, Kind.ABOVE} or block.window is not None:
            raise DataError("weibayes takes times that are exact or censored on the right.")
        if (block.a < 0.0).any():
            raise DataError(f"weibayes needs times from 0 on; the least is {block.a.min():g}.")
        weight = np.ones(block.size) if block.weight is None else block.weight
        failures += float(weight.sum()) if block.kind is Kind.EXACT else 0.0
        exposure += float(np.sum(block.a**shape * weight))
    if not exposure > 0.0:
        raise DataError("All times are 0: no unit ran.")
    return Weibayes(float(shape), failures, seen.n, exposure)
