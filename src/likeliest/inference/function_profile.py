"""Profile likelihood intervals of functions: their extremes where the likelihood is high."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ConvergenceError, FamilyError
from likeliest.inference.functions import Function
from likeliest.inference.profile import deviance_of, require_likelihood
from likeliest.inference.region import Rise, pushed
from likeliest.inference.summit import Summit

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.inference.region import Edge
    from likeliest.numerics.arrays import Array, Indices

_STEP = 1e-3  # of a natural length
_STAGES = (0.02, 0.1, 0.25, 0.45, 0.7, 1.0)  # of the deviance, where one push does not do
_BOUNDED = 1e-6  # relative: by how much a function may still grow that has a limit


@dataclass(frozen=True)
class FunctionProfile:
    """How sure the values of a function are by the likelihood.

    The interval reaches from the least to the greatest value that the function has where the log
    likelihood lies less than half a quantile of χ² with one degree of freedom below its top.

    Parameters
    ----------
    function : Function
        By the coordinates of the summit.
    summit : Summit
    standard_error : array of shape (values,)
        By the delta method.

    Source: constrained extremes: Venzon & Moolgavkar (1988), section 3; Clarke (1987), Biometrics
    43, 221-224.
    """

    function: Function
    summit: Summit
    standard_error: Array
    method = "profile"

    @classmethod
    def of(cls, fit: Fit, call: Callable[[Distribution], Any]) -> FunctionProfile:
        """Return the profile of a function of a fit's distribution."""
        require_likelihood(fit)
        if fit.distribution.non_smooth:
            raise FamilyError(
                f"The likelihood of {fit.family} has corners, along which no extremes of a "
                'function are found. Use method="bootstrap", or "delta".'
            )
        summit = Summit.of(fit, "A profile likelihood")
        function = Function(call, summit.objective.coordinates, summit.u, summit.lengths)
        slopes = function.moving_slopes()
        error = np.sqrt(np.einsum("vi,ij,vj->v", slopes, summit.covariance, slopes))
        return cls(function, summit, error)

    def interval(self, level: float = 0.95) -> tuple[Array, Array]:
        """Return the ends for each value."""
        edge, ends = self.edge(level), np.empty(2 * self.standard_error.size)
        each = np.arange(ends.size)
        ends[:] = self._own(edge.u, each)
        if edge.endless.any():
            ends[edge.endless] = self._limits(edge, np.flatnonzero(edge.endless))
        low, high = ends.reshape(2, -1)
        return low, high

    def edge(self, level: float = 0.95) -> Edge:
        """Return where the extremes lie: the lows of all values first, then the highs.

        Raises
        ------
        ConvergenceError
            If an extreme is not found.
        """
        lanes = np.zeros(2 * self.standard_error.size, dtype=np.intp)
        edge = self._pushed(deviance_of(level), self.summit.points.take(lanes))
        if not (edge.found | edge.endless).all():
            start = self.summit.points.take(lanes)
            for share in _STAGES:
                edge = self._pushed(share * deviance_of(level), start)
                start = self.summit.objective(edge.u)
        if not (edge.found | edge.endless).all():
            raise ConvergenceError(
                "The ends of the profile interval of this function were not found: it is not "
                'smooth enough in the parameters. Use method="bootstrap", or "delta".'
            )
        return edge

    def _pushed(self, deviance: float, start: object) -> Edge:
        summit = self.summit
        return pushed(
            summit.objective,
            self._rise,
            start,  # type: ignore[arg-type]
            summit.value,
            deviance=deviance,
            reach=summit.objective.reach,
        )

    def _rise(self, u: Array, lanes: Indices) -> Rise:
        """Return the function with its derivatives by differences: all of them in one call."""
        lengths = _STEP * self.summit.lengths
        k = u.shape[1]
        steps = np.diag(lengths)
        pairs = [(i, j) for i in range(k) for j in range(i)]
        moves = [np.zeros(k), *steps, *-steps]
        for i, j in pairs:
            moves += [steps[i] + steps[j], -steps[i] - steps[j]]
        around = u[None, :, :] + np.stack(moves)[:, None, :]
        every = np.tile(lanes, len(moves))
        found = self._own(around.reshape(-1, k), every) * np.tile(self._signs(lanes), len(moves))
        here, *beside = found.reshape(len(moves), -1)
        up, down, mixed = np.array(beside[:k]), np.array(beside[k : 2 * k]), beside[2 * k :]
        hessian = np.zeros((len(u), k, k))
        bend = (up + down - 2.0 * here) / lengths[:, None] ** 2
        hessian[:, range(k), range(k)] = bend.T
        for (i, j), ahead, behind in zip(pairs, mixed[::2], mixed[1::2], strict=True):
            both = (ahead + behind - 2.0 * here) / (lengths[i] * lengths[j])
            own = bend[i] * lengths[i] / lengths[j] + bend[j] * lengths[j] / lengths[i]
            hessian[:, i, j] = hessian[:, j, i] = 0.5 * (both - own)
        return Rise(here, ((up - down) / (2.0 * lengths[:, None])).T, hessian)

    def _own(self, u: Array, lanes: Indices) -> Array:
        """Return the value of each lane: of a vector its own component."""
        found = self.function.at(u)
        return found[np.arange(len(u)), lanes % self.standard_error.size]

    def _signs(self, lanes: Indices) -> Array:
        return np.where(lanes < self.standard_error.size, -1.0, 1.0)

    def _limits(self, edge: Edge, lanes: Indices) -> Array:
        """Return what a function tends to on lanes that go on for ever."""
        here = self._own(edge.u[lanes], lanes)
        further = self._own(2.0 * edge.u[lanes] - self.summit.u, lanes)
        grows = np.abs(further - here) > _BOUNDED * np.abs(here)
        return np.where(grows, self._signs(lanes) * np.inf, here)
