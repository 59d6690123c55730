"""The multivariate t: EM from several degrees of freedom, then Newton's method in all."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.multivariate.elliptical import tied_columns
from likeliest.distributions.multivariate.t import MultivariateT, log_constant
from likeliest.engines.threads import Chunks, add
from likeliest.errors import ConvergenceError, LikeliestError, UnboundedLikelihoodError
from likeliest.multivariate.ascent import Slope, Top, ascend
from likeliest.multivariate.found import Found, inverse
from likeliest.multivariate.normals import (
    Frame,
    Moments,
    described,
    directions,
    require_definite,
    require_spread,
    traces,
)
from likeliest.multivariate.normals import maximize as maximize_normal
from likeliest.numerics.gamma import digamma_difference, trigamma_difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from likeliest.data.matrix import Matrix
    from likeliest.numerics.arrays import Array, Mask

_STARTS = (0.7, 2.0, 4.0, 20.0)  # degrees of freedom
_FIRST = 8  # steps of EM with df held, and again with df free, before Newton's
_LARGEST = 1e7  # degrees of freedom from which on it is the normal
_COLLAPSED = 1e-11
_WORTH_SAYING = 0.05  # a floor of df below this is of no concern
_INSIDE = (
    "This is the interior maximum: for df < {:.3g} the likelihood grows without limit as the scale "
    "shrinks on a row."
)
_FAR = 1e3  # quartile ranges: beyond, a row would set the unit of all others
_SOME = 20_000  # rows with which the climb sets out


def maximize(seen: Matrix) -> Found:
    """Return the likeliest multivariate t of whole rows."""
    require_spread(seen, MultivariateT.name)
    core = _core(seen)
    frame = Frame.of(core.values)
    moments = Moments.of(core.values, core.weights, frame)
    require_definite(moments.cov, seen, MultivariateT.name)
    z, each = frame.enter(seen.values), seen.each
    normal = None
    with suppress(UnboundedLikelihoodError):  # of float64, where a row lies so far out
        normal = maximize_normal(seen)
    floor = _floor(z, each)
    tops, failed = _tops(z, each, moments, seen.columns)
    best = max((t for t in tops if t.member.df > floor), key=lambda t: t.value, default=None)
    scale = -seen.n * float(np.log(frame.unit).sum())
    if best is None and failed and all(isinstance(e, UnboundedLikelihoodError) for e in failed):
        raise failed[0]
    if normal and (best is None or best.value + scale <= normal.log_likelihood):
        return _as_normal(normal)
    if best is None:
        raise failed[0]
    made = frame.leave(best.member.loc, best.member.scale, seen.columns)
    member = MultivariateT(best.member.df, made.mean, made.cov, seen.columns)
    return Found(
        member, best.value + scale, inverse(best.information), seen.n, described(seen),
        best.iterations, (_INSIDE.format(floor),) if floor >= _WORTH_SAYING else (),
    )  # fmt: skip


def _core(seen: Matrix) -> Matrix:
    """Return the rows that units and starts are taken from: all but those very far out."""
    some = seen.values[:: max(1, len(seen.values) // _SOME)]
    low, middle, high = np.quantile(some, [0.25, 0.5, 0.75], axis=0)
    reach = np.where(high > low, _FAR * (high - low), np.inf)
    near: Mask = (np.abs(seen.values - middle) <= reach).all(axis=1)
    return seen if near.all() else seen.take(near)


def _floor(z: Array, each: Array) -> float:
    """Return the df below which the likelihood grows without limit as the scale shrinks on a row.

    Where m of n rows are the same it is d m/(n - m), as Fernández & Steel (1999) show for d = 1.
    """
    step = max(1, len(z) // _SOME)
    _, which = np.unique(z[::step], axis=0, return_inverse=True)
    share = float(np.bincount(which.ravel(), each[::step]).max() / each[::step].sum())
    return z.shape[1] * share / (1.0 - share) if share < 1.0 else math.inf


def _as_normal(normal: Found) -> Found:
    """Return the fit of the normal as the t with df = ∞."""
    note = "df is infinite: the best t is the multivariate normal, which needs one parameter less."
    member = MultivariateT(np.inf, normal.member.centre, normal.member.matrix,  # type: ignore[attr-defined]
                           normal.member.columns)  # fmt: skip
    return replace(normal, member=member, notes=(note,))


def _tops(
    z: Array, each: Array, moments: Moments, columns: Sequence[str]
) -> tuple[list[Top[MultivariateT]], list[Exception]]:
    """Return the tops that are climbed to from several starts, and why others came to none."""
    step = max(1, len(z) // _SOME)
    few, fewer = z[::step], each[::step]
    found: list[Top[MultivariateT]] = []
    failed: list[Exception] = []
    for df in _STARTS:
        member = MultivariateT(df, moments.mean, moments.cov * 0.7, columns)
        try:
            for at in range(2 * _FIRST):
                member = _em_step(member, few, fewer, df_moves=at >= _FIRST)
                _require_room(member)
            if any(_is_near(member, top.member) for top in found):
                continue
            if step > 1:  # the top of some of the rows lies close to that of all
                member = _climbed(member, few, fewer).member
            found.append(_climbed(member, z, each))
        except (LikeliestError, np.linalg.LinAlgError) as error:
            failed.append(error)
    return found, failed


def _climbed(member: MultivariateT, z: Array, each: Array) -> Top[MultivariateT]:
    return ascend(
        member, lambda m: _slope(m, z, each), lambda m: _em_step(m, z, each), _require_room
    )


def _is_near(member: MultivariateT, other: MultivariateT) -> bool:
    """Whether two members are close enough for a climb from both to end at one top."""
    u = np.linalg.solve(other.root, member.loc - other.loc)
    bend = np.linalg.solve(other.root, member.root)
    near = np.abs(u).max() < 0.1 and np.abs(bend - np.eye(len(u))).max() < 0.1
    return bool(near and abs(math.log(member.df / other.df)) < 0.3)


def _require_room(member: MultivariateT) -> None:
    """Raise where a climb runs to infinite df, or onto a part of the rows."""
    if member.df > _LARGEST:
        raise ConvergenceError("df runs to infinity.")
    if tied_columns(member.correlation, member.columns, _COLLAPSED) or (
        np.sqrt(member.scale.diagonal()).min() < _COLLAPSED
    ):
        raise UnboundedLikelihoodError(
            "The likelihood of multivariate t grows without limit: from every start the scale "
            "shrinks on a part of the rows.",
            'fit "multivariate normal", or get more rows.',
        )


def _chunked(z: Array, each: Array) -> Chunks[tuple[Array, Array]]:
    return Chunks(lambda first, end: (z[first:end], each[first:end]), len(z))


def _em_step(
    member: MultivariateT, z: Array, each: Array, *, df_moves: bool = True
) -> MultivariateT:
    """Return a likelier member: loc and scale by EM, df by the likelihood itself.

    Source: Liu & Rubin (1995), ECME; Kent, Tyler & Vardi (1994) for dividing by the weights.
    """
    d, df = len(member.columns), member.df

    def sums(part: tuple[Array, Array]) -> list[float]:
        rows, w = part
        y = member.standardised(rows)
        w = w * (df + d) / (df + np.einsum("ni,ni->n", y, y))
        weighed = y * w[:, None]
        return [float(w.sum()), *weighed.sum(axis=0), *(weighed.T @ y).ravel()]

    total = _chunked(z, each).total(sums)
    shift = total[1 : d + 1] / total[0]
    spread = total[d + 1 :].reshape(d, d) / total[0] - np.outer(shift, shift)
    root = member.root
    moved = MultivariateT(df, member.loc + root @ shift, root @ spread @ root.T, member.columns)
    return replace(moved, df=_likeliest_df(moved, z, each)) if df_moves else moved


def _likeliest_df(member: MultivariateT, z: Array, each: Array) -> float:
    """Return a likelier df at the same loc and scale, by a few guarded Newton steps in its log."""
    y = member.standardised(z)
    far = np.einsum("ni,ni->n", y, y)
    d, df, n = z.shape[1], member.df, float(each.sum())

    def value(df: float) -> float:
        return n * log_constant(df, d) - 0.5 * (df + d) * float(each @ np.log1p(far / df))

    here = value(df)
    for _ in range(3):
        first, second = _by_df(df, d, far)
        slope, bend = df * float(each @ first), df * df * float(each @ second)
        bend += slope
        step = -slope / bend if bend < 0.0 else math.copysign(1.0, slope)
        step = float(np.clip(step, -1.0, 1.0))
        there = value(df * math.exp(step))
        while not there > here and abs(step) > 1e-3:
            step *= 0.25
            there = value(df * math.exp(step))
        if not there > here or df > _LARGEST:
            break
        df, here = df * math.exp(step), there
    return df


def _by_df(df: float, d: int, far: Array) -> tuple[Array, Array]:
    """Return the first and second derivative of the log density by df, for each row."""
    half = np.float64(0.5 * df)
    ratio = far / (df * (df + far))
    first = 0.5 * (
        float(digamma_difference(half, 0.5 * d)) - d / df - np.log1p(far / df) + (df + d) * ratio
    )
    second = (
        0.25 * float(trigamma_difference(half, 0.5 * d)) + 0.5 * d / df**2 + ratio
        - 0.5 * (df + d) * ratio * (2.0 * df + far) / (df * (df + far))
    )  # fmt: skip
    return first, second


def _slope(member: MultivariateT, z: Array, each: Array) -> Slope:
    """Return the log likelihood by (m, E, log df) about the member."""
    d, df = len(member.columns), member.df
    i, j = np.triu_indices(d)
    twice = np.where(i == j, 1.0, 2.0)
    k = d + i.size
    constant = log_constant(df, d) - 0.5 * member.log_det

    def sums(part: tuple[Array, Array]) -> tuple[float, Array, Array, Array]:
        rows, w = part
        y = member.standardised(rows)
        far = np.einsum("ni,ni->n", y, y)
        pull = w * (df + d) / (df + far)  # -2 times the slope by the squared distance
        moves = np.concatenate([-2.0 * y, -twice * y[:, i] * y[:, j]], axis=1)
        by_df, by_df_twice = _by_df(df, d, far)
        value = float(w @ (constant - 0.5 * (df + d) * np.log1p(far / df)))
        gradient = np.concatenate([-0.5 * (pull @ moves), [df * float(w @ by_df)]])
        hessian = np.zeros((k + 1, k + 1))
        hessian[:k, :k] = (moves * (0.5 * pull / (df + far))[:, None]).T @ moves
        hessian[k, :k] = hessian[:k, k] = (-0.5 * df * w * (far - d) / (df + far) ** 2) @ moves
        hessian[k, k] = df * df * float(w @ by_df_twice) + gradient[k]
        products = np.concatenate([[pull.sum()], pull @ y, ((y * pull[:, None]).T @ y).ravel()])
        return value, gradient, hessian, products

    parts = [*_chunked(z, each).each(sums)]
    value = add([part[0] for part in parts])
    gradient = np.sum([part[1] for part in parts], axis=0)
    hessian = np.sum([part[2] for part in parts], axis=0)
    products = np.sum([part[3] for part in parts], axis=0)
    along = directions(d)
    hessian[:d, :d] -= products[0] * np.eye(d)
    mixed = -np.einsum("aij,j->ia", along, products[1 : d + 1])
    hessian[:d, d:k] += mixed
    hessian[d:k, :d] += mixed.T
    squares = traces(products[d + 1 :].reshape(d, d), None, along)
    hessian[d:k, d:k] -= 0.25 * (squares + squares.T)
    gradient[d:k] -= 0.5 * float(each.sum()) * (i == j)
    return Slope(value, gradient, hessian)
