"""The quantile undoes the cdf, and the upper quantile the survival function."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from laws import draws


@settings(max_examples=60)
@given(data=st.data())
def test_quantile_undoes_the_cdf(family, data):
    member = data.draw(draws.members(family))
    q = data.draw(draws.probabilities)
    for quantile, tail, log_tail in (
        (member.quantile, member.cdf, member.log_cdf),
        (member.upper_quantile, member.sf, member.log_sf),
    ):
        x = float(quantile(q))
        if member.discrete:
            least_with(member, x, q, upper=tail == member.sf)
            continue
        with np.errstate(all="ignore"):
            beyond = not np.isfinite(x) or x in (member.bounds().low, member.bounds().high)
            if beyond or abs(x) < 1e-300:  # the quantile is beyond what float64 holds
                continue
            error = abs(float(log_tail(x)) - np.log(q))
            # An x rounded to the nearest number moves the log of its tail by this much.
            slack = 4.0 * np.exp(member.log_prob(x) - log_tail(x)) * np.spacing(abs(x))
        assert error <= 1e-12 * abs(np.log(q)) + 1e-13 + slack


def least_with(member, x, q, *, upper):
    """Assert that x is the least whole number of which the tail condition holds."""
    if upper:
        assert member.sf(x) <= q
        assert x == 0 or member.sf(x - 1) > q
    else:
        assert member.cdf(x) >= q
        assert x == 0 or member.cdf(x - 1) < q


@settings(max_examples=40)
@given(data=st.data())
def test_cdf_undoes_the_quantile(family, data):
    member = data.draw(draws.members(family))
    x = float(member.quantile(data.draw(st.floats(0.001, 0.999))))
    if member.discrete:
        assert float(member.quantile(member.cdf(x))) <= x
        assert member.cdf(member.quantile(member.cdf(x))) == member.cdf(x)
        return
    if not np.isfinite(x):  # beyond what float64 holds
        return
    density = float(np.exp(member.log_prob(x)))
    below, above = float(member.cdf(x)), float(member.sf(x))
    for back, q in ((member.quantile(below), below), (member.upper_quantile(above), above)):
        slack = 1e-14 * q / density + 8.0 * np.spacing(abs(x)) if density > 0 else np.inf
        assert abs(float(back) - x) <= slack
