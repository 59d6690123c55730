"""A family of which only the values within known bounds can be seen."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from likeliest.distributions.bases import inside_support
from likeliest.distributions.derivatives import Derivatives, Side
from likeliest.distributions.families.registry import find
from likeliest.distributions.made import (
    OfOne,
    less,
    log_within,
    made,
    moments_of,
    number,
    part_of,
    starts_of,
    within,
)
from likeliest.distributions.quadrature import expectation
from likeliest.distributions.recipes import COMBINATORS, Combinator, Recipe
from likeliest.distributions.support import Support
from likeliest.errors import FamilyError
from likeliest.numerics.halving import least, least_whole
from likeliest.numerics.special import exp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from likeliest.distributions.derivatives import Total
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array


def truncated(
    family: str | type[Distribution], lower: float | None = None, upper: float | None = None
) -> type[Distribution]:
    """Make a truncated family: only values above `lower` and up to `upper` can be seen.

    Its density is that of the family over the probability of what can be seen. Its parameters are
    those of the family before anything was cut off. A fit is that of the family with `entry` and
    `exit`, which give each row bounds of its own; this gives the law of what is seen as well.

    Parameters
    ----------
    family : str or class
    lower : float, optional
        In the unit of x: values at or below it are never seen, so that `lower=0` makes counts
        begin at 1.
    upper : float, optional
        In the unit of x: values above it are never seen.

    Returns
    -------
    class
        The family, the same for the same arguments.

    Raises
    ------
    FamilyError
        If no value lies within the bounds.

    Examples
    --------
    >>> import likeliest as lk
    >>> claims = [620, 740, 1810, 550, 905, 1320, 2600, 690, 1150, 830]    # from 500 on
    >>> seen = lk.fit(claims, lk.truncated("gamma", lower=500))
    >>> seen.family, round(seen.parameters["scale"], 1)
    ('truncated(gamma, lower=500)', 656.7)
    """
    of = part_of(family, find, "truncated")
    low = -np.inf if lower is None else number("lower", lower)
    high = np.inf if upper is None else number("upper", upper)
    if issubclass(of, Truncated):
        return truncated(of.of, max(low, of.lower), min(high, of.upper))
    if low == -np.inf and high == np.inf:
        raise FamilyError(f"truncated({of.name}) needs a bound: lower=, upper=, or both.")
    if of.discrete:
        low, high = np.floor(low), np.floor(high)
    bounds = (("lower", low), ("upper", high))
    constants = tuple((name, bound) for name, bound in bounds if np.isfinite(bound))
    support = _cut(of.support, low, high)
    if not low < high or not support.low < support.high + float(support.whole):
        raise FamilyError(
            f"truncated({of.name}) leaves nothing: {of.name} has {of.support.describe()}, and no "
            f"such value is {_bounds_in_words(low, high)}."
        )
    attributes: dict[str, Any] = {
        "of": of, "lower": low, "upper": high, "discrete": of.discrete, "support": support,
        "concentrates": of.concentrates, "centre": of.centre,
    }  # fmt: skip
    recipe = Recipe("truncated", (of,), constants)
    return made(Truncated, recipe, of.constraints, **attributes)


COMBINATORS["truncated"] = Combinator(truncated, ("of",), ("lower", "upper"))


class Truncated(OfOne):
    """Family of which only the values above `lower` and up to `upper` can be seen.

    f(x) = g(x) / P(lower < X ≤ upper) within the bounds, g being the density of the family before
    anything was cut off, whose parameters these are.

    Source: Johnson, Kotz & Balakrishnan (1994), section 10.1.
    """

    lower: ClassVar[float]
    upper: ClassVar[float]
    anchored = True

    def bounds(self) -> Support:
        return _cut(self.original.bounds(), self.lower, self.upper)

    # evaluation

    @cached_property
    def _log_seen(self) -> Parameter:
        """Log of the probability of what can be seen."""
        return log_within(self.original, np.asarray(self.lower), np.asarray(self.upper))[()]

    def _log_prob(self, x: Array) -> Array:
        return self.original.log_prob(x) - self._log_seen

    def _log_cdf(self, x: Array) -> Array:
        return log_within(self.original, np.full_like(x, self.lower), x) - self._log_seen

    def _log_sf(self, x: Array) -> Array:
        return log_within(self.original, x, np.full_like(x, self.upper)) - self._log_seen

    def _cdf(self, x: Array) -> Array:
        return np.exp(self._log_cdf(x))

    def _sf(self, x: Array) -> Array:
        return np.exp(self._log_sf(x))

    def _quantile(self, q: Array) -> Array:
        search = least_whole if self.discrete else least
        return search(lambda x: np.greater_equal(self.cdf(x), q), *self._ends(1.0 - q))

    def _upper_quantile(self, q: Array) -> Array:
        search = least_whole if self.discrete else least
        return search(lambda x: np.less_equal(self.sf(x), q), *self._ends(q))

    def _ends(self, above: Array) -> tuple[Array, Array]:
        """Return between which values that one lies above which this share is seen."""
        shape = np.broadcast_shapes(np.shape(above), self.batch_shape)
        share = self.original.sf(self.upper) + exp(self._log_seen) * above
        high = self.original.upper_quantile(np.clip(share * (1.0 - 1e-9), 0.0, 1.0))
        high = np.minimum(high + 1.0 if self.discrete else np.nextafter(high, np.inf), self.upper)
        return np.broadcast_to(self.bounds().low, shape), np.broadcast_to(high, shape)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw until all can be seen; where few can, through the tail that is the shorter.

        The other tail is near 1, and has few digits.
        """
        inner, seen = self.original, exp(self._log_seen)
        if np.min(seen) > _OFTEN:
            size = shape[: len(shape) - len(self.batch_shape)]
            draws = inner.sample(size, rng)
            while (hidden := (draws <= self.lower) | (draws > self.upper)).any():
                draws = np.where(hidden, inner.sample(size, rng), draws)
            return draws
        u = rng.random(shape)
        below, above = inner.cdf(self.lower) + seen * (1.0 - u), inner.sf(self.upper) + seen * u
        found = np.where(
            below < above,
            inner.quantile(np.clip(below, 0.0, 1.0)),
            inner.upper_quantile(np.clip(above, 0.0, 1.0)),
        )
        return np.clip(found, self.bounds().low, self.upper)

    def rescaled(self, factor: float) -> Any:
        """Return the law of factor · X, which is cut off at other bounds."""
        if self.discrete:
            return self
        cut = truncated(self.of, self.lower * factor, self.upper * factor)
        return cut(**self.original.rescaled(factor).parameters)

    def shifted(self, origin: float) -> Any:
        """Return the law of X + origin, which is cut off at other bounds."""
        cut = truncated(self.of, self.lower + origin, self.upper + origin)
        return cut(**self.original.shifted(origin).parameters)

    # moments

    def moments(self) -> tuple[Parameter, Parameter]:
        """Return mean and variance of what can be seen."""
        if self.discrete:
            mean = _of_counts(self, 1)
            return mean, _of_counts(self, 2) - mean**2
        mean = expectation(self, lambda _, x: x)
        if np.ndim(mean):
            return mean, expectation(self, lambda _, x: x * x) - mean**2
        return mean, expectation(self, lambda _, x: (x - mean) ** 2)

    @cached_property
    def entropy(self) -> Parameter:
        """Entropy of what can be seen, nats."""
        if self.discrete:
            return super().entropy
        return expectation(self, lambda member, x: -member.log_prob(x))

    # likelihood

    @cached_property
    def _window(self) -> Derivatives:
        shape = self.batch_shape or (1,)
        seen = within(self.original, np.full(shape, self.lower), np.full(shape, self.upper))
        if self.batch_shape:
            return seen
        value, score, hessian = seen
        return Derivatives(_only(value), tuple(map(_only, score)), tuple(map(_only, hessian)))

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        def every(term: Parameter) -> Parameter:
            """Add up what is the same for all values of a group, or differs from row to row."""
            alike = self.batch_shape[-1:] in {(), (1,)}
            return total(1.0) * term if alike else total(term)

        value, score, hessian = self._window
        cut = Derivatives(every(value), tuple(map(every, score)), tuple(map(every, hessian)))
        return less(self.original.derivatives(x, total), cut)

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        if side is Side.BELOW:
            return less(within(self.original, np.full_like(x, self.lower), x), self._window)
        return less(within(self.original, x, np.full_like(x, self.upper)), self._window)

    def log_interval(self, lower: Array, upper: Array) -> Array:
        lower, upper = np.maximum(lower, self.lower), np.minimum(upper, self.upper)
        return self.original.log_interval(lower, upper) - self._log_seen

    def interval_derivatives(self, lower: Array, upper: Array) -> Derivatives:
        lower, upper = np.maximum(lower, self.lower), np.minimum(upper, self.upper)
        return less(self.original.interval_derivatives(lower, upper), self._window)

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        return [cls(**member.parameters) for member in starts_of(cls.of, sample, fixed)]

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        return cls.of.unbounded(sample, fixed)

    @classmethod
    def is_singular(
        cls, sample: Sample, fixed: Mapping[str, float]
    ) -> Callable[[Self], npt.NDArray[np.bool_]] | None:
        test: Any = cls.of.is_singular(sample, fixed)
        return None if test is None else lambda member: test(member.original)

    def simpler(self) -> Distribution | None:
        inner = self.original.simpler()
        if inner is None:
            return None
        cut = truncated(type(inner), lower=self.lower, upper=self.upper)
        return cut(**inner.parameters)


def _cut(support: Support, lower: float, upper: float) -> Support:
    """Return the part of a support above one bound and up to another."""
    whole, low, high = support.whole, support.low, support.high
    first = np.floor(lower) + 1.0 if whole else lower
    return Support(
        np.maximum(low, first)[()],
        np.minimum(high, upper)[()],
        low_closed=whole or (support.low_closed and not np.any(lower >= low)),
        high_closed=support.high_closed or bool(np.any(upper < high)),
        whole=whole,
    )


def _bounds_in_words(lower: float, upper: float) -> str:
    words = [f"above {lower:g}"] if lower > -np.inf else []
    words += [f"at most {upper:g}"] if upper < np.inf else []
    return " and ".join(words)


def _of_counts(member: Truncated, power: int) -> Parameter:
    """Return the expectation of a power of counts that can be seen.

    What the bounds leave, or where that has no end, what the family has less what they cut off.
    """
    inner, first = member.original, member.of.support.low
    below = np.isinf(member.upper)
    first, last = (first, member.lower) if below else (member.bounds().low, member.upper)
    if last - first > _MOST:
        raise FamilyError(f"{member.name} has no moments in closed form.")
    x = np.arange(first, last + 1.0).reshape(-1, *[1] * len(member.batch_shape))
    part = np.sum(x**power * np.exp(inner.log_prob(x)), axis=0)
    if below:
        mean, var = moments_of(inner)
        part = (mean if power == 1 else var + mean**2) - part
    return (part / exp(member._log_seen))[()]  # noqa: SLF001


_OFTEN = 0.05  # the share seen, from which drawing again is cheap
_MOST = 1e7  # counts whose masses are added one by one


def _only(term: Parameter) -> float:
    return float(np.ravel(term)[0])
