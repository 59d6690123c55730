"""States of a query against scores of whole texts, and what of a context can be asked at once."""

import math
import pickle
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest

import likeliest as lk
from corpora import lines
from likeliest.language import smoothing
from likeliest.language.models import state
from likeliest.language.models.scoring import following

SENTENCES = ["And God said, Let there be light", "God zebra the", "", "the the the the the the"]


@pytest.fixture(scope="module", autouse=True, params=["compiled", "plain"])
def walk(request):
    """The walk in C, where it was compiled, and the one in Python."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "plain":
            patch.setattr(state, "Walk", None)
        elif state.Walk is None:
            pytest.skip("there was no compiler")
        yield


@pytest.fixture(scope="module")
def model(walk):
    return lk.language.fit(lines("genesis")[0], 4, "words")


@pytest.mark.parametrize("method", sorted(smoothing.METHODS))
def test_the_compiled_walk_gives_the_same_bits(method, monkeypatch):
    if state.Walk is None:
        pytest.skip("there is one walk alone")
    estimate = lk.language.fit(lines("genesis")[0], 4, "words", method).estimate
    texts = [line.split() for line in (*lines("genesis")[1], *SENTENCES)]

    def answers():
        search, found = state.Search(estimate), []
        for _ in range(2):  # the second time with the starts of contexts noted
            found += [search.total(text, search.nothing, eos=True) for text in texts]
            here = search.start
            for symbol in texts[0] + texts[-1] + texts[1]:
                *step, here = search.known(here, symbol)
                found.append((*step, here.numbers))
            search.asked = search.levels[-1].keys.nbytes
            search._note_starts()
            search._forget()
        return found

    compiled = answers()
    monkeypatch.setattr(state, "Walk", None)
    assert answers() == compiled


def test_a_walk_refuses_what_lies_beyond_its_arrays(model):
    walk = model.estimate.search.walk
    if walk is None:
        pytest.skip("there was no compiler")
    for call in (
        lambda: walk.total([10**6], []),
        lambda: walk.total([1], [10**6]),
        lambda: walk.step([1, 10**9], 1),
        lambda: walk.step([], -1),
    ):
        with pytest.raises(IndexError):
            call()
    with pytest.raises(TypeError):
        walk.total(["the"], [])
    search = model.estimate.search
    with pytest.raises(ValueError, match="do not fit together"):
        state.Walk(search.unigrams[:-1], search.levels, False)


@pytest.mark.parametrize("tokenizer", ["characters", "words"])
@pytest.mark.parametrize("method", sorted(smoothing.METHODS))
@pytest.mark.parametrize("bos", [True, False])
def test_steps_are_the_scores_of_the_text(method, tokenizer, bos):
    model = lk.language.fit(lines("genesis")[0][:300], 4, tokenizer, method)
    for sentence in [*lines("genesis")[1][:5], *SENTENCES]:
        (scores,) = model.scores(sentence, bos=bos)
        here, steps = model.state(bos=bos), []
        for symbol in [*(sentence.split() if tokenizer == "words" else sentence), "</s>"]:
            steps.append(here.step(symbol))
            assert here.score(symbol) == (steps[-1].log_prob, steps[-1].state)
            here = steps[-1].state
        np.testing.assert_allclose([s.log_prob for s in steps], scores.log_probs, rtol=1e-12)
        assert [s.order for s in steps] == scores.orders.tolist()
        outside = (scores.ids < 0) | (scores.ids == model.vocabulary.unknown)
        assert [s.unknown for s in steps] == outside.tolist()


def test_numbers_are_symbols_too(model):
    by_number = model.state()
    by_symbol = model.state()
    for symbol in ["In", "the", "beginning"]:
        number = model.vocabulary.index[symbol]
        a, by_number = by_number.score(np.int64(number))
        b, by_symbol = by_symbol.score(symbol)
        assert a == b
        assert by_number == by_symbol
    assert by_number.score(0)[0] == by_symbol.score("</s>")[0]
    for wrong in (len(model.vocabulary), -2, None, 0.5):
        with pytest.raises(lk.errors.ParameterError, match="a symbol is a string, or a number"):
            by_number.score(wrong)


def test_states_are_equal_where_nothing_can_follow(model):
    assert model.state("zebra quagga God") == model.state("God", bos=False)
    assert model.state("x And God said") == model.state("y And God said")
    assert model.state("And") != model.state("And", bos=False)
    assert len({model.state("zebra the"), model.state("quagga the")}) == 1
    assert model.state("God said", bos=False).score("</s>")[1] == model.state(bos=False)


def test_a_state_keeps_what_its_back_off_weight_tells():
    """A context all of whose n-grams were pruned still has a weight."""
    text = ["a b c", "a b d", "x b c", "x b d", *["b c", "b d", "q"] * 5]
    model = lk.language.fit(text, 3, "words", prune=(0, 0, 3))
    for context in ("a b", "x b", "z b"):
        for symbol in ("c", "d", "q", "</s>"):
            expected = model.log_prob(f"{context} {symbol}".replace(" </s>", ""), bos=False)
            log_prob = model.log_prob(context, bos=False, eos=False)
            one, after = model.state(context, bos=False).score(symbol)
            end = 0.0 if symbol == "</s>" else after.score("</s>")[0]
            assert log_prob + one + end == pytest.approx(expected, rel=1e-12)


def test_a_state_travels(model):
    here = model.state("In the")
    there = pickle.loads(pickle.dumps(here))  # noqa: S301 - our own
    assert there == here
    assert hash(there) == hash(here)
    assert there.score("beginning")[0] == here.score("beginning")[0]
    assert repr(here) == "State(<s> In the)"


def test_what_is_remembered_is_bounded(model, monkeypatch):
    monkeypatch.setattr(state, "_MOST", 7)
    monkeypatch.setattr(state, "_PAYS", 4)
    again = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own
    search = again.estimate.search
    for sentence in lines("genesis")[1]:
        expected = model.nll(sentence, "none")
        here = again.state()
        for word, nll in zip([*sentence.split(), "</s>"], expected, strict=True):
            log_prob, here = here.score(word)
            assert log_prob == pytest.approx(-nll, rel=1e-12)
        assert sum(len(used.after) for used in search.used) <= 7
    assert all(level.starts is not None for level in search.levels)


def test_threads_share_what_is_remembered(model, monkeypatch):
    monkeypatch.setattr(state, "_MOST", 5)
    again = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own
    text = lines("genesis")[1] * 20
    expected = [-model.nll(sentence) for sentence in lines("genesis")[1]] * 20
    with ThreadPoolExecutor(4) as pool:
        np.testing.assert_allclose(list(pool.map(again.log_prob, text)), expected, rtol=1e-12)
    assert state._NONE == {}


def test_all_symbols_after_a_state(model):
    here = model.state("And God")
    logs = here.log_probs()
    assert np.exp(logs).sum() == pytest.approx(1.0, abs=1e-9)
    for symbol in ("said", "zebra", "</s>"):
        number = 0 if symbol == "</s>" else model.vocabulary.index.get(symbol)
        number = model.vocabulary.unknown if number is None else number
        assert logs[number] == pytest.approx(here.score(symbol)[0], rel=1e-12)


def test_contexts_by_numbers(model):
    index = model.vocabulary.index
    god, said = index["God"], index["said"]
    logs = model.log_probs([[0, god], [god, said], [-1, -1]])
    assert logs.shape == (3, len(model.vocabulary))
    for row, (text, bos) in zip(
        logs, [("God", True), ("God said", False), ("", False)], strict=True
    ):
        np.testing.assert_allclose(row, model.state(text, bos=bos).log_probs(), rtol=1e-12)
    longer = model.log_probs(np.array([[god] * 9 + [god, said]], np.int32))
    np.testing.assert_array_equal(longer, model.log_probs([[god, god, said]]))
    np.testing.assert_array_equal(model.log_probs(np.zeros((1, 0), int))[0], logs[2])
    for wrong in ([1, 2], [[0.5]], [[len(model.vocabulary)]], [[-2]]):
        with pytest.raises(lk.errors.ParameterError, match="numbers of symbols"):
            model.log_probs(wrong)


@pytest.mark.parametrize("method", sorted(smoothing.METHODS))
@pytest.mark.parametrize("tokenizer", ["characters", "words"])
def test_the_likeliest_are_the_first_of_all(method, tokenizer):
    model = lk.language.fit(lines("alice")[0][:200], 3, tokenizer, method)
    for after, bos in [("", True), ("", False), ("the ", True), ("said the", False), ("zqz", True)]:
        everything = model.next(after, bos=bos)
        for top in (1, 5, len(model.vocabulary) + 3):
            likeliest = model.next(after, bos=bos, top=top)
            assert len(likeliest) == min(top, len(model.vocabulary))
            values = list(likeliest.values())
            np.testing.assert_allclose(values, list(everything.values())[:top], rtol=1e-12)
            assert all(a >= b for a, b in pairwise(values))
            for symbol, value in likeliest.items():
                assert everything[symbol] == pytest.approx(value, rel=1e-12)
    with pytest.raises(lk.errors.ParameterError, match="top"):
        model.next(top=0)


def test_one_probability_needs_no_pass_over_the_vocabulary(model, monkeypatch):
    expected = model.next("In the")
    monkeypatch.setattr("likeliest.language.models.model.following", None)
    monkeypatch.setattr("likeliest.language.models.scoring.following", None)
    assert model.prob("beginning", "In the") == pytest.approx(expected["beginning"], rel=1e-12)
    assert model.prob(".", "In the") == pytest.approx(expected["."], rel=1e-12)
    first = next(iter(model.next("In the", top=1)))
    assert first == next(iter(expected))


def test_what_is_in_the_vocabulary(model):
    assert "God" in model
    for word in ("zebra", "<unk>", "</s>", "<s>", ".", "", 3):
        assert word not in model


@pytest.mark.parametrize("text", [lines("genesis")[1][3], " ".join(lines("genesis")[1])])
def test_without_start_or_end(model, text):
    """A short text is scored step by step, a long one all at once: by one rule."""
    words = text.split()
    each = model.nll(text, "none")
    without_end = model.nll(text, "none", eos=False)
    np.testing.assert_array_equal(without_end, each[:-1])
    assert model.log_prob(text, eos=False) == pytest.approx(-each[:-1].sum(), rel=1e-12)
    assert model.log_prob([text], eos=False)[0] == pytest.approx(-each[:-1].sum(), rel=1e-12)
    within = model.nll(text, "none", bos=False)
    assert within[0] == pytest.approx(-math.log(model.prob(words[0], bos=False)), rel=1e-12)
    np.testing.assert_array_equal(within[3:], each[3:])
    assert model.log_prob(text, bos=False) == pytest.approx(-within.sum(), rel=1e-12)
    assert model.log_prob([text, text], bos=False).tolist() == pytest.approx([-within.sum()] * 2)
    figures = model.evaluate([text], bos=False, eos=False)
    assert figures.symbols == len(words)
    assert figures.characters == len(text)
    assert figures.perplexity == pytest.approx(math.exp(within[:-1].mean()), rel=1e-12)
    assert model.perplexity([text], bos=False, eos=False) == figures.perplexity
    assert model.nll([text], "mean", eos=False) == pytest.approx(each[:-1].mean(), rel=1e-12)
    shown = model.surprisal([text, text], eos=False)
    assert shown.symbols == (*words, *words)
    np.testing.assert_array_equal(shown.nats, np.tile(each[:-1], 2))


def test_logarithms_of_other_bases(model):
    text = "And God said"
    nats = model.log_prob(text)
    assert model.log_prob(text, base=10) == pytest.approx(nats / math.log(10), rel=1e-14)
    assert model.log_prob([text], base=2)[0] == pytest.approx(nats / math.log(2), rel=1e-14)
    assert model.nll(text, base=2) == pytest.approx(-nats / math.log(2), rel=1e-14)
    np.testing.assert_allclose(
        model.nll(text, "none", base=10), -model.surprisal(text).log10_probs, rtol=1e-14
    )
    for wrong in (1, 0, -2, math.inf, math.nan):
        with pytest.raises(lk.errors.ParameterError, match="base is a number above 1"):
            model.nll(text, base=wrong)


def test_unknown_words_are_flagged(model):
    surprisal = model.surprisal("God zebra <unk> said")
    assert surprisal.unknown.tolist() == [False, True, True, False, False]
    assert [s.unknown for s in surprisal] == surprisal.unknown.tolist()
    closed = lk.language.fit(["a b"], 2, "words", "mle")
    assert closed.surprisal("a zebra").unknown.tolist() == [False, True, False]


def test_marks_in_a_text_are_unknown_words_however_it_is_scored(tmp_path, capsys):
    """`</s>` in a text is a word like another, in sums, in surprisals and on the command line."""
    model = lk.language.fit(["a b"], 2, "words")
    unknown = model.log_prob("a zebra")
    assert unknown == pytest.approx(-4.44195, abs=1e-5)
    for mark in ("</s>", "<s>", "<unk>"):
        surprisal = model.surprisal(f"a {mark}")
        assert surprisal.symbols == ("a", mark, ".")
        assert surprisal.unknown.tolist() == [False, True, False]
        assert -surprisal.nats.sum() == pytest.approx(unknown, rel=1e-12)
        assert model.log_prob(f"a {mark}") == pytest.approx(unknown, rel=1e-12)
        assert model.log_prob([f"a {mark}"])[0] == pytest.approx(unknown, rel=1e-12)
    from likeliest.cli import run

    model.save(tmp_path / "model.lm")
    (tmp_path / "text").write_text("a </s>\n", encoding="utf-8")
    assert (
        run(
            ["language", "score", str(tmp_path / "model.lm"), str(tmp_path / "text"), "--surprisal"]
        )
        == 0
    )
    assert "</s>" in capsys.readouterr().out


def test_a_nul_in_a_short_text_is_refused_as_in_a_long_one(model):
    with pytest.raises(lk.errors.DataError, match="NUL"):
        model.log_prob("a \0 b")


def test_a_file_of_pruned_ngrams_lacks_suffixes(tmp_path):
    """SRILM, pruning, keeps "sun rise now" and not "rise now"."""
    (tmp_path / "pruned.arpa").write_text(
        "\\data\\\nngram 1=5\nngram 2=1\nngram 3=1\n\n\\1-grams:\n-99\t<s>\t0\n-1\t</s>\n"
        "-1\tsun\t-0.5\n-0.9\trise\t-0.3\n-0.7\tnow\t-0.2\n\n\\2-grams:\n-0.4\tsun rise\t-0.1\n\n"
        "\\3-grams:\n-0.25\tsun rise now\n\n\\end\\\n",
        encoding="utf-8",
    )
    model = lk.language.load(tmp_path / "pruned.arpa")
    _, here = model.state("sun", bos=False).score("rise")
    assert here.step("now").log_prob / math.log(10) == pytest.approx(-0.25, rel=1e-12)
    _, after = here.score("now")
    assert after.score("rise")[0] / math.log(10) == pytest.approx(-0.2 - 0.9, rel=1e-12)
    assert here.score("sun")[0] / math.log(10) == pytest.approx(-0.1 - 0.3 - 1.0, rel=1e-12)
    np.testing.assert_allclose(here.log_probs(), following(model.estimate, np.array([[1, 2]]))[0])


def test_a_text_has_the_sum_of_its_steps_whether_or_not_starts_are_noted():
    train, held = lines("genesis")
    model = lk.language.fit(train, 4, "words")
    search = model.estimate.search
    texts = [*held[:200], "", "zebra the zebra", "the </s> the"]

    def stepped(text, *, bos, eos):
        state, total = model.state(bos=bos), 0.0
        for symbol in [*text.split(), "</s>"] if eos else text.split():
            log_prob, state = state.score(symbol)
            total += log_prob
        return total

    for _ in range(2):
        for text in texts:
            for bos, eos in ((True, True), (False, True), (True, False), (False, False)):
                start = search.start if bos else search.nothing
                got = search.total(text.split(), start, eos=eos)
                assert got == pytest.approx(stepped(text, bos=bos, eos=eos), abs=1e-9)
        search.asked = len(search.levels[-1].keys)
        search._note_starts()
    assert all(level.starts is not None for level in search.levels)
