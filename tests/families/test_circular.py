"""Angles: how they are taken in, and families of the circle."""

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest.errors import DataError, ParameterError, SupportError


def test_angles_of_degrees_hours_and_turns():
    assert lk.angles([0, 90, 270, 450, -90], period=360) == pytest.approx(
        np.pi * np.array([0.0, 0.5, -0.5, 0.5, -0.5]), rel=1e-15
    )
    assert lk.angles([23.0, 1.0], period=24) == pytest.approx([-np.pi / 12, np.pi / 12])
    x = np.linspace(-40.0, 40.0, 1001)
    assert np.abs(np.exp(1j * lk.angles(x)) - np.exp(1j * x)).max() < 1e-13
    assert np.abs(lk.angles(x)).max() <= np.pi


@pytest.mark.parametrize(
    ("values", "period", "error", "said"),
    [
        ([1.0], 0.0, ParameterError, "period must be a positive number"),
        ([1.0], [1, 2], ParameterError, "period must be a positive number"),
        ([1.0, np.nan], 360, DataError, "row 1: nan"),
        ([1e300], 360, DataError, "place on the circle is lost"),
    ],
)
def test_what_is_no_angle_is_refused(values, period, error, said):
    with pytest.raises(error, match=said):
        lk.angles(values, period=period)


def test_degrees_are_answered_with_how_to_convert_them():
    with pytest.raises(SupportError, match=r"likeliest\.angles\(x, period=360\)"):
        lk.fit([10.0, 350.0, 20.0], "von mises")


@pytest.mark.families(where=lambda f: f.circular)
def test_turning_the_circle_turns_the_estimate(family):
    x = lk.VonMises(0.3, 2.0).sample(200, seed=1)
    one, other = lk.fit(x, family), lk.fit(lk.angles(x + 3.0), family)
    turned = lk.angles([one.parameters["loc"] + 3.0])[0]
    assert other.parameters["loc"] == pytest.approx(turned, abs=1e-7)
    assert other.parameters["concentration"] == pytest.approx(
        one.parameters["concentration"], rel=1e-7
    )
    assert other.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-13)


def test_a_von_mises_is_that_of_the_mean_direction():
    x = lk.VonMises(2.9, 3.0).sample(500, seed=2)
    fit = lk.fit(x, "von mises")
    assert fit.parameters["loc"] == pytest.approx(stats.circmean(x, np.pi, -np.pi), rel=1e-13)
    kappa, *_ = stats.vonmises.fit(x, floc=fit.parameters["loc"], fscale=1)
    assert fit.parameters["concentration"] == pytest.approx(kappa, rel=1e-7)


def test_evenly_spread_angles_prefer_no_direction():
    x = np.linspace(-np.pi, np.pi, 13)[:-1] + 0.1
    for family in ("von mises", "wrapped cauchy"):
        fit = lk.fit(x, family)
        assert fit.parameters["concentration"] == pytest.approx(0.0, abs=1e-7)
        assert fit.log_likelihood == pytest.approx(-12 * np.log(2 * np.pi), rel=1e-12)


def test_angles_are_compared_among_families_of_the_circle():
    x = lk.WrappedCauchy(1.0, 0.7).sample(400, seed=3)
    table = lk.compare(x, "circular")
    assert table.best.family == "wrapped cauchy"
    assert {fit.family for fit in table.fits} == {"von mises", "wrapped cauchy"}
    mixed = lk.compare(x, ["normal", "von mises"])
    assert [fit.family for fit in mixed.fits] == ["normal"]
    assert "angles" in mixed.left_out["von mises"]
