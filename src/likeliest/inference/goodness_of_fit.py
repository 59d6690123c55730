"""Goodness of fit: how far the data lie from the fitted law, and whether chance would do that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from likeliest.distributions.arguments import generator_of
from likeliest.errors import DataError, FamilyError
from likeliest.fitting.many import found_of
from likeliest.inference import smooth_test
from likeliest.inference.hypothesis_test import HypothesisTest, by_simulation
from likeliest.inference.levels import require_choice, require_positive
from likeliest.inference.redraw import Redraw
from likeliest.inference.summit import rows_of

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

Method = Literal["ad", "ks", "cvm", "chi2", "smooth"]

NAMES = {
    "ad": "Anderson and Darling's test",
    "ks": "Kolmogorov and Smirnov's test",
    "cvm": "Cramér and von Mises' test",
    "chi2": "Pearson's χ² test",
    "smooth": smooth_test.NAME,
}
_FAR = 1e-6  # a probability beyond, of which that before has too few digits left
_FEWEST, _EXPECTED = 3, 5.0  # classes, and values that each should hold


def goodness(fit: Fit, method: Method = "ad", *, draws: int = 999, seed: int = 0) -> HypothesisTest:
    """Test whether the fitted family describes the data; see `Fit.goodness`."""
    require_choice("method", method, get_args(Method))
    require_positive("draws", draws)
    if method == "smooth":
        return smooth_test.smooth_test(fit)
    what = "A test of goodness of fit"
    redraw = Redraw.of(rows_of(fit, what), what)
    seen = redraw.observations
    family = type(fit.distribution)
    distance = _Distance.of(fit.distribution, seen, method)
    statistic = float(distance(fit.distribution, _side_by_side(seen, 1))[0])
    if np.isposinf(statistic):
        raise FamilyError(
            f"{NAMES[method]} has no distance where the support of {fit.family} ends at a value of "
            'the data: it is infinite. Use method="cvm" or "ks".'
        )
    simulated = []
    for samples in redraw.samples(fit.distribution, draws, generator_of(seed)):
        found = found_of(family, samples, fit.fixed, {})
        # Of a failed fit the parameters are NaN, and so is the distance.
        columns = zip(family.constraints, found.parameters.T[:, :, None], strict=True)
        member = family.unchecked(**dict(columns))
        seen = samples.observations
        rows = seen.cells(samples.step) if samples.step else seen
        with np.errstate(all="ignore"):
            simulated.append(distance(member, _side_by_side(rows, len(samples))))
    p, notes = by_simulation(statistic, np.concatenate(simulated), fit.family)
    notes += [redraw.assumption] if redraw.assumption else []
    return HypothesisTest(
        NAMES[method],
        f"the data are of the {fit.family} family",
        statistic,
        p,
        f"{draws:,} samples drawn from the fit, each fitted anew",
        distance.effect(statistic),
        tuple(notes),
    )


@dataclass(frozen=True)
class _Rows:
    """Samples side by side, of shape (samples, n): where each value is known to lie."""

    lower: Array
    upper: Array
    entry: Array
    exit: Array


def _side_by_side(seen: Observations, many: int) -> _Rows:
    n = len(seen)
    shape = (many, n // many)
    values = np.asarray(seen.values, dtype=np.float64)

    def column(one: Array | None, otherwise: Array | float) -> Array:
        return np.broadcast_to(otherwise if one is None else one, n).reshape(shape)

    return _Rows(
        column(seen.lower, values),
        column(seen.upper, values),
        column(seen.entry, -np.inf),
        column(seen.exit, np.inf),
    )


@dataclass(frozen=True)
class _Distance:
    """The distance of samples from a law.

    Parameters
    ----------
    method : str
    n : int
    kind : {"exact", "cells", "censored"}
        Whether values are known as they stand, by cells, or partly by a bound on one side.
    edges : array
        Of the classes, for Pearson's.
    discrete : bool
    """

    method: Method
    n: int
    kind: str
    edges: Array
    discrete: bool

    @classmethod
    def of(cls, member: Distribution, seen: Observations, method: Method) -> _Distance:
        n = len(seen)
        is_exact = seen.lower is None
        if seen.lower is not None and seen.upper is not None:
            bounded = seen.n_exact == 0.0
            kind = "cells" if bounded else "censored"
        else:
            kind = "cells" if member.discrete else "exact"
        if kind == "censored" and (method == "chi2" or member.discrete):
            what = "Pearson's χ²" if method == "chi2" else "Goodness of fit of whole numbers"
            raise DataError(
                f'{what} is not known of values of which some are censored. Use method="ad" with '
                "a continuous family, or look at the picture."
            )
        by_row = any(end is not None and end.size > 1 for end in (seen.entry, seen.exit))
        if by_row and (kind == "cells" or method == "chi2"):
            raise DataError(
                "Values in classes with a window of their own for each row have no distribution "
                "function to compare: look at the quantile residuals."
            )
        edges = np.zeros(0)
        if method == "chi2":
            edges = _classes(member, seen, is_exact=is_exact)
        return cls(method, n, kind, edges, member.discrete)

    def effect(self, statistic: float) -> float:
        """Return the distance in a unit that does not grow with the number of values."""
        if self.method == "ks":
            return statistic
        return float(np.sqrt(statistic / self.n))

    def __call__(self, member: Distribution, rows: _Rows) -> Array:
        """Return the distance of each sample."""
        if self.method == "chi2":
            return self._pearson(member, rows)
        if self.kind == "exact":
            return self._of_exact(*_log_shares(member, rows.upper, rows))
        if self.kind == "cells":
            return self._of_cells(member, rows)
        return self._of_censored(member, rows)

    def _of_exact(self, log_cdf: Array, log_sf: Array) -> Array:
        n = self.n
        log_cdf, log_sf = np.sort(log_cdf, axis=1), np.sort(log_sf, axis=1)[:, ::-1]
        i = np.arange(1, n + 1)
        if self.method == "ad":
            terms = (2 * i - 1) * (log_cdf + log_sf[:, ::-1])
            return np.asarray(-n - np.sum(terms, axis=1) / n)
        u = np.exp(log_cdf)
        if self.method == "cvm":
            return np.asarray(1.0 / (12 * n) + np.sum((u - (2 * i - 1) / (2 * n)) ** 2, axis=1))
        return np.asarray(np.maximum(i / n - u, u - (i - 1) / n).max(axis=1))

    def _of_cells(self, member: Distribution, rows: _Rows) -> Array:
        """Compare the distribution functions at the ends of cells (Choulakian et al., 1994)."""
        n = self.n
        order = np.argsort(rows.upper, axis=1, kind="stable")
        upper, lower = (np.take_along_axis(end, order, axis=1) for end in (rows.upper, rows.lower))
        if self.discrete:
            lower = np.where(lower == upper, lower - 1.0, lower)
        last = np.concatenate(
            [upper[:, 1:] != upper[:, :-1], np.ones((len(upper), 1), dtype=bool)], axis=1
        )
        i = np.arange(1, n + 1)
        seen = np.where(last, i, n + 1)
        seen = np.minimum.accumulate(seen[:, ::-1], axis=1)[:, ::-1] / n
        first = np.concatenate([np.ones((len(upper), 1), dtype=bool), last[:, :-1]], axis=1)
        before = np.maximum.accumulate(np.where(first, i - 1, 0), axis=1) / n
        u = np.exp(_log_shares(member, upper, rows)[0])
        gap = seen - u
        if self.method == "ks":
            below = np.abs(before - np.exp(_log_shares(member, lower, rows)[0]))
            return np.asarray(np.maximum(np.abs(gap), below).max(axis=1))
        if self.method == "cvm":
            return np.asarray(np.sum(gap**2, axis=1))
        variance = u * (1.0 - u)
        terms = np.where(variance > 0.0, gap**2 / np.where(variance > 0.0, variance, 1.0), 0.0)
        return np.asarray(np.sum(np.where(np.isnan(u), np.nan, terms), axis=1))

    def _of_censored(self, member: Distribution, rows: _Rows) -> Array:
        """Compare with Kaplan and Meier's curve of the shares, up to the last value seen."""
        n = self.n
        died = rows.lower == rows.upper
        is_left = bool(np.isneginf(rows.lower).any())
        at = rows.upper if is_left else rows.lower
        log_cdf, log_sf = _log_shares(member, at, rows)
        u = np.exp(log_sf if is_left else log_cdf)
        # Of equal shares those that were seen come first.
        order = np.lexsort((~died, u), axis=1)
        u, died = (np.take_along_axis(one, order, axis=1) for one in (u, died))
        left = n - np.arange(n)
        beyond = np.cumprod(np.where(died, 1.0 - 1.0 / left, 1.0), axis=1)
        before = np.concatenate([np.ones((len(u), 1)), beyond[:, :-1]], axis=1)
        if self.method == "ks":
            gap = np.maximum(np.abs(1.0 - beyond - u), np.abs(1.0 - before - u))
            return np.asarray(np.where(died, gap, 0.0).max(axis=1) + 0.0 * u.sum(axis=1))
        middle = 1.0 - 0.5 * (beyond + before)
        share = before - beyond
        square = (middle - u) ** 2
        if self.method == "ad":
            square = square / np.clip(u * (1.0 - u), 1e-300, None)
        return np.asarray(n * np.sum(share * square, axis=1))

    def _pearson(self, member: Distribution, rows: _Rows) -> Array:
        bounded = np.isfinite(rows.lower) & np.isfinite(rows.upper)
        inside = np.where(bounded, 0.5 * rows.lower + 0.5 * rows.upper, rows.upper)
        at = np.searchsorted(self.edges, inside, side="left")
        k = self.edges.size + 1
        places = at + k * np.arange(len(at))[:, None]
        counts = np.bincount(places.ravel(), minlength=k * len(at)).reshape(len(at), k)
        window = _Rows(rows.lower, rows.upper, rows.entry[:, :1], rows.exit[:, :1])
        inner = np.exp(_log_shares(member, self.edges[None, :], window)[0])
        ends = np.broadcast_to(inner, (len(at), self.edges.size))
        cumulative = np.concatenate([np.zeros((len(at), 1)), ends, np.ones((len(at), 1))], axis=1)
        expected = self.n * np.diff(cumulative, axis=1)
        return np.asarray(np.sum((counts - expected) ** 2 / expected, axis=1))


def _log_shares(member: Distribution, x: Array, rows: _Rows) -> tuple[Array, Array]:
    """Return log P(X ≤ x) and log P(X > x) of X within its window."""
    log_cdf, log_sf = _log_tails(member, x)
    if np.isneginf(rows.entry).all() and np.isposinf(rows.exit).all():
        return log_cdf, log_sf
    entry, exit_ = rows.entry, rows.exit
    first, last = member.log_sf(entry), member.log_sf(exit_)
    with np.errstate(all="ignore"):
        all_of_it = np.log(-np.expm1(last - first))
        below = np.log(-np.expm1(np.minimum(log_sf - first, 0.0))) - all_of_it
        above = log_sf - first + np.log(-np.expm1(np.minimum(last - log_sf, 0.0))) - all_of_it
    return np.asarray(below), np.asarray(above)


def _log_tails(member: Distribution, x: Array) -> tuple[Array, Array]:
    """Return log P(X ≤ x) and log P(X > x), which follows from the former but far out."""
    log_cdf = np.asarray(member.log_cdf(x))
    with np.errstate(all="ignore"):
        log_sf = np.log(-np.expm1(log_cdf))
    is_far = (log_cdf > -_FAR).any(axis=1)
    if is_far.any():
        some = {n: np.asarray(v)[is_far] if np.ndim(v) else v for n, v in member.parameters.items()}
        far = np.broadcast_to(x, log_cdf.shape)[is_far]
        log_sf[is_far] = type(member).unchecked(**some).log_sf(far)
    return log_cdf, log_sf


def _classes(member: Distribution, seen: Observations, *, is_exact: bool) -> Array:
    """Return inner edges of classes that are about equally likely, and hold enough values."""
    n = len(seen)
    wanted = int(min(2.0 * n**0.4, n / _EXPECTED))
    k = len(member.constraints)
    entry = -np.inf if seen.entry is None else float(seen.entry[0])
    exit_ = np.inf if seen.exit is None else float(seen.exit[0])
    shares = np.arange(1, max(wanted, 1)) / max(wanted, 1)
    low, high = member.cdf(entry), member.cdf(exit_)
    edges = np.asarray(member.quantile(low + shares * (high - low)), dtype=np.float64)
    if not is_exact and seen.upper is not None:  # edges of the classes are edges of cells
        cells = np.unique(seen.upper[np.isfinite(seen.upper)])
        edges = cells[np.minimum(np.searchsorted(cells, edges), cells.size - 1)]
    edges = _with_enough(member, np.unique(edges), n, float(low), float(high))
    if edges.size + 1 < max(_FEWEST, k + 2):
        raise DataError(
            f"Pearson's χ² needs more classes than {edges.size + 1} for {k} parameter"
            f'{"s"[: k != 1]}, and {n:,} values fill no more. Use method="ad".'
        )
    return edges


def _with_enough(member: Distribution, edges: Array, n: int, low: float, high: float) -> Array:
    kept: list[float] = []
    reached = low
    for edge, share in zip(edges.tolist(), np.ravel(member.cdf(edges)).tolist(), strict=True):
        if n * (share - reached) >= 0.999 * _EXPECTED * (high - low) and n * (high - share) >= (
            0.999 * _EXPECTED * (high - low)
        ):
            kept.append(edge)
            reached = share
    return np.array(kept)
