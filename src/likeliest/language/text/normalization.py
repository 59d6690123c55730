"""Text as CCNet writes it before it trains and scores language models."""

from __future__ import annotations

import re
import unicodedata

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DIGITS = re.compile(r"\d")

# Each of a run of characters becomes what stands before the run.
_ASCII = {
    '"': "„”“«»」「《》", "'": "´’", ",": "，、", ".": "。", ":": "∶：", "?": "？", "!": "！",
    "(": "（", ")": "）", ";": "；", "-": "–━►", " - ": "—", ". ": "．", "~": "～", "...": "…",
    "<": "〈", ">": "〉", "[": "【", "]": "】", "%": "％",
}  # fmt: skip
_PUNCTUATION = str.maketrans({c: ascii_ for ascii_, run in _ASCII.items() for c in run})


def normalized(text: str) -> str:
    r"""Return text in lower case, without accents, digits as 0, punctuation as ASCII.

    So models that were trained on such text (those of CCNet, and of others after it) are given what
    they know. Control characters go, line ends among them, and nothing comes in their place.

    Source: Wenzek et al. (2020), CCNet, the function `normalize` of its text_normalizer.

    Examples
    --------
    >>> normalized(" Été 2024 — «\u00a0Où\u00a0?\u00a0» ")
    'ete 0000  -  "\xa0ou\xa0?\xa0"'
    """
    decomposed = unicodedata.normalize("NFD", text.strip().lower())
    plain = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return _CONTROLS.sub("", _DIGITS.sub("0", plain).translate(_PUNCTUATION))
