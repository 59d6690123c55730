"""Counts against a plain count with dictionaries; parts and chunks against the whole."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import likeliest as lk
from corpora import lines, sums
from likeliest.engines import mapped
from likeliest.language import counting, renumbering, spill, trie
from likeliest.language import text as texts
from likeliest.language.counting import count_stream, gathered
from likeliest.language.counts import merge
from likeliest.language.smoothing import METHODS
from likeliest.language.tokenizers import Characters
from likeliest.language.vocabulary import Vocabulary


def plainly(sequences, order):
    """Count n-grams one by one: <s> only as a context, </s> only as an outcome."""
    counts = Counter()
    for sequence in sequences:
        padded = ["<s>", *sequence, "</s>"]
        for end in range(1, len(padded)):
            for n in range(1, order + 1):
                if end - n + 1 >= 0:
                    counts[tuple(padded[end - n + 1 : end + 1])] += 1
    return counts


def as_counter(counts):
    found, boundary = Counter(), counts.vocabulary.boundary
    for n in range(1, counts.order + 1):
        for ngram, count in counts.ngrams(n):
            if count:
                first = "<s>" if ngram[0] == boundary and n > 1 else ngram[0]
                last = "</s>" if ngram[-1] == boundary else ngram[-1]
                found[(first, *ngram[1:-1], last) if n > 1 else (last,)] = count
    return found


@given(st.lists(st.text(alphabet="abc", max_size=9), min_size=1, max_size=8), st.integers(1, 7))
def test_against_a_plain_count(sequences, order):
    assume(any(sequences))
    counts = lk.language.count(sequences, order)
    assert as_counter(counts) == plainly(sequences, order)


@given(
    st.lists(st.text(alphabet="ab", max_size=30), min_size=1, max_size=12),
    st.integers(1, 6),
    st.integers(1, 9),
)
def test_any_cut_of_the_stream_gives_the_same_counts(sequences, order, size):
    def counted(size):
        encoder = Characters().encoder()
        text = "\n".join(sequences) + "\n"
        ids = [encoder(lk.language.text.Block(text.encode()))]
        return gathered(count_stream(ids, order, encoder.symbols, size))

    whole, cut = counted(10_000), counted(size)
    for a, b in zip((*whole.levels, *whole.counts), (*cut.levels, *cut.counts), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("dense", [1, 1 << 9, 1 << 18])
def test_a_table_and_a_sort_count_alike(monkeypatch, dense):
    expected = plainly(lines("genesis")[0][:40], 5)
    monkeypatch.setattr(counting, "_DENSE", dense)
    assert as_counter(lk.language.count(lines("genesis")[0][:40], 5)) == expected


@pytest.mark.parametrize("tokenizer", ["characters", "words", "bytes"])
def test_counts_add(tokenizer):
    text = lines("alice")[0]
    whole = lk.language.count(text, 3, tokenizer)
    parts = lk.language.count(text[:70], 3, tokenizer) + lk.language.count(text[70:], 3, tokenizer)
    assert as_counter(parts) == as_counter(whole)
    assert parts.total == whole.total


def test_counts_show_themselves_in_a_line():
    shown = repr(lk.language.count(["emma", "ava"], 3))
    assert shown == "NGramCounts(order 3, 5 symbols, 20 n-grams, 9 counted)"


def test_counts_of_different_orders_do_not_add():
    with pytest.raises(lk.errors.DataError, match="do not add"):
        lk.language.count(["ab"], 2) + lk.language.count(["ab"], 3)


def test_one_thread_and_two_count_alike(monkeypatch):
    monkeypatch.setattr(counting, "CHUNK", 1000)
    before = lk.set_threads(1)
    one = lk.language.count(lines("alice")[0], 4)
    lk.set_threads(2)
    two = lk.language.count(lines("alice")[0], 4)
    lk.set_threads(before)
    for a, b in zip((*one.levels, *one.counts), (*two.levels, *two.counts), strict=True):
        np.testing.assert_array_equal(a, b)


def test_spilled_runs_give_the_same_counts(monkeypatch):
    text = lines("alice")[0] + lines("genesis")[0]
    whole = lk.language.count(text, 5, "words")
    monkeypatch.setattr(spill, "_OF_NGRAM", 20_000)
    monkeypatch.setattr(spill, "_OF_SYMBOL", 100_000)
    spilled = lk.language.count(text, 5, "words", memory="50MB")
    assert mapped.mapping(spilled.levels[-1]) is not None
    for a, b in zip(
        (*whole.levels, *whole.counts), (*spilled.levels, *spilled.counts), strict=True
    ):
        np.testing.assert_array_equal(a, b)
    model, same = (lk.language.fit(c, 5, "words") for c in (whole, spilled))
    assert model.nll(text) == same.nll(text)


@pytest.mark.parametrize("most", [40, 300, 10**6])
@pytest.mark.parametrize("order", [1, 2, 3, 6])
@pytest.mark.parametrize("tokenizer", ["characters", "words"])
def test_counts_are_renumbered_in_pieces(monkeypatch, tokenizer, order, most):
    counts = lk.language.count(lines("alice")[0][:12], order, tokenizer)
    pieces = list(renumbering.pieces(counts, most))
    assert (len(pieces) > 1) == (order > 1 and counts.size > most)
    assert sum(piece.total for piece in pieces) == counts.total
    symbols = counts.counts[0].size
    numbers = np.append(0, np.random.default_rng(order).integers(1, 20, symbols - 1))
    vocabulary = Vocabulary(tuple(map(str, range(20))))
    expected = counts.renumbered(numbers, vocabulary)
    monkeypatch.setattr(spill, "ngrams_within", lambda _: most)
    found = renumbering.renumbered(counts, numbers, vocabulary, 10**8)
    assert found.vocabulary == vocabulary
    for a, b in zip(
        (*expected.levels, *expected.counts), (*found.levels, *found.counts), strict=True
    ):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    "options",
    [{"tokenizer": "characters"}, {"tokenizer": "words", "min_count": 2, "max_symbols": 90}],
)
def test_a_vocabulary_is_put_in_order_and_cut_within_the_limit(monkeypatch, options):
    text = lines("alice")[0]
    whole = lk.language.count(text, 5, **options)
    monkeypatch.setattr(spill, "_OF_NGRAM", 20_000)
    monkeypatch.setattr(texts, "_LINES", 3)  # symbols come up in no order
    renumbered, sizes = lk.language.NGramCounts.renumbered, []

    def watched(counts, *arguments):
        sizes.append(sum(keys.size for keys in counts.levels))
        return renumbered(counts, *arguments)

    monkeypatch.setattr(lk.language.NGramCounts, "renumbered", watched)
    found = lk.language.count(text, 5, memory="50MB", **options)
    assert max(sizes) < spill.ngrams_within(50_000_000) < whole.size
    assert mapped.mapping(found.levels[-1]) is not None
    assert found.vocabulary == whole.vocabulary
    for a, b in zip((*whole.levels, *whole.counts), (*found.levels, *found.counts), strict=True):
        np.testing.assert_array_equal(a, b)


def test_sizes_of_memory():
    assert spill.size_in_bytes("2GB") == spill.size_in_bytes(2_000_000_000)
    for wrong in ("lots", "1KB", "-2GB"):
        with pytest.raises(lk.errors.ParameterError, match="memory"):
            spill.size_in_bytes(wrong)


def test_rare_words_become_unknown():
    counts = lk.language.count(["a a b", "a c d"], 2, "words", min_count=2)
    assert counts.vocabulary.symbols == ("</s>", "a", "<unk>")
    assert counts["<unk>"] == 3
    assert counts["a", "<unk>"] == 2
    assert counts["<unk>", "<unk>"] == 1
    limited = lk.language.count(["a a b b b", "a c d c"], 2, "words", max_symbols=2)
    assert limited.vocabulary.symbols == ("</s>", "a", "b", "<unk>")


@pytest.mark.parametrize("method", sorted(METHODS))
@pytest.mark.parametrize("text", [["a"], ["", "ab"], [chr(97 + i) for i in range(26)]])
def test_every_smoothing_of_an_order_beyond_any_line(method, text):
    for tokenizer in ("characters", "words"):
        model = lk.language.fit(text, 6, tokenizer, method)
        assert any("no sequence is long enough" in note for note in model.notes)
        assert np.isfinite(model.nll(text))
        np.testing.assert_allclose(sums(model, ["", "a", "zz"]), 1.0, atol=1e-9)


def test_order_beyond_any_line():
    counts = lk.language.count(["ab"], 6)
    assert [c.size for c in counts.counts] == [3, 3, 2, 1, 0, 0]
    model = lk.language.fit(["ab"], order=6)
    assert "no sequence is long enough for order 5" in model.notes[-1]
    assert np.isfinite(model.nll(["ab", "ba", "q"]))


def test_merging_needs_no_particular_order():
    text = lines("genesis")[0][:30]
    encoder = Characters().encoder()
    ids = [encoder(lk.language.text.Block(("\n".join(text) + "\n").encode()))]
    parts = list(count_stream(ids, 4, encoder.symbols, 500))
    forwards, backwards = merge(parts), merge(parts[::-1])
    for a, b in zip(forwards.counts, backwards.counts, strict=True):
        np.testing.assert_array_equal(a, b)


def test_large_keys_are_sorted_as_small_ones():
    rng = np.random.default_rng(5)
    values = (rng.integers(0, 2**30, 5000) << 32) | rng.integers(0, 2**31, 5000)
    values[::7] = values[1]
    order, ordered = trie.argsort(values)
    np.testing.assert_array_equal(order, np.argsort(values, kind="stable"))
    np.testing.assert_array_equal(ordered, np.sort(values))
    few = values % 1000
    np.testing.assert_array_equal(trie.argsort(few)[0], np.argsort(few, kind="stable"))


def test_look_ups_many_and_few():
    rng = np.random.default_rng(6)
    keys = np.unique(rng.integers(0, 10**6, 40_000))
    wanted = rng.integers(-5, 10**6, 250_000)
    expected = np.where(np.isin(wanted, keys), np.searchsorted(keys, wanted), -1)
    np.testing.assert_array_equal(trie.find(keys, wanted), expected)
    np.testing.assert_array_equal(trie.find(keys, wanted[:50]), expected[:50])


def test_rare_symbols_of_given_counts_are_cut_too():
    text = lines("alice")[0]
    counts = lk.language.count(text, 3, "words")
    given = lk.language.fit(counts, 3, "words", min_count=5)
    assert given.sizes == lk.language.fit(text, 3, "words", min_count=5).sizes
    assert given.sizes < lk.language.fit(counts, 3, "words").sizes
