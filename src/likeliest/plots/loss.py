"""The loss of a gradient fit, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError
from likeliest.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.language import MLPModel, NGramModel


_APART = 100  # times: losses that grow so far leave nothing to see on an even scale


def loss(model: NGramModel | MLPModel, ax: Axes | None = None) -> Axes:
    """Draw the loss before each step, over the least that counts can reach.

    Parameters
    ----------
    model : NGramModel or MLPModel
        Fitted with `method="gradient"`, "lbfgs" or "mlp".
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes
    """
    from matplotlib.ticker import MaxNLocator

    losses = model.losses
    if losses.size == 0:
        raise DataError('this model was fitted by counts and has no losses: method="gradient" has.')
    first, last = (f"{x:.4f}" if x < 1e4 else f"{x:.3g}" for x in losses[[0, -1]])
    ax = style.axes(ax, f"Loss of {losses.size:,} steps, from {first} to {last}")
    ax.plot(np.arange(1, losses.size + 1), losses, **style.line(0), label="loss")
    least = _least(model)
    if least is not None:
        ax.axhline(least, **style.line(1), label=f"NLL of the counts, {least:.4f}")
    if losses.size > 20:
        ax.set_xscale("log")
        ax.set_xticks(ticks := [10**k for k in range(7) if 10**k <= losses.size],
                      [f"{t:,}" for t in ticks])  # fmt: skip
    elif losses.size > 1:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if np.nanmax(losses) > _APART * np.nanmin(losses):
        ax.set_yscale("log")
    ax.set_xlim(1, max(losses.size, 2))
    ax.set_xlabel("evaluation")
    ax.set_ylabel("nats per symbol")
    ax.legend(frameon=False, fontsize=9.5)
    return ax


def _least(model: NGramModel | MLPModel) -> float | None:
    """Return the NLL of the counts' own maximum likelihood estimate: no weights do better."""
    counts = getattr(model, "counts", None)  # a network keeps none
    if counts is None or model.order != 2:
        return None
    table = counts.table()
    seen = table > 0
    total = np.broadcast_to(table.sum(axis=1, keepdims=True), table.shape)
    return float(-(table[seen] * np.log(table[seen] / total[seen])).sum() / table.sum())
