"""The multivariate normal: by one pass over whole rows; by EM, then Newton, where cells lack."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.distributions.multivariate.elliptical import tied_columns
from likeliest.distributions.multivariate.multivariate import listed
from likeliest.distributions.multivariate.normal import MultivariateNormal
from likeliest.engines.threads import Chunks
from likeliest.errors import DataError, LikeliestError, ParameterError, UnboundedLikelihoodError
from likeliest.multivariate.ascent import Slope, Top, ascend
from likeliest.multivariate.found import Found, inverse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from likeliest.data.matrix import Matrix
    from likeliest.numerics.arrays import Array, Indices

_LOG_TWO_PI = math.log(2.0 * math.pi)
_LOOKED_AT = 1_000  # rows from which a pivot and units are taken
_COLLAPSED = 1e-11  # of a unit diagonal: a climb that gets here goes on to 0
_FIRST = 30  # steps of EM before Newton's
_INSIDE = (
    "Only {}: the likelihood has no greatest value, for it grows without limit where these lie on "
    "a plane. This is the maximum inside, which EM comes to from columns that are independent."
)
_REMEDY = (
    "leave out a column, or get more rows: a family of rows has an estimate only where no column "
    "is a linear combination of others."
)


class Frame(NamedTuple):
    """An origin and a unit for each column, in which values are small numbers."""

    origin: Array
    unit: Array

    @classmethod
    def of(cls, values: Array) -> Frame:
        """Return the frame of rows, from some of them; cells may be missing."""
        some = values[:: max(1, len(values) // _LOOKED_AT)]
        seen = [column[~np.isnan(column)] for column in some.T]
        whole = [column[~np.isnan(column)] if not s.size else s
                 for s, column in zip(seen, values.T, strict=True)]  # fmt: skip
        first = np.array([s[0] for s in whole])
        origin = first + np.array([np.mean(s - f) for s, f in zip(whole, first, strict=True)])
        unit = np.array(
            [np.sqrt(np.mean((s - o) ** 2)) for s, o in zip(whole, origin, strict=True)]
        )
        return cls(origin, np.where(unit > 0.0, unit, 1.0))

    def enter(self, values: Array) -> Array:
        """Return values in the frame."""
        made = values - self.origin
        made *= 1.0 / self.unit
        return made

    def leave(self, mean: Array, cov: Array, columns: Sequence[str]) -> MultivariateNormal:
        """Return the normal that has this mean and covariance in the frame."""
        units = np.outer(self.unit, self.unit)
        return MultivariateNormal(self.origin + self.unit * mean, units * cov, columns)


class Moments(NamedTuple):
    """The weight of rows, their mean, and their mean products about it."""

    n: float
    mean: Array
    cov: Array

    @classmethod
    def of(cls, values: Array, weights: Array | None, frame: Frame | None = None) -> Moments:
        """Return the moments of rows in a frame, by one pass in chunks, added up exactly."""
        rows, d = values.shape
        upper = np.triu_indices(d)

        def sums(part: tuple[Array, Array | None]) -> list[float]:
            x, w = part
            z = x if frame is None else frame.enter(x)
            weighed = z if w is None else z * w[:, None]
            n = float(len(z)) if w is None else float(w.sum())
            return [n, *weighed.sum(axis=0).tolist(), *(z.T @ weighed)[upper].tolist()]

        def chunk(first: int, end: int) -> tuple[Array, Array | None]:
            return values[first:end], None if weights is None else weights[first:end]

        total = Chunks(chunk, rows).total(sums)
        n, mean = float(total[0]), total[1 : d + 1] / total[0]
        cov = np.zeros((d, d))
        cov[upper] = cov.T[upper] = total[d + 1 :] / n
        return cls(n, mean, cov - np.outer(mean, mean))


def maximize(seen: Matrix) -> Found:
    """Return the likeliest multivariate normal of rows; missing cells are NaN."""
    require_spread(seen, MultivariateNormal.name)
    if seen.has_gaps:
        return _by_em(seen)
    frame = Frame.of(seen.values)
    moments = Moments.of(seen.values, seen.weights, frame)
    require_definite(moments.cov, seen, MultivariateNormal.name)
    member = frame.leave(moments.mean, moments.cov, seen.columns)
    d = len(seen.columns)
    value = -0.5 * moments.n * (d * (1.0 + _LOG_TWO_PI) + member.log_det)
    i, j = np.triu_indices(d)
    variances = np.concatenate([np.ones(d), np.where(i == j, 2.0, 1.0)]) / moments.n
    return Found(member, value, variances, moments.n, described(seen))


def described(seen: Matrix) -> str:
    """Say what was seen: how many rows, of which some were left out."""
    n = f"{seen.n:,.0f}" if seen.n == round(seen.n) else f"{seen.n:,.6g}"
    rows = f"{n} row{'' if seen.n == 1 else 's'} of {len(seen.columns)} columns"
    return rows + (f"; {seen.left_out:,} with missing cells left out" if seen.left_out else "")


def require_spread(seen: Matrix, what: str) -> None:
    """Raise where a column has one value: the likelihood is unbounded."""
    for column, values in zip(seen.columns, seen.values.T, strict=True):
        some = values[:: max(1, len(values) // _LOOKED_AT)]
        some = some[~np.isnan(some)]
        if some.size and some.min() < some.max():
            _require_unit(column, float(some.max()) - float(some.min()))
            continue
        there = values[~np.isnan(values)]
        if there.size and there.min() == there.max():
            raise UnboundedLikelihoodError(
                f"The likelihood of {what} grows without limit: {column} has one value, "
                f"{there[0]:g}, in all {there.size:,} rows.",
                _REMEDY,
            )


def _require_unit(column: str, spread: float) -> None:
    """Raise where the variance of a column is no number of float64."""
    if not 1e-150 < spread < 1e150:
        raise DataError(
            f"{column} spreads over {spread:.3g}, whose square leaves the range of floating-point "
            "numbers: give it in another unit."
        )


def require_definite(cov: Array, seen: Matrix, what: str, least: float = 1e-14) -> None:
    """Raise where a column follows from others: the likelihood is unbounded."""
    units = np.sqrt(cov.diagonal())
    tied = tied_columns(cov / np.outer(units, units), seen.columns, least)
    if tied:
        few = len(seen.values) <= len(seen.columns)
        because = (
            f"{len(seen.values):,} rows of {len(seen.columns)} columns lie on a plane"
            if few
            else f"the columns {listed(tied)} are linear combinations of each other"
        )
        raise UnboundedLikelihoodError(
            f"The likelihood of {what} grows without limit: {because}.", _REMEDY
        )


class Pattern(NamedTuple):
    """The rows of which the same cells are there, by their moments."""

    there: Indices
    moments: Moments
    rows: int


class Projected(NamedTuple):
    """What the rows of a pattern say in the coordinates in which a member is standard.

    Parameters
    ----------
    n : float
    onto : array of shape (d, d)
        Projects on what was seen.
    mean : array of shape (d,)
        The sum of the rows' expected positions.
    products : array of shape (d, d)
        The sum of their products.
    value : float
        The log likelihood of the rows.
    """

    n: float
    onto: Array
    mean: Array
    products: Array
    value: float


def _by_em(seen: Matrix) -> Found:
    """Return the likeliest normal of rows with missing cells (Dempster, Laird & Rubin 1977).

    A dozen steps of EM come near; Newton's steps on the likelihood of what was seen end it, and
    its Hessian is the observed information.
    """
    frame = Frame.of(seen.values)
    patterns = [*_patterns(seen, frame)]
    _require_seen_together(seen)
    d = len(seen.columns)

    def at(member: MultivariateNormal) -> Slope:
        return _slope([*_projected(member, patterns)], d)

    def em(member: MultivariateNormal) -> MultivariateNormal:
        return _em_step(member, [*_projected(member, patterns)])

    def stop(member: MultivariateNormal) -> None:
        require_definite(member.cov, seen, member.name, _COLLAPSED)

    thin = _thin(patterns, seen)
    tops: list[Top[MultivariateNormal]] = []
    for member in _starts(patterns, d):
        try:
            for _ in range(_FIRST):
                member = em(member)  # noqa: PLW2901
                stop(member)
            tops.append(ascend(member, at, em, stop))
        except LikeliestError as error:
            failed = error
    if not tops:
        if not thin:
            raise failed
        raise UnboundedLikelihoodError(
            f"The likelihood of {MultivariateNormal.name} grows without limit: only {thin}, and it "
            "grows where they lie on a plane.",
            _REMEDY,
        )
    top = max(tops, key=lambda top: top.value)
    gone = np.isnan(seen.values)
    rows = int(gone.any(axis=1).sum())
    scale = -float(np.log(frame.unit) @ (~gone * seen.each[:, None]).sum(axis=0))
    note = (
        f"{gone.sum():,} cells in {rows:,} rows are missing; the estimate is from all that was "
        "seen (EM), and holds where what is missing depends on nothing but what was seen."
    )
    return Found(
        frame.leave(top.member.mean, top.member.cov, seen.columns),
        top.value + scale, inverse(top.information), seen.n, described(seen),
        top.iterations + _FIRST,
        (note, *((_INSIDE.format(thin),) if thin else ())),
    )  # fmt: skip


def _patterns(seen: Matrix, frame: Frame) -> Iterator[Pattern]:
    gone = np.isnan(seen.values)
    kinds, which = np.unique(gone, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(which.ravel(), minlength=len(kinds)))
    z, each = frame.enter(seen.values), seen.each
    for rows, kind in zip(np.split(order, ends[:-1]), kinds, strict=True):
        there = np.flatnonzero(~kind)
        yield Pattern(there, Moments.of(z[np.ix_(rows, there)], each[rows]), rows.size)


def _thin(patterns: list[Pattern], seen: Matrix) -> str:
    """Say which columns are seen together in too few rows for a likelihood that is bounded.

    As many rows as columns lie on a plane. Along it the density of these rows has no limit, and
    that of rows in which less was seen stays what it is.
    """
    there = np.zeros((len(patterns), len(seen.columns)))
    for mask, pattern in zip(there, patterns, strict=True):
        mask[pattern.there] = 1.0
    width = there.sum(axis=1)
    holds = there @ there.T == width[:, None]
    rows = holds @ np.array([pattern.rows for pattern in patterns])
    few = rows <= width
    if not few.any():
        return ""
    at = int(np.argmax(np.where(few, width, 0.0)))
    names = listed([seen.columns[i] for i in patterns[at].there])
    are = "row has" if rows[at] == 1 else "rows have"
    return f"{rows[at]:,} {are} {names} all seen"


def _require_seen_together(seen: Matrix) -> None:
    """Raise where two columns are never seen in one row: their covariance could be anything."""
    there = (~np.isnan(seen.values)).astype(np.float64)
    together = there.T @ there
    if (together == 0.0).any():
        i, j = (int(at[0]) for at in np.nonzero(together == 0.0))
        if i == j:
            raise DataError(f"{seen.columns[i]} is missing in every row.")
        raise DataError(
            f"{seen.columns[i]} and {seen.columns[j]} are never seen in the same row: their "
            "covariance is not told by the data. Leave out one of them."
        )


def _starts(patterns: list[Pattern], d: int) -> Iterator[MultivariateNormal]:
    """Yield the normal of independent columns, each by what was seen of it, and that of whole rows.

    With few whole rows the likelihood can have several tops.
    """
    n, first, second = np.zeros(d), np.zeros(d), np.zeros(d)
    for there, (weight, mean, cov), _ in patterns:
        n[there] += weight
        first[there] += weight * mean
        second[there] += weight * (cov.diagonal() + mean**2)
    mean = first / n
    spread = second / n - mean**2
    yield MultivariateNormal(mean, np.diag(np.where(spread > 1e-12, spread, 1.0)))
    for there, (_, mean, cov), rows in patterns:
        if there.size == d and rows > d:
            with suppress(ParameterError):  # on a plane
                yield MultivariateNormal(mean, cov)


def _projected(member: MultivariateNormal, patterns: list[Pattern]) -> Iterator[Projected]:
    for there, (n, mean, cov), _ in patterns:
        along, root = np.linalg.qr(member.root[there].T)
        take = np.linalg.solve(root, along.T).T
        off = take @ (mean - member.mean[there])
        products = n * (take @ cov @ take.T + np.outer(off, off))
        log_det = 2.0 * float(np.log(np.abs(root.diagonal())).sum())
        value = -0.5 * (n * (there.size * _LOG_TWO_PI + log_det) + float(np.trace(products)))
        yield Projected(n, along @ along.T, n * off, products, value)


def _em_step(member: MultivariateNormal, parts: list[Projected]) -> MultivariateNormal:
    d, n = len(member.columns), sum(part.n for part in parts)
    mean = np.sum([part.mean for part in parts], axis=0) / n
    second = np.sum([part.n * (np.eye(d) - part.onto) + part.products for part in parts], axis=0)
    cov = member.root @ (second / n - np.outer(mean, mean)) @ member.root.T
    return MultivariateNormal(member.mean + member.root @ mean, cov, member.columns)


def directions(d: int) -> Array:
    """Return the symmetric matrices that the coordinates E multiply, of shape (q, d, d)."""
    i, j = np.triu_indices(d)
    made = np.zeros((i.size, d, d))
    k = np.arange(i.size)
    made[k, i, j] = made[k, j, i] = 1.0
    return made


def traces(first: Array, second: Array | None, along: Array) -> Array:
    """Return tr(first D_a second D_b) for all directions; without a second it is 1."""
    q = len(along)
    left = (first @ along).reshape(q, -1)
    right = (along if second is None else second @ along).transpose(0, 2, 1).reshape(q, -1)
    return np.asarray(left @ right.T)


def _slope(parts: list[Projected], d: int) -> Slope:
    """Return the log likelihood of all patterns by (m, E) about the member."""
    along = directions(d)
    mean = np.sum([part.mean for part in parts], axis=0)
    onto = np.sum([part.n * part.onto for part in parts], axis=0)
    products = np.sum([part.products for part in parts], axis=0)
    by_bend = 0.5 * np.einsum("aij,ij->a", along, products - onto)
    hessian = np.zeros((d + len(along), d + len(along)))
    hessian[:d, :d] = -onto
    squares = traces(onto - products, None, along)
    bend = -0.25 * (squares + squares.T)
    for part in parts:
        hessian[:d, d:] -= np.einsum("ij,ajk,k->ia", part.onto, along, part.mean)
        mixed = traces(part.products, part.onto, along)
        bend += 0.5 * part.n * traces(part.onto, part.onto, along) - 0.5 * (mixed + mixed.T)
    hessian[d:, d:] = bend
    hessian[d:, :d] = hessian[:d, d:].T
    value = math.fsum(part.value for part in parts)
    return Slope(value, np.concatenate([mean, by_bend]), hessian)
