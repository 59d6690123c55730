"""`likeliest.language.kenlm` and states against what KenLM answers, recorded by a script beside."""

import copy
import gzip
import json
import math
import pickle

import pytest

import likeliest as lk
import likeliest.language.kenlm as same
from corpora import DATA, lines

RECORDED = json.loads((DATA / "kenlm_queries.json").read_text(encoding="utf-8"))
BOTH = [(bos, eos) for bos in (True, False) for eos in (True, False)]


@pytest.fixture(scope="module", params=sorted(RECORDED))
def corpus(request):
    return request.param


@pytest.fixture(scope="module")
def model(corpus, tmp_path_factory):
    path = tmp_path_factory.mktemp("kenlm") / f"{corpus}.arpa"
    path.write_bytes(gzip.decompress((DATA / f"{corpus}.words.arpa.gz").read_bytes()))
    return same.Model(str(path))


@pytest.mark.parametrize(("bos", "eos"), BOTH)
def test_each_word_of_each_sentence(model, corpus, bos, eos):
    recorded = RECORDED[corpus]
    for sentence, expected in zip(
        recorded["sentences"], recorded["full_scores"][f"{bos:d}{eos:d}"], strict=True
    ):
        got = list(model.full_scores(sentence, bos, eos))
        assert [full[0] for full in got] == pytest.approx([full[0] for full in expected], abs=5e-6)
        assert [list(full[1:]) for full in got] == [full[1:] for full in expected]
        total = sum(full[0] for full in expected)
        assert model.score(sentence, bos=bos, eos=eos) == pytest.approx(total, abs=1e-4)


def test_whole_sentences(model, corpus):
    recorded = RECORDED[corpus]
    for sentence, score, perplexity in zip(
        recorded["sentences"], recorded["score"], recorded["perplexity"], strict=True
    ):
        assert model.score(sentence) == pytest.approx(score, abs=1e-4)
        assert model.score(sentence.encode()) == model.score(sentence)
        assert model.perplexity(sentence) == pytest.approx(perplexity, rel=1e-5)


def test_what_is_in_the_vocabulary(model, corpus):
    for word, there in RECORDED[corpus]["contains"].items():
        assert (word in model) == there
        assert (word.encode() in model) == there


def state_after(model, words):
    """The state after words, one container for the states before and one for those after."""
    state, after = same.State(), same.State()
    model.NullContextWrite(state)
    for word in words:
        model.BaseScore(state, word, after)
        state, after = after, state
    return state


def test_states_are_equal_where_those_of_kenlm_are(model, corpus):
    recorded, numbers = RECORDED[corpus], {}
    states = [state_after(model, words) for words in recorded["contexts"]]
    assert [numbers.setdefault(s, len(numbers)) for s in states] == recorded["merged"]
    assert len(numbers) < len(states) / 2


def test_equal_states_score_alike(model, corpus):
    """What a state leaves out of the words before it does not matter to any word after it."""
    recorded = RECORDED[corpus]
    for words in recorded["contexts"][:60]:
        state = state_after(model, words)
        text = " ".join(words)
        for next_words in ("the", "and the", "zebra of"):
            together = model.score(f"{text} {next_words}", bos=False, eos=False)
            before = model.score(text, bos=False, eos=False)
            after = same.State()
            total = 0.0
            place = copy.copy(state)
            for word in next_words.split():
                total += model.BaseScore(place, word, after)
                place = copy.copy(after)
            assert total == pytest.approx(together - before, abs=1e-10)


def test_word_by_word(model):
    state, after = same.State(), same.State()
    model.BeginSentenceWrite(state)
    total = 0.0
    for word in ["In", "the", "zebra", "</s>"]:
        full = model.BaseFullScore(state, word, after)
        assert model.BaseScore(state, word, after) == full.log_prob
        assert full.oov == (word == "zebra")
        total += full.log_prob
        state, after = after, state
    assert total == pytest.approx(model.score("In the zebra"), abs=1e-12)
    unwritten = same.State()
    assert model.BaseScore(unwritten, "the", after) == model.score("the", bos=False, eos=False)


def test_states_are_values(model):
    start, nothing = same.State(), same.State()
    model.BeginSentenceWrite(start)
    assert nothing == same.State()
    model.NullContextWrite(nothing)
    assert nothing == same.State()
    assert hash(nothing) == hash(same.State())
    assert start != nothing
    assert nothing < start
    assert start >= nothing
    assert start != 3
    copied = copy.copy(start)
    model.NullContextWrite(start)
    assert copied != start
    assert copy.deepcopy(copied) == copied
    assert pickle.loads(pickle.dumps(copied)) == copied  # noqa: S301 - our own


def test_the_model_itself(model, corpus):
    assert model.order == 5
    assert model.path.endswith(f"{corpus}.arpa".encode())
    assert repr(model) == f"<Model from b'{corpus}.arpa'>"
    again = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own
    assert again.score("the cat") == model.score("the cat")
    other = same.LanguageModel(model.path, same.Config())
    assert isinstance(other, same.Model)
    state = same.State()
    other.BeginSentenceWrite(state)
    for ask in (model.BaseScore, model.BaseFullScore):
        with pytest.raises(lk.errors.ParameterError, match="another model"):
            ask(state, "the", same.State())


def test_settings_that_programs_make():
    config = same.Config()
    config.load_method = same.LoadMethod.LAZY
    config.arpa_complain = same.ARPALoadComplain.NONE
    config.show_progress = False
    assert (same.LoadMethod.PARALLEL_READ, same.ARPALoadComplain.NONE) == (4, 2)


def test_a_file_that_is_no_model_is_an_os_error_too(tmp_path):
    (tmp_path / "text").write_text("a b c\n", encoding="utf-8")
    for path in (tmp_path / "text", tmp_path / "none"):
        with pytest.raises(OSError, match=str(path)) as error:
            same.Model(path)
        assert isinstance(error.value, lk.errors.ReadError)


def test_what_has_no_probability_is_as_unlikely_as_kenlm_has_it(tmp_path):
    lk.language.fit(["a b", "b a"], 2, "words", "mle").save(tmp_path / "mle.lm")
    model = same.Model(tmp_path / "mle.lm")
    state, after = same.State(), same.State()
    model.BeginSentenceWrite(state)
    assert model.BaseScore(state, "zebra", after) == -100.0
    assert model.BaseFullScore(state, "zebra", after) == (-100.0, 1, True)
    assert model.score("a zebra", eos=False) == pytest.approx(math.log10(0.5) - 100.0)


def test_beside_kenlm_itself(model):
    """Where it is installed: the same calls on the same file, sentences not recorded."""
    kenlm = pytest.importorskip("kenlm", reason="no KenLM to stand beside")
    theirs = kenlm.Model(model.path)
    for sentence in lines("paradise_lost")[1]:
        assert model.score(sentence) == pytest.approx(theirs.score(sentence), abs=1e-4)
        ours, other = model.full_scores(sentence), theirs.full_scores(sentence)
        for a, b in zip(ours, other, strict=True):
            assert a == pytest.approx(b, abs=5e-6)
