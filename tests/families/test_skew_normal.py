"""The skew normal's likelihood is stationary at shape 0 whatever the data, and may have no top."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, stats

import likeliest as lk

WAVES = json.loads(
    (Path(__file__).parents[1] / "published" / "data" / "waves.json").read_text(encoding="utf-8")
)["values"]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_fit_does_not_end_at_shape_0(sign):
    x = sign * np.asarray(WAVES)
    fit = lk.fit(x, "skew normal")

    def nll(u):
        return -np.sum(stats.skewnorm.logpdf(x, u[0], u[1], np.exp(u[2])))

    shapes = (0.2, 1.5) if sign > 0 else (-1.5, -0.2)  # beyond, it rises to the half-normal
    box = [shapes, (x.min(), x.max()), (-2.0, 4.0)]
    searched = optimize.differential_evolution(nll, box, rng=0, tol=1e-12)
    assert sign * fit.distribution.shape > 0.5
    assert fit.log_likelihood > lk.fit(x, "normal").log_likelihood + 1e-3
    assert fit.log_likelihood == pytest.approx(-searched.fun, abs=1e-6)
    end = min(x) if sign > 0 else max(x)
    assert f"half-normal from {end:g}" in " ".join(str(fit).split())


@pytest.mark.parametrize(("sign", "limit"), [(1.0, "shape → ∞"), (-1.0, "shape → -∞")])
def test_the_half_normal_is_named(sign, limit):
    x = sign * lk.HalfNormal(2.0).sample(50, seed=1)
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match=limit):
        lk.fit(x, "skew normal")


@pytest.mark.parametrize("shape", [-200.0, -1.0, 0.0, 0.3, 5.0])
def test_skewness_is_scipys(shape):
    theirs = stats.skewnorm.stats(shape, moments="s")
    assert lk.SkewNormal(shape, 5.0, 2.0).skewness == pytest.approx(theirs, abs=1e-14)
