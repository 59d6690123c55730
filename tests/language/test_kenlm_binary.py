"""Binaries of KenLM against the scores that KenLM gives, recorded by a script beside."""

import gzip
import json
import pickle

import numpy as np
import pytest

import likeliest as lk
import likeliest.language.kenlm as same
from corpora import DATA
from likeliest.cli import run

RECORDED = json.loads((DATA / "kenlm_binary.json").read_text(encoding="utf-8"))
SENTENCES = RECORDED["sentences"]
PLAIN = SENTENCES[:-1]  # without marks, which are words in a text
SCORES = RECORDED["full_scores"]
HASHED = ("probing", "rests")


def content(name):
    return gzip.decompress((DATA / f"kenlm_binary.{name}.gz").read_bytes())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("kenlm")
    for name in (*SCORES, "arpa", "wordless"):
        (where / name).write_bytes(content(name))
    return where


@pytest.mark.parametrize("name", SCORES)
def test_each_word_has_the_score_that_kenlm_gives(folder, name):
    model = same.Model(folder / name)
    for sentence, expected in zip(SENTENCES, SCORES[name], strict=True):
        got = list(model.full_scores(sentence))
        assert [full[0] for full in got] == pytest.approx([full[0] for full in expected], abs=5e-6)
        assert [list(full[1:]) for full in got] == [full[1:] for full in expected]


@pytest.mark.parametrize("name", SCORES)
def test_text_at_once_and_step_by_step(folder, name):
    model = lk.language.load_kenlm(folder / name)
    assert isinstance(model, lk.language.HashedModel) == (name in HASHED)
    totals = [sum(full[0] for full in expected) for expected in SCORES[name][:-1]]
    np.testing.assert_allclose(model.log_prob(PLAIN, base=10), totals, atol=2e-5)
    each = [model.log_prob(sentence, bos=False, eos=False) for sentence in PLAIN]
    np.testing.assert_allclose(model.log_prob(PLAIN, bos=False, eos=False), each, atol=1e-10)
    orders = model.surprisal(SENTENCES[0]).orders
    assert orders.tolist() == [full[1] for full in SCORES[name][0]]
    state = model.state("the little")
    each = [state.score(number)[0] for number in range(len(model.vocabulary))]
    np.testing.assert_allclose(state.log_probs(), each, rtol=1e-12)
    assert pickle.loads(pickle.dumps(state)) == state  # noqa: S301 - our own
    assert model.state("zebra the", bos=False) == model.state("the", bos=False)


def test_hash_tables_say_what_the_arpa_file_does(folder):
    """Distributions, drawn sequences, classes and mixtures, but for KenLM's rounding to float32."""
    hashed, listed = lk.language.load_kenlm(folder / "probing"), lk.language.load(folder / "arpa")
    number = [listed.vocabulary.index[s] for s in hashed.vocabulary.symbols[1:] if s != "<unk>"]
    contexts = np.array([[-1, 0, 5], [3, 0, 7], [-1, -1, -1], [9, 10, 11]])
    own = np.append([0], number)
    found = hashed.log_probs(contexts)[:, : own.size]
    of_listed = np.where(contexts < 1, contexts, own[np.maximum(contexts, 0)])
    np.testing.assert_allclose(found, listed.log_probs(of_listed)[:, own], atol=1e-6)
    assert hashed.generate(2, seed=1, temperature=0) == listed.generate(2, seed=1, temperature=0)
    mixed = lk.language.mix([folder / "probing", listed], weights=[0.5, 0.5])
    assert mixed.nll(SENTENCES[0]) == pytest.approx(listed.nll(SENTENCES[0]), abs=1e-4)
    (found,) = lk.language.classify({"a": hashed, "b": listed}, [SENTENCES[0]])
    assert found["a"] == pytest.approx(0.5, abs=1e-4)
    with pytest.raises(lk.errors.ReadError, match="load_kenlm"):
        lk.language.load(folder / "probing")


def test_a_trie_is_a_model_like_others(folder, tmp_path):
    listed, model = lk.language.load(folder / "arpa"), lk.language.load(folder / "trie")
    assert model.sizes[0] == listed.sizes[0]
    assert sum(model.sizes) > sum(listed.sizes)  # what SRILM left out KenLM puts in
    model.to_arpa(tmp_path / "again.arpa")
    again = lk.language.load(tmp_path / "again.arpa")
    np.testing.assert_allclose(
        again.nll(SENTENCES, "none"), listed.nll(SENTENCES, "none"), atol=1e-5
    )


def test_on_the_command_line(folder, tmp_path, capsys):
    text = tmp_path / "text"
    text.write_text("\n".join(SENTENCES[:4]), encoding="utf-8")
    for name in ("probing", "trie"):
        for verb in (["score"], ["filter", "--below", "1e9"]):
            assert run(["language", verb[0], str(folder / name), str(text), *verb[1:]]) == 0
        assert run(["language", "show", str(folder / name), "--after", "the"]) == 0
        assert run(["language", "generate", str(folder / name), "-n", "2"]) == 0
    capsys.readouterr()
    assert run(["language", "shrink", str(folder / "probing"), "--threshold", "1e-5"]) == 2
    assert "give its ARPA file" in capsys.readouterr().err


def test_what_cannot_be_read_is_named(folder, tmp_path):
    with pytest.raises(lk.errors.ReadError, match="without its words"):
        lk.language.load(folder / "wordless")
    with pytest.raises(lk.errors.ReadError, match="no binary"):
        lk.language.load_kenlm(folder / "arpa")
    with pytest.raises(lk.errors.ReadError, match="cannot be read"):
        lk.language.load_kenlm(folder / "none")
    with pytest.raises(OSError, match="cannot be read"):
        same.Model(folder / "none")
    for at, value, what in ((49, b"4", "another version"), (60, b"\1", "another kind of machine")):
        changed = bytearray(content("trie"))
        changed[at : at + 1] = value
        (tmp_path / "changed").write_bytes(changed)
        with pytest.raises(lk.errors.ReadError, match=what):
            lk.language.load_kenlm(tmp_path / "changed")


@pytest.mark.parametrize("name", ["probing", "trie", "both"])
def test_a_damaged_file_is_said_or_read(tmp_path, name):
    whole = content(name)
    rng = np.random.default_rng(1)
    for cut in [0, 10, 60, 100, 125, *rng.integers(0, len(whole), 20)]:
        (tmp_path / "short").write_bytes(whole[:cut])
        with pytest.raises(lk.errors.ReadError):
            lk.language.load_kenlm(tmp_path / "short")
    for _ in range(60):
        changed = bytearray(whole)
        at = int(rng.integers(88, 140 if rng.random() < 0.5 else len(whole)))
        changed[at] ^= int(rng.integers(1, 256))
        (tmp_path / "changed").write_bytes(changed)
        try:
            model = lk.language.load_kenlm(tmp_path / "changed")
        except lk.errors.ReadError:
            continue
        model.log_prob(SENTENCES)
        model.log_prob(SENTENCES[0])
