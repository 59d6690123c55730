"""Goodness of fit: statistics against SciPy's, and p-values that are what they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest.errors import DataError, FamilyError, ParameterError


def _gamma() -> tuple[lk.Fit, np.ndarray, object]:
    x = lk.Gamma(2.0, 3.0).sample(150, seed=1)
    fit = lk.fit(x, "gamma")
    return fit, x, stats.gamma(fit.parameters["shape"], scale=fit.parameters["scale"])


def test_statistics_are_scipys() -> None:
    fit, x, law = _gamma()
    assert fit.goodness("ks", draws=1).statistic == pytest.approx(
        stats.kstest(x, law.cdf).statistic, rel=1e-9
    )
    assert fit.goodness("cvm", draws=1).statistic == pytest.approx(
        stats.cramervonmises(x, law.cdf).statistic, rel=1e-9
    )
    normal = lk.fit(x, "normal", fixed={"std": float(np.std(x, ddof=1))})
    assert normal.goodness("ad", draws=1).statistic == pytest.approx(
        stats.anderson(x, "norm", method="interpolate").statistic, rel=1e-9
    )


def test_p_value_of_a_normal_is_scipys() -> None:
    """SciPy's Monte Carlo refits the normal too: both estimate the same probability."""
    x = np.r_[lk.Normal(0.0, 1.0).sample(30, seed=3), 2.0]
    theirs = stats.goodness_of_fit(
        stats.norm, x, statistic="ad", n_mc_samples=1999, rng=np.random.default_rng(1)
    )
    ours = lk.fit(x, "normal").goodness("ad", draws=1999, seed=2)
    assert ours.p_value == pytest.approx(theirs.pvalue, abs=0.04)
    assert 0.002 < ours.p_value < 0.5


def test_the_critical_value_of_lilliefors() -> None:
    """Of 20 normal values the largest gap exceeds 0.190 in 5 % (Lilliefors 1967, table 1)."""
    drawn = lk.Normal(0.0, 1.0).sample((4000, 20), seed=1)
    z = np.sort((drawn - drawn.mean(1, keepdims=True)) / drawn.std(1, ddof=1, keepdims=True), 1)
    i = np.arange(1, 21)
    u = stats.norm.cdf(z)
    gaps = np.maximum(i / 20 - u, u - (i - 1) / 20).max(axis=1)
    near = drawn[int(np.argmin(np.abs(gaps - 0.190)))]
    test = lk.fit(near, "normal").goodness("ks", draws=1999, seed=1)
    assert test.p_value == pytest.approx(0.05, abs=0.025)


def _censored(seed: int) -> lk.Fit:
    limit = np.random.default_rng(seed).uniform(0.5, 4.0, 60)
    x = lk.Weibull(1.5, 2.0).sample(60, seed=seed)
    return lk.fit(np.minimum(x, limit), "weibull", event=x <= limit)


CASES = {
    "exact": lambda seed: lk.fit(lk.Weibull(1.5, 2.0).sample(50, seed=seed), "weibull"),
    "counts": lambda seed: lk.fit(lk.Poisson(3.0).sample(50, seed=seed), "poisson"),
    "rounded": lambda seed: lk.fit(
        np.round(lk.Normal(3.0, 1.0).sample(50, seed=seed), 1), "normal", rounding=0.1
    ),
    "censored": _censored,
    "truncated": lambda seed: lk.fit(
        (x := lk.Weibull(1.5, 2.0).sample(80, seed=seed))[x > 0.5], "weibull", entry=0.5
    ),
}


@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize("method", ["ad", "ks", "cvm", "chi2"])
def test_p_values_are_what_they_say(kind: str, method: str) -> None:
    if kind == "censored" and method == "chi2":
        pytest.skip("Pearson's is refused there")
    p = []
    for seed in range(40):
        try:
            fit = CASES[kind](1000 + seed)
        except lk.errors.LikeliestError:
            continue
        p.append(fit.goodness(method, draws=79, seed=seed).p_value)  # type: ignore[arg-type]
    assert len(p) > 35
    assert np.mean(np.array(p) <= 0.1) < 0.26  # beyond it with probability 0.1 %
    assert np.mean(p) == pytest.approx(0.5, abs=0.2)


@pytest.mark.parametrize("method", ["ad", "ks", "cvm", "chi2"])
def test_a_wrong_family_is_found(method: str) -> None:
    x = lk.LogNormal(0.0, 1.0).sample(200, seed=1)
    seen = {
        "exact": lk.fit(x, "normal"),
        "rounded": lk.fit(np.round(x, 1) + 0.1, "exponential", rounding=0.1),
        "binned": lk.fit(
            edges=[0, 0.5, 1, 2, 4, np.inf],
            counts=np.histogram(x, [0, 0.5, 1, 2, 4, 99])[0],
            family="rayleigh",
        ),
        "counts": lk.fit(np.floor(4 * x), "poisson"),
    }
    if method != "chi2":
        seen["censored"] = lk.fit(np.minimum(x, 3.0), "rayleigh", event=x <= 3.0)
    for kind, fit in seen.items():
        assert fit.goodness(method, draws=99).p_value == 0.01, kind  # type: ignore[arg-type]


def test_what_is_refused() -> None:
    fit, _, _ = _gamma()
    ends = lk.fit([1.0, 2.0, 4.0, 7.0], "uniform")
    with pytest.raises(FamilyError, match=r"it is infinite\. Use method="):
        ends.goodness()
    assert 0.0 < ends.goodness("cvm", draws=99).p_value <= 1.0
    with pytest.raises(ParameterError, match="method must be one of"):
        fit.goodness("lilliefors")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="draws must be 1 or more"):
        fit.goodness(draws=0)
    with pytest.raises(DataError, match="attach"):
        lk.Fit.from_dict(fit.to_dict()).goodness()
    with pytest.raises(DataError, match="Pearson"):
        lk.fit([1.0, 2.0, 3.0], "exponential", event=[1, 1, 0]).goodness("chi2")
    with pytest.raises(DataError, match="needs more classes"):
        lk.fit([1.0, 2.0, 3.0, 2.5], "normal").goodness("chi2")
