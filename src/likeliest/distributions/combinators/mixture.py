"""Mixtures: each value comes from one of several components, and which is not seen."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Self, cast, overload

import numpy as np

from likeliest.distributions.combinators.blend import Blend, Branch
from likeliest.distributions.combinators.part import Part
from likeliest.distributions.families.registry import find
from likeliest.distributions.made import made, starts_of
from likeliest.distributions.parameters import Constraint, Parameter
from likeliest.distributions.recipes import COMBINATORS, Combinator, Recipe, recipe_of
from likeliest.distributions.support import REALS, Support
from likeliest.errors import FamilyError, ParameterError
from likeliest.numerics.arrays import namespace, where

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import ArrayLike

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array, Mask

    Family = str | type[Distribution]


class Least(NamedTuple):
    """What a component with a free width is, at least: else it has collapsed onto a few values.

    Parameters
    ----------
    ratio : float
        Its width, over that of the widest.
    values : float
        How many of the values it stands for.
    """

    ratio: float
    values: float


LEAST = Least(1e-3, 3.0)
"""Of an estimate."""
PASSING = Least(2e-4, 1.5)
"""On the way to one."""
AUTO = "auto"
MOST = 9
"""Components that a mixture can have."""


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
    [[0.992, 0.008], [0.074, 0.926]]
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
    for part in parts:
        recipe = recipe_of(part)
        if recipe is not None and recipe.combinator == "spliced":
            raise FamilyError(
                f"{part.name} cannot be mixed: its body and tail are components already. Mix the "
                "body: spliced(mixture(gamma, 2), at=10)."
            )
        if part.atoms:
            raise FamilyError(
                f"{part.name} cannot be mixed: it gives single values a probability of their own."
            )
    return _mixture_of(tuple(parts))


COMBINATORS["mixture"] = Combinator(mixture, None)


class Mixture(Blend):
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
        xp = namespace(*self._shares)
        if xp is not np:
            return xp.stack([*xp.broadcast_tensors(*map(xp.as_tensor, self._shares))], -1)
        stacked = np.stack(np.broadcast_arrays(*self._shares), axis=-1)
        # Parameters with an axis of 1 for the values give it to the components.
        return stacked[..., 0, :] if stacked.ndim > 2 else stacked

    def branches(self) -> Sequence[Branch]:
        """Return the components with their weights."""
        last = len(self.parts) - 1
        weights = [getattr(self, f"weight_{j}") for j in range(1, last + 1)]
        found, at = [], last
        for j, component in enumerate(self.components):
            places = tuple(range(at, at + len(component.constraints)))
            at += len(places)
            is_last = j == last
            share = 1.0 - sum(weights) if is_last else weights[j]
            slopes = dict.fromkeys(range(last), -1.0) if is_last else {j: 1.0}
            found.append(Branch(share, slopes, component, places))
        return found

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
        logs = [component.log_prob(values) for component in self.components]
        with np.errstate(all="ignore"):
            return np.stack(self._beside(logs), axis=-1)

    def _check(self) -> None:
        left = self._shares[-1]
        if namespace(left) is np and not np.all(np.greater(left, 0.0)):
            names = ", ".join(f"weight_{j}" for j in range(1, len(self.parts)))
            raise ParameterError(
                f"{self.name}: {names} must add up to less than 1, which leaves the last component "
                f"its weight; they add up to {1.0 - float(np.min(left)):g}."
            )
        for component in self.components:
            type(component)(**component.parameters)

    def bounds(self) -> Support:
        """Return the least interval that holds the support of each component."""
        return hull([component.bounds() for component in self.components])

    def natural_sizes(self) -> tuple[Parameter, ...]:
        constraints = list(self.constraints.values())[: len(self.parts) - 1]
        own = [c.size(w, None) for c, w in zip(constraints, self._shares, strict=False)]
        return (*own, *(size for part in self.components for size in part.natural_sizes()))

    # likelihood

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

    @classmethod
    def is_positive(cls) -> bool:
        """Whether no component can be negative."""
        return all(part.support.low >= 0.0 for part in cls.parts)

    @cached_property
    def widths(self) -> list[Parameter]:
        """How wide each component is, on one scale for all (see `width_of`)."""
        relative = self.is_positive()
        return [width_of(component, relative=relative) for component in self.components]

    @classmethod
    def is_singular(
        cls, sample: Sample, fixed: Mapping[str, float]
    ) -> Callable[[Self], Mask] | None:
        """Return a test for members of which a component collapses onto a few values.

        A climb may pass through more of them than an estimate may be: `collapses` says which.
        """
        return cls.collapses(sample.n, fixed, PASSING)

    @classmethod
    def collapses(
        cls, n: float, fixed: Mapping[str, float], least: Least
    ) -> Callable[[Self], Mask] | None:
        """Return a test for members with a component too narrow or with too few of n values.

        None if no component can collapse, because none has a free width.
        """
        at_risk = cls.can_collapse(fixed)
        if not at_risk:
            return None

        def test(member: Self) -> Mask:
            widths = np.stack(np.broadcast_arrays(*member.widths))
            return has_collapsed(widths, member._shares, at_risk, n, least)

        return test

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        """Say why the likelihood of this sample has no maximum, or None if it has one."""
        reasons = (
            cls.parts[at].unbounded(sample, cls.own(at, fixed)) for at in cls.can_collapse(fixed)
        )
        return next((reason for reason in reasons if reason), None)

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return mixtures of components that each stand for some of the values, in order.

        From them climbs a family that is made of a mixture; a mixture itself is searched for.
        """
        whole = Part.of(sample)
        middles = (np.cumsum(whole.weights) - 0.5 * whole.weights) / whole.n
        steps = np.arange(1.0, len(cls.parts) + 1.0)
        starts = []
        for sizes in (np.ones_like(steps), steps, steps[::-1]):
            edges = np.cumsum(sizes / sizes.sum())[:-1]
            place = np.searchsorted(edges, middles)
            if np.unique(place).size < steps.size:
                continue
            components = [
                starts_of(part, Part.of(whole, place == at), cls.own(at, fixed))[0]
                for at, part in enumerate(cls.parts)
            ]
            starts.append(cls.of_components([*(sizes / sizes.sum())], components))
        return starts or super().start(sample, fixed)

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
            ranked = sorted(movable, key=lambda at: (medians[at], float(self.widths[at])))
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

    def shifted(self, origin: float) -> Self:
        return self.of_components(
            list(self._shares), [part.shifted(origin) for part in self.components]
        )

    def rescaled(self, factor: float) -> Self:
        return self.of_components(
            list(self._shares), [part.rescaled(factor) for part in self.components]
        )


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


def _mixture_of(parts: tuple[type[Distribution], ...]) -> type[Mixture]:
    weights = tuple(f"weight_{j}" for j in range(1, len(parts)))
    parameters = dict.fromkeys(weights, Constraint(0.0, 1.0))
    for j, part in enumerate(parts, 1):
        parameters |= {f"{name}_{j}": c for name, c in part.constraints.items()}
    support = hull([part.support for part in parts])
    moves = all(_is_moved(part) for part in parts)
    attributes: dict[str, Any] = {
        "parts": parts, "discrete": parts[0].discrete, "support": support,
        "anchored": any(map(_is_anchored, parts)) or (support == REALS and not moves),
        "remainder": (f"weight_{len(parts)}", weights),
    }  # fmt: skip
    return cast("type[Mixture]", made(Mixture, Recipe("mixture", parts), parameters, **attributes))


def _is_anchored(part: type[Distribution]) -> bool:
    """Whether its constraints do not say how every parameter follows the unit of x."""
    return part.anchored or not any(c.power for c in part.constraints.values())


def _is_moved(part: type[Distribution]) -> bool:
    """Whether its members follow the origin of x."""
    return part.support == REALS and any(c.is_location for c in part.constraints.values())


_NEARLY = 0.997  # three values far off have a little less than their share: others reach there
_MOST_DECIMALS, _LARGE = 6, 1e7  # of numbers that are written without an exponent
_COUNTS = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def width_of(part: Distribution, *, relative: bool) -> Parameter:
    """Return how wide a component is.

    Of a location-scale family the scale; of another its standard deviation, `relative` to its mean.
    """
    constraints = part.constraints
    scales = [n for n, c in constraints.items() if c.power == 1 and not c.is_location]
    if len(scales) == 1 and any(c.is_location for c in constraints.values()):
        return cast("Parameter", getattr(part, scales[0]))
    width = part.std / part.mean if relative else part.std
    return np.where(np.isfinite(width), width, 1.0)[()]


def has_collapsed(
    widths: Array,
    shares: Sequence[Parameter] | Array,
    at_risk: Sequence[int],
    n: float,
    least: Least,
) -> Mask:
    """Whether one of the components at risk is too narrow, or has too few of n values.

    Widths and shares have the components along the first axis.
    """
    narrow = widths[at_risk] < least.ratio * widths.max(axis=0)
    few = [np.less(n * shares[at], _NEARLY * least.values) for at in at_risk]
    found: Mask = np.logical_or(narrow.any(axis=0), np.logical_or.reduce(few))
    return found


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
