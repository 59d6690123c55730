"""The Conway-Maxwell-Poisson distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from likeliest.distributions.derivatives import Derivatives
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive
from likeliest.distributions.summed import Summed, nodes_above, nodes_below
from likeliest.distributions.support import COUNTS
from likeliest.numerics import counts
from likeliest.numerics.arrays import is_tensor
from likeliest.numerics.special import exp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array, Number

_STEPS = 200  # of Newton's method between bounds; some ten suffice
_NEGLIGIBLE = 1e-18  # a tail beyond which nothing is drawn


class _Tilt(NamedTuple):
    """The member as a power of a Poisson, with the cumulants that its derivatives need.

    `log_rate` is that of the Poisson, `log_norm` the log of the sum of its masses to the power
    `concentration`, and `slope` that of a line by which surprisals under the Poisson, D, go with x.
    Cumulants are of x, and of R = D - slope x, which is uncorrelated with x.
    """

    log_rate: Number
    log_norm: Number
    slope: Number
    var: Number
    third: Number
    mean_surprisal: Number
    var_rest: Number
    square_and_rest: Number
    rest_squared: Number


@family
class ConwayMaxwellPoisson(Summed):
    """Conway-Maxwell-Poisson distribution: counts that vary less, or more, than a Poisson's.

    p(x) = λ^x/(x!)^concentration/Z for x = 0, 1, 2, …, λ being such that the mean is `mean`.

    Parameters
    ----------
    mean : array of any shape, > 0.
    concentration : array that broadcasts with `mean`, > 0: ν. No unit; 1 is the Poisson, above it
        counts vary less, and towards 0 they become geometric.

    Notes
    -----
    The mean is the parameter in place of λ, with which ν goes hand in hand; of exact counts its
    estimate is their mean. As ν → ∞ all counts are the two whole numbers beside the mean; where
    that is likelier than all members, a fit says so.

    Source: Conway & Maxwell (1962); Huang (2017).

    Examples
    --------
    >>> round(float(ConwayMaxwellPoisson(mean=4.0, concentration=2.0).var), 4)
    2.1341
    """

    name = "conway-maxwell-poisson"
    aliases = ("com-poisson", "cmp")
    support = COUNTS
    special_cases = {"poisson": {"concentration": 1.0}}

    mean: Parameter = positive()
    concentration: Parameter = positive()

    # evaluation

    @cached_property
    def _tilt(self) -> _Tilt:
        held = [_held(v) for v in self.parameters.values()]
        tilt = _solved(*map(np.asarray, held))
        tensor: Any = next((v for v in self.parameters.values() if is_tensor(v)), None)
        return tilt if tensor is None else _Tilt(*map(tensor.new_tensor, tilt))

    def _log_prob(self, x: Array) -> Array:
        tilt = self._tilt
        log_rate, log_norm = tilt.log_rate, tilt.log_norm
        if any(map(is_tensor, self.parameters.values())):
            # The root of an equation: autograd is told its derivatives.
            mean, power = _held(self.mean), _held(self.concentration)
            by_mean, by_power = self.mean - mean, self.concentration - power
            step = by_mean / (power * tilt.var) + by_power * tilt.slope / power
            log_norm = log_norm + power * (mean - exp(log_rate)) * step
            log_norm = log_norm - tilt.mean_surprisal * by_power
            log_rate = log_rate + step
        of_poisson = counts.poisson_of_log(x, log_rate, exp(log_rate))
        return self.concentration * of_poisson - log_norm

    def density_terms(self, x: Array) -> Derivatives:
        tilt, gap = self._tilt, x - self.mean
        surprisal = -counts.poisson_of_log(x, tilt.log_rate, exp(tilt.log_rate))
        rest = surprisal - tilt.mean_surprisal - tilt.slope * gap
        unit = 1.0 / tilt.var
        return Derivatives(
            -self.concentration * surprisal - tilt.log_norm,
            (gap * unit, -rest),
            (
                -unit - gap * tilt.third * unit**3,
                gap * tilt.square_and_rest * unit**2,
                -gap * tilt.rest_squared * unit - tilt.var_rest,
            ),
        )

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        if self.is_batch:
            return super()._sample(shape, rng)
        first, last = float(self.quantile(_NEGLIGIBLE)), float(self.upper_quantile(_NEGLIGIBLE))
        x = np.arange(first, last + 1.0)
        up_to = np.cumsum(np.exp(self._log_prob(x)))
        return x[np.searchsorted(up_to[:-1], up_to[-1] * rng.random(shape), side="right")]

    # moments

    @cached_property
    def var(self) -> Parameter:
        """Variance."""
        return self._tilt.var

    # likelihood

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if sample.high > 0 or not sample.exact:  # that X > 0 stands in the data as 0
            return None
        if "mean" not in fixed:
            return "rises towards 1 as mean → 0, whatever the rest: all values are 0 (fit poisson)"
        held = "concentration" in fixed
        return None if held else "rises towards its limit as concentration → 0: all values are 0"

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """From the mean, which is the likeliest of exact counts, and what the variance asks for."""
        mean = sample.mean
        asked = mean / max(sample.spread() ** 2, 1e-300)
        return [cls(mean, float(np.clip(asked, 0.05, 50.0))), cls(mean, 1.0)]


def _held(value: Any) -> Any:
    """Return a number, or a tensor's without its gradient."""
    return value.detach().cpu() if is_tensor(value) else value


def _solved(mean: Parameter, power: Parameter) -> _Tilt:
    """Return the member of a mean: Newton's method on log λ, between bounds.

    As λ = E X^ν, it is at most mean^ν for ν < 1, and at least that for ν > 1; nor is it below the
    geometric's, or above (mean + 1)^ν. Where the distribution is two whole numbers, the mean goes
    up in stairs.
    """
    shape = np.broadcast_shapes(np.shape(mean), np.shape(power))
    m, v = (np.broadcast_to(value, shape).reshape(-1, 1) for value in (mean, power))
    below = nodes_below(np.floor(m))
    wide, of_mean = v < 1.0, v * np.log(m)
    low = np.where(wide, -np.log1p(1.0 / m), of_mean)
    high = np.where(wide, of_mean, v * np.log1p(m))
    about = m + (v - 1.0) / (2.0 * v)
    guess = np.where(about > 0.0, v * np.log(np.where(about > 0.0, about, 1.0)), low)
    tilt = np.where((guess > low) & (guess < high), guess, 0.5 * (low + high))
    with np.errstate(all="ignore"):
        for _ in range(_STEPS):
            x, share, log_norm, surprisal = _masses(below, m, tilt / v, v)
            gap = np.sum(share * (x - m), axis=1, keepdims=True)
            var = np.sum(share * (x - m - gap) ** 2, axis=1, keepdims=True)
            low, high = np.where(gap < 0.0, tilt, low), np.where(gap > 0.0, tilt, high)
            moved = tilt - gap / var
            inside = (moved >= low) & (moved <= high)
            moved = np.where(inside, moved, 0.5 * (low + high))
            # So near, a step doubles the digits: the next one would be lost in rounding.
            near = np.where(inside, 1e-9 / np.sqrt(var), 0.0)
            done = np.abs(moved - tilt) <= np.maximum(near, 4e-16 * np.maximum(1.0, np.abs(tilt)))
            tilt = moved
            if done.all():
                break
        x, share, log_norm, surprisal = _masses(below, m, tilt / v, v)
        found = (tilt / v, log_norm, *_cumulants(x - m, share, surprisal))
    return _Tilt(*(np.reshape(term, shape) if shape else float(term[0, 0]) for term in found))


def _masses(
    below: tuple[Array, Array], mean: Array, log_rate: Array, power: Array
) -> tuple[Array, Array, Array, Array]:
    """Return nodes, shares of the mass at them, the log of the sum, and surprisals under a Poisson.

    Of Poisson masses to a power, with the nodes below the mean given.
    """
    rate = np.exp(log_rate)

    def log_mass(x: Array) -> Array:
        return power * counts.poisson_of_log(x, log_rate, rate)

    pairs = below, nodes_above(np.floor(mean), log_mass)
    x, weights = (
        np.concatenate([part * np.ones_like(mean) for part in parts], axis=1)
        for parts in zip(*pairs, strict=True)
    )
    surprisal = -counts.poisson_of_log(x, log_rate, rate)
    logs = -power * surprisal
    top = np.max(np.where(weights > 0.0, logs, -np.inf), axis=1, keepdims=True)
    mass = np.where(weights > 0.0, np.exp(logs - top), 0.0) * weights
    total = np.sum(mass, axis=1, keepdims=True)
    return x, mass / total, top + np.log(total), surprisal


def _cumulants(gap: Array, share: Array, surprisal: Array) -> tuple[Array, ...]:
    """Return the rest of a `_Tilt`, from x less the mean."""

    def mean_of(term: Array) -> Array:
        return np.sum(np.where(share > 0.0, share * term, 0.0), axis=1, keepdims=True)

    gap = gap - mean_of(gap)
    about = mean_of(surprisal)
    var = mean_of(gap * gap)
    slope = mean_of(gap * (surprisal - about)) / var
    rest = surprisal - about - slope * gap
    joint = mean_of(gap * gap * rest), mean_of(gap * rest * rest)
    return slope, var, mean_of(gap**3), about, mean_of(rest * rest), *joint
