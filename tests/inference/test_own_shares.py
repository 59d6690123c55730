"""The data's own distribution in numbers, against products and shares by hand."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import DataError, ParameterError

WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
SEEN = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_remissions_as_r_prints_them():
    """`survival 3.5.3: survfit(Surv(time, status) ~ 1, conf.type = "log-log")` of Gehan's data."""
    own = lk.fit(WEEKS, "weibull", event=SEEN).empirical()
    assert own.at.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert own.share.round(3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert own.low.round(3).tolist() == [0.620, 0.563, 0.503, 0.432, 0.368, 0.268, 0.188]
    assert own.high.round(3).tolist() == [0.952, 0.923, 0.889, 0.849, 0.805, 0.747, 0.680]
    assert own.to_frame().columns == ["since", "at", "share", "low", "high", "fitted"]
    assert "Kaplan and Meier" in repr(own)


def test_exact_values_have_their_shares_and_the_fit_its_own():
    fit = lk.fit([3.0, 1.0, 2.0, 2.0], "normal")
    own = fit.empirical()
    assert (own.at.tolist(), own.share.tolist()) == ([1.0, 2.0, 3.0], [0.75, 0.25, 0.0])
    assert own.fitted == pytest.approx(fit.distribution.sf(own.at), rel=1e-15)


def test_values_below_a_bound_are_those_above_it_turned_round():
    x, low = np.array([1.0, 2.5, 3.0, 4.0, 6.0]), np.array([1, 0, 1, 0, 1], dtype=bool)
    below = lk.observe(lower=np.where(low, -np.inf, -x), upper=-x)
    above = lk.fit(lk.observe(x, event=~low), "normal").empirical()
    own = lk.fit(below, "normal").empirical()
    assert own.at.tolist() == (-above.at[::-1]).tolist()
    # P(X > x) where P(-X >= -x) was estimated, one step on.
    assert own.share == pytest.approx(1.0 - np.append(above.share[:-1][::-1], 1.0))
    assert own.fitted == pytest.approx(1.0 - above.fitted[::-1], abs=1e-6)


def test_of_a_window_both_shares_are_of_what_could_be_seen():
    x = lk.Exponential(0.5).sample(400, seed=1)
    own = lk.fit(lk.observe(x[x > 2.0], entry=2.0), "exponential").empirical()
    rate = 1.0 / np.mean(x[x > 2.0] - 2.0)
    assert own.entry == 2.0
    assert own.fitted == pytest.approx(np.exp(-rate * (own.at - 2.0)), rel=1e-6)


def test_between_bounds_it_is_turnbulls():
    own = lk.fit(lk.observe(lower=[0, 1, 1, 3], upper=[2, 3, 4, 5]), "normal").empirical()
    assert own.estimate == "Turnbull"
    assert (own.since.tolist(), own.at.tolist()) == ([1.0, 3.0], [2.0, 3.0])
    assert own.share == pytest.approx([0.5, 0.0], abs=1e-6)
    assert np.isnan(own.low).all()


def test_what_has_none_is_named():
    fit = lk.fit(WEEKS, "weibull", event=SEEN)
    with pytest.raises(ParameterError, match="level"):
        fit.empirical(level=1.5)
    with pytest.raises(DataError, match="attach"):
        lk.Fit.from_dict(fit.to_dict()).empirical()
