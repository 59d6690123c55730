"""Statistics of parts, merged, are the statistics of the whole."""

import numpy as np
import pytest

from likeliest.data.observations import Observations
from likeliest.fitting.closed_form import has_statistics, statistics_of
from likeliest.likelihood import kernels as likelihood
from likeliest.likelihood.statistics import summed


def parts_of(x, w, seed):
    """Cut values and weights at random places."""
    cuts = np.sort(np.random.default_rng(seed).choice(np.arange(1, x.size), 4, replace=False))
    pairs = zip(np.split(x, cuts), np.split(w, cuts), strict=True)
    return [Observations.of(values, weights) for values, weights in pairs]


@pytest.mark.parametrize("seed", range(5))
def test_parts_add_up_to_the_whole(family, ordinary, seed):
    x = ordinary.sample(400, rng=seed)
    w = np.random.default_rng(seed).uniform(0.5, 2.0, x.size)
    whole, parts = Observations.of(x, w), parts_of(x, w, seed)
    if not has_statistics(family):
        expansions = [likelihood.expansion(ordinary, part) for part in parts]
        total = likelihood.expansion(ordinary, whole)
        for take in (lambda e: e.value, lambda e: e.score, lambda e: e.hessian):
            added = sum(take(e) for e in expansions)
            size = sum(np.abs(take(e)) for e in expansions)
            assert np.all(np.abs(added - take(total)) <= 1e-13 * size + 1e-300)
        return
    direct = statistics_of(family, whole, {})
    merged = [summed(family.statistics, part, direct.pivot) for part in parts]
    total = merged[0]
    for part in merged[1:]:
        total = total.merge(part)
    assert (total.low, total.high) == (direct.low, direct.high)
    assert total.weight == pytest.approx(direct.weight, rel=1e-14)
    assert total.average == pytest.approx(direct.average, rel=1e-13)
    spread = float(np.std(x))
    for ours, theirs in zip(total.mean, direct.mean, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-14 * max(1.0, spread))
    one, other = family.maximize(direct), family.maximize(total)
    for name, value in one.parameters.items():
        assert other.parameters[name] == pytest.approx(value, rel=1e-11)


def test_other_pivots_do_not_merge(family, ordinary):
    if not has_statistics(family):
        assert family.maximize.__func__ is family.__mro__[2].maximize.__func__
        return
    x = Observations.of(ordinary.sample(50, rng=1))
    one = statistics_of(family, x, {})
    other = summed(family.statistics, x, 0.5 * one.pivot + 0.25)
    with pytest.raises(ValueError, match="same pivot"):
        one.merge(other)
