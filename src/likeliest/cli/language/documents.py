"""What `likeliest language score` and `filter` do with documents, records of JSON or Parquet."""

from __future__ import annotations

import heapq
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from likeliest.cli.language import common
from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from likeliest.language import Document
    from likeliest.language.models.scorer import Scorer

Field = Annotated[
    str | None,
    typer.Option(help="Name the field of a document that holds its text; text by default."),
]
Mode = Annotated[
    str | None,
    typer.Option(
        help="Score each line of a document as a sequence (lines, as CCNet does; the default) or "
        "its whole text as one (sequence, as datatrove does)."
    ),
]
Normalize = Annotated[
    bool, typer.Option("--normalize", help="Change the text of documents first, as CCNet does.")
]
Pieces = Annotated[
    Path | None, typer.Option(help="Cut documents into the pieces of this SentencePiece model.")
]


@dataclass(frozen=True)
class Documents:
    """Files of documents, and how they are scored.

    Parameters
    ----------
    files : sequence of str
    field, mode : str, optional
    normalize : bool
    pieces : Path, optional
    """

    files: Sequence[str]
    field: str | None
    mode: str | None
    normalize: bool
    pieces: Path | None

    def there(self) -> bool:
        """Return whether the files are documents, by their names.

        Raises
        ------
        ParameterError
            If some are and some are not, or none is and an option is for documents.
        """
        from likeliest.language.text.records import is_documents

        found = [is_documents(file) for file in self.files]
        given = self.field or self.mode or self.pieces or self.normalize
        if any(found) != all(found) or (given and not any(found)):
            other = self.files[found.index(False)]
            raise ParameterError(
                f"{other} is no file of documents: those end in .jsonl, .ndjson, .json or .parquet "
                "(.gz, .bz2, .xz, .zst after it). Text without records takes no --field, --mode, "
                "--normalize or --pieces, and is scored apart."
            )
        return all(found)

    def scored(self, model: Scorer) -> Iterator[Document]:
        """Yield the documents with their perplexity."""
        from likeliest import language

        return language.documents(
            model, self.files, field=self.field or "text", normalize=self.normalize,
            mode=cast("Literal['lines', 'sequence']", self.mode or "lines"), pieces=self.pieces,
        )  # fmt: skip


def score(
    model: Scorer, documents: Documents, output: Path | None, percentiles: str | None
) -> dict[str, float]:
    """Write each document with its perplexity; return how many, and percentiles of it."""
    from likeliest.language import buckets
    from likeliest.language.text.records import records, write

    found: list[float | None] = []

    def told() -> Iterator[Document]:
        for document in documents.scored(model):
            found.append(document.perplexity)
            yield document

    at = None if percentiles is None else _percentiles(percentiles)
    if output is None or at is not None:
        for _ in told():
            pass
    else:
        write((document.with_score() for document in told()), output)
    if output is not None and at is not None:
        more = zip(records(documents.files), found, buckets(found, at), strict=True)
        write(({**r, "perplexity": p, "bucket": bucket} for r, p, bucket in more), output)
    known = sorted(value for value in found if value is not None)
    figures: dict[str, float] = {"documents": len(found), "empty": len(found) - len(known)}
    shares = (10, 30, 50, 60, 90) if known else ()
    return figures | {f"perplexity_{p}": known[(len(known) - 1) * p // 100] for p in shares}


def filter_(
    model: Scorer,
    documents: Documents,
    *,
    below: float | None,
    above: float | None,
    top: int | None,
    worst: bool,
) -> None:
    """Write the documents to keep, or the first in rank, as JSON lines with their perplexity."""
    from likeliest.language.text.records import line_of

    empty = 0

    def with_text() -> Iterator[tuple[float, Document]]:
        nonlocal empty
        for document in documents.scored(model):
            if document.perplexity is None:
                empty += 1
            else:
                yield document.perplexity, document

    for document in _chosen(with_text(), below, above, top, -1.0 if worst else 1.0):
        sys.stdout.write(line_of(document.with_score()))
    if empty:
        common.note(f"left out: {empty:,} documents without text")


def _chosen(
    scored: Iterable[tuple[float, Document]],
    below: float | None,
    above: float | None,
    top: int | None,
    sign: float,
) -> Iterable[Document]:
    if top is not None:
        if top < 1:
            raise ParameterError(f"--top must be 1 or more; got {top}.")

        def place(one: tuple[float, Document]) -> tuple[float, int]:
            return sign * one[0], one[1].number

        return (document for _, document in heapq.nsmallest(top, scored, key=place))
    if below is None and above is None:
        raise ParameterError(
            "--below and --above bound the perplexity of what is kept: give one of them."
        )
    low, high = above or 0.0, float("inf") if below is None else below
    return (document for perplexity, document in scored if low <= perplexity <= high)


def _percentiles(given: str) -> tuple[float, float]:
    try:
        low, high = (float(part) for part in given.split(","))
    except ValueError:
        raise ParameterError(
            f"--buckets is two percentiles such as 30,60; got {given!r}."
        ) from None
    return low, high
