"""Smaller models, with what that costs measured and said."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from likeliest.errors import ParameterError
from likeliest.language import packing, pruning
from likeliest.language.count import count
from likeliest.language.options import whole
from likeliest.language.spill import size_in_bytes

if TYPE_CHECKING:
    from likeliest.language.counts import NGramCounts
    from likeliest.language.model import NGramModel
    from likeliest.language.smoothing.base import Estimate
    from likeliest.language.text import Text

_FEW = 0.01  # of the n-grams: under this Kneser-Ney is poorly suited (Chelba et al. 2010)


def pruned(
    model: NGramModel, threshold: float | None, size: float | str | None, text: Text | None
) -> NGramModel:
    """Return a model without n-grams that say little; see `NGramModel.prune`."""
    if (threshold is None) == (size is None):
        raise ParameterError("give a threshold, such as 1e-8, or a size, such as '10MB'.")
    if threshold is not None and not 0.0 <= threshold < math.inf:
        raise ParameterError(f"threshold is a number from 0 on; got {threshold!r:.40}.")
    text = _kept(text)
    counts = _counts(model, text)
    most = None
    if size is not None:  # the tokenizer is in the header
        most = size_in_bytes(size, "size", 0) - len(json.dumps(model.tokenizer.to_dict()))
    estimate = pruning.pruned(pruning.Losses(model.estimate, counts), threshold, most)
    before, after = (
        sum(each.sizes) - len(each.vocabulary) for each in (model, _with(model, estimate))
    )
    notes = [f"pruned: {after:,} of {before:,} n-grams of order 2 and up are left."]
    notes += _change(model, estimate, counts, text)
    if counts is None:
        notes.append(
            "how often contexts occur is the model's own guess, which of Kneser-Ney is a poor one: "
            "give a text to count them in."
        )
    if model.smoothing == "kneser-ney" and after < _FEW * before:
        notes.append(
            "Kneser-Ney loses more than katz or witten-bell where so few n-grams are left: compare."
        )
    return _with(model, replace(estimate, notes=(*model.notes, *notes)))


def quantised(model: NGramModel, bits: int, text: Text | None) -> NGramModel:
    """Return a model of few different values; see `NGramModel.quantise`."""
    bits, text, e = whole("bits", bits, 2, 16), _kept(text), model.estimate
    logs = (e.log_probs[0], *(packing.quantised(each, bits) for each in e.log_probs[1:]))
    weights = (*e.log_weights[:1], *(packing.quantised(each, bits) for each in e.log_weights[1:]))
    estimate = replace(e, log_probs=logs, log_weights=weights)
    notes = (f"quantised to {bits} bits.", *_change(model, estimate, _counts(model, text), text))
    return _with(model, replace(estimate, notes=(*model.notes, *notes)))


def _kept(text: Text | None) -> Text | None:
    """Return a text that can be read more than once."""
    if text is None or isinstance(text, Path | list):
        return text
    return [text] if isinstance(text, str) else cast("list[str]", list(text))


def _counts(model: NGramModel, text: Text | None) -> NGramCounts | None:
    if text is not None:
        return count(text, model.order, model.tokenizer)
    return model.counts


def _with(model: NGramModel, estimate: Estimate) -> NGramModel:
    return replace(model, estimate=estimate)


def _change(
    model: NGramModel, estimate: Estimate, counts: NGramCounts | None, text: Text | None
) -> list[str]:
    """Return what happens to the perplexity, if there is something to measure it on."""
    if counts is None:
        return []
    before, after = (pruning.nll(e, counts) for e in (model.estimate, estimate))
    where = "its own text" if text is None else "the text"
    growth = math.expm1(after - before)
    return [
        f"perplexity of {where}: {math.exp(after):.6g}, before {math.exp(before):.6g} "
        f"({growth:+.3%})."
    ]
