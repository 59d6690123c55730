"""Contours of two parameters: the joint confidence region by the likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ConvergenceError, FamilyError, ParameterError
from likeliest.inference.profile import deviance_of, require_likelihood
from likeliest.inference.region import Rise, pushed
from likeliest.inference.summit import Summit
from likeliest.optimise.newton import Points

if TYPE_CHECKING:
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array, Indices


def contour(fit: Fit, first: str, second: str, level: float, points: int) -> Array:
    """Return points of the contour of two parameters; see `Fit.contour`."""
    require_likelihood(fit)
    if fit.distribution.non_smooth:
        raise FamilyError(f"The likelihood of {fit.family} has corners, and no smooth contour.")
    if first == second or not {first, second} <= set(fit.free):
        raise ParameterError(
            f"A contour needs two of the parameters {', '.join(fit.free)}; got {first!r} and "
            f"{second!r}."
        )
    if points < 3:
        raise ParameterError(f"A contour needs 3 points or more; got {points}.")
    summit = Summit.of(fit, "A contour")
    rays = _Rays.of(summit, [fit.free.index(first), fit.free.index(second)], points)
    edge = pushed(
        rays,
        _outwards,
        rays.start(),
        summit.value,
        deviance=deviance_of(level, df=2),
        reach=np.append(np.sqrt(deviance_of(level, df=2)), rays.reach),
    )
    if not (edge.found | edge.endless).all():
        raise ConvergenceError(
            f"The contour of {first} and {second} was not found all round: the likelihood is too "
            "far from that of a normal law. Use fewer parameters, or profiles of each."
        )
    members = [summit.objective.coordinates.member(u) for u in rays.unfolded(edge.u)]
    return np.array([[getattr(m, first), getattr(m, second)] for m in members])


@dataclass(frozen=True)
class _Rays:
    """The log likelihood along rays from the estimate, the other parameters free.

    Parameters
    ----------
    summit : Summit
    directions : array of shape (rays, k)
        In both parameters; a unit is a standard error.
    others : list of int
        The parameters that are free along a ray.
    """

    summit: Summit
    directions: Array
    others: list[int]

    @classmethod
    def of(cls, summit: Summit, pair: list[int], count: int) -> _Rays:
        angle = 2.0 * np.pi * np.arange(count) / count
        round_ = np.stack([np.cos(angle), np.sin(angle)])
        root = np.linalg.cholesky(summit.covariance[np.ix_(pair, pair)])
        directions = np.zeros((count, summit.u.size))
        directions[:, pair] = (root @ round_).T
        return cls(summit, directions, [i for i in range(summit.u.size) if i not in pair])

    @property
    def reach(self) -> Array:
        return self.summit.objective.reach[self.others]

    def start(self) -> Points:
        """Return the estimate on each ray."""
        lanes = np.arange(len(self.directions))
        here = np.zeros((lanes.size, 1 + len(self.others)))
        top = self.summit.points.take(np.zeros(lanes.size, dtype=np.intp))
        return self._along(here, top, lanes)

    def unfolded(self, along: Array, lanes: Indices | None = None) -> Array:
        """Return the coordinates of points along rays: the distance, then the others' offsets."""
        directions = self.directions if lanes is None else self.directions[lanes]
        u = self.summit.u + along[:, :1] * directions
        u[:, self.others] += along[:, 1:]
        return u

    def __call__(self, u: Array, lanes: Indices) -> Points:
        """Return the points at distances along rays, and offsets of the others."""
        return self._along(u, self.summit.objective(self.unfolded(u, lanes)), lanes)

    def _along(self, along: Array, points: Points, lanes: Indices) -> Points:
        map_ = np.zeros((len(along), self.summit.u.size, along.shape[1]))
        map_[:, :, 0] = self.directions[lanes]
        map_[:, self.others, np.arange(1, along.shape[1])] = 1.0
        gradient = np.einsum("lij,li->lj", map_, points.gradient)
        hessian = np.einsum("lia,lij,ljb->lab", map_, points.hessian, map_)
        return Points(along, points.value, gradient, hessian, points.size)


def _outwards(u: Array, lanes: Indices) -> Rise:
    """Return the distance along rays."""
    gradient = np.zeros_like(u)
    gradient[:, 0] = 1.0
    k = u.shape[1]
    return Rise(u[:, 0].copy(), gradient, np.zeros((len(u), k, k)))
