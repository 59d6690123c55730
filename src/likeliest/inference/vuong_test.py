"""Vuong's test of two families of which neither holds the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.inference.hypothesis_test import HypothesisTest
from likeliest.inference.nesting import Nesting, require_fits, require_same_data
from likeliest.inference.summit import Summit, rows_of
from likeliest.inference.weighted_chi2 import tail_of_weighted_chi2
from likeliest.likelihood.objective import Objective
from likeliest.tables import number

if TYPE_CHECKING:
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

Correction = Literal["none", "aic", "bic"]

_LEVEL = 0.05  # of the test of the variance, which goes before
_ONE_LAW = 1e-6  # a sum of squared differences, nats², that stopping short of the tops makes


def vuong(first: Fit, second: Fit, *, correction: Correction = "none") -> HypothesisTest:
    """Test whether one of two families is closer to the data's own law than the other.

    Parameters
    ----------
    first, second : Fit
        Of the same data, by families of which neither holds the other.
    correction : {"none", "aic", "bic"}
        Takes from the difference of log likelihoods that of the criterion's penalties.

    Returns
    -------
    HypothesisTest
        The statistic is normal where both families are equally close; positive where the first is
        closer. The effect is the mean difference of log likelihoods, nats an observation. The
        notes give the test that goes before: whether the difference varies at all, for where it
        does not the two fits cannot be told apart.

    Raises
    ------
    ParameterError
        If one family holds the other, on its boundary perhaps: the likelihood ratio tests that.
    DataError
        If the fits are not of the same data.

    Source: Vuong (1989), Econometrica 57, 307-333, theorems 5.1 and 3.3 (iii).

    Examples
    --------
    >>> import likeliest as lk
    >>> x = lk.Gamma(2.0, 1.0).sample(500, seed=1)
    >>> test = lk.vuong(lk.fit(x, "gamma"), lk.fit(x, "lognormal"))
    >>> test.statistic > 1.96, test.p_value < 0.05
    (True, True)
    """
    from scipy.special import ndtr

    if correction not in get_args(Correction):
        raise ParameterError(f'correction must be "none", "aic" or "bic"; got {correction!r}.')
    _require_not_nested(first, second)
    require_same_data(first, second)
    observations = rows_of(first, "Vuong's test")
    terms = [
        Objective.of(type(fit.distribution), observations, {}).terms(fit.distribution)
        for fit in (first, second)
    ]
    weights = np.ones(len(observations)) if observations.weights is None else observations.weights
    n = float(np.sum(weights))
    difference = terms[0] - terms[1]
    mean = float(weights @ difference) / n
    variance = float(weights @ (difference - mean) ** 2) / n
    if n * variance <= _ONE_LAW * min(n, 1.0):
        raise DataError(
            f"{first.family} and {second.family} give every row the same likelihood: they cannot "
            "be told apart."
        )
    k = first.estimated - second.estimated
    penalty = {"none": 0.0, "aic": float(k), "bic": 0.5 * k * np.log(n)}[correction]
    statistic = (n * mean - penalty) / np.sqrt(n * variance)
    notes = [_of_variance(first, second, weights, n * variance)]
    if observations.provenance.by_sampling:
        notes.append("The weights are those of a sample: the p-value takes them for counts.")
    return HypothesisTest(
        "Vuong's test" + ("" if correction == "none" else f", {correction.upper()}-corrected"),
        f"{first.family} and {second.family} are equally close to the data's own law",
        float(statistic),
        float(2.0 * ndtr(-abs(statistic))),
        "standard normal",
        mean,
        tuple(notes),
    )


def _require_not_nested(first: Fit, second: Fit) -> None:
    require_fits(first, second)
    for small, big in ((first, second), (second, first)):
        try:
            nesting = Nesting.of(small, big)
        except ParameterError:
            continue
        where = " on its boundary" if nesting.on_boundary else ""
        raise ParameterError(
            f"{small.family} lies within {big.family}{where} ({nesting.null}), where Vuong's "
            "statistic is not normal. Use lk.likelihood_ratio(small, big)."
        )
    if first.family == second.family and first.fixed == second.fixed:
        raise ParameterError(f"Both fits are of {first.family}: there is nothing to tell apart.")


def _of_variance(first: Fit, second: Fit, weights: Array, statistic: float) -> str:
    """Say whether the difference varies at all, by n ω²."""
    corners = [fit.family for fit in (first, second) if fit.distribution.non_smooth]
    if corners:
        return (
            "Whether the difference varies at all was not tested: the likelihood of "
            f"{' and of '.join(corners)} has corners."
        )
    p = _p_of_variance(
        [Summit.of(fit, "Vuong's test") for fit in (first, second)], weights, statistic
    )
    if p <= _LEVEL:
        return f"That the difference varies at all has a p-value of {number(p, 3)}."
    return (
        "The two fits cannot be told apart: that the difference of their log likelihoods varies "
        f"at all has a p-value of {number(p, 3)}, so that this test has no ground."
    )


def _p_of_variance(summits: list[Summit], weights: Array, statistic: float) -> float:
    """Return the p-value of n ω², which is a sum of weighted χ² where both fits are one law."""
    one, other = (summit.covariance for summit in summits)
    of_one, of_other = (summit.objective.scores(summit.u) for summit in summits)
    scores = np.concatenate([of_one, -of_other], axis=1)
    meat = scores.T @ (scores * weights[:, None])
    bread = np.zeros_like(meat)
    k = len(one)
    bread[:k, :k], bread[k:, k:] = one, -other
    # Vuong's W, equation 3.6, has the eigenvalues of this product.
    eigenvalues = np.real(np.linalg.eigvals(bread @ meat))
    return tail_of_weighted_chi2(statistic, eigenvalues**2)
