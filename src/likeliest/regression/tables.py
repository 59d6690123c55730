"""The table of a regression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.tables import Table, amount, number

if TYPE_CHECKING:
    from likeliest.regression.result import Regression

_LEAST_P = 1e-4


def of_regression(regression: Regression, level: float, *, exp: bool) -> Table:
    """Return a row for each coefficient, under the name of its parameter."""
    low, high = regression._ends(level)  # noqa: SLF001
    several = len(regression.predictors) > 1
    rows = []
    for i, (name, column) in enumerate(regression.names):
        estimate, error = float(regression.estimates[i]), float(regression.errors[i])
        ends = (float(low[i]), float(high[i]))
        shown = number(estimate, error=error)
        if exp:
            with np.errstate(over="ignore"):
                shown = number(float(np.exp(estimate)))
                ends = (float(np.exp(low[i])), float(np.exp(high[i])))
        rows.append(
            (
                f"{name}: {column}" if several else column,
                shown,
                number(error, 4),
                f"{regression.z[i]:.2f}",
                _probability(float(regression.p_values[i])),
                f"{number(ends[0], 5)} to {number(ends[1], 5)}",
            )
        )
    columns = (
        "coefficient",
        "exp(estimate)" if exp else "estimate",
        "std error",
        "z",
        "p",
        f"{100 * level:.12g} % interval",
    )
    return Table(_title(regression), columns, tuple(rows), _footer(regression))


def _title(regression: Regression) -> str:
    links = ", ".join(
        f"{predictor.link.name} {name}" for name, predictor in regression.predictors.items()
    )
    what = f"{regression.family} regression · {links} · {amount(regression.n)} observations"
    if regression.problem is None:
        return what
    seen = regression.problem.observations.description
    censored = str(seen).partition(": ")[2]
    return what + (f" ({censored})" if censored else "")


def _footer(regression: Regression) -> tuple[str, ...]:
    alike = {
        name: value for name, value in regression.parameters.items() if name not in regression.fixed
    }
    held = ", ".join(
        f"{name} = {number(value)}{' (on its bound)' if name in regression.bounds else ' (fixed)'}"
        for name, value in regression.fixed.items()
    )
    same = ", ".join(f"{name} = {number(value)}" for name, value in alike.items())
    of = "" if regression.measure == "density" else " (of probabilities)"
    steps = regression.iterations
    return (
        *((f"the same for all rows: {same}",) if same else ()),
        *((held,) if held else ()),
        f"log likelihood {number(regression.log_likelihood, 8)} nats{of}",
        f"AICc {regression.aicc:.2f}   AIC {regression.aic:.2f}   BIC {regression.bic:.2f}",
        f"converged, {steps} Newton step{'s'[: steps != 1]}; errors: {regression.errors_by}",
    )


def _probability(p: float) -> str:
    return f"<{_LEAST_P:g}" if p < _LEAST_P else f"{p:.4f}"
