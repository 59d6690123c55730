"""A weight is how often a value was seen."""

import numpy as np

import likeliest as lk
from agreement import assert_same_fit


def test_weights_are_repetition(family, ordinary):
    x = ordinary.sample(60, seed=3)
    w = np.random.default_rng(4).integers(1, 5, x.size)
    assert_same_fit(lk.fit(x, family, weights=w), lk.fit(np.repeat(x, w), family))


def test_a_weight_of_zero_is_no_observation(family, ordinary):
    x = ordinary.sample(40, seed=5)
    w = np.where(np.arange(40) % 4 == 0, 0.0, 1.0)
    assert_same_fit(lk.fit(x, family, weights=w), lk.fit(x[w > 0], family))


def test_fractional_weights_scale_the_information(family, ordinary):
    x = ordinary.sample(50, seed=6)
    whole, half = lk.fit(x, family), lk.fit(x, family, weights=np.full(50, 0.5))
    for name, error in whole.standard_errors.items():
        if error is None:
            continue
        assert abs(half.standard_errors[name] / (np.sqrt(2.0) * error) - 1.0) < 1e-6
        assert abs(half.parameters[name] - whole.parameters[name]) <= 1e-7 * error
    assert abs(half.log_likelihood - 0.5 * whole.log_likelihood) <= 1e-12 * abs(whole.nll)
