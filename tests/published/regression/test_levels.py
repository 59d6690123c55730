"""Housing in Copenhagen: satisfaction in three levels, with proportional odds and without.

Data: Madsen (1976), Scandinavian J. Statistics 3, 97-106. The figures are printed in Venables &
Ripley (2002), section 7.3, and in the examples of MASS; R's `polr` gave the further digits.
"""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import likeliest as lk

LEVELS = {
    "Sat": ["Low", "Medium", "High"],
    "Infl": ["Low", "Medium", "High"],
    "Type": ["Tower", "Apartment", "Atrium", "Terrace"],
    "Cont": ["Low", "High"],
}
FORMULA = "Sat ~ Infl + Type + Cont"


@pytest.fixture(scope="module")
def housing():
    rows = pl.read_csv(Path(__file__).parent / "data" / "housing.csv")
    return rows.with_columns(pl.col(name).cast(pl.Enum(v)) for name, v in LEVELS.items())


def test_proportional_odds(housing):
    r = lk.regress(FORMULA, housing, lk.ordered(3), weights="Freq")
    slopes = [0.5663937389, 1.2888190638, -0.5723501464, -0.3661865662, -1.0910149077, 0.3602841499]
    errors = [0.1046527863, 0.1271561490, 0.1192380142, 0.1551733388, 0.1514860256, 0.0955357993]
    np.testing.assert_allclose(r.estimates[1:7], slopes, atol=2e-6)
    np.testing.assert_allclose(r.errors[1:7], errors, rtol=1e-5)
    first = -r.coefficients["loc"]["Intercept"]
    cuts = first, first + r.parameters["step2"]
    np.testing.assert_allclose(cuts, [-0.4961353438, 0.6907082904], atol=2e-6)
    assert -2.0 * r.log_likelihood == pytest.approx(3479.149, abs=5e-4)


def test_multinomial_logit(housing):
    r = lk.regress(FORMULA, housing, lk.categorical(3), weights="Freq")
    assert -2.0 * r.log_likelihood == pytest.approx(3470.084, abs=5e-4)
    assert np.max(np.abs((r.scores() * housing["Freq"].to_numpy()[:, None]).sum(axis=0))) < 1e-7
    dropped = r.drop_one()
    assert [one.coefficients for one in dropped.tests] == [4, 6, 2]
    without = lk.regress("Sat ~ Infl + Cont", housing, lk.categorical(3), weights="Freq")
    assert dropped.tests[1].log_likelihood == pytest.approx(without.log_likelihood, rel=1e-10)
    shares = r.distribution(housing).level_probabilities
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-13)


def test_a_multinomial_logit_of_two_levels_is_a_logit(housing):
    rows = housing.with_columns(is_high=(pl.col("Sat") == "High").cast(pl.Int64))
    logit = lk.regress("is_high ~ Infl + Type", rows, "bernoulli", weights="Freq")
    for family in (lk.categorical(2), lk.ordered(2)):
        two = lk.regress("I(is_high + 1) ~ Infl + Type", rows, family, weights="Freq")
        np.testing.assert_allclose(two.estimates, logit.estimates, rtol=1e-7)
        np.testing.assert_allclose(two.errors, logit.errors, rtol=1e-6)


def test_terms_of_one_level_alone(housing):
    r = lk.regress(
        "Sat ~ 1", housing, lk.categorical(3), formulas={"logit3": "~ Infl"}, weights="Freq"
    )
    assert [name for name, _ in r.names] == ["logit2", *["logit3"] * 3]


def test_levels_whose_number_or_order_is_not_known(housing):
    with pytest.raises(lk.errors.DataError, match=r"name lk.ordered\(3\)"):
        lk.regress(FORMULA, housing, lk.ordered(5), weights="Freq")
    text = housing.with_columns(pl.col("Sat").cast(pl.String))
    with pytest.raises(lk.errors.DataError, match="polars Enum or an ordered Categorical"):
        lk.regress(FORMULA, text, lk.ordered(3), weights="Freq")
    alike = lk.regress(FORMULA, text, lk.categorical(3), weights="Freq")
    assert -2.0 * alike.log_likelihood == pytest.approx(3470.084, abs=5e-4)
    pandas = housing.to_pandas()
    assert pandas["Sat"].cat.ordered or pandas["Sat"].cat.categories[0] == "Low"
    with pytest.raises(lk.errors.ParameterError, match="name that of the offset"):
        lk.regress(FORMULA, housing, lk.categorical(3), offset="Freq")
