"""Reports: what was fitted, how well and how sure, as one HTML file to hand to a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.report import comparison, fit, recipes
from likeliest.report.html import require_jinja
from likeliest.report.recipe import Recipe
from likeliest.report.report import Report, require_other

if TYPE_CHECKING:
    from os import PathLike

    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.result import Fit

__all__ = ["Recipe", "Report", "of_comparison", "of_fit", "require_jinja", "require_other"]


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
