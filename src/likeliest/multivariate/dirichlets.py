"""The Dirichlet, from mean logarithms; the Dirichlet-multinomial, from tables of counts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.distributions.multivariate.dirichlet import WHOLE, Dirichlet
from likeliest.distributions.multivariate.dirichlet_multinomial import DirichletMultinomial
from likeliest.distributions.multivariate.multinomial import log_coefficient
from likeliest.engines.threads import Chunks
from likeliest.errors import DataError, SupportError, UnboundedLikelihoodError
from likeliest.multivariate.ascent import Slope, ascend
from likeliest.multivariate.counts import common_trials, require_counts
from likeliest.multivariate.found import Found, inverse
from likeliest.multivariate.normals import described
from likeliest.numerics.gamma import (
    digamma_difference,
    gammaln_difference,
    inverse_digamma,
    trigamma_difference,
)
from likeliest.numerics.special import digamma

if TYPE_CHECKING:
    from likeliest.data.matrix import Matrix
    from likeliest.numerics.arrays import Array

_LIMIT = 1e10  # a sum of concentrations beyond which rows tell nothing of it


def maximize(seen: Matrix) -> Found:
    """Return the likeliest Dirichlet, by Newton's method on the mean logarithm of each share.

    Source: Minka (2000), Estimating a Dirichlet distribution.
    """
    from scipy.special import gammaln, polygamma

    require_shares(seen)
    n, d = seen.n, len(seen.columns)
    w = seen.each

    def sums(part: tuple[Array, Array]) -> list[float]:
        x, weights = part
        return [float(s) for each in (np.log(x), x, x * x) for s in weights @ each]

    total = Chunks(lambda a, b: (seen.values[a:b], w[a:b]), len(w)).total(sums) / n
    logs, mean, square = total[:d], total[d : 2 * d], total[2 * d :]

    def at(member: Dirichlet) -> Slope:
        alpha = member.alpha
        whole = alpha.sum()
        value = n * float(gammaln(whole) - gammaln(alpha).sum() + (alpha - 1.0) @ logs)
        slope = n * (digamma(whole) - digamma(alpha) + logs)
        bend = n * (polygamma(1, whole) - np.diag(polygamma(1, alpha)))
        return _by_logarithms(alpha, value, slope, bend)

    def stop(member: Dirichlet) -> None:
        if member.alpha.sum() > _LIMIT:
            raise UnboundedLikelihoodError(
                "The likelihood of dirichlet grows without limit as alpha → ∞: all rows are the "
                "same, or all but.",
                "get rows that differ.",
            )

    with np.errstate(all="ignore"):
        start = Dirichlet(_start(mean, square, logs), seen.columns)
        top = ascend(start, at, stop=stop)
    return Found(
        top.member, top.value, inverse(top.information), n, described(seen), top.iterations
    )


def _start(mean: Array, square: Array, logs: Array) -> Array:
    """Return concentrations by the moments, brought closer by Minka's fixed point."""
    spread = square - mean**2
    wide = spread > 1e-12 * mean**2
    sizes = (mean * (1.0 - mean) / spread - 1.0)[wide]
    whole = float(np.median(sizes)) if sizes.size else _LIMIT * 2.0
    alpha = np.maximum(whole, 1e-3) * mean
    for _ in range(5):
        alpha = np.maximum(inverse_digamma(digamma(alpha.sum()) + logs), 1e-8)
    return alpha


def _by_logarithms(alpha: Array, value: float, slope: Array, bend: Array) -> Slope:
    """Return derivatives by the logarithms of the concentrations."""
    gradient = alpha * slope
    return Slope(value, gradient, bend * np.outer(alpha, alpha) + np.diag(gradient))


def require_shares(seen: Matrix) -> None:
    """Raise where a row is no division of a whole into shares above 0."""
    x = seen.values
    if len(seen.columns) < 2:
        raise DataError("A Dirichlet needs two columns or more, the shares of one whole.")
    bad = (x <= 0.0).any(axis=1)
    if bad.any():
        at = int(np.argmax(bad))
        column = int(np.argmax(x[at] <= 0.0))
        raise SupportError(
            f"dirichlet needs shares above 0: {int(bad.sum()):,} of {len(x):,} rows have one that "
            f"is not (first: row {seen.row(at)}, {seen.columns[column]} is {x[at, column]:g}). A "
            "share of 0 has no density there: counts are fitted as they are by "
            '"dirichlet-multinomial".'
        )
    sums = x.sum(axis=1)
    off = np.abs(sums - 1.0) > WHOLE
    if off.any():
        at = int(np.argmax(off))
        raise SupportError(
            f"dirichlet needs rows that add up to 1: {int(off.sum()):,} of {len(x):,} do not "
            f"(first: row {seen.row(at)}, {sums[at]:.10g}). Its columns are all shares of one "
            "whole, each divided by their sum."
        )


class Table(NamedTuple):
    """How often each count above 0 came."""

    counts: Array
    weights: Array

    @classmethod
    def of(cls, counts: Array, weights: Array) -> Table:
        """Return the table of a column."""
        values, which = np.unique(counts, return_inverse=True)
        often = np.bincount(which.ravel(), weights).astype(np.float64)
        return cls(values[values > 0.0], often[values > 0.0])

    def sums(self, alpha: float) -> tuple[float, float, float]:
        """Return Σ log Γ(α + x)/Γ(α) with its first two derivatives."""
        one, w = np.float64(alpha), self.weights
        return (
            float(w @ gammaln_difference(one, self.counts)),
            float(w @ digamma_difference(one, self.counts)),
            float(w @ trigamma_difference(one, self.counts)),
        )


def maximize_counts(seen: Matrix) -> Found:
    """Return the likeliest Dirichlet-multinomial, by Newton's method on a table a column."""
    name = DirichletMultinomial.name
    require_counts(seen, name)
    x, w = seen.values, seen.each
    totals = w @ x
    if not totals.all():
        never = seen.columns[int(np.argmin(totals))]
        raise UnboundedLikelihoodError(
            f"The likelihood of {name} rises for ever as alpha[{never}] → 0: {never} was never "
            "counted.",
            "leave the column out, which changes no other estimate.",
        )
    columns = [Table.of(column, w) for column in x.T]
    whole = Table.of(x.sum(axis=1), w)
    if whole.counts.max() < 2.0:
        raise DataError(
            f"{name} needs rows of two trials or more: single ones do not tell how their "
            'probabilities vary. Fit "multinomial".'
        )
    constant = math.fsum((w * log_coefficient(x)).tolist())
    n = common_trials(x)

    def at(member: DirichletMultinomial) -> Slope:
        alpha = member.alpha
        each = np.array([one.sums(float(a)) for one, a in zip(columns, alpha, strict=True)])
        total = whole.sums(float(alpha.sum()))
        value = constant + float(each[:, 0].sum()) - total[0]
        return _by_logarithms(alpha, value, each[:, 1] - total[1], np.diag(each[:, 2]) - total[2])

    def stop(member: DirichletMultinomial) -> None:
        if member.alpha.sum() > _LIMIT * float(whole.counts.max()):
            raise _without_top()
        if member.alpha.sum() < 1.0 / _LIMIT:
            raise UnboundedLikelihoodError(
                f"The likelihood of {name} rises for ever as alpha → 0: each row counts one "
                "category alone.",
                'fit "multinomial" to one trial a row, or get rows of several categories.',
            )

    with np.errstate(all="ignore"):
        p = totals / totals.sum()
        start = DirichletMultinomial(n, p * _size(x, w, p), seen.columns)
        top = ascend(start, at, stop=stop)
        if top.member.alpha.sum() > 1e7 * float(whole.counts.max()):
            raise _without_top()
    return Found(
        top.member, top.value, inverse(top.information), seen.n, described(seen), top.iterations
    )


def _without_top() -> UnboundedLikelihoodError:
    return UnboundedLikelihoodError(
        "The likelihood of dirichlet-multinomial rises towards that of the multinomial as alpha → "
        "∞: the rows vary no more than a multinomial's.",
        'fit "multinomial".',
    )


def _size(x: Array, w: Array, p: Array) -> float:
    """Return the sum of the concentrations by the moments of the counts."""
    n = x.sum(axis=1)
    extra = float(w @ ((x * (x - 1.0)) / p).sum(axis=1) - w @ (n * (n - 1.0)))
    pairs = float(w @ (n * (n - 1.0))) * (p.size - 1.0)
    share = extra / pairs if pairs > 0.0 else 0.0  # 1/(1 + A), by which pairs are alike
    return 1.0 / min(max(share, 1e-4), 0.9) - 1.0
