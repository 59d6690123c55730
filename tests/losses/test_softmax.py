"""Softmax, log softmax and logsumexp of arrays: against high precision, by axis, at the edges."""

import mpmath
import numpy as np
import pytest

import likeliest as lk
from losses.exact import MARGINS, at_margin, nll

softmax, log_softmax, logsumexp = lk.losses.softmax, lk.losses.log_softmax, lk.losses.logsumexp


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_against_high_precision(dtype):
    for margin in [m for m in MARGINS if m <= 87]:
        in_float32 = 1e-6 if margin <= 16 else 5e-6  # a difference of logits is rounded
        bound = 1e-13 if dtype == np.float64 else in_float32
        z = at_margin(margin, 40, dtype, seed=margin)
        logs, shares, total = log_softmax(z), softmax(z), logsumexp(z)
        assert logs.dtype == shares.dtype == total.dtype == dtype
        for i in (0, 1, 39):
            truth = nll(z, i)[0]
            assert abs(-float(logs[i]) - truth) <= bound * truth
            share = mpmath.exp(-truth)
            # Of float32 the shares near 1e-38 lie at the end of the ordinary numbers.
            assert abs(float(shares[i]) - share) <= 4 * bound * share + 1e-44
        truth = nll(z, 0)[0] + mpmath.mpf(float(z[0]))
        assert abs(float(total) - truth) <= bound * max(1.0, abs(truth))


@pytest.mark.parametrize("axis", [0, 1, 2, -2, (0, 1), (0, 2), (2, 1), (0, 1, 2), None])
@pytest.mark.parametrize("order", ["C", "F"])
def test_axes(axis, order):
    x = np.asarray(np.random.default_rng(0).normal(size=(5, 6, 7)), order=order)
    raised = np.exp(x)
    total = raised.sum(axis=axis, keepdims=True)
    assert np.allclose(softmax(x, axis), raised / total, rtol=1e-14)
    assert np.allclose(log_softmax(x, axis), x - np.log(total), rtol=1e-13)
    assert np.allclose(logsumexp(x, axis, keepdims=True), np.log(total), rtol=1e-13)
    assert np.shape(logsumexp(x, axis)) == raised.sum(axis=axis).shape


@pytest.mark.parametrize("shape", [(3, 200_000), (200_000, 3), (3, 70_000, 2)])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_many_blocks(shape, axis):
    x = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    wide = np.exp(x.astype(np.float64))
    total = wide.sum(axis=axis, keepdims=True)
    assert np.allclose(softmax(x, axis), wide / total, rtol=1e-6)
    assert np.allclose(log_softmax(x, axis), np.log(wide / total), rtol=1e-6, atol=1e-7)
    assert np.allclose(logsumexp(x, axis), np.log(total).squeeze(axis), rtol=1e-6, atol=1e-7)


def test_edges():
    inf, nan = np.inf, np.nan
    rows = np.array(
        [[0.0, -inf, 0.0], [-inf, -inf, -inf], [inf, 0.0, 1.0], [inf, inf, 0.0], [nan, 0.0, inf]]
    )
    assert softmax(rows)[0].tolist() == [0.5, 0.0, 0.5]
    assert log_softmax(rows)[0].tolist() == [-np.log(2.0), -inf, -np.log(2.0)]
    assert np.isnan(softmax(rows)[1:]).all()
    assert np.isnan(log_softmax(rows)[1:]).all()
    assert logsumexp(rows)[:4] == pytest.approx([np.log(2.0), -inf, inf, inf])
    assert np.isnan(logsumexp(rows)[4])
    assert logsumexp([1e308, 1e308]) == pytest.approx(1e308)
    assert softmax([-1e38, 1e38]).tolist() == [0.0, 1.0]
    one = np.array([[5.0], [-3.0]])
    assert log_softmax(one).tolist() == [[0.0], [0.0]]
    assert logsumexp(one).tolist() == [5.0, -3.0]


def test_weights():
    rng = np.random.default_rng(2)
    x, w = rng.normal(size=(4, 5)), rng.uniform(size=(4, 1))
    w[2] = 0.0
    x[2, 3] = np.nan
    ours = logsumexp(x, weights=w)
    assert ours[2] == -np.inf
    keep = [0, 1, 3]
    assert np.allclose(ours[keep], np.log((np.exp(x) * w).sum(-1))[keep], rtol=1e-13)
    assert logsumexp([1000.0, 0.0], weights=[0.0, 2.0]) == pytest.approx(np.log(2.0))


def test_dtypes():
    for kind, result in {"f2": "f2", "f4": "f4", "f8": "f8", "i4": "f8", "u1": "f8"}.items():
        x = np.array([[1, 2, 3]]).astype(kind)
        for function in (softmax, log_softmax, logsumexp):
            assert function(x).dtype == np.dtype(result)
    assert logsumexp(np.full(9, 60000.0, np.float16)) == np.float16(60000.0)


def test_empty():
    assert softmax(np.ones((0, 3))).shape == (0, 3)
    assert logsumexp(np.ones((0, 3))).shape == (0,)
    for function in (softmax, log_softmax, logsumexp):
        with pytest.raises(lk.errors.DataError, match="nothing to sum along axis -1"):
            function(np.ones((3, 0)))
        with pytest.raises(lk.errors.DataError, match="nothing to sum"):
            function([])
        with pytest.raises(lk.errors.ParameterError, match="no axis 2"):
            function(np.ones((3, 4)), 2)


@pytest.mark.parametrize("x", [["a"], [1j], [None], [True], [[1.0], [1.0, 2.0]]])
def test_what_is_no_number_is_refused(x):
    for function in (softmax, log_softmax, logsumexp):
        with pytest.raises(lk.errors.DataError, match="must"):
            function(x)


@pytest.mark.parametrize("weights", [[-1.0, 1.0], [np.nan, 1.0], [1.0, 2.0, 3.0], ["a", "b"]])
def test_bad_weights_are_refused(weights):
    with pytest.raises(lk.errors.DataError, match="weights"):
        logsumexp([1.0, 2.0], weights=weights)


def test_threads_give_the_same_bits():
    x = np.random.default_rng(3).normal(size=(500, 3000)).astype(np.float32)
    results = []
    for count in (1, 2, 3):
        before = lk.set_threads(count)
        results.append([f(x) for f in (softmax, log_softmax, logsumexp)])
        lk.set_threads(before)
    for others in results[1:]:
        assert all(np.array_equal(a, b) for a, b in zip(results[0], others, strict=True))
