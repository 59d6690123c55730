"""Criteria that weigh the likelihood reached against the parameters it took."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, Protocol, get_args

from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

Criterion = Literal["aicc", "aic", "bic", "nll"]

TIES: dict[Criterion, float] = {"aicc": 2.0, "aic": 2.0, "bic": 2.0, "nll": 1.0}
"""Differences that mean little: Burnham & Anderson (2002), section 2.6."""


def aic(log_likelihood: float, k: float) -> float:
    """Akaike's information criterion, 2k - 2 log L (Akaike 1974).

    Examples
    --------
    >>> aic(-10.0, 2)
    24.0
    """
    return 2.0 * k - 2.0 * log_likelihood


def aicc(log_likelihood: float, k: float, n: float) -> float:
    """AIC with Hurvich & Tsai's (1989) correction for small samples; infinite for n ≤ k + 1.

    Examples
    --------
    >>> aicc(-10.0, 2, 13.0)
    25.2
    """
    if n <= k + 1:
        return math.inf
    return aic(log_likelihood, k) + 2.0 * k * (k + 1) / (n - k - 1)


def bic(log_likelihood: float, k: float, n: float) -> float:
    """Schwarz's (1978) criterion, k log n - 2 log L.

    Examples
    --------
    >>> bic(-10.0, 2, 1.0)
    20.0
    """
    return k * math.log(n) - 2.0 * log_likelihood


def above_best(values: Sequence[float]) -> list[float]:
    """Return the distance of each criterion from the first, the best; 0 where both are infinite.

    Examples
    --------
    >>> above_best([3.0, 5.0, math.inf])
    [0.0, 2.0, inf]
    """
    return [value - values[0] if value > values[0] else 0.0 for value in values]


def akaike_weights(deltas: Sequence[float], criterion: Criterion) -> list[float]:
    """Return the share of exp(-Δ/2) that each of those compared has (of exp(-Δ) for nll).

    Source: Burnham & Anderson (2002), section 2.9.

    Examples
    --------
    >>> akaike_weights([0.0, 0.0], "aic")
    [0.5, 0.5]
    """
    half = 1.0 if criterion == "nll" else 0.5
    shares = [math.exp(-half * delta) for delta in deltas]
    return [share / sum(shares) for share in shares]


def evaluate(criterion: Criterion, log_likelihood: float, k: float, n: float) -> float:
    """Return the criterion by name; smaller is better."""
    if criterion not in get_args(Criterion):
        raise ParameterError(
            f"criterion must be one of {', '.join(get_args(Criterion))}; got {criterion!r}."
        )
    if criterion == "aicc":
        return aicc(log_likelihood, k, n)
    if criterion == "aic":
        return aic(log_likelihood, k)
    return bic(log_likelihood, k, n) if criterion == "bic" else -log_likelihood


class Likelihood(Protocol):
    """The numbers of a fit that criteria are made of."""

    @property
    def log_likelihood(self) -> float:
        """The log likelihood at the maximum, in nats."""

    @property
    def estimated(self) -> float:
        """The number of estimated parameters, or effective degrees of freedom under a penalty."""

    @property
    def n(self) -> float:
        """The number of observations."""


class Criteria:
    """The criteria of a fit, from its log likelihood, estimates and observations."""

    @property
    def nll(self: Likelihood) -> float:
        """Negative log likelihood, nats."""
        return -self.log_likelihood

    @property
    def aic(self: Likelihood) -> float:
        """Akaike's information criterion."""
        return aic(self.log_likelihood, self.estimated)

    @property
    def aicc(self: Likelihood) -> float:
        """Akaike's criterion corrected for small samples; infinite where n ≤ parameters + 1."""
        return aicc(self.log_likelihood, self.estimated, self.n)

    @property
    def bic(self: Likelihood) -> float:
        """Schwarz's (Bayesian) information criterion."""
        return bic(self.log_likelihood, self.estimated, self.n)
