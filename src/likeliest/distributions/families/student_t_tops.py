"""Finds near which member each of many likelihoods by Student's t is highest.

For df ≥ 1 the likelihood of location and scale has one top (Kent & Tyler 1991), so that its height
is a function of df alone. Its slope is taken at a few df: where it changes its sign once, the
highest top lies there; where it rises throughout, the normal may be best. A top with df < 1 stands
on a crowd of values: there is none where the likelihood on each crowd rises with df.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from likeliest.distributions.families.location_scale import dense_spots
from likeliest.distributions.sample import first_positive, quantiles
from likeliest.numerics.standard import t_tilt

if TYPE_CHECKING:
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array, Mask

_AT_ONCE = 16_384  # values whose arrays stay in the processor's cache
_FROM, _DOWN = (1.0, 4), ((0.7, 2), (0.5, 2))  # df at which the slope is taken, passes there
_UP = (
    (1.4, 2),
    (2.0, 2),
    *((2.0 ** (half / 2), 1) for half in range(3, 12)),
    (128.0, 1),
    (512.0, 1),
)
_CROWDS = ((0.3, 4), (0.5, 2))  # the same of crowds
_NORMAL = 1500.0  # df to climb from to df = ∞
_LEAST_ROOM = 1.2  # times the df at which equal values make the likelihood singular
_FEWEST = 16  # values of a sample: of fewer, any two are a crowd
_LEAST_WIDTH = 0.25  # of half the middle half of the values, from which a crowd is left or not


class Tops(NamedTuple):
    """A member near the highest top of each sample, and whether it surely is near that one.

    Parameters
    ----------
    df, loc, scale : arrays of shape (samples, 1)
    is_sure : array of shape (samples,)
    """

    df: Array
    loc: Array
    scale: Array
    is_sure: Mask


class _Spot(NamedTuple):
    """Top of the likelihood at one df, and whether it rises with df there; one a sample."""

    loc: Array
    scale: Array
    rises: Mask


def tops(sample: Sample) -> Tops:
    """Return a member near the highest top of each of many samples.

    Parameters
    ----------
    sample : Sample
        With values and weights of shape (samples, m), known as they stand.
    """
    many, m = sample.values.shape
    weights = np.full(sample.values.shape, 1.0 / m)
    if sample.weights is not None:
        weights = sample.weights / sample.weights.sum(axis=1, keepdims=True)
    share = np.ravel(sample.commonest()[1]) * m * weights.max(axis=1)
    step = max(1, _AT_ONCE // m)
    parts = [slice(first, first + step) for first in range(0, many, step)]
    found = [_tops(sample.values[part], weights[part], share[part]) for part in parts]
    return Tops(*map(np.concatenate, zip(*found, strict=True)))


def _tops(values: Array, weight: Array, share: Array) -> Tops:
    sorted_ = np.sort(values, axis=1)
    low, middle, high = map(np.asarray, quantiles(sorted_, [0.25, 0.5, 0.75]))
    mean = np.sum(weight * values, axis=1, keepdims=True)
    square = (values - mean) ** 2
    variance = np.sum(weight * square, axis=1, keepdims=True)
    half = np.asarray(first_positive(0.5 * (high - low), np.sqrt(variance)))
    # At df = ∞ the likelihood falls towards smaller df where the tails are lighter than a normal's.
    is_light = np.sum(weight * square * square, axis=1) < 3.0 * variance[:, 0] ** 2
    df = np.full(len(values), _NORMAL)
    loc, scale = mean[:, 0].copy(), np.sqrt(variance[:, 0])
    is_sure = (_LEAST_ROOM * share / (1.0 - share) < _CROWDS[0][0]) & (values.shape[1] >= _FEWEST)
    is_sure &= _leave_crowds(values, weight, sorted_, half)
    rose = np.ones_like(is_sure)
    for i, (here, at) in enumerate(_walk(values, weight, _Spot(middle[:, 0], half[:, 0], rose))):
        is_sure &= rose | ~at.rises  # one that rises again has several tops
        is_sure &= at.rises | (i > 0)
        top = rose & ~at.rises
        df[top], loc[top], scale[top] = 0.85 * here, at.loc[top], at.scale[top]
        rose = at.rises
    is_sure &= rose == is_light  # farther out the top is too flat to be sure of
    return Tops(df[:, None], loc[:, None], scale[:, None], is_sure)


def _walk(values: Array, weight: Array, start: _Spot) -> list[tuple[float, _Spot]]:
    """Return tops at df from small to large, of the likelihood at each."""
    first = _settled(values, weight, *_FROM, start)
    found = [(_FROM[0], first)]
    for way in (_DOWN, _UP):
        at = first
        for df, passes in way:
            at = _settled(values, weight, df, passes, at)
            found.append((df, at))
    return sorted(found, key=lambda one: one[0])


def _leave_crowds(values: Array, weight: Array, sorted_: Array, half: Array) -> Mask:
    """Return the samples whose likelihood rises with df from every crowd of values."""
    leave = np.ones(len(values), dtype=bool)
    for centre, width in dense_spots(sorted_):
        at = _Spot(np.ravel(centre), np.ravel(np.maximum(width, _LEAST_WIDTH * half)), leave)
        for df, passes in _CROWDS:
            at = _settled(values, weight, df, passes, at)
            leave &= at.rises
    return leave


def _settled(values: Array, weight: Array, df: float, passes: int, at: _Spot) -> _Spot:
    """Return the top at one df that a few passes lead to.

    By Newton's steps where the likelihood is concave and they are short, else by those of the EM
    algorithm whose scale is divided by the sum of its weights (Kent, Tyler & Vardi 1994).
    """
    loc, scale = at.loc, at.scale
    for _ in range(passes):
        deviation = values - loc[:, None]
        width = df * scale * scale
        share = 1.0 / (deviation * deviation + width[:, None])
        weighted = weight * share
        total, pull = weighted.sum(axis=1), _sums(weighted, deviation)
        deviation *= share
        square, cross = _sums(weighted, share), _sums(weighted, deviation)
        # Derivatives by location and log scale, over df + 1.
        slope = df / (df + 1.0) - width * total
        bend, both = total - 2.0 * width * square, -2.0 * width * cross
        bend_of_scale = -2.0 * width * (total - width * square)
        left = bend * bend_of_scale - both * both
        move = (both * slope - bend_of_scale * pull) / left
        growth = (both * pull - bend * slope) / left
        is_near = (bend < 0.0) & (left > 0.0) & (np.abs(growth) < 1.0) & (np.abs(move) < scale)
        centre = pull / total
        spread = np.sqrt((1.0 - width * total) / total - centre * centre)
        loc = loc + np.where(is_near, move, centre)
        scale = np.where(is_near, scale * np.exp(growth), spread)
    part = (values - loc[:, None]) ** 2 / (df * scale * scale)[:, None]
    by_df = t_tilt(df) - _sums(weight, np.log1p(part))
    by_df += (1.0 + 1.0 / df) * _sums(weight, part / (1.0 + part))
    return _Spot(loc, scale, by_df > 0.0)


def _sums(weight: Array, terms: Array) -> Array:
    return np.einsum("ij,ij->i", weight, terms)
