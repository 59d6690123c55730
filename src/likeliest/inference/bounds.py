"""Confidence intervals for an estimate that sits on the bound of its range: a rate of 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from likeliest.inference.levels import checked_level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit


@dataclass(frozen=True)
class ExactBound:
    """How sure an estimate on a bound is: no event was seen, or nothing but events.

    Such data are the most extreme that there are, so that their probability is that of a tail: the
    interval holds the values of the parameter that give them at least (1 - level)/2.

    Parameters
    ----------
    member : Distribution
        The estimate.
    n : float
        Number of observations.

    Source: Clopper & Pearson (1934); Garwood (1936).

    Examples
    --------
    >>> import likeliest as lk
    >>> low, high = lk.fit([0] * 20, "poisson").uncertainty["rate"].interval()
    >>> low, round(high, 4)
    (0.0, 0.1844)
    """

    member: Distribution
    n: float

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the confidence interval that covers with probability `level` at least."""
        ends = self.member.exact_range(self.n, 0.5 - 0.5 * checked_level(level))
        if ends is None:
            raise NotImplementedError(f"{self.member.name} has no exact range")
        return ends

    def to_dict(self) -> dict[str, float]:
        """Return what a saved fit needs of it beside its estimates."""
        return {"n": self.n}


def exact_bounds(fit: Fit) -> dict[str, ExactBound]:
    """Return the bound that the only parameter of a family sits on, if the values are exact."""
    seen = fit.observations
    if seen is None or not seen.exact or seen.truncated:
        return {}
    return _at(fit, {name: {"n": fit.n} for name in fit.found.bounds})


def recorded_bounds(
    fit: Fit, saved: Mapping[str, Mapping[str, float | str]]
) -> dict[str, ExactBound]:
    """Return the bounds of a fit that was saved, from what `to_dict` wrote of them."""
    return _at(fit, {name: cell for name, cell in saved.items() if name in fit.found.bounds})


def _at(fit: Fit, bounds: Mapping[str, Mapping[str, float | str]]) -> dict[str, ExactBound]:
    if fit.distribution.exact_range(fit.n, 0.5) is None:
        return {}
    return {name: ExactBound(fit.distribution, float(cell["n"])) for name, cell in bounds.items()}
