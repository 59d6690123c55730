"""`count`: from a text, wherever it lies, to the counts of its n-grams."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from likeliest.engines import dask
from likeliest.errors import DataError, ParameterError
from likeliest.language.counting import renumbering, resumption, spill
from likeliest.language.counting.counts import NGramCounts, added
from likeliest.language.counting.stream import Plan, gathered, named
from likeliest.language.options import whole
from likeliest.language.text import pieces
from likeliest.language.text.tokenizers import require_room

if TYPE_CHECKING:
    from likeliest.language.counting.counts import Renumber
    from likeliest.language.text.reading import Block, Progress, Text
    from likeliest.language.text.tokenizers import Encoder, Tokenizer

MOST = 16
"""The highest order: beyond it nothing is gained, and every order is a pass."""


def count(
    text: Text,
    order: int = 2,
    tokenizer: str | Tokenizer | object = "characters",
    *,
    min_count: int = 1,
    max_symbols: int | None = None,
    encoding: str = "utf-8",
    errors: str = "strict",
    memory: int | str | None = None,
    resume: str | Path | None = None,
    progress: Progress | None = None,
) -> NGramCounts:
    """Return the counts of a text's n-grams.

    Parameters
    ----------
    text : list of str, path, list of paths, stream of lines, or Dask bag of either
        A string of a list, or a line of a file, is a sequence. A `str` by itself is a path. The
        partitions of a bag are counted where they lie, and their counts added up.
    order : int
        The length of the longest n-grams.
    tokenizer : {"characters", "bytes", "words"}, or a Hugging Face `tokenizers.Tokenizer`
    min_count, max_symbols : int
        Symbols counted less often, or beyond so many of the most frequent, become `<unk>`.
    encoding, errors : str
        Of files, as in Python's `open`.
    memory : int or str, optional
        Bytes, or a size such as "2GB", that counting may take: beyond it sorted runs go to disk
        and are merged. The vocabulary stays in memory.
    resume : path of a folder, optional
        Where the counts of finished parts are kept, so that a count of files that was interrupted
        is taken up by the same call. At the end it holds the counts; remove it when they are of no
        more use.
    progress : callable, optional
        Called with the number of bytes of each block once it is counted, and with 0 at the end.

    Raises
    ------
    DataError
        If there is no text, or it cannot be used.
    ParameterError
        If an option is out of its range, or the folder belongs to another count.

    Examples
    --------
    >>> count(["the cat sat", "the cat"], order=2, tokenizer="words")["the", "cat"]
    2
    """
    _required(min_count, max_symbols)
    plan = Plan(whole("order", order, 1, MOST), pieces.find(tokenizer), encoding, errors)
    limit = None if memory is None else spill.size_in_bytes(memory)
    if dask.is_collection(text):
        counts = _over_partitions(text, plan, limit, resume)
    elif resume is not None:
        counts = resumption.counted(text, plan, Path(resume), limit, progress)
    else:
        counts = _in_one_pass(text, plan, limit, progress)
    return cut(_finished(counts, plan.tokenizer, limit), min_count, max_symbols, limit)


def _in_one_pass(
    text: Text, plan: Plan, limit: int | None, progress: Progress | None
) -> NGramCounts | None:
    encoder = plan.tokenizer.encoder()
    total = counted(plan, plan.blocks(text, progress), encoder, limit)
    return total and named(total, encoder.symbols)


def counted(
    plan: Plan, source: Iterable[Block], encoder: Encoder, limit: int | None
) -> NGramCounts | None:
    """Return the sum of the counts of blocks, within a limit of memory; None if there is none."""
    if limit is None:
        return gathered(plan.parts(source, encoder))
    return spill.gathered(plan.parts(source, encoder, spill.chunk_size(limit)), limit)


def _over_partitions(
    text: Any, plan: Plan, limit: int | None, resume: object
) -> NGramCounts | None:
    if limit is not None or resume is not None:
        raise ParameterError(
            "memory and resume are of a count in this process: on a cluster cut the text into "
            "more partitions, and Dask computes again what a lost worker had."
        )
    return dask.total(text, partial(_of_partition, plan), _added)


def _of_partition(plan: Plan, partition: Iterable[str]) -> NGramCounts | None:
    """Return the counts of a partition, with a vocabulary of its own in the order of the text."""
    return _in_one_pass(iter(partition), plan, None, None)


def _added(parts: Sequence[NGramCounts | None]) -> NGramCounts | None:
    """Return the sum of those partitions that hold any sequence."""
    some = [part for part in parts if part is not None]
    return added(some) if some else None


def _finished(counts: NGramCounts | None, tokenizer: Tokenizer, limit: int | None) -> NGramCounts:
    """Return the counts of the whole text with its vocabulary in order."""
    if counts is None:
        raise DataError("there is no text: it holds no sequence to count.")
    if counts.total == counts.sequences:
        raise DataError("there is no text: all of its sequences are empty.")
    require_room(len(counts.vocabulary))
    return counts.ordered(_renumber(limit)) if tokenizer.sorts else counts


def restricted(
    counts: NGramCounts, symbols: Sequence[str] | None, limit: int | None
) -> NGramCounts:
    """Return the counts with all symbols that are not listed as `<unk>`, if there is a list."""
    return counts if symbols is None else counts.restricted(symbols, _renumber(limit))


def cut(
    counts: NGramCounts, min_count: int, max_symbols: int | None, limit: int | None
) -> NGramCounts:
    """Return the counts with rare symbols, or those beyond so many, as `<unk>`."""
    least, most = _required(min_count, max_symbols)
    if least == 1 and most is None:
        return counts
    return counts.limited(least, most, _renumber(limit))


def _required(min_count: int, max_symbols: int | None) -> tuple[int, int | None]:
    most = None if max_symbols is None else whole("max_symbols", max_symbols, 1)
    return whole("min_count", min_count, 1), most


def _renumber(limit: int | None) -> Renumber | None:
    return None if limit is None else partial(renumbering.renumbered, limit=limit)
