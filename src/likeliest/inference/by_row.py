"""Residuals of rows, their influence on the estimates, and a criterion from their scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.arguments import generator_of
from likeliest.errors import FamilyError
from likeliest.inference.summit import Summit, observations_of
from likeliest.likelihood.residuals import quantile_residuals

if TYPE_CHECKING:
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array


def residuals(fit: Fit, seed: int) -> Array:
    """Return a quantile residual for each row; see `Fit.residuals`."""
    observations = observations_of(fit, "A residual", by_any=True)
    # By row, so that a residual does not depend on how many rows are of which kind.
    share = generator_of(seed).random(len(observations))
    out = np.full(len(observations), np.nan)
    with np.errstate(all="ignore"):
        for block in observations.blocks:
            at = np.arange(len(observations)) if block.row is None else block.row
            out[at] = quantile_residuals(fit.distribution, block, share[at])
    return out


def pit(fit: Fit, seed: int) -> Array:
    """Return P(X ≤ x) of each row by the fit; see `Fit.pit`."""
    from scipy.special import ndtr

    return np.asarray(ndtr(residuals(fit, seed)))


def influence(fit: Fit) -> dict[str, Array]:
    """Return how far each row moves each estimate; see `Fit.influence`."""
    if fit.distribution.non_smooth:
        raise FamilyError(
            f"The likelihood of {fit.family} has corners, where one step says nothing of a row's "
            "influence: leave the row out and fit anew."
        )
    summit = Summit.of(fit, "Influence")
    observations = observations_of(fit, "Influence")
    scores = summit.objective.scores(summit.u)
    if observations.weights is not None:
        scores = scores * observations.weights[:, None]
    slopes = summit.objective.coordinates.outer_slopes(summit.u)
    moved = scores @ summit.covariance * slopes
    return dict(zip(fit.free, moved.T, strict=True))


def takeuchi(fit: Fit) -> float:
    """Return Takeuchi's criterion, 2 tr(J I⁻¹) − 2 log L; see `Fit.tic`."""
    if fit.distribution.non_smooth:
        raise FamilyError(f"The likelihood of {fit.family} has corners: it has no such criterion.")
    summit = Summit.of(fit, "Takeuchi's criterion")
    weights = observations_of(fit, "Takeuchi's criterion").weights
    scores = summit.objective.scores(summit.u)
    meat = scores.T @ (scores if weights is None else scores * weights[:, None])
    return 2.0 * float(np.trace(meat @ summit.covariance)) - 2.0 * fit.log_likelihood
