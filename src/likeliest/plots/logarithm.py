"""The logarithm and its negative over (0, 1]: what a probability costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LEAST = 0.005


def log_curve(ax: Axes | None = None) -> Axes:
    """Draw ln p for a probability p: at most 0, and -∞ as p → 0.

    Examples
    --------
    >>> log_curve().get_ylabel()
    'ln p'
    """
    return _draw(1.0, ax)


def negative_log_curve(ax: Axes | None = None) -> Axes:
    """Draw -ln p for a probability p: at least 0, and ∞ as p → 0.

    Examples
    --------
    >>> negative_log_curve().get_ylabel()
    '−ln p'
    """
    return _draw(-1.0, ax)


def _draw(sign: float, ax: Axes | None) -> Axes:
    name, limit = ("ln p", "−∞") if sign > 0 else ("−ln p", "∞")
    title = (
        "Log likelihood of one observation"
        if sign > 0
        else "Negative log likelihood of one observation"
    )
    ax = style.axes(ax, title, size=(6.0, 4.2))
    p = np.geomspace(_LEAST, 1.0, 400)
    ax.plot(p, sign * np.log(p), **style.line(0))
    ax.axhline(0.0, color=style.GREY, linewidth=0.8)
    for at in (0.1, 0.5, 1.0):
        value = sign * np.log(at) + 0.0
        ax.plot([at], [value], "o", color=style.COLOURS[1], markersize=7)
        shown = f"{value:.2f}".replace("-", "−").replace("−0.00", "0").replace("0.00", "0")
        ax.annotate(
            f"{name.replace('p', f'{at:g}')} = {shown}", (at, value), xytext=(0, -16 * sign),
            textcoords="offset points", ha="right" if at == 1.0 else "left", va="center",
            fontsize=10,
        )  # fmt: skip
    ax.text(
        0.03, sign * -np.log(_LEAST) * -0.93, f"→ {limit} as p → 0", fontsize=10, color=style.GREY
    )
    ax.set_xlim(0.0, 1.03)
    ax.set_xlabel("probability p")
    ax.set_ylabel(name)
    return ax
