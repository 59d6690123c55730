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


def between_looks(x, rng, every):
    """Return bounds of values that are looked at every so often, each from a start of its own."""
    step = every * rng.uniform(0.5, 1.5, x.size)
    start = step * rng.random(x.size)
    low = start + step * np.floor((x - start) / step)
    return low, low + step


def test_of_overlapping_bounds_turnbulls_estimate_is_held_against_the_fit():
    """Where bounds are narrow, the gap is that of the values; where they are wide, still told."""
    fit = lk.fit(family="normal", lower=HUMPS, upper=HUMPS + RNG.uniform(1e-9, 1e-5, 300))
    x = np.sort(HUMPS)
    gap = np.abs(np.arange(1, 301) / 300 - fit.distribution.cdf(x)).max()
    assert f"differs by {gap:.2f}" in fit.misfit
    low, high = between_looks(HUMPS, RNG, 3.0)
    assert POOR in lk.fit(family="normal", lower=low, upper=high).misfit
    exact = RNG.random(300) < 0.3  # a mix of exact values, bounds and suspensions
    low, high = np.where(exact, HUMPS, low), np.where(exact, HUMPS, high)
    mix = lk.observe(lower=low, upper=np.where(high > 13.0, np.inf, high))
    assert POOR in repr(lk.compare(mix, ["normal", "logistic"])).replace("\n", " ")


@pytest.mark.parametrize("every", [1.0, 10.0])
def test_bounds_of_values_drawn_from_the_family_are_not_told(every):
    for seed in range(8):
        rng = np.random.default_rng(seed)
        low, high = between_looks(10.0 * rng.weibull(1.5, 300), rng, every)
        assert lk.fit(family="weibull", lower=np.maximum(low, 0), upper=high).misfit is None
    counts = rng.poisson(6.0, 300)
    seen = lk.observe(
        lower=counts - rng.integers(0, 4, 300), upper=counts + rng.integers(0, 4, 300)
    )
    assert lk.fit(seen, "poisson").misfit is None
