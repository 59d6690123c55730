"""Make text from outside fit to be shown: write out what cannot be seen, cut what is long."""

from __future__ import annotations

import unicodedata

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = {"\u200c", "\u200d"}  # Persian, Hindi and emoji are spelled with them
_LONGEST = 160


def visible(text: str) -> str:
    r"""Return text with its control characters and marks of direction written as escapes.

    A name with such marks could otherwise reorder the text beside it, or hide a part of itself.

    Examples
    --------
    >>> print(visible("cost\u202etsoc\n"))
    cost\u202etsoc\n
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _INVISIBLE or character in _JOINERS:
        return character
    return character.encode("unicode_escape").decode("ascii")


def short(text: str, longest: int = _LONGEST) -> str:
    """Return text cut to so many characters, an ellipsis for the rest.

    Examples
    --------
    >>> short("a name without an end", 10)
    'a name wi…'
    """
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
