"""Student's t distribution."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from likeliest.distributions.bases import Shaped, by_location_and_scale
from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives, Jet, Side, Standardisation, Total
from likeliest.distributions.families.location_scale import (
    LARGEST_Z,
    Sums,
    dense_spots,
    score_and_hessian,
    within_squares,
)
from likeliest.distributions.families.normal import Normal
from likeliest.distributions.families.student_t_tops import tops
from likeliest.distributions.family import family
from likeliest.distributions.parameters import Parameter, positive, real
from likeliest.distributions.sample import first_positive, quantiles
from likeliest.distributions.standards import tail_jet
from likeliest.distributions.support import REALS
from likeliest.numerics import standard
from likeliest.numerics.gamma import digamma_difference
from likeliest.numerics.special import (
    log,
    log_one_plus_square,
    ndtri,
    scipy_special,
)
from likeliest.numerics.tails import log_t_tail, t_tail, t_tail_scale

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import numpy.typing as npt

    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_STEP = (
    3e-3  # of df: differences by it keep ten digits of the first derivative, seven of the second
)


@family
class StudentT(Shaped, ContinuousDistribution):
    """Student's t distribution: bell-shaped, with tails that `df` makes as heavy as need be.

    f(x) = Γ((df+1)/2) / (Γ(df/2) √(π df) scale) (1 + z²/df)^(-(df+1)/2), z = (x - loc)/scale.

    Parameters
    ----------
    df : array of any shape, > 0, ∞ included: degrees of freedom. 1 is the Cauchy, ∞ the normal.
    loc : array that broadcasts with `df`: the median. In the unit of x.
    scale : array that broadcasts with `df`, > 0. In the unit of x.

    Notes
    -----
    Where m of n values are the same, the likelihood grows without limit as the scale shrinks on
    them once df < m/(n - m) (Fernández & Steel 1999). What is fitted is the highest maximum with
    df above that floor.

    Source: Johnson, Kotz & Balakrishnan (1995), ch. 28.

    Examples
    --------
    >>> round(float(StudentT(df=5.0, loc=0.0, scale=1.0).upper_quantile(0.025)), 4)
    2.5706
    """

    name = "student t"
    aliases = ("t", "student")
    starts_many = True
    support = REALS
    special_cases = {"normal": {"df": np.inf}, "cauchy": {"df": 1.0}}
    concentrates = {"scale": "0"}
    centre = "loc"

    df: Parameter = positive(infinity=True)
    loc: Parameter = real(power=1)
    scale: Parameter = positive(power=1)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return standard.student_t(x - self.loc, self._finite_df(), self.scale) - log(self.scale)

    def _cdf(self, x: Array) -> Array:
        return t_tail(self._finite_df(), (self.loc - x) / self.scale)

    def _sf(self, x: Array) -> Array:
        return t_tail(self._finite_df(), (x - self.loc) / self.scale)

    def _log_cdf(self, x: Array) -> Array:
        return log_t_tail(self._finite_df(), (self.loc - x) / self.scale)

    def _log_sf(self, x: Array) -> Array:
        return log_t_tail(self._finite_df(), (x - self.loc) / self.scale)

    def _quantile(self, q: Array) -> Array:
        return self.loc + self.scale * self._standard_quantile(q)

    def _upper_quantile(self, q: Array) -> Array:
        return self.loc - self.scale * self._standard_quantile(q)

    def _standard_quantile(self, q: Array) -> Array:
        """Solve for the lower half by Newton's method on the log of the tail."""
        df, tail = self._finite_df(), np.minimum(q, 1.0 - q)
        z = np.where(np.less(df, 1e10), scipy_special().stdtrit(np.minimum(df, 1e10), tail), np.nan)
        # Far out the tail is a power of z, so that the step is taken in log z.
        power = -np.exp(t_tail_scale(df) - np.log(tail) / df)
        z = np.where(np.isfinite(z) & (z > -1e30), z, np.where(df < 1e10, power, ndtri(tail)))
        standard = StudentT(self.df, 0.0, 1.0)
        for _ in range(4):
            log_tail = standard.log_cdf(z)
            step = (log_tail - np.log(tail)) * np.exp(log_tail - standard.log_prob(z))
            near = np.where(z < -1.0, z * np.exp(-step / z), z - step)
            z = np.where(np.isfinite(z), near, z)  # some lie beyond float64
        return np.where(q < 0.5, z, -z)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        mixing = rng.chisquare(np.minimum(self._finite_df(), 1e12), shape)
        mixing = np.sqrt(np.minimum(self._finite_df(), 1e12) / mixing)
        return self.loc + self.scale * rng.standard_normal(shape) * mixing

    def _finite_df(self) -> Parameter:
        return standard.finite_df(self.df)

    # moments

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x; NaN for df ≤ 1, where there is none."""
        return np.where(np.greater(self.df, 1.0), self.loc, np.nan)[()]

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared; infinite for 1 < df ≤ 2, NaN for df ≤ 1."""
        df = np.maximum(self._finite_df(), 2.0 + 1e-12)
        finite = np.where(np.greater(self.df, 2.0), self.scale**2 * (df / (df - 2.0)), np.inf)
        return np.where(np.greater(self.df, 1.0), finite, np.nan)[()]

    @cached_property
    def entropy(self) -> Parameter:
        """Differential entropy, nats."""
        df = self._finite_df()
        tail = 0.5 * (df + 1.0) * digamma_difference(0.5 * df, 0.5)
        return tail - standard.t_log_peak(df) + np.log(self.scale)

    # likelihood

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        df, z = self._finite_df(), (x - self.loc) / self.scale
        slope, by_df = standard.student_t_slopes(z, df)
        return by_df, -slope / self.scale, -(1.0 + z * slope) / self.scale

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        df, scale = self._finite_df(), self.scale
        z = (x - self.loc) / scale
        q = z * z / df
        spread = np.log1p(q)
        far = ~(q < LARGEST_Z**2)
        if far.any():
            spread = np.where(far, log_one_plus_square(z / np.sqrt(df)), spread)
            z = np.clip(z, -LARGEST_Z * np.sqrt(df), LARGEST_Z * np.sqrt(df))
            q = z * z / df
        b, more = 1.0 / (1.0 + q), 1.0 + 1.0 / df
        share, bend = q * b, more * (q - 1.0) * b * b
        cross = (b / df) * (b / df) * z * (z * z - 1.0)
        n, spreads, shares = total(1.0), total(spread), total(share)
        sums = Sums(
            n=n,
            slope=-more * total(z * b),
            z_slope=-(df + 1.0) * shares,
            bend=total(bend),
            z_bend=total(z * bend),
            zz_bend=total(z * z * bend),
        )
        score, hessian = score_and_hessian(sums, scale)
        peak, tilt, curve = standard.t_peak(df)
        by_df = 0.5 * (n * tilt - spreads + more * shares)
        by_df_twice = 0.25 * n * curve + (0.5 / df) * (
            more * total(share * share) - 2.0 / df * shares
        )
        by_both = (total(cross) / scale, total(z * cross) / scale)
        value = n * (peak - np.log(scale)) - 0.5 * (df + 1.0) * spreads
        return Derivatives(value, (by_df, *score), (by_df_twice, *by_both, *hessian))

    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        near = within_squares(x, self.loc, self.scale)
        terms = super().tail_derivatives(near, side)
        if np.array_equal(near, np.broadcast_to(x, np.shape(near))):
            return terms
        # Beyond, the tail is a power of z: its log falls by df for each e-fold.
        with np.errstate(all="ignore"):
            folds = np.log((x - self.loc) / (near - self.loc))
        folds = np.where(side.value * (x - self.loc) > 0.0, folds, 0.0)
        by_df = terms.score[0] - folds
        log_tail = terms.log_prob - self._finite_df() * folds
        return Derivatives(log_tail, (by_df, *terms.score[1:]), terms.hessian)

    def standardise(self, x: Array) -> Standardisation:
        return by_location_and_scale(x, self.loc, self.scale)

    def tail_at(self, shape: Parameter, z: Array, side: Side) -> Jet:
        df = standard.finite_df(shape)
        log_prob, slope = standard.student_t(z, df), standard.student_t_slope(z, df)
        return tail_jet(log_t_tail(df, side.value * z), log_prob, slope, side)

    def log_tail_at(self, shape: Parameter, z: Array, side: Side) -> Array:
        return log_t_tail(standard.finite_df(shape), side.value * z)

    def density_by_shape(self, z: Array) -> Parameter:
        return standard.student_t_slopes(z, self._finite_df())[1]

    def shape_step(self) -> Parameter:
        return _STEP * self._finite_df()

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        reason = None if sample.exact else super().unbounded(sample, fixed)
        if reason or "scale" in fixed:
            return reason
        value, share = sample.commonest()
        if share < 1.0 and "df" not in fixed:
            return None
        df = fixed.get("df", np.inf)
        if share < 1.0 and df > share / (1.0 - share):
            return None
        return None if fixed.get("loc", value) != value else tie_message(sample, value, share)

    @classmethod
    def is_singular(
        cls, sample: Sample, fixed: Mapping[str, float]
    ) -> Callable[[Self], npt.NDArray[np.bool_]] | None:
        """Return whether df is so low that the likelihood is singular on the commonest value."""
        if "scale" in fixed:
            return None
        value, share = sample.commonest()
        if not np.any(share) or ("loc" in fixed and fixed["loc"] != value):
            return None
        with np.errstate(divide="ignore"):
            least = np.divide(share, np.subtract(1.0, share))

        def is_beyond(member: Self) -> npt.NDArray[np.bool_]:
            beyond: npt.NDArray[np.bool_] = np.less_equal(member.df, least)
            if beyond.size > 1:
                return beyond
            shape = np.broadcast_shapes(member.batch_shape, np.shape(least))
            return np.broadcast_to(beyond, shape)

        return is_beyond

    def notes(self, sample: Sample, estimated: Collection[str]) -> tuple[str, ...]:
        if not {"df", "scale"} <= set(estimated):
            return ()
        value, share = sample.commonest()
        floor = share / (1.0 - share) if share < 1.0 else 0.0
        if floor < _WORTH_SAYING:
            return ()
        return (
            f"This is the interior maximum: for df < {floor:.3g} the likelihood grows without "
            f"limit as scale → 0 on a value such as {value:g}.",
        )

    def at_end(self, name: str) -> str:
        return f"{name} is infinite: the best t is the normal, which needs one parameter less."

    def simpler(self) -> Normal | None:
        return Normal(self.loc, self.scale) if np.all(np.isinf(self.df)) else None

    @classmethod
    def near_tops(cls, sample: Sample) -> tuple[Self, npt.NDArray[np.bool_]]:
        """Return a member near the highest top of each of many samples, and where that is sure."""
        near = tops(sample)
        return cls(near.df, near.loc, near.scale), near.is_sure

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """From the centre with tails from heavy to light, and from dense spots.

        With the scale fixed the likelihood can have a maximum at each cluster.
        """
        if fixed.get("df") == np.inf and len(fixed) == 1:
            return [cls(np.inf, sample.mean, first_positive(sample.spread()))]
        values = np.sort(np.asarray(sample.values, dtype=np.float64))
        low, middle, high = quantiles(values, [0.25, 0.5, 0.75])
        spread = first_positive(sample.spread())
        half = first_positive(0.5 * (high - low), spread)
        starts = [cls(1.0, middle, half), cls(3.0, middle, 1.3 * half), cls(30.0, middle, spread)]
        spots = [
            (centre, first_positive(width, 0.1 * half)) for centre, width in dense_spots(values)
        ]
        if "scale" in fixed:
            spots += [(place, half) for place in quantiles(values, _PLACES)]
        return [*starts, *(cls(df, *spot) for spot in spots for df in _HEAVY)]


_PLACES = np.linspace(0.0, 1.0, 33).tolist()
_HEAVY = (0.3, 1.0)  # degrees of freedom of starts from a part of the values
_WORTH_SAYING = 0.05  # a floor of df below this is of no concern


def tie_message(sample: Sample, value: float, share: float, limit: str = "scale → 0") -> str:
    """Say that too many values are one."""
    grows = f"grows without limit as {limit} at {value:g}"
    if sample.exact:
        return f"{grows}: {share:.0%} of the values are {value:g}"
    return f"{grows}: too many of the other rows can be {value:g} as well"
