"""Covariances of coefficients by choice: observed or expected information, sandwich, clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np

from likeliest.errors import DataError, FamilyError, ParameterError
from likeliest.inference.sandwich import Errors, covariance_of_scores

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from likeliest.numerics.arrays import Array
    from likeliest.regression.problem import Problem


def covariance_by(
    problem: Problem, u: Array, kind: Errors, clusters: ArrayLike | None = None
) -> Array:
    """Return the covariance of the coefficients in which the objective is climbed.

    Raises
    ------
    ParameterError
        If there is no such kind.
    DataError
        If the expected information is asked for of censored or truncated rows.
    """
    if kind not in get_args(Errors):
        raise ParameterError(
            f"Standard errors are one of {', '.join(get_args(Errors))}; got {kind!r}."
        )
    if (clusters is None) == (kind == "cluster"):
        raise ParameterError(
            'clusters=, one id for each row, goes with "cluster" and with no other errors.'
        )
    seen, objective = problem.observations, problem.objective
    if seen.provenance.by_sampling and kind in {"observed", "expected"}:
        raise DataError(
            "The weights are those of a sample, which say nothing of how many rows were seen: "
            'errors are "sandwich" or "cluster".'
        )
    if kind == "expected":
        if not seen.exact or seen.truncated:
            raise DataError(
                "The expected information is known of exact values alone: under censoring or "
                'truncation it depends on what else could have been seen. Use "observed".'
            )
        try:
            return np.asarray(np.linalg.inv(objective.expected_information(u)))
        except NotImplementedError:
            raise FamilyError(
                f"{problem.form.family.name} has no formula for its expected information. Use "
                '"observed".'
            ) from None
    bread = np.asarray(np.linalg.inv(-objective.at(u).hessian[0]))
    if kind == "observed":
        return bread
    return np.asarray(bread @ covariance_of_scores(objective.scores(u), seen, clusters) @ bread)
