"""What a distribution shows to a user, and what it keeps for those who write families."""

import pytest

HOOKS = {
    "derivatives",
    "tail_derivatives",
    "statistics",
    "maximize",
    "start",
    "bounds",
    "information",
}
VERBS = {
    "log_prob",
    "cdf",
    "sf",
    "quantile",
    "median",
    "interval",
    "sample",
    "fit",
    "nll",
    "mean",
    "std",
}


def test_completion_shows_what_a_user_calls(family, ordinary):
    shown = set(dir(ordinary))
    assert shown >= VERBS | set(family.constraints)
    assert not shown & HOOKS
    assert not any(name.startswith("_") for name in shown)


def test_a_central_interval_leaves_as_much_below_as_above(ordinary):
    if ordinary.discrete:
        low, high = ordinary.interval(0.9)
        assert ordinary.probability(low, high) >= 0.9
        assert ordinary.cdf(low - 1.0) < 0.05
        assert ordinary.sf(high) <= 0.05
    else:
        low, high = ordinary.interval(0.9)
        at_low = max(0.05, *(ordinary.cdf(atom) for atom in ordinary.atoms), 0.0)
        assert ordinary.cdf(low) == pytest.approx(at_low, rel=1e-9)
        assert ordinary.sf(high) == pytest.approx(0.05, rel=1e-9)
        assert ordinary.cdf(ordinary.median) == pytest.approx(0.5, rel=1e-12)
