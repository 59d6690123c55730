"""Pictures of regressions show the numbers of the regression."""

import numpy as np
import pytest

import likeliest as lk


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(2)
    x, group = rng.normal(size=400), rng.integers(0, 3, 400)
    rate = np.exp(0.5 + 0.4 * x + 0.3 * group)
    return {
        "x": x,
        "group": [*map("abc".__getitem__, group)],
        "y": rng.negative_binomial(2, 2 / (2 + rate)),
        "hit": rng.random(400) < 1.0 / (1.0 + np.exp(-x)),
    }


@pytest.fixture(scope="module")
def counts(rows):
    return lk.regress("y ~ x + group", rows, "negative binomial")


def test_effects_are_predictions_with_the_others_held(rows, counts):
    ax = counts.plot("effects")
    numbers, levels = ax.child_axes
    x, mean = numbers.get_lines()[0].get_data()
    common = max("abc", key=rows["group"].count)
    new = {"x": x, "group": [common] * x.size}
    np.testing.assert_allclose(mean, counts.predict(new), rtol=1e-12)
    low, high = counts.estimate(lambda d: d.mean, new).interval()
    edge = numbers.collections[0].get_paths()[0].vertices[:, 1]
    assert edge.min() == pytest.approx(low.min())
    assert edge.max() == pytest.approx(high.max())
    assert [label.get_text() for label in levels.get_xticklabels()] == ["a", "b", "c"]
    alone = counts.plot("effects", column="group")
    assert alone.get_xlabel() == "group"
    assert alone.get_ylabel() == "mean of y"


def test_effects_of_rates_are_per_unit_of_exposure():
    rng = np.random.default_rng(3)
    x, time = rng.normal(size=300), rng.uniform(1.0, 9.0, 300)
    rows = {"x": x, "time": time, "y": rng.poisson(time * np.exp(0.2 * x))}
    r = lk.regress("y ~ x", rows, "poisson", exposure="time")
    ax = r.plot()
    at, mean = ax.get_lines()[0].get_data()
    np.testing.assert_allclose(mean, r.predict({"x": at, "time": np.ones(at.size)}), rtol=1e-12)
    assert ax.get_ylabel() == "mean of y, per unit of exposure"


def test_where_there_is_no_mean_the_median_is_drawn(rows):
    r = lk.regress("y ~ x", rows, "cauchy")
    at, median = r.plot().get_lines()[0].get_data()
    np.testing.assert_allclose(median, r.distribution({"x": at}).quantile(0.5), rtol=1e-12)


def test_residuals_are_those_of_the_regression(counts):
    x, r = counts.plot("residuals").get_lines()[0].get_data()
    order = np.argsort(counts.predict(), kind="stable")
    np.testing.assert_allclose(r, counts.residuals()[order])
    np.testing.assert_allclose(x, counts.predict()[order])
    for kind in ("qq", "worm"):
        points = counts.plot(kind).get_lines()[1].get_data()[1]
        assert points.size == 400
    np.testing.assert_allclose(counts.plot("qq").get_lines()[1].get_ydata(), np.sort(r))


def test_expected_counts_are_sums_over_the_rows(rows, counts):
    ax = counts.plot("rootogram")
    top = ax.get_lines()[0].get_ydata()
    first = np.exp(counts.distribution().log_prob(0)).sum()
    assert top[0] ** 2 == pytest.approx(first, rel=1e-9)
    assert sum(bar.get_height() ** 2 for bar in ax.patches) == pytest.approx(400)


def test_calibration_of_events_and_of_numbers(rows, counts):
    heights = [bar.get_height() for bar in counts.plot("calibration").patches]
    assert sum(heights) == pytest.approx(1.0)
    hits = lk.regress("hit ~ x", rows, "bernoulli")
    x, share = hits.plot("calibration").containers[0][0].get_data()
    assert np.average(share) == pytest.approx(np.mean(rows["hit"]))
    assert np.average(x) == pytest.approx(np.mean(hits.predict()))


def test_what_cannot_be_drawn_is_said(rows, counts):
    with pytest.raises(lk.errors.PictureError, match="Did you mean 'worm'"):
        counts.plot("wurm")
    with pytest.raises(lk.errors.PictureError, match="they read x, group"):
        counts.plot("effects", column="y")
    with pytest.raises(lk.errors.PictureError, match="goes with the picture of effects"):
        counts.plot("worm", column="x")
    arrays = lk.regress(rows["y"], rows["x"], "poisson")
    with pytest.raises(lk.errors.PictureError, match="Name them in a frame"):
        arrays.plot()
    normal = lk.regress("x ~ group", rows, "normal")
    with pytest.raises(lk.errors.PictureError, match="no law of counts"):
        normal.plot("rootogram")
    with pytest.raises(lk.errors.DataError, match="needs the data"):
        lk.Regression.from_dict(counts.to_dict()).plot("worm")
