"""Reports of language models."""

import pytest

import likeliest as lk
from html_tree import assert_is_accessible, assert_stands_alone, cells, tree

NAMES = list(lk.datasets.first_names())


@pytest.fixture(scope="module")
def model():
    return lk.language.fit(NAMES[::2], order=3)


def test_figures_are_those_of_the_evaluation(model):
    found = model.evaluate(NAMES[1::2])
    html = model.report(NAMES[1::2]).html
    assert_stands_alone(html)
    assert_is_accessible(html)
    root = tree(html)
    rows = dict(cells(root, "How well the model predicts"))
    assert float(rows["perplexity"]) == pytest.approx(found.perplexity, rel=1e-7)
    assert float(rows["NLL in nats"]) == pytest.approx(found.nll, rel=1e-7)
    first = cells(root, "What most likely comes first")
    assert {symbol: float(p) for symbol, p in first} == pytest.approx(model.next(top=10), abs=5e-5)
    told = root.one("main").text
    assert all(name in told for name in model.generate(8, seed=0, max_symbols=200))
    assert f"{found.perplexity:.4g}" in told


def test_a_bigram_has_its_table_and_unseen_text_is_infinite():
    bigrams = lk.language.fit(["emma", "ava", "eve"], order=2, smoothing="mle")
    html = bigrams.report(["emma", "mm", "ee"]).html
    assert_stands_alone(html)
    assert_is_accessible(html)
    [picture] = tree(html).all("figure")
    assert "A table of how probable each of 5 symbols is" in picture.one("img").attributes["alt"]
    assert "probability 0" in tree(html).one("main").text
    assert len(html.encode()) < 2_000_000


def test_hostile_text_stays_text():
    hostile = ["</script><script>alert(1)</script>", "<b>\u202e</b>", "{{ 1 }}\x1b[31m"] * 3
    html = lk.language.fit(hostile, order=4, smoothing="witten-bell").report(hostile).html
    assert_stands_alone(html)
    assert len([*tree(html).all("script")]) == 2
    assert not [*tree(html).all("b")]
    assert "\u202e" not in html
    assert "\x1b" not in html
