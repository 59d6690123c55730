"""Mixtures against the arithmetic by hand; merged models against the mixture and KenLM."""

import math
import pickle

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import likeliest as lk
from corpora import lines, sums
from likeliest.language import Cache

CATS = ["the cat sat on the mat", "a cat sat", "the mat of a cat"]
LAWS = ["the court shall sit", "a law of the court", "no law shall sit on a court"]


@pytest.fixture(scope="module")
def cats():
    return lk.language.fit(CATS, 3, "words")


@pytest.fixture(scope="module")
def laws():
    return lk.language.fit(LAWS, 2, "words", "witten-bell")


def own(model, symbol, after, lacks):
    """What a part gives a symbol: of unknown ones its share, evenly, of what all of them have."""
    p = model.prob(symbol, after)
    return p if symbol in model or symbol == "</s>" else p / lacks


def united(*models):
    return {s for m in models for s in m.vocabulary.index if s != "<unk>"}


def test_a_mixture_is_the_arithmetic_by_hand(cats, laws):
    mixed = lk.language.mix([cats, laws], weights=[0.7, 0.3])
    symbols = united(cats, laws)
    assert set(mixed.vocabulary.index) == {*symbols, "<unk>"}
    lacks = [1 + sum(s not in m for s in symbols) for m in (cats, laws)]
    for text in ["the cat sat", "no court zebra sat", "", "law mat"]:
        words, expected = text.split(), []
        for at, word in enumerate([*words, "</s>"]):
            after = " ".join(words[:at])
            a, b = (own(m, word, after, n) for m, n in zip((cats, laws), lacks, strict=True))
            expected.append(-math.log(0.7 * a + 0.3 * b))
        np.testing.assert_allclose(mixed.nll(text, "none"), expected, rtol=1e-12)
        assert mixed.log_prob(text) == pytest.approx(-sum(expected), rel=1e-12)
        assert mixed.log_prob([text, text])[1] == pytest.approx(-sum(expected), rel=1e-12)
        without_end = mixed.nll(text, "none", eos=False)
        np.testing.assert_allclose(without_end, expected[:-1], rtol=1e-12)
    shown = mixed.surprisal("no court zebra sat")
    assert shown.unknown.tolist() == [False, False, True, False, False]
    assert mixed.evaluate(["zebra cat"]).unknown == 1


@pytest.mark.parametrize("after", ["", "the", "the cat", "no law", "zebra the", "mat court"])
def test_every_distribution_adds_up_to_one(cats, laws, after):
    mixed = lk.language.mix([cats, laws], weights=[0.4, 0.6])
    before = mixed.log_prob(after, eos=False)
    outcomes = [*united(cats, laws), "quagga"]  # the last stands for all that none knows
    whole = sum(math.exp(mixed.log_prob(f"{after} {w}", eos=False) - before) for w in outcomes)
    whole += math.exp(mixed.log_prob(after) - before)
    assert whole == pytest.approx(1.0, abs=1e-12)


def test_weights_are_the_likeliest(cats, laws):
    heldout = ["the cat shall sit", "a law of the cat", "the mat"]
    mixed = lk.language.mix([cats, laws], heldout=heldout)

    def nll(weight):
        return lk.language.mix([cats, laws], weights=[weight, 1.0 - weight]).nll(heldout)

    best = minimize_scalar(nll, bounds=(0.0, 1.0), method="bounded", options={"xatol": 1e-9})
    assert mixed.weights[0] == pytest.approx(best.x, abs=1e-5)
    assert mixed.weights.sum() == pytest.approx(1.0, abs=1e-12)
    assert mixed.nll(heldout) <= best.fun + 1e-9
    assert mixed.nll(heldout) < min(nll(0.0), nll(1.0))


def test_a_mixture_of_texts_is_better_than_either():
    (alice, held_a), (genesis, held_g) = lines("alice"), lines("genesis")
    parts = [lk.language.fit(text, 4) for text in (alice, genesis)]
    mixed = lk.language.mix(parts, heldout=[*held_a[:30], *held_g[:30]])
    test = [*held_a[30:], *held_g[30:]]
    assert mixed.perplexity(test) < min(part.perplexity(test) for part in parts)


def test_streams_that_are_cut_differently(cats, laws, monkeypatch):
    mixed = lk.language.mix([cats, laws, Cache(5)], weights=[0.5, 0.3, 0.2])
    text = (CATS + LAWS) * 20
    expected = mixed.nll(text, "none")
    monkeypatch.setattr("likeliest.language.models.scoring._CHUNK", 7)
    np.testing.assert_allclose(mixed.nll(text, "none"), expected, rtol=1e-12)
    monkeypatch.setattr("likeliest.language.text.reading._LINES", 3)
    np.testing.assert_allclose(mixed.nll(text, "none"), expected, rtol=1e-12)


@pytest.mark.parametrize("size", [1, 3, 500])
def test_a_cache_counts_the_last_symbols(cats, size):
    text = ["the cat the cat", "zebra quagga the", "cat cat"]
    mixed = lk.language.mix([cats, Cache(size)], weights=[0.5, 0.5])
    seen, expected = [], []
    for sequence in text:
        for word in [*sequence.split(), "</s>"]:
            symbol = word if word in cats or word == "</s>" else "<unk>"
            last = seen[-size:]
            share = last.count(symbol) / len(last) if last else 1.0 / len(mixed.vocabulary)
            expected.append(share)
            seen.append(symbol)
    got = 2.0 * np.exp(-mixed.nll(text, "none")) - np.exp(-cats.nll(text, "none"))
    np.testing.assert_allclose(got, expected, atol=1e-12)


def test_a_function_is_a_part_as_a_model_is(cats, laws):
    """A network that happens to say what a model says, of its vocabulary."""
    text = ["the cat sat", "", "a mat"]
    network = lambda sequences: [-cats.nll(s, "none") for s in sequences]  # noqa: E731
    mixed = lk.language.mix([cats, network], weights=[0.5, 0.5])
    np.testing.assert_allclose(mixed.nll(text, "none"), cats.nll(text, "none"), rtol=1e-12)
    found = lk.language.mix([laws, network], heldout=CATS)
    assert found.weights[1] > 0.9
    for wrong in (
        lambda s: [np.zeros(1)] * len(s),
        lambda s: [0.5 - cats.nll(x, "none") for x in s],
    ):
        with pytest.raises(lk.errors.DataError, match="the log probability of each symbol"):
            lk.language.mix([cats, wrong], weights=[0.5, 0.5]).nll(["the cat"] * 3 + ["a cat sat"])
    with pytest.raises(lk.errors.ParameterError, match="bos=False"):
        mixed.nll("the", bos=False)


@pytest.mark.parametrize("method", ["kneser-ney", "witten-bell", "mle", "katz"])
def test_a_merged_model_is_the_mixture_on_listed_ngrams(cats, method):
    other = lk.language.fit(LAWS, 3, "words", method)
    mixed = lk.language.mix([cats, other], weights=[0.35, 0.65])
    merged = mixed.merge()
    assert merged.vocabulary == mixed.vocabulary
    np.testing.assert_allclose(
        sums(merged, ["", "the", "the cat", "no law", "zebra the", "mat court"]), 1.0, atol=1e-6
    )
    for text in [*CATS, *LAWS]:
        np.testing.assert_allclose(merged.nll(text, "none"), mixed.nll(text, "none"), rtol=1e-9)


def test_a_merged_model_goes_to_kenlm(cats, laws, tmp_path):
    merged = lk.language.mix([cats, laws], weights=[0.35, 0.65]).merge()
    merged.to_arpa(tmp_path / "merged.arpa")
    again = lk.language.mix([tmp_path / "merged.arpa", laws], weights=[1.0, 0.0])
    text = [*CATS, *LAWS, "no cat sat zebra", "mat law"]
    np.testing.assert_allclose(again.log_prob(text), merged.log_prob(text), rtol=1e-6)
    kenlm = pytest.importorskip("kenlm", reason="no KenLM to stand beside")
    theirs = kenlm.Model(str(tmp_path / "merged.arpa"))
    for sentence in text:
        assert merged.log_prob(sentence, base=10) == pytest.approx(theirs.score(sentence), abs=1e-4)


def test_large_texts_merge(tmp_path):
    parts = [lk.language.fit(lines(name)[0], 3, "words") for name in ("alice", "genesis")]
    mixed = lk.language.mix(parts, weights=[0.5, 0.5])
    held_out = lines("genesis")[1]
    merged = mixed.merge(held_out)
    (note,) = merged.notes
    assert (
        f"{merged.perplexity(held_out):.6g}, of the mixture {mixed.perplexity(held_out):.6g}"
        in note
    )
    np.testing.assert_allclose(sums(merged, ["", "the", *held_out[:5]]), 1.0, atol=1e-6)
    assert merged.perplexity(lines("alice")[0]) == pytest.approx(
        mixed.perplexity(lines("alice")[0]), rel=1e-9
    )
    assert merged.perplexity(held_out) == pytest.approx(mixed.perplexity(held_out), rel=0.1)


def test_what_cannot_be_mixed_or_merged_is_said(cats):
    characters = lk.language.fit(["abc"], 2)
    for parts, weights, what in [
        ([Cache()], [1.0], "needs one model"),
        ([cats, characters], [0.5, 0.5], "words and characters"),
        ([cats, 3], [0.5, 0.5], "a Cache or a function; got int"),
        ([cats, Cache()], [0.5], "2 numbers from 0 on that add up to 1"),
        ([cats, Cache()], [0.7, 0.7], "add up to 1"),
        ([cats, Cache()], [1.5, -0.5], "add up to 1"),
        ([cats, Cache()], None, "a heldout text"),
    ]:
        with pytest.raises(lk.errors.ParameterError, match=what):
            lk.language.mix(parts, weights=weights)
    with pytest.raises(lk.errors.ParameterError, match="size"):
        Cache(0)
    with pytest.raises(lk.errors.DataError, match="lists no n-grams"):
        lk.language.mix([cats, Cache()], weights=[0.5, 0.5]).merge()
    add_k = lk.language.fit(LAWS, 2, "words", "add-k")
    with pytest.raises(lk.errors.DataError, match="does not back off"):
        lk.language.mix([cats, add_k], weights=[0.5, 0.5]).merge()
    with pytest.raises(lk.errors.DataError, match="held-out text is empty"):
        lk.language.mix([cats, Cache()], heldout=[])


@pytest.fixture(scope="module")
def three(cats, laws):
    return lk.language.mix([cats, laws, Cache(3)], weights=[0.5, 0.3, 0.2])


TEXTS = ["the cat sat", "no court zebra sat", "", "law mat law law cat"]


@pytest.mark.parametrize("text", TEXTS)
def test_states_contexts_and_whole_texts_say_the_same(three, text):
    numbers = three.vocabulary.index
    state, context, each = three.state(), [0], []
    for symbol in [*text.split(), "</s>"]:
        logs = state.log_probs()
        np.testing.assert_allclose(three.log_probs([context])[0], logs, atol=1e-12)
        assert np.exp(logs).sum() == pytest.approx(1.0, abs=1e-12)
        number = 0 if symbol == "</s>" else numbers.get(symbol, three.vocabulary.unknown)
        log_prob, order, unknown, after = state.step(symbol)
        assert log_prob == pytest.approx(logs[number], abs=1e-12)
        assert unknown == (number == three.vocabulary.unknown)
        assert 1 <= order <= three.order == 3
        assert state.score(number)[0] == log_prob
        state = after
        context.append(number)
        each.append(-log_prob)
    np.testing.assert_allclose(each, three.nll(text, "none"), rtol=1e-12)


def test_a_mixture_draws_and_predicts_as_it_scores(three):
    probs = three.next("the")
    assert sum(probs.values()) == pytest.approx(1.0, abs=1e-12)
    assert list(three.next("the", top=3).items()) == list(probs.items())[:3]
    assert three.prob("cat", "the") == pytest.approx(probs["cat"], rel=1e-12)
    assert three.prob(".", "the cat") == pytest.approx(three.next("the cat")["."], rel=1e-12)
    drawn = three.generate(2_000, seed=0, max_symbols=1)
    share = drawn.count("the") / len(drawn)
    expected = three.next("")["the"] / (1 - three.next("")["<unk>"])
    assert share == pytest.approx(expected, abs=4 * math.sqrt(expected / len(drawn)))
    assert three.generate(3, seed=1) == three.generate(3, seed=1)


def test_states_of_a_mixture_compare_and_pickle(three):
    a, b = three.state("the cat the law"), three.state("zebra cat the law")
    assert a == three.state("the cat the law")
    assert a == b  # bigrams and trigrams see "the law" alone, the cache "cat the law"
    assert hash(a) == hash(b)
    assert a != three.state("the law")
    again = pickle.loads(pickle.dumps(a))  # noqa: S301 - our own
    assert again.score("cat")[0] == a.score("cat")[0]
    with pytest.raises(lk.errors.ParameterError, match="number to"):
        a.score(99)


def test_a_function_has_no_states(cats):
    mixed = lk.language.mix([cats, lambda s: [-cats.nll(one, "none") for one in s]], weights=[1, 0])
    for ask in (mixed.state, mixed.next, lambda: mixed.log_probs([[0]]), mixed.generate):
        with pytest.raises(lk.errors.ParameterError, match="whole sequences"):
            ask()
