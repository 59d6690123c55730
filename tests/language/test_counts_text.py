"""Counts as text: written, read back, and read as SRILM writes them."""

import gzip

import numpy as np
import pytest

import likeliest as lk
from corpora import lines


@pytest.mark.parametrize("tokenizer", ["characters", "words", "bytes"])
@pytest.mark.parametrize("order", [1, 2, 4])
def test_round_trip(tmp_path, tokenizer, order):
    train, held_out = lines("alice")
    counts = lk.language.count(train, order, tokenizer)
    counts.to_text(tmp_path / "counts", tokenizer)
    (tmp_path / "packed").write_bytes(gzip.compress((tmp_path / "counts").read_bytes()))
    for name in ("counts", "packed"):
        read = lk.language.read_counts(tmp_path / name, tokenizer)
        assert read.vocabulary == counts.vocabulary
        for a, b in zip(
            (*counts.levels, *counts.counts), (*read.levels, *read.counts), strict=True
        ):
            np.testing.assert_array_equal(a, b)
    model = lk.language.fit(read, tokenizer=tokenizer)
    assert model.nll(held_out) == lk.language.fit(counts, tokenizer=tokenizer).nll(held_out)


def test_written_as_srilm_writes(tmp_path):
    lk.language.count(["the cat", "the dog"], 2, "words").to_text(tmp_path / "counts")
    text = (tmp_path / "counts").read_text(encoding="utf-8")
    assert set(text.splitlines()) == {
        "<s>\t2", "</s>\t2", "the\t2", "cat\t1", "dog\t1", "<s> the\t2", "the cat\t1", "the dog\t1",
        "cat </s>\t1", "dog </s>\t1",
    }  # fmt: skip


def test_read_in_any_order(tmp_path):
    expected = lk.language.count(["the cat", "the dog", "a dog"], 3, "words", min_count=2)
    expected.to_text(tmp_path / "counts")
    text = (tmp_path / "counts").read_text(encoding="utf-8").splitlines()
    (tmp_path / "other").write_text(
        "\n".join(sorted(text, reverse=True)) + "\n\n", encoding="utf-8"
    )
    read = lk.language.read_counts(tmp_path / "other")
    assert read.vocabulary.unknown is not None
    for ngram in [("the",), ("<unk>", "dog"), ("the", "<unk>"), ("dog",), ("the", "dog")]:
        assert read[ngram] == expected[ngram]
    assert lk.language.fit(read, tokenizer="words").log_prob("the cat") == pytest.approx(
        lk.language.fit(expected, tokenizer="words").log_prob("the cat"), rel=1e-12
    )


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("the\t1\nthe cat\tmany\n", "line 2: symbols and a whole number"),
        ("3\n", "line 1: symbols and a whole number"),
        ("the </s> cat\t1\n", "line 1: <s> can only begin"),
        ("the <s>\t1\n", "line 1: <s> can only begin"),
        ("the cat sat on it\t1\n", "orders 5: those of every order from 1 on are needed"),
        ("the\t1\n</s>\t1\nthe cat sat\t1\n", "orders 1, 3"),
        ("a\t1\n</s>\t1\na a\t1\na b </s>\t1\n", "begin with 'a b'"),
        ("a\t1\n</s>\t1\na </s>\t1\na </s>\t1\n", "order 2 twice"),
        ("a\t1\n", "no count of </s>"),
        ("a\t1\na\t1\n</s>\t1\n", "a symbol twice"),
        ("", "every order from 1 on"),
    ],
)
def test_counts_that_cannot_be_used_are_said(tmp_path, text, what):
    (tmp_path / "counts").write_text(text, encoding="utf-8")
    with pytest.raises(lk.errors.ReadError, match=what):
        lk.language.read_counts(tmp_path / "counts")
    with pytest.raises(lk.errors.ReadError, match="cannot be read"):
        lk.language.read_counts(tmp_path / "none")
