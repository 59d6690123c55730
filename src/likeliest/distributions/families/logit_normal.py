"""The logit-normal distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import standardised
from likeliest.distributions.derivatives import Derivatives, Standardisation
from likeliest.distributions.families.normal import Normal
from likeliest.distributions.families.of_normal import OfNormal
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.quadrature import expectation
from likeliest.distributions.sample import average
from likeliest.distributions.support import OPEN_UNIT_INTERVAL
from likeliest.numerics.special import log, log1p, sigmoid, softplus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array


@family
class LogitNormal(OfNormal):
    """Logit-normal distribution: a share whose log odds are normal.

    f(x) = exp(-(logit x - logit_mean)² / (2 logit_std²)) / (x (1 - x) logit_std √(2π)) for
    0 < x < 1, logit x being log(x/(1 - x)).

    Parameters
    ----------
    logit_mean : array of any shape: the mean of logit x, whose sigmoid is the median. No unit.
    logit_std : array that broadcasts with `logit_mean`, > 0: the std of logit x. No unit.

    Source: Johnson (1949), system SB; Aitchison & Shen (1980).

    Examples
    --------
    >>> float(LogitNormal(logit_mean=0.0, logit_std=1.0).cdf(0.5))
    0.5
    """

    name = "logit-normal"
    support = OPEN_UNIT_INTERVAL
    concentrates = {"logit_std": "0"}

    logit_mean: Parameter = real(power=0)
    logit_std: Parameter = positive()

    # evaluation

    def _z(self, x: Array) -> Array:
        return (log(x) - log1p(-x) - self.logit_mean) / self.logit_std

    def _log_slope(self, x: Array) -> Array:
        return -log(self.logit_std) - log(x) - log1p(-x)

    def standardise(self, x: Array) -> Standardisation:
        return standardised(self._z(x), self.logit_std)

    def slope_terms(self, x: Array) -> Derivatives:
        unit = 1.0 / self.logit_std
        return Derivatives(self._log_slope(x), (0.0, -unit), (0.0, 0.0, unit * unit))

    def _at(self, z: Array) -> Array:
        return sigmoid(self.logit_mean + self.logit_std * z)

    # moments: over logit x, whose quantiles keep their digits where x rounds to 1

    @cached_property
    def _logit(self) -> Normal:
        return Normal(self.logit_mean, self.logit_std)

    @cached_property
    def mean(self) -> Parameter:
        """Expected value: by quadrature."""
        return expectation(self._logit, lambda _, logit: sigmoid(logit))

    @cached_property
    def var(self) -> Parameter:
        """Variance: by quadrature."""
        # Spread about the centre, of which each member of a batch has its own.
        centre = sigmoid(np.asarray(self.logit_mean))
        square = expectation(
            self._logit, lambda of, logit: (sigmoid(logit) - sigmoid(of.mean)) ** 2
        )
        return square - (self.mean - centre) ** 2

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats: by quadrature."""
        return self._logit.entropy - expectation(
            self._logit, lambda _, logit: softplus(logit) + softplus(-logit)
        )

    # likelihood

    @classmethod
    def centre_of(cls, fixed: Mapping[str, float]) -> float | None:
        return float(sigmoid(fixed["logit_mean"])) if "logit_mean" in fixed else None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the likeliest member: the mean and the standard deviation of logit x."""
        x = np.asarray(sample.values, dtype=np.float64)
        logits = np.log(x) - np.log1p(-x)
        mean = fixed.get("logit_mean", average(logits, sample.weights))
        spread = np.sqrt(average((logits - mean) ** 2, sample.weights))
        return [cls(mean, np.maximum(spread, _LEAST_STD))]


_LEAST_STD = 1e-15  # of a start
