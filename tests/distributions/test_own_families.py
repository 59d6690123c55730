"""Families made of a function or of SciPy's: fits, tails and laws as those of ours."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

import likeliest as lk
from likeliest.distributions import check_family
from likeliest.distributions.family import REGISTRY


@pytest.fixture(autouse=True)
def only_here():
    lk.families.all_families()  # imported: else their names would go with the others
    before = dict(REGISTRY)
    yield
    REGISTRY.clear()
    REGISTRY.update(before)


def gumbel(x, mu, tau):
    z = (x - mu) / tau
    return -z - np.exp(-z) - np.log(tau)


def own_gumbel(**options):
    ranges = {"mu": lk.real(power=1), "tau": lk.positive(power=1)}
    return lk.model(gumbel, ranges, name="own gumbel", **options)


def poisson(x, mean):
    return x * np.log(mean) - mean - scipy.special.gammaln(x + 1.0)


KINDS = {
    "exact": {},
    "censored": {"event": np.arange(200) % 3 > 0},
    "truncated": {"entry": 5.0},
    "rounded": {"rounding": 0.5},
    "weighted": {"weights": 1.0 + np.arange(200) % 4},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("origin", [0.0, 1e6])
def test_a_density_alone_fits_as_the_family_does(kind, origin):
    words = dict(KINDS[kind])
    if "entry" in words:
        words["entry"] = words["entry"] + origin
    x = lk.Gumbel(10.0 + origin, 2.0).sample(400, seed=3)
    x = x[x > 5.0 + origin][:200]
    ours, right = lk.fit(x, own_gumbel(), **words), lk.fit(x, "gumbel", **words)
    slack = 1e-9 * abs(right.log_likelihood) if origin else 1e-9
    assert abs(ours.log_likelihood - right.log_likelihood) < slack
    for (_, mine), theirs in zip(
        ours.standard_errors.items(), right.standard_errors.values(), strict=True
    ):
        assert mine == pytest.approx(theirs, rel=1e-5)
    if kind == "exact" and not origin:
        assert ours.quantile(0.99).standard_error == pytest.approx(
            right.quantile(0.99).standard_error, rel=1e-5
        )


@pytest.mark.parametrize(
    ("density", "ranges", "support", "at", "law"),
    [
        (gumbel, {"mu": lk.real(power=1), "tau": lk.positive(power=1)}, None, (3.0, 0.5),
         scipy.stats.gumbel_r(3.0, 0.5)),
        (gumbel, {"mu": lk.real(power=1), "tau": lk.positive(power=1)}, None, (1e6, 2.0),
         scipy.stats.gumbel_r(1e6, 2.0)),
        (lambda x, s: -np.log(np.pi * s) - np.log1p((x / s) ** 2), {"s": lk.positive(power=1)},
         None, (4.0,), scipy.stats.cauchy(0.0, 4.0)),
        (lambda x, a: (a - 1.0) * np.log(x) - x - scipy.special.gammaln(a), {"a": lk.positive()},
         (0.0, np.inf), (0.2,), scipy.stats.gamma(0.2)),
        (lambda x, a: np.log(a) - (a + 1.0) * np.log(x), {"a": lk.positive()}, (1.0, np.inf),
         (0.7,), scipy.stats.pareto(0.7)),
        (lambda x, a, b: scipy.stats.beta(a, b).logpdf(x),
         {"a": lk.positive(), "b": lk.positive()}, (0.0, 1.0), (2.0, 3.5),
         scipy.stats.beta(2.0, 3.5)),
        (poisson, {"mean": lk.positive(power=1)}, "counts", (6.5,), scipy.stats.poisson(6.5)),
    ],
    ids=["gumbel", "far gumbel", "cauchy", "gamma", "pareto", "beta", "poisson"],
)  # fmt: skip
def test_probabilities_by_quadrature(density, ranges, support, at, law):
    words = {"discrete": True} if support == "counts" else {"support": support}
    one = lk.model(density, ranges, name="by quadrature", **words)(*at)
    x = law.ppf([1e-4, 1e-3, 0.2, 0.5, 0.9, 0.999])
    np.testing.assert_allclose(one.cdf(x), law.cdf(x), rtol=1e-10)
    np.testing.assert_allclose(one.sf(x), law.sf(x), rtol=1e-10)
    q = np.array([1e-12, 1e-3, 0.3, 0.5, 0.8])
    np.testing.assert_allclose(one.quantile(q), law.ppf(q), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(one.upper_quantile(q), law.isf(q), rtol=1e-9, atol=1e-12)
    if np.isfinite(law.mean()):
        assert float(one.mean) == pytest.approx(law.mean(), rel=1e-10)
        assert float(one.std) == pytest.approx(law.std(), rel=1e-8)
    else:
        assert not np.isfinite(one.mean) or np.isnan(law.mean())
    draws = one.sample(500, seed=1)
    assert scipy.stats.kstest(draws, law.cdf).pvalue > 1e-4 or one.discrete


def test_members_with_arrays_of_parameters():
    both = own_gumbel()([[1.0], [5.0]], 2.0)
    x = np.array([0.0, 3.0, 9.0])
    np.testing.assert_allclose(both.cdf(x), lk.Gumbel([[1.0], [5.0]], 2.0).cdf(x), rtol=1e-12)
    np.testing.assert_allclose(np.ravel(both.mean), np.array([1.0, 5.0]) + 2.0 * np.euler_gamma)


def test_a_function_that_takes_no_arrays_of_parameters():
    def picky(x, rate):
        if rate <= 0.0:
            return np.full_like(x, -np.inf)
        return np.log(rate) - rate * x

    law = lk.model(picky, {"rate": lk.positive(power=-1)}, support=(0.0, np.inf))
    fit = lk.fit([2.1, 3.4, 1.9, 5.6, 4.4], law)
    assert fit.parameters["rate"] == pytest.approx(5.0 / 17.4, rel=1e-8)


def test_score_and_start_are_used():
    calls = []

    def score(x, mu, tau):
        calls.append("score")
        z = (x - mu) / tau
        return {"mu": (1.0 - np.exp(-z)) / tau, "tau": (z - z * np.exp(-z) - 1.0) / tau}

    def start(values):
        calls.append("start")
        return {"mu": float(np.median(values)), "tau": float(np.std(values))}

    law = own_gumbel(score=score, start=start)
    x = lk.Gumbel(10.0, 2.0).sample(100, seed=3)
    assert lk.fit(x, law).log_likelihood == pytest.approx(lk.fit(x, "gumbel").log_likelihood)
    law(1.0, 2.0).score(x)
    assert {"score", "start"} <= set(calls)


def test_saved_and_loaded_by_its_name(tmp_path):
    fit = lk.fit([1.0, 2.0, 4.0, 4.5], own_gumbel())
    fit.save(tmp_path / "own.json")
    again = lk.Fit.load(tmp_path / "own.json")
    assert again.parameters == fit.parameters
    del REGISTRY["owngumbel"]
    with pytest.raises(lk.errors.LikeliestError, match="own gumbel"):
        lk.Fit.load(tmp_path / "own.json")


def test_groups_comparisons_and_bootstraps():
    law = own_gumbel()
    x = lk.Gumbel(10.0, 2.0).sample(60, seed=3)
    fits = lk.fit(x, law, by=np.repeat([1, 2], 30))
    assert fits.status == ["converged", "converged"]
    assert lk.compare(x, [law, "normal"]).best.family == "own gumbel"
    assert lk.fit(x, law).goodness("ks", draws=19).p_value > 0.05


def test_a_density_that_does_not_add_up_is_refused():
    def half(x, scale):
        return -0.5 * (x / scale) ** 2 - np.log(scale)

    law = lk.model(half, {"scale": lk.positive(power=1)})
    with pytest.raises(lk.errors.FamilyError, match=r"adds up to 2\.50663"):
        lk.fit([1.0, -2.0, 0.5], law)
    report = check_family(law)
    assert not report.passed
    assert "adds up to 1" in repr(report)


def test_a_log_density_that_is_no_array_like_x_is_refused():
    law = lk.model(lambda x, a: -a * np.sum(x), {"a": lk.positive()}, name="summed")
    with pytest.raises(lk.errors.FamilyError, match="an entry for each value"):
        lk.fit([1.0, 2.0, 0.5], law)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: lk.model(gumbel, {"mu": lk.real()}), "by name"),
        (lambda: lk.model(3.0, {"mu": lk.real()}), "must be a function"),
        (lambda: lk.model(gumbel, {}), "names each with its range"),
        (lambda: lk.model(gumbel, {"mu": 1.0, "tau": 2.0}), r"must come from real\(\)"),
        (lambda: lk.model(lambda x, cdf: x, {"cdf": lk.real()}), "cannot be called 'cdf'"),
        (lambda: own_gumbel(support=(1.0, 0.0)), "lower end first"),
        (lambda: own_gumbel(support="all"), "two numbers"),
        (lambda: lk.model(poisson, {"mean": lk.positive()}, name="Poisson"), "itself"),
        (lambda: lk.model(poisson, {"mean": lk.positive()}, discrete=True, support=(0.5, 3.0)),
         "whole number"),
        (lambda: own_gumbel(cdf=lambda x: x), "cdf must take x"),
        (lambda: lk.from_scipy("no such law"), "from_scipy takes"),
        (lambda: lk.from_scipy(scipy.stats.norm(0, 1)), "not frozen"),
        (lambda: lk.from_scipy("vonmises"), "circle"),
        (lambda: check_family("normal"), "takes a family"),
    ],
)  # fmt: skip
def test_bad_input(make, told):
    with pytest.raises(lk.errors.LikeliestError, match=told):
        make()


@pytest.mark.parametrize(
    ("scipys", "ours"),
    [
        ("gumbel_r", "gumbel"),
        ("t", "student t"),
        ("weibull_min", "weibull"),
        ("invgauss", "inverse gaussian"),
        ("genextreme", "gev"),
        ("poisson", "poisson"),
    ],
)
def test_scipys_reach_what_ours_reach(scipys, ours):
    law = lk.from_scipy(scipys)
    member = lk.families.find(ours)
    draws = {
        "gumbel": lk.Gumbel(3.0, 2.0), "student t": lk.StudentT(4.0, 1.0, 2.0),
        "weibull": lk.Weibull(1.5, 3.0), "inverse gaussian": lk.InverseGaussian(3.0, 2.0),
        "gev": lk.GEV(loc=3.0, scale=2.0, shape=0.2), "poisson": lk.Poisson(4.0),
    }[ours]  # fmt: skip
    x = draws.sample(150, seed=4)
    words = {"fixed": {"loc": 0.0}} if "loc" in law.constraints and member.support.low == 0 else {}
    assert lk.fit(x, law, **words).log_likelihood == pytest.approx(
        lk.fit(x, member).log_likelihood, abs=1e-6
    )


def test_scipys_end_of_the_support_is_held():
    law = lk.from_scipy(scipy.stats.weibull_min)
    assert list(law.constraints) == ["c", "scale"]
    assert list(lk.from_scipy("weibull_min", loc=True).constraints) == ["c", "loc", "scale"]


@pytest.mark.parametrize("member", [lk.Gumbel, lk.Gamma, lk.GEV, lk.Poisson, lk.Beta])
def test_our_families_keep_their_laws(member):
    report = check_family(member)
    assert report.passed, report


def test_each_broken_law_is_found():
    shifted = own_gumbel(
        cdf=lambda x, mu, tau: np.exp(-np.exp(-(x - mu) / tau)) ** 1.01,
        quantile=lambda q, mu, tau: mu - tau * np.log(-np.log(q)) + 0.01,
        sample=lambda mu, tau, size, rng: rng.gumbel(mu + 0.5 * tau, tau, size),
        score=lambda x, mu, tau: {"mu": 0.0 * x, "tau": 0.0 * x},
    )
    broken = {o.law for o in check_family(shifted).outcomes if o.holds == "no"}
    assert broken >= {
        "cdf and sf are its masses", "quantile inverts the cdf", "samples follow it",
        "derivatives are its slopes",
    }  # fmt: skip

    def wrong_unit(x, mu, tau):
        return gumbel(x, mu, tau)

    units = lk.model(wrong_unit, {"mu": lk.real(power=1), "tau": lk.positive()}, name="no unit")
    broken = {o.law for o in check_family(units).outcomes if o.holds == "no"}
    assert "moves with unit and origin" in broken
