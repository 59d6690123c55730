"""The making of families from others: classes from a cached factory, and what all of them share.

The same arguments give the same class. It is pickled as its recipe, from which it is made again.
"""

from __future__ import annotations

import copyreg
import dataclasses
from abc import ABCMeta, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, keep
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.distribution import Distribution
from likeliest.distributions.family import dataclass_of
from likeliest.distributions.recipes import Recipe, record_of, remade, written
from likeliest.distributions.statistics import SufficientStatistics, of_each
from likeliest.errors import FamilyError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from likeliest.distributions.parameters import Constraint, Parameter
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

    Family = type[Distribution]


_MADE: dict[Recipe, Family] = {}


class MadeType(ABCMeta):
    """The type of families that are made: they are pickled as what they are made of."""

    recipe: Recipe


def made(
    base: type[Any], recipe: Recipe, parameters: Mapping[str, Constraint], **attributes: Any
) -> Family:
    """Return the family that a recipe makes, the same class for the same recipe.

    Parameters
    ----------
    base : class
        The combinator's own, with its formulas.
    recipe : Recipe
    parameters : mapping from name to Constraint
    attributes
        The class attributes of the family, `support` and `discrete` among them.
    """
    found = _MADE.get(recipe)
    if found is not None:
        return found
    kind = DiscreteDistribution if attributes.pop("discrete") else ContinuousDistribution
    name = written(recipe)
    fields = {
        field: dataclasses.field(metadata={"constraint": constraint})
        for field, constraint in parameters.items()
    }
    body = {
        **attributes,
        **fields,
        "__annotations__": dict.fromkeys(fields, "Parameter"),
        "__module__": base.__module__,
        "__qualname__": name,
        "__doc__": base.__doc__,
        "name": name,
        "recipe": recipe,
    }
    cls: Any = MadeType(name, (base, kind), body)
    return _MADE.setdefault(recipe, dataclass_of(cls))


def _as_recipe(cls: MadeType) -> Any:
    return remade, (cls.recipe,)


copyreg.pickle(MadeType, _as_recipe)


class Made(Distribution):
    """A family made of others: what its formulas and its fits take from theirs.

    Class attributes that a family states
    -------------------------------------
    recipe : Recipe
    """

    recipe: ClassVar[Recipe]

    @abstractmethod
    def moments(self) -> tuple[Parameter, Parameter]:
        """Return mean and variance, also where a parameter that a part has is called mean."""

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        return self.moments()[0]

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        return self.moments()[1]

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        return self.derivatives(x, keep).score

    def to_dict(self) -> dict[str, Any]:
        """Return what the family is made of and the parameters, ready for JSON."""
        return {**record_of(type(self)), "parameters": super().to_dict()["parameters"]}


class OfOne(Made):
    """A family made of one other.

    Class attributes that a family states
    -------------------------------------
    of : family
        What it is made of, whose parameters are among its own by the same names.
    """

    of: ClassVar[Family]

    @cached_property
    def original(self) -> Distribution:
        """The member of the family that it is made of."""
        return self.of.unchecked(**{name: getattr(self, name) for name in self.of.constraints})

    def _check(self) -> None:
        self.of(**self.original.parameters)

    def natural_sizes(self) -> tuple[Parameter, ...]:
        own = dict(zip(self.constraints, super().natural_sizes(), strict=True))
        inner = dict(zip(self.of.constraints, self.original.natural_sizes(), strict=True))
        return tuple({**own, **inner}.values())

    def notes(self, sample: Sample, estimated: Collection[str]) -> tuple[str, ...]:
        return self.original.notes(sample, estimated)

    def at_end(self, name: str) -> str:
        inner = self.original
        return inner.at_end(name) if name in inner.constraints else super().at_end(name)


def part_of(family: Any, find: Callable[[Any], Family], what: str) -> Family:
    """Return the family that a part is, or say why none can be made of it."""
    found = find(family)
    if found.non_smooth:
        raise FamilyError(
            f"{what} cannot be made of {found.name}: its likelihood has corners, at ends of the "
            "support or at a value, for which only a fit of the family itself has a route."
        )
    return found


def number(what: str, value: Any) -> float:
    """Return a constant as a float, or raise ParameterError."""
    try:
        made_of = float(value)
    except (TypeError, ValueError):
        made_of = np.nan
    if np.isnan(made_of) or isinstance(value, (bool, str)):
        raise ParameterError(f"{what} must be a number; got {value!r:.60}.")
    return made_of + 0.0


def starts_of(family: Family, sample: Sample, fixed: Mapping[str, float]) -> list[Distribution]:
    """Return members of a part to set out from: the likeliest where that has a closed form."""
    held = {name: value for name, value in fixed.items() if name in family.constraints}
    if hasattr(family, "maximize"):
        try:
            return [_likeliest(family, sample)]
        except ParameterError:  # equal values: with nothing fixed there would be no maximum
            pass
    return [*family.start(sample, held)]


def _likeliest(family: Any, sample: Sample) -> Distribution:
    """Return the member of a family with a closed form that is likeliest for exact values."""
    pivot = family.pivot(sample, {})
    columns = family.statistics(np.asarray(sample.values, dtype=np.float64), pivot)
    means = tuple(float(np.average(of_each(c), weights=sample.weights)) for c in columns)
    member: Distribution = family.maximize(
        SufficientStatistics(sample.n, sample.low, sample.high, sample.mean, pivot, means)
    )
    return member


def moments_of(member: Any) -> tuple[Parameter, Parameter]:
    """Return mean and variance of a member of any family."""
    return member.moments() if isinstance(member, Made) else (member.mean, member.var)


def mean_of(member: Any) -> Parameter:
    """Return the mean of a member of any family, whatever its parameters are called."""
    return member.moments()[0] if isinstance(member, Made) else member.mean


def less(seen: Derivatives, window: Derivatives) -> Derivatives:
    """Return the log of a ratio with its derivatives."""
    return Derivatives(
        seen.log_prob - window.log_prob,
        tuple(a - b for a, b in zip(seen.score, window.score, strict=True)),
        tuple(a - b for a, b in zip(seen.hessian, window.hessian, strict=True)),
    )


def within(member: Distribution, lower: Array, upper: Array) -> Derivatives:
    """Return log P(lower < X ≤ upper) with its derivatives; an end may be open for all rows."""
    if np.all(np.isneginf(lower)):
        return member.tail_derivatives(upper, Side.BELOW)
    if np.all(np.isposinf(upper)):
        return member.tail_derivatives(lower, Side.ABOVE)
    return member.interval_derivatives(lower, upper)


def log_within(member: Distribution, lower: Array, upper: Array) -> Array:
    """Return log P(lower < X ≤ upper) likewise."""
    if np.all(np.isneginf(lower)):
        return member.log_cdf(upper)
    if np.all(np.isposinf(upper)):
        return member.log_sf(lower)
    return member.log_interval(lower, upper)
