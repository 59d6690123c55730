"""The order of the data does not matter."""

import numpy as np

import likeliest as lk
from agreement import assert_same_fit


def test_order_does_not_matter(family, ordinary):
    x = ordinary.sample(500, seed=7)
    first = lk.fit(x, family)
    rng = np.random.default_rng(8)
    for other in (x[::-1], np.sort(x), rng.permutation(x)):
        assert_same_fit(first, lk.fit(other, family))


def test_order_of_weighted_data_does_not_matter(family, ordinary):
    x = ordinary.sample(200, seed=9)
    w = np.random.default_rng(10).uniform(0.1, 3.0, x.size)
    order = np.random.default_rng(11).permutation(x.size)
    assert_same_fit(lk.fit(x, family, weights=w), lk.fit(x[order], family, weights=w[order]))
