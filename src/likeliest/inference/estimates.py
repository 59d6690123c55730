"""Estimates of functions of a distribution: a quantile, a probability, a mean, anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

import numpy as np

from likeliest.inference.chart import Chart
from likeliest.inference.delta import Delta
from likeliest.inference.function_profile import FunctionProfile
from likeliest.inference.functions import Function
from likeliest.inference.levels import checked_level, require_choice
from likeliest.tables import ShownAsTable, Table, interval, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.inference.delta import Scale, Valued
    from likeliest.numerics.arrays import Array

Method = Literal["delta", "profile", "bootstrap"]

_LINES = 20  # values of a band that are shown


class Law(Protocol):
    """How sure the values of a function are."""

    @property
    def function(self) -> Valued:
        """The function, with its value at the estimate."""

    @property
    def method(self) -> str:
        """By which method."""

    @property
    def standard_error(self) -> Array:
        """The standard error of each value."""

    def interval(self, level: float = 0.95) -> tuple[Array, Array]:
        """Return the ends for each value."""


@dataclass(frozen=True, eq=False, repr=False)
class Estimate(ShownAsTable):
    """The value of a function for the likeliest distribution, with its uncertainty.

    Parameters
    ----------
    value : float, or array as the function returns it
    law : Law
        How sure it is: by the delta method, profile likelihood or bootstrap.

    Examples
    --------
    >>> import likeliest as lk
    >>> fit = lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal")
    >>> high = fit.estimate(lambda d: d.quantile(0.9))
    >>> round(high.value, 2), round(high.standard_error, 2)
    (56.35, 1.91)
    >>> low, high = high.interval(0.9)
    >>> round(low, 2), round(high, 2)
    (53.21, 59.5)
    """

    value: float | Array
    law: Law

    @property
    def method(self) -> str:
        """By which method the uncertainty was found."""
        return self.law.method

    @property
    def scale(self) -> str:
        """The scale on which a delta interval is symmetric; of other methods there is none."""
        return self.law.scale if isinstance(self.law, Delta) else "none"

    @property
    def standard_error(self) -> float | Array:
        """The standard error, of the shape of the value."""
        return self._shaped(self.law.standard_error)

    def interval(self, level: float = 0.95) -> tuple[Any, Any]:
        """Return the ends of the interval that covers with probability `level`.

        Returns
        -------
        (low, high), each of the shape of the value; of several values each by itself.
        """
        low, high = self.law.interval(checked_level(level))
        return self._shaped(low), self._shaped(high)

    def table(self, level: float = 0.95) -> Table:
        """Return the estimate as a table: a row for each value."""
        values, errors = np.ravel(self.value), np.ravel(self.law.standard_error)
        ends = list(zip(*(np.ravel(end) for end in self.interval(level)), strict=True))
        rows = tuple(
            (number(v, error=e), number(e), interval((float(a), float(b))))
            for v, e, (a, b) in zip(values[:_LINES], errors, ends, strict=False)
        )
        more = (f"{values.size - _LINES} more",) if values.size > _LINES else ()
        on = f" on the {self.scale} scale" if self.scale in {"log", "logit"} else ""
        columns = ("estimate", "std error", f"{100 * level:.12g} % interval")
        return Table(f"Estimate by {self.method}{on}", columns, rows, more)

    def _shaped(self, values: Array) -> Any:
        shape = np.shape(self.value)
        return values.reshape(shape) if shape else float(np.ravel(values)[0])


def estimate(
    fit: Fit,
    function: Callable[[Distribution], Any],
    method: Method = "delta",
    scale: Scale | None = None,
) -> Estimate:
    """Return the value of a function for the likeliest distribution; see `Fit.estimate`."""
    require_choice("method", method, get_args(Method))
    law = _law(fit, function, method, scale)
    value = law.function.value
    return Estimate(value if value.ndim else float(value), law)


def _law(fit: Fit, call: Callable[[Distribution], Any], method: Method, scale: Scale | None) -> Law:
    if method == "profile":
        return FunctionProfile.of(fit, call)
    if method == "bootstrap":
        return fit.bootstrap().law(call)
    chart = Chart.of(fit)
    return Delta.of(Function(call, chart.coordinates, chart.u, chart.lengths), chart, scale)
