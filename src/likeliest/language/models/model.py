"""NGramModel: the likeliest model of a text, to score, to draw from and to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError
from likeliest.language.models.predictor import Predictor
from likeliest.language.models.scoring import Scores, following, likeliest, score_stream

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray

    from likeliest.explorer import Explorer
    from likeliest.files import Temporary
    from likeliest.language.counting.counts import NGramCounts
    from likeliest.language.models.state import State
    from likeliest.language.smoothing.base import Array, Estimate
    from likeliest.language.text.reading import Block, Text
    from likeliest.language.text.tokenizers import Tokenizer
    from likeliest.language.text.vocabulary import Vocabulary
    from likeliest.report import Report
    from likeliest.tables import Table

_FEW = 60  # symbols from which it is faster to score them all at once
_LONG = 1_000  # characters of a text that surely has more


@dataclass(frozen=True, eq=False)
class NGramModel(Predictor):
    """A language model: the probability of each symbol given the `order - 1` before it.

    Wherever a method takes text, a string is one sequence, a list of strings is a sequence each,
    a `Path` is a file with a sequence a line, and any other iterable is a stream of lines. The end
    of each sequence is predicted too and counts as a symbol.

    Parameters
    ----------
    estimate : Estimate
    tokenizer : Tokenizer
    smoothing : str
        What it was made with.
    counts : NGramCounts, optional
        What it was made from.
    losses : array
        Of the gradient route: the loss before each step.
    weights : array, optional
        Of the gradient route: the logits, a row for each context.
    file : Temporary, optional
        Where it was made, if that was a file, until it is saved; of a changed copy it says nothing.
    """

    estimate: Estimate
    tokenizer: Tokenizer
    smoothing: str
    counts: NGramCounts | None = field(default=None, repr=False)
    losses: Array = field(default_factory=lambda: np.zeros(0), repr=False)
    weights: Array | None = field(default=None, repr=False)
    file: Temporary | None = field(default=None, init=False, repr=False)

    @property
    def order(self) -> int:
        """The length of the longest n-grams: 2 for bigrams."""
        return len(self.estimate.log_probs)

    @property
    def vocabulary(self) -> Vocabulary:
        """The symbols, the boundary first."""
        return self.estimate.vocabulary

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the figures should know, such as discounts that were fallbacks."""
        return self.estimate.notes

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many n-grams of each order the model keeps."""
        return tuple(logs.size for logs in self.estimate.log_probs)

    def _scored(self, text: Iterable[Block], *, bos: bool, eos: bool) -> Iterator[Scores]:
        return score_stream(self.estimate, self._encoder, text, bos=bos, eos=eos)

    def _short(self, text: str, *, bos: bool, eos: bool) -> float | None:
        """Return the log probability of a short text, step by step."""
        if len(text) >= _LONG:
            return None
        numbers, search = self._encoder.one(text), self.estimate.search
        state = search.start if bos else search.nothing
        return search.total(numbers, state, eos=eos) if len(numbers) < _FEW else None

    # one context

    def state(self, after: str = "", *, bos: bool = True) -> State:
        """Return the state of a query after a text, from which symbols are scored one by one.

        Parameters
        ----------
        after : str
        bos : bool
            Whether the text begins a sequence, or comes somewhere within one.

        Examples
        --------
        >>> import likeliest as lk
        >>> model = lk.language.fit(["the cat sat", "the dog sat"], 3, "words")
        >>> log_prob, state = model.state("the").score("cat")
        >>> round(log_prob, 4), state
        (-0.8755, State(the cat))
        """
        numbers = self._encoder.one(after)
        longest = self.order - 1
        within = numbers[len(numbers) - longest :] if len(numbers) > longest else numbers
        return self.estimate.search.after(within, bos=bos and len(within) == len(numbers))

    @property
    def _lead(self) -> int:
        return self.order - 1

    def _following(self, histories: NDArray[np.integer]) -> Array:
        return following(self.estimate, histories)

    def _top(self, after: str, top: int, *, bos: bool) -> tuple[NDArray[np.int64], Array]:
        """Return the likeliest symbols, found without making the probabilities of all."""
        return likeliest(self.estimate, self.state(after, bos=bos).numbers, top)

    def table(self) -> Array:
        """Return the probability of each symbol after each other: rows of contexts.

        Row and column 0 are the boundary. Every row adds up to 1.

        Raises
        ------
        DataError
            If the order is not 2, or the table would have over 10 million cells.
        """
        size = len(self.vocabulary)
        if self.order != 2:
            raise DataError(f"a table shows a model of order 2; this one has order {self.order}.")
        if size * size > 10_000_000:
            raise DataError(f"a table of {size:,} by {size:,} symbols is too large.")
        return np.exp(following(self.estimate, np.arange(size)[:, None]))

    # making smaller

    def prune(
        self,
        threshold: float | None = None,
        *,
        size: float | str | None = None,
        text: Text | None = None,
    ) -> NGramModel:
        """Return a model without the n-grams that say little more than shorter ones do.

        By relative entropy (Stolcke 1998): an n-gram goes where the perplexity, were it the only
        one to go, would grow by less than a share. How often contexts occur is counted in the text
        that the model was made from, or in `text`. `notes` say how the perplexity of it changes.

        Parameters
        ----------
        threshold : float, ≥ 0
            That share, such as 1e-8.
        size : float or str
            Instead: how large the packed file may be, such as "10MB".
        text : text, optional
            For a model that does not hold its counts, because it was loaded; and to measure on.

        Raises
        ------
        DataError
            If the model does not back off (add-k).

        Examples
        --------
        >>> import likeliest as lk
        >>> names = list(lk.datasets.first_names())
        >>> model = lk.language.fit(names[::2], order=5)
        >>> small = model.prune(1e-5)
        >>> sum(model.sizes), sum(small.sizes)
        (15345, 7197)
        >>> round(model.perplexity(names[1::2]), 2), round(small.perplexity(names[1::2]), 2)
        (6.47, 6.65)
        """
        from likeliest.language.models.shrinking import pruned

        return pruned(self, threshold, size, text)

    def quantise(self, bits: int = 8, *, text: Text | None = None) -> NGramModel:
        """Return a model whose probabilities and weights take 2^bits values, for each order.

        Unigrams stay as they are. `notes` say how the perplexity changes, of the text that the
        model was made from or of `text`.

        Parameters
        ----------
        bits : int, 2 to 16
        text : text, optional
        """
        from likeliest.language.models.shrinking import quantised

        return quantised(self, bits, text)

    # keeping

    def save(self, path: str | Path, *, packed: bool = False) -> None:
        """Write the model to a file that opens at once, mapped to memory.

        Parameters
        ----------
        path : str or Path
        packed : bool
            Whether to make it small: float32, and as few bits for each number as it needs. It is
            unpacked to memory when it is opened.
        """
        from likeliest.language.storage.files import save_model

        save_model(self, path, packed=packed)

    def to_arpa(self, path: str | Path) -> None:
        """Write the model as an ARPA file, which KenLM and SRILM read.

        Parameters
        ----------
        path : str or Path
            Packed where its name ends in .gz, .bz2, .xz or .zst.
        """
        from likeliest.language.storage.arpa import write

        write(self, path)

    def summary(self) -> Table:
        """Return the model as a table: what it is, and how many n-grams it keeps."""
        from likeliest.tables import Table

        rows = tuple((f"{n}", f"{size:,}") for n, size in enumerate(self.sizes, 1))
        title = (
            f"{self.tokenizer.name} model of order {self.order}, {self.smoothing}, "
            f"{len(self.vocabulary):,} symbols"
        )
        return Table(title, ("order", "n-grams"), rows, self.notes)

    def report(
        self, text: Text | None = None, source: str | PathLike[str] = "", *, seed: int = 0
    ) -> Report:
        """Return a report of the model: one HTML file for a reader who was not there.

        Needs Jinja2 (extra `report`).

        Parameters
        ----------
        text : text, optional
            On which it is measured: one that it was not made from.
        source : path, optional
            The file of the model, named in the report and in its commands.
        seed : int
            Of the sequences that are drawn.
        """
        from likeliest.report import of_language_model

        return of_language_model(self, text, source, seed)

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

    def __repr__(self) -> str:
        sizes = " + ".join(f"{size:,}" for size in self.sizes)
        return (
            f"NGramModel(order {self.order}, {self.tokenizer.name}, {self.smoothing}, "
            f"{len(self.vocabulary):,} symbols, {sizes} n-grams)"
        )

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()

    def __getstate__(self) -> dict[str, object]:
        """Return what is pickled: not the encoder, which is made again."""
        return {name: value for name, value in self.__dict__.items() if name != "_encoder"}
