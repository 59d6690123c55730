"""Rows as one family sees them: within its support, its own reading of whole numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.rows import Kind, Rows
from likeliest.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.support import Support
    from likeliest.numerics.arrays import Array, Mask


def matched(family: type[Distribution], observations: Observations) -> tuple[Rows, ...]:
    """Return the blocks of rows with bounds beyond the support taken as open.

    Rows that tell nothing, because they are certain, are left out. For a family of whole numbers a
    lower bound that belongs to its interval moves down by one.
    """
    made: list[Rows] = []
    for block in observations.blocks:
        if block.kind is Kind.EXACT and block.window is None:
            made.append(block)
            continue
        read = _whole(block, closed=observations.lower_closed) if family.discrete else block
        made.extend(_windowed(read, family.support))
    return tuple(made)


def as_exact(family: type[Distribution], observations: Observations) -> Observations:
    """Return observations as exact values: of an interval the middle of what the support leaves."""
    if observations.lower is None or observations.upper is None:
        return observations.without_windows() if observations.truncated else observations
    support, lower, upper = family.support, observations.lower, observations.upper
    if support.whole and not observations.lower_closed:  # X > 0 begins at 1
        lower = np.where(lower < upper, np.floor(lower) + 1.0, lower)
    lower, upper = np.maximum(lower, support.low), np.minimum(upper, support.high)
    middle = np.where(
        np.isinf(lower), upper, np.where(np.isinf(upper), lower, 0.5 * lower + 0.5 * upper)
    )
    return type(observations).of_checked(middle, observations.weights)


def without_certain(family: type[Distribution], observations: Observations) -> Observations:
    """Return observations less the rows that any member of a family is certain of.

    Raises
    ------
    DataError
        If no row is left.
    """
    if observations.lower is None or observations.upper is None:
        return observations
    support, lower, upper = family.support, observations.lower, observations.upper
    tells = ~(_from_below(lower, support) & (upper >= support.high)) | (lower == upper)
    if not tells.any():
        raise DataError(
            f"All rows are certain under {family.name} ({support.describe()}): they tell nothing."
        )
    if tells.all():
        return observations
    weights = None if observations.weights is None else observations.weights[tells]
    some = type(observations).between(lower[tells], upper[tells], weights=weights)
    return replace(some, lower_closed=observations.lower_closed)


def _whole(block: Rows, *, closed: bool) -> Rows:
    """Return bounds as whole numbers: X > a or X ≤ b."""

    def floor(column: Array | None) -> Array | None:
        return None if column is None else np.floor(column)

    a = block.a
    if block.kind is not Kind.EXACT:
        a = np.ceil(a) - 1.0 if closed and block.kind is not Kind.BELOW else np.floor(a)
    entry = floor(block.entry)
    if entry is not None and block.kind in {Kind.ABOVE, Kind.BETWEEN}:  # now that both are whole
        a = np.maximum(a, entry)
    return block._replace(a=a, b=floor(block.b), entry=entry, exit=floor(block.exit))


def _windowed(block: Rows, support: Support) -> Iterator[Rows]:
    """Yield the rows with windows that end within the support, and their bounds likewise."""
    if block.entry is not None and (open_ := _from_below(block.entry, support)).any():
        yield from _windowed(_where(block, open_)._replace(entry=None), support)
        if not open_.all():
            yield from _windowed(_where(block, ~open_), support)
    elif block.exit is not None and (open_ := block.exit >= support.high).any():
        yield from _windowed(_where(block, open_)._replace(exit=None), support)
        if not open_.all():
            yield from _windowed(_where(block, ~open_), support)
    else:
        yield from _bounded(block, support)


def _bounded(block: Rows, support: Support) -> Iterator[Rows]:
    """Yield the rows whose bounds tell something."""
    a, b = block.a, block.b
    if block.kind is Kind.EXACT:
        yield block
    elif block.kind is Kind.ABOVE:
        yield from _some(block, ~_from_below(a, support))
    elif block.kind is Kind.BELOW:
        yield from _some(block, a < support.high)
    elif b is not None:
        no_low, no_high = _from_below(a, support), b >= support.high
        yield from _some(block._replace(kind=Kind.BELOW, a=b, b=None), no_low & ~no_high)
        yield from _some(block._replace(kind=Kind.ABOVE, b=None), no_high & ~no_low)
        yield from _some(block, ~no_low & ~no_high)


def _from_below(bound: Array, support: Support) -> Mask:
    """Whether all values that the support holds lie above a bound."""
    return np.asarray(bound < support.low if support.has_mass_at_low else bound <= support.low)


def _some(block: Rows, mask: Mask) -> Iterator[Rows]:
    if mask.any():
        yield _where(block, mask)


def _where(block: Rows, mask: Mask) -> Rows:
    return block if mask.all() else block.take(mask)
