"""Models in little space: whole numbers of as many bits as they need, and values by their number.

Of each n-gram a packed file holds its last symbol, its probability and its weight. Which n-grams a
context has is one run of bits: for each context a 1 for each of its n-grams, and a 0. Values are
log10 in float32, as KenLM holds them: as they are, or, where there are few different ones, as the
number of each in a table. Nothing in the file is run; it is unpacked to memory when it is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.language import trie
from likeliest.language.vocabulary import pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from likeliest.language.smoothing.base import Array, Estimate
    from likeliest.language.vocabulary import Vocabulary

Arrays = dict[str, "NDArray[Any]"]

_LOG10 = float(np.log(10.0))
_PIECE = 1 << 16  # numbers packed at once
_TABLE = 1 << 16  # values that a table may have
_SPARE = 8  # bytes beyond the last bit, so that eight can be read anywhere
_HEADER = 1_200  # bytes that the header and the gaps between arrays take at most, for each order
_NOTES = 2_000  # and bytes of notes
_ROUNDS = 20


def packed(estimate: Estimate) -> Arrays:
    """Return the arrays that hold an estimate of back-off form."""
    arrays: Arrays = {}
    symbols = len(estimate.vocabulary)
    for n, logs in enumerate(estimate.log_probs, 1):
        arrays |= _values(f"log_probs.{n}", logs)
        if n < len(estimate.log_probs):
            keys = estimate.levels[n - 1]
            arrays |= _values(f"log_weights.{n}", estimate.log_weights[n - 1])
            arrays[f"symbols.{n + 1}"] = to_bits(trie.symbols(keys), _width(symbols))
            arrays[f"starts.{n + 1}"] = _runs(trie.contexts(keys), logs.size)
    return arrays


def unpacked(
    arrays: Arrays, order: int, symbols: int
) -> tuple[tuple[trie.Keys, ...], tuple[Array, ...], tuple[Array, ...]]:
    """Return keys, log probabilities and log weights.

    Raises
    ------
    ValueError
        If the arrays do not fit one another; it says which.
    KeyError
        If one is missing.
    """
    levels: list[trie.Keys] = []
    logs: list[Array] = []
    weights: list[Array] = []
    size = symbols
    for n in range(1, order + 1):
        logs.append(_from_values(arrays, f"log_probs.{n}", size))
        if n == order:
            break
        weights.append(_from_values(arrays, f"log_weights.{n}", size))
        contexts = _from_runs(arrays[f"starts.{n + 1}"], size)
        last = from_bits(arrays[f"symbols.{n + 1}"], _width(symbols), contexts.size)
        keys = trie.key(contexts, last)
        if last.max(initial=0) >= symbols or (keys[1:] <= keys[:-1]).any():
            raise ValueError(f"its n-grams of order {n + 1} are out of order or out of range")
        levels.append(keys)
        size = keys.size
    return tuple(levels), tuple(logs), tuple(weights)


def most_bytes(vocabulary: Vocabulary, sizes: Sequence[int]) -> int:
    """Return what a packed file takes at most.

    Parameters
    ----------
    vocabulary : Vocabulary
    sizes : sequence of int
        How many n-grams there are of each order from 2 on.
    """
    names = sum(array.nbytes for array in pack(vocabulary.symbols))
    counts, bits = [len(vocabulary), *sizes], 0
    for n, size in enumerate(counts):
        is_last = n == len(counts) - 1
        bits += size * (32 if is_last else 64)
        if n:
            bits += size * _width(len(vocabulary)) + size + counts[n - 1]
    return names + bits // 8 + _HEADER * len(counts) + _NOTES


def to_bits(numbers: NDArray[np.integer], width: int) -> NDArray[np.uint8]:
    """Return numbers of `width` bits each, one after another, the lowest bit first.

    Examples
    --------
    >>> from_bits(to_bits(np.array([5, 0, 7]), 3), 3, 3).tolist()
    [5, 0, 7]
    """
    parts, whole = [], numbers.astype("<u8")
    for first in range(0, whole.size, _PIECE):
        piece = whole[first : first + _PIECE, None].view(np.uint8)
        bits = np.unpackbits(piece, axis=1, count=width, bitorder="little")
        parts.append(np.packbits(bits.reshape(-1), bitorder="little"))
    return np.concatenate([*parts, np.zeros(_SPARE, np.uint8)])


def from_bits(packed: NDArray[np.uint8], width: int, count: int) -> NDArray[np.int64]:
    """Return the numbers that `to_bits` packed."""
    if packed.size != -(-count * width // 8) + _SPARE:
        raise ValueError(f"{count:,} numbers of {width} bits do not take {packed.size:,} bytes")
    at = np.arange(count, dtype=np.int64) * width
    eight = np.ndarray(packed.size - _SPARE + 1, "<u8", np.ascontiguousarray(packed), 0, (1,))
    numbers = eight[at >> 3] >> (at & 7).astype(np.uint64)
    return (numbers & np.uint64((1 << width) - 1)).astype(np.int64)


def _width(many: int) -> int:
    """Return how many bits tell so many things apart."""
    return max(many - 1, 1).bit_length()


def _runs(contexts: NDArray[np.int64], size: int) -> NDArray[np.uint8]:
    """Return for each context a 1 for each of its n-grams, then a 0, as bits."""
    bits = np.ones(contexts.size + size, np.uint8)
    bits[np.cumsum(np.bincount(contexts, minlength=size)) + np.arange(size)] = 0
    return np.packbits(bits, bitorder="little")


def _from_runs(packed: NDArray[np.uint8], size: int) -> NDArray[np.int64]:
    """Return the context of each n-gram."""
    ends = np.flatnonzero(np.unpackbits(packed, bitorder="little") == 0)
    if ends.size < size or packed.size != -(-(int(ends[size - 1]) + 1) // 8):
        raise ValueError(f"it does not say which n-grams {size:,} contexts have")
    return np.repeat(np.arange(size), np.diff(ends[:size], prepend=-1) - 1)


def _values(name: str, logs: Array) -> Arrays:
    """Return values as float32, or as numbers of a table where that takes less."""
    tens = (logs / _LOG10).astype("<f4")
    table, codes = np.unique(tens, return_inverse=True)
    width = _width(table.size)
    if table.size <= _TABLE and 4 * table.size + tens.size * width // 8 < 4 * tens.size:
        return {f"{name}.table": table, f"{name}.codes": to_bits(codes, width)}
    return {name: tens}


def _from_values(arrays: Arrays, name: str, size: int) -> Array:
    table = arrays.get(f"{name}.table")
    tens = arrays[name] if table is None else table
    if table is not None:
        codes = from_bits(arrays[f"{name}.codes"], _width(table.size), size)
        if codes.max(initial=-1) >= table.size:
            raise ValueError(f"{name} points beyond its table")
        tens = table[codes]
    if tens.size != size:
        raise ValueError(f"{name} has {tens.size:,} values of {size:,}")
    return tens.astype(np.float64) * _LOG10


def quantised(values: Array, bits: int) -> Array:
    """Return values with no more than 2^bits different ones, the nearest to each.

    The values of the table are the means of runs of the ordered values, as Lloyd (1982) finds them
    from runs of one length. 0 and -∞ stay what they are: they say that there is no weight.
    """
    kept = (values == 0.0) | np.isinf(values)
    some, many = np.sort(values[~kept]), (1 << bits) - 2
    if np.unique(some).size <= many:
        return values
    sums = np.append(0.0, np.cumsum(some))
    bounds = np.linspace(0, some.size, many + 1).astype(np.int64)
    for _ in range(_ROUNDS):
        sizes = np.diff(bounds)
        table = np.diff(sums[bounds])[sizes > 0] / sizes[sizes > 0]
        between = np.searchsorted(some, (table[1:] + table[:-1]) / 2)
        bounds = np.concatenate([[0], between, [some.size]])
    result = values.copy()
    result[~kept] = table[np.searchsorted((table[1:] + table[:-1]) / 2, values[~kept])]
    return result
