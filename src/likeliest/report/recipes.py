"""What is known of how a result was made, read off the result itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from likeliest.distributions.combinators.mixture import Mixture
from likeliest.distributions.families import find
from likeliest.distributions.families.sets import SETS, chosen
from likeliest.report.recipe import Recipe

if TYPE_CHECKING:
    from likeliest.data.description import Description
    from likeliest.fitting.columns import ColumnComparison
    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.comparisons import Comparisons
    from likeliest.fitting.fits import Fits
    from likeliest.fitting.result import Fit


def of_fit(fit: Fit, source: str) -> Recipe:
    """Return how to make a fit again."""
    seen = fit.description
    return Recipe(
        source,
        seen.column,
        families=(fit.family,),
        fixed=fit.fixed,
        rounding=seen.rounding or None,
        drops=seen.left_out > 0,
        is_ranking=False,
        is_complete=_is_complete(seen),
    )


def of_comparison(compared: Comparison, source: str) -> Recipe:
    """Return how to make a comparison again."""
    seen = compared.best.description
    names = (*(fit.family for fit in compared.fits), *compared.left_out, *compared.same_as)
    exact = compared.observations
    usual = 1.0 if exact is not None and exact.exact and exact.summary.whole else 0.0
    return Recipe(
        source,
        seen.column,
        families=_set_of(names),
        rounding=None if compared.rounding == usual else compared.rounding,
        criterion=compared.criterion,
        drops=seen.left_out > 0,
        is_complete=_is_complete(seen),
    )


def of_columns(compared: ColumnComparison, source: str) -> Recipe:
    """Return how to make a comparison of many columns again."""
    first = of_comparison(next(iter(compared.values())), "")
    return replace(
        first,
        source=source,
        column="",
        columns=compared.names,
        all_columns=True,
        drops=any(compared.missing.values()),
    )


def of_fits(fits: Fits, source: str) -> Recipe:
    """Return how to make the fits of many groups again."""
    seen = fits.grouped.observations.description
    return Recipe(
        source,
        seen.column,
        families=(fits.family.name,),
        by=tuple(fits.grouped.keys.columns.columns),
        fixed=fits.fixed,
        rounding=seen.rounding or None,
        drops=seen.left_out > 0,
        is_ranking=False,
        is_complete=_is_complete(seen),
    )


def of_comparisons(compared: Comparisons, source: str) -> Recipe:
    """Return how to make a ranking for many groups again."""
    seen = compared.grouped.observations.description
    return Recipe(
        source,
        seen.column,
        families=_set_of(tuple(family.name for family in compared.families)),
        by=tuple(compared.grouped.keys.columns.columns),
        rounding=compared.rounding,
        criterion=compared.criterion,
        drops=seen.left_out > 0,
        is_complete=_is_complete(seen),
    )


def _is_complete(seen: Description) -> bool:
    return seen.is_plain and not seen.by_sampling and seen.n == round(seen.n)


def _set_of(names: tuple[str, ...]) -> tuple[str, ...] | str:
    """Return the name of the set that the families make, or their names.

    Of a set, mixtures are tried by themselves where no other family describes the data.
    """
    given = set(names)
    for name in SETS:
        of_set = {family.name for family in chosen(name)}
        more = (find(other) for other in given - of_set)
        if of_set <= given and all(issubclass(family, Mixture) for family in more):
            return name
    return names
