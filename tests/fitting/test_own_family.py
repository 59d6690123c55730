"""A family that a user writes fits like one of ours."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.family import REGISTRY, family
from likeliest.distributions.parameters import positive, real


@pytest.fixture(scope="module")
def plain_normal():
    """The normal, with nothing but its density."""

    @family
    class PlainNormal(ContinuousDistribution):
        name = "plain normal"
        support = lk.Normal.support
        mean: float = real()
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
