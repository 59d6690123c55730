"""Negative log likelihood of log probabilities in arrays."""

import numpy as np
import pytest

import likeliest as lk

nll_loss = lk.losses.nll_loss


def problem(shape=(6, 5, 4)):
    rng = np.random.default_rng(0)
    z = lk.losses.log_softmax(rng.normal(size=shape), axis=1)
    t = rng.integers(0, shape[1], (shape[0], *shape[2:]))
    t[2] = -100
    return z, t, rng.uniform(0.5, 2.0, shape[1])


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_it_is_the_cross_entropy(reduction, weighted):
    z, t, weight = problem()
    weight = weight if weighted else None
    loss, gradients = nll_loss(z, t, weight, reduction=reduction, gradient=True)
    assert np.allclose(loss, lk.losses.cross_entropy(z, t, weight, reduction=reduction))
    for at in [(0, 1, 2), (2, 0, 0), (5, t[5, 3], 3)]:
        up, down = z.copy(), z.copy()
        up[at] += 0.5
        down[at] -= 0.5
        ends = [np.sum(nll_loss(x, t, weight, reduction=reduction)) for x in (up, down)]
        assert gradients["input"][at] == pytest.approx(ends[0] - ends[1], abs=1e-12)


def test_axes():
    z, t, weight = problem()
    expected, by = nll_loss(z, t, weight, gradient=True)
    loss, other = nll_loss(np.moveaxis(z, 1, -1), t, weight, axis=-1, gradient=True)
    assert loss == expected
    assert np.array_equal(np.moveaxis(other["input"], -1, 1), by["input"])


def test_impossible_classes_and_nothing_that_counts():
    z = np.array([[0.0, -np.inf], [-np.inf, 0.0]])
    assert nll_loss(z, [0, 1]) == 0.0
    assert nll_loss(z, [1, 1]) == np.inf
    assert nll_loss(z, [1, 1], [1.0, 0.0]) == 0.0
    for empty, t in ((z, [-100, -100]), (z[:0], [])):
        loss, gradients = nll_loss(empty, t, gradient=True)
        assert loss == 0.0
        assert not gradients["input"].any()


def test_dtypes():
    z, t, _ = problem()
    for kind in ("f2", "f4", "f8"):
        loss, gradients = nll_loss(z.astype(kind), t, gradient=True)
        assert loss.dtype == gradients["input"].dtype == kind
