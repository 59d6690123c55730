"""Lifetimes of which a share never ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from likeliest.distributions.combinators.blend import Atom, Blend, Branch
from likeliest.distributions.combinators.image import with_density
from likeliest.distributions.families.registry import find
from likeliest.distributions.made import OfOne, made, moments_of, starts_of
from likeliest.distributions.parameters import Constraint
from likeliest.distributions.recipes import COMBINATORS, Combinator, Recipe, recipe_of
from likeliest.distributions.support import Support
from likeliest.errors import DataError, FamilyError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_SHARES = (0.05, 0.3, 0.7)  # of starts
_SUFFICIENT = 0.05  # of Maller & Zhou's α: below it follow-up reaches a plateau


def cured(family: str | type[Distribution]) -> type[Distribution]:
    """Make the family of lifetimes of which a share, `cured_share`, never ends.

    P(X > t) = cured_share + (1 - cured_share) S(t), S being that of the family. Nobody is seen to
    be cured: the share shows in rows that are censored long after the last event.

    Parameters
    ----------
    family : str or class
        With a density, of positive values.

    Returns
    -------
    class
        The family, the same for the same argument.

    Raises
    ------
    FamilyError
        If the family counts whole numbers, can be negative, or has a share of its own.

    Examples
    --------
    >>> import likeliest as lk
    >>> weeks = [3, 5, 6, 8, 8, 11, 15, 40, 41, 44, 46, 52]
    >>> relapse = [1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
    >>> fit = lk.fit(weeks, lk.cured("weibull"), event=relapse)
    >>> fit.family, round(fit.parameters["cured_share"], 3)
    ('cured weibull', 0.417)
    """
    of = with_density(family, find, "cured")
    recipe = recipe_of(of)
    if recipe is not None and recipe.combinator == "cured":
        raise FamilyError(f"cured cannot be made of {of.name}, which has a share of its own.")
    if not (of.support.low >= 0.0 and of.support.high == np.inf):
        raise FamilyError(
            f"cured cannot be made of {of.name} ({of.support.describe()}): lifetimes are positive "
            "and have no greatest."
        )
    parameters = {"cured_share": Constraint(0.0, 1.0, low_closed=True), **of.constraints}
    attributes: dict[str, Any] = {
        "of": of, "discrete": False, "support": _with_never(of.support), "anchored": of.anchored,
        "special_cases": {of.name: {"cured_share": 0.0}},
    }  # fmt: skip
    return made(Cured, Recipe("cured", (of,)), parameters, **attributes)


COMBINATORS["cured"] = Combinator(cured, ("of",))


class Cured(Blend, OfOne):
    """Lifetimes of which a share `cured_share` never ends, and the rest are the family's.

    f(x) = (1 - cured_share) g(x), P(X = ∞) = cured_share.

    Source: Boag (1949), J. R. Statist. Soc. B 11; Maller & Zhou (1996), Survival Analysis with
    Long-Term Survivors.
    """

    cured_share: Any

    def bounds(self) -> Support:
        return _with_never(self.original.bounds())

    def branches(self) -> Sequence[Branch]:
        """Return those that never end, and the family."""
        share = self.cured_share
        places = tuple(range(1, len(self.constraints)))
        return (
            Branch(share, {0: 1.0}, Atom(np.inf)),
            Branch(1.0 - share, {0: -1.0}, self.original, places),
        )

    def _quantile(self, q: Array) -> Array:
        ends = 1.0 - self.cured_share
        within = self.original.quantile(np.clip(q / ends, 0.0, 1.0))
        return np.where(np.less(q, ends), within, np.inf)

    def _upper_quantile(self, q: Array) -> Array:
        ends = 1.0 - self.cured_share
        within = self.original.upper_quantile(np.clip((q - self.cured_share) / ends, 0.0, 1.0))
        return np.where(np.greater(q, self.cured_share), within, np.inf)

    def moments(self) -> tuple[Parameter, Parameter]:
        """Return mean and variance, infinite and unknown where some lives never end."""
        mean, var = moments_of(self.original)
        never = np.greater(self.cured_share, 0.0)
        return np.where(never, np.inf, mean)[()], np.where(never, np.nan, var)[()]

    def rescaled(self, factor: float) -> Self:
        return type(self)(**{**self.parameters, **self.original.rescaled(factor).parameters})

    # likelihood

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members with some shares, and the family's start for all values."""
        inners = starts_of(cls.of, sample, fixed)
        shares = [{"cured_share": share} for share in _SHARES]
        return [cls(**{**share, **inner.parameters}) for inner in inners for share in shares]

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if sample.exact:
            raise DataError(
                f"{cls.name} needs rows that had not ended when last seen (event=...): of lives "
                f"that all ended none is cured. Fit {cls.of.name}."
            )
        return cls.of.unbounded(sample, fixed)

    def notes(self, sample: Sample, estimated: Collection[str]) -> tuple[str, ...]:
        alpha = sample.chance_of_later_events()
        told = self.original.notes(sample, estimated)
        if alpha is None or alpha < _SUFFICIENT:
            return told
        return (
            *told,
            "Follow-up reaches no plateau: events go on until about its end (Maller & Zhou's α = "
            f"{alpha:.2g}, which should lie below {_SUFFICIENT:g}). The cured share then rests on "
            f"how the tail of the {self.of.name} goes on, not on the data.",
        )

    def at_end(self, name: str) -> str:
        if name != "cured_share":
            return super().at_end(name)
        return (
            f"cured_share is 0: the {self.of.name} explains all rows without it, and it has no "
            "standard error."
        )

    def simpler(self) -> Distribution | None:
        if self.cured_share == 0.0:
            return self.original
        inner = self.original.simpler()
        if inner is None:
            return None
        return cured(type(inner))(**{"cured_share": self.cured_share, **inner.parameters})


def _with_never(support: Support) -> Support:
    """Return a support with ∞ in it."""
    return Support(support.low, support.high, low_closed=support.low_closed, high_closed=True)
