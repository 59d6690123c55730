"""Many groups are fitted at once by the formulas that fit one."""

import numpy as np
import pytest

from likeliest.data.observations import Observations
from likeliest.distributions.bases import WithStatistics
from likeliest.distributions.statistics import SufficientStatistics
from likeliest.likelihood.statistics import statistics_of
from reducers import in_groups, over

SIZES = (40, 55, 70, 85)


def stacked(statistics):
    """Return the statistics of all groups as one, with an entry for each."""
    names = ("weight", "low", "high", "average", "pivot")
    arrays = [np.array([getattr(s, name) for s in statistics]) for name in names]
    means = tuple(np.array(column) for column in zip(*(s.mean for s in statistics), strict=True))
    return SufficientStatistics(*arrays, means)


@pytest.mark.families(where=lambda f: issubclass(f, WithStatistics))
def test_statistics_of_groups_are_maximised_at_once(family, ordinary):
    one_by_one = [
        statistics_of(family, Observations.of(ordinary.sample(n, seed=n)), {}) for n in SIZES
    ]
    together = stacked(one_by_one)
    with np.errstate(all="ignore"):
        members = family.maximize(together)
        log_probs = members.mean_log_prob(together)
    for i, statistics in enumerate(one_by_one):
        member = family.maximize(statistics)
        for name, value in member.parameters.items():
            assert members.parameters[name][i] == pytest.approx(value, rel=1e-13)
        assert log_probs[i] == pytest.approx(member.mean_log_prob(statistics), rel=1e-12)


@pytest.mark.families(where=lambda f: not f.ends())  # ends of the support move along
def test_derivatives_of_groups_are_taken_at_once(family, ordinary):
    """A row of values for each group, and beside it its parameters, of shape (groups, 1)."""
    factors = np.array([[1.0], [1.01], [1.02]])
    rows = ordinary.sample((3, 40), seed=1)
    parameters = {name: value * factors for name, value in ordinary.parameters.items()}
    at_once = family(**parameters).derivatives(rows, in_groups(np.ones(rows.shape)))
    for i, factor in enumerate(factors.ravel()):
        member = family(**{name: value * factor for name, value in ordinary.parameters.items()})
        alone = member.derivatives(rows[i], over(rows[i]))
        pairs = zip(
            (at_once.log_prob, *at_once.score, *at_once.hessian),
            (alone.log_prob, *alone.score, *alone.hessian),
            strict=True,
        )
        for ours, theirs in pairs:
            assert float(ours[i, 0]) == pytest.approx(theirs, rel=1e-12, abs=1e-12)
