"""Base of families without tails in closed form: a tail is added up from its start outwards."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from likeliest.distributions.bases import ByRow
from likeliest.distributions.derivatives import Derivatives, Side, complement
from likeliest.distributions.intervals import averaged, subset

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.distributions.parameters import Parameter
    from likeliest.numerics.arrays import Array

_ROWS = 2048  # that are added up at once


class Integrated(ByRow):
    """A family whose tails are sums over nodes, with derivatives.

    Those of the log of a tail are means of score and Hessian over it (Louis 1982). The shorter tail
    is added up, the other is what it leaves of 1.
    """

    @property
    @abstractmethod
    def _centre(self) -> Parameter:
        """A point below which the lower tail is the shorter one, or nearly so."""

    @abstractmethod
    def _nodes(self, x: Array, side: Side) -> tuple[Any, Array, Array, Array]:
        """Return what adds up the tail beyond each x, of shape (rows, 1), to one side.

        Members, nodes and weights of shape (rows, nodes), and the log of a unit by row.
        """

    def _log_cdf(self, x: Array) -> Array:
        return np.asarray(self._tail(x, Side.BELOW, values).log_prob)

    def _log_sf(self, x: Array) -> Array:
        return np.asarray(self._tail(x, Side.ABOVE, values).log_prob)

    def tail_terms(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives."""
        return self._tail(x, side, type(self).density_terms)

    def _tail(self, x: Array, side: Side, at: Callable[[Any, Array], Derivatives]) -> Derivatives:
        """Return the log of a tail with what `at` gives at the nodes."""
        shape = np.broadcast_shapes(np.shape(x), self.batch_shape)
        rows, flat = self._in_rows(shape), np.broadcast_to(x, shape).ravel()
        below = flat < rows._centre  # noqa: SLF001
        beyond = rows._beyond(flat, below, at)  # noqa: SLF001
        nearer = below == (side is Side.BELOW)
        terms = zip(listed(beyond), listed(complement(beyond)), strict=True)
        return _of_list(
            [np.where(nearer, a, b).reshape(shape)[()] for a, b in terms], len(beyond.score)
        )

    def _beyond(self, x: Array, below: Any, at: Callable[[Any, Array], Derivatives]) -> Derivatives:
        """Return the log of the tail below or above each x, from members by row."""
        out: Any = None  # a row for each term, of which there are as many as `at` gives
        for side in Side:
            chosen = np.flatnonzero(np.broadcast_to(below == (side is Side.BELOW), x.shape))
            for first in range(0, chosen.size, _ROWS):
                rows = chosen[first : first + _ROWS]
                some = subset(self, rows)
                columns, nodes, weights, log_unit = some._nodes(x[rows, None], side)  # noqa: SLF001
                found = np.stack(listed(averaged(at(columns, nodes), weights, log_unit)))
                out = np.empty((len(found), x.size)) if out is None else out
                out[:, rows] = found
        if out is None:
            out = np.empty((len(listed(at(self, x))), 0))
        return _of_list([*out], len(self.constraints) if len(out) > 1 else 0)

    @cached_property
    def entropy(self) -> Parameter:
        """Entropy, nats, differential for a density: by quadrature from the centre outwards."""
        rows = self._in_rows(self.batch_shape)
        centre = np.ravel(np.floor(rows._centre) if self.discrete else rows._centre)  # noqa: SLF001
        total, mass = np.zeros(centre.shape), np.zeros(centre.shape)
        with np.errstate(all="ignore"):
            for side in Side:
                columns, x, weights, log_unit = rows._nodes(centre[:, None], side)  # noqa: SLF001
                log_p = columns._log_prob(x)  # noqa: SLF001
                share = np.exp(log_p + log_unit[:, None]) * weights
                total -= np.sum(np.where(share > 0.0, share * log_p, 0.0), axis=1)
                mass += np.sum(share, axis=1)
        return np.reshape(total / mass, self.batch_shape)[()]

    def _in_rows(self, shape: tuple[int, ...]) -> Self:
        """Return members with a row for each entry of a shape; parameters that are one stay so."""
        return self._moved(lambda v: np.broadcast_to(v, shape).ravel())

    def _in_columns(self) -> Self:
        """Return members of rows with an axis for nodes."""
        return self._moved(lambda v: np.asarray(v)[:, None])

    def _moved(self, change: Callable[[Parameter], Array]) -> Self:
        if not self.is_batch:
            return self
        parameters = self.parameters.items()
        return type(self).unchecked(
            **{n: v if np.ndim(v) == 0 else change(v) for n, v in parameters}
        )


def values(member: Any, x: Array) -> Derivatives:
    """Return the log density without derivatives."""
    return Derivatives(member._log_prob(x), (), ())  # noqa: SLF001


def listed(derivatives: Derivatives) -> list[Array]:
    """Return the terms one after the other: log_prob, score, Hessian."""
    value, score, hessian = derivatives
    return [np.asarray(term) for term in (value, *score, *hessian)]


def _of_list(terms: list[Array], k: int) -> Derivatives:
    return Derivatives(terms[0], tuple(terms[1 : 1 + k]), tuple(terms[1 + k :]))
