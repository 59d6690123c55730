"""The tables of a fit and of a comparison."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from likeliest.tables import Table, interval, number

if TYPE_CHECKING:
    from likeliest.data.description import Description
    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.result import Fit

_LARGE = 1e9  # from here on two decimals are of no interest
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
    rows = tuple(
        (
            name,
            number(value, error=errors[name]),
            "fixed" if name in fit.fixed else number(errors[name]),
            interval(intervals[name]),
        )
        for name, value in fit.parameters.items()
    )
    d = fit.diagnostics
    steps = f", {d.iterations} Newton step{'s'[: d.iterations > 1]}" if d.iterations else ""
    of = "" if fit.measure == "density" else " (of probabilities)"
    footer = (
        f"log likelihood {number(fit.log_likelihood, 8)} nats{of}",
        f"AICc {fit.aicc:.2f}   AIC {fit.aic:.2f}   BIC {fit.bic:.2f}",
        f"{d.outcome}{steps}",
        *d.notes,
    )
    columns = ("parameter", "estimate", "std error", f"{100 * level:.12g} % interval")
    return Table(_title(fit.family, fit.description), columns, rows, footer)


def of_comparison(comparison: Comparison, top: int | None = None) -> Table:
    """Return a comparison as a table: a row for each family, the likeliest first.

    Parameters
    ----------
    comparison : Comparison
    top : int, optional
        How many rows to show; the others, and why families were left out, are then only counted.
    """
    name = CRITERION_NAMES[comparison.criterion]
    columns = ("family", name, f"Δ{name}", "weight", "parameters")
    ranked = zip(
        comparison.fits, comparison.values, comparison.deltas, comparison.weights, strict=True
    )
    rows = tuple(
        (fit.family, _criterion(value), _criterion(delta), f"{weight:.3f}", _parameters(fit))
        for fit, value, delta, weight in islice(ranked, top)
    )
    left_out = tuple(
        f"left out: {', '.join(names)}: {why}"
        for why, names in _grouped(comparison.left_out).items()
    )
    # How the values were rounded stands among the notes: discrete families have no use for it.
    seen = replace(comparison.best.description, rounding=0.0)
    title = _title(f"{len(comparison.fits)} families", seen)
    footer = (*comparison.notes, *(left_out if top is None else _rest(comparison, top)))
    return Table(title, columns, rows, footer, wrapped=("parameters",))


def _title(what: str, seen: Description) -> str:
    return " · ".join(part for part in (what, seen.label, str(seen)) if part)


def _parameters(fit: Fit) -> str:
    """Return the estimates, each with as many digits as its spread asks for."""
    errors = fit.standard_errors
    ends = fit.intervals() if fit.corners else {}

    def spread(name: str) -> float | None:
        pair = ends.get(name)
        return errors[name] if pair is None else pair[1] - pair[0]

    return ", ".join(f"{n}={number(v, 4, spread(n))}" for n, v in fit.parameters.items())


def _rest(comparison: Comparison, top: int) -> tuple[str, ...]:
    """Return the line that counts what is not shown."""
    more, left_out = len(comparison.fits) - top, len(comparison.left_out)
    parts = [f"{more} more"] if more > 0 else []
    parts += [f"{left_out} left out, with the reason{'s'[: left_out > 1]}"] if left_out else []
    return (f"{', and '.join(parts)}: --full",) if parts else ()


def _criterion(value: float) -> str:
    return f"{value:.2f}" if abs(value) < _LARGE else number(value)


def _grouped(left_out: dict[str, str]) -> dict[str, list[str]]:
    """Return the families of each reason."""
    groups: dict[str, list[str]] = {}
    for family, why in left_out.items():
        groups.setdefault(why, []).append(family)
    return groups
