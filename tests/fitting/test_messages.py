"""What a person is told: the values that a family cannot hold, with the way out; digits; limits."""

import re

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import SupportError, UnboundedLikelihoodError

POSITIVE = [
    "gamma",
    "weibull",
    "lognormal",
    "pareto",
    "inverse gaussian",
    "rayleigh",
    "loglogistic",
]


@pytest.mark.parametrize("name", POSITIVE)
def test_zeros_among_positive_values(name):
    x = [0.0, 1.5, 2.5, 0.3, 4.0]
    with pytest.raises(SupportError) as caught:
        lk.fit(x, name)
    said = str(caught.value)
    for part in ("1 of 5 values is not", "row 0, 0", "rounding=0.1", "observe(lower", "bernoulli"):
        assert part in said
    assert "exponential" in said  # it holds zeros


def test_the_ways_out_of_zeros_work():
    x = np.array([0.0, 1.5, 2.5, 0.3, 4.0, 1.1])
    lower, upper = x - 0.05, x + 0.05
    rounded = lk.fit(x, "gamma", rounding=0.1)
    law = rounded.distribution
    cells = law.cdf(upper) - np.where(x > 0, law.cdf(lower), 0.0)
    assert rounded.log_likelihood == pytest.approx(np.log(cells).sum(), rel=1e-9)
    below = np.where(x == 0.0, np.nan, x)
    seen = lk.observe(lower=below, upper=np.where(x == 0.0, 0.2, x))
    bounded = lk.fit(seen, "gamma")
    law = bounded.distribution
    expected = law.log_cdf(0.2) + law.log_prob(x[x > 0]).sum()
    assert bounded.log_likelihood == pytest.approx(expected, rel=1e-12)


def test_a_comparison_says_that_zeros_keep_families_out():
    note = "Values of 0 keep out 7 families that need x > 0"
    assert note in repr(lk.compare([0.0, 1.5, 2.5, 0.3, 4.0]))
    assert note not in repr(lk.compare([0.0, 1.5, 2.5, 0.3, 4.0], rounding=0.1))
    assert "keep out" not in repr(lk.compare([0.1, 1.5, 2.5, 0.3, 4.0]))
    assert "keep out" not in repr(lk.compare([-0.1, 1.5, 0.0, 0.3, 4.0]))


@pytest.mark.parametrize(
    ("x", "said"),
    [
        ([12.5, 30.0, 88.0, 99.5], "Divide them by 100"),
        ([0.0, 50.0, 100.0, 12.0], "Divide them by 100"),
        ([0.2, 0.5, 1.0, 0.0], "rounding=0.01"),
        ([0.2, 0.5, 1.0], "rounding=0.01"),
    ],
)
def test_shares_and_percentages(x, said):
    with pytest.raises(SupportError, match=re.escape(said)):
        lk.fit(x, "beta")
    if said.startswith("rounding"):
        assert lk.fit(x, "beta", rounding=0.01).measure == "mass"


@pytest.mark.parametrize("x", [[-3.0, 50.0], [1200.0, 3.0], [1e9, 1e9 + 1]])
def test_what_is_no_percentage_is_not_called_one(x):
    with pytest.raises(SupportError) as caught:
        lk.fit(x, "beta")
    assert "Divide" not in str(caught.value)
    assert "rounding" not in str(caught.value)


def test_two_values_that_are_not_0_and_1():
    with pytest.raises(SupportError, match=r"Give x == 2 in place of x"):
        lk.fit([1, 2, 2, 1, 2], "bernoulli")
    assert lk.fit(np.array([1, 2, 2, 1, 2]) == 2, "bernoulli").parameters["prob"] == 0.6


def test_the_row_is_the_users_row():
    for call in (
        lambda: lk.fit([10, -3, 5], "gamma", rounding=1),
        lambda: lk.fit([10.0, -3.0, 5.0], "gamma"),
    ):
        with pytest.raises(SupportError, match="row 1, -3"):
            call()
    left_out = lk.compare([10, -3, 5]).left_out
    assert "row 1, -3" in left_out["gamma"]


def test_digits_follow_the_spread():
    x = 1.7e9 + np.array([0.0, 1.0, 2.0, 5.0, 7.5])
    shown = repr(lk.fit(x, "uniform"))
    assert "1700000000 " in shown
    assert "1700000007.5 " in shown
    assert "low=1700000000, high=1700000007.5" in repr(lk.compare(x))
    with pytest.raises(SupportError, match=r"row 0, 1700000000\)"):
        lk.fit(x, "beta")
    humps = np.concatenate([x, x + 1000.0, x + 1000.25] * 20)
    assert re.search(r"at 170000\d{4}(\.\d+)? the share", lk.fit(humps, "normal").misfit)


@pytest.mark.parametrize(("name", "limit"), [("weibull", "shape → ∞"), ("normal", "std → 0")])
def test_the_largest_exact_and_the_rest_censored(name, limit):
    """All that is left to hold is one exact value: its density grows without limit."""
    seen = lk.observe([1.0, 2.0, 3.0, 9.0], event=[0, 0, 0, 1])
    with pytest.raises(UnboundedLikelihoodError) as caught:
        lk.fit(seen, name)
    assert f"grows without limit as {limit}: all values can be 9" in str(caught.value)
    law = lk.Normal(9.0, 1e-9) if name == "normal" else lk.Weibull(1e9, 9.0)
    assert law.log_likelihood(seen) > 15.0


def test_all_rows_censored_on_one_side():
    """A t at its start has so heavy a tail that a location far away leaves some of it behind."""
    for family in ("student t", "laplace", "cauchy"):
        with pytest.raises(UnboundedLikelihoodError, match=r"it rises as loc → ∞, towards 0 nats"):
            lk.fit([1.0, 2.0, 3.0, 4.0, 5.0], family, event=[0] * 5)


def test_intervals_that_one_point_lies_in_rise_to_1():
    seen = lk.observe(lower=[1.0, 2.0, 1.5], upper=[4.0, 6.0, 5.0])
    with pytest.raises(UnboundedLikelihoodError, match=r"rises towards 1 .* between 2 and 4"):
        lk.fit(seen, "normal")
