"""A family of one's own that says the least it may: a right answer, or what to write."""

import re

import numpy as np
import polars as pl
import pytest
from scipy.special import gammaln

import likeliest as lk
from likeliest.distributions import (
    ContinuousDistribution,
    DiscreteDistribution,
    family,
    positive,
    real,
)
from likeliest.distributions.family import REGISTRY
from likeliest.errors import FamilyError

SIZES = lk.Normal(50.0, 2.5).sample(60, seed=1)
COUNTS = lk.Poisson(4.0).sample(60, seed=1)
EVENT = np.arange(60) % 2


class Least:
    """What a density or a mass is all of."""

    def _log_prob(self, x):
        return self.formula(x)


class Refusing(Least):
    """The two formulas that say of themselves that they are not there."""

    def _cdf(self, x):
        raise NotImplementedError

    def _quantile(self, q):
        raise NotImplementedError


def continuous(base):
    @family
    class PlainNormal(base, ContinuousDistribution):
        name = "plain normal"
        support = lk.Normal.support
        centre_at: float = real(power=1)
        width: float = positive(power=1)

        def formula(self, x):
            z = (x - self.centre_at) / self.width
            return -0.5 * z * z - np.log(self.width) - 0.5 * np.log(2 * np.pi)

    return PlainNormal, PlainNormal(50.0, 2.5), SIZES, "laplace"


def discrete(base):
    @family
    class PlainCount(base, DiscreteDistribution):
        name = "plain count"
        support = lk.Poisson.support
        rate: float = positive()

        def formula(self, x):
            return x * np.log(self.rate) - self.rate - gammaln(x + 1.0)

    return PlainCount, PlainCount(4.0), COUNTS, "geometric"


@pytest.fixture(
    params=[(make, base) for make in (continuous, discrete) for base in (Least, Refusing)],
    ids=lambda p: f"{p[0].__name__}-{p[1].__name__}",
)
def plain(request):
    make, base = request.param
    made = make(base)
    yield made
    del REGISTRY[made[0].name.replace(" ", "")]


WORK = {
    "fit": lambda f, d, x, o: lk.fit(x, f),
    "table": lambda f, d, x, o: repr(lk.fit(x, f)),
    "weights": lambda f, d, x, o: lk.fit(x, f, weights=EVENT + 1),
    "by": lambda f, d, x, o: lk.fit(x, f, by=EVENT),
    "compare": lambda f, d, x, o: lk.compare(x + 0.0, [f, o]),
    "log_prob": lambda f, d, x, o: d.log_prob(x),
    "score": lambda f, d, x, o: d.score(x),
    "nll": lambda f, d, x, o: d.nll(x),
    "fit.plot": lambda f, d, x, o: lk.fit(x, f).plot(),
    "profile": lambda f, d, x, o: lk.fit(x, f).intervals(method="profile"),
    "rows": lambda f, d, x, o: lk.fit(x, f).bootstrap(9, seed=1, by="rows"),
    "sandwich": lambda f, d, x, o: lk.fit(x, f).with_errors("sandwich"),
    "saved": lambda f, d, x, o: lk.fit(x, f).to_dict(),
}
CDF = {
    "event": lambda f, d, x, o: lk.fit(x, f, event=EVENT),
    "entry": lambda f, d, x, o: lk.fit(x, f, entry=x.min() - 1.0),
    "exit": lambda f, d, x, o: lk.fit(x, f, exit=x.max() + 1.0),
    "bounds": lambda f, d, x, o: lk.fit(family=f, lower=x, upper=x + 100.0),
    "bins": lambda f, d, x, o: lk.fit(family=f, edges=[0, 2, 5, 50, 99], counts=[1, 2, 3, 4]),
    "scan": lambda f, d, x, o: lk.fit(
        lk.scan(pl.LazyFrame({"x": x}), "x", entry=float(x.min()) - 1.0), f
    ),
    "nll": lambda f, d, x, o: d.nll(lk.observe(x, event=EVENT)),
    "cdf": lambda f, d, x, o: d.cdf(x),
    "sf": lambda f, d, x, o: d.sf(x),
    "log_cdf": lambda f, d, x, o: d.log_cdf(x),
    "log_sf": lambda f, d, x, o: d.log_sf(x),
    "probability": lambda f, d, x, o: d.probability(1, 2),
    "survival": lambda f, d, x, o: lk.fit(x, f).survival(3.0),
    "hazard": lambda f, d, x, o: lk.fit(x, f).hazard(3.0),
}
QUANTILE = {
    "quantile": lambda f, d, x, o: d.quantile(0.5),
    "upper_quantile": lambda f, d, x, o: d.upper_quantile(0.5),
    "sample": lambda f, d, x, o: d.sample(3, seed=1),
    "median": lambda f, d, x, o: d.median,
    "interval": lambda f, d, x, o: d.interval(0.9),
    "plot": lambda f, d, x, o: d.plot(),
    "fit.quantile": lambda f, d, x, o: lk.fit(x, f).quantile(0.9),
    "return_level": lambda f, d, x, o: lk.fit(x, f).return_level(10),
    "b_life": lambda f, d, x, o: lk.fit(x, f).b_life(10),
    "bootstrap": lambda f, d, x, o: lk.fit(x, f).intervals(method="bootstrap"),
    "expected": lambda f, d, x, o: lk.fit(x, f).with_errors("expected").standard_errors,
    "entropy": lambda f, d, x, o: lk.entropy(d),
}


@pytest.mark.parametrize("call", WORK.values(), ids=WORK)
def test_a_density_is_enough(plain, call):
    assert call(*plain) is not None


@pytest.mark.parametrize("call", CDF.values(), ids=CDF)
def test_what_needs_a_distribution_function_says_so(plain, call):
    made = plain[0]
    with pytest.raises(FamilyError) as caught:
        call(*plain)
    said = str(caught.value)
    assert said.startswith(f"{made.name} has no distribution function")
    assert f"Write _cdf(self, x), which returns P(X ≤ x), in class {made.__name__}." in said


@pytest.mark.parametrize("call", QUANTILE.values(), ids=QUANTILE)
def test_what_needs_quantiles_says_so(plain, call):
    """Counts are searched for the least that is enough, with their distribution function."""
    made = plain[0]
    own = not made.discrete or issubclass(made, Refusing)
    missing = r"Write _(cdf|quantile)\(self, [xq]\)" if own else r"Write _cdf\(self, x\)"
    with pytest.raises(FamilyError) as caught:
        call(*plain)
    assert str(caught.value).startswith(f"{made.name} has no ")
    assert re.search(missing, str(caught.value))


def test_a_comparison_leaves_it_out_and_says_why(plain):
    made, _, x, other = plain
    compared = lk.compare(lk.observe(x, event=EVENT), [made, other])
    assert "has no distribution function" in compared.left_out[made.name]
    groups = lk.fit(x, made, by=EVENT, event=(np.arange(60) % 4 > 0).astype(int))
    assert "has no distribution function" in groups.reasons[0]


def test_the_score_by_differences_is_that_of_the_formula(plain):
    made, member, x, _ = plain
    other = lk.Poisson(4.0) if made.discrete else lk.Normal(50.0, 2.5)
    for ours, theirs in zip(member.score(x).values(), other.score(x).values(), strict=True):
        assert ours == pytest.approx(theirs, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize(
    ("said", "lacking"),
    [
        ({"support": lk.Normal.support, "_log_prob": Least._log_prob}, "it lacks name, its name."),
        ({"name": "x", "_log_prob": Least._log_prob}, "it lacks support, the values"),
        ({"name": "x", "support": lk.Normal.support}, "it lacks the method _log_prob."),
    ],
)
def test_a_class_that_is_no_family_yet(said, lacking):
    cls = type("Short", (ContinuousDistribution,), said)
    with pytest.raises(FamilyError, match="class Short is no family yet") as caught:
        family(cls)
    assert lacking in str(caught.value)
