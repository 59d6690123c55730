"""Confidence intervals from standard errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from likeliest.inference.levels import checked_level

if TYPE_CHECKING:
    from likeliest.distributions.parameters import Constraint


@dataclass(frozen=True)
class Wald:
    """The uncertainty of an estimate at a smooth maximum: its standard error.

    Parameters
    ----------
    estimate : float
    error : float
        The standard error.
    constraint : Constraint
        The parameter's range, with its unconstrained scale.

    Source: Wald (1943); delta method, e.g. Pawitan (2001), ch. 2 and 5.

    Examples
    --------
    >>> import likeliest as lk
    >>> fit = lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal")
    >>> low, high = fit.uncertainty["mean"].interval()
    >>> round(low, 2), round(high, 2)
    (49.52, 55.07)
    """

    estimate: float
    error: float
    constraint: Constraint
    method = "wald"

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return estimate ± quantile · standard error, on the unconstrained scale.

        A positive parameter's interval is symmetric in its logarithm, a probability's in its
        logit, so that no end leaves the range.
        """
        from scipy.special import ndtri

        z = float(ndtri(0.5 + 0.5 * checked_level(level)))
        centre = float(self.constraint.unconstrain(self.estimate))
        width = z * self.error / self.constraint.slope(self.estimate)
        return (
            float(self.constraint.constrain(centre - width)),
            float(self.constraint.constrain(centre + width)),
        )

    def to_dict(self) -> dict[str, float]:
        """Return what a saved fit needs of it beside its estimates and errors: nothing."""
        return {}
