"""Samples drawn from a fit that are rounded, truncated and censored as its data were."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.groups import Grouped
from likeliest.data.kaplan_meier import kaplan_meier
from likeliest.data.keys import numbered
from likeliest.data.observations import Observations
from likeliest.data.rows import Kind
from likeliest.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from likeliest.data.kaplan_meier import KaplanMeier
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array, Mask

_AT_ONCE = 1_000_000  # values that are drawn together
_MOST = 50_000_000  # observations that weights may stand for
_RANDOM_LIMITS = (
    "Limits of censoring are drawn at random, as the censored rows tell their distribution, and "
    "taken as independent of the values."
)


@dataclass(frozen=True)
class Redraw:
    """How samples like the data are drawn from a distribution.

    Parameters
    ----------
    observations : Observations
        The data, a row for each observation.
    """

    observations: Observations

    @classmethod
    def of(cls, observations: Observations, what: str) -> Redraw:
        """Return how to draw data like these; `what` is for the message where they cannot be.

        Raises
        ------
        DataError
            If it is not known what would have been seen of other values.
        """
        if observations.provenance.by_sampling:
            raise DataError(
                f"{what} draws samples like the data, and sampling weights do not tell how the "
                "rows were drawn. Use robust standard errors, or leave the weights out."
            )
        made = cls(_each(observations, what))
        made._require_known_limits(what)
        return made

    @property
    def assumption(self) -> str:
        """What is taken for granted about the censoring; empty where nothing is."""
        is_random = self._side is not None and self._common_limit is None
        return _RANDOM_LIMITS if is_random else ""

    def samples(
        self, member: Distribution, draws: int, rng: np.random.Generator
    ) -> Iterator[Grouped]:
        """Yield samples of the size of the data in batches, each sample a group."""
        n = len(self.observations)
        step = max(1, _AT_ONCE // n)
        for first in range(0, draws, step):
            many = min(step, draws - first)
            seen, rounding = self._drawn(member, many, rng)
            yield Grouped(numbered(many), seen, n * np.arange(many + 1), rounding)

    def _drawn(
        self, member: Distribution, many: int, rng: np.random.Generator
    ) -> tuple[Observations, float]:
        """Return many samples one after the other, and the step to which they are rounded."""
        o = self.observations
        x = self._values(member, many, rng)

        def repeated(column: Array | None) -> Array | None:
            return column if column is None or column.size == 1 else np.tile(column, many)

        def between(lower: Array, upper: Array) -> Observations:
            made = Observations.between(lower, upper, entry=entry, exit=exit_)
            return replace(made, lower_closed=o.lower_closed, provenance=o.provenance)

        entry, exit_ = repeated(o.entry), repeated(o.exit)
        step = o.provenance.rounding
        if step:
            origin = float(o.values[0] % step)
            rounded = origin + step * np.round((x - origin) / step)
            if not o.truncated:
                return Observations.of_checked(rounded), step
            return between(rounded - 0.5 * step, rounded + 0.5 * step), 0.0
        if self._cells is not None:
            at = np.searchsorted(self._cells, x, side="left")
            edges = np.concatenate([[-np.inf], self._cells, [np.inf]])
            return between(edges[at], edges[at + 1]), 0.0
        if self._side is None:
            return between(x, x), 0.0
        limit = self._limits(many, rng).ravel()
        if self._side is Kind.ABOVE:
            beyond = x > limit
            lower, upper = np.where(beyond, limit, x), np.where(beyond, np.inf, x)
        else:
            beyond = x < limit
            lower, upper = np.where(beyond, -np.inf, x), np.where(beyond, limit, x)
        return between(lower, upper), 0.0

    def _values(self, member: Distribution, many: int, rng: np.random.Generator) -> Array:
        o, n = self.observations, len(self.observations)
        if not o.truncated:
            return np.asarray(member.sample(many * n, rng), dtype=np.float64)
        shape = (many, n)
        low = np.broadcast_to(-np.inf if o.entry is None else o.entry, n)
        high = np.broadcast_to(np.inf if o.exit is None else o.exit, n)
        return within(member, low, high, rng.random(shape)).ravel()

    # censoring

    @cached_property
    def _cells(self) -> Array | None:
        """The edges between which values are known to lie, where all rows share them."""
        o = self.observations
        if o.lower is None or o.upper is None or o.provenance.rounding or o.n_exact:
            return None
        edges = np.unique(np.concatenate([o.lower, o.upper]))
        edges = edges[np.isfinite(edges)]
        lower_at = np.searchsorted(edges, o.lower, side="right")  # edges up to and with the lower
        upper_at = np.searchsorted(edges, o.upper, side="left")  # edges below the upper
        return edges if bool((lower_at == upper_at).all()) else None

    @cached_property
    def _side(self) -> Kind | None:
        """On which side values are censored; None where on neither, or by cells."""
        o = self.observations
        if o.lower is None or o.provenance.rounding or self._cells is not None:
            return None
        kinds = {block.kind for block in o.blocks} - {Kind.EXACT}
        return kinds.pop() if len(kinds) == 1 else Kind.BETWEEN

    def _require_known_limits(self, what: str) -> None:
        if self._side is Kind.BETWEEN:
            raise DataError(
                f"{what} draws samples like the data, and these lie between bounds of their own: "
                "what would have been seen of other values is not known."
            )
        if self._side is not None and self._common_limit is None:
            try:
                _ = self._law_of_limits
            except DataError as error:
                raise DataError(f"{what} draws samples like the data. {error}") from None

    @cached_property
    def _censored(self) -> Mask:
        lower, upper = self.observations.lower, self.observations.upper
        if lower is None or upper is None:
            return np.zeros(len(self.observations), dtype=bool)
        return np.asarray(lower != upper)

    @cached_property
    def _common_limit(self) -> float | None:
        """The one limit at which all values are censored, if it can be one for all."""
        values, censored = np.asarray(self.observations.values, np.float64), self._censored
        limits = np.unique(values[censored])
        sign = 1.0 if self._side is Kind.ABOVE else -1.0
        if limits.size > 1 or (sign * values[~censored] > sign * limits[0]).any():
            return None
        return float(limits[0])

    @cached_property
    def _law_of_limits(self) -> KaplanMeier:
        """Kaplan and Meier's estimate of the limits: they are seen where the values are not."""
        o = self.observations
        values, censored = np.asarray(o.values, np.float64), self._censored
        is_above = self._side is Kind.ABOVE
        lower = np.where(censored | is_above, values, -np.inf)
        upper = np.where(censored | (not is_above), values, np.inf)
        return kaplan_meier(Observations.between(lower, upper, entry=o.entry, exit=o.exit))

    def _limits(self, many: int, rng: np.random.Generator) -> Array:
        """Draw a limit for each value: where a row was censored its own."""
        values, n = np.asarray(self.observations.values, np.float64), len(self.observations)
        if self._common_limit is not None:
            return np.full((many, n), self._common_limit)
        out = np.broadcast_to(values, (many, n)).copy()
        seen = np.flatnonzero(~self._censored)
        law = self._law_of_limits
        sign = -1.0 if law.is_mirrored else 1.0
        shares = np.concatenate([[1.0], law.beyond])
        left = shares[np.searchsorted(law.at, sign * values[seen], side="left")]
        asked = rng.random((many, seen.size)) * left
        # The first limit beyond which at most the share asked for is left; none: no limit.
        at = np.searchsorted(-law.beyond, -asked, side="left")
        out[:, seen] = sign * np.concatenate([law.at, [np.inf]])[at]
        return out


def within(member: Distribution, low: Array, high: Array, u: Array) -> Array:
    """Return the values that shares `u` of P(low < X ≤ high) lie at or below, low < X ≤ high.

    From the tail that is nearer, so that a window far out keeps its digits.
    """
    with np.errstate(all="ignore"):
        below, up_to = member.cdf(low), member.cdf(high)
        near = far = np.zeros(())  # where none is asked for
        if np.any(below <= 0.5):
            near = member.quantile(np.clip(below + u * (up_to - below), 0.0, 1.0))
        if np.any(below > 0.5):
            above, beyond = member.sf(low), member.sf(high)
            far = member.upper_quantile(np.clip(above - u * (above - beyond), 0.0, 1.0))
    return _clipped(member, np.where(below > 0.5, far, near), low, high)


def _clipped(member: Distribution, x: Array, low: Array, high: Array) -> Array:
    least = np.floor(low) + 1.0 if member.discrete else np.nextafter(low, np.inf)
    return np.asarray(np.minimum(np.maximum(x, least), high))


def _each(observations: Observations, what: str) -> Observations:
    """Return a row for each observation, where weights say how often each was seen."""
    weights = observations.weights
    if weights is None:
        return observations
    times = np.round(weights)
    if (np.abs(times - weights) > 1e-9 * np.maximum(weights, 1.0)).any():
        raise DataError(
            f"{what} draws samples like the data, and the weights are no whole numbers: of "
            f"{observations.n:g} observations none can be drawn."
        )
    if times.sum() > _MOST:
        raise DataError(
            f"{what} draws samples like the data, and {observations.n:,.0f} observations are too "
            f"many; up to {_MOST:,} are possible."
        )
    at = np.repeat(np.arange(weights.size), times.astype(np.intp))
    return replace(observations, weights=None).take(at)
