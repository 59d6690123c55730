"""Standard errors by choice: observed or expected information, sandwich, clusters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from likeliest.data.keys import numbers_of
from likeliest.errors import DataError, FamilyError, ParameterError
from likeliest.fitting.curvature import Recorded
from likeliest.fitting.diagnostics import UNKNOWN_BY_SAMPLING
from likeliest.inference.expected import expected_information
from likeliest.inference.levels import require_choice
from likeliest.inference.summit import Summit, observations_of
from likeliest.tables import number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from likeliest.data.observations import Observations
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

Errors = Literal["observed", "expected", "sandwich", "cluster"]


def with_errors(fit: Fit, kind: Errors, clusters: ArrayLike | None = None) -> Fit:
    """Return the fit with standard errors of another kind; see `Fit.with_errors`."""
    require_choice("kind", kind, get_args(Errors))
    if (clusters is None) == (kind == "cluster"):
        raise ParameterError(
            'clusters=, one id for each row, goes with "cluster" and with no other errors.'
        )
    if fit.description.by_sampling and kind in {"observed", "expected"}:
        raise DataError(UNKNOWN_BY_SAMPLING + ' Use "sandwich" or "cluster".')
    observations = observations_of(fit, f"Standard errors of another kind ({kind})")
    _require_smooth(fit, kind)
    summit = Summit.of(fit, "Standard errors of another kind")
    slopes = summit.objective.coordinates.outer_slopes(summit.u)
    if kind == "observed":
        covariance = summit.covariance * np.outer(slopes, slopes)
    elif kind == "expected":
        covariance = _expected(fit, observations)
    else:
        scores = summit.objective.scores(summit.u)
        meat = covariance_of_scores(scores, observations, clusters)
        bread = summit.covariance * slopes[:, None]
        covariance = bread @ meat @ bread.T
    errors = np.sqrt(covariance.diagonal())
    known = Recorded(
        errors,
        covariance / np.outer(errors, errors),
        fit.found.curvature.condition,
        counts_rows=not fit.description.by_sampling,
    )
    made = replace(fit, found=replace(fit.found, curvature=known), errors_by=kind)
    # How the top was found is the same.
    notes = tuple(note for note in fit.diagnostics.notes if note != UNKNOWN_BY_SAMPLING)
    made.__dict__["diagnostics"] = replace(fit.diagnostics, notes=notes)
    return made


def of_sample(fit: Fit) -> Fit:
    """Return a fit to sampling weights with the sandwich; as it is where that has no ground."""
    try:
        return with_errors(fit, "sandwich")
    except (DataError, FamilyError):
        return fit


def _require_smooth(fit: Fit, kind: str) -> None:
    if fit.distribution.non_smooth:
        raise FamilyError(
            f"The likelihood of {fit.family} has corners, at which {kind} errors from its "
            "derivatives say nothing. Use the bootstrap."
        )
    if not fit.free:
        raise DataError("No parameter of this fit has a standard error.")
    if fit.found.bounds and kind in {"sandwich", "cluster"}:
        on = " and ".join(
            f"{n} = {number(v).replace('inf', '∞')}" for n, v in fit.found.bounds.items()
        )
        raise DataError(
            f"This fit lies on a boundary ({on}), where estimates follow no normal law and a "
            "sandwich has no ground: fix the parameter there, or fit a family without it."
        )


def _expected(fit: Fit, observations: Observations) -> Array:
    """Return the inverse expected information by the free parameters."""
    if not observations.exact or observations.truncated:
        raise DataError(
            "The expected information is known of exact values alone: under censoring, rounding "
            "or truncation it depends on what else could have been seen. Use "
            '"observed" or "sandwich".'
        )
    names = list(fit.distribution.constraints)
    at = [names.index(name) for name in fit.free]
    information = fit.n * expected_information(fit.distribution)[np.ix_(at, at)]
    return np.asarray(np.linalg.inv(information))


def covariance_of_scores(
    scores: Array, observations: Observations, clusters: ArrayLike | None
) -> Array:
    """Return the covariance of the total score, from the scores of rows or of clusters."""
    weights = observations.weights
    if clusters is None and not observations.provenance.by_sampling:
        return scores.T @ (scores if weights is None else scores * weights[:, None])
    weighed = scores if weights is None else scores * weights[:, None]
    if clusters is None:  # a row is one, whatever part of the population it stands for
        return np.asarray(weighed.T @ weighed)
    ids = np.asarray(clusters)
    if ids.shape != (len(scores),):
        raise DataError(
            f"clusters= needs one id for each of the {len(scores):,} rows that were fitted; got "
            f"an array of shape {ids.shape}. (Rows of weight 0 are left out; of rounded values a "
            "row is a distinct one, which has no cluster.)"
        )
    group = numbers_of(ids, "clusters")
    totals = np.stack([np.bincount(group, column) for column in weighed.T], axis=1)
    if len(totals) < 2:
        raise DataError("clusters= holds one cluster: its scores add up to 0 and tell nothing.")
    return np.asarray(totals.T @ totals)
