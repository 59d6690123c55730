"""Models and counts in a file that opens at once: a JSON header, then raw arrays, aligned.

    bytes 0-7     likelm1, a line feed
    bytes 8-15    length of the header, little-endian
    bytes 16-19   CRC-32 of the header
    from 24       the header: JSON with `kind`, and for each array name, dtype, shape, offset, crc32
    then          the arrays, each at a multiple of 64 bytes

The arrays are mapped, not read: a model of any size opens in milliseconds, and processes share it.
Opening checks the header, that every array lies within the file, and that they fit one another;
`check` reads all: no array may have changed (each has its CRC-32 in the header), and no number may
point outside, whoever wrote the file.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from likeliest.engines.mapped import read_only, release
from likeliest.errors import DataError, ParameterError, ReadError
from likeliest.files import whole
from likeliest.language.counting.counts import NGramCounts
from likeliest.language.models import trie
from likeliest.language.models.model import NGramModel
from likeliest.language.neural.mlp import MLPModel, Weights
from likeliest.language.smoothing.base import Estimate
from likeliest.language.storage import packing
from likeliest.language.text import pieces
from likeliest.language.text.vocabulary import Vocabulary, pack, unpack

if TYPE_CHECKING:
    from likeliest.language.text.tokenizers import Tokenizer

MAGIC = b"likelm1\n"
_HEAD = struct.Struct("<8sQI4x")
_ALIGNED = 64
_PIECE = 1 << 21  # values
_MOST_HEADER = 1 << 28
_DTYPES = ("<i8", "<f8", "|u1", "<f4")
_VOCABULARY = ("vocabulary.ends", "vocabulary.content")
_KINDS = {"model": "a model", "packed": "a packed model", "counts": "counts", "mlp": "a network"}

Arrays = dict[str, NDArray[Any]]


def require_own(path: str | Path) -> None:
    """Refuse to write a file of our own under the name of an ARPA file, which nobody could read."""
    if ".arpa" in Path(path).name.lower():
        raise ParameterError(
            f"{path} names an ARPA file, and save writes a file of our own. Use to_arpa (--arpa), "
            "or another name, such as words.lm."
        )


def save_model(model: NGramModel, path: str | Path, *, packed: bool = False) -> None:
    """Write a model; the counts it was made from are not kept.

    Raises
    ------
    DataError
        If it is to be packed and is not of back-off form (add-k).
    ParameterError
        If the name says that it is an ARPA file.
    """
    require_own(path)
    if packed:
        _save_packed(model, path)
        return
    if model.file is not None and model.file.move(Path(path)):
        return
    e = model.estimate
    arrays: Arrays = {"losses": model.losses}
    for n, logs in enumerate(e.log_probs, 1):
        arrays[f"log_probs.{n}"] = logs
        if n < model.order:
            arrays[f"levels.{n + 1}"] = e.levels[n - 1]
            arrays[f"log_weights.{n}"] = e.log_weights[n - 1]
            if e.floors is not None:
                arrays[f"floors.{n}"] = e.floors[n - 1]
    if model.weights is not None:
        arrays["weights"] = model.weights
    record = described(model.order, model.smoothing, model.tokenizer)
    _write(path, {**record, "notes": list(model.notes)}, arrays, e.vocabulary)


def _save_packed(model: NGramModel, path: str | Path) -> None:
    if model.estimate.floors is not None:
        raise DataError(
            "an add-k model has floors, which a packed file cannot hold: save it plain."
        )
    record = described(model.order, model.smoothing, model.tokenizer)
    record |= {"kind": "packed", "notes": list(model.notes)}
    _write(path, record, packing.packed(model.estimate), model.vocabulary)


def described(order: int, smoothing: str, tokenizer: Tokenizer) -> dict[str, Any]:
    """Return what the header says of a model."""
    return {
        "kind": "model",
        "order": order,
        "smoothing": smoothing,
        "tokenizer": tokenizer.to_dict(),
        "notes": [],
    }


def save_mlp(model: MLPModel, path: str | Path) -> None:
    """Write a network."""
    require_own(path)
    record = described(model.order, "mlp", model.tokenizer)
    arrays: Arrays = {"losses": model.losses, **model.weights._asdict()}
    _write(path, {**record, "kind": "mlp"}, arrays, model.vocabulary)


def save_counts(counts: NGramCounts, path: str | Path) -> None:
    """Write counts."""
    arrays: Arrays = {f"counts.{n}": count for n, count in enumerate(counts.counts, 1)}
    arrays |= {f"levels.{n}": keys for n, keys in enumerate(counts.levels, 2)}
    _write(path, {"kind": "counts", "order": counts.order}, arrays, counts.vocabulary)


def load_model(path: str | Path, *, check: bool = False) -> NGramModel:
    """Open a model written by `NGramModel.save`.

    Raises
    ------
    ReadError
        If the file is not one, or is cut short or damaged.
    """
    record, arrays, vocabulary = _read(path, "model", check=check)
    order = _order(record, path)
    if record["kind"] == "packed":
        return _unpacked(path, record, arrays, vocabulary)
    try:
        levels = tuple(arrays[f"levels.{n}"] for n in range(2, order + 1))
        logs = tuple(arrays[f"log_probs.{n}"] for n in range(1, order + 1))
        weights = tuple(arrays[f"log_weights.{n}"] for n in range(1, order))
        floors = tuple(arrays[f"floors.{n}"] for n in range(1, order) if f"floors.{n}" in arrays)
        tokenizer = pieces.from_dict(record["tokenizer"])
        notes, smoothing = tuple(map(str, record["notes"])), str(record["smoothing"])
        losses = arrays["losses"]
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, f"it lacks {error}") from None
    _fit_together(path, len(vocabulary), levels, logs, (weights, *([floors] if floors else [])))
    if check:
        _within(path, len(vocabulary), levels)
    estimate = Estimate(vocabulary, levels, logs, weights, floors or None, notes)
    return NGramModel(estimate, tokenizer, smoothing, None, losses, arrays.get("weights"))


def _unpacked(
    path: str | Path, record: Mapping[str, Any], arrays: Arrays, vocabulary: Vocabulary
) -> NGramModel:
    try:
        made = packing.unpacked(arrays, int(record["order"]), len(vocabulary))
        tokenizer = pieces.from_dict(record["tokenizer"])
        notes, smoothing = tuple(map(str, record["notes"])), str(record["smoothing"])
    except KeyError as error:
        raise _damaged(path, f"it lacks {error}") from None
    except ValueError as error:
        raise _damaged(path, str(error)) from None
    return NGramModel(Estimate(vocabulary, *made, notes=notes), tokenizer, smoothing)


def load_mlp(path: str | Path, *, check: bool = False) -> MLPModel:
    """Open a network written by `MLPModel.save`.

    Raises
    ------
    ReadError
        If the file is not one, or is cut short or damaged.
    """
    record, arrays, vocabulary = _read(path, "mlp", check=check)
    try:
        weights = Weights(*(arrays[name] for name in Weights._fields))
        tokenizer, losses = pieces.from_dict(record["tokenizer"]), arrays["losses"]
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, f"it lacks {error}") from None
    context, symbols = _order(record, path) - 1, len(vocabulary)
    vectors, hidden, bias, output, last = (each.shape for each in weights)
    units = bias[0] if len(bias) == 1 else 0
    embedding = vectors[-1] if len(vectors) == 2 else 0
    wanted = (symbols, embedding), (context * embedding, units), (units, symbols), (symbols,)
    if not units or not embedding or not context or (vectors, hidden, output, last) != wanted:
        raise _damaged(path, "its arrays do not fit one another")
    return MLPModel(weights, tokenizer, vocabulary, losses)


def is_network(path: str | Path) -> bool:
    """Return whether a file begins as one written by `MLPModel.save`."""
    with Path(path).open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            return False
    try:
        return bool(json.loads(_opened(path)[0])["kind"] == "mlp")
    except (ValueError, KeyError, TypeError):
        return False


def load_counts(path: str | Path, *, check: bool = False) -> NGramCounts:
    """Open counts written by `NGramCounts.save`."""
    record, arrays, vocabulary = _read(path, "counts", check=check)
    order = _order(record, path)
    try:
        levels = tuple(arrays[f"levels.{n}"] for n in range(2, order + 1))
        counts = tuple(arrays[f"counts.{n}"] for n in range(1, order + 1))
    except KeyError as error:
        raise _damaged(path, f"it lacks {error}") from None
    _fit_together(path, len(vocabulary), levels, counts, ())
    if check:
        _within(path, len(vocabulary), levels)
    return NGramCounts(vocabulary, levels, counts)


def _write(
    path: str | Path, record: dict[str, Any], arrays: Arrays, vocabulary: Vocabulary
) -> None:
    arrays = packed(vocabulary) | arrays
    entries, size = [], 0
    for name, array in arrays.items():
        entries.append(entry(name, array, size))
        size += aligned(array.nbytes)
    with whole(path) as file:
        file.write(header(record, vocabulary, entries, size))
        for array in arrays.values():
            for piece in _pieces(array):
                file.write(piece)
            file.write(b"\0" * (aligned(array.nbytes) - array.nbytes))


def packed(vocabulary: Vocabulary) -> Arrays:
    """Return the arrays that hold the symbols."""
    return dict(zip(_VOCABULARY, pack(vocabulary.symbols), strict=True))


def entry(name: str, array: NDArray[Any], offset: int) -> dict[str, Any]:
    """Return what the header says of an array; its offset is from the end of the header."""
    checksum = 0
    for piece in _pieces(array):
        checksum = zlib.crc32(piece, checksum)
    kind = array.dtype.newbyteorder("<").str
    return {
        "name": name, "dtype": kind, "shape": array.shape, "offset": offset, "crc32": checksum,
    }  # fmt: skip


def header(
    record: Mapping[str, Any],
    vocabulary: Vocabulary,
    entries: list[dict[str, Any]],
    size: int,
    room: int = 0,
) -> bytes:
    """Return all that stands before the arrays, of `size` bytes: at least `room` bytes."""
    told = {**record, "unknown": vocabulary.unknown, "size": size, "arrays": entries}
    text = json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if room and len(text) > room - _HEAD.size:
        raise DataError(f"the notes of the model, of {len(text):,} bytes, are too long to keep.")
    text = text.ljust(room - _HEAD.size)
    start = _HEAD.pack(MAGIC, len(text), zlib.crc32(text)) + text
    return start.ljust(aligned(len(start)), b"\0")


def aligned(size: int) -> int:
    """Return the least multiple of 64 that so many bytes fit in."""
    return -(-size // _ALIGNED) * _ALIGNED


def _pieces(array: NDArray[Any]) -> Iterator[memoryview]:
    """Yield an array piece by piece; of a mapped file no more than a piece stays in memory."""
    flat, little = array.reshape(-1), array.dtype.newbyteorder("<")
    for first in range(0, flat.size, _PIECE):
        yield np.ascontiguousarray(flat[first : first + _PIECE], dtype=little).data
        release(array)


def _opened(path: str | Path) -> tuple[bytes, mmap.mmap]:
    """Return the header of a file and the file mapped to memory."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(_HEAD.size)
            if len(head) < _HEAD.size or not head.startswith(MAGIC):
                raise ReadError(f"{path} is not a saved model: its first bytes are not {MAGIC!r}.")
            _, length, checksum = _HEAD.unpack(head)
            if length > _MOST_HEADER:
                raise _damaged(path, "its header is too long")
            text = file.read(length)
            mapped = read_only(file)
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}.") from None
    if len(text) < length or zlib.crc32(text) != checksum:
        raise _damaged(path, "its header is cut short or changed")
    return text, mapped


def _read(
    path: str | Path, kind: str, *, check: bool
) -> tuple[Mapping[str, Any], Arrays, Vocabulary]:
    text, mapped = _opened(path)
    try:
        record = json.loads(text.decode("utf-8", "surrogatepass"))
        first = aligned(_HEAD.size + len(text))
        if record["kind"] != kind and (record["kind"], kind) != ("packed", "model"):
            there, wanted = (_KINDS.get(str(k), k) for k in (record["kind"], kind))
            raise ReadError(f"{path} holds {there}, not {wanted}.")
        if len(mapped) != first + record["size"]:
            raise _damaged(path, f"it has {len(mapped):,} bytes of {first + record['size']:,}")
        arrays = {entry["name"]: _array(path, mapped, first, entry) for entry in record["arrays"]}
        if check:
            _unchanged(path, arrays, record)
        symbols = unpack(*(arrays[name] for name in _VOCABULARY))
        unknown = record["unknown"]
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, ReadError):
            raise
        raise _damaged(path, f"its header does not say what it must ({error})") from None
    if unknown is not None and not 0 < int(unknown) < len(symbols):
        raise _damaged(path, "its unknown symbol is none of its symbols")
    return record, arrays, Vocabulary(symbols, unknown)


def _array(path: str | Path, mapped: mmap.mmap, first: int, entry: Any) -> NDArray[Any]:
    shape = tuple(int(side) for side in entry["shape"])
    offset = int(entry["offset"])
    if (
        entry["dtype"] not in _DTYPES
        or offset < 0
        or offset % _ALIGNED
        or min(shape, default=0) < 0
    ):
        raise _damaged(path, f"its array {entry['name']} is of no kind that is written")
    dtype = np.dtype(entry["dtype"])
    count = int(np.prod(shape, dtype=object)) if shape else 1
    if first + offset + count * dtype.itemsize > len(mapped):
        raise _damaged(path, f"its array {entry['name']} ends beyond the file")
    return np.frombuffer(mapped, dtype, count, first + offset).reshape(shape)


def _unchanged(path: str | Path, arrays: Arrays, record: Mapping[str, Any]) -> None:
    for entry in record["arrays"]:
        array = np.ascontiguousarray(arrays[entry["name"]])
        if zlib.crc32(array.data.cast("B") if array.size else b"") != entry["crc32"]:
            raise _damaged(path, f"its array {entry['name']} has changed")


def _order(record: Mapping[str, Any], path: str | Path) -> int:
    order = record.get("order")
    if not isinstance(order, int) or not 1 <= order <= 64:
        raise _damaged(path, f"its order is {order!r}")
    return order


def _fit_together(
    path: str | Path,
    size: int,
    levels: tuple[trie.Keys, ...],
    values: tuple[NDArray[Any], ...],
    contexts: tuple[tuple[NDArray[Any], ...], ...],
) -> None:
    sizes = (size, *(keys.size for keys in levels))
    fits = sizes == tuple(v.size for v in values)
    fits &= all(sizes[:-1] == tuple(w.size for w in each) for each in contexts)
    if not fits:
        raise _damaged(path, "its arrays are not of one length")


def _within(path: str | Path, size: int, levels: tuple[trie.Keys, ...]) -> None:
    above = size
    for n, keys in enumerate(levels, 2):
        if keys.size and (
            keys[0] < 0
            or bool((keys[1:] <= keys[:-1]).any())
            or int(trie.contexts(keys[-1:])[0]) >= above
            or int(trie.symbols(keys).max()) >= size
        ):
            raise _damaged(path, f"its n-grams of order {n} are out of order or out of range")
        above = keys.size


def _damaged(path: str | Path, what: str) -> ReadError:
    return ReadError(f"{path} is damaged: {what}. Save the model again.")
