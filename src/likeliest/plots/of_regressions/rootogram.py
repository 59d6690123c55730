"""The rootogram of a regression of counts: bars that hang from those expected of all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import PictureError
from likeliest.plots import style
from likeliest.plots.of_regressions.names import told
from likeliest.plots.rootogram import MOST_BARS, Counts, hang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.numerics.arrays import Array
    from likeliest.regression.result import Regression

_BEYOND = 1e-3  # of the expected values lies on each side of the picture


def rootogram(regression: Regression, ax: Axes | None = None) -> Axes:
    """Draw the square roots of counts as bars that hang from those expected.

    What is expected of a number is the sum of its probabilities in all rows.

    Parameters
    ----------
    regression : Regression
        Of a law of counts.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    PictureError
        If the law is none of counts, or they are censored.

    Source: Kleiber & Zeileis (2016), The American Statistician 70, 296-303.
    """
    seen = regression.required_problem("A rootogram").observations
    if not regression.form.family.discrete:
        raise PictureError(f"There is no rootogram: {regression.family} is no law of counts.")
    if not seen.description.is_plain:
        raise PictureError("There is no rootogram of counts that are censored or seen in windows.")
    ax = style.axes(ax, told("Rootogram", regression))
    values = np.asarray(seen.values, dtype=np.float64)
    weights = np.ones(values.size) if seen.weights is None else np.asarray(seen.weights)
    hang(ax, _counts(regression, values, weights), regression.family)
    response = regression.response
    ax.set_xlabel("value" if response is None else response.response)
    return ax


def _counts(regression: Regression, values: Array, weights: Array) -> Counts:
    made = regression.distribution()
    low = min(values.min(), float(np.min(made.quantile(_BEYOND))))
    high = max(values.max(), float(np.quantile(made.upper_quantile(_BEYOND), 1.0 - _BEYOND)))
    each = max(1.0, np.ceil((high - low + 1.0) / MOST_BARS))
    first = np.arange(low, high + 1.0, each)
    last = first + each - 1.0
    edges = np.concatenate([first, [last[-1] + 1.0]]) - 0.5
    seen = np.histogram(values, edges, weights=weights)[0].astype(np.float64)
    expected = [
        float(weights @ np.broadcast_to(made.probability(a - 0.5, b), values.shape))
        for a, b in zip(first, last, strict=True)
    ]
    return Counts(first, last, seen, np.array(expected))
