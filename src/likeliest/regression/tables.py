"""The table of a regression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import LikeliestError
from likeliest.tables import Table, amount, number

if TYPE_CHECKING:
    from likeliest.regression.result import Regression
    from likeliest.regression.smooths import Smooth

_LEAST_P = 1e-4
_MOST_ROWS = 60  # of a table: a category of many levels has more
_MANY = 100_000  # rows beyond which a table fits no smaller regression to compare with


def of_regression(regression: Regression, level: float, *, exp: bool) -> Table:
    """Return a row for each coefficient, under the name of its parameter."""
    low, high = regression.ends(level)
    several = len(regression.predictors) > 1
    rows = []
    curves = curves_of(regression)
    for i, (name, column) in enumerate(regression.names):
        curve = curves.get((name, column))
        if curve is not None:
            if column == regression.predictors[name].terms.columns[curve.columns[0]]:
                rows.append(_of_curve(curve, several=several))
            continue
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
                *_uncertainty(error, float(regression.z[i]), float(regression.p_values[i]), ends),
            )
        )
    more: tuple[str, ...] = ()
    if len(rows) > _MOST_ROWS:
        more = (f"… and {len(rows) - _MOST_ROWS:,} more coefficients: to_frame() holds all",)
        del rows[_MOST_ROWS:]
    columns = (
        "coefficient",
        "exp(estimate)" if exp else "estimate",
        "std error",
        "z",
        "p",
        f"{100 * level:.12g} % interval",
    )
    return Table(_title(regression), columns, tuple(rows), (*more, *_footer(regression)))


def curves_of(regression: Regression) -> dict[tuple[str, str], Smooth]:
    """Return the curve that each of their columns is of, by parameter and column."""
    return {
        (one.parameter, regression.predictors[one.parameter].terms.columns[i]): one
        for one in regression.smooths
        for i in one.columns
    }


def _uncertainty(
    error: float, z: float, p: float, ends: tuple[float, float]
) -> tuple[str, str, str, str]:
    if np.isnan(error):
        return "", "", "", ""
    interval = f"{number(ends[0], 4)} to {number(ends[1], 4)}"
    return number(error, 4), f"{z:.2f}", _probability(p), interval


def _of_curve(curve: Smooth, *, several: bool) -> tuple[str, ...]:
    p = _probability(curve.p_value)
    name = f"{curve.parameter}: {curve.term}" if several else curve.term
    return name, f"curve, {curve.edf:.1f} df", "", "", p, ""


def _title(regression: Regression) -> str:
    links = ", ".join(
        f"{predictor.link.name} {name}" for name, predictor in regression.predictors.items()
    )
    what = f"{regression.family} regression · {links} · {amount(regression.n)} observations"
    if regression.problem is None or regression.problem.afar is not None:
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
    of_all = _against_intercepts(regression)
    return (
        *((f"the same for all rows: {same}",) if same else ()),
        *((held,) if held else ()),
        f"log likelihood {number(regression.log_likelihood, 8)} nats{of}",
        f"AICc {regression.aicc:.2f}   AIC {regression.aic:.2f}   BIC {regression.bic:.2f}",
        *((of_all,) if of_all else ()),
        f"converged{f', {steps} Newton step' + 's'[: steps != 1] if steps else ''}; "
        f"errors: {regression.errors_by}",
        *((regression.steps.note,) if regression.steps else ()),
    )


def _against_intercepts(regression: Regression) -> str:
    """Say how much likelier the covariates make the data; nothing where that is long work."""
    problem = regression.problem
    more = len(regression.centred) - len(regression.predictors)
    if regression.smooths or regression.shrunk:
        return _penalised(regression)
    if problem is None or more <= 0 or problem.objective.size > _MANY:
        return ""
    try:
        null = regression.null_log_likelihood
        explained = None if problem.afar is not None else regression.deviance_explained
    except LikeliestError:
        return ""
    share = "" if explained is None else f"; deviance explained {100.0 * explained:.1f} %"
    if null is None:
        return share.removeprefix("; ")
    from scipy.special import chdtrc

    ratio = max(2.0 * (regression.log_likelihood - null), 0.0)
    p = _probability(float(chdtrc(more, ratio)))
    return f"against intercepts alone: likelihood ratio {ratio:.2f}, df {more}, p {p}{share}"


def _penalised(regression: Regression) -> str:
    """Say how many degrees of freedom penalised terms take, and how much is explained."""
    whole = f"{regression.estimated:.1f} effective degrees of freedom"
    problem = regression.problem
    quick = problem is not None and problem.afar is None and problem.objective.size <= _MANY
    explained = regression.deviance_explained if quick else None
    share = "" if explained is None else f"; deviance explained {100.0 * explained:.1f} %"
    how = regression.shrunk
    if how is None:
        return whole + share
    chosen = "" if how.path is None else ", the likeliest for rows held out"
    return f"{how.kind} of strength {number(how.strength, 4)}{chosen}: {whole}{share}"


def _probability(p: float) -> str:
    return f"<{_LEAST_P:g}" if p < _LEAST_P else f"{p:.4f}"
