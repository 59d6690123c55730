"""The table of bigrams: how often each symbol follows each other, and how probable that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.language.models import trie
from likeliest.language.models.scoring import following
from likeliest.plots import style
from likeliest.plots.names import in_font

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from likeliest.language import NGramModel

_MOST_WRITTEN = 40  # symbols up to which each cell holds its figures
_MOST_SHOWN = 100


def bigram(
    model: NGramModel,
    values: Literal["both", "counts", "probabilities"] = "both",
    ax: Axes | None = None,
) -> Axes:
    """Draw a bigram model as a table: a row for each symbol, a column for what follows.

    Parameters
    ----------
    model : NGramModel
        Of order 2.
    values : {"both", "counts", "probabilities"}
        What is written in the cells; the colour is the probability, or the count.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import likeliest as lk
    >>> model = lk.language.fit(["emma", "ava"], order=2, smoothing="mle")
    >>> bigram(model).get_title(loc="left")
    'Bigrams of 5 symbols: counts over probabilities'
    """
    if values not in {"both", "counts", "probabilities"}:
        raise ParameterError(f"values is both, counts or probabilities; got {values!r}.")
    if values != "probabilities" and model.counts is None:
        raise DataError("a saved model keeps no counts: show its probabilities.")
    if model.order != 2:
        raise DataError(f"a table shows a model of order 2; this one has order {model.order}.")
    chosen, beyond = _chosen(model)
    table = np.exp(following(model.estimate, chosen[:, None]))[:, chosen]
    counts = _counts(model, chosen)
    names = [_name(model.vocabulary.shown(int(i))) for i in chosen]
    point = "." in model.vocabulary.index  # then the boundary needs names of its own
    size = len(names)
    written = size <= _MOST_WRITTEN
    side = max(5.0, 0.56 * size) if written else 11.0
    title = f"Bigrams of {size:,} symbols: {_TITLES[values]}" + beyond
    ax = style.axes(ax, title, (side, side))
    shade = counts if values == "counts" else table
    # The square root brings out the rare: an eighth of the largest value is still a third as dark.
    ax.imshow(np.sqrt(shade), cmap="Blues", aspect="equal", vmin=0.0)
    if written:
        _write(ax, shade, _texts(table, counts, values))
    _ticks(ax, names)
    if point:
        ax.set_yticklabels(["<s>", *names[1:]])
        ax.set_xticklabels(["</s>", *names[1:]])
        for label in ax.get_xticklabels():
            label.set_rotation(90 if len(label.get_text()) > 3 else label.get_rotation())
    ax.set_xlabel("next symbol" + (" (. ends the sequence)" if not point else ""))
    ax.set_ylabel("after" + (" (. starts the sequence)" if not point else ""))
    return ax


_TITLES = {
    "both": "counts over probabilities",
    "counts": "counts",
    "probabilities": "probabilities",
}


def _chosen(model: NGramModel) -> tuple[np.ndarray, str]:
    """Return which symbols are shown: all, or the most frequent ones."""
    size, unknown = len(model.vocabulary), model.vocabulary.unknown
    often = np.exp(model.estimate.log_probs[0])
    if model.counts is not None:
        often[:] = 0.0
        often[: model.counts.counts[0].size] = model.counts.counts[0]
    elif unknown is not None:
        often[unknown] = 0.0
    whole = np.arange(size)
    if size > _MOST_SHOWN:
        often[0] = np.inf  # the ends of sequences belong to any table
        chosen = np.sort(np.argsort(-often, kind="stable")[: _MOST_SHOWN // 2])
        return chosen, f" (the most frequent of {size:,})"
    return whole[(whole != unknown) | (often > 0)], ""


def _counts(model: NGramModel, chosen: np.ndarray) -> np.ndarray:
    """Return how often each of the symbols follows each other."""
    size = len(chosen)
    if model.counts is None:
        return np.zeros((size, size))
    own = np.where(chosen < model.counts.counts[0].size, chosen, -1)
    wanted = trie.key(np.repeat(own, size), np.tile(own, size))
    place = trie.find(model.counts.levels[0], np.where(np.repeat(own, size) < 0, -1, wanted))
    return np.where(place >= 0, model.counts.counts[1][place], 0).reshape(size, size)


def _texts(table: np.ndarray, counts: np.ndarray, values: str) -> list[list[str]]:
    def text(row: int, column: int) -> str:
        count, p = f"{counts[row, column]:.0f}", _short(table[row, column])
        return {"both": f"{count}\n{p}", "counts": count, "probabilities": p}[values]

    return [[text(r, c) for c in range(len(table))] for r in range(len(table))]


def _write(ax: Axes, shade: np.ndarray, texts: list[list[str]]) -> None:
    dark = 0.5 * np.sqrt(shade.max(initial=0.0))
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            ax.text(
                column, row, text, ha="center", va="center", fontsize=7.2, linespacing=1.2,
                color="white" if np.sqrt(shade[row, column]) > dark else "#333333",
            )  # fmt: skip


def _ticks(ax: Axes, names: list[str]) -> None:
    font = 10 if len(names) <= _MOST_WRITTEN else 6.5
    turned = 90 if max(map(len, names[1:]), default=1) > 3 else 0
    ax.set_xticks(range(len(names)), names, fontsize=font, rotation=turned)
    ax.set_yticks(range(len(names)), names, fontsize=font)
    ax.tick_params(length=0, labeltop=True)
    ax.spines[:].set_visible(False)


def _name(symbol: str) -> str:
    if symbol.isspace() or not symbol.isprintable():
        return {" ": "␣", "\n": "⏎", "\t": "⇥"}.get(symbol, f"U+{ord(symbol[0]):04X}")
    if not all(map(in_font, symbol)):
        return (
            f"U+{ord(symbol):04X}"
            if len(symbol) == 1
            else "".join(c if in_font(c) else "\u25a1" for c in symbol)
        )
    return symbol.replace("$", r"\$")


def _short(p: float) -> str:
    if p >= 0.0995:
        return f"{p:.2f}".lstrip("0")
    return (
        f"{p:.3f}".lstrip("0")
        if p >= 0.0005
        else ("0" if p == 0 else f"{p:.0e}".replace("e-0", "e-"))
    )
