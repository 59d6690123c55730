"""A family that a user writes fits like one of ours."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.family import REGISTRY, family
from likeliest.distributions.parameters import positive, real

FLOWS = [
    37.37, 40.97, 30.0, 23.1, 22.97, 24.95, 17.73, 18.63, 18.22, 32.65, 56.62, 69.74, 59.18,
    54.47, 37.91, 24.48, 20.26, 20.51, 16.54, 18.94, 19.47, 20.96, 34.02, 42.58, 32.74, 33.62,
    24.58, 19.55, 17.94, 18.45, 18.8, 18.26, 19.1, 24.01, 30.32, 62.84, 87.75, 54.34, 36.42,
    25.07, 19.62, 19.32, 19.53, 16.0, 15.38, 21.89, 27.31, 26.73, 38.58, 33.54, 24.4, 21.59,
    19.23, 23.07, 20.59, 20.29, 24.0, 31.66, 52.58, 47.07, 72.04, 45.1, 32.38, 28.74, 24.2, 22.25,
    22.47, 22.66, 21.09, 28.31, 45.42, 47.87, 63.96, 55.67, 35.57, 27.73, 23.42, 21.03, 19.67,
    19.53, 18.46, 19.99, 29.49, 48.55, 46.29, 43.74, 31.97, 19.71, 17.39, 16.12, 15.62, 14.78,
    13.17, 12.01, 19.8, 22.41, 32.57, 34.15, 24.59, 14.41, 15.71, 16.57, 15.65, 16.19, 17.66,
    19.62, 30.68, 64.23, 45.28, 40.55, 28.2, 20.05, 17.5, 15.58, 14.22, 15.29, 15.28, 16.22,
    23.38, 29.99, 24.76, 28.1, 22.36, 16.23, 12.2, 11.05, 14.67, 14.64, 17.99, 28.87, 45.8, 50.56,
    36.44, 22.78, 16.27, 24.21, 24.73, 18.35, 23.87, 25.44, 29.87, 48.47, 113.65, 83.34, 51.41,
    32.58, 30.93, 25.84, 26.48, 23.95, 23.05, 24.64, 43.15, 57.83, 59.68, 48.1, 32.01, 24.76,
    22.56, 20.28, 22.45, 21.74, 24.45, 31.74, 46.12, 54.64, 77.71, 46.13, 28.79, 24.26, 22.97,
    24.38, 20.95, 21.22, 25.5, 29.55, 37.22, 64.53, 61.69, 43.41, 31.6, 26.02, 20.05, 21.81,
    19.43, 19.24, 19.19, 20.51, 33.84, 41.1, 43.41, 29.16, 28.54,
]  # fmt: skip


@pytest.fixture(scope="module")
def plain_normal():
    """The normal, with nothing but its density."""

    @family
    class PlainNormal(ContinuousDistribution):
        name = "plain normal"
        support = lk.Normal.support
        mean: float = real(power=1)
        std: float = positive(power=1)

        def _log_prob(self, x):
            z = (x - self.mean) / self.std
            return -0.5 * z * z - np.log(self.std) - 0.5 * np.log(2 * np.pi)

        def _cdf(self, x):
            raise NotImplementedError

        def _quantile(self, q):
            raise NotImplementedError

    yield PlainNormal
    del REGISTRY["plainnormal"]


@pytest.mark.parametrize("n", [5, 300, 60_000])
def test_it_agrees_with_the_closed_form(plain_normal, n):
    x = lk.Normal(50, 2.5).sample(n, seed=n)
    ours, theirs = lk.fit(x, plain_normal), lk.fit(x, "normal")
    assert abs(ours.log_likelihood - theirs.log_likelihood) < 1e-8
    for name, error in theirs.standard_errors.items():
        assert abs(ours.parameters[name] - theirs.parameters[name]) < 1e-4 * error
        assert ours.standard_errors[name] == pytest.approx(error, rel=1e-3)


def test_it_is_found_by_name_but_compared_only_when_asked(plain_normal):
    assert lk.families.find("Plain-Normal") is plain_normal
    assert plain_normal not in lk.families.all_families()
    x = lk.Normal(0, 1).sample(2_000, seed=1)
    assert lk.compare(x, [plain_normal, "laplace"]).best.family == "plain normal"


@pytest.fixture
def gev():
    """The generalized extreme value distribution, with nothing but its density."""

    @family
    class PlainGev(ContinuousDistribution):
        name = "plain gev"
        support = lk.Normal.support
        shape: float = real()
        loc: float = real(power=1)
        scale: float = positive(power=1)

        def _log_prob(self, x):
            grown = 1.0 + self.shape * (x - self.loc) / self.scale
            log = np.log(np.where(grown > 0.0, grown, 1.0))
            inside = -np.log(self.scale) - (1.0 + 1.0 / self.shape) * log
            return np.where(grown > 0.0, inside - np.exp(-log / self.shape), -np.inf)

        def _cdf(self, x):
            raise NotImplementedError

        def _quantile(self, q):
            raise NotImplementedError

    yield PlainGev
    del REGISTRY["plaingev"]


def test_a_pure_number_starts_near_0(gev):
    """Monthly river flows of lrberge/fitdistrplus#36, with the right estimate of the report."""
    fit = lk.fit(FLOWS, gev)
    assert fit.log_likelihood == pytest.approx(-744.88684, abs=1e-4)
    assert list(fit.parameters.values()) == pytest.approx([0.328823, 22.2504, 8.09861], rel=1e-4)


@pytest.mark.parametrize("shape", [-0.4, -0.1, 0.1, 0.6])
@pytest.mark.parametrize("origin", [0.0, 1e6])
def test_starts_on_either_side(gev, shape, origin):
    rng = np.random.default_rng(7)
    z = (rng.exponential(size=400) ** -shape - 1.0) / shape
    fit = lk.fit(origin + 3.0 * z, gev)
    truth = gev(shape, origin, 3.0).log_prob(origin + 3.0 * z).sum()
    assert fit.log_likelihood >= truth
    assert abs(fit.parameters["shape"] - shape) < 5.0 * fit.standard_errors["shape"]
    assert abs(fit.parameters["loc"] - origin) < 5.0 * fit.standard_errors["loc"]


def test_a_density_that_is_0_at_every_start_is_told_with_the_way_out():
    @family
    class Far(ContinuousDistribution):
        name = "far"
        support = lk.Normal.support
        shape: float = real()

        def _log_prob(self, x):
            return np.where(np.abs(self.shape - 50.0) < 5.0, -((x - self.shape) ** 2), -np.inf)

        def _cdf(self, x):
            raise NotImplementedError

        def _quantile(self, q):
            raise NotImplementedError

    try:
        x = [49.0, 50.5, 51.0]
        with pytest.raises(lk.errors.ConvergenceError, match=r"start=\{'shape': \.\.\.\}"):
            lk.fit(x, Far)
        assert lk.fit(x, Far, start={"shape": 49.0}).parameters["shape"] == pytest.approx(150.5 / 3)
    finally:
        del REGISTRY["far"]


def test_declarations_have_one_default():
    """A pure number, unless its unit is said."""
    for declare in (real, positive):
        assert declare().metadata["constraint"].power == 0
        assert declare(power=1).metadata["constraint"].power == 1


@pytest.mark.families(where=lambda f: not f.discrete and not f.circular)  # radians are no unit
def test_the_unit_of_locations_and_scales_is_declared(family):
    for name, constraint in family.constraints.items():
        if name in {"loc", "scale", "mean", "std", "low", "high"}:
            assert constraint.power == 1, name


@pytest.mark.parametrize("name", ["Normal", "student-t"])
def test_the_name_of_one_of_ours_is_refused(name):
    body = {
        "name": name, "support": lk.Normal.support, "__annotations__": {"mean": "float"},
        "mean": real(power=1), "_log_prob": lambda self, x: -0.5 * (x - self.mean) ** 2,
    }  # fmt: skip
    ours = lk.families.find(name)
    with pytest.raises(lk.errors.FamilyError, match="itself; give yours another name"):
        family(type(ContinuousDistribution)("Another", (ContinuousDistribution,), body))
    assert lk.families.find(name) is ours
