"""The discrete uniform: its ends are whole numbers, whatever is known of the rows."""

from itertools import product

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import ParameterError, SupportError, UnboundedLikelihoodError


def seen(kind, seed):
    """Return observations of one kind."""
    rng = np.random.default_rng(seed)
    x = lk.DiscreteUniform(3, 22).sample(25, seed=rng)
    limits, early = rng.integers(5, 25, 25), rng.integers(2, 9, 25)
    if kind == "right":
        return lk.observe(np.minimum(x, limits), event=x <= limits)
    if kind == "left":
        return lk.observe(
            lower=np.where(x < early, -np.inf, x), upper=np.where(x < early, early, x)
        )
    if kind == "interval":
        edge = np.floor(x / 4) * 4
        return lk.observe(lower=edge, upper=edge + 3)
    return lk.observe(x[x > 6], entry=6)


@pytest.mark.parametrize("kind", ["right", "left", "interval", "entry"])
def test_no_other_whole_ends_are_likelier(kind):
    for seed in range(4):
        observations = seen(kind, seed)
        fit = lk.fit(observations, "discrete uniform")
        best = max(
            lk.DiscreteUniform(low, high).log_likelihood(observations)
            for low, high in product(range(-6, 12), range(12, 50))
        )
        assert fit.log_likelihood == pytest.approx(best, rel=1e-13)
        assert fit.log_likelihood == pytest.approx(
            fit.distribution.log_likelihood(observations), rel=1e-13
        )
        assert all(value.is_integer() for value in fit.parameters.values())


def test_how_many_tanks_there_were():
    """P(greatest of n ≤ m) = (m/N)^n: N is refused once that is below 1 in 20."""
    fit = lk.fit([19.0, 40.0, 42.0, 60.0], "discrete uniform", fixed={"low": 1})
    low, high = fit.intervals()["high"]
    assert low == fit.parameters["high"] == 60.0
    assert (60 / high) ** 4 >= 0.05 > (60 / (high + 1)) ** 4


def test_what_has_no_whole_ends_is_refused():
    with pytest.raises(ParameterError, match=r"low must be any whole number; got 1\.5"):
        lk.DiscreteUniform(1.5, 6)
    with pytest.raises(ParameterError, match="low must not lie above high"):
        lk.DiscreteUniform(7, 6)
    with pytest.raises(SupportError, match="does not hold all values"):
        lk.fit([1, 2, 9], "discrete uniform", fixed={"high": 8})
    with pytest.raises(UnboundedLikelihoodError, match="high → ∞"):
        lk.fit([3, 4], "discrete uniform", event=[0, 0])
