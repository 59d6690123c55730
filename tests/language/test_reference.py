"""The worked example: bigrams of 32,033 names, by counting and by gradient descent."""

import numpy as np
import pytest

import likeliest as lk
from corpora import DATA, bigram_counts


@pytest.fixture(scope="module")
def counts():
    return bigram_counts()


def mean_nll(model):
    """The NLL per symbol of the text that the counts are of, from the table alone."""
    table = model.counts.table()
    seen = table > 0
    return (
        -(table[seen] * np.log(model.table()[: len(table), : len(table)][seen])).sum() / table.sum()
    )


def test_counts(counts):
    assert counts.total == 228_146
    assert counts.sequences == 32_033
    assert counts[".", "a"] == 4_410
    assert counts["n", "."] == 6_763


def test_mle(counts):
    model = lk.language.fit(counts, smoothing="mle")
    assert mean_nll(model) == pytest.approx(2.454014489, abs=1e-9)


def test_add_one(counts):
    model = lk.language.fit(counts, smoothing="add-k")
    assert mean_nll(model) == pytest.approx(2.454576820, abs=1e-9)


def test_gradient_descent(counts):
    weights = np.load(DATA / "weights.npy")
    model = lk.language.fit(counts, method="gradient", steps=1000, init=weights)
    expected = {0: 3.768619, 9: 2.718831, 99: 2.490130, 999: 2.480447}
    for step, loss in expected.items():
        assert model.losses[step] == pytest.approx(loss, abs=1e-5)
    assert model.losses.shape == (1000,)
    assert model.weights.shape == (27, 27)
    np.testing.assert_allclose(model.table().sum(axis=1), 1.0, atol=1e-12)


def test_lbfgs_reaches_the_same_optimum(counts):
    far = lk.language.fit(counts, method="gradient", steps=20_000)
    near = lk.language.fit(counts, method="lbfgs", steps=500)
    assert near.losses[-1] <= far.losses[-1] + 1e-12
    assert near.losses[-1] == pytest.approx(far.losses[-1], abs=1e-5)
    np.testing.assert_allclose(near.table(), far.table(), atol=2e-3)


def test_without_l2_the_gap_to_the_counts_closes(counts):
    infimum = 2.454014489
    gaps = [
        lk.language.fit(counts, method="gradient", l2=0.0, steps=steps).losses[-1] - infimum
        for steps in (10, 100, 1000, 10_000)
    ]
    assert all(gap > 0 for gap in gaps)
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 3e-4
    model = lk.language.fit(counts, method="lbfgs", l2=0.0)
    assert 0 < model.losses[-1] - infimum < 1e-5
    assert "2.454014489" in model.notes[0]
    assert "102 n-grams never seen" in model.notes[0]


def test_the_same_loop_with_autograd(counts):
    """The plain version, over every bigram one by one, with PyTorch in double precision."""
    torch = pytest.importorskip("torch")
    table = counts.table()[:12, :12].astype(int)  # of the first letters: a smaller text
    pairs = [(a, b) for a in range(12) for b in range(12) for _ in range(table[a, b])]
    xs, ys = torch.tensor(pairs).T
    start = np.random.default_rng(3).normal(size=(12, 12))
    weights = torch.tensor(start, requires_grad=True)
    losses = []
    for _ in range(30):
        one_hot = torch.nn.functional.one_hot(xs, num_classes=12).double()
        exponentials = (one_hot @ weights).exp()
        probs = exponentials / exponentials.sum(1, keepdims=True)
        loss = -probs[torch.arange(len(xs)), ys].log().mean() + 0.01 * (weights**2).mean()
        losses.append(loss.item())
        weights.grad = None
        loss.backward()
        weights.data += -50 * weights.grad
    small = lk.language.NGramCounts.from_table(table, ".abcdefghijk")
    model = lk.language.fit(small, method="gradient", steps=30, init=start)
    np.testing.assert_allclose(model.losses, losses, rtol=1e-12)
    np.testing.assert_allclose(model.weights, weights.detach().numpy(), atol=1e-10)


def test_gradient_of_a_higher_order():
    text = ["abab", "abba", "baab", "ab"]
    counts = lk.language.count(text, order=3)
    model = lk.language.fit(counts, method="lbfgs", l2=1e-9, steps=3000)
    plain = lk.language.fit(counts, smoothing="mle")
    assert model.nll(text, "mean") == pytest.approx(plain.nll(text, "mean"), abs=1e-4)
    assert model.weights.shape[1] == 3
    for context in ("", "a", "ab", "ba", "aa", "bb"):
        for start in (True, False):
            assert sum(model.next(context, bos=start).values()) == pytest.approx(1, abs=1e-9)


def test_the_loss_is_the_nll_of_the_model(counts):
    model = lk.language.fit(counts, method="gradient", steps=200, l2=0.0)
    again = lk.language.fit(counts, method="gradient", steps=1, l2=0.0, init=model.weights)
    assert mean_nll(model) == pytest.approx(again.losses[0], abs=1e-12)


def test_a_loss_that_grows_is_said(counts):
    model = lk.language.fit(counts, method="gradient", steps=20, learning_rate=1e5)
    assert any("lower the learning rate" in note for note in model.notes)
