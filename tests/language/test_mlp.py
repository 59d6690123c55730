"""The network against a plain PyTorch loop over every symbol, and against the laws of models."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import DataError, ParameterError, ReadError
from likeliest.language.neural import mlp_training

NAMES = list(lk.datasets.first_names())[::7]


@pytest.fixture(scope="module")
def model():
    return lk.language.fit(NAMES, method="mlp", hidden=20, embedding=4, steps=30)


@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_losses_are_those_of_the_plain_loop(l2):
    torch = pytest.importorskip("torch")
    context, hidden, embedding, rate = 3, 12, 5, 0.5
    text = NAMES[:120]
    model = lk.language.fit(text, method="mlp", hidden=hidden, embedding=embedding, steps=1)
    index, symbols = model.vocabulary.index, len(model.vocabulary)
    rows, outcomes = [], []
    for name in text:
        before = [0] * context
        for number in [*(index[s] for s in name), 0]:
            rows.append(before)
            outcomes.append(number)
            before = [*before[1:], number]
    xs, ys = torch.tensor(rows), torch.tensor(outcomes)
    rng = np.random.default_rng(3)
    shapes = [(symbols, embedding), (context * embedding, hidden), (hidden,), (hidden, symbols)]
    init = [rng.normal(size=shape) * 0.3 for shape in [*shapes, (symbols,)]]
    parameters = [torch.tensor(each, requires_grad=True) for each in init]
    c, w1, b1, w2, b2 = parameters
    count, losses = sum(p.numel() for p in parameters), []
    for _ in range(100):
        h = torch.tanh(c[xs].reshape(len(xs), -1) @ w1 + b1)
        loss = torch.nn.functional.cross_entropy(h @ w2 + b2, ys)
        loss = loss + l2 * sum((p**2).sum() for p in parameters) / count
        losses.append(loss.item())
        for p in parameters:
            p.grad = None
        loss.backward()
        for p in parameters:
            p.data -= rate * p.grad
    ours = lk.language.fit(
        text, method="mlp", hidden=hidden, embedding=embedding, steps=100, learning_rate=rate,
        l2=l2, init=init,
    )  # fmt: skip
    np.testing.assert_allclose(ours.losses, losses, atol=1e-6, rtol=0)
    assert losses[0] - losses[-1] > 0.3
    for mine, theirs in zip(ours.weights, parameters, strict=True):
        np.testing.assert_allclose(mine, theirs.detach().numpy(), atol=1e-6)


def test_the_loss_is_the_nll_of_the_text_and_falls(model):
    assert model.losses[-1] == pytest.approx(model.nll(NAMES, "mean"), rel=1e-5)
    assert model.losses[0] == pytest.approx(np.log(27), abs=0.02)
    assert (np.diff(model.losses) <= 1e-6).all()
    assert model.losses[-1] < lk.language.fit(NAMES, 2, smoothing="mle").nll(NAMES, "mean")


@pytest.mark.parametrize("text", ["", "a", "anna", "zzzyzx"])
def test_states_contexts_and_whole_texts_say_the_same(model, text):
    state, context, each = model.state(), [0], []
    for symbol in [*text, "</s>"]:
        logs = state.log_probs()
        assert np.exp(logs).sum() == pytest.approx(1.0, abs=1e-12)
        np.testing.assert_allclose(model.log_probs([context])[0], logs, atol=1e-12)
        log_prob, state = state.score(symbol)
        number = model.vocabulary.index.get(symbol, 0)
        assert log_prob == pytest.approx(logs[number], abs=1e-12)
        context.append(number)
        each.append(-log_prob)
    np.testing.assert_allclose(each, model.nll(text, "none"), rtol=1e-12)
    together = model.nll(["mary", text, "eve"], "none")
    np.testing.assert_allclose(together[5 : 6 + len(text)], each, rtol=1e-12)


def test_unknown_symbols_have_no_probability(model):
    assert model.log_prob("a#a") == -np.inf
    assert model.nll("a#a", "none").tolist()[2] == pytest.approx(model.nll("a", "none")[0])
    assert model.evaluate("a#a").unknown == 1
    assert model.state("a").step("#")[:3] == (-np.inf, 4, True)
    assert "#" not in model
    with pytest.raises(ParameterError, match="number to"):
        model.state().score(99)


def test_it_draws_what_it_predicts(model):
    drawn = model.generate(4_000, seed=0, max_symbols=1)
    for symbol in "amj":
        share = model.prob(symbol)
        assert drawn.count(symbol) / 4_000 == pytest.approx(share, abs=4 * (share / 4_000) ** 0.5)
    assert list(model.next("an", top=3).items()) == list(model.next("an").items())[:3]


def test_mixed_with_counts_it_is_better_than_either():
    train, held, test = NAMES[::2], NAMES[1::4], NAMES[3::4]
    counts = lk.language.fit(train, 4)
    model = lk.language.fit(train, method="mlp", hidden=30, embedding=5, steps=40, l2=0.01)
    mixed = lk.language.mix([counts, model], heldout=held)
    assert mixed.perplexity(test) < min(counts.perplexity(test), model.perplexity(test))
    probs = np.exp(mixed.log_probs([[0], [mixed.vocabulary.index["a"]]]))
    np.testing.assert_allclose(probs.sum(axis=1), 1.0, atol=1e-12)
    log_prob, _ = mixed.state("ma").score("r")
    assert log_prob == pytest.approx(-mixed.nll("mar", "none")[2], rel=1e-12)
    assert "mlp" in repr(mixed)
    with pytest.raises(DataError, match="lists no n-grams"):
        mixed.merge()


def test_it_is_kept_in_a_file(model, tmp_path):
    model.save(tmp_path / "a.mlp")
    opened = lk.language.load_mlp(tmp_path / "a.mlp", check=True)
    np.testing.assert_array_equal(opened.nll(NAMES[:50], "none"), model.nll(NAMES[:50], "none"))
    assert repr(opened) == repr(model)
    with pytest.raises(ReadError, match="holds a network, not a model"):
        lk.language.load(tmp_path / "a.mlp")
    lk.language.fit(NAMES, 2).save(tmp_path / "b.lm")
    with pytest.raises(ReadError, match="holds a model"):
        lk.language.load_mlp(tmp_path / "b.lm")


def test_words_and_longer_contexts():
    text = ["the cat sat on the mat", "the dog sat", "a cat ran"]
    model = lk.language.fit(
        text, method="mlp", tokenizer="words", context=5, hidden=8, embedding=3, steps=200
    )
    assert model.order == 6
    assert model.perplexity(text) < 1.6
    assert sorted(model.generate(20, seed=1, temperature=0.5))


def test_what_is_refused():
    fit = lk.language.fit
    for wrong, what in (
        ({"method": "mlp", "order": 3}, "leave order=3 out"),
        ({"context": 3}, "of method='mlp'"),
        ({"method": "mlp", "context": 0}, "context"),
        ({"method": "mlp", "hidden": 0}, "hidden"),
        ({"method": "mlp", "smoothing": "katz"}, "smoothing"),
        ({"method": "mlp", "learning_rate": -1.0}, "learning_rate"),
        ({"method": "mlp", "l2": -1.0}, "l2"),
        ({"method": "mlp", "init": [np.zeros(3)] * 5}, "shapes"),
        ({"method": "network"}, "counts, gradient, lbfgs or mlp"),
    ):
        with pytest.raises(ParameterError, match=what):
            fit(["abc", "ab"], **wrong)
    with pytest.raises(ParameterError, match="context of 1"):
        mlp_training.train(lk.language.count(["ab"], 1), lk.language.Characters())
