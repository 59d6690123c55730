"""The estimate is the maximum of the likelihood, at any size, with parameters free or fixed."""

import pytest

import likeliest as lk


def test_a_large_sample_reaches_the_maximum(family, ordinary):
    """Beyond 50,000 rows a subsample comes first; the answer is that of the whole."""
    x = ordinary.sample(80_000, seed=12)
    fit = lk.fit(x, family)
    if not family.non_smooth:
        score = fit.distribution.score(x)
        for name in fit.free:
            assert abs(score[name].sum() * fit.standard_errors[name]) < 1e-5
    assert fit.log_likelihood >= ordinary.log_likelihood(x)
    assert fit.log_likelihood == pytest.approx(fit.distribution.log_prob(x).sum(), rel=1e-12)


def test_a_member_recovers_itself(family, ordinary):
    x = ordinary.sample(20_000, seed=13)
    fit = lk.fit(x, family)
    for name, error in fit.standard_errors.items():
        truth = getattr(ordinary, name)
        allowed = 5 * error if error is not None else 5e-3 * abs(truth)
        assert abs(fit.parameters[name] - truth) <= allowed


def test_something_is_left_to_fit(family, ordinary):
    x = ordinary.sample(200, seed=14)
    with pytest.raises(lk.errors.ParameterError, match="nothing is left"):
        lk.fit(x, family, fixed=ordinary.parameters)


@pytest.mark.families(where=lambda f: len(f.constraints) > 1)
def test_fixed_parameters_stay_and_the_others_are_likeliest(family, ordinary):
    x = ordinary.sample(200, seed=14)
    names = list(family.constraints)
    free = lk.fit(x, family)
    for name in names:
        value = free.parameters[name]
        refit = lk.fit(x, family, fixed={name: value})
        assert refit.parameters[name] == value
        assert refit.standard_errors[name] is None
        assert refit.estimated == len(names) - 1
        assert refit.log_likelihood == pytest.approx(free.log_likelihood, rel=1e-11)
        for other in set(names) - {name}:
            assert refit.parameters[other] == pytest.approx(free.parameters[other], rel=1e-5)
