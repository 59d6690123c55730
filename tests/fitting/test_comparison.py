"""A comparison as a collection of fits, as a table and as a data frame."""

import numpy as np
import polars as pl
import pytest

import likeliest as lk


@pytest.fixture(scope="module")
def compared():
    return lk.compare(lk.datasets.seattle_rain())


@pytest.mark.parametrize("families", ["gamma", lk.Gamma, ["gamma"], ("gamma" for _ in "x")])
def test_one_family_is_named_or_given(families):
    compared = lk.compare(lk.datasets.seattle_rain(), families)
    assert [fit.family for fit in compared] == ["gamma"]
    assert len(compared) == 1
    assert repr(compared).startswith("1 family · 623 values")


@pytest.mark.parametrize("families", [[], (), 3, [3]])
def test_families_that_are_none_are_one_clear_error(families):
    with pytest.raises(lk.errors.LikeliestError, match="name"):
        lk.compare([1.0, 2.0, 4.0], families)


def test_it_holds_its_fits_in_their_order(compared):
    assert len(compared) == len(compared.fits) == len(list(compared))
    values = [fit.aicc for fit in compared]
    assert values == sorted(values)
    assert compared["weibull"] is compared[lk.Weibull]
    assert compared["weibull"] in compared


def test_the_frame_holds_what_each_fit_says(compared):
    frame = compared.to_frame()
    assert isinstance(frame, pl.DataFrame)
    assert frame["family"].to_list() == [fit.family for fit in compared]
    for row, fit in zip(frame.iter_rows(named=True), compared, strict=True):
        k, n = row["estimated"], fit.n
        assert k == len(fit.parameters)
        assert row["log_likelihood"] == fit.log_likelihood
        assert row["aic"] == pytest.approx(2 * k - 2 * fit.log_likelihood, rel=1e-12)
        assert row["aicc"] == pytest.approx(row["aic"] + 2 * k * (k + 1) / (n - k - 1), rel=1e-12)
        assert row["bic"] == pytest.approx(k * np.log(n) - 2 * fit.log_likelihood, rel=1e-12)
    best = frame["aicc"].min()
    assert np.allclose(frame["delta"], frame["aicc"] - best, rtol=0, atol=1e-9)
    shares = np.exp(-0.5 * (frame["aicc"] - best).to_numpy())
    assert np.allclose(frame["weight"], shares / shares.sum(), rtol=1e-12)


def test_the_frame_is_sorted_by_any_column(compared):
    by_name = compared.to_frame().sort("family")
    assert by_name["family"].to_list() == sorted(fit.family for fit in compared)
    assert by_name.sort("weight", descending=True)["family"][0] == compared.best.family


def test_pandas_has_the_same_cells(compared):
    pd = pytest.importorskip("pandas")
    frame = compared.to_frame("pandas")
    assert isinstance(frame, pd.DataFrame)
    assert frame.to_dict("list") == compared.to_frame().to_dict(as_series=False)


def test_another_library_is_refused(compared):
    with pytest.raises(lk.errors.ParameterError, match="polars"):
        compared.to_frame("cudf")


def test_infinite_criteria_stay_infinite_in_a_frame():
    frame = lk.compare([1.5, 2.5, 4.0], ["normal", "rayleigh"]).to_frame()
    assert frame["aicc"].to_list()[1] == np.inf
    assert frame["weight"].to_list() == [1.0, 0.0]


def test_five_are_shown_first_and_the_rest_is_where_it_is_said(compared):
    lines = repr(compared).splitlines()
    assert len(lines) == 4 + 5 + 2
    assert lines[-1] == "10 more, and 5 left out, with the reasons: .table()"
    assert "left out: beta" not in repr(compared)
    whole = repr(compared.table())
    assert "uniform" in whole
    assert "left out: beta: needs 0 < x < 1" in whole
    assert ".table()" not in whole
    assert repr(compared.table()) == str(compared.table())
    assert "left out: beta" in compared.to_html()
    assert "left out: beta" not in compared._repr_html_()


def test_nothing_more_is_said_where_all_is_shown():
    assert "more" not in repr(lk.compare([2.1, 3.4, 1.9, 5.6], ["normal", "gamma"]))


def test_families_that_the_data_hardly_tell_apart_are_named(compared):
    close = lk.compare([2.1, 3.4, 1.9, 5.6, 4.4, 2.2, 3.1], ["gamma", "lognormal", "exponential"])
    assert close.deltas[1] < 2.0 < close.deltas[2]
    assert close.tied == (close.fits[1].family,)
    assert f"hardly tell {close.tied[0]} from {close.best.family}: ΔAICc < 2" in repr(close)
    assert compared.tied == ()
    assert "hardly" not in repr(compared)


def test_a_probability_at_zero_keeps_a_family_out_of_sets(monkeypatch):
    x = lk.Tweedie(4.0, 1.5, 2.0).sample(60, seed=0)
    monkeypatch.setitem(lk.families.SETS, "common", ("normal", "tweedie"))
    compared = lk.compare(x)
    assert [fit.family for fit in compared.fits if "mixture" not in fit.family] == ["normal"]
    assert "gives 0 a probability" in compared.left_out["tweedie"]
    named = lk.compare(x, ["normal", "tweedie", lk.hurdle("gamma")])
    assert {fit.family for fit in named.fits} == {"tweedie", "hurdle gamma"}
    assert "not ranked against the probability" in named.left_out["normal"]
