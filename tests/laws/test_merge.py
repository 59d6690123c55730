"""Statistics of parts, merged, are the statistics of the whole."""

import numpy as np
import pytest

from likeliest.data.observations import Observations
from likeliest.distributions.bases import WithStatistics
from likeliest.likelihood.objective import Objective
from likeliest.likelihood.statistics import statistics_of, summed


def parts_of(x, w, seed):
    """Cut values and weights at random places."""
    cuts = np.sort(np.random.default_rng(seed).choice(np.arange(1, x.size), 4, replace=False))
    pairs = zip(np.split(x, cuts), np.split(w, cuts), strict=True)
    return [Observations.of(values, weights) for values, weights in pairs]


def whole_and_parts(member, seed):
    """Return a weighted sample, and the same cut into parts."""
    x = member.sample(400, seed=seed)
    w = np.random.default_rng(seed).uniform(0.5, 2.0, x.size)
    return Observations.of(x, w), parts_of(x, w, seed)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.families(where=lambda f: not f.non_smooth)
def test_derivatives_of_parts_add_up_to_those_of_the_whole(family, ordinary, seed):
    whole, parts = whole_and_parts(ordinary, seed)
    start = dict(ordinary.parameters)
    points = []
    for sample in (whole, *parts):
        objective = Objective.of(family, sample, {})
        points.append(objective(objective.coordinates.of(family(**start))[None, :]))
    total, *some = points
    for name in ("value", "gradient", "hessian"):
        added = sum(getattr(point, name) for point in some)
        size = sum(np.abs(getattr(point, name)) for point in some)
        if name == "hessian":  # one that is 0 has what is left of terms as large as these
            sides = np.sqrt(np.abs(np.diagonal(added, axis1=-2, axis2=-1)))
            size = np.maximum(size, sides[..., :, None] * sides[..., None, :])
        assert np.all(np.abs(added - getattr(total, name)) <= 1e-12 * size + 1e-300)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.families(where=lambda f: issubclass(f, WithStatistics))
def test_statistics_of_parts_merge_to_those_of_the_whole(family, ordinary, seed):
    whole, parts = whole_and_parts(ordinary, seed)
    direct = statistics_of(family, whole, {})
    merged = [summed(family.statistics, part, direct.pivot) for part in parts]
    total = merged[0]
    for part in merged[1:]:
        total = total.merge(part)
    assert (total.low, total.high) == (direct.low, direct.high)
    assert total.weight == pytest.approx(direct.weight, rel=1e-14)
    assert total.average == pytest.approx(direct.average, rel=1e-13)
    spread = float(np.std(whole.values))
    for ours, theirs in zip(total.mean, direct.mean, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-14 * max(1.0, spread))
    one, other = family.maximize(direct), family.maximize(total)
    for name, value in one.parameters.items():
        assert other.parameters[name] == pytest.approx(value, rel=1e-11)


@pytest.mark.families(where=lambda f: issubclass(f, WithStatistics))
def test_other_pivots_do_not_merge(family, ordinary):
    x = Observations.of(ordinary.sample(50, seed=1))
    one = statistics_of(family, x, {})
    other = summed(family.statistics, x, 0.5 * one.pivot + 0.25)
    with pytest.raises(ValueError, match="same pivot"):
        one.merge(other)
