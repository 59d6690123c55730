"""The quantile undoes the cdf, and the upper quantile the survival function."""

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from laws import draws
from likeliest.data.vectors import LARGEST_COUNT

middle = st.floats(0.001, 0.999)


# Of a steep member most quantiles far in a tail round to the end of its support.
@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much])
@pytest.mark.parametrize("tail", ["lower", "upper"])
@pytest.mark.families(where=lambda f: not f.discrete)
@given(data=st.data())
def test_quantile_undoes_the_cdf(family, tail, data):
    member = data.draw(draws.members(family))
    q = data.draw(draws.probabilities)
    x = float(member.quantile(q) if tail == "lower" else member.upper_quantile(q))
    log_tail = member.log_cdf if tail == "lower" else member.log_sf
    ends = (member.bounds().low, member.bounds().high)
    assume(np.isfinite(x) and x not in ends and abs(x) >= 1e-300)  # within what float64 holds
    with np.errstate(all="ignore"):
        error = abs(float(log_tail(x)) - np.log(q))
        # An x rounded to the nearest number moves the log of its tail by this much.
        slack = 4.0 * np.exp(member.log_prob(x) - log_tail(x)) * np.spacing(abs(x))
    assume(slack < 1.0)  # beside a bound that is not 0 numbers are too far apart
    assert error <= 1e-12 * abs(np.log(q)) + 1e-13 + slack


@settings(max_examples=25)
@pytest.mark.families(where=lambda f: f.discrete)
@given(data=st.data())
def test_quantile_is_the_least_with_its_probability(family, data):
    member = data.draw(draws.members(family))
    q = data.draw(draws.probabilities)
    x, above = float(member.quantile(q)), float(member.upper_quantile(q))
    assume(max(x, above) < LARGEST_COUNT)
    assert member.cdf(x) >= q
    assert x == 0 or member.cdf(x - 1) < q
    assert member.sf(above) <= q
    assert above == 0 or member.sf(above - 1) > q


@settings(max_examples=20)
@pytest.mark.families(where=lambda f: f.discrete)
@given(data=st.data())
def test_quantile_of_a_cdf_has_that_cdf(family, data):
    member = data.draw(draws.members(family))
    x = float(member.quantile(data.draw(middle)))
    assume(x < LARGEST_COUNT)
    assume(member.cdf(x) < 1.0)  # else the end of the support has that probability too
    assert float(member.quantile(member.cdf(x))) <= x
    assert member.cdf(member.quantile(member.cdf(x))) == member.cdf(x)


@settings(max_examples=20)
@pytest.mark.families(where=lambda f: not f.discrete)
@given(data=st.data())
def test_cdf_undoes_the_quantile(family, data):
    member = data.draw(draws.members(family))
    x = float(member.quantile(data.draw(middle)))
    assume(np.isfinite(x))  # within what float64 holds
    density = float(np.exp(member.log_prob(x)))
    below, above = float(member.cdf(x)), float(member.sf(x))
    for back, q in ((member.quantile(below), below), (member.upper_quantile(above), above)):
        slack = 1e-13 * q / density + 8.0 * np.spacing(abs(x)) if density > 0 else np.inf
        assert abs(float(back) - x) <= slack
