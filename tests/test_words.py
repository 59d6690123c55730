"""Every word of `observe`, alone and beside others: used, or refused by name, never ignored."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import likeliest as lk
from likeliest.errors import LikeliestError

VALUES = [1.5, 2.5, 3.5, 4.5]
FRAME = pd.DataFrame({"x": VALUES, "y": [2.0, 3.0, 4.0, 5.0]})
WORDS = {
    "column": "x",
    "event": [1, 0, 1, 1],
    "lower": [0.5, 1.5, 2.0, 3.0],
    "upper": [3.0, 4.0, 5.0, 6.0],
    "entry": 0.25,
    "exit": 5.5,
    "edges": [0, 2, 4, 6, 8],
    "counts": [1, 2, 3, 2],
    "closed": "left",
    "weights": [1, 2, 1, 1],
    "sampling_weights": [9, 1, 5, 5],
    "rounding": 0.5,
}
DATA = {"list": VALUES, "frame": FRAME, "observations": lk.observe(VALUES), "nothing": None}
SOME = [some for size in (1, 2, 3) for some in combinations(WORDS, size)]
BESIDE = [some for size in (1, 2) for some in combinations(WORDS, size)]


def outcome(call, words):
    """Return what comes of it as something that can be held against another."""
    try:
        return call(**{word: WORDS[word] for word in words})
    except LikeliestError as error:
        return error


def held(seen):
    columns = (*seen.chunk(0, len(seen)), seen.lower, seen.upper, seen.entry, seen.exit)
    return [None if c is None else np.asarray(c).tolist() for c in columns], seen.provenance


def require_used(call, words, *, beside=()):
    """Assert that each word changes what comes of it, or that it is refused by name."""
    found = outcome(call, words)
    if isinstance(found, LikeliestError):
        said = str(found).replace("_", " ")
        names = [*(word.replace("_", " ") for word in words), *beside]
        assert any(name in said for name in names), (words, said)
        return
    for word in words:
        without = outcome(call, [other for other in words if other != word])
        assert isinstance(without, LikeliestError) or without != found, (word, words)


@pytest.mark.parametrize("data", DATA)
def test_no_word_is_ignored(data):
    beside = ("Nothing was given", "columns of numbers") if data in {"nothing", "frame"} else ()
    for words in SOME:
        require_used(lambda **given: held(lk.observe(DATA[data], **given)), words, beside=beside)


@pytest.mark.parametrize("data", ["list", "frame"])
def test_no_word_is_ignored_beside_groups(data):
    def call(**given):
        fits = lk.fit(DATA[data], "normal", by=["a", "a", "b", "b"], **given)
        return [*map(str, fits.log_likelihood)], [*map(str, fits.n)], fits.status, fits.reasons

    for words in BESIDE:
        require_used(call, words, beside=("by", "columns of numbers"))


def test_no_word_is_ignored_beside_an_axis():
    grid = np.random.default_rng(1).normal(9.0, 1.0, (3, 4))
    for word in WORDS:
        require_used(
            lambda **given: lk.fit(grid, "normal", axis=1, **given).log_likelihood.tolist(), [word]
        )
    with pytest.raises(LikeliestError, match="by does not go with it"):
        lk.fit(grid, "normal", axis=1, by=[1, 2, 3])


@pytest.mark.parametrize("data", ["list", "frame"])
def test_no_word_is_ignored_by_a_comparison(data):
    def call(**given):
        compared = lk.compare(DATA[data], ["normal", "logistic"], **given)
        return compared.to_dict() | {"fits": None}, repr(compared)

    for words in BESIDE:
        require_used(call, words, beside=("columns of numbers", "likelihood"))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: lk.observe(VALUES, closed="left"), "give edges and counts, or leave closed out"),
        (lambda: lk.compare(FRAME, closed="left"), "leave closed out"),
        (lambda: lk.compare(FRAME, closed="both"), 'closed must be "right" or "left"'),
        (lambda: lk.observe(VALUES, closed=None), 'closed must be "right" or "left"'),
        (lambda: lk.fit(VALUES, "normal", by=list("aabb"), closed="left"), "leave closed out"),
        (lambda: lk.fit([VALUES], "normal", axis=1, closed="left"), "leave closed out"),
        (lambda: lk.observe(VALUES, entry=True), "entry must be one number"),
        (lambda: lk.observe(VALUES, weights=2), "must be a list"),
    ],
)
def test_words_without_meaning(call, said):
    with pytest.raises(LikeliestError) as caught:
        call()
    assert said in str(caught.value)
