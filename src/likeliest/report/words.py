"""The sentences of a report: one function for each idea."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from likeliest.errors import LikeliestError
from likeliest.fitting import gap
from likeliest.fitting.tables import CRITERION_NAMES
from likeliest.report.text import short, visible
from likeliest.tables import amount, interval, number

if TYPE_CHECKING:
    from likeliest.data.description import Description
    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.result import Fit

_LONG_NAME = 60
_HARDLY = 2.0  # a difference in AIC that means little: Burnham & Anderson (2002), section 2.6
_FEW = 30
_SURELY = 1e6

INDEPENDENT = (
    "Everything here takes the values as independent draws from one distribution. Values that "
    "follow each other in time, or come from several sources, can break that, and the figures then "
    "look surer than they are."
)
LIKELIEST = (
    "The estimates are the values of the parameters under which the data are likeliest (maximum "
    "likelihood)."
)


def name_of(seen: Description) -> str:
    """Return what the data are called, fit for a sentence."""
    return short(visible(seen.label), _LONG_NAME) or "the values"


def percent(level: float) -> str:
    """Return a level as it is said: `95 %`."""
    return f"{100 * level:.12g} %"


def estimates(fit: Fit, level: float) -> str:
    """Say which member of the family is the likeliest, and how sure its parameters are."""
    intervals, errors = fit.intervals(level), fit.standard_errors
    parts = []
    for name, value in fit.parameters.items():
        pair = intervals[name]
        held = " (held)" if name in fit.fixed else ""
        sure = held if pair is None else f" ({interval(pair, 4)})"
        parts.append(f"{name} {number(value, 4, errors[name])}{sure}")
    within = f", with {percent(level)} intervals" if any(intervals.values()) else ""
    what = name_of(fit.description)
    return f"The likeliest {fit.family} distribution for {what} has {listed(parts)}{within}."


def winner(compared: Comparison) -> str:
    """Say which family describes the data best, and by how much."""
    best, what = compared.best.family, name_of(compared.best.description)
    if len(compared) == 1:
        left_out = len(compared.left_out)
        others = f"; {left_out} other{'s'[: left_out != 1]} could not be ranked" if left_out else ""
        return f"The {best} distribution is the only one that was fitted to {what}{others}."
    poorly = ", but not well" if compared.best.misfit else ""
    return (
        f"Of {len(compared)} families, the {best} distribution describes {what} best{poorly}: "
        f"{_lead(compared)}."
    )


def _lead(compared: Comparison) -> str:
    """Say how far the best lies before the next."""
    criterion = CRITERION_NAMES[compared.criterion]
    following, delta = compared.fits[1].family, compared.deltas[1]
    if delta < _HARDLY:
        close = [
            fit.family
            for fit, behind in zip(compared.fits[1:], compared.deltas[1:], strict=True)
            if behind < _HARDLY
        ]
        does = "does" if len(close) == 1 else "do"
        return (
            f"{listed(close)} {does} about as well (within {_HARDLY:g} by {criterion}), and "
            "the data cannot tell them apart"
        )
    ratio = math.exp(min(delta if compared.criterion == "nll" else 0.5 * delta, 700.0))
    times = f"{ratio:.2g}" if ratio < 10.0 else f"{ratio:,.0f}"
    told = f"{times} times" if ratio < _SURELY else "more than a million times"
    return f"it is {told} likelier than the next, {following}, by {criterion}"


def listed(names: list[str]) -> str:
    """Return names as a list in a sentence.

    Examples
    --------
    >>> listed(["gamma", "weibull", "normal"])
    'gamma, weibull and normal'
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def match(fit: Fit) -> str:
    """Say how well the fit describes its data."""
    if fit.misfit:
        return fit.misfit
    seen = fit.observations
    if seen is None:
        return "The data are not with this fit, so that it cannot be held against them here."
    if not gap.can_judge(seen):
        return (
            "Whether the family describes the data was not checked: of values that are known only "
            "within bounds that overlap, or were seen only within windows, the data have no "
            "distribution function to hold the fitted one against."
        )
    try:
        furthest, where = gap.largest_gap(fit.distribution, seen)
    except LikeliestError:
        return "The family has no distribution function, so that the fit could not be checked."
    if not fit.description.is_plain:
        return "The fitted curve was held against the data's own, and no sign of misfit was found."
    return (
        "No sign of misfit was found: the share of the values up to any point differs by "
        f"{furthest:.2g} at most from the fitted probability, at {number(where)}."
    )


def sureness(level: float) -> str:
    """Say what an interval means."""
    return (
        f"The {percent(level)} interval of a parameter is made so that in {percent(level)} of "
        "samples like this one it would hold the true value, if the family is right. The standard "
        "error is about half of the width of a 68 % interval."
    )


def ranking(compared: Comparison) -> str:
    """Say how to read the ranking."""
    name = CRITERION_NAMES[compared.criterion]
    cost = "" if compared.criterion == "nll" else " and the number of parameters that it took"
    return (
        f"Families are ranked by {name}, made from the likelihood that each reached{cost}: less is "
        f"better. Δ{name} is how far a family lies behind the best; up to about 2 it does as well, "
        "from about 10 on next to nothing speaks for it. The weight is each family's share of the "
        "evidence, 1 in all."
    )


def few(fit: Fit) -> tuple[str, ...]:
    """Say so where there are few values."""
    if fit.n >= _FEW:
        return ()
    return (
        f"There are only {amount(fit.n)} values: the intervals rest on laws for large samples, and "
        "families that differ in their tails can hardly be told apart.",
    )


def doubts(fit: Fit, notes: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return what is doubtful about a fit, each once; `notes` are those of the comparison."""
    told = dict.fromkeys((*notes, *fit.diagnostics.notes))
    return (*(note for note in told if note != fit.misfit), *few(fit), INDEPENDENT)
