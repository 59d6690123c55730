"""The expected information of one observation: by formula, or as the mean square of its score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.fitting.curvature import symmetric
from likeliest.numerics.quadrature import double_exponential

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array

_CERTAIN = 1e-18  # probability beyond which whole numbers are left out


def expected_information(member: Distribution) -> Array:
    """Return the Fisher information of one value by all parameters, of shape (k, k)."""
    with np.errstate(all="ignore"):
        try:
            return symmetric(member.information())
        except NotImplementedError:
            return _of_scores(member)


def _of_scores(member: Distribution) -> Array:
    """Return E[s sᵀ], which is the information (the second Bartlett identity)."""
    if member.discrete:
        last = float(member.upper_quantile(_CERTAIN))
        x = np.arange(member.bounds().low, last + 1.0)
        weight = np.exp(member.log_prob(x))
    else:
        share, mass = double_exponential()
        halves = member.quantile(0.5 * share), member.upper_quantile(0.5 * share)
        x, weight = np.concatenate(halves), 0.5 * np.concatenate([mass, mass])
    score = np.stack(list(member.score(x).values()), axis=1)
    known = np.isfinite(score).all(axis=1)
    return np.asarray((score[known] * weight[known, None]).T @ score[known])
