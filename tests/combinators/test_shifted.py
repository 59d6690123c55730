"""Shifted families against likelihoods written here, and where they have no maximum."""

import pickle

import numpy as np
import pytest
from scipy import optimize, stats

import likeliest as lk

FIBRES = [
    0.55, 0.93, 1.25, 1.36, 1.49, 1.52, 1.58, 1.61, 1.64, 1.68, 1.73, 1.81, 2.0, 0.74, 1.04, 1.27,
    1.39, 1.49, 1.53, 1.59, 1.61, 1.66, 1.68, 1.76, 1.82, 2.01, 0.77, 1.11, 1.28, 1.42, 1.5, 1.54,
    1.6, 1.62, 1.66, 1.69, 1.76, 1.84, 2.24, 0.81, 1.13, 1.29, 1.48, 1.5, 1.55, 1.61, 1.62, 1.66,
    1.7, 1.77, 1.84, 0.84, 1.24, 1.3, 1.48, 1.51, 1.55, 1.61, 1.63, 1.67, 1.7, 1.78, 1.89,
]  # fmt: skip
"""Strengths of 1.5 cm glass fibres: Smith & Naylor (1987), Applied Statistics 36, table 1."""


def test_glass_fibres():
    fit = lk.fit(FIBRES, "shifted weibull")
    published = {"shift": -1.6, "shape": 11.9, "scale": 3.2}  # to two or three figures
    assert fit.parameters == pytest.approx(published, abs=0.05)


def lognormal_nll(p, x, seen):
    law = stats.lognorm(p[2], p[0], np.exp(p[1]))
    return -np.sum(np.where(seen, law.logpdf(x), law.logsf(x)))


def gamma_nll(p, x, seen):
    law = stats.gamma(p[1], p[0], p[2])
    return -np.sum(np.where(seen, law.logpdf(x), law.logsf(x)))


def mirrored_nll(p, x, seen):
    law = stats.weibull_min(p[1], -p[0], p[2])
    return -np.sum(np.where(seen, law.logpdf(-x), law.logcdf(-x)))


@pytest.mark.parametrize(
    ("name", "member", "nll"),
    [
        ("shifted lognormal", (5.0, 1.0, 0.5), lognormal_nll),
        ("shifted gamma", (-3.0, 3.0, 2.0), gamma_nll),
        ("shifted(reflected weibull)", (20.0, 3.0, 5.0), mirrored_nll),
    ],
)
def test_a_fit_with_censored_rows_is_the_maximum(name, member, nll):
    family = lk.families.find(name)
    x = family(*member).sample(300, seed=2)
    end = np.quantile(x, 0.8)
    seen, x = x <= end, np.minimum(x, end)
    fit = lk.fit(x, family, event=seen)
    at = np.array(list(fit.parameters.values()))
    assert fit.nll == pytest.approx(nll(at, x, seen), rel=1e-12)
    with np.errstate(all="ignore"):
        best = optimize.minimize(nll, at * 1.01, args=(x, seen), method="Nelder-Mead", tol=1e-10)
    assert best.fun - 1e-7 <= fit.nll <= best.fun + 1e-9


def test_the_unit_and_the_origin_do_not_matter():
    x = lk.Gamma(2.5, 3.0).sample(300, seed=1)
    plain = lk.fit(x, "shifted gamma")
    far = lk.fit(x + 1e9, "shifted gamma")
    small = lk.fit(1e-9 * x, "shifted gamma")
    assert far.parameters["shift"] - 1e9 == pytest.approx(plain.parameters["shift"], abs=1e-5)
    assert far.standard_errors["shape"] == pytest.approx(plain.standard_errors["shape"], rel=1e-5)
    assert small.parameters["shape"] == pytest.approx(plain.parameters["shape"], rel=1e-8)


def test_of_a_density_that_is_finite_at_its_end_the_shift_is_the_least_value():
    x = lk.Exponential(0.3).sample(50, seed=1) + 7.0
    fit = lk.fit(x, "shifted exponential")
    assert fit.parameters["shift"] == x.min()
    assert fit.parameters["rate"] == pytest.approx(1.0 / np.mean(x - x.min()), rel=1e-9)
    assert fit.intervals()["shift"][1] == x.min()


def test_where_no_maximum_is_other_estimates_are_offered():
    x = lk.Weibull(0.7, 3.0).sample(200, seed=1) + 5.0
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match='method="spacings"'):
        lk.fit(x, "shifted weibull")
    assert lk.fit(x, "shifted weibull", method="spacings").parameters["shape"] < 1.0
    assert lk.fit(x, "shifted weibull", fixed={"shift": 5.0}).parameters["shape"] < 1.0


def test_values_that_lean_the_other_way_are_told():
    x = -lk.Gamma(4.0, 1.0).sample(1200, seed=1)
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match="rises as shift → -∞"):
        lk.fit(x, "shifted gamma")
    assert lk.fit(x, "shifted(reflected gamma)").diagnostics.outcome == "converged"


def test_a_shift_amid_the_values_is_refused():
    with pytest.raises(lk.errors.SupportError, match="1 of 3 values are not"):
        lk.fit([3.0, 5.0, 9.0], "shifted gamma", fixed={"shift": 4.0})


def test_below_a_shape_of_two_errors_are_told_to_be_other_ones():
    fit = lk.fit(lk.Weibull(1.5, 3.0).sample(200, seed=1), "shifted weibull")
    assert any("better than by the root of n" in note for note in fit.diagnostics.notes)


def test_groups_savings_and_tests(tmp_path):
    x = lk.Weibull(3.0, 10.0).sample(300, seed=1) + 30.0
    fits = lk.fit(x, "shifted weibull", by=np.arange(300) % 2)
    one = lk.fit(x[::2], "shifted weibull")
    assert fits[0].parameters == pytest.approx(one.parameters, rel=1e-9)
    one.save(tmp_path / "fit.json")
    assert lk.Fit.load(tmp_path / "fit.json").parameters == one.parameters
    assert pickle.loads(pickle.dumps(one.distribution)) == one.distribution  # noqa: S301
    assert lk.likelihood_ratio(lk.fit(x[::2], "weibull"), one).p_value < 1e-6


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("shifted normal", "it has a location, mean"),
        ("shifted beta", "a support with one end"),
        ("shifted poisson", "counts whole numbers"),
        ("shifted(hurdle gamma)", "has a probability at a point"),
        ("shifted pareto", "has corners"),
        ("log-of normal", "only positive values have a logarithm"),
    ],
)
def test_what_cannot_be_made_is_said(text, message):
    with pytest.raises(lk.errors.FamilyError, match=message):
        lk.families.find(text)


def test_a_mirror_keeps_a_location():
    x = lk.Gumbel(5.0, 2.0).sample(200, seed=1)
    mirrored, plain = lk.fit(10.0 - x, "reflected gumbel"), lk.fit(x, "gumbel")
    assert mirrored.parameters["loc"] == pytest.approx(10.0 - plain.parameters["loc"], rel=1e-9)
    assert mirrored.standard_errors == pytest.approx(plain.standard_errors, rel=1e-9)
    assert lk.reflected(lk.reflected("gumbel")) is lk.Gumbel


def test_logarithms_have_the_parameters_of_the_values():
    x = lk.Weibull(2.0, 30.0).sample(200, seed=1)
    logs, plain = lk.fit(np.log(x), "log-of weibull"), lk.fit(x, "weibull")
    assert logs.parameters == pytest.approx(plain.parameters, rel=1e-9)
    assert logs.log_likelihood == pytest.approx(plain.log_likelihood + np.log(x).sum(), rel=1e-12)
    gumbel = lk.fit(np.log(x), "gumbel of minima")
    assert logs.log_likelihood == pytest.approx(gumbel.log_likelihood, rel=1e-12)
    member = lk.log_of("gamma")(3.0, 2.0)
    peer = stats.loggamma(3.0, np.log(2.0))
    assert member.moments() == pytest.approx((peer.mean(), peer.var()), rel=1e-9)
    assert float(member.entropy) == pytest.approx(peer.entropy(), rel=1e-9)


def test_a_part_may_have_a_parameter_of_any_name():
    fit = lk.fit(lk.Burr(2.0, 1.5, 3.0).sample(400, seed=1), lk.truncated("burr", upper=50.0))
    assert fit.free == ("inner", "outer", "scale")
