"""Pictures of fits of rows."""

import numpy as np
import pytest
import scipy.stats

import likeliest as lk
from likeliest.plots import pairs


@pytest.mark.parametrize("law", ["multivariate normal", "multivariate t"])
def test_ellipses_hold_their_share(law):
    truth = lk.MultivariateT(3.0, [1.0, -2.0, 50.0], np.diag([1.0, 4.0, 100.0]) + 0.5, "abc")
    rows = truth.sample(300, seed=1)
    fit = lk.fit(dict(zip("abc", rows.T, strict=True)), law)
    panels = pairs(fit).child_axes
    assert len(panels) == 9
    assert [panels[6].get_xlabel(), panels[6].get_ylabel()] == ["a", "c"]
    points, half, most = panels[6].lines
    np.testing.assert_array_equal(points.get_xdata(), rows[:, 0])
    both = fit.distribution.marginal(["a", "c"])
    df = getattr(both, "df", np.inf)
    for line, share in ((half, 0.5), (most, 0.95)):
        # δ/2 has the law of F with 2 and df degrees of freedom.
        expected = (
            scipy.stats.f(2, df).ppf(share) if df < np.inf else scipy.stats.chi2(2).ppf(share) / 2
        )
        np.testing.assert_allclose(
            both.mahalanobis(line.get_xydata()) ** 2 / 2, expected, rtol=1e-9
        )
    density = panels[4].lines[0]
    np.testing.assert_allclose(
        density.get_ydata(), np.exp(fit.distribution.marginal("b").log_prob(density.get_xdata()))
    )
    again = lk.MultivariateFit.from_dict(fit.to_dict()).plot()
    assert len(again.child_axes[6].lines) == 2  # without the rows


def test_bars_count_weights_and_stand_a_far_outlier():
    rows = np.concatenate([np.random.default_rng(1).normal(size=(40, 2)), [[1e12, 0.0]]])
    weights = np.where(rows[:, 1] < 0.0, 3.0, 1.0)
    bars = lk.fit(rows, "multivariate normal", weights=weights).plot().child_axes[3].patches
    below = sum(bar.get_height() * bar.get_width() for bar in bars if bar.get_x() < -0.5)
    there = max(bar.get_x() + bar.get_width() for bar in bars if bar.get_x() < -0.5)
    assert below == pytest.approx(weights[rows[:, 1] < there].sum() / weights.sum())


def test_what_is_not_drawn():
    with pytest.raises(lk.errors.PictureError, match="marginal"):
        lk.fit(["a", "b"], "categorical").plot()
    rows = np.random.default_rng(0).normal(size=(30, 7))
    with pytest.raises(lk.errors.PictureError, match="7 columns"):
        lk.fit(rows, "multivariate normal").plot()
    with pytest.raises(lk.errors.PictureError, match="no picture 'qq'"):
        lk.fit(rows, "multivariate normal").plot("qq")
