"""Documents scored as CCNet and as datatrove score them, by hand; files of records in and out."""

import bz2
import gzip
import json
import math
import sys
import types

import polars as pl
import pytest

import likeliest as lk
from corpora import lines
from likeliest.cli import run
from likeliest.language.text import records as module

TEXTS = ["the cat\n\nthe dog ran", "the zebra", "", "\n", " \t\n ", None, "the dog"]


@pytest.fixture(scope="module")
def model():
    return lk.language.fit(["the cat sat", "the dog ran", "a cat ran"], 3, "words")


def by_hand(model, sequences):
    """10 to the mean -log10 p of all words and ends, as CCNet writes it."""
    log10 = sum(model.log_prob(s, base=10) for s in sequences)
    return 10.0 ** (-log10 / sum(len(s.split()) + 1 for s in sequences))


def rows(texts):
    return [{"id": i, "text": text} for i, text in enumerate(texts)]


def test_a_document_is_its_lines_or_one_sequence(model):
    text = TEXTS[0]
    (lines_,) = lk.language.documents(model, rows([text]))
    assert lines_.perplexity == pytest.approx(by_hand(model, text.split("\n")), rel=1e-12)
    (whole,) = lk.language.documents(model, rows([text]), mode="sequence")
    assert whole.perplexity == pytest.approx(by_hand(model, [text]), rel=1e-12)
    assert abs(whole.perplexity - lines_.perplexity) > 0.1


def test_documents_without_text_have_no_perplexity(model, monkeypatch):
    monkeypatch.setattr(module, "_TOGETHER", 2)
    found = list(lk.language.documents(model, rows(TEXTS)))
    assert [d.perplexity is None for d in found] == [False, False, True, True, True, True, False]
    assert [d.number for d in found] == list(range(1, 8))
    assert found[1].with_score(bucket="head") == {
        "id": 1, "text": "the zebra", "perplexity": found[1].perplexity, "bucket": "head",
    }  # fmt: skip


def test_a_model_for_each_language(model):
    other = lk.language.fit(["die katze", "der hund"], 2, "words")
    texts = [{"text": "the cat", "language": "en"}, {"text": "die katze", "language": "de"},
             {"text": "le chat", "language": "fr"}, {"text": "the cat"}]  # fmt: skip
    found = [d.perplexity for d in lk.language.documents({"en": model, "de": other}, texts)]
    assert found[0] == pytest.approx(by_hand(model, ["the cat"]), rel=1e-12)
    assert found[1] == pytest.approx(by_hand(other, ["die katze"]), rel=1e-12)
    assert found[2:] == [None, None]


def test_normalization_is_that_of_ccnet(model):
    """Values of its function `normalize`, of an input for each of its steps."""
    for text, expected in [
        ("  Été À LA Plage ", "ete a la plage"),
        ("In 2024, 3 apples", "in 0000, 0 apples"),
        ("“Yes”— «no» … ok’s", '"yes" -  "no" ... ok\'s'),
        ("a\tb\x00c\x7f\x9fd\ne", "abcde"),
        ("１２：３％？", "00:0%?"),
        ("．～━【x】►", ". ~-[x]-"),
        ("   ", ""),
        ("İstanbul ﬁ ß", "istanbul ﬁ ß"),
    ]:
        assert lk.language.normalized(text) == expected
    (lines_,) = lk.language.documents(model, rows(["THE cát\nThe dog"]), normalize=True)
    assert lines_.perplexity == pytest.approx(by_hand(model, ["the cat", "the dog"]), rel=1e-12)
    (whole,) = lk.language.documents(
        model, rows(["THE cát\nThe dog"]), normalize=True, mode="sequence"
    )
    assert whole.perplexity == pytest.approx(by_hand(model, ["the catthe dog"]), rel=1e-12)


def test_pieces_are_words_of_the_model(model, monkeypatch, tmp_path):
    split = lk.language.documents(model, rows(["the-cat\nthe-dog"]), pieces=lambda t: t.split("-"))
    expected = by_hand(model, ["the cat", "the dog"])
    assert next(split).perplexity == pytest.approx(expected, rel=1e-12)

    class Processor:
        def __init__(self, model_file):
            if not model_file.endswith("good.model"):
                raise OSError("not a model")

        def encode(self, text, out_type):
            return text.split("-") if out_type is str else None

    monkeypatch.setitem(sys.modules, "sentencepiece", None)
    with pytest.raises(lk.errors.MissingExtraError, match="pip install sentencepiece"):
        next(lk.language.documents(model, rows(["a"]), pieces="good.model"))
    stand_in = types.SimpleNamespace(SentencePieceProcessor=Processor)
    monkeypatch.setitem(sys.modules, "sentencepiece", stand_in)
    split = lk.language.documents(model, rows(["the-cat\nthe-dog"]), pieces="good.model")
    assert next(split).perplexity == pytest.approx(expected, rel=1e-12)
    with pytest.raises(lk.errors.ReadError, match="no model of SentencePiece"):
        next(lk.language.documents(model, rows(["a"]), pieces="bad.model"))


def written(path, texts):
    whole = rows(texts)
    if path.suffix == ".parquet":
        pl.DataFrame(whole).write_parquet(path)
        return path
    text = "".join(json.dumps(row) + "\n" for row in whole).replace("\n", "\n\n", 1).encode()
    packed = {".gz": gzip.compress, ".bz2": bz2.compress}.get(path.suffix, bytes)
    path.write_bytes(packed(text))
    return path


@pytest.mark.parametrize("name", ["d.jsonl", "d.json", "d.jsonl.gz", "d.ndjson.bz2", "d.parquet"])
def test_files_of_records(model, tmp_path, monkeypatch, name):
    monkeypatch.setattr(module, "_TOGETHER", 3)
    path = written(tmp_path / name, TEXTS)
    found = list(lk.language.documents(model, [path, str(path)]))
    expected = [d.perplexity for d in lk.language.documents(model, rows(TEXTS))]
    assert [d.perplexity for d in found] == expected * 2
    assert [d.record["id"] for d in found] == [*range(7)] * 2


@pytest.mark.parametrize("name", ["o.jsonl", "o.jsonl.gz", "o.parquet"])
def test_documents_are_written_back(model, tmp_path, name):
    found = list(lk.language.documents(model, rows(TEXTS)))
    module.write((d.with_score() for d in found), tmp_path / name)
    again = list(module.records(tmp_path / name))
    assert again == [
        {"id": d.number - 1, "text": d.record["text"], "perplexity": d.perplexity} for d in found
    ]


def test_bad_documents_are_said(model, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n{"text": \n', encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('["text"]\n', encoding="utf-8")
    (tmp_path / "c.parquet").write_bytes(b"no parquet")
    for name, what in [
        ("a.jsonl", r"a.jsonl, line 2: no JSON"),
        ("b.jsonl", r"b.jsonl, line 1: an object is wanted; got list"),
        ("c.parquet", r"c.parquet cannot be read"),
        ("none.jsonl", r"none.jsonl cannot be read: No such file"),
    ]:
        with pytest.raises(lk.errors.ReadError, match=what):
            list(lk.language.documents(model, tmp_path / name))
    with pytest.raises(
        lk.errors.ReadError, match="document 1 has no field 'text'; its fields: id, body"
    ):
        list(lk.language.documents(model, [{"id": 1, "body": "a"}]))
    with pytest.raises(lk.errors.ReadError, match="'id' of document 1 is int"):
        list(lk.language.documents(model, rows(["a"]), field="id"))
    with pytest.raises(lk.errors.DataError, match="a document is a mapping"):
        list(lk.language.documents(model, [3]))
    with pytest.raises(lk.errors.ParameterError, match="lines or sequence"):
        list(lk.language.documents(model, rows(["a"]), mode="ccnet"))


def test_buckets():
    values = [*map(float, range(100)), None, math.inf]
    found = lk.language.buckets(values)
    assert [found.count(name) for name in ("head", "middle", "tail", None)] == [30, 30, 41, 1]
    assert found[-1] == "tail"
    assert lk.language.buckets([None]) == [None]
    for wrong in ((60, 30), (-1, 50), (50, 101)):
        with pytest.raises(lk.errors.ParameterError, match="percentiles"):
            lk.language.buckets(values, wrong)


def test_classify_is_bayes_rule():
    genesis, alice = (lines(name) for name in ("genesis", "alice"))
    models = {"genesis": lk.language.fit(genesis[0], 4), "alice": lk.language.fit(alice[0], 4)}
    texts = [*genesis[1][:20], *alice[1][:20]]
    found = lk.language.classify(models, texts)
    best = [next(iter(posterior)) for posterior in found]
    assert sum(a == b for a, b in zip(best, ["genesis"] * 20 + ["alice"] * 20, strict=True)) >= 36
    priors = {"genesis": 3.0, "alice": 1.0}
    for text, posterior in zip(
        ["the"], lk.language.classify(models, ["the"], priors=priors), strict=True
    ):
        p = {name: priors[name] / 4 * math.exp(m.log_prob(text)) for name, m in models.items()}
        for name, value in posterior.items():
            assert value == pytest.approx(p[name] / sum(p.values()), rel=1e-10)


def test_what_cannot_be_classified_is_said():
    with pytest.raises(lk.errors.ParameterError, match="no model"):
        lk.language.classify({}, ["a"])
    closed = {
        "a": lk.language.fit(["a"], 2, smoothing="mle"),
        "b": lk.language.fit(["b"], 2, smoothing="mle"),
    }
    assert lk.language.classify(closed, ["a", "b"]) == [{"a": 1.0, "b": 0.0}, {"b": 1.0, "a": 0.0}]
    with pytest.raises(
        lk.errors.DataError, match="text 2 has probability 0 under all 2 models: 'z'"
    ):
        lk.language.classify(closed, ["a", "z"])
    with pytest.raises(lk.errors.DataError, match="put one text in a list"):
        lk.language.classify(closed, "a")
    for priors in ({"a": 1.0}, {"a": 1.0, "b": -1.0}, {"a": 1.0, "b": math.inf}):
        with pytest.raises(lk.errors.ParameterError, match="a prior above 0"):
            lk.language.classify(closed, ["a"], priors=priors)


@pytest.fixture
def files(model, tmp_path):
    model.save(tmp_path / "model.lm")
    return str(tmp_path / "model.lm"), str(written(tmp_path / "web.jsonl", TEXTS))


def test_filter_on_the_command_line(files, capsys):
    expected = [d.perplexity for d in lk.language.documents(lk.language.load(files[0]), files[1])]
    middle = sorted(p for p in expected if p is not None)[1]
    assert run(["language", "filter", *files, "--below", str(middle + 1e-9)]) == 0
    said = capsys.readouterr()
    kept = [json.loads(line) for line in said.out.splitlines()]
    assert [k["id"] for k in kept] == [
        i for i, p in enumerate(expected) if p and p <= middle + 1e-9
    ]
    assert all(k["perplexity"] == expected[k["id"]] for k in kept)
    assert "left out: 4 documents without text" in said.err
    assert run(["language", "filter", *files, "--top", "1", "--worst", "--mode", "sequence"]) == 0
    (worst,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert worst["id"] == 1
    for wrong, what in [
        (["--top", "0"], "--top must be 1 or more"),
        ([], "--below and --above bound the perplexity"),
        (["--below", "3", "--field", "body"], "no field 'body'"),
        (["--below", "3", "--mode", "ccnet"], "lines or sequence"),
    ]:
        assert run(["language", "filter", *files, *wrong]) == 2
        assert what in capsys.readouterr().err


@pytest.mark.parametrize("name", ["scored.jsonl", "scored.parquet"])
def test_score_on_the_command_line(files, tmp_path, capsys, name):
    out = tmp_path / name
    assert run(["language", "score", *files, "--output", str(out), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["documents"], figures["empty"]) == (7, 4)
    expected = [d.perplexity for d in lk.language.documents(lk.language.load(files[0]), files[1])]
    assert [r["perplexity"] for r in module.records(out)] == expected
    assert figures["perplexity_50"] == sorted(p for p in expected if p)[1]
    assert run(["language", "score", *files, "--output", str(out), "--buckets", "30,60"]) == 0
    assert "perplexity 30 is that below which" in capsys.readouterr().out
    assert [r["bucket"] for r in module.records(out)] == lk.language.buckets(expected)


def test_what_does_not_go_together_on_the_command_line(files, tmp_path, capsys):
    (tmp_path / "plain.txt").write_text("the cat\n", encoding="utf-8")
    plain = str(tmp_path / "plain.txt")
    for arguments, what in [
        ([files[0], plain, "--field", "text"], "plain.txt is no file of documents"),
        ([files[0], plain, files[1]], "plain.txt is no file of documents"),
        ([files[0], plain, "--output", str(tmp_path / "o.jsonl")], "are for documents"),
        ([*files, "--buckets", "30,60"], "--buckets needs --output"),
        ([*files, "--output", str(tmp_path / "o.jsonl"), "--buckets", "a"], "two percentiles"),
    ]:
        assert run(["language", "score", *arguments]) == 2
        assert what in capsys.readouterr().err
