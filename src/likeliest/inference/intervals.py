"""Confidence intervals for the parameters of a fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from likeliest.fitting.result import Fit


def wald(fit: Fit, level: float = 0.95) -> dict[str, tuple[float, float] | None]:
    """Return Wald intervals: estimate ± quantile · standard error, on the unconstrained scale.

    A positive parameter's interval is symmetric in its logarithm, a probability's in its logit,
    so that no end leaves the range. Where the support depends on the parameter (uniform, Pareto)
    the likelihood has a corner at the estimate, and the interval comes from the parameter's exact
    law instead; of rounded values, from that of how many lie in the outermost interval.

    Parameters
    ----------
    fit : Fit
    level : float
        Coverage, between 0 and 1.

    Returns
    -------
    dict from parameter name to (low, high), or None for one that is fixed or on a bound.

    Source: Wald (1943); delta method, e.g. Pawitan (2001), ch. 2 and 5.

    Examples
    --------
    >>> import likeliest as lk
    >>> fit = lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal")
    >>> low, high = wald(fit)["mean"]
    >>> round(low, 2), round(high, 2)
    (49.52, 55.07)
    """
    from scipy.special import ndtri

    if not 0.0 < level < 1.0:
        raise ParameterError(f"level must lie between 0 and 1; got {level}.")
    z = float(ndtri(0.5 + 0.5 * level))
    member, errors = fit.distribution, fit.standard_errors
    intervals: dict[str, tuple[float, float] | None] = {}
    for name, constraint in member.constraints.items():
        error = errors[name]
        if name in fit.corners:
            intervals[name] = _of_end(fit, name, level)
            continue
        if error is None:
            intervals[name] = None
            continue
        estimate = float(getattr(member, name))
        centre = float(constraint.unconstrain(estimate))
        width = z * error / constraint.slope(estimate)
        intervals[name] = (
            float(constraint.constrain(centre - width)),
            float(constraint.constrain(centre + width)),
        )
    return intervals


def _of_end(fit: Fit, name: str, level: float) -> tuple[float, float]:
    """Return the interval of an end of the support, from its law."""
    member, cell = fit.distribution, fit.found.cells.get(name)
    if cell is None:
        return member.corner_interval(name, fit.n, level, fit.fixed)
    return member.rounded_corner_interval(name, cell, level, fit.fixed)
