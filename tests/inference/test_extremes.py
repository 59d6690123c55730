"""Clusters, mean excesses and stability over thresholds: against loops, formulas and SciPy."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest.errors import DataError, ParameterError

DATA = Path(__file__).parents[1] / "published" / "data"


@pytest.mark.parametrize("run", [1, 2, 5])
def test_clusters_are_those_of_a_walk_along_the_data(run: int) -> None:
    x = np.random.default_rng(0).standard_normal(400).cumsum()
    level = float(np.quantile(x, 0.7))
    peaks, at, sizes, quiet = [], [], [], run
    for i, value in enumerate(x.tolist()):
        if value <= level:
            quiet += 1
            continue
        if quiet >= run:
            peaks.append(value), at.append(i), sizes.append(0)
        elif value > peaks[-1]:
            peaks[-1], at[-1] = value, i
        sizes[-1] += 1
        quiet = 0
    found = lk.extremes.decluster(x, level, run)
    assert found.peaks.tolist() == peaks
    assert found.at.tolist() == at
    assert found.sizes.tolist() == sizes
    assert found.extremal_index == pytest.approx(len(peaks) / sum(sizes), rel=1e-12)
    assert found.rate == len(peaks) / 400
    assert all(b - a > run for a, b in pairwise(found.at.tolist()))
    assert (found.excesses > 0.0).all()


def test_a_peak_that_is_reached_twice_stands_where_it_was_first() -> None:
    assert lk.extremes.decluster([0, 3, 5, 5, 0], 1.0).at.tolist() == [2]


def test_mean_excess_is_the_mean_with_its_error() -> None:
    x = lk.Exponential(0.5).sample(200, seed=1)
    found = lk.extremes.mean_excess(x, [0.5, 2.0, float(x.max())])
    for i in range(2):
        excess = x[x > found.threshold[i]] - found.threshold[i]
        assert found.mean[i] == pytest.approx(excess.mean(), rel=1e-12)
        assert found.error[i] == pytest.approx(stats.sem(excess), rel=1e-12)
    assert np.isnan(found.mean[2])
    low, high = found.interval(0.9)
    assert (high - low)[0] == pytest.approx(2 * 1.6448536 * found.error[0], rel=1e-7)
    chosen = lk.extremes.mean_excess(x)
    assert chosen.threshold[0] == np.median(x)
    assert chosen.n[-1] == 9
    assert chosen.to_frame().shape == (20, 4)


def test_stability_is_that_of_fits_beyond_each_threshold() -> None:
    x = lk.GeneralizedPareto(0.2, 1.0).sample(2_000, seed=1)
    found = lk.extremes.stability(x, [0.5, 1.5, 1e6])
    for i, level in enumerate([0.5, 1.5]):
        excess = x[x > level] - level
        shape, _, scale = stats.genpareto.fit(excess, floc=0)
        assert found.shape[i] == pytest.approx(shape, abs=1e-3)
        assert found.modified_scale[i] == pytest.approx(scale - shape * level, abs=2e-3)
        # Its slope and the scale at the threshold by the delta method, as of any function.
        one = lk.fit(excess, "generalized pareto")
        error = one.estimate(lambda d, u=level: d.scale - d.shape * u).standard_error
        assert found.modified_scale_error[i] == pytest.approx(error, rel=1e-5)
    assert np.isnan(found.shape[2])
    assert list(found.reasons) == [1e6]
    assert "modified scale" in repr(found)


def test_return_levels_of_port_pirie_are_those_of_coles() -> None:
    """Coles (2001), section 3.4.1: 4.30 (4.19 to 4.41) and 4.69 (4.38 to 5.00)."""
    x = json.loads((DATA / "port_pirie.json").read_text(encoding="utf-8"))["values"]
    fit = lk.fit(x, "gev")
    for period, level, low, high in ((10, 4.30, 4.19, 4.41), (100, 4.69, 4.38, 5.00)):
        found = fit.estimate(lambda d, p=period: d.quantile(1 - 1 / p), scale="identity")
        assert found.value == pytest.approx(level, abs=0.005)
        assert found.interval() == pytest.approx((low, high), abs=0.006)
    for period, low, high in ((10, 4.205, 4.445), (100, 4.490, 5.261)):
        ends = fit.return_level(period, method="profile").interval()
        assert ends == pytest.approx((low, high), abs=1e-3)


def test_what_is_refused() -> None:
    with pytest.raises(DataError, match="No value lies beyond 9: the greatest is 2"):
        lk.extremes.decluster([1.0, 2.0], 9.0)
    with pytest.raises(ParameterError, match="run must be 1 or more"):
        lk.extremes.decluster([1.0, 2.0], 0.0, run=0)
    with pytest.raises(ParameterError, match="threshold must be a finite number"):
        lk.extremes.decluster([1.0, 2.0], "high")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="Give them by thresholds="):
        lk.extremes.mean_excess([1.0, 2.0])
    with pytest.raises(ParameterError, match="thresholds must be finite"):
        lk.extremes.mean_excess([1.0, 2.0], [np.nan])
    for ask in (lk.extremes.decluster, lk.extremes.mean_excess, lk.extremes.block_maxima):
        with pytest.raises(DataError, match=r"1 of 3 values .* \(first: row 1, nan\)"):
            ask([1.0, np.nan, 3.0], 1)


def test_block_maxima_by_length_and_by_label():
    x = np.random.default_rng(1).normal(size=25)
    assert lk.extremes.block_maxima(x, 10).tolist() == [x[:10].max(), x[10:20].max()]
    years = np.repeat(["2003", "2001", "2002"], [5, 15, 5])
    by_year = [x[years == year].max() for year in ("2001", "2002", "2003")]
    assert lk.extremes.block_maxima(x, years).tolist() == by_year
    with pytest.raises(DataError, match="do not fill a block"):
        lk.extremes.block_maxima(x, 26)
    with pytest.raises(DataError, match="a label for each of 25"):
        lk.extremes.block_maxima(x, years[:-1])
    with pytest.raises(ParameterError, match="blocks must be"):
        lk.extremes.block_maxima(x, 0)
