"""What cannot be used is said in a line: what, where, and what to do."""

import gzip

import numpy as np
import pytest

import likeliest as lk
from likeliest.language.counting import spill
from likeliest.language.text import reading as texts


@pytest.mark.parametrize("nothing", [[], iter([]), [""], ["", ""]])
def test_no_text(nothing):
    with pytest.raises(lk.errors.DataError, match="there is no text"):
        lk.language.fit(nothing)


def test_an_empty_file(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(lk.errors.DataError, match="there is no text"):
        lk.language.fit(tmp_path / "empty")


def test_no_such_file(tmp_path):
    with pytest.raises(lk.errors.ReadError, match="A text itself is passed as a list"):
        lk.language.fit("It was the best of times")
    with pytest.raises(lk.errors.ReadError, match="There is no file"):
        lk.language.fit("a\0b" + "c" * 5000)
    with pytest.raises(lk.errors.ReadError, match="is a folder"):
        lk.language.fit(tmp_path)


def test_a_packed_text_is_read_or_said_to_be_cut(tmp_path):
    whole = gzip.compress("né\r\nab\n".encode() * 1000)
    for name, data in (("whole", whole), ("cut", whole[:-12]), ("latin", gzip.compress(b"\xe9"))):
        (tmp_path / name).write_bytes(data)
    assert lk.language.count(tmp_path / "whole")["n", "é"] == 1000
    with pytest.raises(lk.errors.ReadError, match="cut cannot be read: Compressed file ended"):
        lk.language.fit(tmp_path / "cut")
    with pytest.raises(lk.errors.ReadError, match="not UTF-8 at byte 0"):
        lk.language.fit(tmp_path / "latin")


@pytest.mark.parametrize("size", [1, 5, 1 << 20])
def test_not_utf8(tmp_path, monkeypatch, size):
    monkeypatch.setattr(texts, "BLOCK", size)
    (tmp_path / "latin").write_bytes(b"abc\n\xc3\xa9\nna\xefve\n")
    with pytest.raises(lk.errors.ReadError, match=r"not UTF-8 at byte 9 \(line 3\)") as error:
        lk.language.fit(tmp_path / "latin")
    assert "--encoding" in str(error.value)
    counts = lk.language.count(tmp_path / "latin", errors="replace")
    assert counts["\ufffd"] == 1
    assert lk.language.count(tmp_path / "latin", errors="ignore")["a", "v"] == 1


def test_cut_within_a_character(tmp_path):
    (tmp_path / "cut").write_bytes("aé".encode()[:-1])
    with pytest.raises(lk.errors.ReadError, match=r"at byte 1 \(line 1\)"):
        lk.language.fit(tmp_path / "cut")


def test_unknown_encoding(tmp_path):
    (tmp_path / "text").write_text("a", encoding="utf-8")
    for option in ({"encoding": "utf-9"}, {"errors": "forgive"}):
        with pytest.raises(lk.errors.ParameterError, match="codecs"):
            lk.language.fit(tmp_path / "text", **option)


def test_bytes_kept_as_surrogates(tmp_path):
    (tmp_path / "latin").write_bytes(b"abc\nna\xefve\n")
    counts = lk.language.count(tmp_path / "latin", errors="surrogateescape")
    assert counts["a", "\udcef"] == 1
    for wrong in ("namereplace", "xmlcharrefreplace"):
        with pytest.raises(lk.errors.ParameterError, match="for writing alone"):
            lk.language.count(tmp_path / "latin", errors=wrong)


def test_nul_bytes(tmp_path):
    (tmp_path / "binary").write_bytes(b"one\ntwo\nth\0ree\n")
    with pytest.raises(lk.errors.ReadError, match="line 3 holds a NUL byte"):
        lk.language.fit(tmp_path / "binary")
    with pytest.raises(lk.errors.DataError, match="NUL"):
        lk.language.fit(["a\0b", "c\nd"], 2, "words")
    with pytest.raises(lk.errors.DataError, match="NUL"):
        lk.language.fit(["a \0 b"], 2, "words")


@pytest.mark.parametrize("tokenizer", ["characters", "words"])
def test_one_long_line(tmp_path, monkeypatch, tokenizer):
    """A line of many blocks is counted in pieces, and as a whole."""
    monkeypatch.setattr(texts, "BLOCK", 1 << 10)
    line = "the cat sat on the mat " * 5_000
    (tmp_path / "long").write_text(line, encoding="utf-8")
    pieces = list(texts.blocks(tmp_path / "long", cut="space"))
    assert max(len(piece.text) for piece in pieces) <= 2 << 10
    counts = lk.language.count(tmp_path / "long", 3, tokenizer)
    assert counts.sequences == 1
    expected = lk.language.count([line], 3, tokenizer)
    for a, b in zip(counts.counts, expected.counts, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_vocabulary_over_the_limit(monkeypatch):
    monkeypatch.setattr("likeliest.language.text.tokenizers.MOST_SYMBOLS", 100)
    text = [" ".join(f"w{i}" for i in range(200))]
    with pytest.raises(lk.errors.DataError, match="passes 100 symbols"):
        lk.language.fit(text, 2, "words")


@pytest.mark.parametrize("wrong", [3, None, b"bytes", [1, 2], ["a", None], ["a", b"b"]])
def test_not_text(wrong):
    with pytest.raises(lk.errors.DataError):
        lk.language.fit(wrong)


def test_too_many_weights():
    text = [" ".join(f"w{i}" for i in range(9000))]
    with pytest.raises(lk.errors.DataError, match="more than"):
        lk.language.fit(text, 2, "words", method="gradient")
    with pytest.raises(lk.errors.DataError, match="too large"):
        lk.language.count(text, 2, "words").table()


def test_counts_of_another_tokenizer():
    counts = lk.language.count(["the cat sat"], 2, "words")
    with pytest.raises(lk.errors.ParameterError, match="none of the characters"):
        lk.language.fit(counts)
    assert lk.language.fit(counts, tokenizer="words").order == 2


def test_ngrams_beyond_the_order():
    counts = lk.language.count(["ab"], 2)
    with pytest.raises(lk.errors.DataError, match="were not counted"):
        counts["a", "b", "c"]
    assert counts["z"] == counts["z", "a"] == counts["a", "z"] == 0
    with pytest.raises(lk.errors.DataError, match="order 2"):
        lk.language.count(["ab"], 1).table()


def test_more_ngrams_than_memory_are_refused_before_the_system_kills(monkeypatch):
    counts = lk.language.count(["the cat sat"], 3, "words")
    monkeypatch.setattr("likeliest.engines.memory.available", lambda: 60 * (counts.size + 1))
    lk.language.fit(counts, 3, "words", "absolute")
    with pytest.raises(lk.errors.DataError, match="min_count") as error:
        lk.language.fit(counts, 3, "words", "jelinek-mercer")
    assert f"estimating {counts.size + 1:,} n-grams with jelinek-mercer" in str(error.value)
    monkeypatch.setattr("likeliest.engines.memory.available", lambda: 100)
    with pytest.raises(lk.errors.DataError, match="Give a limit"):
        lk.language.fit(counts, 3, "words")
    assert lk.language.fit(counts, 3, "words", memory="50MB").file is not None


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"prune": 1}, "prune is a count for each order"),
        ({"prune": "01"}, "prune is a count for each order"),
        ({"prune": (0, 1.9)}, "prune is a whole number"),
        ({"prune": (0, float("nan"))}, "prune is a whole number"),
        ({"memory": "9" * 400}, "memory is a size"),
        ({"memory": 49e6}, "50MB or more"),
        ({"memory": "47MiB"}, "50MB or more"),
        ({"memory": float("inf")}, "memory is a size"),
        ({"method": "gradient", "prune": (0, 1)}, "no use for prune"),
        ({"method": "lbfgs", "heldout": ["a b"]}, "no use for prune and heldout"),
        ({"method": "gradient", "memory": "abc"}, "memory is a size"),
        ({"min_count": 0}, "min_count is a whole number"),
        ({"resume": "folder"}, "counts already"),
    ],
)
def test_options_out_of_their_range(options, what):
    counts = lk.language.count(["a b a", "b"], 2, "words")
    with pytest.raises(lk.errors.ParameterError, match=what):
        lk.language.fit(counts, 2, "words", **options)


def test_parameters_of_smoothing_out_of_their_range():
    with pytest.raises(lk.errors.ParameterError, match="three for an order"):
        lk.language.smoothing.KneserNey(discounts=(0.5, 1, 1.5))
    with pytest.raises(lk.errors.ParameterError, match="most is a whole number"):
        lk.language.smoothing.Katz(most=2.5)


def test_sizes_of_memory():
    for written in (100e6, 100_000_000, "100MB", "100 MB", "0.1g"):
        assert spill.size_in_bytes(written) == 100_000_000
    assert spill.size_in_bytes("64MiB") == 64 * 2**20
