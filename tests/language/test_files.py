"""Models in files: what is written is read back; what is damaged is said where."""

import base64
import bz2
import gzip
import json
import lzma
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

import likeliest as lk
from corpora import DATA, lines
from likeliest.language.smoothing import METHODS
from likeliest.language.storage import files as storage


def same(a, b, **tolerance):
    assert a.vocabulary == b.vocabulary
    pairs = [(a.estimate.levels, b.estimate.levels), (a.estimate.log_probs, b.estimate.log_probs)]
    pairs += [(a.estimate.log_weights, b.estimate.log_weights)]
    for ours, theirs in pairs:
        for x, y in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(x, y, **tolerance)


@pytest.mark.parametrize("tokenizer", ["characters", "words", "bytes"])
@pytest.mark.parametrize("method", sorted(METHODS))
def test_saved_and_opened(tmp_path, method, tokenizer):
    train, held_out = lines("genesis")
    model = lk.language.fit(train, 3, tokenizer, method)
    model.save(tmp_path / "model.lm")
    opened = lk.language.load(tmp_path / "model.lm")
    same(model, opened, rtol=0)
    assert opened.nll(held_out) == model.nll(held_out)
    assert (opened.smoothing, opened.notes, opened.tokenizer) == (
        model.smoothing, model.notes, model.tokenizer,
    )  # fmt: skip
    storage.load_model(tmp_path / "model.lm", check=True)
    assert not opened.estimate.log_probs[-1].flags.writeable
    assert list(tmp_path.iterdir()) == [tmp_path / "model.lm"]


def test_gradient_models_keep_their_weights(tmp_path):
    model = lk.language.fit(["emma", "ava"], method="gradient", steps=50)
    model.save(tmp_path / "model.lm")
    opened = lk.language.load(tmp_path / "model.lm")
    np.testing.assert_array_equal(opened.weights, model.weights)
    np.testing.assert_array_equal(opened.losses, model.losses)


def test_counts_saved_and_opened(tmp_path):
    counts = lk.language.count(lines("alice")[0], 4, "words", min_count=2)
    counts.save(tmp_path / "counts")
    opened = lk.language.load_counts(tmp_path / "counts")
    assert opened.vocabulary == counts.vocabulary
    for a, b in zip(
        (*counts.levels, *counts.counts), (*opened.levels, *opened.counts), strict=True
    ):
        np.testing.assert_array_equal(a, b)
    assert lk.language.fit(opened, 4, "words").nll(["the cat"]) == pytest.approx(
        lk.language.fit(counts, 4, "words").nll(["the cat"])
    )
    with pytest.raises(lk.errors.ReadError, match="holds counts, not a model"):
        lk.language.load(tmp_path / "counts")


def test_mapped_counts_are_saved_piece_by_piece(tmp_path, monkeypatch):
    counts = lk.language.count(lines("alice")[0], 4, "words")
    counts.save(tmp_path / "whole")
    monkeypatch.setattr(storage, "_PIECE", 7)
    lk.language.load_counts(tmp_path / "whole").save(tmp_path / "pieces")
    np.asarray(counts.levels[2]).tofile(tmp_path / "keys")
    keys = np.memmap(tmp_path / "keys", np.int64, "r")
    mapped = lk.language.NGramCounts(counts.vocabulary, (*counts.levels[:2], keys), counts.counts)
    mapped.save(tmp_path / "mapped")
    whole = (tmp_path / "whole").read_bytes()
    assert whole == (tmp_path / "pieces").read_bytes() == (tmp_path / "mapped").read_bytes()


@pytest.mark.parametrize("tokenizer", ["characters", "words", "bytes"])
@pytest.mark.parametrize("method", sorted(set(METHODS) - {"add-k"}))
def test_arpa_round_trip(tmp_path, method, tokenizer):
    train, held_out = lines("alice")
    model = lk.language.fit(train, 4, tokenizer, method)
    model.to_arpa(tmp_path / "model.arpa")
    read = lk.language.load(tmp_path / "model.arpa", tokenizer)
    same(model, read, atol=1e-7, rtol=1e-7)
    assert read.perplexity(held_out) == pytest.approx(model.perplexity(held_out), rel=1e-7)


def test_arpa_is_written_in_stretches(tmp_path, monkeypatch):
    model = lk.language.fit(lines("alice")[0], 3, "words")
    model.to_arpa(tmp_path / "whole.arpa")
    monkeypatch.setattr("likeliest.language.storage.arpa._TOGETHER", 7)
    model.to_arpa(tmp_path / "stretches.arpa")
    assert (tmp_path / "whole.arpa").read_bytes() == (tmp_path / "stretches.arpa").read_bytes()


def test_arpa_is_written_as_others_read_it(tmp_path):
    lk.language.fit(["b a", "a"], 2, "words", "witten-bell").to_arpa(tmp_path / "small.arpa")
    text = (tmp_path / "small.arpa").read_text(encoding="utf-8").splitlines()
    assert text[:3] == ["\\data\\", "ngram 1=5", "ngram 2=4"]
    assert text[4] == "\\1-grams:"
    assert text[5].split("\t")[:2] == ["-99", "<s>"]
    assert [line.split("\t")[1] for line in text[6:10]] == ["</s>", "b", "a", "<unk>"]
    assert [line.split("\t")[1] for line in text[12:16]] == ["<s> b", "<s> a", "b a", "a </s>"]
    assert text[-1] == "\\end\\"


def test_spaces_are_written_without_spaces(tmp_path):
    lk.language.fit(["a b"], 2, smoothing="witten-bell").to_arpa(tmp_path / "a.arpa")
    assert "a <U+0020>" in (tmp_path / "a.arpa").read_text(encoding="utf-8")


def test_reads_a_file_of_srilm(tmp_path):
    """SRILM leaves out weights of 0, writes -99 for the start, and may leave <unk> out."""
    (tmp_path / "srilm.arpa").write_text(
        "\n\\data\\\nngram 1=4\nngram 2=3\n\n\\1-grams:\n-0.30103\t</s>\n-99\t<s>\t-0.30103\n"
        "-0.60206\ta\t-0.17609\n-0.60206 b\n\n\\2-grams:\n-0.30103 <s> a\n-0.30103\ta b\n"
        "-0.12494\tb </s>\n\n\\end\\\n",
        encoding="utf-8",
    )
    model = lk.language.load(tmp_path / "srilm.arpa", "words")
    assert model.prob("a") == pytest.approx(0.5, rel=1e-4)
    assert model.prob("b") == pytest.approx(0.5 * 0.25, rel=1e-4)
    assert model.prob("a", "a", bos=False) == pytest.approx(10**-0.17609 * 0.25, rel=1e-4)
    assert model.nll(["zebra"]) == np.inf


def test_add_k_has_no_arpa_form(tmp_path):
    model = lk.language.fit(["ab"], 2, smoothing="add-k")
    with pytest.raises(lk.errors.DataError, match="floor"):
        model.to_arpa(tmp_path / "a.arpa")
    assert list(tmp_path.iterdir()) == []


GOOD = (
    "\\data\\\nngram 1=4\nngram 2=2\n\n\\1-grams:\n-0.5\t<s>\t-0.3\n-0.5\t</s>\n-0.5\ta\t-0.1\n"
    "-0.5\t<unk>\n\n\\2-grams:\n-0.2\t<s> a\n-0.2\ta </s>\n\n\\end\\\n"
)

ZSTD = (
    "eJwBXQCi/yi1L/0gfqUCABIEDhGgb1B6w5n+l2CzHXOwOjUOAexuPufwH7qducV5zbdKzigCtLpAGkWwqsI4c7NG"
    "zAT5FE72t+88CgBcCewyCALrykSQktPedwwxc8G0XLOyBICIKlU="
)


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("\\end\\\n", "", 14, "cut short"),
        ("-0.2\ta </s>\n\n\\end\\\n", "", 12, "cut short"),
        ("-0.2\ta </s>\n", "", 14, "2 2-grams were announced; there are 1"),
        ("ngram 2=2", "ngram 2=1", 13, "\\end\\ should stand here"),
        ("ngram 2=2", "ngram 3=2", 3, "order 2 should come here"),
        ("ngram 1=4\nngram 2=2\n", "", 3, "should stand here"),
        ("-0.2\t<s> a", "0.2\t<s> a", 12, "not of a probability"),
        ("-0.2\t<s> a", "nan\t<s> a", 12, "not of a probability"),
        ("-0.2\t<s> a", "x\t<s> a", 12, "no number"),
        ("-0.2\t<s> a", "-0.2\t<s> zebra", 12, "not among the 1-grams"),
        ("-0.2\t<s> a", "-0.2\t<s>", 12, "2 symbols"),
        ("-0.2\t<s> a", "-0.2\ta </s>", 13, "occurs twice"),
        ("-0.5\ta\t-0.1", "-0.5\ta\t-0.1\n-0.5\ta\t-0.1", 9, "occurs twice"),
        ("\\2-grams:", "\\two-grams:", 11, "'\\2-grams:' should stand here"),
        ("-0.5\t</s>", "-0.5\t<s>", 7, "'<s>' occurs twice"),
        ("-0.5\t</s>", "-0.5\tb", 9, "</s> is not among the 1-grams"),
        ("-0.5\t<s>\t-0.3", "-0.5\tb\t-0.3", 9, "<s> is not among the 1-grams"),
        ("-0.5\t<unk>", "-0.5\ta", 9, "'a' occurs twice"),
        ("-0.5\ta\t-0.1", "-0.5\t<UNK>", 9, "'<unk>' occurs twice, in two spellings"),
    ],
)
def test_a_malformed_arpa_file_is_said_with_its_line(tmp_path, old, new, line, what):
    assert old in GOOD
    (tmp_path / "bad.arpa").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(lk.errors.ReadError) as error:
        lk.language.load(tmp_path / "bad.arpa", "words")
    assert f"line {line}:" in str(error.value)
    assert what in str(error.value)
    (tmp_path / "good.arpa").write_text(GOOD, encoding="utf-8")
    lk.language.load(tmp_path / "good.arpa", "words")


@pytest.mark.parametrize("change", [
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text.replace("\t", " "),
    lambda text: "\ufeff" + text,
    lambda text: "a comment\n\n" + text + "\nwhatever\n",
])  # fmt: skip
def test_other_ways_to_write_the_same(tmp_path, change):
    (tmp_path / "good.arpa").write_text(GOOD, encoding="utf-8")
    (tmp_path / "other.arpa").write_text(change(GOOD), encoding="utf-8", newline="")
    good, other = (
        lk.language.load(tmp_path / f"{name}.arpa", "words") for name in ("good", "other")
    )
    same(good, other)


def test_words_hold_what_only_unicode_takes_for_white_space(tmp_path):
    """As KenLM's do: its words end at ASCII white space alone."""
    text = ["a\u00a0b c\u2028d e\x1ff\x85g", "a c", "\ud800 a"]
    model = lk.language.fit(text, 2, "words")
    model.to_arpa(tmp_path / "model.arpa")
    read = lk.language.load(tmp_path / "model.arpa")
    same(model, read, rtol=1e-6, atol=1e-7)
    assert read.nll(text) == pytest.approx(model.nll(text), rel=1e-6)
    latin = GOOD.replace("\ta\t", "\t\udcef\t").replace(" a", " \udcef").replace("a ", "\udcef ")
    (tmp_path / "latin.arpa").write_bytes(latin.encode("utf-8", "surrogateescape"))
    assert lk.language.load(tmp_path / "latin.arpa", "words").prob("\udcef") == pytest.approx(
        10**-0.2
    )


def test_a_context_that_is_missing_is_said(tmp_path):
    text = GOOD.replace("ngram 2=2\n", "ngram 2=2\nngram 3=1\n")
    text = text.replace("\\end\\", "\\3-grams:\n-0.1\ta a </s>\n\n\\end\\")
    (tmp_path / "bad.arpa").write_text(text, encoding="utf-8")
    with pytest.raises(lk.errors.ReadError, match=r"line 17: .*without its last symbol"):
        lk.language.load(tmp_path / "bad.arpa", "words")


def test_a_gzipped_file_cut_short(tmp_path):
    whole = (DATA / "alice.words.arpa.gz").read_bytes()
    (tmp_path / "a.arpa.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(lk.errors.ReadError):
        lk.language.load(tmp_path / "a.arpa.gz")
    (tmp_path / "b.arpa.gz").write_bytes(gzip.compress(GOOD.encode()))
    assert lk.language.load(tmp_path / "b.arpa.gz", "words").order == 2


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "model.lm"
    lk.language.fit(lines("alice")[0][:50], 3).save(path)
    return path


def test_a_model_cut_short(saved):
    whole = saved.read_bytes()
    for size in (0, 5, 20, 100, 2000, len(whole) - 1):
        saved.write_bytes(whole[:size])
        with pytest.raises(lk.errors.ReadError):
            lk.language.load(saved)
    saved.write_bytes(whole + b"\0")
    with pytest.raises(lk.errors.ReadError, match="damaged"):
        lk.language.load(saved)


def changed(path, change):
    """Write the file again with its header changed, its checksum made to fit."""
    whole = path.read_bytes()
    _, length, _ = struct.unpack("<8sQI4x", whole[:24])
    record = json.loads(whole[24 : 24 + length])
    change(record)
    header = json.dumps(record).encode()
    padded = -(24 + len(header)) % 64
    old = -(-(24 + length) // 64) * 64
    head = struct.pack("<8sQI4x", storage.MAGIC, len(header), zlib.crc32(header))
    path.write_bytes(head + header + b"\0" * padded + whole[old:])


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r["arrays"].pop(0),
        lambda r: r["arrays"].pop(),
        lambda r: r["arrays"][3].update(offset=10**12),
        lambda r: r["arrays"][3].update(offset=-64),
        lambda r: r["arrays"][3].update(offset=7),
        lambda r: r["arrays"][3].update(shape=[10**15]),
        lambda r: r["arrays"][3].update(shape=[-1]),
        lambda r: r["arrays"][3].update(shape=[3]),
        lambda r: r["arrays"][3].update(dtype="|O8"),
        lambda r: r.update(order=9),
        lambda r: r.update(order="3"),
        lambda r: r.update(kind="pickle"),
        lambda r: r.update(unknown=10**6),
        lambda r: r.update(tokenizer=None),
        lambda r: r.pop("size"),
    ],
)
def test_a_header_that_lies(saved, change):
    changed(saved, lambda record: None)
    lk.language.load(saved)
    changed(saved, change)
    with pytest.raises((lk.errors.ReadError, lk.errors.ParameterError)):
        lk.language.load(saved)


def test_a_changed_byte_is_found_by_the_full_check(saved):
    whole = saved.read_bytes()
    lk.language.load(saved, check=True)
    first = -(-(24 + struct.unpack("<8sQI4x", whole[:24])[1]) // 64) * 64
    for at in range(first, len(whole), 1013):
        saved.write_bytes(whole[:at] + bytes([whole[at] ^ 64]) + whole[at + 1 :])
        try:
            lk.language.load(saved, check=True)
        except lk.errors.ReadError:
            continue
        assert whole[at] == 0  # between two arrays
    from likeliest.cli import run

    saved.write_bytes(whole[: first + 9000] + b"\xff" * 64 + whole[first + 9064 :])
    assert run(["language", "generate", str(saved)]) == 2


def test_numbers_out_of_range_are_found_by_the_full_check(saved):
    model = lk.language.load(saved)
    keys = model.estimate.levels[1]
    at = saved.read_bytes().index(keys.tobytes())
    whole = bytearray(saved.read_bytes())
    whole[at : at + 8] = np.int64(2**40).tobytes()
    crc = zlib.crc32(whole[at : at + keys.nbytes])  # a hostile writer has it right
    del model, keys
    saved.write_bytes(whole)
    changed(saved, lambda record: next(
        entry for entry in record["arrays"] if entry["name"] == "levels.3"
    ).update(crc32=crc))  # fmt: skip
    with pytest.raises(lk.errors.ReadError, match="order 3"):
        storage.load_model(saved, check=True)


def test_a_failed_write_leaves_the_old_file(saved, monkeypatch):
    before = saved.read_bytes()

    def fail(*_, **__):
        raise OSError("no space")

    monkeypatch.setattr(storage.np, "ascontiguousarray", fail)
    with pytest.raises(OSError, match="no space"):
        lk.language.fit(["ab"], 2).save(saved)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def arpa(order, *rows):
    """An ARPA file of rows for each order, as text."""
    sizes = "".join(f"ngram {n}={len(r)}\n" for n, r in enumerate(rows, 1))
    parts = "".join(
        f"\n\\{n}-grams:\n" + "".join(f"{r}\n" for r in rs) for n, rs in enumerate(rows, 1)
    )
    return f"\\data\\\n{sizes}{parts}\n\\end\\\n"


ONES = ["-99\t<s>\t-0.3", "-0.9\t</s>", "-0.6\tsun\t-0.2", "-0.6\trise\t-0.1", "-0.9\t<unk>"]
TWOS = ["-0.2\t<s> sun\t-0.1", "-0.3\tsun rise\t-0.2", "-0.1\trise </s>"]


@pytest.mark.parametrize("block", [7, 1 << 24])
@pytest.mark.parametrize("at", [0, 1, 3])
@pytest.mark.parametrize(
    ("n", "odd"), [(2, "-0.5\t<s> <s>"), (2, "-0.5\t</s> sun\t-0.1"), (2, "-1 sun <s> -0.5"),
                   (3, "-0.5\t<s> </s> sun"), (3, "-0.4\tsun <s> rise")],
)  # fmt: skip
def test_ngrams_with_an_end_inside_are_skipped_with_a_note(
    tmp_path, monkeypatch, block, n, odd, at
):
    """MITLM and IRSTLM write such; KenLM reads files that hold them."""
    monkeypatch.setattr("likeliest.language.storage.arpa._BLOCK", block)
    rows = [list(ONES), list(TWOS), ["-0.1\t<s> sun rise", "-0.1\tsun rise </s>"]]
    (tmp_path / "good.arpa").write_text(arpa(3, *rows), encoding="utf-8")
    rows[n - 1].insert(min(at, len(rows[n - 1])), odd)
    (tmp_path / "odd.arpa").write_text(arpa(3, *rows), encoding="utf-8")
    good, read = (lk.language.load(tmp_path / f"{name}.arpa") for name in ("good", "odd"))
    same(good, read)
    assert good.notes == ()
    line = 1 + (tmp_path / "odd.arpa").read_text(encoding="utf-8").split("\n").index(odd)
    (note,) = read.notes
    assert note.startswith(f"1 {n}-grams")
    assert f"line {line})" in note


def test_a_file_cut_to_lower_orders_is_noted(tmp_path, capsys):
    (tmp_path / "cut.arpa").write_text(arpa(2, ONES, TWOS), encoding="utf-8")
    model = lk.language.load(tmp_path / "cut.arpa")
    (note,) = model.notes
    assert "2 2-grams, the longest, have back-off weights" in note
    assert model.log_prob("sun rise", base=10) == pytest.approx(-0.2 - 0.3 - 0.1, rel=1e-12)
    from likeliest.cli import run

    (tmp_path / "text").write_text("sun rise\n", encoding="utf-8")
    assert run(["language", "score", str(tmp_path / "cut.arpa"), str(tmp_path / "text")]) == 0
    assert note in capsys.readouterr().err


@pytest.mark.parametrize("tokenizer", ["characters", "bytes"])
def test_an_arpa_file_of_characters_is_not_taken_for_words(tmp_path, tokenizer):
    names = list(lk.datasets.first_names())
    model = lk.language.fit(names[::2], 5, tokenizer)
    model.to_arpa(tmp_path / "names.arpa")
    with pytest.raises(lk.errors.ReadError, match="Name the tokenizer"):
        lk.language.load(tmp_path / "names.arpa")
    read = lk.language.load(tmp_path / "names.arpa", tokenizer)
    assert read.perplexity(names[1::2]) == pytest.approx(6.4749, abs=1e-4)
    words = lk.language.load(tmp_path / "names.arpa", "words")  # who says so is believed
    assert words.log_prob("a n n", bos=False) < 0


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress, gzip.compress])
def test_compressed_files_are_read_as_they_are(tmp_path, pack):
    (tmp_path / "packed").write_bytes(pack(arpa(2, ONES, TWOS).encode()))
    (tmp_path / "plain").write_text(arpa(2, ONES, TWOS), encoding="utf-8")
    same(lk.language.load(tmp_path / "packed"), lk.language.load(tmp_path / "plain"))
    (tmp_path / "short").write_bytes(pack(arpa(2, ONES, TWOS).encode())[:-9])
    with pytest.raises(lk.errors.ReadError, match="short"):
        lk.language.load(tmp_path / "short")


@pytest.mark.parametrize("ending", ["gz", "bz2", "xz"])
def test_files_are_packed_as_their_names_say(tmp_path, ending):
    model = lk.language.fit(["the cat sat", "the dog"], 3, "words")
    model.to_arpa(tmp_path / "plain.arpa")
    model.to_arpa(tmp_path / f"words.arpa.{ending}")
    unpack = {"gz": gzip, "bz2": bz2, "xz": lzma}[ending].decompress
    packed = (tmp_path / f"words.arpa.{ending}").read_bytes()
    assert unpack(packed) == (tmp_path / "plain.arpa").read_bytes()
    counts = lk.language.count(["the cat", "the dog"], 2, "words")
    counts.to_text(tmp_path / f"counts.{ending}")
    assert lk.language.read_counts(tmp_path / f"counts.{ending}")["the", "dog"] == 1


@pytest.mark.parametrize("name", ["words.arpa", "Words.ARPA.gz"])
@pytest.mark.parametrize("packed", [True, False])
def test_no_file_of_our_own_is_named_like_an_arpa_file(tmp_path, name, packed):
    model = lk.language.fit(["the cat", "the dog"], 2, "words")
    with pytest.raises(lk.errors.ParameterError, match=r"Use to_arpa \(--arpa\)"):
        model.save(tmp_path / name, packed=packed)
    assert not (tmp_path / name).exists()


def test_zstd_is_read_where_something_unpacks_it(tmp_path, monkeypatch):
    packed = zlib.decompress(base64.b64decode(ZSTD))  # of GOOD, by zstd 1.5
    (tmp_path / "packed").write_bytes(packed)
    (tmp_path / "plain").write_text(GOOD, encoding="utf-8")
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(lk.errors.MissingExtraError, match="packed by zstd: unpack it with zstd -d"):
        lk.language.load(tmp_path / "packed")
    monkeypatch.undo()
    pytest.importorskip("zstandard", reason="nothing unpacks zstd")
    read = lk.language.load(tmp_path / "packed", "words")
    same(read, lk.language.load(tmp_path / "plain", "words"))


@pytest.mark.parametrize(
    ("first", "what"),
    [
        (b"mmap lm http://kheafield.com/code format version 5\n\0", "binary of KenLM"),
        (b"PK\x03\x04", "zip archive"),
        (b"\x7fELF", "neither a saved one nor an ARPA file"),
    ],
)
def test_files_of_other_formats_are_named(tmp_path, first, what):
    (tmp_path / "other").write_bytes(first + bytes(range(256)) * 10)
    with pytest.raises(lk.errors.ReadError, match=what) as error:
        lk.language.load(tmp_path / "other")
    assert str(tmp_path / "other") in str(error.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_said_with_the_name_of_the_file():
    model = lk.language.fit(["the cat sat"], 2, "words")
    for write in (model.save, model.to_arpa, model.counts.save):
        with pytest.raises(
            lk.errors.DataError, match="/dev/full cannot be written: its disk is full"
        ):
            write("/dev/full")


@pytest.mark.parametrize("block", [50, 1_000, 1 << 24])
def test_many_lines_at_once_are_read_as_line_by_line(tmp_path, monkeypatch, block):
    lk.language.fit(lines("alice")[0], 3, "words").to_arpa(tmp_path / "model.arpa")
    text = (tmp_path / "model.arpa").read_text(encoding="utf-8")
    monkeypatch.setattr("likeliest.language.storage.arpa._BLOCK", block)
    at_once = lk.language.load(tmp_path / "model.arpa")
    (tmp_path / "other.arpa").write_text(  # blank lines and spaces here and there
        text.replace("\n-1.2", "\n\n-1.2").replace("\t", "  ", 900), encoding="utf-8"
    )
    other = lk.language.load(tmp_path / "other.arpa")
    monkeypatch.setattr("likeliest.language.storage.arpa._Reader._many", lambda *_: None)
    one_by_one = lk.language.load(tmp_path / "model.arpa")
    for read in (at_once, other):
        same(read, one_by_one, rtol=0)
