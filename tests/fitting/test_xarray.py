"""Grids of xarray: each cell as the fit of its own values, and back on the grid."""

from __future__ import annotations

import numpy as np
import pytest

import likeliest as lk

xr = pytest.importorskip("xarray")


@pytest.fixture
def rain():
    rng = np.random.default_rng(2)
    values = rng.gamma(2.0, 3.0, (40, 2, 3))
    values[:5, 0, 1] = np.nan
    values[:, 1, 2] = np.nan
    days = np.arange("2020-01-01", "2020-02-10", dtype="datetime64[D]")
    coords = {"time": days, "lat": [52.5, 51.5], "lon": [3.0, 4.0, 5.0]}
    return xr.DataArray(values, dims=("time", "lat", "lon"), coords=coords, name="rain")


def test_each_cell_is_the_fit_of_its_values(rain):
    fits = lk.fit(rain, "gamma", dim="time")
    assert list(fits) == [(lat, lon) for lat in (52.5, 51.5) for lon in (3.0, 4.0, 5.0)]
    cell = rain.sel(lat=52.5, lon=4.0).dropna("time")
    alone = lk.fit(cell.to_numpy(), "gamma")
    assert fits[52.5, 4.0].parameters == alone.parameters
    grid = fits.to_xarray(level=0.9)
    assert grid.sizes == {"lat": 2, "lon": 3}
    there = grid.sel(lat=52.5, lon=4.0)
    assert float(there["shape"]) == pytest.approx(alone.parameters["shape"], rel=1e-9)
    assert float(there["shape_high"]) == pytest.approx(alone.intervals(0.9)["shape"][1], rel=1e-7)
    assert int(there["n"]) == 35
    empty = grid.sel(lat=51.5, lon=5.0)
    assert np.isnan(empty["scale"])
    assert str(empty["status"].to_numpy()) == "failed"


def test_return_levels_go_back_on_the_grid(rain):
    fits = lk.fit(rain, "gumbel", dim="time")
    levels = fits.return_level([10, 100], rate=1.0)
    grid = levels.to_xarray()
    assert grid.sizes == {"lat": 2, "lon": 3}
    one = fits[51.5, 3.0].return_level(100.0)
    there = grid.sel(lat=51.5, lon=3.0)
    assert float(there["return level 100"]) == pytest.approx(one.value, rel=1e-9)
    assert float(there["return level 100 low"]) == pytest.approx(one.interval()[0], rel=1e-5)


def test_the_order_of_dimensions_does_not_matter(rain):
    fits = lk.fit(rain, "exponential", dim="time").to_xarray()
    turned = lk.fit(rain.transpose("lon", "time", "lat"), "exponential", dim="time").to_xarray()
    xr.testing.assert_allclose(fits, turned.transpose("lat", "lon"))


def test_several_dimensions_make_one_sample(rain):
    fits = lk.fit(rain, "exponential", dim=["time", "lon"])
    assert list(fits) == [52.5, 51.5]
    south = rain.sel(lat=51.5).to_numpy()
    assert fits.parameters["rate"][1] == pytest.approx(1.0 / np.nanmean(south), rel=1e-12)


def test_dimensions_without_labels_and_with_dates(rain):
    bare = lk.fit(rain.drop_vars("lon"), "exponential", dim="lat")
    assert next(iter(bare))[1] == 0
    assert bare.to_xarray()["time"].dtype.kind == "M"


def test_any_groups_make_a_dataset():
    fits = lk.fit([1.0, 2.0, 3.0], "exponential", by=[["u", "u", "v"], [2020, 2021, 2020]])
    grid = fits.to_xarray()
    assert grid["rate"].shape == (2, 2)
    assert np.isnan(grid["rate"].to_numpy()[1, 1])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"dim": "day"}, "no dimension of the data, which have time, lat, lon"),
        ({"dim": []}, "no dimension"),
        ({"dim": "time", "axis": 0}, "axis does not go with it"),
        ({"dim": "time", "weights": [1.0]}, "weights does not go with it"),
        ({"dim": "time", "by": [1]}, "by does not go with it"),
        ({"dim": ["time", "lat", "lon"]}, "two dimensions or more"),
    ],
)
def test_bad_input(rain, words, told):
    with pytest.raises(lk.errors.DataError, match=told):
        lk.fit(rain, "gamma", **words)


def test_dim_is_for_labelled_arrays():
    with pytest.raises(lk.errors.DataError, match="DataArray; got ndarray"):
        lk.fit(np.ones((3, 4)), "gamma", dim="time")
