"""Text to symbols and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import likeliest as lk
from likeliest.language.text import pieces
from likeliest.language.text import reading as texts
from likeliest.language.text.reading import Block
from likeliest.language.text.tokenizers import Words
from likeliest.language.text.vocabulary import Vocabulary


def test_characters_are_code_points():
    counts = lk.language.count(["né", "\U0001f600é"], 2)
    assert counts.vocabulary.symbols == ("</s>", "n", "é", "\U0001f600")
    assert counts["\U0001f600", "é"] == 1


def test_bytes():
    counts = lk.language.count(["né"], 2, "bytes")
    assert counts.vocabulary.symbols == ("</s>", "<0x6E>", "<0xA9>", "<0xC3>")
    model = lk.language.fit(["né"], 3, "bytes", "mle")
    assert model.generate(1, temperature=0) == ["né"]


def test_a_sequence_may_hold_line_ends_and_nul():
    for text in (["a\nb", "a"], ["a\nb\0", "a"], ["a\nb\0\x1e", "a"]):
        counts = lk.language.count(text, 2)
        assert counts.sequences == 2
        assert counts["a", "\n"] == 1
        model = lk.language.fit(text, 2, smoothing="mle")
        assert np.isfinite(model.nll(text))


def test_words_of_a_sequence_may_stand_on_several_lines():
    counts = lk.language.count(["the\ncat", "sat"], 2, "words")
    assert (counts.sequences, counts["the", "cat"]) == (2, 1)


def test_words_are_split_where_lmplz_does_and_nowhere_else(tmp_path):
    text = ["the  cat\tsat\ron ", "the\u00a0dog", "a\vb\fc", "d\x1ce\u2028f\x85"]
    words = ("the", "cat", "sat", "on", "the\u00a0dog", "a\vb\fc", "d\x1ce\u2028f\x85")
    counts = lk.language.count(text, 2, "words")
    assert counts.vocabulary.symbols[1:] == words
    counts.to_text(tmp_path / "counts.txt")
    assert lk.language.read_counts(tmp_path / "counts.txt").vocabulary == counts.vocabulary
    model = lk.language.fit(counts, tokenizer="words")
    model.to_arpa(tmp_path / "words.arpa")
    back = lk.language.load(tmp_path / "words.arpa", "words")
    assert back.vocabulary == model.vocabulary
    assert back.log_prob("a\vb\fc") == pytest.approx(model.log_prob("a\vb\fc"), abs=1e-8)


@given(
    text=st.lists(st.sampled_from(["a", "b", "né", "zebra", "a\u00a0b", " ", "\t", "\r", "\v", "\f",
                                   "\n", "\x1c", "\x85", "\u2003", "<unk>", "</s>"])),
    unknown=st.sampled_from([None, 4]),
    separator=st.sampled_from(["\n", "\0", "\x1e", "\ufdd0"]),
)  # fmt: skip
def test_many_words_are_numbered_as_a_few_are(text, unknown, separator):
    vocabulary = Vocabulary(("</s>", "a", "b", "né", "<unk>", "a\u00a0b"), unknown)
    block = Block("".join([*text, separator]).encode(), separator)
    encoder = Words().encoder(vocabulary)
    spaced = block.text.replace(separator.encode(), b" \0 ")
    few, many = encoder._by_table(spaced), encoder._by_polars(spaced)
    assert few.tolist() == many.tolist()
    assert few.dtype == many.dtype
    long = Block(block.text * 200, separator)
    assert encoder(long).tolist() == few.tolist() * 200


def test_many_words_that_are_not_all_unicode():
    half = "\ud800"
    for words in (("</s>", "a", half), ("</s>", "a", "b")):  # in the vocabulary, or in the text
        encoder = Words().encoder(Vocabulary(words))
        block = Block(f"a {half}\n".encode("utf-8", "surrogatepass") * 1_000)
        assert encoder(block).tolist() == [1, 2 if half in words else -1, 0] * 1_000


@pytest.mark.parametrize("odd", ["", "\0", "a"])
def test_many_words_of_a_vocabulary_that_polars_cannot_hold(odd):
    encoder = Words().encoder(Vocabulary(("</s>", odd, "a")))
    assert encoder(Block(b"a b\n" * 1_000)).tolist() == [2, -1, 0] * 1_000


def test_an_encoder_keeps_its_symbols_apart_from_the_ends():
    for tokenizer in ("characters", "bytes"):
        model = lk.language.fit(["a\nb", "b\0a"], 2, tokenizer, "mle")
        one, other = model.nll(["a\nb"]), model.nll(["b\0a"])
        assert np.isfinite([one, other]).all()
        assert model.nll(["a\nb"]) == one  # whichever character ended the text before


def test_kept_words_are_refused():
    with pytest.raises(lk.errors.DataError, match="kept for the ends"):
        lk.language.count(["a </s> b"], 2, "words")


def test_unknown_of_the_text_is_the_unknown_symbol():
    model = lk.language.fit(["a <unk> b", "a b"], 2, "words")
    assert model.vocabulary.symbols.count("<unk>") == 1
    assert model.prob("zebra", "a", bos=False) == model.prob("<unk>", "a", bos=False)


class Pieces:
    """As little of a Hugging Face tokenizer as is used: pieces of two letters."""

    words = ("em", "ma", "av", "a")

    def get_vocab_size(self, *, with_added_tokens):
        return len(self.words)

    def id_to_token(self, i):
        return self.words[i]

    def token_to_id(self, piece):
        return self.words.index(piece)

    def encode_batch(self, texts, *, add_special_tokens):
        class Encoded:
            pass

        result = []
        for one in texts:
            encoded = Encoded()
            encoded.ids = [self.words.index(one[i : i + 2]) for i in range(0, len(one), 2)]
            result.append(encoded)
        return result

    def decode(self, ids):
        return "".join(self.words[i] for i in ids)


def test_pieces_of_another_tokenizer():
    model = lk.language.fit(["emma", "ava"], 2, Pieces(), "mle")
    assert len(model.vocabulary) == 5
    assert model.prob("ma", "em") == 1.0
    assert model.nll(["emma"]) == pytest.approx(np.log(2))
    assert set(model.generate(10, seed=1)) == {"emma", "ava"}


@pytest.fixture(scope="module")
def bpe():
    library = pytest.importorskip("tokenizers")
    made = library.Tokenizer(library.models.BPE(unk_token="[UNK]"))  # noqa: S106
    made.pre_tokenizer = library.pre_tokenizers.Whitespace()
    trainer = library.trainers.BpeTrainer(
        vocab_size=60, special_tokens=["[UNK]", "<s>", "</s>"], show_progress=False
    )
    made.train_from_iterator(list(lk.datasets.first_names()), trainer)
    return made


def test_a_hugging_face_tokenizer(bpe, tmp_path):
    names = list(lk.datasets.first_names())
    model = lk.language.fit(names, 3, bpe)
    assert len(model.vocabulary) == bpe.get_vocab_size() + 1
    assert sum(model.next("mar").values()) == pytest.approx(1.0, abs=1e-9)
    model.save(tmp_path / "pieces.lm")
    opened = lk.language.load(tmp_path / "pieces.lm")
    assert opened.nll(names[:50]) == model.nll(names[:50])
    assert all(one.startswith("mar") for one in model.generate(5, prefix="mar", seed=1))


def test_an_arpa_file_of_pieces_in_any_order(bpe, tmp_path):
    names = [*lk.datasets.first_names()[:500], "</s> <s>"]
    model = lk.language.fit(names, 3, bpe)
    model.to_arpa(tmp_path / "pieces.arpa")
    lines = (tmp_path / "pieces.arpa").read_text(encoding="utf-8").splitlines()
    first, end = lines.index("\\1-grams:") + 1, lines.index("\\2-grams:") - 1
    lines[first:end] = reversed(lines[first:end])
    (tmp_path / "other.arpa").write_text("\n".join(lines), encoding="utf-8")
    for path in ("pieces.arpa", "other.arpa"):
        read = lk.language.load(tmp_path / path, bpe)
        assert read.nll(names) == pytest.approx(model.nll(names), rel=1e-6)


def test_padding_and_truncation_are_refused(bpe):
    copy = type(bpe).from_str(bpe.to_str())
    copy.enable_padding()
    with pytest.raises(lk.errors.ParameterError, match="no_padding"):
        lk.language.fit(["a"], 2, copy)
    copy.no_padding()
    copy.enable_truncation(3)
    with pytest.raises(lk.errors.ParameterError, match="no_truncation"):
        lk.language.fit(["a"], 2, copy)


def test_half_a_surrogate_pair_among_pieces(bpe):
    assert np.isfinite(lk.language.fit(["ab", "a\ud800"], 2, bpe).nll(["a\ud800"]))


def test_a_saved_tokenizer_that_is_none():
    pytest.importorskip("tokenizers")
    with pytest.raises(lk.errors.ParameterError, match="cannot be made again"):
        pieces.from_dict({"name": "hugging-face", "pieces": "{}"})


def test_a_saved_hugging_face_model_without_the_library(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tokenizers", None)
    with pytest.raises(lk.errors.MissingExtraError, match="pip install tokenizers"):
        pieces.from_dict({"name": "hugging-face", "pieces": "{}"})


@pytest.mark.parametrize("tokenizer", ["characters", "words", "bytes"])
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_files_lists_and_streams_count_alike(tmp_path, monkeypatch, tokenizer, end):
    text = ["the cat", "", "é sat", "on \U0001f600 the mat", "x" * 50, "a " * 30 + "a"]
    path = tmp_path / "text"
    newline = end or "\n"
    path.write_bytes((newline.join(text) + end).encode())
    expected = lk.language.count(text, 3, tokenizer)
    for size in (1, 2, 3, 7, 64, 1 << 20):
        monkeypatch.setattr(texts, "BLOCK", size)
        for source in (path, str(path), [path], path.open(encoding="utf-8"), iter(text), text):
            counts = lk.language.count(source, 3, tokenizer)
            assert counts.vocabulary == expected.vocabulary
            for a, b in zip(counts.counts, expected.counts, strict=True):
                np.testing.assert_array_equal(a, b)
            if hasattr(source, "close"):
                source.close()
    assert list(texts.lines(path)) == text


def test_line_ends_belong_to_strings_of_a_list_and_not_to_lines_of_a_stream():
    assert lk.language.count(["ab\n", "c\n"], 2)["b", "\n"] == 1
    counts = lk.language.count(iter(["ab\n", "c\n"]), 2)
    assert counts["b", "\n"] == 0
    assert counts.sequences == 2


def test_several_files(tmp_path):
    (tmp_path / "a").write_text("emma\nava", encoding="utf-8")
    (tmp_path / "b").write_text("mia\n", encoding="utf-8")
    counts = lk.language.count([tmp_path / "a", tmp_path / "b"], 2)
    assert counts.sequences == 3
    assert counts["a", "m"] == 0


def test_other_encodings(tmp_path):
    for encoding in ("latin-1", "utf-16", "utf-8-sig", "cp1252"):
        (tmp_path / "text").write_bytes("é\nab\n".encode(encoding))
        counts = lk.language.count(tmp_path / "text", 2, encoding=encoding)
        assert counts.vocabulary.symbols == ("</s>", "a", "b", "é")
        assert counts.sequences == 2
