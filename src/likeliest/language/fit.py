"""`fit`: from a text to its likeliest model, by way of its counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from likeliest.engines import memory as memory_engine
from likeliest.engines.mapped import mapping
from likeliest.errors import DataError, ParameterError
from likeliest.language import smoothing as smoothings
from likeliest.language.counting import spill
from likeliest.language.counting.count import MOST, count, counted, cut, restricted
from likeliest.language.counting.counts import NGramCounts
from likeliest.language.counting.stream import Plan
from likeliest.language.models.model import NGramModel
from likeliest.language.neural import gradient, mlp_training
from likeliest.language.options import whole
from likeliest.language.smoothing.base import Smoothing, require_prune
from likeliest.language.storage.draft import Draft
from likeliest.language.text import pieces
from likeliest.language.text.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from likeliest.language.neural.mlp import MLPModel
    from likeliest.language.smoothing.levels import Advance
    from likeliest.language.text.reading import Progress, Text
    from likeliest.language.text.tokenizers import Tokenizer

_MANY = 100  # symbols of a sequence that may be a text whose line ends were lost


@overload
def fit(
    text: Text | NGramCounts,
    *,
    method: Literal["mlp"],
    tokenizer: str | Tokenizer | object = ...,
    min_count: int = ...,
    max_symbols: int | None = ...,
    vocabulary: Sequence[str] | None = ...,
    steps: int | None = ...,
    learning_rate: float | None = ...,
    l2: float | None = ...,
    init: Sequence[ArrayLike] | None = ...,
    context: int | None = ...,
    hidden: int | None = ...,
    embedding: int | None = ...,
    seed: int | None = ...,
    encoding: str = ...,
    errors: str = ...,
    memory: int | str | None = ...,
    resume: str | Path | None = ...,
    progress: Progress | None = ...,
) -> MLPModel: ...


@overload
def fit(
    text: Text | NGramCounts,
    order: int = ...,
    tokenizer: str | Tokenizer | object = ...,
    smoothing: str | Smoothing | None = ...,
    *,
    method: Literal["counts", "gradient", "lbfgs"] = ...,
    min_count: int = ...,
    max_symbols: int | None = ...,
    vocabulary: Sequence[str] | None = ...,
    vocab_pad: int = ...,
    prune: Sequence[int] = ...,
    heldout: Text | None = ...,
    steps: int | None = ...,
    learning_rate: float | None = ...,
    l2: float | None = ...,
    init: ArrayLike | None = ...,
    encoding: str = ...,
    errors: str = ...,
    memory: int | str | None = ...,
    resume: str | Path | None = ...,
    progress: Progress | None = ...,
    estimating: Callable[[int, int], None] | None = ...,
) -> NGramModel: ...


def fit(
    text: Text | NGramCounts,
    order: int = 2,
    tokenizer: str | Tokenizer | object = "characters",
    smoothing: str | Smoothing | None = None,
    *,
    method: Literal["counts", "gradient", "lbfgs", "mlp"] = "counts",
    min_count: int = 1,
    max_symbols: int | None = None,
    vocabulary: Sequence[str] | None = None,
    vocab_pad: int = 0,
    prune: Sequence[int] = (),
    heldout: Text | None = None,
    steps: int | None = None,
    learning_rate: float | None = None,
    l2: float | None = None,
    init: ArrayLike | Sequence[ArrayLike] | None = None,
    context: int | None = None,
    hidden: int | None = None,
    embedding: int | None = None,
    seed: int | None = None,
    encoding: str = "utf-8",
    errors: str = "strict",
    memory: int | str | None = None,
    resume: str | Path | None = None,
    progress: Progress | None = None,
    estimating: Callable[[int, int], None] | None = None,
) -> NGramModel | MLPModel:
    """Return the n-gram model of a text.

    The counts of its n-grams are all that a text says to such a model; they are taken in one pass,
    on all cores. `smoothing` turns them into probabilities.

    Why Kneser–Ney by default: of these methods its modified, interpolated form has the lowest
    perplexity on held-out text at every order from 2 to 7 that docs/language-reference.md tries,
    of words and of characters, as Chen & Goodman (1998) found for words of any order and size of
    text; and it has no parameter to choose. The maximum likelihood estimate itself, "mle", is
    unbeatable on the text it was fitted to and gives probability 0 to whatever that text lacks:
    choose it to learn from, as for a table of bigrams.

    Parameters
    ----------
    text : list of str, path, list of paths, stream of lines, Dask bag of either, or NGramCounts
        A string of a list, or a line of a file, is a sequence. A `str` by itself is a path. The
        partitions of a bag are counted where they lie, and their counts added up.
    order : int
        The length of the longest n-grams: 2 for a bigram model. Of counts, their own is taken.
    tokenizer : {"characters", "bytes", "words"}, or a Hugging Face `tokenizers.Tokenizer`
        Of counts, the one that they were made with.
    smoothing : str or Smoothing
        "mle", "add-k", "witten-bell", "absolute", "jelinek-mercer", "katz", "kneser-ney" (the
        default), or one of the classes of `likeliest.language.smoothing` with its parameters.
    method : {"counts", "gradient", "lbfgs", "mlp"}
        "gradient" trains softmax weights by gradient descent on the mean NLL, as one would with
        PyTorch, but exactly on the counts; "lbfgs" finds the same optimum in fewer steps. "mlp"
        trains a network of one hidden layer on the distinct contexts of `context` symbols.
    min_count, max_symbols : int
        Symbols counted less often, or beyond so many of the most frequent, become `<unk>`; also
        of counts.
    vocabulary : sequence of str, optional
        The only symbols that the model has: others of the text become `<unk>`, and those that the
        text lacks are there. Models of one vocabulary have perplexities that compare.
    vocab_pad : int
        How many symbols there are taken to be, beyond those of the text too: one number makes
        perplexities of models of different texts compare, for each says of any unknown symbol what
        it leaves to one of so many. What the others of them get is in no sum over the vocabulary.
    prune : sequence of int
        For each order the count up to which n-grams go, such as (0, 0, 1); the last serves all
        longer ones.
    heldout : text
        For "jelinek-mercer": the text to find the weights on.
    steps, learning_rate, l2, init
        Of the gradient route: see `likeliest.language.neural.gradient.train`; of the network: see
        `likeliest.language.neural.mlp_training.train`.
    context, hidden, embedding, seed : int, optional
        Of the network: how many symbols it looks back (3 unless told), units and numbers a symbol.
    encoding, errors : str
        Of files, as in Python's `open`.
    memory : int or str, optional
        Bytes, or a size such as "2GB", that counting and estimating (by gradient not) may take
        each: beyond it
        sorted runs go to disk and are merged, and the model is made in a file of the temporary
        folder, to which it stays mapped. Saving moves the file, where it is on the same disk.
    resume : path of a folder, optional
        Where the counts of finished parts are kept, so that a count of files that was interrupted
        is taken up by the same call.
    progress : callable, optional
        Called with the number of bytes of each block once it is counted, and with 0 at the end.
    estimating : callable, optional
        Called, once all is counted, with the number of n-grams of each chunk that is estimated,
        and how many n-grams there are in all.

    Returns
    -------
    NGramModel, or with method "mlp" an MLPModel

    Raises
    ------
    DataError
        If there is no text, or it cannot be used.
    ParameterError
        If an option is out of its range.

    Examples
    --------
    >>> import likeliest as lk
    >>> model = lk.language.fit(["emma", "olivia", "ava"], order=2, smoothing="mle")
    >>> round(model.nll(["ava"], reduction="mean"), 4)
    0.8664
    """
    network = {"context": context, "hidden": hidden, "embedding": embedding, "seed": seed}
    given: dict[str, Any] = {name: n for name, n in network.items() if n is not None}
    descent = {"steps": steps, "learning_rate": learning_rate, "l2": l2, "init": init}
    order = _order(method, order, given)
    chosen = pieces.find(tokenizer)
    listed = _symbols(vocabulary, chosen, is_cut=min_count != 1 or max_symbols is not None)
    how = smoothings.find("kneser-ney" if smoothing is None else smoothing)
    thresholds = require_prune(prune, how)
    padded = whole("vocab_pad", vocab_pad, 0)
    if padded and (method != "counts" or not how.pads):
        raise ParameterError(
            "vocab_pad spreads the uniform distribution, which witten-bell, absolute, "
            "jelinek-mercer and kneser-ney alone mix in; leave it out."
        )
    limit = None if memory is None else spill.size_in_bytes(memory)
    if method != "counts":
        _require_no_smoothing(smoothing, thresholds, heldout)
    elif trained := [name for name, value in descent.items() if value is not None]:
        raise ParameterError(
            f"{', '.join(trained)} are of a model that is trained; leave them out, or name method."
        )
    if isinstance(text, NGramCounts):
        if resume is not None:
            raise ParameterError("resume takes up a count, and these are counts already.")
        _require_symbols(text, chosen)
        counts = cut(text, min_count, max_symbols, limit)
    else:
        counts = count(
            text, order, chosen, min_count=min_count, max_symbols=max_symbols,
            encoding=encoding, errors=errors, memory=memory, resume=resume, progress=progress,
        )  # fmt: skip
    counts = restricted(counts, listed, limit)
    if method != "counts":
        given |= {name: value for name, value in descent.items() if value is not None}
        return _trained(counts, chosen, method, given)
    if how.reserves and not isinstance(chosen, pieces.HuggingFace):
        counts = counts.named(counts.vocabulary.with_unknown())
    if heldout is not None:
        plan = Plan(counts.order, chosen, encoding, errors)
        how = _with_heldout(how, heldout, counts, plan, limit)
    advance = None if estimating is None else partial(_told, estimating, counts.size)
    return _estimated(counts, chosen, how, (thresholds, padded), limit=limit, advance=advance)


def _symbols(
    vocabulary: Sequence[str] | None, tokenizer: Tokenizer, *, is_cut: bool
) -> Sequence[str] | None:
    """Return the symbols that a model is to have, checked."""
    if vocabulary is None:
        return None
    if isinstance(tokenizer, pieces.HuggingFace):
        raise ParameterError("a Hugging Face tokenizer has its own vocabulary; leave it out.")
    if is_cut:
        raise ParameterError(
            "vocabulary says which symbols there are; leave min_count and max_symbols out."
        )
    given: object = vocabulary
    if isinstance(given, str) or "" in vocabulary:
        raise ParameterError("vocabulary is a list of symbols, each a string that is not empty.")
    return vocabulary


def _order(method: str, order: int, network: dict[str, Any]) -> int:
    """Return the order to count; take `context` out of the options of a network.

    Raises
    ------
    ParameterError
        If there is no such method, or an option is of another.
    """
    if method not in {"counts", "gradient", "lbfgs", "mlp"}:
        raise ParameterError(f"method is counts, gradient, lbfgs or mlp; got {method!r}.")
    if method != "mlp" and network:
        raise ParameterError(f"{', '.join(network)} are of method='mlp'; leave them out.")
    if method != "mlp":
        return order
    if order != 2:
        raise ParameterError(f"a network looks back `context` symbols; leave order={order} out.")
    return whole("context", network.pop("context", 3), 1, MOST - 1) + 1


def _trained(
    counts: NGramCounts, tokenizer: Tokenizer, method: str, options: dict[str, Any]
) -> NGramModel | MLPModel:
    if method == "mlp":
        return mlp_training.train(counts, tokenizer, **options)
    if "init" in options:
        options["init"] = _matrix(options["init"])
    return gradient.train(counts, tokenizer, method=method, **options)


def _require_no_smoothing(smoothing: object, prune: Sequence[int], heldout: Text | None) -> None:
    if smoothing is not None:
        raise ParameterError("what is trained is smoothed by l2; leave smoothing out.")
    if any(prune) or heldout is not None:
        raise ParameterError("what is trained has no use for prune and heldout; leave them out.")


def _told(estimating: Callable[[int, int], None], total: int, done: int) -> None:
    estimating(done, total)


def _matrix(init: ArrayLike) -> NDArray[np.float64]:
    try:
        return np.asarray(init, dtype=np.float64)
    except (TypeError, ValueError):
        raise ParameterError("init is a matrix of numbers, a row for each context.") from None


def _require_symbols(counts: NGramCounts, tokenizer: Tokenizer) -> None:
    """Refuse counts whose symbols a tokenizer cannot give."""
    longest = {"characters": 1, "bytes": 6}.get(tokenizer.name)
    if longest is None:
        return
    others = (s for s in counts.vocabulary.symbols[1:] if s != UNKNOWN)
    wrong = next((s for s in others if len(s) > longest), None)
    if wrong is not None:
        raise ParameterError(
            f"the counts hold {wrong!r:.40}, which is none of the {tokenizer.name}: name the "
            "tokenizer that they were made with."
        )


def _with_heldout(
    how: Smoothing, heldout: Text, counts: NGramCounts, plan: Plan, limit: int | None
) -> Smoothing:
    if not isinstance(how, smoothings.JelinekMercer):
        raise ParameterError(f"{how.name} takes no held-out text; jelinek-mercer does.")
    encoder = plan.tokenizer.encoder(counts.vocabulary)
    apart = counted(plan, plan.blocks(heldout), encoder, limit)
    if apart is None:
        raise DataError("the held-out text is empty.")
    return smoothings.JelinekMercer(how.weights, apart.named(counts.vocabulary))


def _estimated(
    counts: NGramCounts,
    tokenizer: Tokenizer,
    how: Smoothing,
    options: tuple[tuple[int, ...], int],
    *,
    limit: int | None,
    advance: Advance | None,
) -> NGramModel:
    """Return the model of counts: made in memory where that holds it, or in a file.

    Parameters
    ----------
    options : tuple
        Thresholds for pruning, and `vocab_pad`.
    """
    within = _limit_of_file(counts, how, limit)
    prune, vocab_pad = options
    if within is None:
        estimate = how.estimate(counts, prune, None, advance, vocab_pad)
        return NGramModel(_noted(estimate, counts), tokenizer, how.name, counts)
    with Draft(counts, tokenizer, how.name, spill.rows(within)) as draft:
        estimate = how.estimate(counts, prune, draft, advance, vocab_pad)
        return draft.model(_noted(estimate, counts))


def _limit_of_file(counts: NGramCounts, how: Smoothing, limit: int | None) -> int | None:
    """Return the bytes within which a file is to be written; None where memory holds it all.

    Raises
    ------
    DataError
        Where it does not and no file will do: the system would kill half-way, without a word.
    """
    there = memory_engine.available()
    in_memory = sum(c.nbytes for c in (*counts.levels, *counts.counts) if mapping(c) is None)
    need = counts.size * how.memory
    allowed = [there] if limit is None else [there, limit - in_memory]
    least = min((size for size in allowed if size is not None), default=None)
    if least is None or need <= least:
        return None
    if limit is not None and how.chunked:
        return min(size for size in (limit, there) if size is not None)
    ways = "Give a limit (memory, --memory), and it goes through files; or lower"
    if not how.chunked:
        ways = "Give weights or a held-out text, which need less; or lower"
    raise DataError(
        f"estimating {counts.size:,} n-grams with {how.name} takes some {need / 1e9:.1f} GB, and "
        f"{max(least, 0) / 1e9:.1f} GB of memory are free for it. {ways} the order, or let rare "
        "symbols be <unk> (min_count, max_symbols); counts kept with resume or NGramCounts.save "
        "are not counted again."
    )


def _noted(estimate: smoothings.Estimate, counts: NGramCounts) -> smoothings.Estimate:
    """Say of an order that no sequence is long enough for, and of a text that is one sequence."""
    notes = []
    longest = sum(c.size > 0 for c in counts.counts)
    if longest < counts.order:
        notes.append(
            f"no sequence is long enough for order {longest + 1}: the model answers up to "
            f"{longest}."
        )
    if counts.sequences == 1 and counts.total >= _MANY:
        notes.append(
            f"the text is one sequence of {counts.total:,} symbols: its start and end were seen "
            "once. If it has sentences, give a list of them, or a file with one a line."
        )
    return replace(estimate, notes=(*estimate.notes, *notes)) if notes else estimate
