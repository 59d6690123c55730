"""Gradient descent from a start to the estimate: how a model is trained, as a path to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ParameterError
from likeliest.inference.summit import Summit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

_STEPS = 500
_CLOSE = 1e-3  # standard errors from the estimate: there the path ends


def descent(fit: Fit, start: Mapping[str, float], rate: float | None = None) -> dict[str, Array]:
    """Return the path of plain gradient descent down the mean negative log likelihood.

    Each step goes against the gradient, by the coordinates in which the library climbs: the
    logarithm of a positive parameter, and the like.

    Parameters
    ----------
    fit : Fit
        With its data; parameters that are fixed stay so.
    start : mapping from parameter to value
        Of those that are free, some or all; the others start at their estimates.
    rate : float, optional
        Of learning; without it half of what the curvature at the estimate allows.

    Returns
    -------
    dict from parameter to array of shape (steps + 1,)

    Raises
    ------
    ParameterError
        If a name is none of a free parameter, or a value lies outside its range.

    Examples
    --------
    >>> import likeliest as lk
    >>> fit = lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal")
    >>> path = descent(fit, {"mean": 50.0})
    >>> float(path["mean"][0]), round(float(path["mean"][-1]), 2)
    (50.0, 52.29)
    """
    summit = Summit.of(fit, "Gradient descent")
    coordinates = summit.objective.coordinates
    unknown = [name for name in start if name not in fit.free]
    if unknown:
        raise ParameterError(
            f"Gradient descent starts from free parameters, {', '.join(fit.free)}; got "
            f"{unknown[0]!r}."
        )
    at = type(fit.distribution)(**{**fit.parameters, **start})
    u = coordinates.of(at)[None, :]
    if rate is None:
        rate = 0.5 * fit.n / float(np.linalg.eigvalsh(-summit.points.hessian[0])[-1])
    errors = np.sqrt(np.diag(summit.covariance))
    path = [u[0]]
    for _ in range(_STEPS):
        u = u + rate * summit.objective(u).gradient / fit.n
        if not np.isfinite(u).all():
            break
        path.append(u[0])
        if (np.abs(u[0] - summit.u) < _CLOSE * errors).all():
            break
    members = [coordinates.member(each) for each in path]
    return {name: np.array([float(getattr(m, name)) for m in members]) for name in fit.free}
