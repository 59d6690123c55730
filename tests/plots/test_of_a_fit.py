"""Pictures of a fit show what they say: points, bands and intervals against independent truth."""

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest import plots
from likeliest.plots.envelope import envelope
from likeliest.plots.positions import Seen, positions_of

HOURS, FAILED = [31.0, 55.0, 90.0, 100.0, 100.0], [1, 1, 1, 0, 0]
RAIN = lk.datasets.seattle_rain()


def draw(ax):
    """Render the picture, so that what matplotlib cannot draw comes out."""
    ax.figure.canvas.draw()
    return ax


def line(ax, label):
    [found] = [each for each in ax.lines if each.get_label() == label]
    return found.get_xdata(), found.get_ydata()


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


MIXED = {"lower": [np.nan, 1, 2, 3, 4, 2], "upper": [2, 3, 2, 5, np.nan, 6]}
HURDLE = lk.hurdle("gamma")
FITS = {
    "five": lambda: lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal"),
    "heavy": lambda: lk.fit(lk.Cauchy(0, 1).sample(300, seed=1), "cauchy"),
    "many": lambda: lk.fit(lk.Gamma(2.0, 3.0).sample(60_000, seed=1), "gamma"),
    "censored": lambda: lk.fit(HOURS, "weibull", event=FAILED),
    "below": lambda: lk.fit(lower=[np.nan, 7.5, 9, 4, 6], upper=[5, 7.5, 9, 4, 6], family="gamma"),
    "counts": lambda: lk.fit(lk.Poisson(3).sample(100, seed=0), "poisson"),
    "large counts": lambda: lk.fit(lk.Poisson(50_000).sample(100, seed=0), "poisson"),
    "rounded": lambda: lk.fit(lk.datasets.waiting_times(), "normal", rounding=1),
    "bins": lambda: lk.fit(edges=[0, 1, 3, np.inf], counts=[10, 30, 10], family="exponential"),
    "mixed": lambda: lk.fit(family="weibull", **MIXED),
    "truncated": lambda: lk.fit([620.0, 900.0, 2400.0, 700.0], "exponential", entry=500),
    "weighted": lambda: lk.fit([1.0, 2.0, 3.0, 5.0], "gamma", weights=[1.5, 2, 3, 0.5]),
    "ends": lambda: lk.fit([2.1, 3.4, 1.9, 5.6, 4.4], "uniform"),
    "tiny": lambda: lk.fit(lk.Gamma(2.0, 3e-300).sample(50, seed=1), "gamma"),
    "made": lambda: lk.fit(np.r_[np.zeros(9), lk.Gamma(2, 1).sample(40, seed=1)], HURDLE),
}


@pytest.fixture(scope="module")
def fits():
    return {name: make() for name, make in FITS.items()}


@pytest.mark.parametrize("name", FITS)
def test_every_picture_of_every_kind_of_data_is_drawn_or_says_why(fits, name):
    fit = fits[name]
    for kind, picture in plots.PICTURES.items():
        if reason := picture.why_not(fit):
            with pytest.raises(lk.errors.PictureError, match="cannot be drawn") as raised:
                fit.plot(kind)
            assert reason in str(raised.value)
            continue
        ax = draw(fit.plot(kind))
        for panel in ax.child_axes or [ax]:
            assert panel.get_xlabel(), kind
            assert np.isfinite([*panel.get_xlim(), *panel.get_ylim()]).all()


def test_qq_points_are_quantiles_of_the_law_at_plotting_positions():
    x = np.sort(RAIN)
    fit = lk.fit(RAIN, "gamma")
    theory, seen = line(fit.plot("qq"), "data")
    share = (np.arange(x.size) + 0.5) / x.size
    p = fit.parameters
    truth = stats.gamma.ppf(share, p["shape"], scale=p["scale"])
    places = np.searchsorted(truth, theory * (1.0 - 1e-9))
    assert theory == pytest.approx(truth[places], rel=1e-9)
    assert seen == pytest.approx(x[places])
    assert {0, x.size - 1} <= set(places)


def test_pp_points_are_shares_of_both():
    fit = lk.fit([1.0, 2.0, 4.0, 9.0], "exponential")
    fitted, seen = line(fit.plot("pp"), "data")
    assert fitted == pytest.approx(1.0 - np.exp(-np.array([1.0, 2.0, 4.0, 9.0]) / 4.0))
    assert seen == pytest.approx([0.125, 0.375, 0.625, 0.875])


def test_qq_of_censored_values_has_the_positions_of_kaplan_and_meier():
    fit = lk.fit(HOURS, "weibull", event=FAILED)
    theory, seen = line(fit.plot("qq"), "data")
    assert seen.tolist() == HOURS[:3]
    assert fit.distribution.cdf(theory) == pytest.approx([0.1, 0.3, 0.5])


def test_qq_of_truncated_values_is_of_those_that_could_be_seen():
    theory, _ = line(
        lk.fit([620.0, 900.0, 2400.0, 700.0], "exponential", entry=500).plot("qq"), "data"
    )
    share = np.array([0.125, 0.375, 0.625, 0.875])
    assert theory == pytest.approx(500.0 - 655.0 * np.log1p(-share))  # no memory: the mean excess


def test_qq_of_bins_stands_at_their_edges_and_of_counts_at_each_number():
    fit = lk.fit(edges=[0, 1, 3, np.inf], counts=[10, 30, 10], family="exponential")
    theory, seen = line(fit.plot("qq"), "data")
    assert seen.tolist() == [1.0, 3.0]
    assert fit.distribution.cdf(theory) == pytest.approx([0.2, 0.8])
    fit = lk.fit(np.repeat([0, 1, 2, 3], [5, 8, 5, 2]), "poisson")
    theory, seen = line(fit.plot("qq"), "data")
    assert seen.tolist() == [0.0, 1.0, 2.0, 3.0]
    assert theory[0] == 0.0
    assert np.abs(theory - seen)[1:3].max() < 0.1


def test_the_middle_share_of_a_count_and_its_value_are_inverse():
    seen = Seen(lk.Poisson(3.0))
    k = np.arange(12.0)
    truth = stats.poisson.cdf(k, 3.0) - 0.5 * stats.poisson.pmf(k, 3.0)
    assert seen.share(k) == pytest.approx(truth, rel=1e-12)
    assert seen.value(truth) == pytest.approx(k, abs=1e-9)


def test_a_window_keeps_its_digits_far_out():
    seen = Seen(lk.Normal(0.0, 1.0), entry=10.0)
    share = np.array([0.1, 0.5, 0.9])
    assert seen.share(seen.value(share)) == pytest.approx(share, rel=1e-9)


def test_an_envelope_holds_whole_samples_at_its_level():
    """Of 60 samples 57 are expected inside; 50 or fewer of a band that holds have p < 0.003."""

    def holds(fit):
        points = positions_of(fit.observations, fit.distribution)
        band = envelope(fit, fit.observations, points, 0.95)
        share = Seen.of(fit.distribution, points).share(points.at)
        return bool(((share >= band.low) & (share <= band.high)).all())

    inside = [holds(lk.fit(lk.Normal(0, 1).sample(40, seed=i), "normal")) for i in range(60)]
    assert 51 <= sum(inside) <= 59


def test_an_envelope_of_many_values_is_that_of_fewer_drawn_together():
    x = lk.Gamma(2.0, 3.0).sample(2_000, seed=1)
    fit, many = lk.fit(x, "gamma"), lk.fit(np.tile(x, 9), "gamma")
    points = positions_of(fit.observations, fit.distribution).thinned()
    narrow, wide = (envelope(f, f.observations, points, 0.95) for f in (many, fit))
    inner = slice(60, -60)
    ratio = (wide.high - wide.low)[inner] / (narrow.high - narrow.low)[inner]
    assert ratio == pytest.approx(np.full(ratio.size, 3.0), rel=0.1)


def test_weights_that_are_no_counts_leave_the_band_out():
    ax = lk.fit([1.0, 2.0, 3.0, 5.0], "gamma", weights=[1.5, 2, 3, 0.5]).plot("qq")
    assert legend(ax) == ["as fitted", "data"]


def test_far_values_make_axes_logarithmic_and_show_all():
    x = lk.Cauchy(0, 1).sample(300, seed=1)
    ax = lk.fit(x, "cauchy").plot("qq")
    assert ax.get_yscale() == "symlog"
    assert ax.get_ylim()[0] < x.min() < x.max() < ax.get_ylim()[1]
    assert plots.qq(lk.fit(x, "cauchy"), log=False).get_yscale() == "linear"
    assert plots.cdf(lk.fit(RAIN, "gamma"), log=True).get_xscale() == "log"


def test_cdf_is_that_of_the_data_with_clopper_and_pearsons_band():
    x = np.array([1.0, 2.0, 2.0, 5.0])
    ax = lk.fit(x, "exponential").plot("cdf")
    at, share = line(ax, "data")
    assert at.tolist() == [0.0, 1.0, 2.0, 5.0, 5.0]
    assert share.tolist() == [0.0, 0.25, 0.75, 1.0, 1.0]
    band = ax.collections[0].get_paths()[0].vertices
    truth = stats.binomtest(3, 4).proportion_ci(0.95, "exact")
    beyond_two = band[(band[:, 0] > 2.0) & (band[:, 0] < 5.0 + 1e-9), 1]
    assert {round(truth.low, 9), round(truth.high, 9)} <= set(beyond_two.round(9))
    grid, fitted = line(ax, "exponential")
    assert fitted == pytest.approx(1.0 - np.exp(-0.4 * grid), abs=1e-12)


def test_survival_has_greenwoods_band():
    """R: survfit(Surv(time, event) ~ 1, conf.type = "log-log")."""
    ax = plots.survival(lk.fit(HOURS, "weibull", event=FAILED))
    band = ax.collections[0].get_paths()[0].vertices
    assert np.unique(band[:, 1].round(4)).tolist()[-2:] == [0.8818, 0.9692]
    assert line(ax, "known only to be greater")[1].tolist() == [pytest.approx(0.4)]


def test_a_mix_is_turnbulls_and_shades_what_is_not_known():
    ax = lk.fit(lower=[0, 1, 1, 3], upper=[2, 3, 4, 5], family="weibull").plot("cdf")
    _, share = line(ax, "data, Turnbull")
    assert share == pytest.approx([0.0, 0.5, 1.0, 1.0])
    assert "not known within intervals" in legend(ax)


def test_the_profile_touches_the_ends_of_its_interval_at_the_deviance():
    fit = lk.fit([48.8292, 49.3087, 52.4836, 53.2384, 57.6151], "normal")
    ax = draw(plots.profile(fit, "mean"))
    x, y = ax.lines[0].get_xdata(), ax.lines[0].get_ydata()
    data = np.array([48.8292, 49.3087, 52.4836, 53.2384, 57.6151])
    squares = ((data[:, None] - x) ** 2).mean(axis=0)
    truth = -2.5 * np.log(squares / data.var())
    assert y == pytest.approx(truth, abs=0.02)  # the height of the picture is 5
    [ends] = [each for each in ax.lines if each.get_label().startswith("95 % profile")]
    assert ends.get_ydata() == pytest.approx([-0.5 * stats.chi2.ppf(0.95, 1)] * 2, abs=1e-6)
    assert ends.get_xdata() == pytest.approx(fit.intervals(method="profile")["mean"])
    [wald] = [each for each in ax.lines if each.get_label().startswith("95 % Wald")]
    assert wald.get_xdata() == pytest.approx(fit.intervals()["mean"])


def test_a_profile_of_several_parameters_has_a_panel_for_each():
    ax = draw(lk.fit(RAIN, "gamma").plot("profile"))
    assert [panel.get_xlabel() for panel in ax.child_axes] == ["shape", "scale"]
    boxes = [panel.get_tightbbox() for panel in ax.child_axes]
    assert boxes[0].x1 <= boxes[1].x0 + 1.0
    with pytest.raises(lk.errors.ParameterError, match="shape, scale"):
        plots.profile(lk.fit(RAIN, "gamma"), "rate")


def test_four_pictures_in_one_figure_do_not_overlap():
    figure = lk.fit(RAIN, "gamma").plots()
    figure.canvas.draw()
    boxes = [ax.get_tightbbox() for ax in figure.axes]
    for i, one in enumerate(boxes):
        for other in boxes[i + 1 :]:
            assert not one.padded(-1).overlaps(other.padded(-1))
    assert figure.get_suptitle() == "gamma fitted to 623 values"


def test_the_four_suit_the_fit(tmp_path):
    titles = lambda fit: [ax.get_title(loc="left") for ax in fit.plots().axes]  # noqa: E731
    assert titles(lk.fit(HOURS, "weibull", event=FAILED))[0] == "Survival"
    lk.fit([1.0, 2.0, 4.0], "normal").save(tmp_path / "fit.json")
    assert titles(lk.Fit.load(tmp_path / "fit.json")) == ["Density"]


def test_a_wrong_word_is_answered_with_those_of_this_fit():
    with pytest.raises(lk.errors.PictureError, match=r"Did you mean 'qq'.*density, qq"):
        lk.fit([2.1, 3.4, 1.9], "uniform").plot("qqq")


def test_a_fit_without_data_says_so(tmp_path):
    lk.fit([1.0, 2.0, 4.0], "normal").save(tmp_path / "fit.json")
    loaded = lk.Fit.load(tmp_path / "fit.json")
    for kind in ("qq", "pp", "cdf", "survival", "profile"):
        with pytest.raises(lk.errors.LikeliestError, match="attach"):
            loaded.plot(kind)


def test_titles_are_no_wider_than_the_picture():
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3), layout="constrained")
    left, _ = figure.subplots(1, 2)
    ax = lk.fit(HOURS, "weibull", event=FAILED, entry=[0, 1, 2, 3, 4]).plot("qq", ax=left)
    figure.canvas.draw()
    assert ax is left
    assert ax.title.get_window_extent().width == 0.0  # the title stands on the left
    assert ax._left_title.get_window_extent().x1 < figure.bbox.width * 0.55
