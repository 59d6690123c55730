"""Each smoothing method against an independent truth; every distribution adds up to 1."""

import json
import math

import numpy as np
import pytest

import likeliest as lk
from corpora import CORPORA, DATA, lines, sums
from likeliest.errors import ParameterError
from likeliest.language import smoothing
from likeliest.language.smoothing import jelinek_mercer, katz

METHODS = sorted(smoothing.METHODS)


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("tokenizer", ["characters", "words"])
def test_every_distribution_adds_up_to_one(method, order, tokenizer):
    train, held_out = lines("alice")
    model = lk.language.fit(train, order, tokenizer, method)
    contexts = ["", "the", "Alice was", "qqq zzz", "It was the", "\U0001f600"]
    contexts += [line[: 5 + 3 * i] for i, line in enumerate(held_out[:12])]
    np.testing.assert_allclose(sums(model, contexts), 1.0, atol=1e-9)


@pytest.mark.parametrize(
    "method", ["witten-bell", "absolute", "jelinek-mercer", "katz", "kneser-ney"]
)
@pytest.mark.parametrize("prune", [(0, 1), (0, 0, 1), (0, 1, 1, 2)])
def test_pruned_distributions_add_up_to_one(method, prune):
    train, held_out = lines("genesis")
    whole = lk.language.fit(train, 4, "words", method)
    model = lk.language.fit(train, 4, "words", method, prune=prune)
    assert sum(model.sizes) < sum(whole.sizes)
    np.testing.assert_allclose(sums(model, ["", *held_out[:20]]), 1.0, atol=1e-9)
    kept = np.count_nonzero(whole.counts.counts[-1] > prune[-1])
    assert model.sizes[-1] == kept


@pytest.mark.parametrize("corpus", CORPORA)
@pytest.mark.parametrize("method", METHODS)
def test_smoothing_predicts_what_was_not_seen(corpus, method):
    train, held_out = lines(corpus)
    model = lk.language.fit(train, 3, "words", method)
    perplexity = model.perplexity(held_out)
    assert np.isfinite(perplexity) == (method not in {"mle", "add-k"})
    assert model.perplexity(train) >= lk.language.fit(train, 3, "words", "mle").perplexity(train)


def test_mle_is_counts_over_totals():
    model = lk.language.fit(["aab", "ab"], order=2, smoothing="mle")
    assert model.next("a") == {"b": pytest.approx(2 / 3), "a": pytest.approx(1 / 3), ".": 0.0}
    assert model.next("") == {"a": 1.0, ".": 0.0, "b": 0.0}


def test_witten_bell_is_that_of_nltk():
    """nltk.lm.WittenBellInterpolated, its unigrams mixed with the uniform distribution as here."""
    figures = json.loads((DATA / "witten_bell.json").read_text(encoding="utf-8"))
    model = lk.language.fit(figures["text"], 3, "words", "witten-bell")
    assert len(figures["probabilities"]) == 72
    for context, word, expected in figures["probabilities"]:
        after = " ".join(w for w in context if w != "<s>")
        p = model.prob(word, after, bos=context[0] == "<s>")
        assert p == pytest.approx(expected, rel=1e-12)


def test_absolute_discounting_by_hand():
    model = lk.language.fit(["ab", "ab", "ac"], 2, smoothing=smoothing.Absolute(0.5))
    # Unigrams: ends 3, a 3, b 2, c 1 of 9; four kinds; five symbols with the unknown one.
    b = (2 - 0.5) / 9 + 0.5 * 4 / 9 / 5
    # After a: b twice, c once of 3; two kinds.
    assert model.prob("b", "a") == pytest.approx((2 - 0.5) / 3 + 0.5 * 2 / 3 * b)
    assert model.prob("z", "a") == pytest.approx(0.5 * 2 / 3 * 0.5 * 4 / 9 / 5)


def test_good_turing_by_hand():
    # n1 = 40, n2 = 10, n3 = 4: 1* = 2*10/40 = 0.5, 2* = 3*4/10 = 1.2; 3*4/40 = 0.3 is kept back.
    d = katz.good_turing(np.array([0, 40, 10, 4, 2]), 2)
    assert d.tolist() == pytest.approx([(0.5 - 0.3) / 0.7, (1.2 / 2 - 0.3) / 0.7])
    assert katz.good_turing(np.array([0, 1, 10, 4, 2]), 2) is None


def test_katz_by_hand():
    text = ["x y", "x z", "y x", "w", "x y q", "x y q"]
    model = lk.language.fit(text, 2, "words", "katz")
    pairs = dict(model.counts.ngrams(2))
    assert [sum(c == k for c in pairs.values()) for k in (1, 2, 3, 4)] == [8, 2, 1, 1]
    # Counts above 2 stay: 3 n3 / n1 = 0.375 is kept back, 1* = 0.5, 2* = 1.5.
    assert "order 2: counts above 2 are taken as they are." in model.notes
    d1, d2 = (0.5 - 0.375) / 0.625, (0.75 - 0.375) / 0.625
    after = {w: c for (h, w), c in pairs.items() if h == "y"}
    assert after == {".": 1, "x": 1, "q": 2}
    for word, expected in {".": d1 / 4, "x": d1 / 4, "q": d2 * 2 / 4}.items():
        assert model.prob(word, "y", bos=False) == pytest.approx(expected)
    # What is freed goes to the words not seen after y, as the unigrams share it.
    freed = 1 - (2 * d1 + 2 * d2) / 4
    unigrams = model.next("", bos=False)
    left = 1 - sum(unigrams[word] for word in after)
    for word in ("y", "z", "w", "<unk>"):
        expected = freed / left * unigrams[word]
        assert model.prob(word, "y", bos=False) == pytest.approx(expected)
    # Unigrams: no Good–Turing estimate; one half is taken from each count, for the unknown one.
    assert unigrams["w"] == pytest.approx((1 - 0.5) / model.counts.total)
    assert unigrams["<unk>"] == pytest.approx(6 * 0.5 / model.counts.total)


def test_katz_with_good_turing_by_hand():
    # 20 pairs once, 5 twice, 1 three times: for most = 2, 1* = 0.5, 2* = 0.6, x = 0.15.
    singles = [f"a s{i}" for i in range(20)]
    doubles = [f"a d{i}" for i in range(5)] * 2
    text = singles + doubles + ["a t"] * 3
    counts = lk.language.count(text, 2, "words")
    model = lk.language.fit(counts, 2, "words", smoothing.Katz(most=2))
    of = np.bincount(counts.counts[1], minlength=4)
    x = 3 * of[3] / of[1]
    d1 = (2 * of[2] / of[1] - x) / (1 - x)
    d2 = (3 * of[3] / of[2] / 2 - x) / (1 - x)
    assert 0 < d1 < 1
    assert 0 < d2 < 1
    total = counts["a"]
    assert model.prob("s3", "a") == pytest.approx(d1 * 1 / total)
    assert model.prob("d3", "a") == pytest.approx(d2 * 2 / total)
    assert model.prob("t", "a") == pytest.approx(3 / total)


def test_jelinek_mercer_weights_make_the_held_out_text_likeliest():
    train, held_out = lines("paradise_lost")
    model = lk.language.fit(train, 2, "characters", "jelinek-mercer", heldout=held_out)
    best = model.nll(held_out)
    for low in (0.6, 0.9, 0.999):
        for high in (0.5, 0.8, 0.95):
            fixed = smoothing.JelinekMercer(weights=(low, high))
            assert lk.language.fit(train, 2, "characters", fixed).nll(held_out) > best
    without = lk.language.fit(train, 2, "characters", "jelinek-mercer")
    assert without.nll(held_out) == pytest.approx(best, rel=0.01)


def test_leaving_one_out_by_recounting():
    """The events of leaving one out are those of taking each symbol out of the counts in turn."""
    text = ["abab", "ba", "aab"]
    counts = lk.language.count(text, 2)
    counts = counts.named(counts.vocabulary.with_unknown())
    levels = smoothing.levels.Levels(counts)
    totals = [np.array([counts.total]), counts.table().sum(axis=1)]
    times, probs, _ = jelinek_mercer.left_out(levels, totals)
    assert times.sum() == counts.total
    found = sorted(
        (t, round(u, 12), round(b, 12)) for t, (_, u, b) in zip(times, probs.T, strict=True)
    )
    table = counts.table()
    expected = []
    for a, b in zip(*np.nonzero(table), strict=True):
        unigram = (table[:, b].sum() - 1) / (counts.total - 1)
        bigram = (table[a, b] - 1) / max(table[a].sum() - 1, 1)
        expected.append((table[a, b], round(unigram, 12), round(bigram, 12)))
    assert found == sorted(expected)


def test_expectation_maximisation_finds_the_share_of_a_mixture():
    # A symbol that the order gives 0.9 came 30 times, one that it gives 0.1 came 70 times.
    times, probs = np.array([30.0, 70.0]), np.array([[0.5, 0.5], [0.9, 0.1]])
    table = jelinek_mercer.expectation_maximisation(times, probs, np.zeros((1, 2), dtype=int))
    assert table[0, 0] == pytest.approx(0.0, abs=2e-2)  # the likelihood falls from 0 on
    times = np.array([60.0, 40.0])
    table = jelinek_mercer.expectation_maximisation(times, probs, np.zeros((1, 2), dtype=int))
    grid = np.linspace(0, 1, 10_001)
    values = 60 * np.log(0.5 + 0.4 * grid) + 40 * np.log(0.5 - 0.4 * grid)
    assert table[0, 0] == pytest.approx(grid[np.argmax(values)], abs=1e-3)


def test_kneser_ney_notes_the_fallback():
    model = lk.language.fit([chr(97 + i) * 3 for i in range(26)], 2)
    assert any("fallback 0.5, 1, 1.5" in note for note in model.notes)


def test_wrong_parameters():
    for wrong in (
        lambda: smoothing.AddK(0.0),
        lambda: smoothing.AddK(math.inf),
        lambda: smoothing.Absolute(1.0),
        lambda: smoothing.Katz(0),
        lambda: smoothing.KneserNey([(0.5, 3.0, 1.0)]),
        lambda: smoothing.JelinekMercer(weights=(2.0,)),
        lambda: smoothing.find("knesser-ney"),
        lambda: lk.language.fit(["ab"], 2, prune=(1, 1)),
        lambda: lk.language.fit(["ab"], 2, prune=(0, 2, 1)),
        lambda: lk.language.fit(["ab"], 2, smoothing="mle", prune=(0, 1)),
        lambda: lk.language.fit(["ab"], 2, heldout=["ab"]),
        lambda: lk.language.fit(["ab"], 2, method="newton"),
        lambda: lk.language.fit(["ab"], 2, smoothing="mle", method="gradient"),
        lambda: lk.language.fit(["ab"], 1, method="gradient"),
        lambda: lk.language.fit(["ab"], 2, method="gradient", init=np.zeros((2, 2))),
        lambda: lk.language.fit(["ab"], 2, method="gradient", learning_rate=0.0),
        lambda: lk.language.fit(["ab"], 2, method="gradient", learning_rate=math.inf),
        lambda: lk.language.fit(["ab"], 2, method="gradient", init=[[1.0], [2.0, 3.0]]),
        lambda: lk.language.fit(["ab"], 2, method="gradient", init=np.full((3, 3), np.nan)),
        lambda: lk.language.fit(["ab"], 2, method="gradient", steps=2.5),
        lambda: lk.language.fit(["ab"], "2"),
        lambda: lk.language.fit(["ab"], None),
        lambda: lk.language.fit(["ab"], 2, min_count=0),
        lambda: lk.language.fit(["ab"], 2, max_symbols=2.5),
        lambda: lk.language.fit(["ab"], 0),
        lambda: lk.language.fit(["ab"], 99),
        lambda: lk.language.fit(["ab"], 2, tokenizer="syllables"),
        lambda: lk.language.fit(["ab"], 2, min_count=0),
    ):
        with pytest.raises(lk.errors.ParameterError):
            wrong()


ODD_TEXTS = {
    "repetitive": ["the queen " * 20 + "a b c d e f g "],
    "the same": ["the cat sat"] * 3,
    "tiny": ["a"],
    "one line": ["the cat sat on the mat . " * 30],
    "one symbol": ["aaaa"],
    "hardly varied": ["ab", "ab", "ab", "ab", "ab", "ba"],
}


@pytest.mark.parametrize("text", sorted(ODD_TEXTS))
@pytest.mark.parametrize("order", [1, 2, 3, 5])
@pytest.mark.parametrize("tokenizer", ["characters", "words"])
@pytest.mark.parametrize("method", sorted(set(METHODS) - {"mle", "add-k"}))
def test_what_was_never_seen_keeps_a_place_on_odd_texts(method, tokenizer, order, text):
    model = lk.language.fit(ODD_TEXTS[text], order, tokenizer, method)
    for unseen in ("zzz", "the quack ", "a zzz b", "the cat zq", "aaq", "ab ab"):
        assert np.isfinite(model.nll(unseen))
    assert model.prob("zzz" if tokenizer == "words" else "z", "the ") > 0.0
    np.testing.assert_allclose(sums(model, ["the ", "a", ""]), 1.0, atol=1e-9)


def test_a_weight_of_one_is_held_back_by_laplaces_rule():
    """All 98 symbols left out are told best by order 1: of the next one 1/100 is left to others."""
    times, probs = np.array([98.0]), np.array([[0.5], [1.0]])
    table = jelinek_mercer.expectation_maximisation(times, probs, np.array([[3]], np.int8))
    assert table[0, 3] == pytest.approx(1.0 - 1.0 / 100.0, rel=1e-12)


def test_a_text_that_lost_its_line_ends_is_noted():
    sentences = ["the cat sat on the mat ."] * 30
    (note,) = [
        n for n in lk.language.fit([" ".join(sentences)], 3, "words").notes if "one seq" in n
    ]
    assert "one sequence of 211 symbols" in note
    assert not any("one sequence" in n for n in lk.language.fit(sentences, 3, "words").notes)


@pytest.mark.parametrize("smoothing", ["kneser-ney", "witten-bell", "katz", "add-k"])
def test_a_closed_vocabulary_is_that_of_the_text_with_others_written_as_unknown(smoothing):
    text = ["the cat sat", "the dog sat on the cat", "a cat ran"]
    listed = ["cat", "zebra", "the", "sat", "the"]
    closed = lk.language.fit(text, 3, "words", smoothing, vocabulary=listed)
    assert set(closed.vocabulary.index) == {"cat", "zebra", "the", "sat", "<unk>"}
    written = [" ".join(w if w in listed else "<unk>" for w in line.split()) for line in text]
    other = lk.language.fit(written, 3, "words", smoothing)
    assert closed.counts["<unk>", "<unk>"] == 0
    assert closed.counts["sat", "<unk>"] == other.counts["sat", "<unk>"] == 1
    assert sum(closed.next("the cat").values()) == pytest.approx(1.0, abs=1e-12)
    assert closed.prob("zebra", "the") > 0
    assert "zebra" in closed
    counts = lk.language.fit(
        lk.language.count(text, 3, "words"), 3, "words", smoothing, vocabulary=listed
    )
    assert counts.nll(text) == closed.nll(text)
    with pytest.raises(ParameterError, match="leave min_count"):
        lk.language.fit(text, 3, "words", vocabulary=listed, min_count=2)
    with pytest.raises(ParameterError, match="list of symbols"):
        lk.language.fit(text, 3, "words", vocabulary="cat")


@pytest.mark.parametrize("smoothing", ["kneser-ney", "witten-bell", "absolute", "jelinek-mercer"])
def test_unknown_symbols_of_a_padded_vocabulary_add_up_to_1_with_the_known_ones(smoothing):
    text = ["the cat sat", "the dog sat on the cat", "a cat ran"]
    padded = lk.language.fit(text, 3, "words", smoothing, vocab_pad=1_000)
    after = padded.next("the cat")
    others = 1_000 - len(padded.vocabulary)
    assert sum(after.values()) + others * after["<unk>"] == pytest.approx(1.0, abs=1e-12)
    assert any("vocab_pad" in note for note in padded.notes)
    fewer = lk.language.fit(text, 3, "words", smoothing, vocab_pad=5)
    assert fewer.nll(text) == lk.language.fit(text, 3, "words", smoothing).nll(text)


@pytest.mark.parametrize(
    "options", [{"smoothing": "katz"}, {"method": "lbfgs"}, {"smoothing": "mle"}]
)
def test_a_vocabulary_is_padded_where_the_uniform_distribution_is_mixed_in(options):
    with pytest.raises(ParameterError, match="vocab_pad"):
        lk.language.fit(["the cat"], 2, "words", **options, vocab_pad=1_000)


def test_models_of_one_vocabulary_compare():
    """Without zebra in the list both are the same; with it, what it may have is taken from all."""
    text = ["the cat sat", "the dog sat"]
    plain = lk.language.fit(text, 2, "words", "witten-bell")
    closed = lk.language.fit(
        text, 2, "words", "witten-bell", vocabulary=sorted(plain.vocabulary.index)
    )
    np.testing.assert_allclose(closed.nll(text, "none"), plain.nll(text, "none"), rtol=1e-12)
