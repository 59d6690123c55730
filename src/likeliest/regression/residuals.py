"""Quantile residuals: values that are normal if the regression is right, whatever the family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.likelihood.residuals import quantile_residuals

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array
    from likeliest.regression.problem import Problem


def residuals_of(problem: Problem, u: Array, seed: int) -> Array:
    """Return a residual for each row, in the order of the observations.

    Of a count, or of what is known only between bounds, the probability is drawn uniformly from
    what it can be.

    Source: Dunn & Smyth (1996).
    """
    rng = np.random.default_rng(seed)
    n = len(problem.observations)
    out = np.full(n, np.nan)
    share = rng.random(n)  # by row, so that a residual does not depend on the blocks
    with np.errstate(all="ignore"):
        for block in problem.objective.blocks:
            at = np.arange(n) if block.rows.row is None else block.rows.row
            member = problem.objective.members(u, block)
            out[at] = quantile_residuals(member, block.rows, share[at])
    return out
