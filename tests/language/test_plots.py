"""Pictures of language models."""

import numpy as np
import pytest

import likeliest as lk
from likeliest import plots
from likeliest.plots.surprisal import page


@pytest.fixture(scope="module")
def names():
    return list(lk.datasets.first_names())


def test_bigram_table(names, tmp_path):
    model = lk.language.fit(names, 2, smoothing="mle")
    ax = plots.bigram(model)
    assert ax.get_title(loc="left") == "Bigrams of 27 symbols: counts over probabilities"
    assert len(ax.texts) == 27 * 27
    shown = {text.get_position(): text.get_text() for text in ax.texts}
    count = model.counts[".", "a"]
    assert shown[1, 0].startswith(f"{count}\n")
    assert shown[1, 0].endswith(f"{model.prob('a'):.3f}"[1:] if model.prob("a") < 0.1 else
                                f"{model.prob('a'):.2f}"[1:])  # fmt: skip
    plots.save(ax, tmp_path / "table.png")
    counts = plots.bigram(model, "counts")
    assert counts.texts[1].get_text() == f"{count}"


def test_the_unknown_symbol_is_left_out_where_it_has_no_counts(names):
    ax = plots.bigram(lk.language.fit(names, 2))
    assert [t.get_text() for t in ax.get_yticklabels()] == list(".abcdefghijklmnopqrstuvwxyz")


def test_a_table_of_any_vocabulary_shows_its_most_frequent_words():
    text = [" ".join(f"w{(i * i) % (k + 3)}" for i in range(60)) for k in range(0, 300, 9)]
    text.append(" ".join(f"rare{i}" for i in range(3500)))
    model = lk.language.fit(text, 2, "words", "mle")
    assert len(model.vocabulary) ** 2 > 10_000_000
    ax = plots.bigram(model, "counts")
    shown = [t.get_text() for t in ax.get_yticklabels()]
    assert len(shown) == 50
    assert shown[0] == "."
    image = ax.images[0].get_array()
    for row, column in ((0, 1), (1, 2), (3, 3), (4, 0)):
        count = model.counts[shown[row], shown[column]]
        assert image[row, column] == pytest.approx(np.sqrt(count))


def test_large_tables_show_the_most_frequent():
    text = [" ".join(f"w{i % (k + 2)}" for i in range(200)) for k in range(0, 160, 5)]
    ax = plots.bigram(lk.language.fit(text, 2, "words"), "probabilities")
    assert "the most frequent of" in ax.get_title(loc="left")
    assert len(ax.texts) == 0


def test_a_text_with_points_names_its_ends():
    ax = plots.bigram(lk.language.fit(["a. b", "b."], 2))
    assert ax.get_yticklabels()[0].get_text() == "<s>"
    assert ax.get_xticklabels()[0].get_text() == "</s>"


def test_saved_models_show_probabilities(names, tmp_path):
    lk.language.fit(names, 2).save(tmp_path / "model.lm")
    model = lk.language.load(tmp_path / "model.lm")
    plots.bigram(model, "probabilities")
    with pytest.raises(lk.errors.DataError, match="keeps no counts"):
        plots.bigram(model)
    with pytest.raises(lk.errors.ParameterError, match="values is"):
        plots.bigram(model, "logits")


def test_loss(names):
    model = lk.language.fit(names, method="gradient", steps=200)
    ax = plots.loss(model)
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), model.losses)
    plain = lk.language.fit(names, smoothing="mle").nll(names, "mean")
    assert ax.lines[1].get_ydata()[0] == pytest.approx(plain)
    with pytest.raises(lk.errors.DataError, match="no losses"):
        plots.loss(lk.language.fit(names))


def test_a_loss_that_grew_and_a_short_one(names, tmp_path):
    grew = lk.language.fit(names, method="gradient", steps=100, learning_rate=1e5)
    ax = plots.loss(grew)
    assert ax.get_yscale() == "log"
    assert len(ax.get_title(loc="left")) < 60
    plots.save(ax, tmp_path / "grew.png")
    short = plots.loss(lk.language.fit(names, method="gradient", steps=3))
    assert all(tick == int(tick) for tick in short.get_xticks())
    blown = lk.language.fit(["ab", "ba"], method="gradient", steps=900, learning_rate=1e300)
    assert not np.isfinite(blown.losses).all()
    plots.save(plots.loss(blown), tmp_path / "blown.png")


def test_symbols_that_no_font_has(tmp_path):
    ax = plots.bigram(lk.language.fit(["日é\t$", "\ue000\U0001f600"], 2))
    assert {t.get_text() for t in ax.get_yticklabels()} >= {"U+65E5", "U+E000", "é", "⇥", r"\$"}
    plots.save(ax, tmp_path / "table.png")  # a warning would be an error here
    words = plots.bigram(lk.language.fit(["日a b"], 2, "words"))
    assert words.get_yticklabels()[1].get_text() == "□a"


def test_surprisal_as_html_and_on_a_terminal():
    model = lk.language.fit(["the cat sat", "the dog sat"], 2, "words")
    surprisal = model.surprisal(["the <zebra> sat"])
    html = surprisal.to_html()
    assert "&lt;zebra&gt;" in html
    assert html.count('<span style="background:') == 4 + 7  # the symbols, and the legend
    assert "bits, order" in html
    assert page(surprisal, "a < b").count("<title>a &lt; b</title>") == 1
    assert surprisal.to_terminal().plain.splitlines()[0] == "the <zebra> sat⏎"
    plain = lk.language.fit(["ab"], 2, smoothing="mle").surprisal("ba")
    assert "probability 0" in plain.to_html()
    assert "symbols have probability 0" in plain.to_terminal().plain
