"""Fits and comparisons as JSON, their intervals at the level that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from likeliest.files import json_ready

if TYPE_CHECKING:
    from likeliest.fitting.columns import ColumnComparison
    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.result import Fit


def of_fit(fitted: Fit, level: float) -> dict[str, Any]:
    """Return a fit as JSON."""
    return fitted.to_dict() | {"intervals": _intervals(fitted, level)}


def of_comparison(compared: Comparison, level: float) -> dict[str, Any]:
    """Return a comparison as JSON."""
    record = compared.to_dict()
    for fitted, written in zip(compared.fits, record["fits"], strict=True):
        written["intervals"] = _intervals(fitted, level)
    return record


def of_columns(columns: ColumnComparison, level: float) -> dict[str, Any]:
    """Return the comparisons of several columns as JSON."""
    compared = {name: of_comparison(one, level) for name, one in columns.items()}
    return columns.to_dict() | {"columns": compared}


def _intervals(fitted: Fit, level: float) -> Any:
    ends = {n: None if pair is None else [*pair] for n, pair in fitted.intervals(level).items()}
    return json_ready({"level": level, **ends})
