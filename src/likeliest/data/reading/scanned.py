"""Files that polars can scan as they are: their kinds, and whether a text is plain enough."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from likeliest.data.reading.batches import require_numbers
from likeliest.data.reading.foot import names_of_summaries
from likeliest.data.reading.layout import layout_of
from likeliest.data.reading.source import table_of
from likeliest.data.reading.table import unreadable
from likeliest.errors import ReadError

if TYPE_CHECKING:
    import polars as pl

_READERS = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "ipc",
    ".feather": "ipc",
    ".ipc": "ipc",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "ndjson",
    ".ndjson": "ndjson",
}
_TYPED = {"parquet", "ipc"}
_PARTED = {"csv": ",", "tsv": "\t"}
_PACKED = {".gz", ".zst", ".zlib"}
_LINES = 400


def scanned(
    source: Any, wanted: str | None, beside: Sequence[str] = ()
) -> tuple[pl.LazyFrame, str, frozenset[str]]:
    """Return what is scanned, what messages call it, and which floats are written as integers.

    Parameters
    ----------
    source : path, list of paths, or LazyFrame
    wanted : str, optional
        The column that is asked for.
    beside : sequence of str
        The other columns that are.

    Raises
    ------
    ReadError
        If it is none of these, or a text that needs more than a scan to be read.
    """
    import polars as pl

    if isinstance(source, pl.LazyFrame | pl.DataFrame):
        return source.lazy(), "the frame", frozenset()
    paths = _paths(source)
    where = paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"
    kinds = {_kind_of(path) for path in paths}
    if len(kinds) > 1:
        raise ReadError(f"The files are of several kinds: {', '.join(sorted(kinds))}.")
    kind = kinds.pop()
    _require_no_summaries(_matching(paths))
    names = [wanted, *beside] if wanted is not None else []
    try:
        paths, is_mixed = _with_rows(paths, kind, names)
        if is_mixed:
            parts = [_opened([path], kind).select([*dict.fromkeys(names)]) for path in paths]
            return pl.concat(parts, how="vertical_relaxed"), where, frozenset()
        if kind in _TYPED:
            return _opened(paths, kind), where, frozenset()
        return _of_text(paths, kind, where, wanted)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise unreadable(where, error) from None


def _opened(paths: list[str], kind: str) -> pl.LazyFrame:
    import polars as pl

    if kind == "parquet":
        wider = pl.ScanCastOptions(integer_cast=["upcast", "allow-float"], float_cast="upcast")
        return pl.scan_parquet(paths, cast_options=wider)
    return pl.scan_ipc(paths) if kind == "ipc" else pl.scan_csv(paths, separator=_PARTED[kind])


def _with_rows(paths: list[str], kind: str, names: Sequence[str]) -> tuple[list[str], bool]:
    """Return which of several files have rows, and whether their columns or types differ.

    Raises
    ------
    ReadError
        If one cannot be read, or has no such column of numbers: of that file by its name.
    """
    import polars as pl

    files = _matching(paths)
    packed = any(Path(path).suffix.lower() in _PACKED for path in files)
    if len(files) == 1 or not names or packed or kind == "ndjson":
        return paths, False
    found = {}
    for path in files:
        lazy = _opened([path], kind)
        try:
            schema, rows = lazy.collect_schema(), lazy.head(1).collect().height
        except (pl.exceptions.PolarsError, OSError) as error:
            raise unreadable(path, error) from None
        for name in names:
            if name not in schema or (rows and schema[name] != pl.Null):
                require_numbers(schema, name, path, or_events=True)
        if rows:
            found[path] = tuple(schema.items())
    return [*found] or paths, kind in _TYPED and len({*found.values()}) > 1


def _matching(paths: list[str]) -> list[str]:
    """Return the files that paths name, in which * may stand for any name, each path's sorted."""
    found = []
    for path in paths:
        files = sorted(glob.glob(path, recursive=True)) or [path]  # noqa: PTH207
        if files == [path] and not Path(path).exists():
            raise ReadError(f"There is no file {path}.")
        found += files
    return found


def _require_no_summaries(paths: list[str]) -> None:
    """Raise if a row at the end of a file that is not packed has the name of a total or a mean."""
    for path in paths:
        suffix = Path(path).suffix.lower()
        if suffix in _PACKED or _READERS[suffix] == "ndjson" or not Path(path).stat().st_size:
            continue  # of these the end is not to be had without the rest
        try:
            foot = table_of(path).foot
        except ReadError:  # the scan says what is wrong with it
            continue
        for name in names_of_summaries(foot() if foot else ()).values():
            raise ReadError(
                f"{path} has a row called {name!r} at its end: a figure of the other rows, and no "
                "value of its own. Remove the row, or name it otherwise if it is one."
            )


def _paths(source: Any) -> list[str]:
    """Return the paths that are named; refuse what is no path."""
    several = isinstance(source, Sequence) and not isinstance(source, (str, bytes))
    given = [*source] if several else [source]
    if not given:
        raise ReadError("No file was given: name at least one.")
    for path in given:
        if not isinstance(path, (str, os.PathLike)):
            what = f"a {type(path).__module__.partition('.')[0]} {type(path).__name__}"
            raise ReadError(
                f"A scan reads files by their paths, or a LazyFrame of polars; got "
                f"{what.replace('builtins ', '')}. Give data that are in memory to lk.fit, "
                "lk.compare or lk.read as they are."
            )
    return [str(os.fspath(path)) for path in given]


def _kind_of(path: str) -> str:
    suffixes = [suffix.lower() for suffix in Path(path).suffixes[-2:]]
    if suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    kind = _READERS.get(suffixes[-1]) if suffixes else None
    if kind is None:
        known = ", ".join(_READERS)
        raise ReadError(
            f"{path} does not say what it is by its ending: a scan takes {known}, or a LazyFrame "
            "of polars; lk.read finds out by itself, and reads into memory."
        )
    return kind


def _of_text(
    paths: list[str], kind: str, where: str, wanted: str | None
) -> tuple[pl.LazyFrame, str, frozenset[str]]:
    """Return a text, scanned; whole numbers as floats, for a fraction may come later."""
    import polars as pl

    if kind != "ndjson":
        _require_plain(paths[0], _PARTED[kind], wanted)

    def read(floats: dict[str, type[pl.DataType]]) -> pl.LazyFrame:
        if kind == "ndjson":
            return pl.scan_ndjson(paths, schema_overrides=floats)
        return pl.scan_csv(paths, separator=_PARTED[kind], schema_overrides=floats)

    schema = read({}).collect_schema()
    whole = frozenset(name for name, dtype in schema.items() if dtype.is_integer())
    return read(dict.fromkeys(whole, pl.Float64)), where, whole


def _require_plain(path: str, separator: str, wanted: str | None) -> None:
    """Raise unless a text has one header line, and rows of cells that polars reads as they are."""
    import polars as pl

    lines = pl.scan_csv(
        path, has_header=False, infer_schema=False, separator="\x1f", quote_char=None,
        encoding="utf8-lossy",
    ).head(_LINES).collect().to_series().fill_null("").to_list()  # fmt: skip
    if any("\0" in line or "\ufffd" in line for line in lines):
        raise _not_plain(path, "it is not text in UTF-8")
    layout = layout_of("\n".join(lines) + "\n", path, column=wanted, separator=None)
    blank = next(i for i, line in enumerate(lines) if line.strip())
    if layout.either:
        raise ReadError(f"{path}: {layout.either}")
    if layout.separator not in {separator, ""} or layout.blanks:
        parted = "blanks" if layout.blanks else repr(layout.separator)
        raise _not_plain(path, f"its cells are parted by {parted}")
    if layout.usual == ",":
        raise _not_plain(path, "it has decimal commas")
    if not layout.named:
        raise _not_plain(path, "it has no header")
    if layout.skipped != blank + 1 or layout.commented:
        raise _not_plain(path, "other lines stand about its header")


def _not_plain(path: str, why: str) -> ReadError:
    return ReadError(
        f"{path} cannot be scanned as it is: {why}. lk.read finds out by itself and reads into "
        "memory; for a scan give a LazyFrame, such as pl.scan_csv with the options that it needs."
    )
