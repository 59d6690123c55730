"""Counting files so that an interrupted count is taken up where it stopped.

The files are read in parts that end with a line. The counts of a finished part are kept as sorted
runs in a folder of its own, with the symbols that were new in it; the folder gets its name when all
is written, so that a part is there whole or not at all. To take up a count the text of the finished
parts is read past, not counted. Parts are added up as runs are, and only then removed.

    folder/plan.json      what is counted: files with size and time of change, order, tokenizer
    folder/part-000000    runs of sorted n-grams, and part.json: bytes read, new symbols
    folder/counts         the sum, once all is counted
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from likeliest.errors import ParameterError, ReadError
from likeliest.files import read_json, write_whole
from likeliest.language.counting import spill
from likeliest.language.counting.stream import CHUNK, named
from likeliest.language.storage.files import load_counts
from likeliest.language.text import reading as text
from likeliest.language.text.vocabulary import Vocabulary

if TYPE_CHECKING:
    from likeliest.language.counting.counts import NGramCounts
    from likeliest.language.counting.stream import Plan
    from likeliest.language.text.reading import Block, Progress, Text

PART = 1 << 28
"""Bytes of a part, of files up to 16 GB: what is lost at most when a count is interrupted."""

_MOST_PARTS = 64  # of larger files parts are larger: so many runs are merged at once
_MEMORY = 2 * 10**9  # for merging, where no limit is given


@dataclass(frozen=True, slots=True)
class Part:
    """A finished part."""

    bytes: int
    symbols: list[str]
    runs: tuple[spill.Run, ...]


def counted(
    source: Text,
    plan: Plan,
    folder: Path,
    limit: int | None,
    progress: Progress | None,
) -> NGramCounts | None:
    """Return the counts of files; parts finished before are taken from the folder."""
    files = _files(source)
    _agree(folder, _described(files, plan))
    if not (folder / "counts").exists():
        parts = list(_parts(folder))
        parts += _further(files, plan, folder, tuple(parts), limit=limit, progress=progress)
        if not parts:
            return None
        _agree(folder, _described(files, plan))  # no file may change while it is read
        symbols = [*plan.tokenizer.vocabulary(), *(s for part in parts for s in part.symbols)]
        runs = [run for part in parts for run in part.runs]
        with spill.folder() as scratch:
            total = spill.merge_runs(runs, scratch, spill.ngrams_within(limit or _MEMORY))
            named(total, symbols).save(folder / "counts")
    for path in folder.glob("part-*"):
        shutil.rmtree(path)
    return load_counts(folder / "counts")


def _further(
    files: list[Path],
    plan: Plan,
    folder: Path,
    parts: Sequence[Part],
    *,
    limit: int | None,
    progress: Progress | None,
) -> Iterator[Part]:
    """Count what is left, part by part."""
    known = [*plan.tokenizer.vocabulary(), *(s for part in parts for s in part.symbols)]
    encoder = plan.tokenizer.encoder(Vocabulary(tuple(known)), learns=True)
    size = max(PART, sum(path.stat().st_size for path in files) // _MOST_PARTS)
    chunk = CHUNK if limit is None else spill.chunk_size(limit)
    blocks = _past(plan.blocks(files, progress), sum(part.bytes for part in parts))
    number = len(parts)
    for first in blocks:
        stretch = Stretch(chain([first], blocks), size)
        before = len(encoder.symbols)
        with spill.folder(folder, prefix=".part-") as own:
            runs = spill.Runs(own, limit)
            runs.take(plan.parts(stretch, encoder, chunk))
            record = {
                "bytes": stretch.bytes,
                "symbols": encoder.symbols[before:],
                "runs": len(runs.close()),
                "sizes": {path.name: path.stat().st_size for path in own.iterdir()},
            }
            write_whole(own / "part.json", json.dumps(record))
            _finish(own, folder / f"part-{number:06}")
        yield _part(folder / f"part-{number:06}", plan.order)
        number += 1


class Stretch:
    """Blocks until so many bytes have passed and a sequence has ended.

    Parameters
    ----------
    blocks : iterator of Block
    size : int
    """

    def __init__(self, blocks: Iterator[Block], size: int) -> None:
        self.blocks, self.size, self.bytes = blocks, size, 0

    def __iter__(self) -> Iterator[Block]:
        for block in self.blocks:
            self.bytes += len(block.text)
            yield block
            if self.bytes >= self.size and block.text.endswith(b"\n"):
                return


def _past(blocks: Iterator[Block], covered: int) -> Iterator[Block]:
    """Yield the blocks that come after so many bytes."""
    for block in blocks:
        if covered <= 0:
            yield block
        covered -= len(block.text)


def _files(source: Text) -> list[Path]:
    """Return the files of a text, which must all be files."""
    one = isinstance(source, str | Path)
    items: list[object] = [Path(source)] if one else list(source)  # type: ignore[arg-type]
    files = [item for item in items if isinstance(item, Path) and item.is_file()]
    if len(files) < len(items) or not files:
        other = next((item for item in items if item not in files), source)
        raise ParameterError(
            f"only a count of files can be taken up again, and {str(other)!r:.60} is none."
        )
    return files


def _described(files: list[Path], plan: Plan) -> dict[str, Any]:
    """Return what a count depends on."""
    stats = [(path, path.stat()) for path in files]
    return {
        "files": [[str(path.resolve()), s.st_size, s.st_mtime_ns] for path, s in stats],
        "order": plan.order,
        "tokenizer": plan.tokenizer.to_dict(),
        "encoding": plan.encoding,
        "errors": plan.errors,
        "block": text.BLOCK,
    }


def _agree(folder: Path, wanted: dict[str, Any]) -> None:
    """Refuse a folder of another count, or write down whose it is."""
    path = folder / "plan.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise ParameterError(f"{folder} holds other files: name a new or an empty folder.")
        write_whole(path, json.dumps(wanted))
        return
    begun = read_json(path)
    for what, value in wanted.items():
        there = begun.get(what) if isinstance(begun, dict) else None
        if there != value:
            told = _changed(there, value) if what == "files" else f"its {what} is {there!r:.40}"
            raise ParameterError(
                f"{folder} holds the parts of another count: {told}. Name another folder, or "
                "remove it to begin anew."
            )


def _changed(there: Any, here: list[list[Any]]) -> str:
    """Say which file is not as it was."""
    before = {name: rest for name, *rest in there} if isinstance(there, list) else {}
    for name, *rest in here:
        if name in before and before[name] != rest:
            return f"{name} has changed since"
    return f"it is of {len(before):,} other files"


def _parts(folder: Path) -> Iterator[Part]:
    """Yield the finished parts, in order; what was begun and not finished is removed."""
    for path in folder.glob(".part-*"):
        shutil.rmtree(path, ignore_errors=True)
    order = read_json(folder / "plan.json")["order"]
    for number, path in enumerate(sorted(folder.glob("part-*"))):
        if path.name != f"part-{number:06}":
            raise ReadError(f"{folder} is damaged: its part {number} is missing. Remove it.")
        yield _part(path, order)


def _part(path: Path, order: int) -> Part:
    record = read_json(path / "part.json")
    for name, size in record["sizes"].items():
        file = path / name
        if not file.exists() or file.stat().st_size != size:
            raise ReadError(f"{file} is damaged: it had {size:,} bytes. Remove {path.parent}.")
    runs = tuple(spill.opened(path, number, order) for number in range(record["runs"]))
    return Part(record["bytes"], record["symbols"], runs)


def _finish(own: Path, target: Path) -> None:
    try:
        own.rename(target)
    except OSError:
        raise ReadError(
            f"{target} was written by another process: two cannot count into one folder."
        ) from None
