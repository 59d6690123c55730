"""Keys: which group each row belongs to, whatever the groups are called."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from likeliest.data.labels import aligned, labels_of
from likeliest.data.reading.written import AS_USUAL, Written
from likeliest.data.vectors import is_frame, is_path
from likeliest.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from likeliest.data.reading.column import Missing
    from likeliest.numerics.arrays import Indices, Mask

Numbers: TypeAlias = "np.ndarray[Any, np.dtype[np.int32]]"
"""The group of each row: half the memory of what NumPy counts with."""

Hashes: TypeAlias = "np.ndarray[Any, np.dtype[np.uint64]]"
Texts: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

_NO_GROUP = -1
_A_FEW = 10_000  # rows that show whether keys stand in runs
_FEWEST_BITS = 8  # of a hash that choose a place in a table
_WHOLE = r"^(0|-?[1-9][0-9]{0,17})$"
_LAST_OF_ASCII = 127


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """The names of groups, in order, and the group of each row.

    Parameters
    ----------
    columns : polars.DataFrame
        A row for each group; as many columns as there are keys.
    of_row : array of shape (rows,)
        The group of each row, numbered from 0; -1 where a key is missing. Of no row where those of
        each group are known to stand side by side.
    """

    columns: pl.DataFrame
    of_row: Numbers

    @classmethod
    def named(cls, columns: pl.DataFrame) -> Keys:
        """Return the names of groups alone, whose rows stand side by side."""
        return cls(columns, np.zeros(0, dtype=np.int32))

    def __len__(self) -> int:
        """The number of groups."""
        return self.columns.height

    def __iter__(self) -> Iterator[Any]:
        """Yield the key of each group; a tuple where there are several columns."""
        if self.columns.width == 1:
            return iter(self.columns.to_series().to_list())
        return self.columns.iter_rows()

    def find(self, key: Any) -> int:
        """Return the number of the group that is called `key`.

        Raises
        ------
        KeyError
            If there is none.
        """
        import polars as pl

        parts = [key] if self.columns.width == 1 else [*_parts(key)]
        if len(parts) == self.columns.width:
            at = _places(self.columns, parts)
            if at is not None:
                return at
        names = " and ".join(self.columns.columns)
        some = pl.DataFrame(self.columns.head(3)).rows()
        shown = ", ".join(repr(row[0] if len(row) == 1 else row) for row in some)
        raise KeyError(f"There is no group {key!r} of {names}; the first are {shown}.")


def keys_of(by: Any, data: Any, missing: Missing = "raise") -> Keys:
    """Return the groups that `by` makes.

    Parameters
    ----------
    by : array-like, list of arrays, frame, or names of columns of `data`, a frame or a file
        One key a row, or several.
    data : object
        What is fitted; asked only where `by` names its columns.
    missing : {"raise", "drop"}
        What to do with rows of which a key is missing.

    Raises
    ------
    DataError
        If keys differ in length, are missing, or cannot be told apart.
    """
    frame = _frame_of(by, data)
    if not frame.height:
        raise DataError("by has no keys: give one for each row of the data.")
    gaps = _gaps(frame)
    if gaps.any() and missing != "drop":
        n = int(gaps.sum())
        raise DataError(
            f"{n:,} of {gaps.size:,} rows {'has' if n == 1 else 'have'} no key (first: row "
            f'{int(np.argmax(gaps))}). Leave them out with missing="drop", or name their group.'
        )
    if not gaps.any():
        return Keys(*_factorised(frame))
    if gaps.all():
        raise DataError("Every key is missing: no group is left.")
    columns, of_kept = _factorised(frame.filter(~gaps))
    of_row = np.full(gaps.size, _NO_GROUP, dtype=np.int32)
    of_row[~gaps] = of_kept
    return Keys(columns, of_row)


def numbers_of(labels: Any, what: str) -> Indices:
    """Return the number of each label among the sorted ones.

    Raises
    ------
    DataError
        If a label is missing, or they cannot be sorted.

    Examples
    --------
    >>> numbers_of(["b", "a", "b"], "clusters").tolist()
    [1, 0, 1]
    """
    array = np.asarray(labels)
    is_object = array.dtype.kind == "O"
    gaps = np.array([_is_gap(one) for one in array]) if is_object else array != array  # noqa: PLR0124
    if gaps.any():
        raise DataError(
            f"{int(gaps.sum()):,} of the {array.size:,} {what} are missing (first: row "
            f"{int(np.argmax(gaps))}). Leave those rows out, or give each of them a name."
        )
    try:
        return np.asarray(np.unique(array, return_inverse=True)[1])
    except TypeError:
        raise DataError(
            f"The {what} are of kinds that cannot be sorted together. Give all as text, or all as "
            "numbers."
        ) from None


def numbered(many: int) -> Keys:
    """Return keys of groups that have numbers for names."""
    import polars as pl

    return Keys.named(pl.DataFrame({"number": np.arange(many, dtype=np.int32)}))


# columns


def _frame_of(by: Any, data: Any) -> pl.DataFrame:
    import polars as pl

    names = [by] if isinstance(by, str) else by if _are_names(by) else None
    if names is not None:
        if is_frame(data):
            return _named(names, data)
        if is_path(data):
            return pl.DataFrame(keys_of_file(data, names))
        if isinstance(by, str):
            raise DataError(
                f"by={by!r} names a column, and the data are a {type(data).__name__}: give the "
                "data frame, or the keys themselves."
            )
    if is_frame(by):
        named = _columns_of(by)
    elif isinstance(by, (list, tuple)) and by and all(map(_is_column, by)):
        named = {str(getattr(one, "name", None) or f"key {i + 1}"): one for i, one in enumerate(by)}
        if len(named) < len(by):
            named = {f"key {i + 1}": one for i, one in enumerate(by)}
    else:
        named = {str(getattr(by, "name", None) or "key"): by}
    beside = aligned(named, labels_of(data), of="the data")
    columns = [_series(name, column) for name, column in beside.items()]
    lengths = {len(column) for column in columns}
    if len(lengths) > 1:
        shown = ", ".join(f"{len(column):,} of {column.name}" for column in columns)
        raise DataError(f"The columns of keys differ in length: {shown}.")
    return pl.DataFrame(columns)


def keys_of_file(
    data: object, names: Sequence[str], written: Written = AS_USUAL
) -> dict[str, pl.Series]:
    """Return columns of a file by name; of a text whole numbers as such, and others as written."""
    from likeliest.data.reading.choice import position_of
    from likeliest.data.reading.source import STANDARD_INPUT, table_of

    if data == STANDARD_INPUT:
        raise DataError("Groups need a file: standard input can be read but once.")
    table = table_of(data, names, written)
    return {name: _as_written(table.columns([position_of(table, name)])[0]) for name in names}


def _as_written(cells: pl.Series) -> pl.Series:
    """Return words as whole numbers if they are written so: 7, but not 7.0 and not 007."""
    import polars as pl

    if cells.dtype != pl.String:
        return cells
    plain = cells.str.strip_chars()
    return plain.cast(pl.Int64) if plain.str.contains(_WHOLE).all() else cells


def _are_names(by: Any) -> bool:
    return isinstance(by, (list, tuple)) and bool(by) and all(isinstance(n, str) for n in by)


def _is_column(one: Any) -> bool:
    return hasattr(one, "__len__") and not isinstance(one, (str, bytes, tuple))


def _named(names: Any, data: Any) -> pl.DataFrame:
    import polars as pl

    if hasattr(data, "collect_schema"):
        known = data.collect_schema().names()
        _require_known(names, known)
        return pl.DataFrame(data.lazy().select(list(names)).collect())
    columns = _columns_of(data)
    _require_known(names, columns)
    return pl.DataFrame([_series(name, columns[name]) for name in names])


def _columns_of(data: Any) -> dict[str, Any]:
    if isinstance(data, np.ndarray):
        return {name: data[name] for name in data.dtype.names or ()}
    if isinstance(data, Mapping):
        return {str(name): column for name, column in data.items()}
    names = getattr(data, "column_names", None)
    if names is None:
        names = data.collect_schema().names() if hasattr(data, "collect_schema") else data.columns
    data = data.collect() if hasattr(data, "collect") else data
    return {str(name): data[name] for name in names}


def _require_known(names: Any, known: Any) -> None:
    for name in names:
        if name not in known:
            raise DataError(
                f"by={name!r} is no column of the data; they have {', '.join(map(str, known))}."
            )


def _series(name: str, column: Any) -> pl.Series:
    """Return a column of keys for polars, whatever it was."""
    import polars as pl

    if isinstance(column, pl.Series):
        return column.alias(name)
    if hasattr(column, "to_numpy") and not hasattr(column, "__arrow_c_stream__"):
        column = column.to_numpy()
    if not hasattr(column, "__len__"):
        raise DataError(f"by must be one key for each row; got one {type(column).__name__}.")
    if getattr(column, "ndim", 1) != 1:
        raise DataError(f"Keys must be one-dimensional; got an array of shape {column.shape}.")
    if isinstance(column, np.ndarray) and column.dtype.kind in "biuf":
        return pl.Series(name, np.ascontiguousarray(column))
    if isinstance(column, np.ndarray) and column.dtype.kind == "U":
        return pl.Series(name, _plain_text(column), strict=True).cast(pl.String)
    try:
        made = pl.Series(name, column, strict=True)
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
        made = None
    if made is None or made.dtype == pl.Object or made.dtype.is_nested():
        return _of_objects(name, list(column))
    return made


def _plain_text(texts: Texts) -> Texts:
    """Return text of ASCII letters as bytes, a quarter of NumPy's text; other text as it is."""
    width = texts.dtype.itemsize // 4
    if not width or not texts.size or not texts.dtype.isnative:
        return texts
    letters = np.ascontiguousarray(texts).view(np.uint32).reshape(-1, width)
    used = letters.max(axis=0)
    if used.max() > _LAST_OF_ASCII or not used[0]:
        return texts
    kept = int(np.flatnonzero(used)[-1]) + 1
    return letters[:, :kept].astype(np.uint8).view(f"S{kept}").reshape(-1)


def _of_objects(name: str, keys: list[Any]) -> pl.Series:
    """Return keys of mixed kinds as text, those that are equal alike."""
    import polars as pl

    try:
        texts = {key: str(key) for key in keys}
    except TypeError as error:
        raise DataError(f"Keys must be hashable, as text and numbers are: {error}.") from None
    if len(set(texts.values())) < len(texts):
        texts = {key: repr(key) for key in texts}
    return pl.Series(name, [None if _is_gap(key) else texts[key] for key in keys], pl.String)


def _is_gap(key: Any) -> bool:
    return (
        key is None or str(key) in ("<NA>", "NaT") or (isinstance(key, float) and math.isnan(key))
    )


def _gaps(frame: pl.DataFrame) -> Mask:
    gaps = np.zeros(frame.height, dtype=bool)
    for column in frame.get_columns():
        if column.null_count():
            gaps |= column.is_null().to_numpy()
        if column.dtype.is_float():
            gaps |= column.is_nan().fill_null(value=False).to_numpy()
    return gaps


# numbering


def _factorised(frame: pl.DataFrame) -> tuple[pl.DataFrame, Numbers]:
    """Return the distinct rows in order, and the place of each row among them."""
    if frame.width == 1:
        column = frame.to_series()
        if column.dtype.is_integer():
            found = _of_whole_numbers(column)
            if found is not None:
                return found
    return _of_runs(frame) or _of_any(frame)


def _of_whole_numbers(column: pl.Series) -> tuple[pl.DataFrame, Numbers] | None:
    """Count whole numbers in a table, if they reach not much further than there are rows."""
    import polars as pl

    keys = column.to_numpy()
    low, high = int(keys.min()), int(keys.max())
    if high - low > 2 * keys.size + 1_000:
        return None
    shifted = keys.astype(np.int32) if low == 0 else (keys - low).astype(np.int32)
    seen = np.zeros(high - low + 1, dtype=bool)
    seen[shifted] = True
    present = np.flatnonzero(seen)
    names = pl.DataFrame([pl.Series(column.name, present + low).cast(column.dtype)])
    if present.size == seen.size:
        return names, shifted
    place = np.cumsum(seen, dtype=np.int32) - 1
    return names, place[shifted]


def _of_runs(frame: pl.DataFrame) -> tuple[pl.DataFrame, Numbers] | None:
    """Number runs of equal keys, if each key stands in one run."""
    import polars as pl

    head = frame.head(_A_FEW).select(pl.struct(pl.all()).rle_id()).to_series()
    if head[-1] > head.len() // 2 and frame.height > _A_FEW:
        return None  # the others are in no better order
    run = frame.select(pl.struct(pl.all()).rle_id()).to_series().to_numpy().astype(np.int32)
    if int(run[-1]) > run.size // 2:
        return None
    first = np.flatnonzero(np.diff(run, prepend=-1))
    heads = frame[first]
    if heads.n_unique() < heads.height:
        return None
    order, names = _ordered(heads)
    return names, _inverse(order)[run]


def _of_any(frame: pl.DataFrame) -> tuple[pl.DataFrame, Numbers]:
    """Number keys by their hashes, and look whether keys of one number are equal."""
    rows = np.arange(frame.height, dtype=np.int32)
    for seed in count():
        first = _first_alike(frame.hash_rows(seed).to_numpy())
        heads = np.flatnonzero(first == rows)
        order, names = np.arange(heads.size), frame[heads]
        if _can_sort(frame):
            order, names = _ordered(names)
        place = np.empty_like(rows)
        place[heads] = _inverse(order)
        of_row = place[first]
        if all((names[name].gather(of_row) == frame[name]).all() for name in frame.columns):
            return names, of_row
    raise AssertionError  # seeds do not end


def _first_alike(hashes: Hashes) -> Numbers:
    """Return for each hash a row of the same, for equal hashes one row.

    Each row writes its number into a table at some bits of its hash; those that find the number of
    another hash there go on to the next bits.
    """
    bits = max(_FEWEST_BITS, (hashes.size // 4).bit_length())
    table = np.empty(1 << bits, dtype=np.int32)
    first = np.empty(hashes.size, dtype=np.int32)
    rows, left, shift = np.arange(hashes.size, dtype=np.int32), hashes, 0
    while rows.size:
        at = ((left >> np.uint64(shift)) & np.uint64(table.size - 1)).view(np.int64)
        table[at] = rows
        found = table[at]
        same = hashes[found] == left
        first[rows[same]] = found[same]
        rows, left = rows[~same], left[~same]
        shift = (shift + bits) % (64 - bits)
    return first


def _ordered(heads: pl.DataFrame) -> tuple[Indices, pl.DataFrame]:
    import polars as pl

    order = heads.select(pl.arg_sort_by(heads.columns)).to_series().to_numpy()
    return order, heads[order]


def _can_sort(frame: pl.DataFrame) -> bool:
    return all(not column.dtype.is_nested() for column in frame.get_columns())


def _inverse(order: Indices) -> Numbers:
    place = np.empty(order.size, dtype=np.int32)
    place[order] = np.arange(order.size, dtype=np.int32)
    return place


# looking up


def _parts(key: Any) -> tuple[Any, ...]:
    return tuple(key) if isinstance(key, (tuple, list)) else (key,)


def _places(columns: pl.DataFrame, parts: list[Any]) -> int | None:
    """Return where a key stands, None if nowhere."""
    import polars as pl

    same = pl.Series(np.ones(columns.height, dtype=bool))
    for column, part in zip(columns.get_columns(), parts, strict=True):
        try:
            asked = pl.Series([part]).cast(column.dtype)
        except (TypeError, ValueError, pl.exceptions.PolarsError):
            asked = None
        if asked is None or asked[0] is None:
            asked = pl.Series([str(part)], dtype=pl.String)
            if column.dtype != pl.String:
                return None
        same &= column == asked[0]
    at = same.arg_true()
    return int(at[0]) if at.len() else None
