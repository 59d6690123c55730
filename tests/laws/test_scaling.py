"""The unit of the data does not matter: fit(c x) is fit(x) in the other unit."""

import numpy as np
import pytest

import likeliest as lk
from members import ORDINARY

FACTORS = [1e-290, 1e-150, 3.0, 1e150, 1e290]


def has_unit(family):
    """Whether values have a unit: shares and counts have none."""
    return ORDINARY[family].rescaled(2.0) != ORDINARY[family]


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.families(where=lambda f: not has_unit(f))
def test_no_parameter_of_shares_and_counts_claims_a_unit(family, ordinary, factor):
    assert ordinary.rescaled(factor) == ordinary


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.families(where=lambda f: has_unit(f) and not f.anchored)
def test_the_unit_does_not_matter(family, ordinary, factor):
    x = ordinary.sample(300, seed=12)
    here, there = lk.fit(x, family), lk.fit(factor * x, family)
    expected = here.distribution.rescaled(factor)
    shift = 300 * np.log(factor)
    size = max(1.0, abs(here.log_likelihood), abs(there.log_likelihood))
    assert abs(there.log_likelihood + shift - here.log_likelihood) <= 1e-12 * size
    for name, value in there.parameters.items():
        unit = factor ** float(family.constraints[name].power)
        error = here.standard_errors[name]
        if error is None:
            assert value == pytest.approx(expected.parameters[name], rel=1e-14, abs=0)
            continue
        slack = 1e-7 * error * unit + 1e-14 * abs(value)
        assert abs(value - expected.parameters[name]) <= slack
        assert there.standard_errors[name] == pytest.approx(error * unit, rel=1e-5, abs=0)


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.families(where=lambda f: has_unit(f) and not f.atoms)
def test_a_rescaled_member_has_the_rescaled_density(family, ordinary, factor):
    x = ordinary.quantile(np.array([0.01, 0.3, 0.5, 0.9]))
    scaled = ordinary.rescaled(factor).log_prob(factor * x)
    assert scaled == pytest.approx(ordinary.log_prob(x) - np.log(factor), rel=1e-12)
