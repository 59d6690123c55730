"""Candidate distributions over the observed points, each point's density marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.data.observations import Observations
from likeliest.data.rows import Kind
from likeliest.plots import style
from likeliest.plots.density import curve, described, view
from likeliest.plots.over import title
from likeliest.plots.unit import axis_name, data_in_unit, in_unit, unit_for
from likeliest.tables import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_ARROWS = {Kind.ABOVE: style.RIGHT, Kind.BELOW: style.LEFT}
_MOST_MARKS = 60  # more points than this are shown as ticks on the axis alone


def likelihood(
    distributions: Sequence[Distribution],
    data: ArrayLike | Observations,
    ax: Axes | None = None,
) -> Axes:
    r"""Draw candidates over the data; the legend tells the joint log likelihood of each.

    Parameters
    ----------
    distributions : sequence of Distribution
        All densities, or all of whole numbers.
    data : one-dimensional array-like or Observations
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import likeliest as lk
    >>> data = lk.datasets.five_points()
    >>> ax = likelihood([lk.Normal(50, 5), lk.Normal(45, 8)], data)
    >>> ax.get_legend().get_texts()[0].get_text()
    'A: normal, mean 50, std 5\nlog likelihood −14.17, likelihood 7.003e-07'
    """
    observations = Observations.of(data)
    ax = style.axes(ax, title("Likelihood of", observations.description))
    labels = [_label(i, d, observations) for i, d in enumerate(distributions)]
    seen = (observations.summary.low, observations.summary.high)
    unit = unit_for([end for d in distributions for end in view(d, seen)], distributions[0])
    distributions = [in_unit(d, unit) for d in distributions]
    scaled = data_in_unit(observations, unit)
    values = _exact(scaled)
    ranges = [view(d, (seen[0] / unit, seen[1] / unit)) for d in distributions]
    low, high = min(r[0] for r in ranges), max(r[1] for r in ranges)
    discrete = all(d.discrete for d in distributions)
    x = np.arange(np.ceil(low), np.floor(high) + 1) if discrete else np.linspace(low, high, 801)
    for index, distribution in enumerate(distributions):
        looks = style.line(index)
        marker: dict[str, Any] = {"marker": "o", "markersize": 3.0} if discrete else {}
        ax.plot(x, curve(distribution, x), label=labels[index], **looks, **marker)
        if values.size <= _MOST_MARKS:
            at = np.exp(distribution.log_prob(values))
            ax.vlines(values, 0, at, color=looks["color"], linewidth=1.0, alpha=0.6)
            ax.plot(
                values,
                at,
                style.MARKERS[index % len(style.MARKERS)],
                color=looks["color"],
                markersize=6.5,
            )
    _rug(ax, scaled, unit)
    ax.set_xlabel(axis_name(unit, observations.description.label))
    ax.set_ylabel("probability" if discrete else "density")
    ax.set_ylim(bottom=0)
    ax.legend(frameon=False, fontsize=9.5, loc="upper left", bbox_to_anchor=(0.0, -0.14))
    return ax


def _label(index: int, distribution: Distribution, observations: Observations) -> str:
    log_likelihood = float(distribution.log_likelihood(observations))
    value = f"{log_likelihood:.2f}".replace("-", "−")
    with np.errstate(over="ignore"):
        joint = np.exp(log_likelihood)
    beyond = "too small for a float" if joint == 0 else "too large for a float"
    shown = f"{joint:.4g}" if 0 < joint < np.inf else beyond
    return (
        f"{chr(ord('A') + index % 26)}: {described(distribution)}\n"
        f"log likelihood {value}, likelihood {shown}"
    )


def _exact(observations: Observations) -> Array:
    """Return the values that are known as they stand."""
    values = np.asarray(observations.values, dtype=np.float64)
    return (
        values if observations.lower is None else values[observations.lower == observations.upper]
    )


def _rug(ax: Axes, observations: Observations, unit: float) -> None:
    """Mark values on the axis, and by an arrow those that are known only to lie to one side."""
    values, top = _exact(observations), ax.get_ylim()[1]
    shown = values if values.size <= 2_000 else np.random.default_rng(0).choice(values, 2_000)
    ax.vlines(shown, 0, 0.02 * top, color="black", linewidth=0.8)
    for block in observations.blocks:
        if block.kind in _ARROWS:
            some = np.unique(block.a)[:2_000]
            ax.plot(some, np.full(some.size, 0.012 * top), _ARROWS[block.kind], color=style.GREY,
                    markersize=5, clip_on=False)  # fmt: skip
        if block.kind is Kind.BETWEEN and block.b is not None:
            ax.hlines(np.full(block.size, 0.012 * top), block.a, block.b, color=style.GREY)
    s = observations.summary
    style.note(ax, f"values from {number(s.low * unit)} to {number(s.high * unit)}")
