"""Looking up many n-grams in a level of a trie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.engines import memory
from likeliest.language.models import trie

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHARE = 0.25  # of the memory there is, that a table may take
_STEP_BITS = 2
_TRIES = 1 << _STEP_BITS
_MIXER = 0x9E3779B97F4A7C15  # 2⁶⁴ over the golden ratio (Knuth 1998, vol. 3, section 6.4)
_PIECE = 1 << 18  # keys put into a table at once


class Lookup:
    """Finds n-grams by their context and their last symbol.

    The first are searched for. When as many were asked for as there are keys, a hash table is made,
    in which one visit to memory finds most, where a search takes one for each doubling of the keys.
    It takes 16 to 32 bytes a key, and about the time that so many look-ups would have saved.

    Parameters
    ----------
    keys : array of int
        Of the level, in order.
    contexts, symbols : int
        How many there are.

    Examples
    --------
    >>> contexts, symbols = np.array([0, 0, 2]), np.array([1, 4, 0])
    >>> lookup = Lookup(trie.key(contexts, symbols), contexts=3, symbols=5)
    >>> lookup(np.array([2, 1, 0]), np.array([0, 0, 4])).tolist()
    [2, -1, 1]
    """

    def __init__(self, keys: trie.Keys, contexts: int, symbols: int) -> None:
        self.keys = keys
        self.bounds = contexts, symbols
        self.asked = 0  # since the last thought of a table; near enough where threads race
        self.table: _Table | None = None

    def __reduce__(self) -> tuple[type[Lookup], tuple[trie.Keys, int, int]]:
        return Lookup, (self.keys, *self.bounds)  # a table is made again where it pays

    def __call__(self, context: trie.Places, symbol: NDArray[np.integer]) -> trie.Places:
        """Return the place of each n-gram, -1 where it is not among the keys."""
        self.asked += context.size
        if self.table is None and 0 < self.keys.size < self.asked:
            self.asked = 0  # other threads go on searching, and so do all where there is no room
            self.table = self._made()
        table = self.table
        if table is None:
            return trie.find(self.keys, trie.key(context, symbol))
        return table.find(context, symbol)

    def _made(self) -> _Table | None:
        room = memory.available()
        if room is not None and 8 * _slots_for(self.keys.size) > _SHARE * room:
            return None
        try:
            return _Table(self.keys, *self.bounds)
        except MemoryError:  # of a limit that is not told
            return None


class _Table:
    """A hash table at most half full, with a whole n-gram and its place in each slot.

    A key is mixed by a multiplication that can be undone: the slot that it points to stands for its
    first bits, and an entry holds the others, the tag (Knuth's quotients: exercise 6.4-13). So 64
    bits tell any key, and no second visit is needed to make sure. A key is in one of the few slots
    that follow from its own, the first that was free, or in none and then has to be searched for.
    The last bits of a tag, 0 in the first slot, count which of them it is.
    """

    def __init__(self, keys: trie.Keys, contexts: int, symbols: int) -> None:
        self.keys = keys
        self.symbol_bits = max((symbols - 1).bit_length(), 1)
        bits = self.symbol_bits + max((contexts - 1).bit_length(), 1)
        slot_bits = min(_slots_for(keys.size).bit_length() - 1, bits)
        self.last = (1 << slot_bits) - 1
        # An odd factor of as many bits; the product is taken in the first of 64, so that what is
        # beyond falls off.
        self.mixer = np.uint64((_MIXER >> (64 - bits) | 1) << (64 - bits))
        self.to_slot = np.uint64(64 - slot_bits)
        self.off_slot = np.uint64(slot_bits)
        self.to_tag = np.uint64(64 - bits + slot_bits - _STEP_BITS)
        self.place_bits = max(int(keys.size - 1).bit_length(), 1)
        self.place_mask = (1 << self.place_bits) - 1
        self.entries = np.full(self.last + 1, -1)
        for first in range(0, keys.size, _PIECE):
            self._put(first, keys[first : first + _PIECE])

    def _put(self, first: int, keys: trie.Keys) -> None:
        slots, tags = self._mixed(trie.contexts(keys), trie.symbols(keys))
        own = (tags << self.place_bits) | np.arange(first, first + keys.size)
        for _ in range(_TRIES):
            free = self.entries[slots] < 0
            self.entries[slots[free]] = own[free]  # where several want a slot, the last has it
            lost = self.entries[slots] != own
            slots = (slots[lost] + 1) & self.last
            own = own[lost] + (1 << self.place_bits)

    def _mixed(
        self, context: trie.Places, symbol: NDArray[np.integer]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the slot that each key tries first, and its tag there."""
        mixed = ((context << self.symbol_bits) | symbol).view(np.uint64)
        mixed *= self.mixer
        slots = mixed >> self.to_slot
        tags = np.left_shift(mixed, self.off_slot, out=mixed)
        tags >>= self.to_tag
        return slots.view(np.int64), tags.view(np.int64)

    def find(self, context: trie.Places, symbol: NDArray[np.integer]) -> trie.Places:
        """Return the place of each n-gram, -1 where it is not among the keys."""
        slots, tags = self._mixed(context, symbol)
        entries = self.entries[slots]
        places = entries & self.place_mask
        there = np.right_shift(entries, self.place_bits, out=entries)
        left = np.flatnonzero(there != tags)
        places[left] = -1
        there = there[left]
        for step in range(1, _TRIES):
            left = left[there >= 0]  # an empty slot says that the key is nowhere
            entries = self.entries[(slots[left] + step) & self.last]
            there = entries >> self.place_bits
            hit = there == tags[left] + step
            places[left[hit]] = entries[hit] & self.place_mask
            left, there = left[~hit], there[~hit]
        left = left[there >= 0]
        places[left] = trie.find(self.keys, trie.key(context[left], symbol[left]))
        return places


def _slots_for(keys: int) -> int:
    """Return the number of slots for so many keys, a power of two."""
    return 1 << (2 * keys - 1).bit_length()
