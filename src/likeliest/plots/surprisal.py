"""A text coloured by how surprising each of its symbols is: for a terminal and as HTML."""

from __future__ import annotations

import html as markup
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rich.text import Text

    from likeliest.language import Surprisal

# White to orange-red, in equal steps of lightness, dark text readable on each.
_SHADES = ("#ffffff", "#fff3e0", "#ffe0b8", "#ffc98a", "#ffae62", "#fb8d46", "#ef6a35")
# On a terminal the background may be light or dark: what is rarer is more vivid on either.
_VIVID = ("", "#8d7f66", "#a98a4c", "#c59333", "#df9420", "#f2811b", "#ff5a36")
_BITS = 2.0  # of a step: a symbol of 12 bits or more, one in 4,096, has the deepest shade
_END = "⏎"


def html(surprisal: Surprisal) -> str:
    """Return the text as HTML: a colour for each symbol, its figures where the pointer rests.

    Parameters
    ----------
    surprisal : Surprisal

    Returns
    -------
    str
        A `div` with its own styles; nothing is loaded from elsewhere.
    """
    pieces = []
    for space, text, end, bits, order in _pieces(surprisal):
        tip = f"{bits:.2f} bits, order {order}" if np.isfinite(bits) else "probability 0"
        shown = f'<span style="color:#777">{_END}</span>' if end else markup.escape(text)
        pieces.append(
            f'{space}<span style="background:{_SHADES[_shade(bits)]}" title="{tip}">{shown}</span>'
            + ("\n" if end else "")
        )
    return (
        '<div style="font:16px/1.9 ui-monospace,monospace;white-space:pre-wrap;color:#111;'
        f'background:#fff;padding:12px">{"".join(pieces)}{_legend_html(surprisal)}</div>'
    )


def page(surprisal: Surprisal, title: str = "Surprisal") -> str:
    """Return a whole HTML page of the text."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{markup.escape(title)}</title><body>{html(surprisal)}</body></html>\n"
    )


def terminal(surprisal: Surprisal) -> Text:
    """Return the text for a terminal, with a legend below."""
    from rich.text import Text

    result = Text()
    for space, text, end, bits, _ in _pieces(surprisal):
        shade = _shade(bits)
        result.append(space)
        looks = f"#111111 on {_VIVID[shade]}" if shade else ""
        result.append(_END if end else text, looks)
        if end:
            result.append("\n")
    result.append("bits ", "dim")
    for shade, colour in enumerate(_VIVID):
        result.append(f" {_range(shade)} ", f"#111111 on {colour}" if shade else "")
    result.append(f"\n{_mean(surprisal)}", "dim")
    return result


def _printable(text: str) -> str:
    """Return a text that UTF-8 can hold: half a surrogate pair as the usual mark."""
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)


def _pieces(surprisal: Surprisal) -> list[tuple[str, str, bool, float, int]]:
    """Return the space before a symbol, the symbol, whether it is an end, its bits and order."""
    pieces, start = [], True
    spaced = surprisal.tokenizer.name == "words"
    for symbol, end, bits, order in zip(
        surprisal.symbols, surprisal.ends, surprisal.bits, surprisal.orders, strict=True
    ):
        space = " " if spaced and not start and not end else ""
        pieces.append((space, _printable(symbol), bool(end), float(bits), int(order)))
        start = bool(end)
    return pieces


def _shade(bits: float) -> int:
    return int(min(bits / _BITS, len(_SHADES) - 1)) if np.isfinite(bits) else len(_SHADES) - 1


def _range(shade: int) -> str:
    low = int(shade * _BITS)
    return f"{low}+" if shade == len(_SHADES) - 1 else f"{low}–{int(low + _BITS)}"


def _mean(surprisal: Surprisal) -> str:
    mean = float(np.mean(surprisal.nats))
    if not np.isfinite(mean):
        never = int(np.count_nonzero(~np.isfinite(surprisal.nats)))
        return f"{never:,} of {len(surprisal):,} symbols have probability 0: smooth it."
    return f"mean {mean:.4f} nats, {mean / np.log(2):.4f} bits; perplexity {np.exp(mean):.2f}"


def _legend_html(surprisal: Surprisal) -> str:
    boxes = "".join(
        f'<span style="background:{colour};padding:0 6px;border:1px solid #ddd">{_range(i)}</span>'
        for i, colour in enumerate(_SHADES)
    )
    return (
        '<div style="font:13px/2.2 system-ui,sans-serif;color:#333;margin-top:10px">'
        f"bits {boxes}<br>{markup.escape(_mean(surprisal))}</div>"
    )
