"""The tables of a fit and of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.tables import Table, count, interval, number

if TYPE_CHECKING:
    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.result import Fit

_LARGE = 1e9  # from here on two decimals are of no interest
CRITERION_NAMES = {"aicc": "AICc", "aic": "AIC", "bic": "BIC", "nll": "NLL"}


def of_fit(fit: Fit, level: float = 0.95) -> Table:
    """Return a fit as a table: a row for each parameter."""
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
    columns = ("parameter", "estimate", "std error", f"{100 * level:g} % interval")
    return Table(f"{fit.family} · {count(fit.n)}", columns, rows, footer)


def of_comparison(comparison: Comparison) -> Table:
    """Return a comparison as a table: a row for each family, the likeliest first."""
    rows = tuple(
        (
            fit.family,
            _criterion(value),
            _criterion(delta),
            f"{weight:.3f}",
            ", ".join(f"{n}={number(v, 4)}" for n, v in fit.parameters.items()),
        )
        for fit, value, delta, weight in zip(
            comparison.fits, comparison.values, comparison.deltas, comparison.weights, strict=True
        )
    )
    name = CRITERION_NAMES[comparison.criterion]
    columns = ("family", name, f"Δ{name}", "weight", "parameters")
    left_out = tuple(
        f"left out: {', '.join(names)}: {why}"
        for why, names in _grouped(comparison.left_out).items()
    )
    title = f"{len(rows)} families · {count(comparison.n)}"
    footer = (*comparison.notes, *left_out)
    return Table(title, columns, rows, footer, wrapped=("parameters",))


def _criterion(value: float) -> str:
    return f"{value:.2f}" if abs(value) < _LARGE else number(value)


def _grouped(left_out: dict[str, str]) -> dict[str, list[str]]:
    """Return the families of each reason."""
    groups: dict[str, list[str]] = {}
    for family, why in left_out.items():
        groups.setdefault(why, []).append(family)
    return groups
