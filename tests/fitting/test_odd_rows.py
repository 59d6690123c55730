"""Mixed rows that once led astray: ties beside censored rows, rows that tell nothing, corners."""

import numpy as np
import pytest
from scipy import optimize, stats

import likeliest as lk
from likeliest.errors import DataError, FamilyError, UnboundedLikelihoodError
from likeliest.likelihood.objective import Objective

TIED = ([1, 2, 3, 4, 5, 5, 5, 9], [1] * 7 + [0])


def test_a_t_of_tied_and_censored_values_stays_off_the_singularity():
    """Three of eight values are 5 and five are not: below df = 3/5 there is no maximum."""
    x, event = TIED
    fit = lk.fit(x, "student t", event=event)

    def negative(u):
        law = stats.t(np.exp(u[0]), u[1], np.exp(u[2]))
        return -(law.logpdf(x[:7]).sum() + law.logsf(9.0))

    start = np.log(fit.parameters["df"]), fit.parameters["loc"], np.log(fit.parameters["scale"])
    found = optimize.minimize(negative, start, method="Nelder-Mead", options={"fatol": 1e-12})
    assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-7)
    assert fit.parameters["df"] > 0.6
    assert "df < 0.6" in " ".join(fit.diagnostics.notes)


def test_rows_that_can_hold_a_value_do_not_speak_against_it():
    """One exact value of which each interval says that it may be it, too: of six rows two do."""
    fit = lk.fit(
        family="student t",
        lower=[0.16, 0.47, 0.52, 1.46, 0.44, 6.51],
        upper=[np.inf, 1.47, 0.52, 2.46, 1.44, 7.51],
    )
    assert fit.parameters["scale"] > 0.1
    assert "df < 0.5" in " ".join(fit.diagnostics.notes)
    with pytest.raises(UnboundedLikelihoodError, match="can be 0 as well"):
        lk.fit([0] * 5 + [1, 2, 3, 4], "cauchy", event=[1] * 8 + [0])


@pytest.mark.parametrize("law", ["weibull", "loglogistic", "gamma", "lognormal"])
def test_a_row_that_is_certain_changes_nothing(law):
    with_it = lk.fit([0, 1, 2, 3, 5.5], law, event=[0, 1, 1, 1, 1])
    without = lk.fit([1, 2, 3, 5.5], law)
    assert with_it.parameters == pytest.approx(without.parameters, rel=1e-6)
    with pytest.raises(DataError, match="they tell nothing"):
        lk.fit([0, 0, 0], law, event=[0, 0, 0])


def test_bounds_of_counts_within_a_window_are_met_as_whole_numbers():
    seen = lk.observe(lower=[2, 3, 4], upper=[5, 6, 4], entry=2)
    plain = lk.observe(lower=[3, 3, 4], upper=[5, 6, 4], entry=2)
    with pytest.raises(DataError, match="tells nothing"):
        lk.observe(lower=[2], upper=[np.inf], entry=2)
    assert lk.Poisson(4.0).log_likelihood(seen) == lk.Poisson(4.0).log_likelihood(plain)
    assert lk.fit(seen, "poisson").parameters["rate"] == pytest.approx(2.171657, abs=1e-6)
    at_exit = lk.observe(lower=[2, 5, 3], upper=[5, 8, 4], exit=5)
    law = stats.poisson(4.0)
    expected = law.pmf([[2, 3, 4, 5]]).sum() * law.pmf(5) * law.pmf([3, 4]).sum() / law.cdf(5) ** 3
    assert lk.Poisson(4.0).log_likelihood(at_exit) == pytest.approx(np.log(expected), rel=1e-12)


@pytest.mark.parametrize(
    ("law", "name", "value"),
    [
        ("geometric", "prob", 0.75),
        ("negative binomial", "mean", 1.0 / 3.0),
        ("poisson", "rate", np.log(4.0 / 3.0)),
        ("bernoulli", "prob", 0.25),
    ],
)
def test_three_zeros_and_one_that_is_none(law, name, value):
    """P(0) is 3/4 for the likeliest."""
    fixed = {"dispersion": 1.0} if law == "negative binomial" else {}
    fit = lk.fit([0, 0, 0, 0], law, event=[1, 1, 1, 0], fixed=fixed)
    assert fit.parameters[name] == pytest.approx(value, rel=1e-6)


def test_a_pareto_that_only_nears_its_limit_is_no_maximum():
    with pytest.raises(UnboundedLikelihoodError, match=r"shape → 0, towards 0\.538778"):
        lk.fit([5.5, 6.2, 7.1, 8.4], "pareto", entry=[1, 2, 2, 3], exit=[5.6, 6.3, 7.2, 8.5])


def test_bounds_near_the_end_of_float64_have_a_middle():
    lower, upper = [1e308, 1.1e308, 1.5e308], [1.2e308, 1.4e308, 1.7e308]
    fit = lk.fit(family="normal", lower=lower, upper=upper)
    scaled = lk.fit(family="normal", lower=np.divide(lower, 1e300), upper=np.divide(upper, 1e300))
    assert fit.parameters["mean"] / 1e300 == pytest.approx(scaled.parameters["mean"], rel=1e-6)


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (
            lambda: lk.fit(1.7e9 + np.array([0.1, 0.2, 0.35]), "normal", rounding=1e-8),
            DataError,
            "less than float64 can tell apart",
        ),
        (
            lambda: lk.observe(lower=[1, -np.inf, 2], upper=[2, np.inf, 3]),
            DataError,
            r"no bound \(first: row 1\)",
        ),
        (lambda: lk.observe([1, -np.inf, 2], event=[1, 0, 1]), DataError, "row 1: -inf"),
        (lambda: lk.fit([1.0, 2.0], lk.Normal.__mro__[1]), FamilyError, "a base of families"),
        (lambda: lk.fit([1.0, 2.0], "normal", rounding=[1, 2]), DataError, "one step for all"),
        (lambda: lk.fit([1.0, 2.0], "normal", entry=object()), DataError, "entry must be one"),
        (lambda: lk.fit([1.0, 2.0], "normal", missing=["drop"]), DataError, "missing must be"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(make, error, match):
    with pytest.raises(error, match=match):
        make()


def test_a_climb_that_leads_nowhere_is_given_up(monkeypatch):
    looks = []
    evaluate = Objective.__call__

    def counted(self, u, lanes=None):
        looks.append(len(u))
        return evaluate(self, u, lanes)

    monkeypatch.setattr(Objective, "__call__", counted)
    x = np.random.default_rng(1).gamma(2.5, 1.7, 20)
    with pytest.raises(UnboundedLikelihoodError, match="has no maximum"):
        lk.fit(x, "gamma", entry=x * (1.0 - 1e-12))
    assert len(looks) <= 1_000
