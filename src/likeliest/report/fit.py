"""The report of one fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import LikeliestError
from likeliest.fitting import tables
from likeliest.report import captions, data, words
from likeliest.report.page import Page, Section
from likeliest.report.pictures import picture
from likeliest.tables import NOTHING, Table, interval, number

if TYPE_CHECKING:
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array
    from likeliest.report.recipe import Recipe

_SHARES = np.array([0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99])


def page_of(fit: Fit, recipe: Recipe, level: float) -> Page:
    """Return the page that tells of a fit."""
    name = words.name_of(fit.description)
    return Page(
        f"The {fit.family} distribution fitted to {name}",
        (words.estimates(fit, level), words.match(fit)),
        (
            data.section(fit, recipe.source),
            estimates(fit, level),
            match(fit, level, captions.kinds(fit)),
            Section("What is doubtful", points=(*words.notes(fit), words.INDEPENDENT)),
            Section("Make it again", commands=recipe.commands()),
        ),
        fit.to_dict(),
    )


def estimates(fit: Fit, level: float) -> Section:
    """Return the section of the parameters with their intervals."""
    table = tables.of_fit(fit, level)
    log_likelihood, criteria, outcome = table.footer[:3]
    has_intervals = any(row[-1] != NOTHING for row in table.rows)
    return Section(
        f"The {fit.family} distribution and how sure it is",
        (words.LIKELIEST,),
        table,
        below=(
            *((words.sureness(level),) if has_intervals else ()),
            f"{log_likelihood}; {criteria.replace('   ', ', ')}; {outcome}.",
        ),
    )


def match(fit: Fit, level: float, kinds: list[str]) -> Section:
    """Return the section that holds the fit against its data, with pictures of these kinds."""
    pictures = [
        picture(fit.plot(kind), f"fit-{at}", *captions.of_fit(fit, kind))
        for at, kind in enumerate(kinds)
    ]
    return Section(
        "How well it fits",
        (words.match(fit),),
        quantiles(fit, level),
        pictures=tuple(pictures),
    )


def quantiles(fit: Fit, level: float) -> Table | None:
    """Return below what value each share of the values lies: fitted, with intervals, and seen."""
    values, pairs = _fitted_quantiles(fit, level)
    if values is None:
        return None
    own = data.own_quantiles(fit, _SHARES)
    columns = ["share of the values", "lies at or below"]
    columns += [] if pairs is None else [f"{words.percent(level)} interval"]
    columns += [] if own is None else ["in the data"]
    rows = []
    for at, share in enumerate(_SHARES):
        pair = None if pairs is None else pairs[at]
        width = None if pair is None else pair[1] - pair[0]
        row = [f"{100.0 * share:g} %", number(float(values[at]), error=width)]
        row += [] if pair is None else [interval(pair)]
        row += [] if own is None else [number(float(own[at]), error=width)]
        rows.append(tuple(row))
    return Table(f"Quantiles of the fitted {fit.family} distribution", tuple(columns), tuple(rows))


def _fitted_quantiles(
    fit: Fit, level: float
) -> tuple[Array | None, list[tuple[float, float]] | None]:
    """Return the quantiles with their intervals; None of what there is not."""
    try:
        found = fit.quantile(_SHARES)
        low, high = found.interval(level)
        return np.asarray(found.value), [*zip(low.tolist(), high.tolist(), strict=True)]
    except LikeliestError:
        pass
    try:
        return np.asarray(fit.distribution.quantile(_SHARES), dtype=np.float64), None
    except LikeliestError:
        return None, None
