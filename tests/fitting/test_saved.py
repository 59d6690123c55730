"""What is saved is JSON to the letter: a strict reader takes it, infinities included."""

import json

import numpy as np
import pytest

import likeliest as lk

FITS = {
    "an infinite parameter": lambda: lk.fit(np.linspace(-1.0, 1.0, 41), "t"),
    "an infinite interval": lambda: lk.fit([1.0, 2.0], "uniform", weights=[0.4, 0.4]),
    "a parameter of 0": lambda: lk.fit([3, 4, 4, 5], "negative binomial"),
}


@pytest.mark.parametrize("make", FITS.values(), ids=FITS)
def test_a_fit_comes_back_the_same(make):
    fit = make()
    text = json.dumps(fit.to_dict(), allow_nan=False)
    back = lk.Fit.from_dict(json.loads(text))
    assert back.distribution == fit.distribution
    assert back.intervals() == fit.intervals()
    assert back.to_dict() == fit.to_dict()


def test_a_comparison_with_an_infinite_criterion_is_json():
    comparison = lk.compare([1.5, 2.5, 4.0])
    assert np.inf in comparison.values
    json.dumps(comparison.to_dict(), allow_nan=False)


def test_equal_distributions_have_one_hash():
    assert lk.Normal(0.0, 1.0) == lk.Normal(-0.0, 1.0)
    assert hash(lk.Normal(0.0, 1.0)) == hash(lk.Normal(-0.0, 1.0))
