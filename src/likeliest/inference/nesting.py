"""How one fit lies within another: which parameters of the larger family make it the smaller."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.made import OfOne
from likeliest.distributions.recipes import recipe_of
from likeliest.errors import DataError, ParameterError
from likeliest.fitting.result import Fit
from likeliest.tables import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution


@dataclass(frozen=True)
class Nesting:
    """How one fit lies within another.

    Parameters
    ----------
    df : int
        How many parameters more the larger one estimates.
    on_boundary : tuple of str
        The parameters held in the smaller that lie on an end of their range.
    null : str
        What is tested.
    why_no_law : str
        Why the statistic follows no simple law in large samples; empty where it does.
    adds_components : bool
        Whether the larger is a mixture of all that the smaller is a mixture of, and more.
    """

    df: int
    on_boundary: tuple[str, ...]
    null: str
    why_no_law: str
    adds_components: bool

    @classmethod
    def of(cls, small: Fit, big: Fit) -> Nesting:
        """Return how `small` lies within `big`.

        Raises
        ------
        ParameterError
            If it does not.
        """
        require_fits(small, big)
        family = type(big.distribution)
        condition = _condition(type(small.distribution), family)
        held = {} if condition and not small.fixed and not big.fixed else _held(small, big)
        df = big.estimated - small.estimated
        if df < 1:
            raise ParameterError(
                f"The fits have as many estimates ({small.estimated}): there is nothing to test."
            )
        on_boundary = tuple(n for n, v in held.items() if v in family.constraints[n].closed_ends)
        values = " and ".join(f"{n} = {number(v).replace('inf', '∞')}" for n, v in held.items())
        same = type(small.distribution) is family
        values = values or condition
        null = f"{big.family} with {values}" + ("" if same else f", which is {small.family}")
        adds_components = _adds_components(type(small.distribution), family)
        why_no_law = _why_no_law(small, big, on_boundary)
        return cls(df, on_boundary, null, why_no_law, adds_components)


def _held(small: Fit, big: Fit) -> dict[str, float]:
    """Return the values of parameters that make the larger fit the smaller."""
    family = type(big.distribution)
    if type(small.distribution) is family:
        if all(small.fixed.get(name) == value for name, value in big.fixed.items()):
            return {n: v for n, v in small.fixed.items() if n not in big.fixed}
        shown = ", ".join(f"{n}={v:g}" for n, v in big.fixed.items())
        raise ParameterError(
            f"The fits are not nested: the larger one holds {shown}, and the smaller does not."
        )
    if big.fixed:
        raise ParameterError(
            f"{small.family} is not known to be a special case of {big.family} with parameters "
            "fixed: leave them free."
        )
    return special_case(small, family)


def special_case(small: Fit, big: type[Distribution]) -> dict[str, float]:
    """Return the parameters of a family that make it the one that was fitted.

    Raises
    ------
    ParameterError
        If that is none of its special cases.
    """
    case = _case(type(small.distribution), big)
    if case is None or small.fixed:
        more = " with parameters fixed" if case is not None else ""
        raise ParameterError(
            f"{small.family}{more} is not known to be a special case of {big.name}. Compare fits "
            "that are not nested by lk.vuong, or by their AIC."
        )
    return dict(case)


def _case(small: type[Distribution], big: type[Distribution]) -> Mapping[str, float] | None:
    """Return the parameters of the larger family that make it the smaller; None if none are known.

    Families that are made alike, of parts one of which holds the other, hold one another so too.
    """
    if small.name in big.special_cases or not issubclass(big, OfOne):
        return big.special_cases.get(small.name)
    one, other = recipe_of(small), recipe_of(big)
    if one is not None and other is not None and issubclass(small, OfOne):
        alike = one.combinator == other.combinator and one.constants == other.constants
        return _case(small.of, big.of) if alike else None
    within, outer = _case(small, big.of), big.special_cases.get(big.of.name)
    return None if within is None or outer is None else {**outer, **within}


def _condition(small: type[Distribution], big: type[Distribution]) -> str:
    """Return under which condition the larger family is the smaller; empty where none is known.

    One on several parameters at once: in the hurdle family of counts the share of zeros is then a
    function of the others.
    """
    recipe = recipe_of(big)
    if _adds_components(small, big):
        return "fewer components"
    if recipe is not None and recipe.combinator == "hurdle" and big.discrete:
        return "the share of zeros that the family itself has" * (recipe.parts == (small,))
    return big.special_conditions.get(small.name, "")


def _adds_components(small: type[Distribution], big: type[Distribution]) -> bool:
    """Whether the larger family is a mixture of all that the smaller is a mixture of, and more."""
    recipe, of_small = recipe_of(big), recipe_of(small)
    if recipe is None or recipe.combinator != "mixture":
        return False
    is_mixture = of_small is not None and of_small.combinator == "mixture"
    parts = of_small.parts if of_small is not None and is_mixture else (small,)
    more = Counter(recipe.parts) - Counter(parts)
    return more.total() == len(recipe.parts) - len(parts) > 0


def require_fits(*fits: object) -> None:
    """Raise ParameterError unless all are fits of one family to one set of data."""
    for one in fits:
        if not isinstance(one, Fit):
            name = type(one).__name__
            told = {
                "Fits": " Fits of groups are tested one by one: fits[key].",
                "Comparison": " A comparison holds its fits by family: comparison[family].",
            }
            more = told.get(name, "")
            raise ParameterError(f"A test takes fits, as lk.fit returns them; got {name}.{more}")


def _why_no_law(small: Fit, big: Fit, on_boundary: tuple[str, ...]) -> str:
    corners = big.distribution.non_smooth or small.distribution.non_smooth
    if corners:
        return "The likelihood has corners, where the ratio follows no χ²"
    if _adds_components(type(small.distribution), type(big.distribution)):
        return "A component without weight may be anywhere, where the ratio follows no χ²"
    if len(on_boundary) > 1:
        return f"{' and '.join(on_boundary)} lie on boundaries, where the ratio follows no χ²"
    others = [name for name in small.found.bounds if name not in small.fixed]
    if others:
        return (
            f"{' and '.join(others)} of the smaller fit is estimated on a boundary, where the "
            "ratio follows no χ²"
        )
    if small.description.by_sampling:
        return "The weights are those of a sample, and the ratio of their likelihoods has no law"
    return ""


def require_same_data(small: Fit, big: Fit) -> None:
    """Raise DataError if two fits are not of the same data."""
    told = f"{small.family} and {big.family}"
    if small.measure != big.measure:
        raise DataError(
            f"The fits of {told} are not of the same data: one likelihood is made of densities, "
            "the other of probabilities."
        )
    a, b = small.observations, big.observations
    if a is not None and b is not None:
        same = _are_same(a, b)
    elif a is not None:
        same = _are_of(big, a)
    elif b is not None:
        same = _are_of(small, b)
    else:  # of two loaded fits no more is known
        same = small.n == big.n
    if not same:
        raise DataError(f"The fits of {told} are not of the same data: fit both to the same.")


def _are_of(loaded: Fit, observations: Observations) -> bool:
    """Return whether a fit that was loaded has the likelihood that it says of these data."""
    try:
        loaded.attach(observations)
    except DataError:
        return False
    return True


def _are_same(a: Observations, b: Observations) -> bool:
    if a is b:
        return True
    for name in ("values", "weights", "lower", "upper", "entry", "exit"):
        one, other = getattr(a, name), getattr(b, name)
        if (one is None) != (other is None):
            return False
        if one is not None and not np.array_equal(one, other):
            return False
    return True
