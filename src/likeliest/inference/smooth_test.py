"""Neyman's smooth test: whether the fitted probabilities of the values are spread evenly."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.kaplan_meier import serves
from likeliest.data.observations import Observations, is_distributed
from likeliest.errors import FamilyError, LikeliestError
from likeliest.fitting.gap import largest_gap
from likeliest.fitting.mixed_gap import mixed_gap
from likeliest.inference.hypothesis_test import HypothesisTest, chi2_tail, degrees, p_value
from likeliest.inference.redraw import Redraw, within
from likeliest.inference.summit import observations_of
from likeliest.likelihood.objective import Objective
from likeliest.likelihood.residuals import shares
from likeliest.tables import number

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

NAME = "Neyman's smooth test"
_LEVEL = 0.01  # of the test, from which a fit says that it is no good description
_CRITICAL = 1.63  # of √n times a gap, at 1 % where nothing was estimated
_MATERIAL = 0.05  # a smaller difference of shares does not change what one would do with the fit
_SAMPLE = 10_000  # rows that are looked at where there are many more, and rows drawn like the data
_NODES = 64  # of the quadrature over the fitted distribution
_LISTED = 4_096  # counts that are listed one by one
_REMOTE = 1e-10  # a probability beyond which no count is listed
_NOTHING = 1e-6  # a variance of a component that is all taken up by the estimates


def smooth_test(fit: Fit) -> HypothesisTest:
    """Test whether the fitted probabilities of the values are spread evenly; see `Fit.goodness`.

    The components are the first two Legendre polynomials of each row's probability: one sees the
    values lie too low or too high, the other too far out or too near the middle. Of a count or a
    censored row a component is its mean over what the value can be. The covariance is that under
    the fit, less what the estimates take up, from rows like the data that are drawn from the fit
    or, where nothing is hidden, by quadrature.
    """
    seen = observations_of(fit, NAME)
    rows = seen.some(_SAMPLE) if is_distributed(seen) else _some(seen)
    member = fit.distribution
    weights = np.ones(len(rows)) if rows.weights is None else rows.weights
    n, every = float(np.sum(weights)), max(fit.n, float(np.sum(weights)))
    with np.errstate(all="ignore"):
        total = weights @ _components(member, rows)
        typical, share = _typical(member, rows)
        covariance, scale = _covariance(fit, typical, share, n / every)
    by_sampling = fit.description.by_sampling
    size = float(np.sum(weights**2)) if by_sampling else n
    variances, axes = np.linalg.eigh(covariance)
    some = variances > _NOTHING
    if not (some.any() and np.isfinite(total).all()):
        raise FamilyError(
            f"{NAME} has nothing to say of {fit.family}: the estimates meet any spread of the "
            "probabilities."
        )
    along = (axes.T @ (total / scale))[some]
    statistic = float(np.sum(along**2 / variances[some])) / size
    df = int(np.count_nonzero(some))
    looked_at = f"Of {every:,.0f} values {n:,.0f} were looked at."
    return HypothesisTest(
        NAME,
        f"the data are of the {fit.family} family",
        statistic,
        chi2_tail(statistic, df),
        f"{degrees(df)}, in large samples",
        float(np.sqrt(statistic * size)) / n,
        (looked_at,) if n < 0.99 * every else (),
    )


def misfit(fit: Fit) -> str | None:
    """Return a sentence if the fit does not describe its data; else None, as without a test.

    The test says whether chance would do it, the largest difference of shares whether it matters.
    Where bounds overlap, Turnbull's estimate takes the place of both.
    """
    try:
        test = smooth_test(fit)
        if test.p_value > _LEVEL:
            return None
        found = largest_gap(fit.distribution, observations_of(fit, NAME))
        by = f" ({NAME}: p = {p_value(test.p_value)})"
    except LikeliestError:
        mixed, by = _between_bounds(fit), ""
        if mixed is None:
            return None
        found = mixed
    gap, where = found
    if gap < _MATERIAL:
        return None
    spread = observations_of(fit, NAME).spread()
    return (
        f"The likeliest {fit.family} is not a good description: at {number(where, error=spread)} "
        f"the share of values up to there differs by {gap:.2f} from the fitted probability, more "
        f"than chance would make it{by}. Look at the plot."
    )


def _between_bounds(fit: Fit) -> tuple[float, float] | None:
    """Return the largest gap beyond chance where values lie between bounds of their own."""
    seen = observations_of(fit, NAME)
    rows = seen.some(_SAMPLE) if is_distributed(seen) else _some(seen)
    if rows.lower is None or rows.truncated or serves(rows):
        return None
    try:
        return mixed_gap(fit.distribution, rows, _MATERIAL, _CRITICAL)
    except FamilyError:  # a user's own family need not have a cdf
        return None


def _some(seen: Observations) -> Observations:
    if len(seen) <= 5 * _SAMPLE:
        return seen
    plain = seen.exact and not seen.truncated
    return seen.subsample(_SAMPLE) if plain else seen.some(_SAMPLE)


def _components(member: Distribution, rows: Observations) -> Array:
    """Return both components of each row, of shape (rows, 2)."""
    out = np.zeros((len(rows), 2))
    for block in rows.blocks:
        low, high = shares(member, block)
        at = slice(None) if block.row is None else block.row
        if rows.has_windows_by_row:  # in which a departure shows as far as it reaches
            entry = 0.0 if block.entry is None else member.cdf(block.entry)
            exit_ = 1.0 if block.exit is None else member.cdf(block.exit)
            low, high = (entry + share * (exit_ - entry) for share in (low, high))
            out[at] = _means(low, high) - _means(np.asarray(entry), np.asarray(exit_))
        else:
            out[at] = _means(low, high)
    return out


def _means(low: Array, high: Array) -> Array:
    """Return the mean of both polynomials between two probabilities."""
    middle, width = 0.5 * (low + high) - 0.5, high - low
    second = 6.0 * (middle**2 + width**2 / 12.0) - 0.5
    return np.stack([np.sqrt(12.0) * middle, np.sqrt(5.0) * second], axis=-1)


def _covariance(fit: Fit, rows: Observations, share: Array, part: float) -> tuple[Array, Array]:
    """Return the covariance of a row's components, in units of their scale, and that scale.

    What the estimates take up is taken from it; they are from all rows, `part` of which are tested.
    Source: Thomas & Pierce (1979), J. Amer. Statist. Assoc. 74, 441-445.
    """
    components = _components(fit.distribution, rows)
    components = components - share @ components
    spread = np.sqrt(share @ components**2)
    components = components / np.where(spread > 0.0, spread, 1.0)
    made = components.T @ (components * share[:, None])
    scores = _scores(fit, rows)
    scores = scores - share @ scores
    scale = np.sqrt(share @ scores**2)
    scores = scores[:, scale > 0.0] / scale[scale > 0.0]
    if scores.size:
        information = scores.T @ (scores * share[:, None])
        cross = scores.T @ (components * share[:, None])
        made = made - part * cross.T @ np.linalg.lstsq(information, cross, rcond=1e-10)[0]
    return 0.5 * (made + made.T), np.where(spread > 0.0, spread, 1.0)


def _scores(fit: Fit, rows: Observations) -> Array:
    """Return each row's score by the parameters that were estimated at the rate of a mean.

    An end of the support is known so much better that its estimate takes up nothing.
    """
    member = fit.distribution
    bounds = member.bounds()
    is_centre = np.isneginf(bounds.low) and np.isposinf(bounds.high)
    free = fit.free + (fit.corners if is_centre else ())
    if not free:
        return np.zeros((len(rows), 0))
    held = {n: v for n, v in fit.parameters.items() if n not in free}
    objective = Objective.of(type(member), rows, held)
    return objective.scores(objective.coordinates.of(member))


# rows like the data


def _typical(member: Distribution, rows: Observations) -> tuple[Observations, Array]:
    """Return rows as they could have been seen under the fit, and how likely each is."""
    hidden = not rows.exact or rows.has_windows_by_row or bool(member.atoms)
    if hidden or (member.discrete and rows.truncated):
        return _drawn(member, rows)
    if member.discrete:
        low, high = float(member.quantile(_REMOTE)), float(member.upper_quantile(_REMOTE))
        if high - low < _LISTED:
            x = np.arange(low, high + 1.0)
            share = np.exp(member.log_prob(x))
            return Observations.of_checked(x), np.asarray(share / np.sum(share))
    u, share = _nodes()
    entry, exit_ = (
        np.array([end]) if column is None else column[:1]
        for column, end in ((rows.entry, -np.inf), (rows.exit, np.inf))
    )
    x = within(member, entry, exit_, u)
    return Observations.between(x, x, entry=rows.entry, exit=rows.exit), share


@cache
def _nodes() -> tuple[Array, Array]:
    """Return probabilities and weights of a quadrature over (0, 1).

    A cubic step makes the ends dense, where scores grow like powers of the logarithm.
    """
    t, weight = np.polynomial.legendre.leggauss(_NODES)
    t, weight = 0.5 * (1.0 + t), 0.5 * weight
    return t**2 * (3.0 - 2.0 * t), 6.0 * t * (1.0 - t) * weight


def _drawn(member: Distribution, rows: Observations) -> tuple[Observations, Array]:
    rng = np.random.default_rng(0)
    if rows.weights is not None and (rows.has_windows_by_row or rows.lower is not None):
        many = min(len(rows), _SAMPLE)
        marks = (np.arange(many) + rng.random(many)) * (np.sum(rows.weights) / many)
        at = np.searchsorted(np.cumsum(rows.weights), marks, side="right")
        rows = rows if _share_cells(rows) else rows.take(np.minimum(at, len(rows) - 1))
    provenance = replace(rows.provenance, by_sampling=False)
    redraw = Redraw.of(replace(rows, weights=None, row=None, provenance=provenance), NAME)
    many = max(1, _SAMPLE // len(rows))
    samples = next(iter(redraw.samples(member, many, rng)))
    made = samples.observations.cells(samples.step) if samples.step else samples.observations
    if made.lower is None or made.upper is None or made.has_windows_by_row:
        return made, np.full(len(made), 1.0 / len(made))
    order = np.lexsort((made.upper, made.lower))
    low, high = made.lower[order], made.upper[order]
    first = np.flatnonzero(np.append(True, (low[1:] != low[:-1]) | (high[1:] != high[:-1])))
    times = np.diff(np.append(first, len(made)))
    return made.take(order[first]), times / len(made)


def _share_cells(rows: Observations) -> bool:
    """Whether rows lie in classes or were rounded: then the rows that are drawn do not matter."""
    return bool(rows.provenance.rounding) or rows.n_exact == 0.0
