"""The section that says what the data were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.observations import is_distributed
from likeliest.report.page import Section
from likeliest.report.words import name_of
from likeliest.tables import Table, amount, number

if TYPE_CHECKING:
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

_MOST = 10_000_000  # rows of which quantiles are taken


def section(fit: Fit, source: str) -> Section:
    """Return what is known of the data of a fit."""
    seen = fit.description
    rows = [("file", source)] if source else []
    rows += [("column", seen.label)] if seen.label else []
    rows.append(("values", amount(seen.n)))
    rows += [("missing, left out", amount(seen.left_out))] if seen.left_out else []
    if fit.observations is not None and seen.is_plain:
        summary, spread = fit.observations.summary, fit.observations.spread()
        rows += [
            ("least", number(summary.low, error=spread)),
            ("greatest", number(summary.high, error=spread)),
            ("mean", number(summary.mean, error=spread)),
        ]
    table = Table(f"The data: {name_of(seen)}", ("what", "value"), tuple(rows))
    told = seen.told()
    return Section("The data", (f"{told[:1].upper()}{told[1:]}.",), table)


def own_quantiles(fit: Fit, shares: Array) -> Array | None:
    """Return the data's own quantiles; None where they have none that are plain to see."""
    seen = fit.observations
    if seen is None or not seen.description.is_plain or is_distributed(seen):
        return None
    if len(seen) > _MOST:
        return None
    weights = np.ones(len(seen)) if seen.weights is None else seen.weights
    found = np.quantile(seen.values, shares, weights=weights, method="inverted_cdf")
    return np.asarray(found, dtype=np.float64)
