"""The recipes of docs/language-decode.md, run as they stand where the package is installed."""

import gzip
import importlib
import math
import sys

import numpy as np
import pytest

import likeliest as lk
from corpora import DATA, lines
from pages import recipe

PAGE = "language-decode.md"
LABELS = [" ", *"abcdefghijklmnopqrstuvwxyz", ""]


@pytest.fixture(scope="module")
def arpa(tmp_path_factory):
    path = tmp_path_factory.mktemp("decoders") / "words.arpa"
    path.write_bytes(gzip.decompress((DATA / "genesis.words.arpa.gz").read_bytes()))
    return path


def spoken(text, rng):
    """What a network could say of a text: each letter with a good probability, then noise."""
    logits = rng.normal(0.0, 1.0, (2 * len(text), len(LABELS)))
    for at, letter in enumerate(text):
        logits[2 * at, LABELS.index(letter)] += 4.0
        logits[2 * at + 1, LABELS.index("")] += 4.0
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


TEXTS = ["and the earth brought forth grass", "let there be light", "every living creature"]


@pytest.fixture
def as_kenlm(monkeypatch):
    """Import pyctcdecode with our module under the name of KenLM's."""
    pytest.importorskip("pygtrie", reason="no pyctcdecode")
    for name in [n for n in sys.modules if n.split(".")[0] in {"kenlm", "pyctcdecode"}]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "kenlm", importlib.import_module("likeliest.language.kenlm"))
    pytest.importorskip("pyctcdecode", reason="no pyctcdecode")


def test_pyctcdecode_decodes_as_with_kenlm(arpa, as_kenlm, monkeypatch):
    monkeypatch.chdir(arpa.parent)
    ours = recipe(PAGE, "build_ctcdecoder", labels=LABELS)["build_ctcdecoder"]
    decoder = ours(LABELS, kenlm_model_path=str(arpa))
    found = [decoder.decode_beams(spoken(t, np.random.default_rng(1)))[0] for t in TEXTS]
    for name in [n for n in sys.modules if n.split(".")[0] in {"kenlm", "pyctcdecode"}]:
        monkeypatch.delitem(sys.modules, name)
    pytest.importorskip("kenlm", reason="no KenLM to stand beside")
    theirs = importlib.import_module("pyctcdecode").build_ctcdecoder(
        LABELS, kenlm_model_path=str(arpa)
    )
    for text, mine in zip(TEXTS, found, strict=True):
        other = theirs.decode_beams(spoken(text, np.random.default_rng(1)))[0]
        assert mine[0] == other[0]
        assert mine[-1] == pytest.approx(other[-1], abs=1e-4)
        assert mine[-2] == pytest.approx(other[-2], abs=1e-4)


def test_pyctcdecode_with_a_model_of_our_own(arpa, as_kenlm):
    model = lk.language.load(arpa)
    made = recipe(PAGE, "AbstractLanguageModel", labels=LABELS, model=model)
    decoder = made["decoder"]
    other = importlib.import_module("pyctcdecode").build_ctcdecoder(
        LABELS, kenlm_model_path=str(arpa)
    )
    for text in TEXTS:
        logits = spoken(text, np.random.default_rng(1))
        assert decoder.decode(logits) == other.decode(logits)
    assert decoder.decode(spoken(TEXTS[2], np.random.default_rng(1))) == TEXTS[2]
    log_prob, after = made["Counts"](model, alpha=1.0, beta=0.0).score(model.state(), "God", True)
    assert log_prob == pytest.approx(model.log_prob("God"), rel=1e-12)
    assert after == model.state("God")


def test_torchaudio(arpa):
    pytest.importorskip("torchaudio.models.decoder", reason="no decoder of torchaudio")
    model = lk.language.load(arpa)
    words = ["the", "earth", "zebra"]
    language_model = recipe(PAGE, "CTCDecoderLM")["Words"](model, words)
    for nothing in (False, True):
        state, total = language_model.start(nothing), 0.0
        for index in (0, 1, 2):
            state, log_prob = language_model.score(state, index)
            total += log_prob
        _, log_prob = language_model.finish(state)
        expected = model.log_prob(" ".join(words), bos=not nothing)
        assert total + log_prob == pytest.approx(expected, rel=1e-12)


def test_transformers():
    tokenizers = pytest.importorskip("tokenizers")
    transformers = pytest.importorskip("transformers")
    torch = pytest.importorskip("torch")
    pieces = tokenizers.Tokenizer(tokenizers.models.BPE(unk_token="?"))  # noqa: S106 - a piece
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=200, special_tokens=["?"])
    text = lines("alice")[0]
    pieces.train_from_iterator(text, trainer)
    model = lk.language.fit(text, 3, pieces)
    processor = recipe(PAGE, "LogitsProcessor")["Pieces"](model, weight=0.5)
    ids = pieces.encode("Alice was").ids
    size = pieces.get_vocab_size()
    scores = processor(torch.tensor([ids, ids]), torch.zeros(2, size))
    expected = 0.5 * model.state("Alice was", bos=False).log_probs()[1:]
    np.testing.assert_allclose(scores[0].numpy(), expected, rtol=1e-5)
    torch.manual_seed(0)
    config = transformers.GPT2Config(vocab_size=size, n_positions=32, n_embd=8, n_layer=1, n_head=1)
    network = transformers.GPT2LMHeadModel(config).eval()
    drawn = network.generate(
        torch.tensor([ids]), max_new_tokens=12, do_sample=False, pad_token_id=0,
        logits_processor=[recipe(PAGE, "LogitsProcessor")["Pieces"](model, weight=100.0)],
    )  # fmt: skip
    state, total = model.state("Alice was", bos=False), 0.0
    for number in drawn[0, len(ids) :].tolist():
        log_prob, after = state.score(number + 1)
        assert log_prob == pytest.approx(state.log_probs()[1:].max(), abs=0.05)
        total, state = total + log_prob, after
    assert math.isfinite(total)
