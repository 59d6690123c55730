"""Sequences drawn at random."""

from collections import Counter

import numpy as np
import pytest

import likeliest as lk
from corpora import lines
from likeliest.language.models.generation import choose


@pytest.fixture(scope="module")
def model():
    return lk.language.fit(lines("genesis")[0], order=3)


def test_the_same_seed_gives_the_same_sequences(model):
    assert model.generate(5, seed=7) == model.generate(5, seed=7)
    assert model.generate(5, seed=7) != model.generate(5, seed=8)
    assert model.generate(0) == []


def test_frequencies_are_the_probabilities():
    model = lk.language.fit(["ab", "ab", "ba", "bb"], order=2, smoothing="mle")
    drawn = model.generate(40_000, seed=1)
    found = Counter(s[:1] for s in drawn)
    assert found["a"] / 40_000 == pytest.approx(model.prob("a"), abs=0.01)
    second = Counter(s[1:2] for s in drawn if s[0] == "a")
    total = sum(second.values())
    for symbol, p in model.next("a").items():
        assert second["" if symbol == "." else symbol] / total == pytest.approx(p, abs=0.015)


def test_lengths_of_names_are_as_in_the_text():
    names = list(lk.datasets.first_names())
    drawn = lk.language.fit(names, order=5).generate(4000, seed=2)
    assert np.mean([len(s) for s in drawn]) == pytest.approx(
        np.mean(list(map(len, names))), abs=0.2
    )


def test_prefix(model):
    assert all(s.startswith("And God ") for s in model.generate(20, prefix="And God ", seed=3))
    words = lk.language.fit(["the cat sat", "the dog sat"], 2, "words", "mle")
    assert set(words.generate(20, prefix="the zebra the", seed=3)) <= {
        "the zebra the cat sat", "the zebra the dog sat",
    }  # fmt: skip


@pytest.mark.parametrize("tokenizer", ["characters", "bytes", "words"])
@pytest.mark.parametrize("method", ["mle", "kneser-ney"])
def test_a_prefix_that_the_model_lacks_stands_as_it_is(tokenizer, method):
    model = lk.language.fit(["ab a", "ba b"], 3, tokenizer, method)
    for prefix in ("Ωé", "z", "a z\n"):
        drawn = model.generate(20, prefix=prefix, seed=1)
        assert all(one.startswith(prefix.strip()) for one in drawn)
        assert {c for one in drawn for c in one[len(prefix) :]} <= set("ab ")


def test_many_symbols_take_no_memory_before_they_are_drawn():
    model = lk.language.fit(["ab", "ba"], 2, smoothing="mle")
    assert len(model.generate(1000, max_symbols=10**12, seed=1)) == 1000


def test_temperature_zero_takes_the_likeliest(model):
    greedy = model.generate(2, temperature=0.0, max_symbols=30)
    assert greedy[0] == greedy[1]
    for i, symbol in enumerate(greedy[0][:10]):
        assert symbol == next(iter(model.next(greedy[0][:i])))


def test_an_endless_sequence_is_cut():
    model = lk.language.fit(["a" * 500], order=2, smoothing="mle")
    assert model.generate(1, temperature=0.0, max_symbols=17) == ["a" * 17]


def test_top_k_and_top_p():
    rng = np.random.default_rng(0)
    logs = np.log(np.tile([0.05, 0.5, 0.3, 0.15], (5000, 1)))
    assert set(choose(logs, rng, None, 1.0, 2, None)) == {1, 2}
    assert set(choose(logs, rng, None, 1.0, None, 0.5)) == {1}
    assert set(choose(logs, rng, None, 1.0, None, 0.79)) == {1, 2}
    assert set(choose(logs, rng, None, 1.0, None, 0.81)) == {1, 2, 3}
    assert set(choose(logs, rng, 1, 1.0, None, None)) == {0, 2, 3}
    hot = np.bincount(choose(logs, rng, None, 5.0, None, None), minlength=4) / 5000
    expected = np.array([0.05, 0.5, 0.3, 0.15]) ** 0.2
    np.testing.assert_allclose(hot, expected / expected.sum(), atol=0.03)


def test_wrong_options(model):
    for wrong in (
        {"n": -1}, {"temperature": -1.0}, {"temperature": float("nan")}, {"top_k": 0},
        {"top_p": 0.0}, {"top_p": 1.5}, {"max_symbols": 0}, {"n": "2"}, {"n": 2.5}, {"top_k": 1.5},
        {"seed": -1}, {"seed": "x"}, {"temperature": float("inf")},
    ):  # fmt: skip
        with pytest.raises(lk.errors.ParameterError):
            model.generate(**wrong)


def test_order_one():
    model = lk.language.fit(["ab", "ba"], order=1)
    assert len(model.generate(50, seed=1)) == 50


def test_samples_that_are_in_the_text_are_told(tmp_path):
    names = list(lk.datasets.first_names())
    model = lk.language.fit(names, order=5)
    samples = [*model.generate(200, seed=0), names[17], "zzyzx"]
    expected = [sample in set(names) for sample in samples]
    assert 20 < sum(expected) < 180
    assert model.seen(samples, names) == expected
    path = tmp_path / "names.txt"
    path.write_text("\n".join(names) + "\n", encoding="utf-8")
    assert model.seen(samples, path) == expected
    with pytest.raises(lk.errors.DataError, match="put one in a list"):
        model.seen("emma", names)
    words = lk.language.fit(["the cat  sat", "a dog\tran"], 3, "words")
    assert words.seen(
        ["the cat sat", "a dog ran", "a cat ran"], ["the cat  sat ", "a dog\tran"]
    ) == [
        True,
        True,
        False,
    ]
