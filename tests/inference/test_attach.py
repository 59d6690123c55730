"""A loaded fit takes its data back, and no others."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import DataError

X = lk.Weibull(1.7, 4.0).sample(40, seed=3)


def test_its_data_give_back_what_needs_rows():
    fit = lk.fit(X, "weibull")
    back = lk.Fit.from_dict(fit.to_dict()).attach(X)
    for name, pair in fit.intervals(method="profile").items():
        assert back.intervals(method="profile")[name] == pytest.approx(pair, rel=1e-9)
    assert back.intervals() == fit.intervals()
    assert back.bootstrap(99).intervals() == fit.bootstrap(99).intervals()
    assert back.with_errors("sandwich").errors == pytest.approx(
        fit.with_errors("sandwich").errors, rel=1e-9
    )


def test_weights_rounding_and_censoring_are_given_as_to_fit():
    rounded = np.round(X, 1) + 0.05
    fit = lk.fit(rounded, "weibull", rounding=0.1)
    assert lk.Fit.from_dict(fit.to_dict()).attach(rounded, rounding=0.1).observations.n == 40
    data = lk.observe(np.minimum(X, 5.0), event=X <= 5.0)
    censored = lk.Fit.from_dict(lk.fit(data, "weibull").to_dict())
    assert censored.attach(data).observations is data
    weighted = lk.Fit.from_dict(lk.fit(X, "weibull", weights=np.full(40, 2.0)).to_dict())
    assert weighted.attach(X, weights=np.full(40, 2.0)).n == 80
    with pytest.raises(DataError, match="they are 40 values, and 80 were fitted"):
        weighted.attach(X)


def test_other_data_are_refused():
    back = lk.Fit.from_dict(lk.fit(X, "weibull").to_dict())
    with pytest.raises(DataError, match="not the data of the fit: its log likelihood"):
        back.attach(X + 0.01)
    with pytest.raises(DataError, match="not the data of the fit: its log likelihood"):
        back.attach(-X)
