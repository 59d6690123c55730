"""Looking up many n-grams in a level of a trie."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from likeliest.engines import memory
from likeliest.language import trie

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHARE = 0.25  # of the memory there is, that a table may take
_TRIES = 4
_STEP_BITS = 2  # that tell which of the tries it was
_MIXER = 0x9E3779B97F4A7C15  # 2⁶⁴ over the golden ratio (Knuth 1998, vol. 3, section 6.4)
_MAKING = Lock()  # of the module: what holds a lock cannot be pickled


class Lookup:
    """Finds n-grams by their context and their last symbol.

    The first are searched for. When as many were asked for as there are keys, a hash table is made,
    in which one visit to memory finds most, where a search takes one for each doubling of the keys.
    It takes 16 to 32 bytes and about 50 ns a key, which that many look-ups would have saved.

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
        self.asked = 0
        self.table: _Table | None = None

    def __call__(self, context: trie.Places, symbol: NDArray[np.integer]) -> trie.Places:
        """Return the place of each n-gram, -1 where it is not among the keys."""
        self.asked += context.size
        if self.table is None and 0 < self.keys.size < self.asked:
            self._make()
        if self.table is None:
            return trie.find(self.keys, trie.key(context, symbol))
        return self.table.find(context, symbol)

    def _make(self) -> None:
        with _MAKING:
            if self.table is not None:  # another thread was first
                return
            room = memory.available()
            if room is None or 8 * _slots_for(self.keys.size) < _SHARE * room:
                self.table = _Table(self.keys, *self.bounds)
            else:
                self.asked = 0  # to ask again after as many more


class _Table:
    """A hash table at most half full, with a whole n-gram and its place in each slot.

    A key is mixed by a multiplication that can be undone: the slot that it points to stands for its
    first bits, and the slot holds the others, the tag (Knuth's quotients: exercise 6.4-13). So 64
    bits tell any key, and no second visit is needed to make sure. A key is in one of the few slots
    that follow from its own, the first that was free, or in none and then has to be searched for.
    """

    def __init__(self, keys: trie.Keys, contexts: int, symbols: int) -> None:
        self.keys = keys
        self.symbol_bits = np.int64(max((symbols - 1).bit_length(), 1))
        bits = int(self.symbol_bits) + max((contexts - 1).bit_length(), 1)
        slot_bits = min(_slots_for(keys.size).bit_length() - 1, bits)
        self.last = (1 << slot_bits) - 1
        # An odd factor of as many bits; the product is taken in the first of 64, so that what is
        # beyond falls off.
        self.mixer = np.uint64((_MIXER >> (64 - bits) | 1) << (64 - bits))
        self.to_slot = np.uint64(64 - slot_bits)
        self.off_slot = np.uint64(slot_bits)
        self.to_tag = np.uint64(64 - bits + slot_bits - _STEP_BITS)
        self.place_bits = np.int64(max(int(keys.size - 1).bit_length(), 1))
        self.place_mask = (1 << int(self.place_bits)) - 1
        self.entries = self._filled(keys)

    def _filled(self, keys: trie.Keys) -> NDArray[np.int64]:
        entries = np.full(self.last + 1, -1)
        slots, tags = self._mixed(trie.contexts(keys), trie.symbols(keys))
        own = (tags << self.place_bits) | np.arange(keys.size)
        for _ in range(_TRIES):
            free = entries[slots] < 0
            entries[slots[free]] = own[free]  # where several want a slot, the last has it
            lost = entries[slots] != own
            slots = (slots[lost] + 1) & self.last
            own = own[lost] + (1 << self.place_bits)
        return entries

    def _mixed(
        self, context: trie.Places, symbol: NDArray[np.integer]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the slot that each key tries first, and its tag there."""
        mixed = ((context << self.symbol_bits) | symbol).view(np.uint64)
        mixed *= self.mixer
        slots = (mixed >> self.to_slot).view(np.int64)
        mixed <<= self.off_slot
        mixed >>= self.to_tag
        return slots, mixed.view(np.int64)

    def find(self, context: trie.Places, symbol: NDArray[np.integer]) -> trie.Places:
        """Return the place of each n-gram, -1 where it is not among the keys."""
        slots, tags = self._mixed(context, symbol)
        entries = self.entries[slots]
        places = entries & self.place_mask
        entries >>= self.place_bits
        left = np.flatnonzero(entries != tags)
        places[left] = -1
        entries = entries[left]
        for step in range(1, _TRIES):
            left = left[entries >= 0]  # an empty slot says that the key is nowhere
            found = self.entries[(slots[left] + step) & self.last]
            entries = found >> self.place_bits
            hit = entries == tags[left] + step
            places[left[hit]] = found[hit] & self.place_mask
            left, entries = left[~hit], entries[~hit]
        left = left[entries >= 0]
        places[left] = trie.find(self.keys, trie.key(context[left], symbol[left]))
        return places


def _slots_for(keys: int) -> int:
    """Return the number of slots for so many keys, a power of two."""
    return 1 << (2 * keys - 1).bit_length()
