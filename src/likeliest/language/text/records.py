"""Documents of a corpus, a record each, with their perplexity.

A record is a line of a JSON lines file or a row of a Parquet file; one of its fields is the text.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from likeliest.errors import DataError, MissingExtraError, ParameterError, ReadError
from likeliest.files import whole
from likeliest.language.text.normalization import normalized
from likeliest.language.text.unpacking import BROKEN, packed, unpacked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from likeliest.language.models.model import NGramModel
    from likeliest.language.smoothing.base import Array

Record = Mapping[str, Any]
Mode = Literal["lines", "sequence"]
"""What of a document is a sequence: each of its lines, or all of it."""

_TOGETHER = 1_000  # documents scored at once
_KINDS = (".jsonl", ".ndjson", ".json", ".parquet")
_PACKED = (".gz", ".bz2", ".xz", ".zst")


class Document(NamedTuple):
    """A record with its perplexity, and its number from 1.

    Parameters
    ----------
    record : mapping
        All of its fields.
    perplexity : float, optional
        None where there is no text, or no model of its language.
    number : int
    """

    record: Record
    perplexity: float | None
    number: int

    def with_score(self, **more: object) -> dict[str, Any]:
        """Return the record with its perplexity as a field, and with more fields."""
        return {**self.record, "perplexity": self.perplexity, **more}


def is_documents(path: str | Path) -> bool:
    """Return whether a file holds records, by its name.

    Examples
    --------
    >>> is_documents("web.jsonl.gz"), is_documents("web.parquet"), is_documents("web.txt")
    (True, True, False)
    """
    return _kind(Path(path)) in _KINDS


def documents(
    model: NGramModel | Mapping[str, NGramModel],
    source: str | Path | Iterable[str | Path | Record],
    *,
    field: str = "text",
    mode: Mode = "lines",
    normalize: bool = False,
    pieces: str | Path | Callable[[str], Sequence[str]] | None = None,
    language: str = "language",
) -> Iterator[Document]:
    r"""Yield each document with its perplexity, as a stream: there may be more than memory holds.

    Parameters
    ----------
    model : NGramModel, or a mapping from language to NGramModel
        Of several, the one that the field `language` of a document names scores it.
    source : path, list of paths, or iterable of records
        Files of JSON lines (also packed by gzip, bzip2, xz or zstd) or Parquet, or mappings.
    field : str
        Where the text is.
    mode : {"lines", "sequence"}
        "lines" is CCNet's perplexity: each line is a sequence, and it is e to the total NLL over
        all symbols, ends of lines included. "sequence" takes the whole text as one sequence, as
        datatrove comes to do, which takes line ends out with other control characters.
    normalize : bool
        Whether text is lowered and stripped of accents, digits made 0 and punctuation made ASCII,
        as CCNet does before it trains and scores: line by line, or all of it as one sequence.
    pieces : path or callable, optional
        A SentencePiece model (its package is needed), or a function from text to pieces; the model
        is of these pieces as words.
    language : str
        Where the language is.

    Raises
    ------
    ReadError
        If a file cannot be read, or a record lacks the field.

    Examples
    --------
    >>> import likeliest as lk
    >>> model = lk.language.fit(["the cat", "the dog ran"], 2, "words")
    >>> texts = [{"text": "the cat\nthe dog ran"}, {"text": ""}]
    >>> [d.perplexity and round(d.perplexity, 3) for d in documents(model, texts)]
    [1.972, None]
    """
    if mode not in {"lines", "sequence"}:
        raise ParameterError(f"mode is lines or sequence; got {mode!r}.")
    split = _splitter(mode, normalize=normalize, pieces=pieces)
    stream, numbers = records(source), count(1)
    while batch := list(islice(stream, _TOGETHER)):
        for record, perplexity in zip(
            batch, _perplexities(model, batch, split, field, language), strict=True
        ):
            yield Document(record, perplexity, next(numbers))


def records(source: str | Path | Iterable[str | Path | Record]) -> Iterator[Record]:
    """Yield the records of files, or the mappings of an iterable."""
    items = [source] if isinstance(source, str | Path) else source
    for item in items:
        if isinstance(item, str | Path):
            path = Path(item)
            try:
                yield from (_rows if _kind(path) == ".parquet" else _objects)(path)
            except BROKEN as error:
                reason = getattr(error, "strerror", None) or error
                raise ReadError(f"{path} cannot be read: {reason}.") from None
        elif isinstance(item, Mapping):
            yield item
        else:
            kind = type(item).__name__
            raise DataError(f"a document is a mapping or a file of such; got {kind}: {item!r:.60}.")


def write(documents: Iterable[Mapping[str, Any]], path: str | Path) -> None:
    """Write records as JSON lines, packed as the name says (.gz, say), or as Parquet."""
    target = Path(path)
    if _kind(target) == ".parquet":
        import polars as pl

        table = pl.DataFrame(list(documents), infer_schema_length=None)
        with whole(path) as file:
            table.write_parquet(file)
        return
    with whole(path) as raw, packed(path, raw) as file:
        for record in documents:
            file.write(line_of(record).encode("utf-8", "surrogatepass"))


def line_of(record: Mapping[str, Any]) -> str:
    """Return a record as a line of JSON; what JSON has no form for, a date say, as text."""
    return json.dumps(record, ensure_ascii=False, default=str) + "\n"


def buckets(
    perplexities: Iterable[float | None], percentiles: tuple[float, float] = (30.0, 60.0)
) -> list[str | None]:
    """Return "head", "middle" or "tail" for each perplexity, as CCNet sorts documents.

    Parameters
    ----------
    perplexities : iterable of float or None
        Of documents of one language.
    percentiles : two numbers from 0 to 100
        The head lies below the first, the tail from the second on.

    Examples
    --------
    >>> buckets([10.0, 20.0, None, 30.0, 40.0], (25, 75))
    ['head', 'middle', None, 'middle', 'tail']
    """
    low, high = percentiles
    if not 0.0 <= low <= high <= 100.0:
        raise ParameterError(
            f"percentiles are two numbers from 0 to 100 in order; got {low}, {high}."
        )
    values = list(perplexities)
    known = [value for value in values if value is not None]
    if not known:
        return [None] * len(values)
    first, second = np.percentile(known, [low, high], method="higher")
    return [None if v is None else _bucket(v, float(first), float(second)) for v in values]


def _bucket(perplexity: float, first: float, second: float) -> str:
    if perplexity < first:
        return "head"
    return "middle" if perplexity < second else "tail"


Split = Callable[[str], list[str]]
"""From the text of a document to what is scored as sequences."""


def _splitter(
    mode: Mode, *, normalize: bool, pieces: str | Path | Callable[[str], Sequence[str]] | None
) -> Split:
    into = None if pieces is None else pieces if callable(pieces) else _sentencepiece(pieces)

    def prepared(text: str) -> str:
        text = normalized(text) if normalize else text
        return text if into is None else " ".join(into(text))

    if mode == "lines":
        return lambda text: [prepared(line) for line in text.split("\n")]
    return lambda text: [prepared(text)]


def _sentencepiece(path: str | Path) -> Callable[[str], Sequence[str]]:
    try:
        sentencepiece: Any = importlib.import_module("sentencepiece")
    except ImportError:
        raise MissingExtraError(
            f"{path} is a model of SentencePiece: pip install sentencepiece."
        ) from None
    try:
        processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError) as error:
        raise ReadError(f"{path} is no model of SentencePiece: {error}.") from None

    def into(text: str) -> Sequence[str]:
        found: list[str] = processor.encode(text, out_type=str)
        return found

    return into


def _perplexities(
    model: NGramModel | Mapping[str, NGramModel],
    batch: Sequence[Record],
    split: Split,
    field: str,
    language: str,
) -> list[float | None]:
    models = model if isinstance(model, Mapping) else None
    found: list[float | None] = [None] * len(batch)
    of_model: dict[str | None, list[int]] = {}
    for at, record in enumerate(batch):
        if _text(record, field).strip():
            of_model.setdefault(None if models is None else record.get(language), []).append(at)
    for name, places in of_model.items():
        chosen = models.get(str(name)) if models is not None else model
        if chosen is None:
            continue
        parts = [split(_text(batch[at], field)) for at in places]
        values = _together(chosen, parts)  # type: ignore[arg-type]
        for at, value in zip(places, values.tolist(), strict=True):
            found[at] = value
    return found


def _text(record: Record, field: str) -> str:
    if field not in record:
        there = ", ".join(map(str, record)) or "none"
        raise ReadError(
            f"a document has no field {field!r}; its fields: {there:.200}. Name another."
        )
    value = record[field]
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ReadError(f"the field {field!r} of a document is {type(value).__name__}, not text.")
    return value


def _together(model: NGramModel, parts: Sequence[Sequence[str]]) -> Array:
    """Return e to the total NLL over the number of symbols, of the sequences of each part."""
    sums, sizes = per_sequence(model, [sequence for part in parts for sequence in part])
    starts = np.cumsum([0, *(len(part) for part in parts[:-1])])
    with np.errstate(over="ignore"):
        totals: Array = np.exp(-np.add.reduceat(sums, starts) / np.add.reduceat(sizes, starts))
    return totals


def per_sequence(model: NGramModel, sequences: list[str]) -> tuple[Array, NDArray[np.int64]]:
    """Return the log probability of each sequence, and how many symbols it has, its end one."""
    parts = list(model.scores(sequences))
    ids = np.concatenate([p.ids for p in parts])
    logs = np.concatenate([p.log_probs for p in parts])
    ends = np.flatnonzero(ids == 0)
    starts = np.append(0, ends[:-1] + 1)
    return np.add.reduceat(logs, starts), ends - starts + 1


def _kind(path: Path) -> str:
    """Return the ending of a name that says what is in the file, without that of a packer."""
    name = path.name.lower()
    for ending in _PACKED:
        name = name.removesuffix(ending)
    return Path(name).suffix


def _objects(path: Path) -> Iterator[Record]:
    with path.open("rb") as raw:
        for number, line in enumerate(unpacked(path, raw), 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except ValueError as error:
                raise ReadError(f"{path}, line {number:,}: no JSON ({error}).") from None
            if not isinstance(record, dict):
                kind = type(record).__name__
                raise ReadError(f"{path}, line {number:,}: an object is wanted; got {kind}.")
            yield record


def _rows(path: Path) -> Iterator[Record]:
    import polars as pl

    try:
        table = pl.scan_parquet(path)
        for first in count(0, _TOGETHER):
            rows = table.slice(first, _TOGETHER).collect().to_dicts()
            if not rows:
                return
            yield from rows
    except pl.exceptions.PolarsError as error:
        raise ReadError(f"{path} cannot be read: {str(error).splitlines()[0]}.") from None
