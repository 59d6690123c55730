"""Families made of others: classes from a cached factory, their names, and how they are saved.

The same arguments give the same class, whose name is the text that gives it back. It is kept in
JSON as what it is made of, `{"family": "truncated", "of": {"family": "lognormal"}, "lower": 500}`,
and pickled likewise: only what it is made of is in the registry.
"""

from __future__ import annotations

import copyreg
import dataclasses
import inspect
from abc import ABCMeta, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Side, keep
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.distribution import Distribution
from likeliest.distributions.family import dataclass_of, plain
from likeliest.distributions.statistics import SufficientStatistics, of_each
from likeliest.errors import FamilyError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from likeliest.distributions.parameters import Constraint, Parameter
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

    Family = type[Distribution]


class Recipe(NamedTuple):
    """A record of how a family was made: by which combinator, of which parts.

    Parameters
    ----------
    combinator : str
        The name in `COMBINATORS`.
    parts : tuple of families
    constants : tuple of (name, value)
        Those that are not left at their default.
    """

    combinator: str
    parts: tuple[Family, ...]
    constants: tuple[tuple[str, Any], ...] = ()


class Combinator(NamedTuple):
    """A way to make families.

    Parameters
    ----------
    make : callable
        The public function: families by position, constants by name.
    parts : tuple of str
        What the families are called where one is saved; ("of", ...) of any number.
    constants : tuple of str
        The names that the function takes.
    """

    make: Callable[..., Family]
    parts: tuple[str, ...] | None
    constants: tuple[str, ...] = ()


COMBINATORS: dict[str, Combinator] = {}
"""The ways to make families, by their names."""

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


def recipe_of(family: Family) -> Recipe | None:
    """Return what a family is made of; None if it is not made."""
    return getattr(family, "recipe", None)


def remade(recipe: Recipe) -> Family:
    """Return the family that a recipe makes, by the public function."""
    return COMBINATORS[recipe.combinator].make(*recipe.parts, **dict(recipe.constants))


def _as_recipe(cls: MadeType) -> Any:
    return remade, (cls.recipe,)


copyreg.pickle(MadeType, _as_recipe)


# names and records


def written(recipe: Recipe) -> str:
    """Return the name of a made family: the text that `find` reads back to it.

    One that is made of a single plain family is said as people say it: zero-inflated poisson.
    """
    combinator, parts, constants = recipe
    names = [part.name for part in parts]
    if len(parts) == 1 and not constants and recipe_of(parts[0]) is None:
        return f"{combinator} {names[0]}"
    return f"{combinator}({', '.join([*names, *(f'{n}={_shown(v)}' for n, v in constants)])})"


def record_of(family: Family) -> dict[str, Any]:
    """Return what a family is, ready for JSON."""
    recipe = recipe_of(family)
    if recipe is None:
        return {"family": family.name}
    combinator, parts, constants = recipe
    keys = COMBINATORS[combinator].parts
    records = [record_of(part) for part in parts]
    named = {"of": records} if keys is None else dict(zip(keys, records, strict=True))
    return {"family": combinator, **named, **dict(constants)}


def from_record(saved: Mapping[str, Any], find: Callable[[Any], Family], depth: int = 0) -> Family:
    """Return the family that `record_of` described; `find` finds those that are not made.

    Raises
    ------
    FamilyError
        If it is made in a way that is not known here.
    """
    if not set(saved) - {"family", "parameters"}:
        return find(saved["family"])
    combinator = COMBINATORS.get(str(saved["family"]))
    if combinator is None or depth > _DEEPEST:
        ways = ", ".join(COMBINATORS)
        raise FamilyError(
            f"This version knows no way to make a family called {saved['family']!r:.60}; it knows "
            f"{ways}."
        )
    keys = combinator.parts
    records = saved["of"] if keys is None else [saved[key] for key in keys]
    parts = [from_record(record, find, depth + 1) for record in records]
    given = set(saved) - {"family", "parameters", *(keys or ("of",))}
    if unknown := given - set(combinator.constants):
        raise FamilyError(
            f"This version knows no {min(unknown)!r:.60} of a {saved['family']} family."
        )
    return combinator.make(*parts, **{name: saved[name] for name in given})


def read(text: str, find: Callable[[str], Family], depth: int = 0) -> Family | None:
    """Return the family that a text such as `truncated(lognormal, lower=500)` makes.

    None: the text does not begin with the name of a combinator.

    Raises
    ------
    FamilyError
        If it does, and is not whole, or what it names cannot be made.
    """
    head, bracket, inner = text.strip().partition("(")
    if not bracket:
        return _by_adjective(text, find)
    name = combinator_named(head)
    if name is None:
        return None
    if depth > _DEEPEST:
        raise FamilyError(f"A family is made of others at most {_DEEPEST} times over.")
    if not inner.endswith(")"):
        raise FamilyError(f"{shortened(text)!r} does not end with the bracket that it opens.")
    families: list[Any] = []
    constants: dict[str, Any] = {}
    for item in split(inner[:-1]):
        key, equals, value = item.partition("=")
        if equals and "(" not in key:
            constants[key.strip()] = _constant(value.strip(), find, depth)
        else:
            families.append(_constant(item.strip(), find, depth))
    return _called(name, families, constants)


def combinator_named(text: str) -> str | None:
    """Return the name of the combinator that a text is, without regard to case and hyphens."""
    return {plain(name): name for name in COMBINATORS}.get(plain(text))


def split(text: str) -> list[str]:
    """Return the parts of a text between commas that stand outside brackets.

    Examples
    --------
    >>> split("truncated(normal, lower=0), 2")
    ['truncated(normal, lower=0)', ' 2']
    """
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def shortened(text: str) -> str:
    """Return the text, or the beginning of a long one."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


_LONGEST = 100  # of what an error repeats of a text
_DEEPEST = 8


def _by_adjective(text: str, find: Callable[[str], Family]) -> Family | None:
    """Return the family that is called `zero-inflated poisson`, if a combinator is named first."""
    whole = plain(text)
    if len(whole) > _LONGEST:
        return None
    for name in COMBINATORS:
        if whole.startswith(plain(name)) and len(whole) > len(plain(name)):
            return _called(name, [find(whole.removeprefix(plain(name)))], {})
    return None


def _called(name: str, families: Sequence[Any], constants: Mapping[str, Any]) -> Family:
    make = COMBINATORS[name].make
    try:
        inspect.signature(make).bind(*families, **constants)
    except TypeError:
        known = COMBINATORS[name].constants
        says = f", and {', '.join(f'{c}=' for c in known)}" if known else ""
        one = COMBINATORS[name].parts
        takes = "families" if one is None else "a family" if len(one) == 1 else " and ".join(one)
        raise FamilyError(f"{name} takes {takes}{says}.") from None
    return make(*families, **constants)


def _constant(text: str, find: Callable[[str], Family], depth: int) -> Any:
    """Return a number, or the family that a text names."""
    try:
        number = float(text)
    except ValueError:
        return read(text, find, depth + 1) or find(text)
    return int(number) if text.isdigit() else number


def _shown(value: Any) -> str:
    if isinstance(value, type):
        return str(getattr(value, "name", value))
    return f"{value:g}" if float(f"{value:g}") == value else repr(float(value))


# what all made families share


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
    def inner(self) -> Distribution:
        """The member of the family that it is made of."""
        return self.of.unchecked(**{name: getattr(self, name) for name in self.of.constraints})

    def _check(self) -> None:
        self.of(**self.inner.parameters)

    def _with_inner(self, inner: Distribution) -> dict[str, Parameter]:
        return {**self.parameters, **inner.parameters}

    def natural_sizes(self) -> tuple[Parameter, ...]:
        own = dict(zip(self.constraints, super().natural_sizes(), strict=True))
        inner = dict(zip(self.of.constraints, self.inner.natural_sizes(), strict=True))
        return tuple({**own, **inner}.values())

    def notes(self, sample: Sample) -> tuple[str, ...]:
        return self.inner.notes(sample)

    def at_end(self, name: str) -> str:
        inner = self.inner
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
