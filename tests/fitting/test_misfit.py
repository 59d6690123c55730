"""A fit says when it does not describe its data, at first display and not before."""

import numpy as np
import pytest

import likeliest as lk

RNG = np.random.default_rng(5)
HUMPS = np.concatenate([RNG.normal(0.0, 1.0, 150), RNG.normal(12.0, 1.0, 150)])
POOR = "is not a good description"


@pytest.mark.parametrize(
    "name", ["normal", "student t", "logistic", "cauchy", "uniform", "laplace"]
)
def test_two_humps_are_told(name):
    fit = lk.fit(HUMPS, name)
    assert f"The likeliest {name} {POOR}" in " ".join(repr(fit).split())
    assert any(POOR in note for note in fit.to_dict()["diagnostics"]["notes"])
    assert any(POOR in note for note in lk.Fit.from_dict(fit.to_dict()).diagnostics.notes)
    # The largest gap of the distribution functions, as Kolmogorov has it, at its place.
    x = np.sort(HUMPS)
    middle = (np.arange(x.size) + 0.5) / x.size
    gap = np.abs(middle - fit.distribution.cdf(x))
    assert f"differs by {gap.max():.2f}" in fit.misfit
    assert f"at {x[gap.argmax()]:.6g}" in fit.misfit


def test_a_comparison_says_the_same_of_its_best():
    compared = lk.compare(HUMPS, ["normal", "logistic"])
    assert compared.notes[-1] == compared.best.misfit == lk.fit(HUMPS, compared.best.family).misfit


@pytest.mark.families(where=lambda f: True)
def test_what_was_drawn_from_the_family_is_not_told(family, ordinary):
    fit = lk.fit(ordinary.sample(400, seed=3), family)
    assert fit.misfit is None
    assert POOR not in repr(fit)


def test_the_fit_itself_does_not_pay_for_it():
    fit = lk.fit(HUMPS, "normal")
    assert not {"misfit", "diagnostics"} & set(vars(fit))
    repr(fit)
    assert {"misfit", "diagnostics"} <= set(vars(fit))


def test_where_the_data_have_no_distribution_function_nothing_is_said():
    seen = lk.observe(lower=HUMPS, upper=HUMPS + RNG.uniform(1.0, 9.0, 300))  # they overlap
    assert lk.fit(seen, "normal").misfit is None
