"""Looking up n-grams: a table answers as a search does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import likeliest as lk
from likeliest.engines import memory
from likeliest.language import trie
from likeliest.language.lookup import Lookup


def searched(keys, context, symbol):
    held = {key: place for place, key in enumerate(keys.tolist())}
    return [held.get(key, -1) for key in trie.key(context, symbol).tolist()]


@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(0, 2_000),
    contexts=st.sampled_from([1, 2, 3, 60, 5_000, 2**31]),
    symbols=st.sampled_from([1, 2, 27, 30_000, 2**24]),
)
def test_any_keys(seed, size, contexts, symbols):
    rng = np.random.default_rng(seed)

    def drawn(number):
        return rng.integers(contexts, size=number), rng.integers(symbols, size=number)

    keys = np.unique(trie.key(*drawn(size)))
    lookup = Lookup(keys, contexts, symbols)
    for _ in range(3):  # by search, and by table
        some = rng.integers(max(keys.size, 1), size=keys.size)
        other_contexts, other_symbols = drawn(500)
        context = np.append(trie.contexts(keys[some]), other_contexts)
        symbol = np.append(trie.symbols(keys[some]), other_symbols).astype(np.int32)
        assert lookup(context, symbol).tolist() == searched(keys, context, symbol)
    assert (lookup.table is not None) == (keys.size > 0)


def test_crowded_keys_are_found():
    """Keys that all want the same few slots: most have to be searched for."""
    contexts = np.arange(1 << 12)
    keys = trie.key(contexts, np.zeros(1 << 12, dtype=int))
    lookup = Lookup(keys, 1 << 12, 1)
    lookup(contexts, np.zeros(1 << 12, dtype=int))
    lookup._make()
    table = lookup.table
    slots, tags = table._mixed(np.arange(1 << 13) % (1 << 12), np.zeros(1 << 13, dtype=int))
    assert np.unique(slots * 8 + tags).size == 1 << 12
    table._mixed = lambda context, symbol: (np.zeros(context.size, dtype=int), context << 2)
    table.entries = table._filled(keys)
    assert (table.entries >= 0).sum() == 4
    assert table.find(contexts, np.zeros(1 << 12, dtype=int)).tolist() == contexts.tolist()
    assert (table.find(contexts + (1 << 12), np.zeros(1 << 12, dtype=int)) == -1).all()


def test_no_table_where_memory_is_short(monkeypatch):
    keys = trie.key(np.arange(1_000), np.arange(1_000))
    lookup = Lookup(keys, 1_000, 1_000)
    monkeypatch.setattr(memory, "available", lambda: 1_000)
    for _ in range(5):
        assert (lookup(np.arange(1_000), np.arange(1_000)) == np.arange(1_000)).all()
    assert lookup.table is None
    monkeypatch.setattr(memory, "available", lambda: None)
    for _ in range(2):
        lookup(np.arange(1_000), np.arange(1_000))
    assert lookup.table is not None


@pytest.mark.parametrize("smoothing", ["mle", "kneser-ney", "katz"])
def test_scores_are_the_same_from_the_first_text_to_the_last(smoothing):
    rng = np.random.default_rng(1)
    lines = ["".join(rng.choice(list("abcde"), size=12)) for _ in range(200)]
    model = lk.language.fit(lines, 4, smoothing=smoothing)
    first = np.concatenate([model.log_prob(lines[:1]), model.log_prob(lines[1:2])])
    assert all(lookup.table is None for lookup in model.estimate.lookups[1:])
    for _ in range(2):
        assert np.array_equal(model.log_prob(lines)[:2], first)
    assert all(lookup.table is not None for lookup in model.estimate.lookups)
