"""Lines kept and ranked by perplexity."""

import numpy as np
import pytest

import likeliest as lk
from corpora import lines
from likeliest.language.models import filtering


@pytest.fixture(scope="module")
def model():
    return lk.language.fit(lines("genesis")[0], order=3)


def test_scores_are_perplexities(model, monkeypatch):
    text = [*lines("genesis")[1][:20], "", "xqzjv"]
    expected = [model.perplexity([line]) for line in text]
    monkeypatch.setattr(filtering, "_TOGETHER", 7)
    scored = list(lk.language.scored(model, iter(text)))
    np.testing.assert_allclose([line.perplexity for line in scored], expected, rtol=1e-12)
    assert [line.text for line in scored] == text
    assert [line.number for line in scored] == list(range(1, 23))


def test_keep(model):
    text = [*lines("genesis")[1][:20], "xqzjv"]
    low = list(lk.language.keep(model, text, below=10))
    high = list(lk.language.keep(model, text, above=10))
    assert {line.text for line in low} | {line.text for line in high} == set(text)
    assert "xqzjv" in {line.text for line in high}
    assert [line.number for line in low] == sorted(line.number for line in low)
    with pytest.raises(lk.errors.ParameterError, match="which perplexity"):
        list(lk.language.keep(model, text))
    with pytest.raises(lk.errors.ParameterError, match="no perplexity"):
        list(lk.language.keep(model, text, below=3, above=4))


def test_rank(model):
    text = [*lines("genesis")[1][:20], "xqzjv", "xqzjv"]
    ranked = lk.language.rank(model, text, 5)
    values = [line.perplexity for line in ranked]
    assert values == sorted(values)
    worst = lk.language.rank(model, text, 3, worst=True)
    assert [line.number for line in worst[:2]] == [21, 22]
    with pytest.raises(lk.errors.ParameterError):
        lk.language.rank(model, text, 0)


def test_an_unsmoothed_model_ranks_the_impossible_last():
    model = lk.language.fit(["ab", "ab", "ba"], order=2, smoothing="mle")
    ranked = lk.language.rank(model, ["bb", "ab", "ba"], 3)
    assert [line.text for line in ranked] == ["ab", "ba", "bb"] or ranked[-1].text == "bb"
    assert ranked[-1].perplexity == float("inf")
