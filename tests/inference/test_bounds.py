"""Intervals of estimates on a bound: a rate of 0, a share of 1."""

import json

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import UnboundedLikelihoodError

# R 4: poisson.test(0, 20), binom.test(20, 20), binom.test(0, 20); at 0.9 of 7 values.
FROM_R = [
    ("poisson", 0, 20, 0.95, (0.0, 0.184443972705697)),
    ("bernoulli", 1, 20, 0.95, (0.831566529016915, 1.0)),
    ("bernoulli", 0, 20, 0.95, (0.0, 0.168433470983085)),
    ("geometric", 0, 20, 0.95, (0.831566529016915, 1.0)),  # as many trials, none of which failed
    ("bernoulli", 1, 7, 0.9, (0.651836344868839, 1.0)),
    ("poisson", 0, 7, 0.9, (0.0, 0.427961753364856)),
]


@pytest.mark.parametrize(("name", "value", "n", "level", "expected"), FROM_R)
def test_as_r_has_them(name, value, n, level, expected):
    fit = lk.fit([value] * n, name)
    [parameter] = fit.parameters
    ends = fit.intervals(level)[parameter]
    assert ends == pytest.approx(expected, rel=1e-12, abs=1e-15)
    weighed = lk.fit([value], name, weights=[n])
    assert weighed.intervals(level)[parameter] == ends
    assert fit.standard_errors[parameter] is None


@pytest.mark.parametrize(("name", "value"), [("poisson", 0), ("bernoulli", 1), ("geometric", 0)])
def test_the_interval_stands_in_tables_and_json_and_is_saved(name, value):
    fit = lk.fit([value] * 20, name)
    [parameter] = fit.parameters
    low, high = fit.intervals()[parameter]
    assert f"{low:.6g} to {high:.6g}" in repr(fit)
    record = json.loads(json.dumps(fit.to_dict(), allow_nan=False))
    assert record["intervals"][parameter] == [low, high]
    again = lk.Fit.from_dict(record)
    assert again.intervals(0.8) == fit.intervals(0.8)
    assert repr(again) == repr(fit)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_the_end_gives_the_data_the_probability_of_a_tail(level):
    high = lk.fit([0] * 9, "poisson").intervals(level)["rate"][1]
    assert lk.Poisson(high).likelihood([0] * 9) == pytest.approx((1 - level) / 2, rel=1e-12)
    low = lk.fit([0] * 9, "geometric").intervals(level)["prob"][0]
    assert lk.Geometric(low).likelihood([0] * 9) == pytest.approx((1 - level) / 2, rel=1e-12)


def test_where_no_exact_interval_is_known_there_is_none():
    waits = lk.fit(lk.datasets.waiting_times(), "student t")
    assert waits.parameters["df"] == np.inf
    assert waits.intervals()["df"] is None
    counts = lk.fit([2, 3, 3, 2, 3], "negative binomial")
    assert counts.parameters["dispersion"] == 0.0
    assert counts.intervals()["dispersion"] is None


def test_all_zeros_with_a_mean_that_is_held():
    """P(0) = (1 + dispersion)^(-1/dispersion) for mean 1, which rises to 1."""
    with pytest.raises(UnboundedLikelihoodError, match=r"dispersion → ∞"):
        lk.fit([0, 0, 0], "negative binomial", fixed={"mean": 1.0})
    with pytest.raises(UnboundedLikelihoodError, match=r"mean → 0"):
        lk.fit([0, 0, 0], "negative binomial", fixed={"dispersion": 1.0})
