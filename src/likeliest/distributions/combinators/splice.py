"""One family up to a known value, another beyond it: ordinary losses and great ones."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from likeliest.distributions.combinators.blend import Atom, Blend, Branch
from likeliest.distributions.combinators.image import with_density
from likeliest.distributions.combinators.part import Part
from likeliest.distributions.combinators.shift import shifted
from likeliest.distributions.combinators.truncated import truncated
from likeliest.distributions.derivatives import Derivatives, keep
from likeliest.distributions.families.registry import find
from likeliest.distributions.made import made, number, starts_of
from likeliest.distributions.parameters import Constraint
from likeliest.distributions.recipes import COMBINATORS, Combinator, Recipe
from likeliest.distributions.support import Support
from likeliest.errors import FamilyError, ParameterError
from likeliest.numerics.arrays import where

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array, Mask

    Family = type[Distribution]


def spliced(
    body: str | Family,
    tail: str | Family = "generalized pareto",
    *,
    at: float,
    continuous: bool = False,
) -> Family:
    """Make the family that is one up to a known value and another beyond it.

    f(x) = (1 - tail_share) g(x) / G(at) for x ≤ at, and tail_share h(x) beyond, h being the density
    of the tail. A tail whose values begin at 0 with a density, as those of a generalized Pareto, an
    exponential and a Lomax do, is that of x - at; any other is cut off below `at`.

    Parameters
    ----------
    body, tail : str or class
        With densities.
    at : float
        In the unit of x: given, not estimated, for the likelihood is no judge of where a tail
        begins. `likeliest.extremes.mean_excess` and `.stability` are.
    continuous : bool
        Whether the density has no jump there: then `tail_share` follows from the others and is no
        parameter.

    Returns
    -------
    class
        The family, the same for the same arguments. Its parameters are tail_share, and those of
        both parts as body_mean, tail_shape and the like.

    Raises
    ------
    FamilyError
        If a part has no density, or nothing of it lies on its side.

    Examples
    --------
    >>> import likeliest as lk
    >>> losses = lk.LogNormal(0.5, 0.8).sample(500, seed=1)
    >>> fit = lk.fit(losses, lk.spliced("lognormal", "generalized pareto", at=4.0))
    >>> [round(value, 3) for value in fit.parameters.values()]
    [0.088, 0.502, 0.738, 0.161, 2.347]
    """
    one, other = with_density(body, find, "spliced"), with_density(tail, find, "spliced")
    at = number("at", at)
    if not np.isfinite(at):
        raise ParameterError(f"at must be finite; got {at}.")
    if not (one.support.low < at and other.support.low <= at):
        raise FamilyError(
            f"spliced leaves nothing of a part: {one.name} has {one.support.describe()} and is to "
            f"end at {at:g}; {other.name} has {other.support.describe()} and is to begin there."
        )
    begins = other.support.low == 0.0 and other.support.low_closed
    below = truncated(one, upper=at)
    beyond = shifted(other, by=at) if begins else truncated(other, lower=at)
    share = {} if continuous else {"tail_share": Constraint(0.0, 1.0)}
    parameters = {
        **share,
        **{f"body_{name}": c for name, c in below.constraints.items()},
        **{f"tail_{name}": c for name, c in beyond.constraints.items()},
    }
    support = Support(
        one.support.low,
        beyond.support.high,
        low_closed=one.support.low_closed,
        high_closed=beyond.support.high_closed,
    )
    attributes: dict[str, Any] = {
        "below": below, "beyond": beyond, "at": at, "continuous": continuous,
        "discrete": False, "support": support, "anchored": True,
    }  # fmt: skip
    constants = (("at", at), *((("continuous", True),) if continuous else ()))
    return made(Spliced, Recipe("spliced", (one, other), constants), parameters, **attributes)


COMBINATORS["spliced"] = Combinator(spliced, ("body", "tail"), ("at", "continuous"))


class Spliced(Blend):
    """One family up to a known value, and another beyond it.

    f(x) = (1 - tail_share) g(x) / G(at) for x ≤ at, and tail_share h(x) beyond.

    Source: Klugman, Panjer & Willmot (2012), Loss Models, section 5.2.6.

    Class attributes that a family states
    -------------------------------------
    below, beyond : families
        Of the values up to `at`, and of those beyond.
    at : float
    continuous : bool
    """

    below: ClassVar[Family]
    beyond: ClassVar[Family]
    at: ClassVar[float]
    continuous: ClassVar[bool]

    @cached_property
    def body(self) -> Distribution:
        """The law of the values up to `at`."""
        return self.below.unchecked(**self._own("body_", self.below))

    @cached_property
    def tail(self) -> Distribution:
        """The law of the values beyond."""
        return self.beyond.unchecked(**self._own("tail_", self.beyond))

    def _own(self, prefix: str, family: Family) -> dict[str, Parameter]:
        return {name: getattr(self, f"{prefix}{name}") for name in family.constraints}

    def _check(self) -> None:
        self.below(**self.body.parameters)
        self.beyond(**self.tail.parameters)

    def bounds(self) -> Support:
        return Support(
            self.body.bounds().low,
            self.tail.bounds().high,
            low_closed=self.support.low_closed,
            high_closed=self.support.high_closed,
        )

    def branches(self) -> Sequence[Branch]:
        """Return the body and the tail."""
        first = 0 if self.continuous else 1
        k = first + len(self.below.constraints)
        inner, outer = tuple(range(first, k)), tuple(range(k, len(self.constraints)))
        if not self.continuous:
            share = getattr(self, "tail_share")  # noqa: B009
            return (
                Branch(1.0 - share, {0: -1.0}, self.body, inner),
                Branch(share, {0: 1.0}, self.tail, outer),
            )
        share, slopes, bends = self._share_without_jump
        fall = {i: -slope for i, slope in slopes.items()}
        unbend = {pair: -bend for pair, bend in bends.items()}
        return (
            Branch(1.0 - share, fall, self.body, inner, unbend),
            Branch(share, slopes, self.tail, outer, bends),
        )

    @cached_property
    def _share_without_jump(self) -> tuple[Parameter, dict[int, Parameter], dict[Any, Parameter]]:
        """Return the share of the tail that leaves no jump, with its derivatives.

        Its log odds are the log density of the body at the value, less that of the tail.
        """
        at = np.full(self.batch_shape or (1,), self.at)
        body = self.body.derivatives(at, keep)
        tail = self.tail.derivatives(np.nextafter(at, np.inf), keep)
        k = len(body.score)
        odds: Any = np.exp(np.subtract(body.log_prob, tail.log_prob))
        share = odds / (1.0 + odds)
        slope = [*body.score, *(-s for s in tail.score)]
        pairs = [*combinations_with_replacement(range(k), 2)]
        beyond = [*combinations_with_replacement(range(k, len(slope)), 2)]
        bends = {
            **dict(zip(pairs, body.hessian, strict=True)),
            **dict(zip(beyond, (-h for h in tail.hessian), strict=True)),
        }
        rate = share * (1.0 - share)
        by_two = {
            (i, j): _plain(
                rate * (bends.get((i, j), 0.0) + (1.0 - 2.0 * share) * slope[i] * slope[j])
            )
            for i, j in combinations_with_replacement(range(len(slope)), 2)
        }
        return _plain(share), {i: _plain(rate * s) for i, s in enumerate(slope)}, by_two

    # evaluation: the value itself, at which both have a density, is the body's

    def _log_prob_of(self, member: Distribution | Atom, x: Array) -> Array:
        value = super()._log_prob_of(member, x)
        return where(x > self.at, value, -np.inf) if member is self.tail else value

    def _terms(self, branch: Branch, x: Array) -> Derivatives:
        terms = super()._terms(branch, x)
        if branch.member is not self.tail:
            return terms
        return terms._replace(log_prob=np.where(x > self.at, terms.log_prob, -np.inf))

    def _quantile(self, q: Array) -> Array:
        body, tail = self._shares
        below = self.body.quantile(np.clip(q / body, 0.0, 1.0))
        beyond = self.tail.upper_quantile(np.clip((1.0 - q) / tail, 0.0, 1.0))
        return np.where(np.less_equal(q, body), below, beyond)

    def _upper_quantile(self, q: Array) -> Array:
        body, tail = self._shares
        below = self.body.quantile(np.clip((1.0 - q) / body, 0.0, 1.0))
        beyond = self.tail.upper_quantile(np.clip(q / tail, 0.0, 1.0))
        return np.where(np.less(q, tail), beyond, below)

    def rescaled(self, factor: float) -> Any:
        """Return the law of factor · X, whose tail begins elsewhere."""
        parts = {"body_": self.body, "tail_": self.tail}
        family = spliced(*self.recipe.parts, at=self.at * factor, continuous=self.continuous)
        moved = {
            f"{prefix}{name}": value
            for prefix, part in parts.items()
            for name, value in part.rescaled(factor).parameters.items()
        }
        return family(**{**self.parameters, **moved})

    def natural_sizes(self) -> tuple[Parameter, ...]:
        own = super().natural_sizes()[:1] if not self.continuous else ()
        return (*own, *self.body.natural_sizes(), *self.tail.natural_sizes())

    # likelihood: an interval lies in the body, in the tail, or partly in both

    def log_interval(self, lower: Array, upper: Array) -> Array:
        logs = {
            id(member): np.where(some, member.log_interval(low, high), -np.inf)
            for member, low, high, some in self._cut(lower, upper)
        }
        return self._summed(lambda member: logs[id(member)])

    def interval_derivatives(self, lower: Array, upper: Array) -> Derivatives:
        terms = []
        with np.errstate(all="ignore"):
            for member, low, high, some in self._cut(lower, upper):
                found = member.interval_derivatives(low, high)
                terms.append(found._replace(log_prob=np.where(some, found.log_prob, -np.inf)))
            return self._blended(terms, keep)

    def _cut(self, lower: Array, upper: Array) -> Iterator[tuple[Distribution, Array, Array, Mask]]:
        """Yield the parts with what of the intervals lies in each, and of which rows anything."""
        low = np.asarray(self.body.bounds().low, dtype=np.float64)
        some = np.less(lower, self.at) & np.greater(upper, low)
        yield self.body, np.where(some, lower, -np.inf), np.minimum(upper, self.at), some
        some = np.greater(upper, self.at)
        yield self.tail, np.maximum(lower, self.at), np.where(some, upper, np.inf), some

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members with the share beyond, and the starts of both parts."""
        values = np.asarray(sample.values, dtype=np.float64)
        beyond = values > cls.at
        share = float(np.clip(np.average(beyond, weights=sample.weights), 0.01, 0.99))
        bodies = _starts("body_", cls.below, sample, ~beyond, fixed)
        tails = _starts("tail_", cls.beyond, sample, beyond, fixed)
        own = {} if cls.continuous else {"tail_share": share}
        return [cls(**{**own, **body, **tail}) for body, tail in product(bodies, tails)]

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if not sample.exact:
            return None
        beyond = np.greater(sample.values, cls.at)
        for prefix, family, some, side in (
            ("body_", cls.below, ~beyond, "up to"), ("tail_", cls.beyond, beyond, "beyond"),
        ):  # fmt: skip
            if not some.any():
                return f"has no maximum: no value lies {side} {cls.at:g}"
            reason = family.unbounded(Part.of(sample, some), _held(prefix, fixed))
            if reason:
                return f"{reason} (of those {side} {cls.at:g})"
        return None

    def notes(self, sample: Sample, estimated: Collection[str]) -> tuple[str, ...]:
        beyond = np.greater(sample.values, self.at)
        if not sample.exact or beyond.all() or not beyond.any():
            return ()
        body, tail = Part.of(sample, ~beyond), Part.of(sample, beyond)
        return tuple(
            note
            for prefix, one, part in (("body_", self.body, body), ("tail_", self.tail, tail))
            for note in one.notes(part, {name.removeprefix(prefix) for name in estimated})
        )

    def at_end(self, name: str) -> str:
        for prefix, part in (("body_", self.body), ("tail_", self.tail)):
            if name.removeprefix(prefix) in part.constraints:
                return f"{prefix}{part.at_end(name.removeprefix(prefix))}"
        return super().at_end(name)


def _held(prefix: str, fixed: Mapping[str, float]) -> dict[str, float]:
    return {n.removeprefix(prefix): v for n, v in fixed.items() if n.startswith(prefix)}


def _starts(
    prefix: str, family: Family, sample: Sample, some: Mask, fixed: Mapping[str, float]
) -> list[dict[str, Parameter]]:
    """Return the parameters of a part to set out from, of the values on its side.

    Where there are none, of as many that lie evenly there.
    """
    part = Part.of(sample, some if some.any() else None)
    if not some.any():
        low, high = family.support.low, family.support.high
        width = part.high - part.low or 1.0
        first, last = (low, min(high, low + width)) if np.isfinite(low) else (high - width, high)
        even = np.linspace(first, last, part.values.size + 2)[1:-1]
        part = Part(even, part.weights, part.exact, part.truncated)
    return [
        {f"{prefix}{name}": value for name, value in member.parameters.items()}
        for member in starts_of(family, part, _held(prefix, fixed))
    ]


def _plain(term: Any) -> Parameter:
    """Return the only entry of a term as a number."""
    return float(np.ravel(term)[0]) if np.size(term) == 1 else term
