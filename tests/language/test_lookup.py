"""Looking up n-grams: a table answers as a search does."""

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import likeliest as lk
from likeliest.engines import memory
from likeliest.language.models import lookup as lookups
from likeliest.language.models import trie
from likeliest.language.models.lookup import Lookup


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
    table = lookup._made()
    slots, tags = table._mixed(np.arange(1 << 13) % (1 << 12), np.zeros(1 << 13, dtype=int))
    assert np.unique(slots * 8 + tags).size == 1 << 12
    table._mixed = lambda context, symbol: (np.zeros(context.size, dtype=int), context << 2)
    table.entries[:] = -1
    table._put(0, keys)
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


def test_no_table_where_none_can_be_had(monkeypatch):
    def refuse(*_):
        raise MemoryError

    monkeypatch.setattr(lookups, "_Table", refuse)
    lookup = Lookup(trie.key(np.arange(9), np.arange(9)), 9, 9)
    for _ in range(3):
        assert (lookup(np.arange(9), np.arange(9)) == np.arange(9)).all()


def test_many_keys_are_put_in_by_pieces(monkeypatch):
    rng = np.random.default_rng(2)
    keys = np.unique(trie.key(rng.integers(500, size=3_000), rng.integers(80, size=3_000)))
    context, symbol = rng.integers(500, size=9_000), rng.integers(80, size=9_000)
    monkeypatch.setattr(lookups, "_PIECE", 100)
    table = Lookup(keys, 500, 80)._made()
    assert table.find(context, symbol).tolist() == searched(keys, context, symbol)


def test_what_can_be_made_again_is_not_pickled():
    lines = [" ".join(f"w{i * j % 977}" for i in range(40)) for j in range(300)]
    model = lk.language.fit(lines, 3, "words")
    before = len(pickle.dumps(model))
    first = model.log_prob(lines)
    again = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own
    assert len(pickle.dumps(model)) < 1.01 * before + 1_000
    assert np.array_equal(again.log_prob(lines), first)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_scores_many_words():
    code = """if True:
        import os
        import likeliest as lk
        lines = ["the cat sat on the mat"] * 20_000
        model = lk.language.fit(lines, 2, "words")
        whole = model.log_prob(lines).sum()
        child = os.fork()
        if child == 0:
            os._exit(0 if model.log_prob(lines).sum() == whole else 1)
        raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, timeout=60, check=False)  # noqa: S603 - our own
    assert done.returncode == 0


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
