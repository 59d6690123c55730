"""The generalized Poisson distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.derivatives import Derivatives
from likeliest.distributions.families.poisson import Poisson
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, unit_interval
from likeliest.distributions.summed import Summed
from likeliest.distributions.support import COUNTS
from likeliest.numerics import counts
from likeliest.numerics.special import log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array


@family
class GeneralizedPoisson(Summed):
    """Generalized Poisson distribution: cases of which each brings further ones.

    p(x) = c mean w^(x-1) exp(-w)/x! for x = 0, 1, 2, …, w = c mean + offspring x,
    c = 1 - offspring. The first cases are Poisson with the rate c mean, and each case brings a
    Poisson number of others, `offspring` on average. Also Consul's, or Lagrangian, Poisson.

    Parameters
    ----------
    mean : array of any shape, > 0.
    offspring : array that broadcasts with `mean`, in [0, 1). No unit; 0 is the Poisson.

    Notes
    -----
    The variance is mean/(1 - offspring)². A negative `offspring`, which some allow, is no
    distribution without a cut that depends on it: here counts that vary less than a Poisson's are
    fitted by that.

    Source: Consul & Jain (1973); Johnson, Kemp & Kotz (2005), section 7.2.6.

    Examples
    --------
    >>> round(float(GeneralizedPoisson(mean=4.0, offspring=0.5).var), 12)
    16.0
    """

    name = "generalized poisson"
    aliases = ("consul", "lagrangian poisson")
    support = COUNTS
    special_cases = {"poisson": {"offspring": 0.0}}

    mean: Parameter = positive()
    offspring: Parameter = unit_interval(zero=True)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        first = self.mean * (1.0 - self.offspring)
        w = first + self.offspring * x
        return counts.poisson(x, w) + log(first / w)

    def density_terms(self, x: Array) -> Derivatives:
        kept, gap = 1.0 - self.offspring, x - self.mean
        per_w = 1.0 / (self.mean * kept + self.offspring * x)
        of_rest = self.offspring * x / self.mean
        by_mean = (of_rest + kept * kept * gap) * per_w
        by_offspring = (kept * gap * gap - x / kept) * per_w
        return Derivatives(
            self._log_prob(x),
            (by_mean, by_offspring),
            (
                -(of_rest / self.mean + kept * (kept + by_mean)) * per_w,
                (x / self.mean - gap * (2.0 * kept + by_mean)) * per_w,
                -(gap * (gap + by_offspring) + x / (kept * kept)) * per_w,
            ),
        )

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw the cases, generation after generation."""
        latest = np.ravel(rng.poisson(self.mean * (1.0 - self.offspring), shape))
        total = np.array(latest, dtype=np.float64)
        bring = np.broadcast_to(self.offspring, shape).ravel()
        alive = np.flatnonzero(latest)
        latest = latest[alive]
        while latest.size:
            latest = rng.poisson(bring[alive] * latest)
            total[alive] += latest
            alive, latest = alive[latest > 0], latest[latest > 0]
        return total.reshape(shape)

    # moments

    @cached_property
    def var(self) -> Parameter:
        """Variance."""
        return self.mean / (1.0 - self.offspring) ** 2

    # likelihood

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if sample.high > 0 or not sample.exact:  # that X > 0 stands in the data as 0
            return None
        if "mean" in fixed:
            held = "offspring" in fixed
            return None if held else "rises towards 1 as offspring → 1: all values are 0"
        return "rises towards 1 as mean → 0, whatever the rest: all values are 0 (fit poisson)"

    def at_end(self, name: str) -> str:
        return f"{name} is 0: the values vary no more than a Poisson's; poisson needs one less."

    def simpler(self) -> Poisson | None:
        return Poisson(self.mean) if np.all(np.equal(self.offspring, 0.0)) else None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """From the mean, which is the likeliest of exact counts, and what the variance asks for."""
        mean = sample.mean
        kept = np.sqrt(mean) / max(sample.spread(), 1e-300)
        return [cls(mean, float(np.clip(1.0 - kept, 0.05, 0.95))), cls(mean, 0.5)]
