"""Modified Kneser–Ney against KenLM's lmplz, to 1e-5 in log10; held-out perplexity to 1e-4.

The ARPA files and figures in `data` were written by lmplz of KenLM 0.3.0 with
`--discount_fallback`, characters as symbols between spaces. lmplz has one oddity: for the very last
n-gram of each lower order it puts the raw count, not the adjusted one, into the statistics that
the discounts come from (`lm/builder/adjust_counts.cc`, after its main loop). With the few dozen
symbols of a set of characters that one shows, so each text is also fitted with the discounts
that lmplz printed: then all agree.
"""

import gzip
import json

import numpy as np
import pytest

import likeliest as lk
from corpora import CORPORA, DATA, LOG10, kenlm_figures, lines
from likeliest.language.models import trie
from likeliest.language.models.scoring import following
from likeliest.language.smoothing import KneserNey
from likeliest.language.smoothing.kneser_ney import adjusted, estimated
from likeliest.language.smoothing.levels import Levels

FIGURES = kenlm_figures()
SETTINGS = sorted(FIGURES)
PRUNED = json.loads((DATA / "kenlm_pruned.json").read_text(encoding="utf-8"))


def fitted(setting):
    """The model with its own discounts, and the text held out."""
    corpus, tokenizer, order = setting.split(".")
    train, held_out = lines(corpus)
    return lk.language.fit(train, int(order), tokenizer), held_out


def agreed(setting):
    """The model with the discounts that lmplz printed, to six digits, where its own differ."""
    model, held_out = fitted(setting)
    if same_discounts(model, setting):
        return model, held_out
    discounts = [tuple(three) for three in FIGURES[setting]["discounts"]]
    given = lk.language.fit(model.counts, model.order, model.tokenizer, KneserNey(discounts))
    return given, held_out


def same_discounts(model, setting):
    """Whether lmplz's oddity leaves its discounts as they should be."""
    levels = Levels(model.counts)
    for n in range(2, model.order + 1):
        levels.link(n)
    counts = [adjusted(levels, n) for n in range(1, model.order + 1)]
    ours = [estimated(n, levels.histogram(c, 5))[0] for n, c in enumerate(counts, 1)]
    return np.allclose(ours, FIGURES[setting]["discounts"], atol=1e-5)


def moments(values):
    return [values.size, values.sum(), (values**2).sum()]


@pytest.mark.parametrize("setting", SETTINGS)
def test_all_orders(setting):
    model, held_out = agreed(setting)
    figures = FIGURES[setting]
    estimate = model.estimate
    for n, expected in enumerate(figures["orders"], 1):
        logs = estimate.log_probs[n - 1] / LOG10
        size, total, squares = moments(logs)
        assert size == expected[0]
        assert total / size == pytest.approx(expected[1] / size, abs=1e-5)
        assert squares / size == pytest.approx(expected[2] / size, abs=1e-4)
        if n < model.order:
            weights = estimate.log_weights[n - 1][1 if n == 1 else 0 :] / LOG10
            assert weights.sum() / size == pytest.approx(expected[3] / size, abs=1e-5)
            assert (weights**2).sum() / size == pytest.approx(expected[4] / size, abs=1e-4)
    assert model.perplexity(held_out) == pytest.approx(figures["perplexity"], rel=1e-4)
    without = model.perplexity(held_out, unknown="exclude")
    assert without == pytest.approx(figures["perplexity_without_unknown"], rel=1e-4)


@pytest.mark.parametrize("setting", SETTINGS)
def test_own_discounts(setting):
    model, held_out = fitted(setting)
    expected = FIGURES[setting]["perplexity"]
    # Words have the same discounts throughout; so have half of the sets of characters.
    same = same_discounts(model, setting)
    assert same or "characters" in setting
    assert model.perplexity(held_out) == pytest.approx(expected, rel=1e-4 if same else 2e-3)


def test_most_discounts_are_those_of_lmplz():
    same = [s for s in SETTINGS if same_discounts(fitted(s)[0], s)]
    assert len(same) >= 22
    assert {s.split(".")[0] for s in same if "characters" in s} >= {"genesis", "paradise_lost"}


@pytest.mark.parametrize("tokenizer", ["words", "characters"])
@pytest.mark.parametrize("corpus", CORPORA)
def test_each_ngram_of_order_five(corpus, tokenizer, tmp_path):
    model, _ = agreed(f"{corpus}.{tokenizer}.5")
    theirs = lk.language.read_arpa(DATA / f"{corpus}.{tokenizer}.arpa.gz", tokenizer)
    index = model.vocabulary.index
    number = np.array([0, *(index[s] for s in theirs.vocabulary.symbols[1:])])
    assert len(theirs.vocabulary) == len(model.vocabulary)
    ours, place = model.estimate, number
    differences = [ours.log_probs[0][number] - theirs.estimate.log_probs[0]]
    for n in range(2, 6):
        keys = theirs.estimate.levels[n - 2]
        weights = ours.log_weights[n - 2][place] - theirs.estimate.log_weights[n - 2]
        wanted = trie.key(place[trie.contexts(keys)], number[trie.symbols(keys)])
        place = trie.find(ours.levels[n - 2], wanted)
        assert (place >= 0).all()
        assert keys.size == ours.levels[n - 2].size
        differences += [weights, ours.log_probs[n - 1][place] - theirs.estimate.log_probs[n - 1]]
    assert max(np.abs(d).max() for d in differences) / LOG10 < 1e-5


def test_reads_what_kenlm_wrote_and_scores_it_alike():
    for tokenizer in ("words", "characters"):
        path = DATA / f"paradise_lost.{tokenizer}.arpa.gz"
        with gzip.open(path, "rb") as file:
            assert file.readline() == b"\\data\\\n"
        model = lk.language.load(path, tokenizer)
        figures = FIGURES[f"paradise_lost.{tokenizer}.5"]
        held_out = lines("paradise_lost")[1]
        assert model.perplexity(held_out) == pytest.approx(figures["perplexity"], rel=1e-6)
        whole = np.exp(following(model.estimate, np.full((1, 4), -1))).sum()
        assert whole == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("setting", sorted(PRUNED))
def test_pruning_is_that_of_lmplz(setting):
    corpus, thresholds = setting.split(".")
    train, held_out = lines(corpus)
    prune = tuple(map(int, thresholds.split("-")))
    model = lk.language.fit(train, 4, "words", prune=prune)
    assert list(model.sizes) == PRUNED[setting]["sizes"]
    expected = PRUNED[setting]["perplexity"]
    assert model.perplexity(held_out) == pytest.approx(expected, rel=1e-6)


def test_a_padded_vocabulary_is_that_of_lmplz(tmp_path):
    """Of each probability lmplz's file says what comes from 1/V: after h as much as <unk> has."""
    path = tmp_path / "alice.arpa"
    path.write_bytes(gzip.decompress((DATA / "alice.words.arpa.gz").read_bytes()))
    theirs = lk.language.load(path)
    train, held_out = lines("alice")
    padded = lk.language.fit(train, 5, "words", vocab_pad=50_000)
    symbols = [s for s in padded.vocabulary.symbols[1:] if s != "<unk>"]
    after = np.random.default_rng(1).integers(1, len(symbols), (40, 4))
    after[:, 3:] = [
        [padded.vocabulary.index[w]] for w in " ".join(held_out).split()[:400] if w in padded
    ][:40]
    names = np.array(padded.vocabulary.symbols)[after]
    number = np.vectorize(theirs.vocabulary.index.get)
    of_lmplz = np.exp(theirs.log_probs(number(names)))
    unknown = of_lmplz[:, theirs.vocabulary.unknown, None]
    expected = of_lmplz - unknown * (1 - len(theirs.vocabulary) / 50_000)
    ours = np.exp(padded.log_probs(after))
    at = [theirs.vocabulary.index[s] for s in symbols]
    own = [padded.vocabulary.index[s] for s in symbols]
    np.testing.assert_allclose(ours[:, own], expected[:, at], rtol=2e-5)
    np.testing.assert_allclose(
        ours[:, padded.vocabulary.unknown],
        unknown[:, 0] * len(theirs.vocabulary) / 50_000,
        rtol=2e-5,
    )
