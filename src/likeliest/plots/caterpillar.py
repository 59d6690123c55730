"""The estimates of many groups, in order, each with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ParameterError, PictureError
from likeliest.plots import style
from likeliest.plots.names import key_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.fitting.fits import Fits
    from likeliest.numerics.arrays import Array

_NAMED = 40  # groups up to which each has its name
_MOST = 1_000  # groups that are drawn


def caterpillar(
    fits: Fits, parameter: str | None = None, level: float = 0.95, ax: Axes | None = None
) -> Axes:
    """Draw the estimate of each group with its interval, the least below.

    The dashed line is the median of the estimates: groups whose intervals lie off it differ from
    the most.

    Parameters
    ----------
    fits : Fits
    parameter : str, optional
        By which groups are put in order, and which is drawn alone; without it all are drawn, in
        the order of the first.
    level : float
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes
        Of several parameters a frame, whose `child_axes` are theirs.

    Raises
    ------
    PictureError
        If no group could be fitted.

    Examples
    --------
    >>> import likeliest as lk
    >>> fits = lk.fit([1.0, 3.0, 2.0, 5.0, 9.0, 8.0], "exponential", by=[*"aabbcc"])
    >>> [label.get_text() for label in caterpillar(fits).get_yticklabels()]
    ['c', 'b', 'a']
    """
    free = [name for name in fits.parameters if name not in fits.fixed]
    if parameter is not None and parameter not in free:
        raise ParameterError(f"There are the parameters {', '.join(free)}; got {parameter!r}.")
    chosen = free if parameter is None else [parameter]
    fitted = np.flatnonzero(~fits.failed)
    if not fitted.size:
        raise PictureError("The estimates cannot be drawn: no group could be fitted.")
    order = fitted[np.argsort(fits.parameters[chosen[0]][fitted], kind="stable")]
    if order.size > _MOST:
        order = order[np.linspace(0, order.size - 1, _MOST).astype(np.intp)]
    told = f"{fits.family.name} fitted to {len(fits):,} groups, with {100 * level:.12g} % intervals"
    height = max(1.3 + 0.2 * order.size, 3.4) if order.size <= _NAMED else 5.0
    ax = style.axes(ax, told, (3.6 * len(chosen) + 1.4, height))
    panels = style.panels(ax, len(chosen)) if len(chosen) > 1 else [ax]
    ends = fits.intervals(level)
    for panel, name in zip(panels, chosen, strict=True):
        low, high = (end[order] for end in ends[name])
        _worm(panel, fits.parameters[name][order], low, high)
        panel.axvline(float(np.median(fits.parameters[name][fitted])), color=style.GREY, ls="--")
        panel.set_xlabel(name)
        panel.set_yticks([])
    if order.size <= _NAMED:
        labels = [key_of(fits, int(group)) for group in order]
        panels[0].set_yticks(range(order.size), labels)
    else:
        panels[0].set_ylabel(f"groups, by {chosen[0]}")
    lost = len(fits) - fitted.size
    notes = [f"{lost:,} could not be fitted"] * (lost > 0)
    notes += [f"{order.size:,} of {fitted.size:,} groups shown"] * (order.size < fitted.size)
    if notes:
        style.note(panels[-1], ", ".join(notes))
    return ax


def _worm(ax: Axes, estimate: Array, low: Array, high: Array) -> None:
    places = np.arange(estimate.size)
    is_few = estimate.size <= _NAMED
    if is_few:
        ax.hlines(places, low, high, color=style.COLOURS[0], lw=1.2, alpha=0.7)
    else:
        some = np.isfinite(low) & np.isfinite(high)
        ax.fill_betweenx(places[some], low[some], high[some], **style.BAND)
    ax.plot(
        estimate, places, "o", color=style.COLOURS[0], markersize=4.0 if is_few else 1.5, ls="none"
    )  # fmt: skip
    seen = np.concatenate([estimate, low, high]) if is_few else estimate
    seen = seen[np.isfinite(seen)]
    middle = np.quantile(estimate, [0.02, 0.98])
    reach = 2.0 * float(np.ptp(middle)) or float(np.ptp(seen)) or 1.0
    # A few groups that are hardly known would squeeze the others.
    shown = max(float(seen.min()), middle[0] - reach), min(float(seen.max()), middle[1] + reach)
    pad = 0.04 * (shown[1] - shown[0]) or 1.0
    ax.set_xlim(shown[0] - pad, shown[1] + pad)
    ax.set_ylim(-1.0, estimate.size)
