"""How pictures look: colours that the colour-blind can tell apart, lines that print in black."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe & Ito (2008), without the yellow, which does not print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
MARKERS = "osD^v"
LEFT, RIGHT = "<", ">"
GREY = "#6b6b6b"
BAR = "#d5dde5"


def axes(ax: Axes | None = None, title: str = "", size: tuple[float, float] = (7.0, 4.2)) -> Axes:
    """Return the Axes to draw on, a new one of its own figure if none is given, made plain."""
    if ax is None:
        figure = Figure(figsize=size, dpi=150, layout="constrained")
        FigureCanvasAgg(figure)
        ax = figure.add_subplot()
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(labelsize=9.5, color=GREY)
    ax.set_title(title, loc="left", fontsize=12)
    return ax


def line(index: int) -> dict[str, Any]:
    """Return colour and dashes of the line with this number."""
    return {
        "color": COLOURS[index % len(COLOURS)],
        "linestyle": DASHES[index % len(DASHES)],
        "linewidth": 2.0,
    }


def component() -> dict[str, Any]:
    """Return the thin line of a component of the first distribution."""
    return {"color": COLOURS[0], "linestyle": "-", "linewidth": 0.9, "alpha": 0.7}


def marked(index: int) -> dict[str, Any]:
    """Return colour and markers of points joined by a thin line."""
    return {
        "color": COLOURS[index % len(COLOURS)],
        "marker": MARKERS[index % len(MARKERS)],
        "markersize": 4.0,
        "linewidth": 1.0,
    }


def note(ax: Axes, text: str) -> None:
    """Write a remark below the right end of the axis."""
    ax.text(
        1.0, -0.12, text, transform=ax.transAxes, ha="right", va="top", fontsize=9, color=GREY
    )  # fmt: skip


def save(ax: Axes, path: str | Path) -> None:
    """Write the picture to a file, of the kind that its ending says, whole or not at all."""
    target = Path(path)
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes belong to no figure")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        temporary = Path(folder) / target.name
        figure.savefig(temporary)
        temporary.replace(target)
