"""The sentences of a report: one function for each idea."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import LikeliestError
from likeliest.fitting import gap
from likeliest.fitting.criteria import TIES
from likeliest.fitting.tables import CRITERION_NAMES
from likeliest.report.text import short, visible
from likeliest.tables import amount, interval, number

if TYPE_CHECKING:
    from likeliest.data.description import Description
    from likeliest.fitting.columns import ColumnComparison
    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.comparisons import Comparisons
    from likeliest.fitting.criteria import Criterion
    from likeliest.fitting.fits import Fits
    from likeliest.fitting.result import Fit
    from likeliest.language.models.evaluation import Evaluation
    from likeliest.language.models.predictor import Predictor

_LONG_NAME = 60
_FEW = 30
_MOST_NAMED = 4  # parameters that a sentence can hold
_SURELY = 1e6

INDEPENDENT = (
    "Everything here takes the values as independent draws from one distribution. Values that "
    "follow each other in time, or come from several sources, can break that, and the figures then "
    "look surer than they are."
)
MANY_COLUMNS = (
    "Each row is a column of the data, with the family that describes it best and its share of the "
    "evidence among the families compared (the weight). The next family lies Δ behind it: up to "
    "about 2 it does as well. Where a misfit was found, no family that was compared describes the "
    "column well."
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
    what = name_of(fit.description)
    if len(parts) > _MOST_NAMED:
        return (
            f"The likeliest {fit.family} distribution for {what} has {len(parts)} parameters; the "
            "table of estimates has them with their intervals."
        )
    within = f", with {percent(level)} intervals" if any(intervals.values()) else ""
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
    if close := [*compared.tied]:
        does = "does" if len(close) == 1 else "do"
        return (
            f"{listed(close)} {does} about as well (within {TIES[compared.criterion]:g} by "
            f"{criterion}), and the data cannot tell them apart"
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
            "Whether the family describes the data was not checked: of values that could be seen "
            "only within windows, in this mix, the data have no distribution function to hold the "
            "fitted one against."
        )
    try:
        fit.distribution.cdf(seen.high)
    except LikeliestError:
        return "The family has no distribution function, so that the fit could not be checked."
    if not fit.description.is_plain:
        return "The fitted curve was held against the data's own, and no sign of misfit was found."
    furthest, where = gap.largest_gap(fit.distribution, seen)
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


def how_ranked(criterion: Criterion) -> str:
    """Say how to read a ranking."""
    name = CRITERION_NAMES[criterion]
    cost = "" if criterion == "nll" else " and the number of parameters that it took"
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


def notes(fit: Fit, of_comparison: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return what a reader should know of a fit, each note once; its misfit is told elsewhere."""
    told = dict.fromkeys((*of_comparison, *fit.diagnostics.notes))
    return (*(note for note in told if note != fit.misfit), *few(fit))


def title_of_columns(columns: ColumnComparison, source: str) -> str:
    """Return the question that a report of many columns answers."""
    number_of = len(columns.names)
    of = f" of {short(visible(source), _LONG_NAME)}" if source else ""
    return f"Which distributions describe {number_of} column{'s'[: number_of != 1]}{of}?"


def columns(compared: ColumnComparison) -> tuple[str, ...]:
    """Say which families describe the columns, and which columns none describes well."""
    times = Counter(one.best.family for one in compared.values()).most_common()
    best = listed([f"{family} in {n}" for family, n in times])
    poor = [name for name, one in compared.items() if one.best.misfit]
    told = [f"The likeliest family is {best} of {len(compared)} columns."]
    if poor:
        told.append(
            f"In {len(poor)} of them even the likeliest is not a good description: {some(poor)}."
        )
    else:
        told.append("In none of them was a sign of misfit found.")
    if compared.not_fitted:
        told.append(f"Not fitted, for the reasons below: {some([*compared.not_fitted])}.")
    return tuple(told)


def groups(fits: Fits) -> tuple[str, ...]:
    """Say between what the estimates of many groups lie."""
    fitted = len(fits) - int(np.count_nonzero(fits.failed))
    what = name_of(fits.grouped.observations.description)
    told = [
        f"The {fits.family.name} distribution was fitted to {what} in {fitted:,} of {len(fits):,} "
        "groups."
    ]
    for name, estimates in fits.parameters.items():
        there = estimates[np.isfinite(estimates)]
        if name in fits.fixed:
            told.append(f"{name} was held at {number(fits.fixed[name])} in all.")
        elif there.size:
            low, middle, high = (number(q, 4) for q in np.quantile(there, [0.0, 0.5, 1.0]))
            told.append(
                f"Over the groups {name} lies between {low} and {high}; in the middle one it is "
                f"{middle}."
            )
    return told[0], " ".join(told[1:])


def rankings(compared: Comparisons) -> tuple[str, ...]:
    """Say how often each family is the best of many groups."""
    what = name_of(compared.grouped.observations.description)
    times = Counter(name for name in compared.best if name is not None).most_common()
    nowhere = compared.best.count(None)
    told = []
    if times:
        best = listed([f"{family} in {n:,}" for family, n in times])
        told.append(f"Of {len(compared):,} groups of {what} the best family is {best}.")
    if nowhere:
        told.append(
            f"In {nowhere:,} groups no family could be ranked by "
            f"{CRITERION_NAMES[compared.criterion]}: they have too few values, or none could be "
            "fitted."
        )
    return tuple(told)


def some(names: list[str], most: int = 8) -> str:
    """Return the first of many names, and how many more there are.

    Examples
    --------
    >>> some(["a", "b", "c", "d"], 2)
    'a, b and 2 more'
    """
    shown = [short(visible(name), _LONG_NAME) for name in names[:most]]
    more = len(names) - most
    return listed([*shown, f"{more:,} more"] if more > 0 else shown)


LIKELIEST_MODEL = (
    "A language model gives each symbol of a text a probability, from the symbols before it. It "
    "was made from counts of how often runs of symbols (n-grams) occur; smoothing leaves some "
    "probability to runs that did not."
)
HOW_PREDICTION_IS_MEASURED = (
    "The negative log likelihood (NLL) adds up how surprising each symbol is; less is better. The "
    "perplexity is e to its mean: the model is as unsure as if it chose among so many equally "
    "likely symbols each time. Bits per character compare models that cut text into other symbols."
)


def title_of_model(source: str) -> str:
    """Return the title of the report of a language model."""
    return f"Language model {short(visible(source), _LONG_NAME)}" if source else "A language model"


def model(of: Predictor) -> str:
    """Say what a language model is."""
    before = of.order - 1
    looks = f"the last {before} symbols" if before > 1 else "the last symbol" if before else "none"
    return (
        f"This is {_kind(of)}: it looks at {looks} to predict the next, one of "
        f"{len(of.vocabulary):,}."
    )


def _kind(of: Predictor) -> str:
    from likeliest.language import MLPModel, NGramModel

    what = of.tokenizer.name
    if isinstance(of, NGramModel):
        smoothed = "out smoothing" if of.smoothing == "mle" else f" {of.smoothing} smoothing"
        return f"a model of {what} of order {of.order} with{smoothed}"
    if isinstance(of, MLPModel):
        return f"a network of {what} with {of.weights.hidden_bias.size:,} hidden units"
    return f"a mixture of models of {what}"


def prediction(found: Evaluation | None) -> tuple[str, ...]:
    """Say how well a model predicts a text."""
    if found is None:
        return ()
    if not math.isfinite(found.nll):
        return (
            "It gives some symbols of the text probability 0, so that its perplexity is infinite: "
            "it is not smoothed, or does not know them.",
        )
    return (
        f"Its perplexity on a text of {found.symbols:,} symbols is {number(found.perplexity, 4)}: "
        f"{number(found.bits_per_character, 4)} bits per character.",
    )


def doubts_of_model(found: Evaluation | None) -> tuple[str, ...]:
    """Return what is doubtful about a language model."""
    if found is None:
        return ("How well it predicts was not measured here: no text was given.",)
    told = [
        "A text that the model was made from flatters it: only one that it has not seen tells how "
        "well it predicts."
    ]
    if found.unknown:
        share = 100.0 * found.unknown / found.symbols
        told.append(
            f"{found.unknown:,} symbols of the text ({share:.2g} %) are unknown to the model, and "
            "count as one symbol that stands for all such."
        )
    return tuple(told)
