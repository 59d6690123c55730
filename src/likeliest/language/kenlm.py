"""The Python module of KenLM, answered by our models, so that programs written for it run.

    import likeliest.language.kenlm as kenlm

All names, arguments and units are KenLM's: log10, words between ASCII white space, `</s>` as the
end. It opens ARPA files, KenLM's binaries and what `NGramModel.save` wrote; it needs no compiler,
and states have no limit of order. Two things differ: `<s>` as a word is an unknown word, and what
has probability 0 has log10 p = -100 whatever the context.
"""
# ruff: noqa: N802, FBT001, FBT002 - names and arguments are KenLM's

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from functools import total_ordering
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from likeliest.errors import ParameterError, ReadError
from likeliest.language.text.vocabulary import END, START

if TYPE_CHECKING:
    from likeliest.language.models.state import Known
    from likeliest.language.models.state import State as Place

__all__ = [
    "ARPALoadComplain",
    "Config",
    "FullScoreReturn",
    "LanguageModel",
    "LoadMethod",
    "Model",
    "State",
]

_TENS = 1.0 / math.log(10.0)
_NEVER = -100.0  # what KenLM gives an unknown word where the file has no <unk>


class ModelReadError(ReadError, OSError):
    """A model that cannot be read; KenLM raises an OSError then, and programs expect one."""


class LoadMethod:
    """How KenLM reads a file; here it is mapped whatever is chosen."""

    LAZY, POPULATE_OR_LAZY, POPULATE_OR_READ, READ, PARALLEL_READ = range(5)


class ARPALoadComplain:
    """How loud KenLM is about ARPA files; here what is wrong with one is always said."""

    ALL, EXPENSIVE, NONE = range(3)


class Config:
    """Settings of KenLM's loading, kept for programs that set them; scores depend on none."""

    def __init__(self) -> None:
        self.load_method = LoadMethod.POPULATE_OR_READ
        self.show_progress = True
        self.arpa_complain = ARPALoadComplain.ALL


class FullScoreReturn(NamedTuple):
    """The log10 probability of a word, the length of the n-gram that answered, whether unknown."""

    log_prob: float
    ngram_length: int
    oov: bool


@total_ordering
class State:
    """The words before the next one, written by the methods of `Model`; new, it knows of none.

    Examples
    --------
    >>> State() == State(), len({State(), State()})
    (True, 1)
    """

    __slots__ = ("place",)

    def __init__(self) -> None:
        self.place: Place | None = None

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the words that can still matter."""
        return self.place.numbers if self.place is not None else ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        if self.place is not None and other.place is not None:
            return self.place == other.place
        return self.numbers == other.numbers

    def __lt__(self, other: State) -> bool:
        return (len(self.numbers), self.numbers) < (len(other.numbers), other.numbers)

    def __hash__(self) -> int:
        return 0 if self.place is None else hash(self.place)

    def __copy__(self) -> State:
        other = State()
        other.place = self.place
        return other

    def __deepcopy__(self, memo: dict[int, object]) -> State:
        return self.__copy__()


class Model:
    """A language model that is asked as KenLM's is.

    Parameters
    ----------
    path : str, bytes or path
        An ARPA file, a binary, or one written by `NGramModel.save`. `.path` is its absolute path
        as bytes.
    config : Config, optional

    Examples
    --------
    >>> import os, tempfile
    >>> import likeliest as lk
    >>> folder = tempfile.TemporaryDirectory()
    >>> file = os.path.join(folder.name, "small.arpa")
    >>> lk.language.fit(["the cat sat", "the dog sat"], 3, "words").to_arpa(file)
    >>> model = Model(file)
    >>> round(model.score("the cat sat"), 4), "cat" in model
    (-0.8059, True)
    >>> state, after = State(), State()
    >>> model.BeginSentenceWrite(state)
    >>> round(model.BaseScore(state, "the", after), 4)
    -0.2341
    >>> folder.cleanup()
    """

    def __init__(self, path: str | bytes | os.PathLike[str], config: Config | None = None) -> None:
        from likeliest.language import HashedModel, load, load_kenlm
        from likeliest.language.storage.kenlm_binary import is_hashed

        self.path = os.fsencode(Path(os.fsdecode(path)).absolute())
        self.config = Config() if config is None else config
        try:
            hashed = is_hashed(os.fsdecode(path))
            model = (load_kenlm if hashed else load)(os.fsdecode(path), "words")
        except OSError as error:
            raise ModelReadError(f"{os.fsdecode(path)} cannot be read: {error.strerror}.") from None
        except ReadError as error:
            raise ModelReadError(str(error)) from None
        self._model = model
        self.order = model.order
        self._search = model.search if isinstance(model, HashedModel) else model.estimate.search

    def __contains__(self, word: str | bytes) -> bool:
        word = _text(word)
        return word in {START, END} or word in self._model

    def BeginSentenceWrite(self, state: State) -> None:
        """Make a state that of the start of a sentence."""
        state.place = self._search.start

    def NullContextWrite(self, state: State) -> None:
        """Make a state that of knowing nothing."""
        state.place = self._search.nothing

    def BaseScore(self, in_state: State, word: str, out_state: State) -> float:
        """Return log10 p(word | in_state), and write the state after it to `out_state`."""
        place = in_state.place
        if place is not None and place.search is self._search:
            known = place.after.get(word) or self._search.known(place, word)
        else:
            known = self._known(place, word)
        out_state.place = known[3]
        log_prob = known[0] * _TENS
        return log_prob if log_prob > _NEVER else _NEVER  # noqa: FURB136 - twice as fast as max

    def BaseFullScore(self, in_state: State, word: str, out_state: State) -> FullScoreReturn:
        """Return the same with the length of the n-gram that answered and whether it is unknown."""
        known = self._known(in_state.place, word)
        out_state.place = known[3]
        return FullScoreReturn(_tens(known[0]), known[1], known[2])

    def score(self, sentence: str | bytes, bos: bool = True, eos: bool = True) -> float:
        """Return log10 p of a sentence: after `<s>` and with `</s>`, unless told otherwise."""
        place = self._search.start if bos else self._search.nothing
        total = self._search.total(_words(sentence), place, eos=eos)
        if total == -math.inf:
            return sum(full[0] for full in self.full_scores(sentence, bos, eos))
        return total * _TENS

    def perplexity(self, sentence: str | bytes) -> float:
        """Return the perplexity of a sentence, its end being one of its words."""
        return float(10.0 ** (-self.score(sentence) / (len(_words(sentence)) + 1)))

    def full_scores(
        self,
        sentence: str | bytes,
        bos: bool = True,
        eos: bool = True,
    ) -> Iterator[tuple[float, int, bool]]:
        """Yield log10 p, length of the n-gram and whether unknown, of each word and of `</s>`."""
        place = self._search.start if bos else self._search.nothing
        for word in (*_words(sentence), *([END] if eos else [])):
            log_prob, order, unknown, place = self._search.known(place, word)
            yield _tens(log_prob), order, unknown

    def _known(self, place: Place | None, word: str) -> Known:
        if place is None:
            place = self._search.nothing
        elif place.search is not self._search:
            raise ParameterError(
                "this state is of another model: write it with this one's methods."
            )
        return self._search.known(place, word)

    def __repr__(self) -> str:
        return f"<Model from {os.fsencode(Path(os.fsdecode(self.path)).name)!r}>"

    def __reduce__(self) -> tuple[type[Model], tuple[bytes, Config]]:
        return type(self), (self.path, self.config)


class LanguageModel(Model):
    """The older name of `Model`."""


def _words(sentence: str | bytes) -> list[str]:
    if isinstance(sentence, str) and sentence.isprintable():  # of all blanks only " " is
        return sentence.split()
    raw = sentence.encode("utf-8", "surrogateescape") if isinstance(sentence, str) else sentence
    return [_text(word) for word in raw.split()]


def _text(word: str | bytes) -> str:
    return word if isinstance(word, str) else word.decode("utf-8", "surrogateescape")


def _tens(log_prob: float) -> float:
    return max(log_prob * _TENS, _NEVER)
