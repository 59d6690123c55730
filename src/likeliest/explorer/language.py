"""Answers about a language model: what comes next, how likely a text is, what it says."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import ParameterError
from likeliest.explorer.numbers import as_number, likelihood_text
from likeliest.report import words
from likeliest.report.text import visible

if TYPE_CHECKING:
    from likeliest.language.models.predictor import Predictor

_TOP = 24  # symbols that are shown of those that may come next
_LONGEST = 2_000  # characters of a text
_DRAWN = 8
_MOST_DRAWN = 200  # symbols of a sequence
_MOST_OF_TABLE = 60  # symbols of a table that can be read


class LanguageAnswers:
    """Answers to the page of a language model.

    Parameters
    ----------
    model : Predictor
        Of n-grams, a network, or a mixture.
    source : str
        The file that it was read from, if any.
    """

    def __init__(self, model: Predictor, source: str = "") -> None:
        self.model = model
        self.title = visible(source) or "a language model"

    @property
    def kinds(self) -> dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]]:
        """The kinds of requests, with what answers each."""
        return {"open": self._open, "at": self._at, "draw": self._draw}

    def _open(self, _: Mapping[str, Any]) -> dict[str, Any]:
        model = self.model
        return {
            "page": "language",
            "title": self.title,
            "data": words.model(model),
            "text": model.generate(1, seed=1, max_symbols=40)[0],
            "table": self._table(),
        }

    def _table(self) -> dict[str, Any] | None:
        """Return the probability of each symbol after each, where it can be read."""
        size = len(self.model.vocabulary)
        if self.model.order != 2 or size > _MOST_OF_TABLE:
            return None
        shown = [visible(self.model.vocabulary.shown(number)) for number in range(size)]
        rows = np.exp(self.model.log_probs(np.arange(size)[:, None]))
        return {"symbols": shown, "rows": rows.tolist()}

    def _at(self, request: Mapping[str, Any]) -> dict[str, Any]:
        text, temperature = _text(request), _temperature(request)
        scored = self.model.surprisal(text)
        nll = float(np.sum(scored.nats))
        logs = self.model.state(text).log_probs()
        shares = _tempered(logs, temperature)
        order = np.argsort(-shares, kind="stable")[:_TOP]
        vocabulary = self.model.vocabulary
        return {
            "text": text,
            "symbols": [visible(symbol) for symbol in scored.symbols],
            "nats": scored.nats.tolist(),
            "orders": scored.orders.tolist(),
            "unknown": scored.unknown.tolist(),
            "next": [visible(vocabulary.shown(number)) for number in order.tolist()],
            "shares": shares[order].tolist(),
            "rest": max(0.0, 1.0 - float(shares[order].sum())),
            "nll": nll,
            "likelihood": likelihood_text(-nll),
        }

    def _draw(self, request: Mapping[str, Any]) -> dict[str, Any]:
        text, temperature = _text(request), _temperature(request)
        seed, most = request.get("seed"), request.get("most")
        if not isinstance(seed, int) or not isinstance(most, int):
            raise ParameterError(
                f"seed and most are whole numbers; got {seed!r:.40}, {most!r:.40}."
            )
        drawn = self.model.generate(
            1 if most == 1 else _DRAWN, prefix=text, temperature=temperature, seed=seed,
            max_symbols=min(most, _MOST_DRAWN),
        )  # fmt: skip
        return {"drawn": drawn, "ended": most == 1 and drawn[0] == text}


def _text(request: Mapping[str, Any]) -> str:
    text = request.get("text")
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise ParameterError(f"A text has up to {_LONGEST:,} characters; got {text!r:.40}.")
    return text


def _temperature(request: Mapping[str, Any]) -> float:
    temperature = as_number(request.get("temperature"), "temperature")
    if not 0.0 <= temperature < math.inf:
        raise ParameterError(f"temperature must be 0 or more; got {temperature:g}.")
    return temperature


def _tempered(logs: np.ndarray, temperature: float) -> np.ndarray:
    """Return the probabilities that symbols are drawn with.

    Examples
    --------
    >>> logs = np.log([0.8, 0.2])
    >>> [_tempered(logs, t).round(3).tolist() for t in (0.0, 0.5, 1.0)]
    [[1.0, 0.0], [0.941, 0.059], [0.8, 0.2]]
    """
    if temperature == 0.0:
        return np.where(np.arange(logs.size) == np.argmax(logs), 1.0, 0.0)
    with np.errstate(under="ignore"):
        raised = np.exp((logs - np.max(logs)) / temperature)
    return raised / raised.sum()
