"""Each picture draws on ordinary and on extreme input, and says what it shows."""

import numpy as np
import pytest

import likeliest as lk
from likeliest import plots
from likeliest.data.turnbull import turnbull
from members import EVERY, ORDINARY


def texts(ax):
    legend = ax.get_legend()
    labels = [] if legend is None else [t.get_text() for t in legend.get_texts()]
    return " ".join(
        [*labels, ax.get_title(), ax.get_title(loc="left"), *(t.get_text() for t in ax.texts)]
    )


def draw(ax):
    """Render the picture, so that what matplotlib cannot draw comes out."""
    ax.figure.canvas.draw()
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    return ax


@pytest.mark.parametrize("member", EVERY, ids=repr)
def test_density_of_every_member(member):
    ax = plots.density(member)
    if member in ORDINARY.values():
        draw(ax)
    assert all(np.isfinite(ax.axis()))


@pytest.mark.parametrize(
    ("member", "between"),
    [
        (lk.Normal(50, 2.5), (50, 52.5)), (lk.Normal(0, 1e-300), (0, 1e-300)),
        (lk.Normal(0, 1), (-np.inf, 0)), (lk.Beta(0.5, 0.5), (0.2, 1.0)),
        (lk.Gamma(0.01, 5.0), (0.0, 1.0)), (lk.Poisson(4), (2, 6)),
        (lk.Poisson(1e6), (1e6, np.inf)),
        (lk.Bernoulli(0.3), (1, 1)), (lk.Normal(0, 1), (5, 6)), (lk.Cauchy(0, 1), (100, 200)),
    ],
)  # fmt: skip
def test_an_event_is_shaded_and_named(member, between):
    ax = draw(plots.density(member, between=between))
    assert f"= {float(member.probability(*between)):.4g}" in texts(ax)
    if not member.discrete:
        assert len(ax.collections) == 1


def test_the_shaded_area_lies_under_the_line():
    ax = plots.density(lk.Beta(0.5, 0.5), between=(0.2, 1.0))
    (line,), (area,) = ax.lines, ax.collections
    top = area.get_paths()[0].vertices[:, 1].max()
    inside = line.get_xdata() >= 0.2
    assert top == pytest.approx(line.get_ydata()[inside].max())


def test_the_reference_documents_probability():
    assert "0.3413" in texts(plots.density(lk.Normal(50, 2.5), between=(50, 52.5)))


def test_the_reference_documents_likelihoods():
    data = lk.datasets.five_points()
    shown = texts(draw(plots.likelihood([lk.Normal(50, 5), lk.Normal(45, 8)], data)))
    assert "7.003e-07" in shown
    assert "2.607e-08" in shown
    assert "−14.17" in shown


@pytest.mark.parametrize("factor", [1e-300, 1e-200, 1.0, 1e200, 1e300])
def test_likelihood_at_any_scale(factor):
    data = lk.datasets.five_points() * factor
    draw(plots.likelihood([lk.Normal(50 * factor, 5 * factor)], data))


def test_likelihood_of_one_value_and_of_many():
    draw(plots.likelihood([lk.Poisson(3)], [2]))
    draw(plots.likelihood([lk.Normal(0, 1)], lk.Normal(0, 1).sample(5_000, seed=0)))


@pytest.mark.parametrize("factor", [1e-300, 1.0, 1e300])
def test_fit_and_comparison_at_any_scale(factor):
    x = lk.Gamma(2.0, factor).sample(200, seed=0)
    ax = draw(lk.fit(x, "gamma").plot())
    assert ("in units of" in ax.get_xlabel()) == (factor != 1.0)
    draw(lk.compare(x, ["gamma", "weibull"]).plot())


@pytest.mark.parametrize("data", [
    1e9 + lk.Normal(0, 1e-3).sample(100, seed=0), [3.0, 4.5], lk.Cauchy(0, 1).sample(500, seed=1),
    np.repeat([1.5, 2.5], 50), lk.Normal(0, 1).sample(150_000, seed=2),
], ids=["offset", "two", "heavy", "ties", "many"])  # fmt: skip
def test_fit_of_awkward_data(data):
    draw(lk.fit(data, "normal").plot())


def test_counts_and_rounded_values_are_bars():
    ax = draw(lk.fit(lk.Poisson(3).sample(100, seed=0), "poisson").plot())
    assert ax.get_ylabel() == "share of the values"
    draw(lk.compare(lk.datasets.waiting_times()).plot(top=2))
    draw(lk.fit(lk.Poisson(5000).sample(100, seed=0), "poisson").plot())


def test_two_humps_are_seen():
    heights = [
        bar.get_height() for bar in lk.compare(lk.datasets.eruption_durations()).plot().patches
    ]
    hollow = heights.index(min(heights))
    assert len(heights) >= 12
    assert min(heights) < 0.2 * min(max(heights[:hollow]), max(heights[hollow:]))


def test_an_infinite_density_leaves_the_picture():
    ax = lk.fit(lk.Gamma(0.05, 1.0).sample(1000, seed=1), "gamma").plot()
    assert ax.lines[0].get_ydata()[0] > 2.0 * ax.get_ylim()[1]


def test_a_few_far_values_do_not_squeeze_the_rest():
    ax = lk.fit(lk.Cauchy(0, 1).sample(500, seed=1), "cauchy").plot()
    assert "of the values lie beyond the picture" in texts(ax)
    assert sum(bar.get_height() > 0.05 for bar in ax.patches) > 5


def test_a_loaded_fit_is_drawn_alone(tmp_path):
    lk.fit([1.0, 2.0, 4.0], "normal").save(tmp_path / "f.json")
    draw(lk.Fit.load(tmp_path / "f.json").plot())


def test_logarithms():
    assert "→ −∞" in texts(draw(plots.log_curve()))
    assert "→ ∞" in texts(draw(plots.negative_log_curve()))


def test_axes_that_are_given_are_used():
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    assert plots.density(lk.Normal(0, 1), ax=ax) is ax
    assert lk.Normal(0, 1).plot(between=(0, 1), ax=ax) is ax


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_saving_is_whole_or_not_at_all(tmp_path, suffix):
    target = tmp_path / f"p{suffix}"
    plots.save(plots.log_curve(), target)
    assert target.stat().st_size > 1000
    assert [p.name for p in tmp_path.iterdir()] == [target.name]


HOURS, FAILED = [31.0, 55.0, 90.0, 100.0, 100.0], [1, 1, 1, 0, 0]


def drawn(ax, label):
    """Return x and y of the line with this label."""
    [line] = [line for line in ax.lines if line.get_label() == label]
    return line.get_xdata(), line.get_ydata()


def test_a_suspension_is_no_failure():
    """Kaplan and Meier's curve steps at the three failures, and marks stand where two went on."""
    ax = draw(lk.fit(HOURS, "weibull", event=FAILED).plot())
    x, y = drawn(ax, "data, Kaplan–Meier")
    assert x.tolist() == [0.0, 31.0, 55.0, 90.0, 100.0]
    assert y.tolist() == pytest.approx([1.0, 0.8, 0.6, 0.4, 0.4])
    x, y = drawn(ax, "known only to be greater")
    assert (x.tolist(), y.tolist()) == ([100.0], [pytest.approx(0.4)])
    assert not ax.patches
    assert "5 values: 3 exact, 2 right-censored" in texts(ax)


def test_truncated_values_are_beside_the_share_of_those_that_could_be_seen():
    ax = draw(lk.fit([620.0, 900.0, 2400.0, 700.0], "exponential", entry=500).plot())
    [rate] = lk.fit([120.0, 400.0, 1900.0, 200.0], "exponential").parameters.values()
    line = ax.lines[-1]
    x, y = line.get_xdata(), line.get_ydata()
    assert y == pytest.approx(np.exp(-rate * (x - 500.0)), rel=1e-6)
    assert ax.get_ylabel() == "share beyond x, of those above 500"


def test_detection_limits_are_drawn_from_above():
    column = lk.read({"conc": ["<5", "7.5", "9", "<2", "4"]}, "conc", limits=True)
    ax = draw(lk.fit(column, "lognormal").plot())
    assert drawn(ax, "known only to be less")[0].tolist() == [2.0, 5.0]
    assert ax.get_ylabel() == "share up to conc"
    fit = lk.fit(column, "lognormal")
    x, y = ax.lines[-1].get_xdata(), ax.lines[-1].get_ydata()
    assert y == pytest.approx(fit.distribution.cdf(x), rel=1e-12, abs=1e-300)


def test_bins_are_bars_over_their_width():
    ax = draw(lk.fit(edges=[0, 1, 3, np.inf], counts=[10, 30, 10], family="exponential").plot())
    bars = [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in ax.patches]
    assert bars == [(0.0, 1.0, pytest.approx(0.2)), (1.0, 2.0, pytest.approx(0.3))]
    assert "0.2 of the values lie beyond the picture" in texts(ax)
    ax = draw(lk.fit(lower=[0, 3], upper=[2, 3], weights=[30, 10], family="poisson").plot())
    assert [bar.get_height() for bar in ax.patches] == pytest.approx([0.25] * 4)
    ax = draw(lk.fit(edges=[-1, 0, 2, np.inf], counts=[3, 4, 1], family="poisson").plot())
    assert [bar.get_height() for bar in ax.patches] == pytest.approx([3 / 8, 1 / 4, 1 / 4])


def test_any_mix_stands_row_by_row():
    lower, upper = [np.nan, 1, 2, 3, 4], [2, 3, 2, 5, np.nan]
    ax = draw(lk.fit(lower=lower, upper=upper, family="weibull").plot())
    assert len(ax.collections[0].get_segments()) == 4
    [share] = [line for line in ax.lines if line.get_label() == "data, Turnbull"]
    curve = turnbull(lk.observe(lower=lower, upper=upper))
    ends = np.stack([1.0 - curve.before(), 1.0 - curve.beyond], axis=1).ravel()
    assert share.get_ydata().tolist() == pytest.approx(ends[: share.get_ydata().size].tolist())
    draw(lk.fit(lower=lower * 100, upper=upper * 100, family="weibull", entry=0.5).plot())


def test_comparisons_of_censored_values():
    ax = draw(lk.compare(HOURS, ["weibull", "exponential"], event=FAILED).plot())
    assert len(ax.lines) == 4
    draw(lk.compare([1, 2, 3, 4, 2, 1, 1, 5, 2], ["poisson", "geometric"], entry=0).plot())


@pytest.mark.parametrize("factor", [1e-300, 1.0, 1e300])
def test_censored_values_at_any_scale(factor):
    ax = draw(lk.fit(np.array(HOURS) * factor, "weibull", event=FAILED).plot())
    assert ("in units of" in ax.get_xlabel()) == (factor != 1.0)


def test_likelihood_of_censored_values_marks_the_exact_ones():
    ax = draw(plots.likelihood([lk.Weibull(1, 50)], lk.observe(HOURS, event=FAILED)))
    marks = [line for line in ax.lines if line.get_marker() == "o"]
    assert marks[0].get_xdata().tolist() == HOURS[:3]
    [arrow] = [line for line in ax.lines if line.get_marker() == ">"]
    assert arrow.get_xdata().tolist() == [100.0]


def test_a_long_title_is_folded():
    fit = lk.fit(HOURS, "weibull", event=FAILED, entry=[0, 1, 2, 3, 4])
    assert "\n" in fit.plot().get_title(loc="left")


def test_a_probability_of_one_value_is_drawn_beside_the_density():
    x = np.r_[np.zeros(30), lk.Gamma(2.0, 3.0).sample(70, seed=1)]
    ax = lk.fit(x, lk.hurdle("gamma")).plot()
    assert "P(0) = 0.3" in ax.texts[0].get_text()
    area = sum(bar.get_height() * bar.get_width() for bar in ax.patches)
    assert area == pytest.approx(0.7, abs=1e-9)  # of the others: the curve has no more either
