"""Mixtures of language models: linear, with weights by EM on a text that none was fitted to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.language.models import merging
from likeliest.language.models.hashed import HashedModel
from likeliest.language.models.mixture_parts import (
    Cache,
    CachePart,
    ModelPart,
    Network,
    Part,
    part_of,
)
from likeliest.language.models.mixture_state import MixtureState
from likeliest.language.models.model import NGramModel
from likeliest.language.models.predictor import Predictor
from likeliest.language.models.scoring import Scores
from likeliest.language.neural.mlp import MLPModel
from likeliest.language.text.vocabulary import END, Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.smoothing.base import Array
    from likeliest.language.text.reading import Block, Text
    from likeliest.language.text.tokenizers import Tokenizer

_STEPS = 1_000
_ENOUGH = 1e-9  # of a weight's change


def mix(
    parts: Sequence[NGramModel | HashedModel | MLPModel | str | Path | Cache | Network],
    *,
    heldout: Text | None = None,
    weights: Sequence[float] | None = None,
) -> Mixture:
    """Return the linear mixture of models: p(w | h) = Σ weight · p(w | h of the part).

    The vocabulary is that of all parts together. A part that lacks a symbol shares what it gives to
    unknown ones out evenly, among the symbols that it lacks and those that all lack, so that every
    distribution adds up to 1.

    Parameters
    ----------
    parts : sequence
        Models (networks of `fit(method="mlp")` too), paths of models (ARPA files among them), a
        `Cache`, and functions, a network say,
        from a list of sequences to the log probabilities (nats) of the symbols of each, its end the
        last. One at least is a model, and all models take text apart alike.
    heldout : text, optional
        The text for which the weights are likeliest, by expectation maximisation.
    weights : sequence of float, optional
        The weights, where there is no such text; they add up to 1.

    Examples
    --------
    >>> import likeliest as lk
    >>> a = lk.language.fit(["the cat sat", "the cat ran"], 2, "words")
    >>> b = lk.language.fit(["the law says", "a court says"], 2, "words")
    >>> mixed = mix([a, b], heldout=["the cat says", "a cat sat"])
    >>> mixed
    Mixture(0.642 · order 2 + 0.358 · order 2, words, 10 symbols)
    """
    opened = [_opened(part) for part in parts]
    models = [part for part in opened if isinstance(part, NGramModel | HashedModel | MLPModel)]
    if not models:
        raise ParameterError("a mixture needs one model at least, which knows the symbols.")
    tokenizer = models[0].tokenizer
    other = next((m for m in models if m.tokenizer.to_dict() != tokenizer.to_dict()), None)
    if other is not None:
        raise ParameterError(
            f"the parts take text apart differently: {tokenizer.name} and {other.tokenizer.name}. "
            "Mix models of the same symbols."
        )
    vocabulary = _united(models)
    made = tuple(part_of(part, vocabulary, tokenizer) for part in opened)
    if (heldout is None) == (weights is None):
        raise ParameterError("give a heldout text to find the weights on, or the weights.")
    if weights is not None:
        given = np.array(weights, dtype=np.float64)
        if given.shape != (len(made),) or not (given >= 0).all() or abs(given.sum() - 1) > 1e-9:
            raise ParameterError(
                f"weights are {len(made)} numbers from 0 on that add up to 1; got {weights}."
            )
        return Mixture(made, given, tokenizer, vocabulary)
    even = Mixture(made, np.full(len(made), 1.0 / len(made)), tokenizer, vocabulary)
    return replace(even, weights=even._likeliest_weights(heldout))  # type: ignore[arg-type]  # noqa: SLF001


def _opened(
    part: NGramModel | HashedModel | MLPModel | str | Path | Cache | Network,
) -> NGramModel | HashedModel | MLPModel | Cache | Network:
    from likeliest.language import load, load_kenlm
    from likeliest.language.storage.kenlm_binary import is_hashed

    if isinstance(part, str | Path):
        return load_kenlm(part) if Path(part).is_file() and is_hashed(part) else load(part)
    if not isinstance(part, NGramModel | HashedModel | MLPModel | Cache) and not callable(part):
        kind = type(part).__name__
        raise ParameterError(f"a part is a model, its path, a Cache or a function; got {kind}.")
    return part


def _united(models: Sequence[NGramModel | HashedModel | MLPModel]) -> Vocabulary:
    symbols = dict.fromkeys(
        symbol
        for model in models
        for number, symbol in enumerate(model.vocabulary.symbols)
        if number not in {0, model.vocabulary.unknown}
    )
    united = Vocabulary((END, *symbols))
    return united.with_unknown() if any(m.vocabulary.unknown for m in models) else united


@dataclass(frozen=True, eq=False)
class Mixture(Predictor):
    """A linear mixture of language models, which scores text as a model does.

    Parameters
    ----------
    parts : tuple
    weights : array
        Of the parts; they add up to 1.
    tokenizer : Tokenizer
    united : Vocabulary
        The symbols of all parts.
    """

    parts: tuple[Part, ...]
    weights: Array
    tokenizer: Tokenizer
    united: Vocabulary

    @property
    def vocabulary(self) -> Vocabulary:
        """The symbols of all parts, the boundary first."""
        return self.united

    @property
    def order(self) -> int:
        """The order of the longest n-grams among the parts."""
        return max(part.model.order for part in self.parts if isinstance(part, ModelPart))

    @cached_property
    def shares(self) -> Array:
        """The logs of the weights."""
        with np.errstate(divide="ignore"):
            logs: Array = np.log(self.weights)
        return logs

    def state(self, after: str = "", *, bos: bool = True) -> MixtureState:
        """Return the state of a query after a text; see `NGramModel.state`.

        Raises
        ------
        ParameterError
            If a part is a function, which scores whole sequences.
        """
        state = MixtureState(self, tuple(part.begin(bos=bos) for part in self.parts))
        for number in self._encoder.one(after):
            _, state = state.score(number)
        return state

    def merge(self, text: Text | None = None) -> NGramModel:
        """Return one model of n-grams: equal to the mixture on all n-grams of its parts.

        An n-gram that no part lists is answered by back-off, which is not what the mixture says.
        The model can be written as an ARPA file.

        Parameters
        ----------
        text : text, optional
            On which the `notes` of the model say the perplexity of both.

        Raises
        ------
        DataError
            If a part is a cache, a network or a function, which no n-grams can hold, or add-k.
        """
        sources = []
        for part in self.parts:
            if not isinstance(part, ModelPart) or not isinstance(part.model, NGramModel):
                raise DataError(
                    "a cache, a network, a function or a binary of hash tables lists no n-grams: "
                    "mix without it."
                )
            sources.append(merging.Source(part.model.estimate, part.numbers[:-1], part.lacks))
        if any(source.estimate.floors is not None for source in sources):
            raise DataError("an add-k model does not back off, as a merged model does.")
        estimate = merging.merged(sources, self.weights, self.united)
        model = NGramModel(estimate, self.tokenizer, "mixture")
        if text is None:
            return model
        text = text if isinstance(text, str | Path) else list(text)  # type: ignore[assignment]
        note = (
            f"perplexity {model.perplexity(text):.6g}, of the mixture {self.perplexity(text):.6g}: "
            "n-grams that no part lists are answered by back-off."
        )
        return replace(model, estimate=replace(estimate, notes=(note,)))

    @property
    def _lead(self) -> int:
        sizes = [part.size + 1 for part in self.parts if isinstance(part, CachePart)]
        return max([self.order - 1, *sizes])

    def _following(self, histories: NDArray[np.integer]) -> Array:
        return self._mixed([part.following(histories) for part in self.parts])

    def _mixed(self, logs: Sequence[Array]) -> Array:
        """Return the mixture of the log probabilities that the parts give all symbols."""
        shares = self.shares.reshape(-1, *[1] * logs[0].ndim)
        mixed: Array = np.logaddexp.reduce(np.stack(logs) + shares, axis=0)
        return mixed

    def _scored(self, text: Iterable[Block], *, bos: bool, eos: bool) -> Iterator[Scores]:
        copies = tee(text, len(self.parts))
        streams = [
            part.stream(copy, bos=bos, eos=eos)
            for part, copy in zip(self.parts, copies, strict=True)
        ]
        for together in _aligned(streams):
            ids = np.max([scores.ids for scores in together], axis=0)
            unknown = self.united.unknown
            logs = np.stack([scores.log_probs for scores in together]) + self.shares[:, None]
            orders = np.max([scores.orders for scores in together], axis=0)
            mixed = np.logaddexp.reduce(logs, axis=0)
            if not eos:
                mixed[ids == 0] = 0.0
            yield Scores(ids if unknown is None else np.where(ids < 0, unknown, ids), mixed, orders)

    def _likeliest_weights(self, heldout: Text) -> Array:
        """Return the weights that make a text likeliest, by expectation maximisation."""
        copies = tee(self._blocks(heldout), len(self.parts))
        streams = [
            part.stream(copy, bos=True, eos=True)
            for part, copy in zip(self.parts, copies, strict=True)
        ]
        columns = [np.stack([s.log_probs for s in together]) for together in _aligned(streams)]
        logs = np.concatenate(columns or [np.zeros((len(self.parts), 0))], axis=1)
        most = logs.max(axis=0, initial=-np.inf)
        possible = np.isfinite(most)  # what has probability 0 under all parts says nothing of them
        if not possible.any():
            raise DataError("the held-out text is empty, or has probability 0 under all parts.")
        probs = np.exp(logs[:, possible] - most[possible])
        weights = self.weights
        for _ in range(_STEPS):
            joint = weights[:, None] * probs
            new: Array = (joint / joint.sum(axis=0)).mean(axis=1)
            change, weights = np.abs(new - weights).max(), new
            if change < _ENOUGH:
                break
        return weights

    def __repr__(self) -> str:
        each = zip(self.weights, self.parts, strict=True)
        parts = " + ".join(f"{weight:.3g} · {part.name}" for weight, part in each)
        return f"Mixture({parts}, {self.tokenizer.name}, {len(self.united):,} symbols)"


def _aligned(streams: Sequence[Iterator[Scores]]) -> Iterator[list[Scores]]:
    """Yield scores of the same symbols, of streams that cut them differently."""
    held = [next(stream, None) for stream in streams]
    while all(scores is not None for scores in held):
        now = [scores for scores in held if scores is not None]
        size = min(scores.ids.size for scores in now)
        yield [_cut(scores, 0, size) for scores in now]
        held = [
            _cut(scores, size, scores.ids.size) if scores.ids.size > size else next(stream, None)
            for scores, stream in zip(now, streams, strict=True)
        ]


def _cut(scores: Scores, first: int, end: int) -> Scores:
    part = slice(first, end)
    return Scores(scores.ids[part], scores.log_probs[part], scores.orders[part])
