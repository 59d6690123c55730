"""Held-out likelihood, frequencies of choice and averages, against loops over `fit`."""

from __future__ import annotations

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import DataError, ParameterError

FAMILIES = ["gamma", "weibull", "normal"]


def test_held_out_likelihood_is_that_of_a_loop() -> None:
    x = lk.Gamma(2.0, 3.0).sample(60, seed=1)
    found = lk.compare(x, FAMILIES).cross_validate(5, seed=7)
    fold = np.random.default_rng(7).permutation(np.arange(60) % 5)
    expected = {
        name: np.concatenate(
            [lk.fit(x[fold != i], name).distribution.log_prob(x[fold == i]) for i in range(5)]
        )
        for name in FAMILIES
    }
    best = max(expected, key=lambda name: expected[name].mean())
    assert found.families[0] == best
    for name, mean, below, error in zip(
        found.families, found.mean, found.difference, found.error, strict=True
    ):
        less = expected[best] - expected[name]
        assert mean == pytest.approx(expected[name].mean(), rel=1e-9)
        assert below == pytest.approx(less.mean(), rel=1e-6, abs=1e-12)
        assert error == pytest.approx(less.std() / np.sqrt(60), rel=1e-6, abs=1e-12)
    assert found.to_frame()["family"].to_list() == list(found.families)
    assert "5 folds" in repr(found)


def test_held_out_counts_are_compared_as_probabilities() -> None:
    x = lk.NegativeBinomial(5.0, 0.4).sample(120, seed=1)
    found = lk.compare(x, ["poisson", "negative binomial", "normal"]).cross_validate(4, seed=1)
    assert found.families[0] == "negative binomial"
    assert (found.mean < 0.0).all()  # logs of probabilities


def test_held_out_censored_rows() -> None:
    x = lk.Weibull(1.5, 2.0).sample(80, seed=1)
    seen = lk.observe(np.minimum(x, 2.5), event=x <= 2.5)
    found = lk.compare(seen, ["weibull", "exponential"]).cross_validate(4, seed=2)
    fold = np.random.default_rng(2).permutation(np.arange(80) % 4)
    total = 0.0
    for i in range(4):
        law = lk.fit(seen.take(np.flatnonzero(fold != i)), "exponential").distribution
        out = x[fold == i]
        total += float(np.sum(np.where(out <= 2.5, law.log_prob(out), law.log_sf(2.5))))
    at = found.families.index("exponential")
    assert found.mean[at] == pytest.approx(total / 80, rel=1e-9)


def test_frequencies_of_choice_are_those_of_a_loop() -> None:
    x = lk.Gamma(2.0, 3.0).sample(40, seed=1)
    shares = lk.compare(x, FAMILIES).selection(25, seed=3)
    rng = np.random.default_rng(3)
    chosen = [lk.compare(x[rng.choice(40, 40)], FAMILIES).best.family for _ in range(25)]
    assert shares == {name: chosen.count(name) / 25 for name in shares}


def test_an_average_is_the_formula() -> None:
    x = lk.Gamma(2.0, 3.0).sample(100, seed=1)
    compared = lk.compare(x, FAMILIES)
    average = compared.average(lambda d: d.quantile(0.9))
    one = [fit.quantile(0.9) for fit in compared]
    values, errors = (np.array([getattr(e, n) for e in one]) for n in ("value", "standard_error"))
    w = np.array(compared.weights)
    assert average.value == pytest.approx(w @ values, rel=1e-9)
    expected = w @ np.sqrt(errors**2 + (values - w @ values) ** 2)
    assert average.standard_error == pytest.approx(expected, rel=1e-6)
    low, high = average.interval(0.9)
    assert (high - low) / 2 == pytest.approx(1.6448536 * average.standard_error, rel=1e-6)


def test_an_average_takes_ends_of_the_support_and_leaves_out_what_has_no_weight() -> None:
    x = lk.Beta(1.2, 1.2).sample(150, seed=1)
    compared = lk.compare(x, ["uniform", "beta", "cauchy"])  # a Cauchy has no mean, nor a part
    average = compared.average(lambda d: d.mean)
    means = [compared["uniform"].distribution.mean, compared["beta"].distribution.mean]
    assert min(means) <= average.value <= max(means)
    assert 0.0 < average.standard_error < 0.1


def test_what_is_refused() -> None:
    compared = lk.compare([1.0, 2.0, 4.0, 3.0], ["normal", "gamma"])
    with pytest.raises(ParameterError, match="folds must be from 2"):
        compared.cross_validate(5)
    with pytest.raises(ParameterError, match="folds must be 1 or more, a whole number; got 'x'"):
        compared.cross_validate("x")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="draws must be 1 or more"):
        compared.selection(0)
    with pytest.raises(ParameterError, match="Only one number"):
        compared.average(lambda d: d.quantile([0.1, 0.9]))  # type: ignore[arg-type,return-value]
    sampled = lk.compare([1.0, 2.0, 4.0], ["normal"], sampling_weights=[3.0, 4.0, 5.0])
    with pytest.raises(DataError, match="sampling weights"):
        sampled.cross_validate(2)
