"""Gradient descent from a start to the estimate: how a model is trained, as a path to look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
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


@dataclass(frozen=True)
class Descent:
    """Plain gradient descent on the mean negative log likelihood of a fit's data, step by step.

    Parameters
    ----------
    fit : Fit
        With its data; parameters that are fixed stay so.

    Examples
    --------
    >>> import likeliest as lk
    >>> walk = Descent(lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal"))
    >>> place = walk.place({"mean": 50.0})
    >>> for _ in range(304):
    ...     place = walk.step(place, walk.rate)
    >>> round(walk.parameters(place)["mean"], 2), walk.is_there(place)
    (52.29, True)
    """

    fit: Fit

    @cached_property
    def _summit(self) -> Summit:
        return Summit.of(self.fit, "Gradient descent")

    @cached_property
    def _errors(self) -> Array:
        return np.sqrt(np.diag(self._summit.covariance))

    @cached_property
    def rate(self) -> float:
        """A rate of learning that is safe near the estimate: half of what the curvature allows."""
        steepest = float(np.linalg.eigvalsh(-self._summit.points.hessian[0])[-1])
        return 0.5 * self.fit.n / steepest

    def place(self, at: Mapping[str, float]) -> Array:
        """Return the coordinates of parameters, of shape (k,); those not named are estimates.

        Raises
        ------
        ParameterError
            If a name is none of a free parameter, or a value lies outside its range.
        """
        unknown = [name for name in at if name not in self.fit.free]
        if unknown:
            raise ParameterError(
                f"Gradient descent starts from free parameters, {', '.join(self.fit.free)}; got "
                f"{unknown[0]!r}."
            )
        member = type(self.fit.distribution)(**{**self.fit.parameters, **at})
        return self._summit.objective.coordinates.of(member)

    def slopes(self, place: Array) -> Array:
        """Return the gradient of the mean negative log likelihood by the coordinates."""
        return -self._summit.objective(place[None, :]).gradient[0] / self.fit.n

    def step(self, place: Array, rate: float) -> Array:
        """Return where one step against the gradient leads."""
        return place - rate * self.slopes(place)

    def is_there(self, place: Array) -> bool:
        """Return whether a place is the estimate, to a thousandth of each standard error."""
        return bool((np.abs(place - self._summit.u) < _CLOSE * self._errors).all())

    def parameters(self, place: Array) -> dict[str, float]:
        """Return the free parameters at a place."""
        member = self._summit.objective.coordinates.member(place)
        return {name: float(getattr(member, name)) for name in self.fit.free}


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
    walk = Descent(fit)
    place = walk.place(start)
    rate = walk.rate if rate is None else rate
    path = [place]
    for _ in range(_STEPS):
        place = walk.step(place, rate)
        if not np.isfinite(place).all():
            break
        path.append(place)
        if walk.is_there(place):
            break
    steps = [walk.parameters(each) for each in path]
    return {name: np.array([step[name] for step in steps]) for name in fit.free}
