"""Pruning against models with one n-gram less, packed files against KenLM's layout."""

import math

import numpy as np
import pytest

import likeliest as lk
from corpora import lines
from likeliest.errors import DataError, ParameterError, ReadError
from likeliest.language import packing, trie
from likeliest.language.pruning import Losses

METHODS = ["kneser-ney", "katz", "witten-bell", "absolute", "jelinek-mercer"]


def small(smoothing="kneser-ney"):
    return lk.language.fit(["abracadabra", "barb", "cab", "a"], order=3, smoothing=smoothing)


def shares_of_text(text, context):
    """Return how often a context, 0 the start, is followed by something, of all symbols."""
    total = seen = 0
    for sequence in text:
        padded = [0, *sequence]
        for at in range(len(sequence) + 1):
            total += 1
            before = padded[: at + 1]
            seen += before[len(before) - len(context) :] == context
    return seen / total


def without(model, n, place):
    """Return p of all symbols after the context of an n-gram before and after that one goes."""
    e = model.estimate
    row = trie.spelled(e.levels, n, place, place + 1)[0].tolist()
    context, symbol = row[:-1], row[-1]
    listed = trie.spelled(e.levels, n)
    listed = {r[-1] for r in listed.tolist() if r[:-1] == context} - {symbol}
    before = np.exp(model.log_probs([context])[0])
    shorter = np.exp(model.log_probs([context[1:]])[0]) if n > 2 else np.exp(e.log_probs[0])
    others = [s for s in range(len(before)) if s not in listed]
    left = math.fsum(before[others])
    after = before.copy()
    after[others] = left / math.fsum(shorter[others]) * shorter[others]
    return context, before, after


@pytest.mark.parametrize("smoothing", METHODS)
def test_a_divergence_is_that_of_the_model_without_the_ngram(smoothing):
    text = ["abracadabra", "barb", "cab", "a"]
    model = small(smoothing)
    divergences = Losses(model.estimate, model.counts).divergences
    symbols = model.vocabulary.symbols
    for n, each in enumerate(divergences, 2):
        for place, got in enumerate(each):
            context, before, after = without(model, n, place)
            spelled = [symbols[i] if i else 0 for i in context]
            share = shares_of_text(text, spelled)
            expected = share * math.fsum(before * (np.log(before) - np.log(after)))
            assert got == pytest.approx(expected, abs=1e-10)
    assert max(each.max() for each in divergences) > 1e-3


def test_the_shares_of_a_text_and_of_a_loaded_model(tmp_path):
    text = ["abracadabra", "barb", "cab", "a"]
    model = small()
    model.save(tmp_path / "a.lm")
    loaded = lk.language.load(tmp_path / "a.lm")
    pruned, again = model.prune(0.01), loaded.prune(0.01, text=text)
    assert pruned.sizes == again.sizes
    np.testing.assert_array_equal(pruned.estimate.log_probs[2], again.estimate.log_probs[2])
    assert any("own guess" in note for note in loaded.prune(0.01).notes)


@pytest.fixture(scope="module", params=["words", "characters"])
def genesis(request):
    text, held = lines("genesis")
    return lk.language.fit(text, 4, request.param), text, held


def test_what_is_left_is_a_model(genesis):
    model, text, held = genesis
    sizes = [sum(model.prune(t).sizes) for t in (0.0, 1e-6, 1e-5, 1e-4, math.inf)[:-1]]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == sum(model.sizes)
    pruned = model.prune(1e-5)
    assert sum(pruned.sizes) < 0.9 * sum(model.sizes)
    random = np.random.default_rng(1).integers(0, len(model.vocabulary), (40, 3))
    contexts = np.concatenate([trie.spelled(model.estimate.levels, 3)[::500], random])
    np.testing.assert_allclose(np.exp(pruned.log_probs(contexts)).sum(axis=1), 1.0, atol=1e-9)
    assert pruned.perplexity(held) < 1.2 * model.perplexity(held)
    (note,) = [n for n in pruned.notes if n.startswith("perplexity of its own text")]
    told = [
        float(part.split()[-1])
        for part in note.split(" (")[0].replace(", before", ":").split(":")[1:]
    ]
    assert told == pytest.approx([pruned.perplexity(text), model.perplexity(text)], rel=1e-5)


def test_a_pruned_arpa_is_read_by_kenlm_with_the_same_scores(tmp_path):
    kenlm = pytest.importorskip("kenlm")
    text, held = lines("genesis")
    pruned = lk.language.fit(text, 4, "words").prune(3e-6)
    pruned.to_arpa(tmp_path / "pruned.arpa")
    theirs = kenlm.Model(str(tmp_path / "pruned.arpa"))
    for line in held[:60]:
        assert theirs.score(line) == pytest.approx(pruned.log_prob(line, base=10), abs=2e-5)


def test_a_size_is_kept(tmp_path, genesis):
    model, _, _ = genesis
    path = tmp_path / "small.lm"
    model.save(path, packed=True)
    for share in (0.7, 0.9):
        size = int(share * path.stat().st_size)
        model.prune(size=size).save(tmp_path / "smaller.lm", packed=True)
        assert 0.4 * size < (tmp_path / "smaller.lm").stat().st_size <= size
    with pytest.raises(ParameterError, match="symbols alone"):
        model.prune(size="1KB")


def trie_size(model, bits=None):
    """Return the size of KenLM's trie, from its layout (lm/trie.cc, lm/vocab.cc)."""
    vocabulary, sizes = len(model.vocabulary) + 1, list(model.sizes)
    sizes[0] = vocabulary
    total = (vocabulary + 1) * 16 + (vocabulary + 1) * 8
    total += sum(len(s.encode()) + 1 for s in model.vocabulary.symbols)
    width = vocabulary.bit_length()
    for n, size in enumerate(sizes[1:], 2):
        if n < len(sizes):
            of_values = 63 if bits is None else 2 * bits
            total += ((size + 1) * (width + of_values + sizes[n].bit_length()) + 7) // 8 + 8
        else:
            total += ((size + 1) * (width + (31 if bits is None else bits)) + 7) // 8 + 8
    tables = 0 if bits is None else 4 * (2**bits) * (2 * len(sizes) - 3)
    return total + tables


def test_packed_files_are_as_small_as_kenlms_and_exact(tmp_path):
    text, held = lines("genesis")
    model = lk.language.fit(text, 4, "words")
    path = tmp_path / "packed.lm"
    model.save(path, packed=True)
    assert path.stat().st_size <= 1.05 * trie_size(model)
    opened = lk.language.load(path, check=True)
    assert opened.sizes == model.sizes
    assert opened.vocabulary == model.vocabulary
    for part in ("log_probs", "log_weights"):
        for ours, exact in zip(
            getattr(opened.estimate, part), getattr(model.estimate, part), strict=True
        ):
            tens = (exact / np.log(10)).astype(np.float32)
            np.testing.assert_array_equal((ours / np.log(10)).astype(np.float32), tens)
    for ours, exact in zip(opened.estimate.levels, model.estimate.levels, strict=True):
        np.testing.assert_array_equal(ours, exact)
    assert opened.nll(held) == pytest.approx(model.nll(held), rel=1e-6)


def test_quantised_to_eight_bits(tmp_path):
    text, held = lines("genesis")
    model = lk.language.fit(text, 4, "words")
    rough = model.quantise(8)
    for each in (*rough.estimate.log_probs[1:], *rough.estimate.log_weights[1:]):
        assert np.unique(each).size <= 256
    path = tmp_path / "rough.lm"
    rough.save(path, packed=True)
    assert path.stat().st_size <= 1.05 * trie_size(model, 8)
    assert rough.perplexity(held) == pytest.approx(model.perplexity(held), rel=0.01)
    assert "quantised to 8 bits." in lk.language.load(path).notes
    assert any(n.startswith("perplexity of its own text") for n in rough.notes)
    assert model.quantise(16).perplexity(held) == pytest.approx(model.perplexity(held), rel=1e-5)


@pytest.mark.parametrize("width", [1, 7, 8, 13, 31, 33])
def test_numbers_of_any_width(width):
    numbers = np.random.default_rng(width).integers(0, 1 << width, 70_001)
    got = packing.from_bits(packing.to_bits(numbers, width), width, numbers.size)
    np.testing.assert_array_equal(got, numbers)
    assert packing.from_bits(packing.to_bits(numbers[:0], width), width, 0).size == 0


def test_damaged_packed_files_are_named(tmp_path):
    path, bad = tmp_path / "a.lm", tmp_path / "bad.lm"
    small().save(path, packed=True)
    whole = path.read_bytes()
    bad.write_bytes(whole[:-70])
    with pytest.raises(ReadError, match="damaged"):
        lk.language.load(bad)
    rng = np.random.default_rng(0)
    named = []
    for _ in range(200):  # whatever changes, it is read as a model or named, and nothing is run
        spoilt = bytearray(whole)
        spoilt[rng.integers(len(whole))] ^= 1 << rng.integers(8)
        bad.write_bytes(spoilt)
        try:
            lk.language.load(bad, check=True)
        except ReadError as error:
            named.append(str(error))
    assert len(named) > 100  # a bit of padding, or of a note, may be any
    assert all("bad.lm" in message for message in named)
    assert lk.language.load(path).sizes == small().sizes


def test_nothing_half_written_is_left(tmp_path, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("likeliest.language.storage._pieces", killed)
    with pytest.raises(KeyboardInterrupt):
        small().save(tmp_path / "a.lm", packed=True)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_made_smaller(tmp_path):
    model = lk.language.fit(["abc"], 2, smoothing="add-k")
    with pytest.raises(DataError, match="add-k"):
        model.prune(1e-3)
    with pytest.raises(DataError, match="add-k"):
        model.save(tmp_path / "a.lm", packed=True)
    for wrong in ({}, {"threshold": 1e-3, "size": "1MB"}, {"threshold": -1.0}):
        with pytest.raises(ParameterError, match="threshold"):
            small().prune(**wrong)
    with pytest.raises(ParameterError, match="bits"):
        small().quantise(1)
    unigrams = lk.language.fit(["abc"], 1)
    assert unigrams.prune(1.0).sizes == unigrams.sizes == unigrams.quantise(8).sizes
    unigrams.save(tmp_path / "u.lm", packed=True)
    assert lk.language.load(tmp_path / "u.lm").sizes == unigrams.sizes
