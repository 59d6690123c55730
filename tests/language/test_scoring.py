"""Scores of whole texts against the probability of one symbol at a time."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import likeliest as lk
from corpora import lines
from likeliest.language import smoothing


@pytest.fixture(scope="module")
def model():
    return lk.language.fit(lines("alice")[0], order=4)


def one_by_one(model, sequence):
    symbols = [*sequence, model.vocabulary.boundary]
    return [-math.log(model.prob(s, sequence[:i])) for i, s in enumerate(symbols)]


@pytest.mark.parametrize("method", sorted(smoothing.METHODS))
def test_batch_scores_are_those_of_single_symbols(method):
    train, held_out = lines("genesis")
    model = lk.language.fit(train, 4, smoothing=method)
    for sequence in [held_out[0][:60], "God said", ""]:
        with np.errstate(divide="ignore"):
            expected = [
                -np.log(model.prob(s, sequence[:i]))
                for i, s in enumerate([*sequence, model.vocabulary.boundary])
            ]
        np.testing.assert_allclose(model.nll(sequence, "none"), expected, rtol=1e-10)


def test_reductions(model):
    text = lines("alice")[1]
    each = model.nll(text, "none")
    assert each.size == sum(len(s) + 1 for s in text)
    assert model.nll(text) == pytest.approx(each.sum(), rel=1e-12)
    assert model.nll(text, "mean") == pytest.approx(each.mean(), rel=1e-12)
    assert model.perplexity(text) == pytest.approx(math.exp(each.mean()), rel=1e-12)
    np.testing.assert_allclose(model.log_prob(text), [-model.nll(s) for s in text], rtol=1e-12)
    assert model.log_prob(text[3]) == pytest.approx(-model.nll(text[3]), rel=1e-12)
    with pytest.raises(lk.errors.ParameterError, match="reduction"):
        model.nll(text, "median")


def test_a_long_text_is_scored_in_pieces(model, monkeypatch):
    text = lines("alice")[1]
    expected, sums = model.nll(text, "none"), model.log_prob(text)
    monkeypatch.setattr("likeliest.language.models.scoring._CHUNK", 11)
    np.testing.assert_allclose(model.nll(text, "none"), expected, rtol=1e-13)
    np.testing.assert_allclose(model.log_prob(text), sums, rtol=1e-13)


def test_bits_for_characters_and_bytes():
    text = ["née", "é"]
    model = lk.language.fit(text, order=2)
    bits = model.nll(text) / math.log(2)
    assert model.bits_per_character(text) == pytest.approx(bits / 6)
    assert model.bits_per_byte(text) == pytest.approx(bits / 8)


def test_unknown_words_may_be_left_out():
    model = lk.language.fit(["a b a", "b a"], 2, "words")
    text = ["a zebra b"]
    each = model.nll(text, "none")
    assert model.perplexity(text) == pytest.approx(math.exp(each.mean()))
    known = each[[0, 2, 3]].mean()
    assert model.perplexity(text, unknown="exclude") == pytest.approx(math.exp(known))


def test_what_was_never_seen_is_impossible_under_mle():
    model = lk.language.fit(["ab", "aa"], order=2, smoothing="mle")
    assert model.nll(["ba"]) == math.inf
    assert model.perplexity(["ba"]) == math.inf
    assert model.log_prob("ax") == -math.inf
    assert model.perplexity(["aZa"], unknown="exclude") < math.inf


def test_surprisal(model):
    text = ["Alice", "qZx"]
    surprisal = model.surprisal(text)
    assert surprisal.symbols == (*"Alice", "</s>", *"qZx", "</s>")
    np.testing.assert_allclose(surprisal.nats, model.nll(text, "none"))
    np.testing.assert_allclose(surprisal.bits, surprisal.nats / np.log(2))
    assert surprisal.orders.max() == 4
    assert [s.order for s in surprisal][:3] == [2, 3, 4]
    assert surprisal.ends.tolist() == [False] * 5 + [True] + [False] * 3 + [True]
    unknown = lk.language.fit(["a b"], 2, "words").surprisal(["a zebra"])
    assert unknown.symbols == ("a", "zebra", ".")


@given(st.text(max_size=20))
def test_any_string_can_be_scored(model, text):
    if "\n" in text:
        assert np.isfinite(model.nll([text]))
    assert np.isfinite(model.nll(text))
    assert model.nll(text, "none").size == len(text) + 1


def test_table_rows_are_the_distributions():
    text = ["emma", "ava", "mia"]
    model = lk.language.fit(text, 2, smoothing="katz")
    table = model.table()
    np.testing.assert_allclose(table.sum(axis=1), 1.0, atol=1e-12)
    after_m = model.next("m")
    for symbol, p in after_m.items():
        number = model.vocabulary.index.get(symbol, 0)
        assert table[model.vocabulary.index["m"], number] == pytest.approx(p)
    with pytest.raises(lk.errors.DataError, match="order 2"):
        lk.language.fit(text, 3).table()


def test_nothing_to_score(model):
    for score in (model.perplexity, model.bits_per_byte, lambda t: model.nll(t, "mean")):
        with pytest.raises(lk.errors.DataError, match="no text"):
            score([])
    assert model.nll([]) == 0.0


def test_a_model_shows_itself_as_a_table_in_a_notebook(model):
    shown = model._repr_html_()
    assert f"{model.sizes[-1]:,}</td>" in shown
    assert str(model.summary()).splitlines()[0] in shown
