"""Equal values have no likeliest member where density can concentrate on them."""

import numpy as np
import pytest

import likeliest as lk
from members import MADE

OFF_CENTRE = {
    lk.Normal: {"mean": 1.0}, lk.LogNormal: {"log_mean": 0.0}, lk.Laplace: {"loc": 1.0},
    lk.Logistic: {"loc": 1.0}, lk.Gumbel: {"loc": 1.0}, lk.Cauchy: {"loc": 1.0},
    lk.StudentT: {"loc": 1.0}, lk.InverseGaussian: {"mean": 3.0}, lk.Weibull: {"scale": 3.0},
    lk.LogLogistic: {"scale": 3.0}, lk.Pareto: {"scale": 3.0}, lk.Gamma: {"scale": 2.0},
}  # fmt: skip
ON_CENTRE = {
    lk.Normal: {"mean": 5.0}, lk.LogNormal: {"log_mean": np.log(5.0)}, lk.Laplace: {"loc": 5.0},
    lk.Weibull: {"scale": 5.0}, lk.InverseGaussian: {"mean": 5.0}, lk.StudentT: {"loc": 5.0},
}  # fmt: skip


def concentrates(family):
    """Whether a density can be as high as one likes at a point."""
    return not family.discrete and bool(family.concentrates)


# Whose likelihood of equal values rises towards another family's, or towards an irregular shape.
AT_A_LIMIT = {
    lk.GeneralizedPareto: "shape → -1", lk.Lomax: "shape → ∞ and scale → ∞",
    lk.DiscreteWeibull: "shape → ∞", lk.YuleSimon: "shape → ∞", lk.Zeta: "shape → ∞",
    lk.ConwayMaxwellPoisson: "concentration → ∞", lk.PoissonInverseGaussian: "dispersion → 0",
    lk.Logarithmic: "prob → 0", lk.F: "dfn → ∞ and dfd → ∞",
}  # fmt: skip


@pytest.mark.families(where=AT_A_LIMIT.__contains__)
def test_ties_alone_name_the_limit(family):
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match=AT_A_LIMIT[family]):
        lk.fit(np.ones(4), family)


@pytest.mark.families(where=lambda f: not concentrates(f) and f not in {*AT_A_LIMIT, *MADE})
def test_ties_alone_have_a_maximum(family):
    fit = lk.fit(np.ones(4), family)
    assert np.isfinite(fit.log_likelihood)
    assert fit.distribution.log_prob(1.0) * 4 == pytest.approx(fit.log_likelihood, rel=1e-12)


@pytest.mark.families(where=concentrates)
def test_ties_alone_have_a_likelihood_without_bound(family):
    value = 0.5 if np.isfinite(family.support.high) else 5.0
    with pytest.raises(lk.errors.UnboundedLikelihoodError, match="grows without limit") as caught:
        lk.fit([value] * 4, family)
    assert f"{value:g}" in str(caught.value)


@pytest.mark.parametrize("member", OFF_CENTRE, ids=lambda f: f.name)
def test_ties_away_from_a_fixed_centre_are_ordinary(member):
    fit = lk.fit([5.0, 5.0, 5.0], member, fixed=OFF_CENTRE[member])
    for name in fit.free:
        for factor in (0.99, 1.01):
            value = fit.parameters[name] * factor
            other = member(**{**fit.distribution.parameters, name: value})
            assert other.log_likelihood([5.0] * 3) <= fit.log_likelihood + 1e-12


@pytest.mark.parametrize("member", ON_CENTRE, ids=lambda f: f.name)
def test_ties_on_a_fixed_centre_are_not(member):
    with pytest.raises(lk.errors.UnboundedLikelihoodError):
        lk.fit([5.0, 5.0, 5.0], member, fixed=ON_CENTRE[member])
