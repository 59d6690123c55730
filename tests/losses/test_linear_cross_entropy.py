"""Cross entropy from hidden states: that of the logits, without the logits."""

import tracemalloc

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest

import likeliest as lk
from losses.exact import OPTIONS

cross_entropy, linear_cross_entropy = lk.losses.cross_entropy, lk.losses.linear_cross_entropy
NAMES = ("nll", "logsumexp", "confidence", "entropy", "rank")


def problem(dtype=np.float64, shape=(4, 9), features=5, classes=11, seed=0):
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(*shape, features)).astype(dtype)
    layer = rng.normal(size=(classes, features)).astype(dtype)
    bias = rng.normal(size=classes).astype(dtype)
    target = rng.integers(0, classes, shape)
    return hidden, layer, bias, target


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_it_is_that_of_the_logits(options, reduction):
    hidden, layer, bias, target = problem()
    target[1, 3:5] = -100
    weight = np.random.default_rng(1).uniform(0.5, 2.0, 11)
    options = {**options, "weight": weight, "reduction": reduction, "gradient": True}
    expected, by = cross_entropy(hidden @ layer.T + bias, target, axis=-1, **options)
    loss, gradients = linear_cross_entropy(
        hidden, layer, target, linear_bias=bias, chunk_size=7, **options
    )
    assert np.allclose(loss, expected, rtol=1e-13)
    slopes = by["input"]
    assert set(gradients) == {"input", "linear_weight", "linear_bias"}
    assert np.allclose(gradients["input"], slopes @ layer, rtol=1e-11, atol=1e-14)
    by_layer = slopes.reshape(-1, 11).T @ hidden.reshape(-1, 5)
    assert np.allclose(gradients["linear_weight"], by_layer, rtol=1e-11, atol=1e-13)
    assert np.allclose(gradients["linear_bias"], slopes.sum((0, 1)), rtol=1e-11, atol=1e-13)


def test_outputs_are_those_of_the_logits():
    hidden, layer, _, target = problem()
    target[2] = -100
    ours = linear_cross_entropy(hidden, layer, target, outputs=NAMES, chunk_size=4)
    other = cross_entropy(hidden @ layer.T, target, axis=-1, outputs=NAMES)
    for name in ("loss", *NAMES):
        assert np.allclose(getattr(ours, name), getattr(other, name), rtol=1e-13, equal_nan=True)


def test_probabilities_as_targets():
    hidden, layer, bias, target = problem()
    shares = np.eye(11)[target] * 0.5 + 0.5 / 11
    expected = cross_entropy(hidden @ layer.T + bias, shares, axis=-1)
    assert linear_cross_entropy(hidden, layer, shares, linear_bias=bias) == pytest.approx(expected)
    with pytest.raises(lk.errors.ParameterError, match="ignore_index"):
        linear_cross_entropy(hidden, layer, shares, ignore_index=0)


@hypothesis.given(st.integers(1, 50), st.sampled_from([np.float32, np.float64]))
@hypothesis.settings(max_examples=30)
def test_chunks_change_rounding_alone(size, dtype):
    hidden, layer, bias, target = problem(dtype)
    given = {"linear_bias": bias, "gradient": True}
    whole, by_whole = linear_cross_entropy(hidden, layer, target, chunk_size=36, **given)
    loss, by = linear_cross_entropy(hidden, layer, target, chunk_size=size, **given)
    slack = 8 * float(np.finfo(dtype).eps)
    assert loss == pytest.approx(whole, rel=slack)
    assert loss.dtype == dtype
    for name, values in by.items():
        assert values.dtype == dtype
        assert np.abs(values - by_whole[name]).max() <= slack * np.abs(by_whole[name]).max()


def test_float32_against_float64():
    hidden, layer, bias, target = problem(np.float64, (600,), 64, 3000)
    expected, exact = linear_cross_entropy(hidden, layer, target, linear_bias=bias, gradient=True)
    narrow = [x.astype(np.float32) for x in (hidden, layer, bias)]
    loss, by = linear_cross_entropy(
        narrow[0], narrow[1], target, linear_bias=narrow[2], gradient=True, chunk_size=16
    )
    assert loss == pytest.approx(expected, rel=1e-6)
    for name, values in by.items():
        error = np.sqrt(np.mean((values - exact[name]) ** 2))
        assert error <= 2e-6 * np.sqrt(np.mean(exact[name] ** 2))


def test_threads_give_the_same_bits():
    hidden, layer, bias, target = problem(np.float32, (300,), 16, 5000)
    results = []
    for count in (1, 2, 3):
        before = lk.set_threads(count)
        results.append(linear_cross_entropy(hidden, layer, target, linear_bias=bias, gradient=True))
        lk.set_threads(before)
    for loss, by in results[1:]:
        assert loss == results[0][0]
        assert all(np.array_equal(by[name], values) for name, values in results[0][1].items())


def peak(function):
    """Return the most memory that was held at once beyond what there was, in bytes."""
    tracemalloc.start()
    try:
        result = function()
        return tracemalloc.get_traced_memory()[1], result
    finally:
        tracemalloc.stop()


def test_logits_are_never_held():
    hidden, layer, _, target = problem(np.float32, (4000,), 8, 5000)
    logits = 4000 * 5000 * 4
    linear_cross_entropy(hidden[:2], layer, target[:2], gradient=True)  # imports are not counted
    held, _ = peak(
        lambda: linear_cross_entropy(hidden, layer, target, outputs=NAMES, chunk_size=100)
    )
    assert held < logits / 10
    held, _ = peak(
        lambda: linear_cross_entropy(hidden, layer, target, gradient=True, chunk_size=100)
    )
    assert held < logits / 10


def test_logits_are_not_copied():
    z = np.zeros((4000, 5000), np.float32)
    target = np.zeros(4000, np.int64)
    blocks = z.nbytes / 5
    assert peak(lambda: cross_entropy(z, target, outputs=NAMES))[0] < blocks
    assert peak(lambda: lk.losses.logsumexp(z))[0] < blocks
    for function in (lk.losses.softmax, lk.losses.log_softmax):
        assert peak(lambda function=function: function(z))[0] < z.nbytes + blocks
    assert peak(lambda: cross_entropy(z, target, gradient=True))[0] < z.nbytes + blocks


@pytest.mark.parametrize("rows", [0, 6])
def test_no_row_that_counts(rows):
    hidden, layer, bias, _ = problem(shape=(rows,))
    loss, by = linear_cross_entropy(hidden, layer, [-100] * rows, linear_bias=bias, gradient=True)
    assert loss == 0.0
    assert by["input"].shape == hidden.shape
    assert not any(values.any() for values in by.values())


def test_ignored_rows_may_hold_anything():
    hidden, layer, _, target = problem(shape=(12,))
    hidden[3], target[3] = np.nan, -100
    keep = target >= 0
    loss, by = linear_cross_entropy(hidden, layer, target, gradient=True)
    expected, by_kept = linear_cross_entropy(hidden[keep], layer, target[keep], gradient=True)
    assert loss == pytest.approx(expected)
    assert np.allclose(by["linear_weight"], by_kept["linear_weight"])
    assert not by["input"][3].any()


def test_dtypes():
    hidden, layer, bias, target = problem()
    for kinds, result in {("f4", "f8"): "f8", ("f2", "f2"): "f2", ("f2", "f4"): "f4"}.items():
        x, w = hidden.astype(kinds[0]), layer.astype(kinds[1])
        loss, by = linear_cross_entropy(x, w, target, linear_bias=bias, gradient=True)
        assert loss.dtype == result
        assert all(values.dtype == result for values in by.values())
    x, w = [[1, 0], [0, 1]], [[2, 0], [0, 3], [0, 0]]
    assert linear_cross_entropy(x, w, [0, 1]).dtype == np.float64


def test_any_order_in_memory():
    hidden, layer, bias, target = problem(np.float32, (50,), 8, 30)
    expected, by = linear_cross_entropy(hidden, layer, target, linear_bias=bias, gradient=True)
    wide = np.repeat(hidden, 2, axis=1)
    for x in (np.asfortranarray(hidden), wide[:, ::2]):
        loss, other = linear_cross_entropy(
            x, np.asfortranarray(layer), target, linear_bias=bias[::-1][::-1], gradient=True
        )
        assert loss == pytest.approx(expected, rel=1e-6)
        assert np.allclose(other["linear_weight"], by["linear_weight"], rtol=1e-4, atol=1e-6)


def test_a_layer_without_features_has_gradients():
    loss, by = linear_cross_entropy(np.zeros((2, 0)), np.zeros((5, 0)), [0, 1], gradient=True)
    assert loss == pytest.approx(np.log(5.0))
    assert by["input"].shape == (2, 0)
    assert by["linear_weight"].shape == (5, 0)
