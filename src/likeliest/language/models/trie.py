"""N-grams as a trie in sorted arrays.

An n-gram is its context, an (n-1)-gram given by its number, and a symbol. Level n holds the keys
context · 2³² + symbol in order; an n-gram's number is its place. So numbers follow the dictionary
order of the n-grams at every level, keys of any order fit 64 bits, and sorting, looking up and
merging are operations on whole arrays. At level 1 the number is the symbol itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.int64]
Places = NDArray[np.int64]

SHIFT = 32
_SYMBOL = (1 << SHIFT) - 1
_MANY = 2_000  # look-ups from which sorting them first pays


def key(context: NDArray[np.integer], symbol: NDArray[np.integer]) -> Keys:
    """Return the keys of n-grams."""
    return (context.astype(np.int64) << SHIFT) | symbol


def contexts(keys: Keys) -> Places:
    """Return the numbers of the contexts."""
    return keys >> SHIFT


def symbols(keys: Keys) -> Places:
    """Return the last symbols."""
    return keys & _SYMBOL


def find(keys: Keys, wanted: Keys) -> Places:
    """Return the place of each wanted key, -1 where it is not among the keys.

    Many look-ups are sorted first, each packed with its place into one integer: sorted ones go
    through memory in order, which is several times as fast.

    Examples
    --------
    >>> find(np.array([3, 5, 9]), np.array([9, 4, 3])).tolist()
    [2, -1, 0]
    """
    if keys.size == 0 or wanted.size == 0:
        return np.full(wanted.size, -1, dtype=np.int64)
    missing = wanted < 0  # a context or a symbol that is itself unknown
    if missing.any():
        places = np.full(wanted.size, -1, dtype=np.int64)
        places[~missing] = find(keys, wanted[~missing])
        return places
    if wanted.size < _MANY:
        return _search(keys, wanted)
    order, ordered = argsort(wanted)
    places = np.empty(wanted.size, dtype=np.int64)
    places[order] = _search(keys, ordered)
    return places


def prefix_places(rows: NDArray[np.integer], levels: Sequence[Keys]) -> Places:
    """Return the places of n-grams without their last symbols, -1 where there is none.

    Parameters
    ----------
    rows : array of shape (n-grams, n)
        Numbers of their symbols.
    levels : sequence of arrays
        The keys of level 2, 3 and so on.
    """
    place: Places = rows[:, 0].astype(np.int64)
    for column in range(1, rows.shape[1] - 1):
        place = find(levels[column - 1], key(place, rows[:, column]))
    return place


def _search(keys: Keys, wanted: Keys) -> Places:
    places = np.searchsorted(keys, wanted)
    np.minimum(places, keys.size - 1, out=places)
    places[keys[places] != wanted] = -1
    return places


def argsort(values: Keys) -> tuple[Places, Keys]:
    """Return the stable order of the values, and the values in order.

    Where a value's context, symbol and place fit 63 bits they are packed and sorted as one: NumPy
    sorts integers many times as fast as it sorts their indices.
    """
    place_bits = int(values.size).bit_length()
    low = values & _SYMBOL
    symbol_bits = int(low.max(initial=0)).bit_length()
    high = values >> SHIFT
    context_bits = int(high.max(initial=0)).bit_length()
    if context_bits + symbol_bits + place_bits > 63 or int(high.min(initial=0)) < 0:
        order = np.argsort(values, kind="stable")
        return order, values[order]
    packed = ((high << symbol_bits) | low) << place_bits
    packed |= np.arange(values.size)
    packed.sort()
    order = packed & ((1 << place_bits) - 1)
    packed >>= place_bits
    return order, ((packed >> symbol_bits) << SHIFT) | (packed & ((1 << symbol_bits) - 1))


def unique(values: Keys) -> tuple[Keys, Places]:
    """Return the distinct values in order, and the place among them of each value."""
    order, ordered = argsort(values)
    first = np.empty(values.size, dtype=bool)
    first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    places = np.empty(values.size, dtype=np.int64)
    places[order] = np.cumsum(first) - 1
    return ordered[first], places


def suffixes(levels: tuple[Keys, ...]) -> list[Places]:
    """Return, for each level from 2 on, the number of each n-gram without its first symbol.

    Parameters
    ----------
    levels : tuple of arrays
        The keys of level 2, 3 and so on.
    """
    result: list[Places] = []
    for n, keys in enumerate(levels):
        if n == 0:
            result.append(symbols(keys))
        else:
            shorter = result[-1][contexts(keys)]
            result.append(find(levels[n - 1], key(shorter, symbols(keys))))
    return result


def first_symbols(levels: tuple[Keys, ...]) -> list[Places]:
    """Return, for each level from 2 on, the first symbol of each n-gram."""
    result: list[Places] = []
    for n, keys in enumerate(levels):
        context = contexts(keys)
        result.append(context if n == 0 else result[-1][context])
    return result


def spelled(
    levels: tuple[Keys, ...], n: int, first: int = 0, end: int | None = None
) -> NDArray[np.int32]:
    """Return n-grams of level n, from `first` up to `end`, written out: of shape (n-grams, n)."""
    if n == 1:
        raise ValueError("level 1 is the symbols themselves")
    place = np.arange(*slice(first, end).indices(levels[n - 2].size))
    rows = np.empty((place.size, n), dtype=np.int32)
    for column in range(n - 1, 0, -1):
        level = levels[column - 1]
        rows[:, column] = symbols(level[place])
        place = contexts(level[place])
    rows[:, 0] = place
    return rows
