"""A regression of each group is that of its rows alone, whatever they came in."""

import numpy as np
import polars as pl
import pytest

import likeliest as lk


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(4)
    n = 120
    x, site = rng.normal(size=n), rng.integers(0, 3, n)
    frame = pl.DataFrame({"x": x, "site": [*map("abc".__getitem__, site)]})
    life = rng.weibull(1.5, n) * np.exp(0.3 * x)
    ended = rng.random(n) < 0.8
    return frame.with_columns(life=life, ended=ended, kind=pl.Series(["p", "q"] * (n // 2)))


def of(found):
    return {key: found[key].estimates for key in found}


def test_each_is_that_of_its_rows(rows):
    found = lk.regress("life ~ x", rows, "weibull", event="ended", by=["site", "kind"])
    assert len(found) == 6
    for key in found:
        some = rows.filter((pl.col("site") == key[0]) & (pl.col("kind") == key[1]))
        alone = lk.regress("life ~ x", some, "weibull", event="ended")
        np.testing.assert_array_equal(found[key].estimates, alone.estimates)
    frame = found.to_frame(0.9)
    assert frame.height == 6 * 3
    assert frame.columns[:4] == ["site", "kind", "parameter", "term"]


def test_frames_of_every_kind_and_arrays_are_alike(rows):
    pandas = pytest.importorskip("pandas")
    truth = of(lk.regress("life ~ x", rows, "weibull", event="ended", by="site"))
    for data in (rows.to_pandas(), rows.to_arrow(), rows.to_dict(as_series=False)):
        found = of(lk.regress("life ~ x", data, "weibull", event="ended", by="site"))
        assert found.keys() == truth.keys()
        for key in truth:
            np.testing.assert_allclose(found[key], truth[key], rtol=1e-12)
    assert pandas is not None
    life, x, ended = (rows[name].to_numpy() for name in ("life", "x", "ended"))
    found = of(lk.regress(life, x, "weibull", event=ended, by=rows["site"]))
    for key in truth:
        np.testing.assert_allclose(found[key], truth[key], rtol=1e-10)


def test_a_group_without_a_regression_says_why_and_stops_nobody(rows):
    lone = pl.concat([rows, rows[:1].with_columns(site=pl.lit("lone"))])
    found = lk.regress("life ~ x", lone, "weibull", by="site")
    assert [*found.reasons] == ["lone"]
    assert "1 rows" in found.reasons["lone"] or "coefficients" in found.reasons["lone"]
    with pytest.raises(lk.errors.LikeliestError):
        found["lone"]
    assert "1 of 4 groups have none" in str(found)
    reasons = found.to_frame().filter(pl.col("reason").is_not_null())
    assert reasons["site"].to_list() == ["lone"]
    with pytest.raises(KeyError, match="no group 'z'"):
        found["z"]


def test_what_does_not_go_with_groups(rows):
    with pytest.raises(lk.errors.ParameterError, match="goes with one family"):
        lk.regress("life ~ x", rows, ["weibull", "gamma"], by="site")
    with pytest.raises(lk.errors.DataError, match="give a key for each"):
        lk.regress("life ~ x", rows, "weibull", by=[1, 2])
