"""The tables of a fit and of a comparison."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from likeliest.fitting.criteria import TIES
from likeliest.tables import Table, interval, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.description import Description
    from likeliest.fitting.columns import ColumnComparison
    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.result import Fit

_LARGE = 1e9  # from here on two decimals are of no interest
TOP = 5
"""Families that are shown at first sight."""
CRITERION_NAMES = {"aicc": "AICc", "aic": "AIC", "bic": "BIC", "nll": "NLL"}


def of_fit(fit: Fit, level: float = 0.95) -> Table:
    """Return a fit as a table: a row for each parameter.

    Parameters
    ----------
    fit : Fit
    level : float
        Coverage of the intervals.
    """
    errors, intervals = fit.standard_errors, fit.intervals(level)
    spreads = _spreads(fit, intervals)
    rows: tuple[tuple[str, ...], ...] = tuple(
        (
            name,
            number(value, error=spreads[name]),
            "fixed" if name in fit.fixed else number(errors[name]),
            interval(intervals[name]),
        )
        for name, value in fit.parameters.items()
    )
    if fit.remainder is not None:
        rows = _with_remainder(rows, fit, level)
    d = fit.diagnostics
    steps = f", {d.iterations} Newton step{'s'[: d.iterations > 1]}" if d.iterations else ""
    of = "" if fit.measure == "density" else " (of probabilities)"
    footer = (
        f"log likelihood {number(fit.log_likelihood, 8)} nats{of}",
        f"AICc {fit.aicc:.2f}   AIC {fit.aic:.2f}   BIC {fit.bic:.2f}",
        f"{d.outcome}{steps}",
        *d.notes,
        *((told,) if (told := fit.distribution.told()) else ()),
    )
    columns = ("parameter", "estimate", "std error", f"{100 * level:.12g} % interval")
    return Table(_title(fit.family, fit.description), columns, rows, footer)


def _with_remainder(
    rows: tuple[tuple[str, ...], ...], fit: Fit, level: float
) -> tuple[tuple[str, ...], ...]:
    """Return the rows with one for the share that the others leave, below theirs."""
    if fit.remainder is None or fit.distribution.remainder is None:
        return rows
    name, value, sure = fit.remainder
    error = None if sure is None else sure.error
    pair = None if sure is None else sure.interval(level)
    row = (name, number(value, error=error), number(error), interval(pair))
    at = 1 + [shown[0] for shown in rows].index(fit.distribution.remainder[1][-1])
    return (*rows[:at], row, *rows[at:])


def of_comparison(comparison: Comparison, top: int | None = None, way: str = "--full") -> Table:
    """Return a comparison as a table: a row for each family, the likeliest first.

    Parameters
    ----------
    comparison : Comparison
    top : int, optional
        How many rows to show; the others, and why families were left out, are then only counted.
    way : str
        How to get the rest.
    """
    name = CRITERION_NAMES[comparison.criterion]
    columns = ("family", name, f"Δ{name}", "weight", "parameters")
    ranked = zip(
        comparison.fits, comparison.values, comparison.deltas, comparison.weights, strict=True
    )
    rows = tuple(
        (fit.family, _criterion(value), _criterion(delta), f"{weight:.3f}", parameters(fit))
        for fit, value, delta, weight in islice(ranked, top)
    )
    number_of = len(comparison.fits)
    families = f"{number_of} famil{'y' if number_of == 1 else 'ies'}"
    # How the values were rounded stands among the notes: discrete families have no use for it.
    title = _title(families, replace(comparison.best.description, rounding=0.0))
    rest = left_out(comparison.left_out) if top is None else _rest(comparison, top, way)
    footer = (*_tied(comparison, name), *same_as(comparison), *comparison.notes, *rest)
    return Table(title, columns, rows, footer, wrapped=("parameters",))


def _tied(comparison: Comparison, name: str) -> tuple[str, ...]:
    if not comparison.tied:
        return ()
    others, most = ", ".join(comparison.tied), TIES[comparison.criterion]
    return (f"The data hardly tell {others} from {comparison.best.family}: Δ{name} < {most:g}.",)


def of_columns(columns: ColumnComparison) -> Table:
    """Return comparisons of many columns as a table: the best of each column in a row."""
    several = any(len(one) > 1 for one in columns.values())
    heads = ("column", "values", "family", *(("weight",) if several else ()), "parameters")
    nothing = ("–", "not fitted", *(("–",) if several else ()), "–")
    rows = {name: (name, *nothing) for name in columns.not_fitted}
    for name, one in columns.items():
        weight = (f"{one.weights[0]:.3f}",) if several else ()
        rows[name] = (name, f"{one.n:,.12g}", one.best.family, *weight, parameters(one.best))
    gaps = [f"{n:,} of {name}" for name, n in columns.missing.items() if n]
    poor = [name for name, one in columns.items() if one.best.misfit]
    constant = [name for name, one in columns.items() if one.is_constant]
    told = {
        name: " ".join(note for note in one.notes if note != one.best.misfit)
        for name, one in columns.items()
    }
    footer = (
        *(f"{', '.join(names)}: {note}" for note, names in _grouped(told).items() if note),
        *(f"not fitted: {name}: {why}" for name, why in columns.not_fitted.items()),
        *left_out(columns.left_out),
        *((f"missing cells left out: {', '.join(gaps)}",) if gaps else ()),
        *((f"the same value in every row: {', '.join(constant)}",) if constant else ()),
        *((f"not well described even by the likeliest: {', '.join(poor)}",) if poor else ()),
    )
    title = f"{len(rows)} column{'s'[: len(rows) != 1]}"
    in_order = tuple(rows[name] for name in columns.names)
    return Table(title, heads, in_order, footer, wrapped=("family", "parameters"))


def same_as(comparison: Comparison) -> tuple[str, ...]:
    """Say of which families the likeliest member is one of a smaller family."""
    return tuple(
        f"The likeliest {name} is {law}, which needs one parameter less: one row shows both."
        for name, law in comparison.same_as.items()
    )


def left_out(reasons: dict[str, str]) -> tuple[str, ...]:
    """Say why families, or columns, were left out: a line for each reason."""
    return tuple(f"left out: {', '.join(names)}: {why}" for why, names in _grouped(reasons).items())


def _title(what: str, seen: Description) -> str:
    return " · ".join(part for part in (what, seen.label, str(seen)) if part)


def parameters(fit: Fit) -> str:
    """Return the estimates, each with as many digits as its spread asks for."""
    spreads = _spreads(fit, fit.intervals() if fit.corners else {})
    return ", ".join(f"{n}={number(v, 4, spreads[n])}" for n, v in fit.parameters.items())


def _spreads(
    fit: Fit, intervals: Mapping[str, tuple[float, float] | None]
) -> dict[str, float | None]:
    """Return the standard error of each estimate, or the width of its interval in its place."""
    spreads = dict(fit.standard_errors)
    for name, pair in intervals.items():
        if spreads[name] is None and pair is not None:
            spreads[name] = pair[1] - pair[0]
    return spreads


def _rest(comparison: Comparison, top: int, way: str) -> tuple[str, ...]:
    """Return the line that counts what is not shown."""
    more, left_out = len(comparison.fits) - top, len(comparison.left_out)
    parts = [f"{more} more"] if more > 0 else []
    parts += [f"{left_out} left out, with the reason{'s'[: left_out > 1]}"] if left_out else []
    return (f"{', and '.join(parts)}: {way}",) if parts else ()


def _criterion(value: float) -> str:
    return f"{value:.2f}" if abs(value) < _LARGE else number(value)


def _grouped(left_out: dict[str, str]) -> dict[str, list[str]]:
    """Return the families, or columns, of each reason."""
    groups: dict[str, list[str]] = {}
    for family, why in left_out.items():
        groups.setdefault(why, []).append(family)
    return groups
