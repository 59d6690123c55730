"""Mixtures: each value comes from one of several components, and which is not seen."""

from __future__ import annotations

import copyreg
import dataclasses
from abc import ABCMeta
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, cast, overload

import numpy as np

from likeliest.distributions.bases import inside_support
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.distribution import Distribution
from likeliest.distributions.families.registry import find
from likeliest.distributions.family import MAKERS
from likeliest.distributions.parameters import Parameter, constraints_of, unit_interval
from likeliest.distributions.support import REALS, Support
from likeliest.errors import FamilyError, ParameterError
from likeliest.numerics.arrays import namespace, where
from likeliest.numerics.special import exp, log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike

    from likeliest.distributions.derivatives import Total
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array, Mask

    Family = str | type[Distribution]

LEAST_RATIO = 1e-3
"""Of the widths of two components: a narrower one is taken for a collapse."""
LEAST_VALUES = 3.0
"""Values that a component with a free width needs at least."""


class MixtureType(ABCMeta):
    """The type of mixtures, which are pickled as the families that they are made of."""


class Mixture(Distribution, metaclass=MixtureType):
    """A mixture of k components: f(x) = Σ weight_j f_j(x), the weights adding up to 1.

    Its parameters are weight_1 to weight_(k-1), and those of component j with the suffix _j; the
    last weight is what the others leave.

    Class attributes that a mixture states
    --------------------------------------
    parts : tuple of families
        The family of each component.

    Source: McLachlan & Peel (2000), ch. 1 and 2.
    """

    parts: ClassVar[tuple[type[Distribution], ...]]

    @cached_property
    def components(self) -> tuple[Distribution, ...]:
        """The distribution of each component."""
        return tuple(
            part.unchecked(**{name: getattr(self, f"{name}_{j}") for name in part.constraints})
            for j, part in enumerate(self.parts, 1)
        )

    @cached_property
    def weights(self) -> Array:
        """The share of each component, along the last axis; they add up to 1."""
        shares = [getattr(self, f"weight_{j}") for j in range(1, len(self.parts))]
        xp = namespace(*shares)
        columns = [*shares, 1.0 - sum(shares)]
        if xp is not np:
            return xp.stack([*xp.broadcast_tensors(*map(xp.as_tensor, columns))], -1)
        stacked = np.stack(np.broadcast_arrays(*columns), axis=-1)
        # Parameters with an axis of 1 for the values give it to the components.
        return stacked[..., 0, :] if stacked.ndim > 2 else stacked

    @cached_property
    def _shares(self) -> tuple[Parameter, ...]:
        """The weights, each as its parameter is."""
        shares = [getattr(self, f"weight_{j}") for j in range(1, len(self.parts))]
        return (*shares, 1.0 - sum(shares))

    def responsibilities(self, x: ArrayLike) -> Array:
        """Return the probability that each value came from each component.

        Parameters
        ----------
        x : array-like of any shape, in the unit of the data

        Returns
        -------
        array of shape x.shape + (k,), whose last axis adds up to 1; NaN where no component can
        hold the value.
        """
        values = np.asarray(self._as_array(x), dtype=np.float64)
        with np.errstate(all="ignore"):
            density, ratios = _total_of([part.log_prob(values) for part in self.components], self)
            shares = [w * r for w, r in zip(self._shares, ratios, strict=True)]
        return np.stack([np.where(np.isfinite(density), s, np.nan) for s in shares], axis=-1)

    def _check(self) -> None:
        left = self._shares[-1]
        if namespace(left) is np and not np.all(np.greater(left, 0.0)):
            names = ", ".join(f"weight_{j}" for j in range(1, len(self.parts)))
            raise ParameterError(
                f"{self.name}: {names} must add up to less than 1, which leaves the last component "
                f"its weight; they add up to {1.0 - float(np.min(left)):g}."
            )

    def bounds(self) -> Support:
        """Return the least interval that holds the support of each component."""
        return hull([component.bounds() for component in self.components])

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return _log_sum([part.log_prob(x) for part in self.components], self._shares)

    def _log_cdf(self, x: Array) -> Array:
        return _log_sum([part.log_cdf(x) for part in self.components], self._shares)

    def _log_sf(self, x: Array) -> Array:
        return _log_sum([part.log_sf(x) for part in self.components], self._shares)

    def _cdf(self, x: Array) -> Array:
        return self._mean_of([part.cdf(x) for part in self.components])

    def _sf(self, x: Array) -> Array:
        return self._mean_of([part.sf(x) for part in self.components])

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        at = rng.random(shape)
        drawn = self.components[-1]._sample(shape, rng)  # noqa: SLF001  (a hook of its own kind)
        below = 1.0 - self._shares[-1]
        for weight, part in zip(self._shares[-2::-1], self.components[-2::-1], strict=True):
            drawn = np.where(at < below, part._sample(shape, rng), drawn)  # noqa: SLF001
            below = below - weight
        return drawn

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self._mean_of([part.mean for part in self.components])

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        centre = self.mean
        return self._mean_of([part.var + (part.mean - centre) ** 2 for part in self.components])

    def _mean_of(self, values: list[Any]) -> Any:
        """Return the mean of what each component has, by the weights."""
        return sum(w * value for w, value in zip(self._shares, values, strict=True))

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        return self.derivatives(x, lambda term: term).score

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        """Return the sums of log density, score and Hessian, from those of the components.

        Source: Louis (1982).
        """
        terms = [_within(part, x) for part in self.components]
        return self._combined(terms, total)

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        """Return the log of a tail with its derivatives, by row: a tail is a mixture of tails."""
        terms = [part.tail_derivatives(x, side) for part in self.components]
        return self._combined(terms, lambda term: term)

    def _combined(self, terms: list[Derivatives], total: Total) -> Derivatives:
        """Return the log of a weighted sum with its derivatives, from those of what is added."""
        value, ratios = _total_of([cast("Array", d.log_prob) for d in terms], self)
        last, shares = len(terms) - 1, self._shares
        by_weight: list[Any] = [ratio - ratios[-1] for ratio in ratios[:-1]]
        parts: list[Any] = [w * ratio for w, ratio in zip(shares, ratios, strict=True)]
        pulls: list[list[Any]] = [
            [p * s for s in d.score] for p, d in zip(parts, terms, strict=True)
        ]
        hessian: list[Parameter] = []
        for i, one in enumerate(by_weight):
            hessian += [total(-one * other) for other in by_weight[i:]]
            for j, (d, pull) in enumerate(zip(terms, pulls, strict=True)):
                own = ratios[j] if j == i else -ratios[j] if j == last else None
                for s, c in zip(d.score, pull, strict=True):
                    hessian.append(total(-one * c if own is None else own * s - one * c))
        for j, (d, pull) in enumerate(zip(terms, pulls, strict=True)):
            bends = iter(d.hessian)
            for a, c in enumerate(pull):
                hessian += [
                    total(parts[j] * next(bends) + c * (s - other))
                    for s, other in zip(d.score[a:], pull[a:], strict=True)
                ]
                hessian += [total(-c * other) for later in pulls[j + 1 :] for other in later]
        score = [total(one) for one in by_weight]
        score += [total(c) for pull in pulls for c in pull]
        return Derivatives(total(value), tuple(score), tuple(hessian))

    def told(self) -> str:
        """Say how many components there are, where each lies, and how wide it is."""
        alike = len(set(self.parts)) == 1
        pieces = [
            f"{100.0 * float(w):.0f} % "
            f"{'' if alike else f'{part.name} '}{_place(part, first=first)}"
            for w, part, first in zip(
                self._shares, self.components, [True, *[False] * len(self.parts)], strict=False
            )
        ]
        pieces[0] = pieces[0].replace(" % ", " % of the values ", 1)
        kind = f"{self.parts[0].name} " if alike else ""
        return f"{_COUNTS[len(self.parts)]} {kind}components: {', '.join(pieces)}."

    @classmethod
    def own(cls, at: int, values: Mapping[str, float]) -> dict[str, float]:
        """Return the values of component `at` (from 0) by its family's own names."""
        names = cls.parts[at].constraints
        return {n: values[f"{n}_{at + 1}"] for n in names if f"{n}_{at + 1}" in values}

    @classmethod
    def can_collapse(cls, fixed: Mapping[str, float]) -> list[int]:
        """Return the components (from 0) that can shrink onto one value, nothing holding them."""
        return [
            at
            for at, part in enumerate(cls.parts)
            if part.concentrates and not cls.own(at, fixed).keys() & part.concentrates.keys()
        ]

    def widths(self) -> list[Parameter]:
        """Return how wide each component is, on one scale for all.

        Of a location-scale family the scale; of another its standard deviation, over its mean where
        every component is positive.
        """
        positive = all(part.support.low >= 0.0 for part in self.parts)
        return [_width(part, relative=positive) for part in self.components]

    @classmethod
    def is_singular(
        cls, sample: Sample, fixed: Mapping[str, float]
    ) -> Callable[[Self], Mask] | None:
        """Return a test for members of which a component collapses onto a few values.

        A climb may pass through more of them than an estimate may be: `collapses` says which.
        """
        return cls.collapses(sample.n, fixed, 0.2 * LEAST_RATIO, 0.5 * LEAST_VALUES)

    @classmethod
    def collapses(
        cls,
        n: float,
        fixed: Mapping[str, float],
        ratio: float = LEAST_RATIO,
        values: float = LEAST_VALUES - 0.01,
    ) -> Callable[[Self], Mask] | None:
        """Return a test for members with a component too narrow or with too few of n values.

        None if no component can collapse, because none has a free width.
        """
        at_risk = cls.can_collapse(fixed)
        if not at_risk:
            return None

        def test(member: Self) -> Mask:
            widths, shares = member.widths(), member._shares
            least = ratio * np.max(np.stack(np.broadcast_arrays(*widths)), axis=0)
            is_narrow = [widths[at] < least for at in at_risk]
            is_small = [np.less(n * shares[at], values) for at in at_risk]
            found: Mask = np.logical_or.reduce(np.broadcast_arrays(*is_narrow, *is_small))
            return found

        return test

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        """Say why the likelihood of this sample has no maximum, or None if it has one."""
        reasons = (
            cls.parts[at].unbounded(sample, cls.own(at, fixed)) for at in cls.can_collapse(fixed)
        )
        return next((reason for reason in reasons if reason), None)

    def ordered(self, fixed: Mapping[str, float]) -> Self:
        """Return the same mixture with components of one family in the order of their medians.

        Those of which something is fixed stand where they are.
        """
        order = list(range(len(self.parts)))
        medians = [float(part.median) for part in self.components]
        for family in dict.fromkeys(self.parts):
            movable = [
                at
                for at, part in enumerate(self.parts)
                if part is family and not self.own(at, fixed) and f"weight_{at + 1}" not in fixed
            ]
            ranked = sorted(movable, key=lambda at: (medians[at], float(self.widths()[at])))
            for place, at in zip(movable, ranked, strict=True):
                order[place] = at
        return self.of_components(
            [self._shares[at] for at in order], [self.components[at] for at in order]
        )

    @classmethod
    def of_components(cls, weights: list[Parameter], components: list[Distribution]) -> Self:
        """Return the mixture of components, by their weights."""
        values = {f"weight_{j}": w for j, w in enumerate(weights[:-1], 1)}
        for j, component in enumerate(components, 1):
            values |= {f"{name}_{j}": value for name, value in component.parameters.items()}
        return cls.unchecked(**values)

    @classmethod
    def has_origin(cls) -> bool:
        """Whether every component can be `shifted`."""
        return all(part.support == REALS and part.has_origin() for part in cls.parts)

    @classmethod
    def has_unit(cls) -> bool:
        """Whether the constraints say how every parameter follows the unit of x."""
        return all(part.has_unit() for part in cls.parts)

    def shifted(self, origin: float) -> Self:
        """Return the distribution of X + origin."""
        return self.of_components(
            list(self._shares), [part.shifted(origin) for part in self.components]
        )

    def rescaled(self, factor: float) -> Self:
        """Return the distribution of factor · X, factor > 0."""
        return self.of_components(
            list(self._shares), [part.rescaled(factor) for part in self.components]
        )


class MixtureOfDensities(Mixture, ContinuousDistribution):
    """A mixture of families with a density."""

    def _quantile(self, q: Array) -> Array:
        ends = np.broadcast_arrays(*(part.quantile(q) for part in self.components))
        return self._solved(self.log_cdf, q, ends, 1.0)

    def _upper_quantile(self, q: Array) -> Array:
        ends = np.broadcast_arrays(*(part.upper_quantile(q) for part in self.components))
        return self._solved(self.log_sf, q, ends, -1.0)

    def _solved(
        self, log_tail: Callable[[Array], Array], q: Array, ends: tuple[Array, ...], sign: float
    ) -> Array:
        """Return where a log tail is log q: Newton's method between quantiles of the components."""
        low, high = np.minimum.reduce(ends), np.maximum.reduce(ends)
        aim, x = np.log(q), 0.5 * low + 0.5 * high
        for step in range(_MOST_STEPS):
            tail = log_tail(x)
            excess = sign * (tail - aim)
            low, high = np.where(excess > 0, low, x), np.where(excess > 0, x, high)
            moved = x - excess * np.exp(tail - self.log_prob(x))
            newton = (moved > low) & (moved < high) & (step % 4 < 3)
            middle = 0.5 * low + 0.5 * high
            moved = np.where(excess == 0, x, np.where(newton, moved, middle))
            if np.all(np.abs(moved - x) <= np.spacing(np.abs(x))):
                return moved
            x = moved
        return x


class MixtureOfMasses(Mixture, DiscreteDistribution):
    """A mixture of families of whole numbers."""


_MOST_STEPS = 400
_MOST_DECIMALS, _LARGE = 6, 1e7  # of numbers that are written without an exponent
_COUNTS = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def _width(part: Distribution, *, relative: bool) -> Parameter:
    constraints = part.constraints
    scales = [n for n, c in constraints.items() if c.power == 1 and not c.is_location]
    if len(scales) == 1 and any(c.is_location for c in constraints.values()):
        return cast("Parameter", getattr(part, scales[0]))
    width = part.std / part.mean if relative else part.std
    return np.where(np.isfinite(width), width, 1.0)[()]


def _place(part: Distribution, *, first: bool) -> str:
    """Say where a component lies and how wide it is, to two digits of its width."""
    middle, width = float(part.median), float(part.std)
    if not 0.0 < width < np.inf:
        return f"near {middle:.4g}"
    decimals = 1 - int(np.floor(np.log10(width)))
    if not 0 <= decimals <= _MOST_DECIMALS or abs(middle) >= _LARGE:
        return f"near {middle:.4g} ({'std ' if first else ''}{width:.2g})"
    return f"near {middle:.{decimals}f} ({'std ' if first else ''}{width:.{decimals}f})"


def hull(supports: list[Support]) -> Support:
    """Return the least interval that holds several."""
    low, high = supports[0].low, supports[0].high
    for one in supports[1:]:
        low, high = where(one.low < low, one.low, low), where(one.high > high, one.high, high)
    return Support(
        low,
        high,
        any(one.low_closed and np.all(one.low == low) for one in supports),
        any(one.high_closed and np.all(one.high == high) for one in supports),
        all(one.whole for one in supports),
    )


def _log_sum(logs: list[Array], shares: tuple[Parameter, ...]) -> Array:
    """Return log Σ share · exp(log), of arrays or tensors."""
    top = logs[0]
    for one in logs[1:]:
        top = where(one > top, one, top)
    safe = where(top == -np.inf, 0.0, top)
    return safe + log(sum(w * exp(one - safe) for w, one in zip(shares, logs, strict=True)))


def _total_of(logs: list[Array], mixture: Mixture) -> tuple[Array, list[Array]]:
    """Return the log of the weighted sum, and the ratio of each density to the sum."""
    top = logs[0]
    for one in logs[1:]:
        top = np.maximum(top, one)
    nothing = np.isneginf(top)
    if nothing.any():
        top = np.where(nothing, 0.0, top)
    ratios = [np.exp(one - top) for one in logs]
    density = mixture._shares[0] * ratios[0]  # noqa: SLF001
    for share, ratio in zip(mixture._shares[1:], ratios[1:], strict=True):  # noqa: SLF001
        density = density + share * ratio
    unit = 1.0 / np.where(nothing, 1.0, density) if nothing.any() else 1.0 / density
    return top + np.log(density), [ratio * unit for ratio in ratios]


def _within(part: Distribution, x: Array) -> Derivatives:
    """Return the terms of a component by row, of density 0 where it cannot hold a value."""
    bounds = part.bounds()
    if bounds.is_everything:
        return part.derivatives(x, _keep)
    inside = bounds.contains(x)
    if np.all(inside):
        return part.derivatives(x, _keep)
    d = part.derivatives(np.where(inside, x, bounds.interior()), _keep)
    return Derivatives(
        np.where(inside, d.log_prob, -np.inf),
        tuple(np.where(inside, s, 0.0) for s in d.score),
        tuple(np.where(inside, h, 0.0) for h in d.hessian),
    )


def _keep(term: Array | float) -> Parameter:
    return term


@overload
def mixture(  # type: ignore[overload-overlap]  # the last word tells
    family: Family, number: Literal["auto"], /
) -> AnyNumber: ...


@overload
def mixture(*families: Family | int) -> type[Mixture]: ...


@overload
def mixture(families: Sequence[Family], /) -> type[Mixture]: ...


def mixture(*families: Any) -> Any:
    """Make the family of values that come from one of several components, which is not seen.

    Parameters
    ----------
    families : str or class, and a number
        One family with how many components of it there are, 2 or more; or the family of each
        component, a list of them too. With "auto" for the number a fit chooses it from 1 to 9 by
        BIC.

    Returns
    -------
    class
        The family, the same for the same arguments. Its parameters are weight_1, ... and those of
        each component, such as mean_1 and std_1; the last weight is what the others leave.

    Raises
    ------
    FamilyError
        If densities stand beside masses, or there are fewer than two components.

    Examples
    --------
    >>> import likeliest as lk
    >>> waits = lk.datasets.load("old_faithful", "waiting")
    >>> fit = lk.fit(waits, lk.mixture("normal", 2))
    >>> {name: round(value, 2) for name, value in fit.parameters.items()}
    {'weight_1': 0.36, 'mean_1': 54.61, 'std_1': 5.87, 'mean_2': 80.09, 'std_2': 5.87}
    >>> fit.distribution.responsibilities([60, 70]).round(3).tolist()
    [[0.98, 0.02], [0.131, 0.869]]
    """
    items = [*families]
    if len(items) == 1 and isinstance(items[0], (list, tuple)):
        items = [*items[0]]
    number = items.pop() if items and (isinstance(items[-1], int) or items[-1] == AUTO) else None
    parts = [find(item) for item in items]
    if number is not None and len(parts) != 1:
        raise FamilyError(
            "A number of components goes with one family: mixture(normal, 3); several families are "
            "named one by one: mixture(gamma, normal, normal)."
        )
    if number == AUTO:
        return AnyNumber(parts[0])
    parts = parts if number is None else parts * int(number)
    if not MOST >= len(parts) >= 2:
        raise FamilyError(
            f"A mixture has 2 to {MOST} components; got {len(parts)}: mixture(normal, 2), or "
            "mixture(gamma, normal)."
        )
    if len({part.discrete for part in parts}) > 1:
        raise FamilyError(
            f"{' and '.join(part.name for part in parts)} cannot be mixed: some give densities, "
            "others probabilities of whole numbers."
        )
    return _mixture_of(tuple(parts))


@dataclasses.dataclass(frozen=True)
class AnyNumber:
    """Mixtures of one family with 1 to 9 components, of which a fit chooses by BIC.

    Parameters
    ----------
    part : family
    """

    part: type[Distribution]

    @property
    def name(self) -> str:
        """As it is written."""
        return f"mixture({self.part.name}, {AUTO})"

    def families(self) -> list[type[Distribution]]:
        """Return the family itself, and its mixtures."""
        return [self.part, *(mixture(self.part, number) for number in range(2, MOST + 1))]


AUTO = "auto"
MOST = 9
"""Components that a mixture can have."""


def _of_text(items: list[str]) -> type[Mixture]:
    """Return the mixture of families by their names, a number of components last perhaps."""
    return mixture(*(int(item) if item.isdecimal() else item for item in items))


MAKERS["mixture"] = _of_text


def _as_parts(cls: Any) -> Any:
    return (mixture, ([*cls.parts],)) if hasattr(cls, "parts") else cls.__qualname__


copyreg.pickle(MixtureType, _as_parts)


@cache
def _mixture_of(parts: tuple[type[Distribution], ...]) -> type[Mixture]:
    """Return the mixture of some families."""
    fields: list[tuple[str, object, object]] = [
        (f"weight_{j}", Parameter, unit_interval()) for j in range(1, len(parts))
    ]
    for j, part in enumerate(parts, 1):
        fields += [
            (f"{name}_{j}", Parameter, dataclasses.field(metadata={"constraint": constraint}))
            for name, constraint in part.constraints.items()
        ]
    base = MixtureOfMasses if parts[0].discrete else MixtureOfDensities
    alike = len(set(parts)) == 1
    inner = f"{parts[0].name}, {len(parts)}" if alike else ", ".join(p.name for p in parts)
    made: Any = dataclasses.make_dataclass(
        "Mixture", fields, bases=(base,), frozen=True, eq=False, repr=False,
        namespace={
            "name": f"mixture({inner})", "parts": parts,
            "remainder": (
                f"weight_{len(parts)}",
                tuple(f"weight_{j}" for j in range(1, len(parts))),
            ),
            "support": hull([part.support for part in parts]),
        },
    )  # fmt: skip
    made.constraints = constraints_of(made)
    return cast("type[Mixture]", made)
