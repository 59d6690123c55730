"""How far points may lie from a fitted distribution by chance alone, as a band about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.errors import ConvergenceError, LikeliestError
from likeliest.fitting.many import found_of
from likeliest.inference.levels import checked_level
from likeliest.inference.redraw import Redraw
from likeliest.plots.positions import Seen, positions_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from likeliest.data.groups import Grouped
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array
    from likeliest.plots.positions import Positions

_DRAWS, _DRAWS_ONE_BY_ONE = 200, 60  # the fewer where fits cannot be made together
_SEED = 0
_MOST = 2_000  # values of a sample: of larger data the band is drawn together
_FEWEST = 0.5  # of the samples: a point that fewer reach has no band
_FAR = 38.0  # a normal score of a probability that float64 still holds


class Envelope(NamedTuple):
    """The band within which a whole sample from the fit would lie.

    Parameters
    ----------
    low, high : arrays of shape (k,)
        Shares by the fitted distribution at the point of each position; NaN where there is none.
    level : float
        The probability that all points of a sample lie within.
    reason : str
        Why there is no band; empty where there is one.
    """

    low: Array
    high: Array
    level: float
    reason: str = ""

    @property
    def label(self) -> str:
        """What a legend says of it."""
        return f"{100 * self.level:.12g} % of samples lie within"


def envelope(
    fitted: Fit, observations: Observations, positions: Positions, level: float
) -> Envelope:
    """Return the band about the fit, for samples drawn and fitted as the data were.

    At each position the shares that the fits give to the points of their own samples have the law
    of an order statistic, narrowed by the estimation. Their scores are brought to a common spread,
    and the band is as wide as the greatest of a sample's scores is at the level. For more than
    2,000 values the scores are those of samples of 2,000.

    Parameters
    ----------
    fitted : Fit
    observations : Observations
        Its data, in its unit.
    positions : Positions
        Where the band is wanted.
    level : float

    Source: Aldor-Noiman et al. (2013), The American Statistician 67, 249-260, for the band; Stute,
    González Manteiga & Presedo Quindimil (1993) for samples that are fitted anew.
    """
    checked_level(level)
    try:
        fewer = _fewer(observations)
        redraw = Redraw.of(fewer, "An envelope")
        share = np.clip(positions.share, 0.5 / fewer.n, 1.0 - 0.5 / fewer.n)
        law = _OrderStatistics.of(share, fewer.n)
        mean, spread, widest = _of_samples(fitted, redraw, share, law)
    except LikeliestError as error:
        nothing = np.full(positions.share.size, np.nan)
        return Envelope(nothing, nothing, level, str(error))
    mean, half = mean * np.sqrt(fewer.n / observations.n), np.quantile(widest, level) * spread
    law = _OrderStatistics.of(positions.share, observations.n)
    return Envelope(law.share(mean - half), law.share(mean + half), level)


def _fewer(observations: Observations) -> Observations:
    """Return the data, or as many of them as tell how the estimation narrows the band."""
    if observations.n <= _MOST:
        return observations
    weights = observations.weights
    p = None if weights is None else weights / weights.sum()
    at = np.random.default_rng(_SEED).choice(len(observations), _MOST, p=p)
    return replace(observations, weights=None).take(np.sort(at))


class _OrderStatistics(NamedTuple):
    """The Beta laws of the shares at positions, if the parameters were known."""

    a: Array
    b: Array

    @classmethod
    def of(cls, share: Array, n: float) -> _OrderStatistics:
        return cls(n * share + 0.5, n * (1.0 - share) + 0.5)

    def score(self, share: Array) -> Array:
        """Return the normal quantile of where shares lie in their law."""
        from scipy.special import betainc, betaincc, ndtri

        with np.errstate(invalid="ignore"):
            below, above = betainc(self.a, self.b, share), betaincc(self.a, self.b, share)
            z = np.where(below < 0.5, ndtri(below), -ndtri(above))
        return np.clip(z, -_FAR, _FAR)

    def share(self, score: Array) -> Array:
        """Return the shares that have these scores."""
        from scipy.special import betaincinv, ndtr

        return np.asarray(betaincinv(self.a, self.b, ndtr(score)))


def _of_samples(
    fitted: Fit, redraw: Redraw, share: Array, law: _OrderStatistics
) -> tuple[Array, Array, Array]:
    """Return mean and spread of the scores at each position, and the greatest of each sample."""
    draws = _DRAWS_ONE_BY_ONE if fitted.distribution.non_smooth else _DRAWS
    rows = []
    with np.errstate(all="ignore"):
        for samples in redraw.samples(fitted.distribution, draws, np.random.default_rng(_SEED)):
            rows += [_at_shares(*one, share) for one in _refitted(fitted, samples)]
    if len(rows) < _FEWEST * draws:
        raise ConvergenceError("Too few of the samples drawn from the fit have an estimate.")
    scores = law.score(np.array(rows))
    reached = np.isfinite(scores).sum(axis=0) >= _FEWEST * len(rows)
    scores = np.where(reached, scores, np.nan)
    mean, spread = np.full(reached.size, np.nan), np.full(reached.size, np.nan)
    mean[reached] = np.nanmean(scores[:, reached], axis=0)
    spread[reached] = np.nanstd(scores[:, reached], axis=0, ddof=1)
    off = np.abs(scores[:, reached] - mean[reached]) / np.maximum(spread[reached], 1e-12)
    return mean, spread, np.nanmax(off, axis=1, initial=0.0)


def _refitted(fitted: Fit, samples: Grouped) -> Iterator[tuple[Distribution, Observations]]:
    """Yield each sample with the distribution that is fitted to it."""
    family = type(fitted.distribution)
    found = found_of(family, samples, fitted.fixed, {}).parameters
    for group in range(len(samples)):
        if np.isfinite(found[group]).all():
            member = family.unchecked(**dict(zip(family.constraints, found[group], strict=True)))
            yield member, samples.part(group)


def _at_shares(member: Distribution, sample: Observations, wanted: Array) -> Array:
    """Return the shares by a sample's own fit where those of the sample are as wanted."""
    points = positions_of(sample, member)
    known = [[end] if there else [] for end, there in zip((0.0, 1.0), points.ends, strict=True)]
    own = np.concatenate([known[0], points.share, known[1]])
    fitted = np.concatenate([known[0], Seen.of(member, points).share(points.at), known[1]])
    return np.interp(wanted, own, fitted, left=np.nan, right=np.nan)
