"""Values whose zeros are a kind of their own."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from likeliest.distributions.combinators.blend import Atom, Blend, Branch
from likeliest.distributions.combinators.part import Part
from likeliest.distributions.combinators.truncated import truncated
from likeliest.distributions.estimation import Estimation
from likeliest.distributions.families.registry import find
from likeliest.distributions.made import OfOne, made, part_of, starts_of
from likeliest.distributions.parameters import Constraint
from likeliest.distributions.recipes import COMBINATORS, Combinator, Recipe, recipe_of
from likeliest.distributions.support import Support
from likeliest.errors import FamilyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.sample import Sample


def hurdle(family: str | type[Distribution]) -> type[Distribution]:
    """Make the family whose zeros have a probability of their own, `zero_share`.

    All zeros are of one kind; the other values are the family's, given that they are not 0. Days
    without rain and the amounts of rain on the others are `hurdle("gamma")`. Of counts some zeros
    of which may be the family's own, see `zero_inflated`.

    Parameters
    ----------
    family : str or class

    Returns
    -------
    class
        The family, the same for the same argument. Of a family with a density it has an atom at 0,
        and is ranked only beside families that have the same.

    Raises
    ------
    FamilyError
        If the family has a share of zeros of its own already.

    Examples
    --------
    >>> import likeliest as lk
    >>> rain = lk.fit([0.0, 0.0, 3.1, 0.0, 1.2, 8.4, 0.0, 0.6, 2.2], lk.hurdle("gamma"))
    >>> rain.family, round(rain.parameters["zero_share"], 4), round(rain.parameters["shape"], 3)
    ('hurdle gamma', 0.4444, 1.434)
    """
    of = part_of(family, find, "hurdle")
    refuse_zeros(of, "hurdle")
    if of.discrete and of.support.low != 0.0:
        raise FamilyError(
            f"hurdle cannot be made of {of.name} ({of.support.describe()}): it takes counts that "
            "begin at 0, or a family with a density."
        )
    parameters = {"zero_share": Constraint(0.0, 1.0, low_closed=True), **of.constraints}
    attributes: dict[str, Any] = {
        "of": of, "discrete": of.discrete, "support": _with_zero(of.support),
        "atoms": () if of.discrete else (0.0,), "anchored": not of.discrete,
    }  # fmt: skip
    return made(Hurdle, Recipe("hurdle", (of,)), parameters, **attributes)


COMBINATORS["hurdle"] = Combinator(hurdle, ("of",))


def refuse_zeros(of: type[Distribution], what: str) -> None:
    """Raise FamilyError where a family has a share of zeros already."""
    recipe = recipe_of(of)
    has = recipe is not None and recipe.combinator in {"zero-inflated", "hurdle"}
    if has or (of.discrete and not of.support.low <= 0.0 <= of.support.high):
        why = "cannot be 0" if not has else "has a share of zeros of its own"
        raise FamilyError(f"{what} cannot be made of {of.name}, which {why}.")


class Hurdle(Blend, OfOne):
    """Values that are 0 with the probability `zero_share`, and else the family's, given not 0.

    p(0) = zero_share; f(x) = (1 - zero_share) g(x) / (1 - P(X = 0)) for other x, g and P being
    those of the family.

    Source: Mullahy (1986), Journal of Econometrics 33.
    """

    zero_share: Any

    @cached_property
    def positive(self) -> Distribution:
        """The law of the values that are not 0."""
        if not self.discrete:
            return self.original
        return truncated(self.of, lower=0.0).unchecked(**self.original.parameters)

    def bounds(self) -> Support:
        return _with_zero(self.original.bounds())

    def branches(self) -> Sequence[Branch]:
        """Return the zeros, and the law of the others."""
        share = self.zero_share
        places = tuple(range(1, len(self.constraints)))
        return (
            Branch(share, {0: 1.0}, Atom(0.0)),
            Branch(1.0 - share, {0: -1.0}, self.positive, places),
        )

    def rescaled(self, factor: float) -> Self:
        return type(self)(**{**self.parameters, **self.original.rescaled(factor).parameters})

    # likelihood

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members with the share of zeros, and the family's start for the others."""
        values = np.asarray(sample.values, dtype=np.float64)
        zeros = float(np.average(values == 0.0, weights=sample.weights))
        share = np.clip(zeros, 0.5 / sample.n, 1.0 - 0.5 / sample.n)
        some = _others(sample)
        inners = starts_of(cls.of, some, fixed)
        return [cls(**{"zero_share": share, **inner.parameters}) for inner in inners]

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if sample.high == 0.0 == sample.low:
            return f"has no single maximum: all values are 0, and none tells of the {cls.of.name}"
        if not sample.exact or _differ(sample):
            return None
        return cls.of.unbounded(_others(sample), fixed)

    @classmethod
    def is_singular(
        cls, sample: Sample, fixed: Mapping[str, float]
    ) -> Callable[[Self], npt.NDArray[np.bool_]] | None:
        has_none = cls.of.is_singular.__func__ is Estimation.is_singular.__func__  # type: ignore[attr-defined]
        if has_none or not sample.exact or sample.high == 0.0 == sample.low:
            return None
        test: Any = cls.of.is_singular(_others(sample), fixed)
        return None if test is None else lambda member: test(member.original)

    def at_end(self, name: str) -> str:
        if name != "zero_share":
            return super().at_end(name)
        return (
            f"zero_share is 0: no value is 0, and it has no standard error beside {self.of.name}."
        )

    def simpler(self) -> Distribution | None:
        return self.positive if self.zero_share == 0.0 else None


def _differ(sample: Sample) -> bool:
    """Whether a glance shows two values that are not 0 and not the same."""
    some = np.asarray(sample.values[:_GLANCE])
    return np.unique(some[some != 0.0]).size > 1


_GLANCE = 1_000


def _others(sample: Sample) -> Part:
    return Part.of(sample, np.not_equal(sample.values, 0.0))


def _with_zero(support: Support) -> Support:
    """Return a support with 0 in it."""
    low, high = np.minimum(support.low, 0.0)[()], np.maximum(support.high, 0.0)[()]
    return Support(
        low,
        high,
        low_closed=support.low_closed or bool(np.all(low == 0.0)),
        high_closed=support.high_closed or bool(np.all(high == 0.0)),
        whole=support.whole,
        atom_at_low=not support.whole and bool(np.all(low == 0.0)),
    )
