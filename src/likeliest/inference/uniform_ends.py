"""The ends of a uniform: exact laws of their estimates, from exact and from rounded values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from likeliest.inference.at_risk import are_cells, at_risk
from likeliest.inference.first_cell import (
    EndCell,
    FirstCell,
    expected_to_share,
    rise,
    whole_numbers,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.data.observations import Observations


def cells(
    ends: Mapping[str, float], observations: Observations, fixed: Mapping[str, float]
) -> dict[str, EndCell]:
    """Return what rows that are not all exact tell of each free end."""
    if are_cells(observations):
        found = _outermost(observations, fixed)
    else:
        low, high = ends["low"], ends["high"]
        others = 0.0 if fixed else 1.0
        found = {
            "low": EndCell(low, low, 0.0, at_risk(observations, low) - others, high),
            "high": EndCell(high, high, 0.0, at_risk(observations, high, below=True) - others, low),
        }
    return {name: cell for name, cell in found.items() if name not in fixed}


def _outermost(observations: Observations, fixed: Mapping[str, float]) -> dict[str, EndCell]:
    first, last = observations.outermost()
    n = observations.n
    from_low, from_high = n - max(last[2], 1.0), n - max(first[2], 1.0)
    from_low, to_high = (n, fixed["high"]) if "high" in fixed else (from_low, last[0])
    from_high, to_low = (n, fixed["low"]) if "low" in fixed else (from_high, first[1])
    return {
        "low": EndCell(*first, from_low, to_high),
        "high": EndCell(*last, from_high, to_low),
    }


def exact_interval(
    ends: Mapping[str, float], name: str, n: float, level: float, fixed: Mapping[str, float]
) -> tuple[float, float]:
    """Return the interval of an end fitted to n exact values.

    (high - max) / (max - min) has a law without parameters; n - 1 values lie within the others'
    reach, n if the other end is known.
    """
    low, high = ends["low"], ends["high"]
    beyond = _beyond(high - low, n if fixed else n - 1.0, level)
    return (low - beyond, low) if name == "low" else (high, high + beyond)


def exact_interval_of_whole(
    ends: Mapping[str, float], name: str, n: float, level: float, fixed: Mapping[str, float]
) -> tuple[float, float]:
    """Return the interval of a whole end fitted to n whole numbers that are known as they stand.

    That n numbers keep below an end has the probability (count seen / count)^n: the furthest end at
    which it is not too small. It covers with at least the probability stated.
    """
    low, high = ends["low"], ends["high"]
    beyond = math.floor(_beyond(high - low + 1.0, n if fixed else n - 1.0, level))
    return (low - beyond, low) if name == "low" else (high, high + beyond)


def interval(
    ends: Mapping[str, float], name: str, cell: EndCell, level: float, fixed: Mapping[str, float]
) -> tuple[float, float]:
    """Return the interval of an end fitted to rows that are not all exact.

    Of rounded values an end is known by how many of them lie in its cell. Given how many lie in the
    cell at the other end, the rest are uniform up to that cell, whatever the other end is: the law
    of the likelihood ratio then knows no other parameter, and its test, summed over all that
    could have been seen, gives the interval (`first_cell`). It covers with at least the
    probability stated; where a few values share a cell, with up to some 3 % more. Of cells
    much finer than the gaps between values, and of intervals that overlap, the interval is that of
    exact values, from either edge of the first.

    Source: a parameter-free law given what is known of the others: Lehmann & Romano (2005), ch. 4.
    """
    whole = ends["high"] - ends["low"]
    if name == "high":
        mirrored = EndCell(-cell.upper, -cell.lower, cell.count, cell.n, -cell.inside)
        low, high = _of_low(mirrored, whole, level, fixed)
        return -high, -low
    return _of_low(cell, whole, level, fixed)


def _of_low(
    cell: EndCell, whole: float, level: float, fixed: Mapping[str, float]
) -> tuple[float, float]:
    upper = min(cell.upper, cell.inside) if fixed else cell.upper
    rest, width = cell.inside - cell.upper, cell.upper - cell.lower
    if rest > 0.0 and expected_to_share(cell, np.log1p(width / rest)):
        low, high = _first_cell(cell, width, rest).interval(level)
        return cell.upper + low, cell.upper + high
    return cell.lower - _beyond(whole + 2.0 * width, cell.n, level), upper


def _beyond(width: float, n: float, level: float) -> float:
    """Return how far an end may lie beyond the outermost of n values, `width` from where they end.

    (high - max)/(max - low) > t has probability (1 + t)^-n.
    """
    return width * float(np.expm1(-np.log1p(-level) / n)) if n > 0 else np.inf


def _first_cell(cell: EndCell, width: float, rest: float) -> FirstCell:
    """Return the cell of the low end, its upper edge at 0; values are uniform from there to `rest`.

    About that edge no digits are lost where the values are large beside their spread.
    """
    k, n = whole_numbers(cell)

    def exponent(a: float, b: float) -> float:
        return math.log1p((b - a) / (rest - b)) if b < rest else np.inf

    whole = exponent(-width, 0.0)
    best = min(-math.log1p(-k / n), whole) if k < n else whole

    def ratio(end: float) -> float:
        if end < -width:
            return float(rise(k, n, whole, whole)) + n * exponent(end, -width)
        return float(rise(k, n, exponent(end, 0.0), whole))

    return FirstCell(-width, 0.0, k, n, lambda _: exponent, ratio, best=-rest * math.expm1(best))
