"""A family that is another on the bound of its range: one law, one row."""

import numpy as np
import pytest

import likeliest as lk

LIGHT = np.linspace(-1.0, 1.0, 60)  # tails lighter than a normal's: the best t has df = ∞
EVEN = [2, 3, 3, 2, 3, 1, 4, 2]  # varies less than a Poisson's: the best dispersion is 0


@pytest.mark.parametrize(
    ("x", "larger", "smaller"),
    [(LIGHT, "student t", "normal"), (EVEN, "negative binomial", "poisson")],
)
def test_one_row_shows_both(x, larger, smaller):
    both = lk.compare(x, [larger, smaller])
    alone = lk.compare(x, [smaller])
    assert [fit.family for fit in both] == [smaller]
    assert both.same_as == {larger: smaller}
    assert both[larger] is both[smaller]
    assert both.weights == [1.0]
    assert both.best.log_likelihood == alone.best.log_likelihood
    assert f"The likeliest {larger} is {smaller}" in repr(both)
    assert both.to_dict()["same_as"] == {larger: smaller}
    assert len(both.to_frame()) == 1


@pytest.mark.parametrize(
    ("x", "larger", "smaller"),
    [(LIGHT, lk.StudentT, lk.Normal), (EVEN, lk.NegativeBinomial, lk.Poisson)],
)
def test_it_is_the_same_law(x, larger, smaller):
    edge = lk.fit(x, larger).distribution
    law = edge.simpler()
    assert type(law) is smaller
    grid = np.arange(9.0)
    assert np.allclose(edge.log_prob(grid), law.log_prob(grid), rtol=1e-14)
    direct = lk.fit(x, smaller).distribution
    for name, value in direct.parameters.items():
        assert law.parameters[name] == pytest.approx(value, rel=1e-9, abs=1e-9)


def test_a_family_whose_smaller_one_is_not_compared_keeps_its_row():
    assert [fit.family for fit in lk.compare(LIGHT, ["student t", "cauchy"])] == [
        "student t", "cauchy",
    ]  # fmt: skip


def test_inside_its_range_a_family_is_another():
    x = lk.StudentT(3.0, 0.0, 1.0).sample(500, seed=1)
    assert lk.fit(x, "student t").distribution.simpler() is None
    assert len(lk.compare(x, ["student t", "normal"])) == 2


@pytest.mark.families(where=lambda f: f not in {lk.StudentT, lk.NegativeBinomial})
def test_the_others_are_no_other(family, ordinary):
    assert ordinary.simpler() is None
