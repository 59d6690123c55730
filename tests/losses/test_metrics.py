"""Metrics of rows: by hand, without the ignored, arrays and tensors alike."""

import math

import numpy as np
import pytest

import likeliest as lk

L = lk.losses
NAMES = ("nll", "rank", "confidence")


def outputs():
    rng = np.random.default_rng(0)
    hidden, layer = rng.normal(size=(7, 30, 8)), rng.normal(size=(20, 8))
    target = rng.integers(0, 20, (7, 30))
    target[3, 4:] = -100
    return L.linear_cross_entropy(hidden, layer, target, outputs=NAMES), hidden @ layer.T, target


def test_from_the_outputs_of_one_pass():
    out, logits, target = outputs()
    counted = target >= 0
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    own = np.take_along_axis(p, np.where(counted, target, 0)[..., None], -1)[..., 0][counted]
    assert L.perplexity(out.nll) == pytest.approx(np.exp(-np.log(own).mean()))
    assert L.perplexity(out.nll) == pytest.approx(np.exp(out.loss))
    bits = -np.log2(own).sum()
    assert L.bits_per_byte(out.nll, bytes=1000) == pytest.approx(bits / 1000)
    order = np.argsort(-p, axis=-1)
    for k in (1, 3, 20):
        hits = (order[..., :k] == target[..., None]).any(-1)[counted]
        assert L.top_k_accuracy(out.rank, k=k) == hits.mean()
    error = L.expected_calibration_error(out.confidence, out.rank == 0, bins=10)
    assert error == pytest.approx(by_hand(p.max(-1)[counted], (order[..., 0] == target)[counted]))


def by_hand(confidence, correct, bins=10):
    total = 0.0
    for b in range(bins):
        inside = (confidence > b / bins) & (confidence <= (b + 1) / bins)
        if inside.any():
            total += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return total


def test_what_is_sure_and_right_is_calibrated():
    assert L.expected_calibration_error([1.0, 1.0], [True, True]) == 0.0
    assert L.expected_calibration_error([1.0, 1.0], [False, False]) == 1.0
    assert L.expected_calibration_error([0.5] * 4, [True, False] * 2, bins=1) == 0.0
    assert L.expected_calibration_error([0.0, 1.0], [False, True], bins=3) == 0.0


@pytest.mark.parametrize(("nll", "rank"), [([], []), ([np.nan, np.nan], [-1, -1])])
def test_no_row_left(nll, rank):
    assert math.isnan(L.perplexity(nll))
    assert L.bits_per_byte(nll, bytes=3) == 0.0
    assert math.isnan(L.top_k_accuracy(rank))
    assert math.isnan(L.expected_calibration_error(nll, np.zeros(len(nll), bool)))


def test_bad_input():
    with pytest.raises(lk.errors.ParameterError, match="bytes must be positive; got 0"):
        L.bits_per_byte([1.0], bytes=0)
    with pytest.raises(lk.errors.ParameterError, match="k must be 1 or more; got 0"):
        L.top_k_accuracy([1], k=0)
    with pytest.raises(lk.errors.ParameterError, match="bins must be 1 or more"):
        L.expected_calibration_error([0.5], [True], bins=0)
    with pytest.raises(lk.errors.DataError, match="same shape"):
        L.expected_calibration_error([0.5], [True, False])
    with pytest.raises(lk.errors.DataError, match=r"lie in \[0, 1\]"):
        L.expected_calibration_error([1.5], [True])
