"""Base of families with a location and a log-concave density: tails by quadrature."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Side
from likeliest.distributions.integrated import Integrated, values
from likeliest.distributions.intervals import subset

if TYPE_CHECKING:
    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array, Mask

_DEEP = 40.0  # nats below its start at which the rest of a tail is of no account
_FARTHEST = 8.0  # times as far down as is asked for that a step may lead
_SHORTER = 0.7  # of a reach that may be twice as long as is needed
_DOUBLINGS, _HALVINGS, _STEPS = 100, 1100, 60
_CLOSE = 1e-8  # nats: what is left after a step of Newton's method is the square of this
_PANELS, _LONGER = 20, 1.6
_LEGENDRE = np.polynomial.legendre.leggauss(16)
# Of a tail of length 1: each panel is longer than the one before, as densities bend near its start.
_EDGES = np.concatenate([[0.0], _LONGER ** np.arange(1.0 - _PANELS, 1.0)])
_NODES = (_EDGES[:-1, None] + 0.5 * np.diff(_EDGES)[:, None] * (1.0 + _LEGENDRE[0])).ravel()
_WEIGHTS = (0.5 * np.diff(_EDGES)[:, None] * _LEGENDRE[1]).ravel()


class LogConcave(Integrated, ContinuousDistribution):
    """A family with a location `loc` whose log density is concave.

    Its tails are integrated by Gauss and Legendre's rule on panels that reach until the density has
    fallen by 40 nats or a little more. Their centre is the mode.
    """

    @property
    @abstractmethod
    def _width(self) -> Parameter:
        """A length over which the density falls by a good part, about the mode."""

    def _nodes(self, x: Array, side: Side) -> tuple[Any, Array, Array, Array]:
        # About x, since near it the nodes' distances have more digits than the nodes.
        parameters = self._in_columns().parameters
        columns = type(self).unchecked(**{**parameters, "loc": parameters["loc"] - x})
        here, way = columns.log_prob(0.0 * x), float(side.value)

        def is_deep(reach: Array) -> Mask:
            return here - columns.log_prob(way * reach) >= _DEEP

        reach = columns._width * np.ones_like(x)  # noqa: SLF001
        for _ in range(_DOUBLINGS):
            short = ~is_deep(reach)
            if not short.any():
                break
            reach = np.where(short, 2.0 * reach, reach)
        for _ in range(_HALVINGS):
            long = is_deep(0.5 * reach)
            if not long.any():
                break
            reach = np.where(long, 0.5 * reach, reach)
        reach = np.where(is_deep(_SHORTER * reach), _SHORTER * reach, reach)
        return columns, way * (reach * _NODES), _WEIGHTS, np.log(reach[:, 0])

    def _quantile(self, q: Array) -> Array:
        return self._at_tail(q, Side.BELOW)

    def _upper_quantile(self, q: Array) -> Array:
        return self._at_tail(q, Side.ABOVE)

    def _at_tail(self, q: Array, side: Side) -> Array:
        """Return the x beyond which, on one side, a probability lies: by Newton's method.

        The log of a tail is concave as well: after the first step, which is too long, each comes
        nearer from outside.
        """
        shape = np.broadcast_shapes(np.shape(q), self.batch_shape)
        rows, flat = self._in_rows(shape), np.broadcast_to(q, shape).ravel()
        x = np.array(np.broadcast_to(rows._centre, flat.shape))  # noqa: SLF001
        at_mode = rows.log_cdf(x) if side is Side.BELOW else rows.log_sf(x)
        nearer = np.log(flat) <= at_mode
        way = np.where(nearer, side.value, -side.value)
        target = np.where(nearer, np.log(flat), np.log1p(-flat))
        left = np.flatnonzero(~np.isnan(target))
        for _ in range(_STEPS):
            some = subset(rows, left)
            step, excess = _step_outwards(some, x[left], way[left], target[left])
            x[left] += way[left] * step
            left = left[np.abs(excess) > _CLOSE]
            if not left.size:
                break
        return x.reshape(shape)[()]


def _step_outwards(
    member: LogConcave, x: Array, way: Array, log_tail: Array
) -> tuple[Array, Array]:
    """Return how much further out the line through the log of the tail is as deep as asked.

    And by how much the log of the tail at x exceeds what is asked.
    """
    excess = np.asarray(member._beyond(x, way < 0.0, values).log_prob) - log_tail  # noqa: SLF001
    step = excess * np.exp(excess + log_tail - member.log_prob(x))
    while np.any(wild := member.log_prob(x + way * step) < _FARTHEST * log_tail - _DEEP):
        step = np.where(wild, 0.5 * step, step)
    return step, excess
