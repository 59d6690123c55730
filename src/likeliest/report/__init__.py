"""Reports: what was fitted, how well and how sure, as one HTML file to hand to a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.report import columns, comparison, fit, groups, language, recipes
from likeliest.report.html import require_jinja
from likeliest.report.recipe import Recipe
from likeliest.report.report import Report, require_other

if TYPE_CHECKING:
    from os import PathLike

    from likeliest.fitting.columns import ColumnComparison
    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.comparisons import Comparisons
    from likeliest.fitting.fits import Fits
    from likeliest.fitting.result import Fit
    from likeliest.language.models.evaluation import Evaluation
    from likeliest.language.models.model import NGramModel
    from likeliest.language.text.reading import Text

__all__ = [
    "Recipe",
    "Report",
    "of_columns",
    "of_comparison",
    "of_comparisons",
    "of_fit",
    "of_fits",
    "of_language_model",
    "require_jinja",
    "require_other",
]


def of_fit(
    fitted: Fit,
    source: str | PathLike[str] = "",
    level: float = 0.95,
    recipe: Recipe | None = None,
) -> Report:
    """Return the report of a fit; see `Fit.report`."""
    require_jinja()
    made = recipe or recipes.of_fit(fitted, str(source))
    return Report.of(fit.page_of(fitted, made, level), made.source)


def of_comparison(
    compared: Comparison,
    source: str | PathLike[str] = "",
    level: float = 0.95,
    recipe: Recipe | None = None,
) -> Report:
    """Return the report of a comparison; see `Comparison.report`."""
    require_jinja()
    made = recipe or recipes.of_comparison(compared, str(source))
    return Report.of(comparison.page_of(compared, made, level), made.source)


def of_columns(
    compared: ColumnComparison,
    source: str | PathLike[str] = "",
    level: float = 0.95,
    recipe: Recipe | None = None,
) -> Report:
    """Return the report of many columns; see `ColumnComparison.report`."""
    require_jinja()
    made = recipe or recipes.of_columns(compared, str(source))
    return Report.of(columns.page_of(compared, made, level), made.source)


def of_fits(
    fits: Fits,
    source: str | PathLike[str] = "",
    level: float = 0.95,
    recipe: Recipe | None = None,
) -> Report:
    """Return the report of the fits of many groups; see `Fits.report`."""
    require_jinja()
    made = recipe or recipes.of_fits(fits, str(source))
    return Report.of(groups.page_of_fits(fits, made, level), made.source)


def of_comparisons(
    compared: Comparisons, source: str | PathLike[str] = "", recipe: Recipe | None = None
) -> Report:
    """Return the report of families ranked in many groups; see `Comparisons.report`."""
    require_jinja()
    made = recipe or recipes.of_comparisons(compared, str(source))
    return Report.of(groups.page_of_comparisons(compared, made), made.source)


def of_language_model(
    model: NGramModel,
    text: Text | None = None,
    source: str | PathLike[str] = "",
    seed: int = 0,
    measured: tuple[Evaluation, tuple[str, ...]] | None = None,
) -> Report:
    """Return the report of a language model; see `NGramModel.report`.

    `measured` is how well it predicts files of these names, where that is known already.
    """
    require_jinja()
    if text is not None:
        measured = model.evaluate(text), language.names_of(text)
    return Report.of(language.page_of(model, measured, str(source), seed), str(source))
