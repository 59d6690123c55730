"""What says which symbol comes next: of one context, of many, and in drawing sequences."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import ParameterError
from likeliest.language.models import generation
from likeliest.language.models.scorer import Scorer
from likeliest.language.options import whole
from likeliest.language.text.vocabulary import BOUNDARY

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import ArrayLike, NDArray

    from likeliest.explorer import Explorer
    from likeliest.language.models.mixture_state import MixtureState
    from likeliest.language.models.state import State
    from likeliest.language.neural.mlp import NetworkState
    from likeliest.language.smoothing.base import Array
    from likeliest.language.text.reading import Text
    from likeliest.language.text.tokenizers import Encoder


class Predictor(Scorer):
    """A scorer that can be asked for the next symbol without a text that has one."""

    @property
    @abstractmethod
    def order(self) -> int:
        """One more than the symbols before that it looks at."""

    @abstractmethod
    def state(self, after: str = "", *, bos: bool = True) -> State | MixtureState | NetworkState:
        """Return the state of a query after a text."""

    @property
    @abstractmethod
    def _lead(self) -> int:
        """How many symbols before the next one can matter."""

    @abstractmethod
    def _following(self, histories: NDArray[np.integer]) -> Array:
        """Return the log probability of every symbol after histories of `_lead` numbers each."""

    def _top(self, after: str, top: int, *, bos: bool) -> tuple[NDArray[np.int64], Array]:
        """Return the likeliest symbols after a text, and their log probabilities."""
        logs = self.state(after, bos=bos).log_probs()
        numbers = np.argsort(-logs, kind="stable")[:top]
        return numbers, logs[numbers]

    def __contains__(self, symbol: object) -> bool:
        """Return whether a symbol is in the vocabulary: the ends and `<unk>` are none."""
        number = self.vocabulary.index.get(symbol) if isinstance(symbol, str) else None
        return number is not None and number != self.vocabulary.unknown

    def next(
        self, after: str = "", *, bos: bool = True, top: int | None = None
    ) -> dict[str, float]:
        """Return the probability of each symbol after a text, the likeliest first.

        Parameters
        ----------
        after : str
        bos : bool
            Whether the text begins a sequence, or comes somewhere within one.
        top : int, optional
            Only the so many likeliest.

        Returns
        -------
        dict from symbol to probability; the end of the sequence is '.', or '</s>' where the point
        is a symbol of the text.
        """
        if top is None:
            logs = self.state(after, bos=bos).log_probs()
            numbers = np.argsort(-logs, kind="stable")
            logs = logs[numbers]
        else:
            numbers, logs = self._top(after, whole("top", top, 1), bos=bos)
        symbols = map(self.vocabulary.shown, numbers.tolist())
        return dict(zip(symbols, np.exp(logs).tolist(), strict=True))

    def prob(self, symbol: str, after: str = "", *, bos: bool = True) -> float:
        """Return the probability of one symbol after a text; '.' is the end of the sequence."""
        end = symbol == BOUNDARY and symbol not in self.vocabulary.index
        return math.exp(self.state(after, bos=bos).score(0 if end else symbol)[0])

    def log_probs(self, contexts: ArrayLike) -> Array:
        """Return the log probability of every symbol after each context of numbers.

        Parameters
        ----------
        contexts : array of int, of shape (contexts, symbols)
            The numbers of the symbols before, the latest last; `vocabulary.index` has them. 0 is
            the start of a sequence, and -1 before it says that there is nothing to know. Those
            beyond the last `order - 1` matter to a cache alone.

        Returns
        -------
        array of shape (contexts, symbols of the vocabulary), in nats

        Examples
        --------
        >>> import likeliest as lk
        >>> model = lk.language.fit(["emma", "ava"], order=3)
        >>> logs = model.log_probs([[0, model.vocabulary.index["e"]], [-1, 0]])
        >>> logs.shape, np.exp(logs).sum(axis=1).round(12).tolist()
        ((2, 6), [1.0, 1.0])
        """
        histories = np.asarray(contexts)
        if histories.ndim != 2 or (histories.size and histories.dtype.kind not in "iu"):
            raise ParameterError(
                "contexts are numbers of symbols in rows, of shape (contexts, symbols); got shape "
                f"{histories.shape} of {histories.dtype}."
            )
        if histories.size and not -1 <= histories.min() <= histories.max() < len(self.vocabulary):
            raise ParameterError(
                f"the numbers of symbols are from -1 to {len(self.vocabulary) - 1:,}; got "
                f"{histories.min()} to {histories.max()}."
            )
        rows, given = histories.shape
        padded = np.full((rows, self._lead), -1)
        taken = min(given, self._lead)
        if taken:
            padded[:, -taken:] = histories[:, given - taken :]
        return self._following(padded)

    def explore(self, source: str | PathLike[str] = "") -> Explorer:
        """Return a page on which texts are scored and drawn, in the browser or in a notebook.

        Needs the extra `explore`.

        Parameters
        ----------
        source : path, optional
            The file of the model, which is then the title of the page.
        """
        from likeliest.explorer import of_language_model

        return of_language_model(self, source)

    # drawing

    def generate(
        self,
        n: int = 1,
        *,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float | None = None,
        prefix: str = "",
        seed: int | None = None,
        max_symbols: int = 1000,
    ) -> list[str]:
        """Return sequences drawn at random.

        Parameters
        ----------
        n : int
            How many.
        temperature : float, ≥ 0
            Below 1 likely symbols become likelier; 0 takes the likeliest each time.
        top_k : int, optional
            Only the so many likeliest symbols (and equals of the last).
        top_p : float, optional
            Only the likeliest symbols that together reach this probability.
        prefix : str
            How each begins.
        seed : int, optional
            The same seed gives the same sequences.
        max_symbols : int
            Where a sequence that has not ended is cut off.
        """
        rng = np.random.default_rng(None if seed is None else whole("seed", seed, 0))
        before = np.array(self._encoder.one(prefix), np.int64)
        drawn = generation.generate(
            self._following, self._lead, self.vocabulary, n, rng, prefix=before,
            temperature=temperature, top_k=top_k, top_p=top_p, most=max_symbols,
        )  # fmt: skip
        symbols = self.vocabulary.symbols
        return [self.tokenizer.continued(prefix, [symbols[i] for i in one]) for one in drawn]

    def seen(self, samples: Sequence[str], text: Text) -> list[bool]:
        """Return whether each sample is a sequence of a text: learnt by heart, or made up.

        Parameters
        ----------
        samples : list of str
            As `generate` returns them.
        text : text
            What the model was made from, say; read once, as a stream.

        Examples
        --------
        >>> import likeliest as lk
        >>> names = ["emma", "olivia", "ava"]
        >>> model = lk.language.fit(names, order=3)
        >>> samples = model.generate(3, seed=1)
        >>> list(zip(samples, model.seen(samples, names)))
        [('eolaaolia', False), ('va', False), ('avaa', False)]
        """
        return generation.seen(samples, text, self.tokenizer)

    @cached_property
    def _encoder(self) -> Encoder:
        return self.tokenizer.encoder(self.vocabulary)
