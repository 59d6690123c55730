"""Hazards, papers, surfaces, return levels, residuals, rootograms: against independent truth."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest import plots
from likeliest.inference.descent import descent
from likeliest.plots.hazard import rates_of
from likeliest.plots.mean_excess import excesses_of, mean_beyond

HOURS, FAILED = [31.0, 55.0, 90.0, 100.0, 100.0], [1, 1, 1, 0, 0]


def line(ax, label):
    [found] = [each for each in ax.lines if each.get_label() == label]
    return found.get_xdata(), found.get_ydata()


def test_the_rate_of_the_data_is_events_over_time_at_risk():
    rates = rates_of(lk.observe(HOURS, event=FAILED), 0.0, 0.95)
    assert rates.edges.tolist() == [0.0, 90.0]
    time = 31.0 + 55.0 + 3 * 90.0
    assert rates.rate == pytest.approx([3.0 / time])
    low, high = stats.chi2.ppf(0.025, 6) / 2, stats.chi2.ppf(0.975, 8) / 2
    assert [rates.low[0] * time, rates.high[0] * time] == pytest.approx([low, high])
    late = rates_of(lk.observe([620.0, 900.0, 700.0], entry=[500, 500, 600]), 0.0, 0.95)
    assert late.rate == pytest.approx([3.0 / (120.0 + 400.0 + 100.0)])
    assert rates_of(lk.observe(lower=[0, 1], upper=[2, 3]), 0.0, 0.95) is None


def test_the_fitted_hazard_is_the_density_over_survival():
    fit = lk.fit(HOURS, "weibull", event=FAILED)
    x, y = line(fit.plot("hazard"), "weibull")
    k, scale = fit.parameters["shape"], fit.parameters["scale"]
    assert y == pytest.approx(k / scale * (x / scale) ** (k - 1.0), rel=1e-9)


@pytest.mark.parametrize(
    "fit",
    [
        lambda: lk.fit(HOURS, "weibull", event=FAILED),
        lambda: lk.fit([48.8, 49.3, 52.5, 53.2, 57.6], "normal"),
        lambda: lk.fit(lk.Cauchy(0, 1).sample(200, seed=1), "cauchy"),
        lambda: lk.fit([620.0, 900.0, 2400.0, 700.0], "exponential", entry=500),
    ],
)
def test_a_fit_is_straight_on_its_own_paper(fit):
    ax = fit().plot("probability")
    points = ax.transData.transform(np.column_stack(line(ax, fit().family)))
    inside = points[(points[:, 1] > ax.bbox.y0) & (points[:, 1] < ax.bbox.y1)]
    slope = np.polyfit(*inside.T, 1)
    assert inside.shape[0] > 20
    assert np.abs(np.polyval(slope, inside[:, 0]) - inside[:, 1]).max() < 1.0  # pixels


def test_points_on_paper_are_kaplan_and_meiers():
    at, share = line(lk.fit(HOURS, "weibull", event=FAILED).plot("probability"), "data")
    assert at.tolist() == HOURS[:3]
    assert share == pytest.approx([0.1, 0.3, 0.5])


def test_a_region_ends_where_the_likelihood_ratio_does():
    x = np.array([48.8292, 49.3087, 52.4836, 53.2384, 57.6151])
    fit = lk.fit(x, "normal")
    regions = plots.surface(fit).patches
    assert [r.get_label() for r in regions] == ["99 % region", "90 % region", "50 % region"]
    for region, share in zip(regions, (0.99, 0.9, 0.5), strict=True):
        mean, std = region.get_xy()[:-1].T
        log = stats.norm.logpdf(x[:, None], mean, std).sum(axis=0)
        fall = stats.norm.logpdf(x, x.mean(), x.std()).sum() - log
        assert fall == pytest.approx(np.full(fall.size, -np.log1p(-share)), rel=1e-5)


def test_lines_of_a_surface_are_of_equal_likelihood():
    x = lk.datasets.seattle_rain()
    fit = lk.fit(x, "gamma")
    [lines] = [c for c in plots.surface(fit).collections if hasattr(c, "levels")]
    for path, fall in zip(lines.get_paths(), lines.levels, strict=True):
        if not len(path.vertices) or fall > 20.0:
            continue
        for shape, scale in path.vertices[:: max(1, len(path.vertices) // 5)]:
            log = stats.gamma.logpdf(x, shape, scale=scale).sum()
            assert fit.log_likelihood - log == pytest.approx(fall, rel=0.02)


def test_descent_goes_down_and_comes_to_the_estimate():
    fit = lk.fit(lk.datasets.seattle_rain(), "gamma")
    path = descent(fit, {"shape": 2.0, "scale": 4.0})
    loss = [
        lk.Gamma(a, b).nll(lk.datasets.seattle_rain()) for a, b in zip(*path.values(), strict=True)
    ]
    assert (path["shape"][0], path["scale"][0]) == pytest.approx((2.0, 4.0))
    assert (np.diff(loss) <= 1e-9).all()
    assert path["shape"][-1] == pytest.approx(fit.parameters["shape"], rel=1e-3)
    ax = plots.surface(fit, start={"shape": 2.0, "scale": 4.0})
    assert ax.get_xlim()[1] > 2.0
    with pytest.raises(lk.errors.ParameterError, match="shape, scale"):
        descent(fit, {"rate": 1.0})


def test_return_levels_are_quantiles_and_the_greatest_value_stands_at_twice_n():
    x = lk.Gumbel(30.0, 5.0).sample(50, seed=1)
    fit = lk.fit(x, "gumbel")
    ax = plots.return_level(fit)
    period, level = line(ax, "gumbel")
    p = fit.parameters
    assert level == pytest.approx(stats.gumbel_r.isf(1.0 / period, p["loc"], p["scale"]))
    at, seen = line(ax, "data")
    assert (at[-1], seen[-1]) == pytest.approx((100.0, x.max()))
    at, _ = line(plots.return_level(fit, rate=5.0), "data")
    assert at[-1] == pytest.approx(20.0)


def test_return_periods_of_truncated_values_are_of_all():
    fit = lk.fit([620.0, 900.0, 2400.0, 700.0], "exponential", entry=500)
    at, _ = line(fit.plot("return level"), "data")
    beyond = 0.125 * np.exp(-fit.parameters["rate"] * 500.0)
    assert at[-1] == pytest.approx(1.0 / beyond)


def test_bars_of_a_rootogram_hang_from_the_roots_of_the_expected_counts():
    counts = np.repeat([0, 1, 2, 3], [5, 8, 5, 2])
    fit = lk.fit(counts, "poisson")
    bars = fit.plot("rootogram").patches
    x = np.arange(len(bars))
    expected = np.sqrt(20.0 * stats.poisson.pmf(x, counts.mean()))
    assert [bar.get_y() + bar.get_height() for bar in bars] == pytest.approx(expected)
    assert [bar.get_height() for bar in bars[:4]] == pytest.approx(np.sqrt([5, 8, 5, 2]))
    large = lk.fit(lk.Poisson(50_000).sample(100, seed=0), "poisson").plot("rootogram")
    assert len(large.patches) <= 60
    assert "numbers to a bar" in large.texts[0].get_text()
    assert sum(bar.get_height() ** 2 for bar in large.patches) == pytest.approx(100.0)


def test_counts_without_zeros_hang_from_those_that_could_be_seen():
    bars = lk.fit([1, 2, 3, 4, 2, 1, 1, 5, 2], "poisson", entry=0).plot("rootogram").patches
    assert bars[0].get_x() > 0.5
    rate = lk.fit([1, 2, 3, 4, 2, 1, 1, 5, 2], "poisson", entry=0).parameters["rate"]
    first = 9.0 * stats.poisson.pmf(1, rate) / stats.poisson.sf(0, rate)
    assert (bars[0].get_y() + bars[0].get_height()) ** 2 == pytest.approx(first)


def test_a_worm_is_the_normal_qq_plot_less_its_line():
    fit = lk.fit([1.0, 2.0, 4.0, 9.0], "exponential")
    z, off = line(fit.plot("worm"), "data")
    truth = stats.norm.ppf((np.arange(4) + 0.5) / 4)
    residual = stats.norm.ppf(1.0 - np.exp(-np.array([1.0, 2.0, 4.0, 9.0]) / 4.0))
    assert z == pytest.approx(truth)
    assert off == pytest.approx(residual - truth)


def test_residuals_are_by_row_with_their_moving_mean():
    x = lk.Normal(0, 1).sample(80, seed=1)
    ax = lk.fit(x, "normal").plot("residuals")
    at, r = line(ax, "a row")
    assert at.tolist() == list(range(1, 81))
    assert r == pytest.approx((x - x.mean()) / x.std())
    at, mean = line(ax, "moving mean")
    assert (at[0], mean[0]) == pytest.approx((5.5, r[:10].mean()))
    with pytest.raises(lk.errors.PictureError, match="order"):
        lk.fit(np.round(x, 1), "normal", rounding=0.1).plot("residuals")


def test_mean_excesses_are_those_of_the_values_beyond():
    x = np.array([1.0, 2.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0])
    found = excesses_of(lk.observe(x))
    assert found.threshold.tolist() == [1.0, 2.0]
    beyond = [x[x > u] - u for u in found.threshold]
    assert found.mean == pytest.approx([each.mean() for each in beyond])
    assert found.error == pytest.approx([each.std() / np.sqrt(each.size) for each in beyond])
    u = np.array([0.0, 1.0, 10.0])
    assert mean_beyond(lk.Exponential(0.5), u) - u == pytest.approx([2.0] * 3, rel=1e-6)
    ax = lk.fit(lk.Cauchy(0, 1).sample(100, seed=1), "cauchy").plot("mean excess")
    assert "infinite" in ax.texts[0].get_text()


def test_a_density_of_the_logarithm_keeps_its_areas():
    x = lk.datasets.seattle_rain()
    ax = plots.fit(lk.fit(x, "lognormal"), log=True)
    assert ax.get_xscale() == "log"
    area = sum(
        bar.get_height() * np.log((bar.get_x() + bar.get_width()) / bar.get_x())
        for bar in ax.patches
    )
    assert area == pytest.approx(1.0, abs=0.01)
    grid, height = ax.lines[0].get_xdata(), ax.lines[0].get_ydata()
    p = lk.fit(x, "lognormal").parameters
    assert height == pytest.approx(stats.norm.pdf(np.log(grid), p["log_mean"], p["log_std"]))
    with pytest.raises(lk.errors.PictureError, match="above 0"):
        plots.fit(lk.fit([-1.0, 2.0, 3.0], "normal"), log=True)


RAIN = lk.compare(lk.datasets.seattle_rain(), ["gamma", "lognormal", "normal"])


def test_bars_of_a_comparison_are_as_long_as_the_criterion_lies_above_the_best():
    ax = RAIN.plot("criterion")
    assert [bar.get_width() for bar in ax.patches] == pytest.approx(RAIN.deltas)
    assert [each.get_text() for each in ax.get_yticklabels()] == [f.family for f in RAIN]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the best on top


def test_tails_are_on_logarithmic_axes_and_hold_the_rarest():
    lower, upper = RAIN.plot("tails", top=2).child_axes
    assert (lower.get_yscale(), upper.get_xscale()) == ("log", "log")
    at, share = line(upper, "data")
    assert at[-1] == lk.datasets.seattle_rain().max()
    assert share[-1] == pytest.approx(0.5 / 623)
    x, beyond = line(upper, "gamma")
    p = RAIN["gamma"].parameters
    assert beyond == pytest.approx(stats.gamma.sf(x, p["shape"], scale=p["scale"]), rel=1e-6)


def test_a_comparison_has_its_own_pictures():
    assert len(RAIN.plot("cdf", top=2).lines) == 3
    assert RAIN.plot(top=1).get_title(loc="left").startswith("The likeliest 1 of 3")
    with pytest.raises(lk.errors.PictureError, match="densities, criterion, tails, cdf"):
        RAIN.plot("qq")


def test_groups_are_in_the_order_of_their_estimates():
    x = [1.0, 3.0, 2.0, 5.0, 9.0, 8.0, 2.0]
    fits = lk.fit(x, "exponential", by=[*"aabbccd"])
    ax = fits.plot()
    [points] = [each for each in ax.lines if each.get_marker() == "o"]
    order = np.argsort(fits.parameters["rate"])
    assert points.get_xdata() == pytest.approx(fits.parameters["rate"][order])
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == [[*fits][i] for i in order]
    panels = fits.plot("densities").child_axes
    assert [panel.get_title(loc="left") for panel in panels] == [*"abcd"]
    with pytest.raises(lk.errors.ParameterError, match="rate"):
        plots.caterpillar(fits, "shape")


def test_groups_that_could_not_be_fitted_are_told():
    fits = lk.fit([1.0, 3.0, 2.0, 2.0, 2.0], "normal", by=[*"aabbb"])
    assert fits.failed.tolist() == [False, True]
    assert "1 could not be fitted" in fits.plot().child_axes[-1].texts[0].get_text()
    many = lk.fit(lk.Gamma(2, 3).sample(600, seed=1), "exponential", by=np.arange(600) // 10)
    assert many.plot().get_ylabel() == "groups, by rate"


@pytest.mark.parametrize(
    "name", ["$a$_{", "cost in $\\frac", "温度", "\u202eevil", "n" * 300, "a\nb"]
)
def test_a_name_is_drawn_as_it_stands(name):
    fit = lk.fit(lk.read({name: [1.0, 2.0, 2.0, 4.0]}, name), "gamma")
    for kind in ("density", "cdf", "probability"):
        ax = fit.plot(kind)
        ax.figure.canvas.draw()
        assert ax.get_xlabel().replace("\\$", "$")[:1] in {name[0], "□"}
    ax = lk.fit([1.0, 2.0, 3.0], "exponential", by=[name, name, "b"]).plot()
    ax.figure.canvas.draw()


def test_the_pages_pictures_are_those_of_its_script():
    docs = Path(plots.__file__).parents[3] / "docs"
    pages = "".join((docs / page).read_text("utf-8") for page in ("likelihood.md", "pictures.md"))
    shown = re.findall(r"\(pictures/(\w+)\.png\)", pages)
    drawn = re.findall(
        r'^        "(\w+)": ', (docs / "pictures.py").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(shown) == sorted(drawn)
    assert all((docs / "pictures" / f"{name}.png").is_file() for name in shown)
