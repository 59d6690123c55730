"""How much a choice among families can be trusted: held-out likelihood, draws, averages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from likeliest.data.groups import Grouped
from likeliest.data.keys import numbered
from likeliest.distributions.arguments import generator_of
from likeliest.errors import DataError, ParameterError
from likeliest.fitting import criteria
from likeliest.fitting.many import found_of
from likeliest.inference.levels import checked_level, require_positive
from likeliest.likelihood.objective import Objective
from likeliest.tables import ShownAsTable, Table, frame, number

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    import polars as pl

    from likeliest.data.observations import Observations
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.comparison import Comparison
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array, Indices
    from likeliest.tables import Library

_MOST = 2_000_000  # values that are drawn together
_NEGLIGIBLE = 1e-6  # a weight with which a family has no part in an average


@dataclass(frozen=True, eq=False, repr=False)
class CrossValidation(ShownAsTable):
    """The log likelihood that families give to values that they were not fitted to.

    Parameters
    ----------
    families : tuple of str
        The best first.
    folds : int
    mean : array of shape (families,)
        The mean log likelihood of a held-out value, nats.
    difference, error : arrays of shape (families,)
        How far the mean lies below that of the best, and the standard error of that difference.
    left_out : dict
        Families that could not be fitted in every fold, with the reason.

    Source: Stone (1977), J. Roy. Statist. Soc. B 39, 44-47.
    """

    families: tuple[str, ...]
    folds: int
    mean: Array
    difference: Array
    error: Array
    left_out: dict[str, str]

    @overload
    def to_frame(self, library: Literal["polars"] = "polars") -> pl.DataFrame: ...

    @overload
    def to_frame(self, library: Literal["pandas"]) -> pd.DataFrame: ...

    def to_frame(self, library: Library = "polars") -> pl.DataFrame | pd.DataFrame:
        """Return a row for each family as a data frame of polars or pandas."""
        return frame(
            {
                "family": self.families,
                "mean": self.mean.tolist(),
                "difference": self.difference.tolist(),
                "error": self.error.tolist(),
            },
            library,
        )

    def table(self) -> Table:
        """Return the families as a table, the best first."""
        rows = tuple(
            (name, number(float(mean)), number(float(less), 3), number(float(error), 3))
            for name, mean, less, error in zip(
                self.families, self.mean, self.difference, self.error, strict=True
            )
        )
        columns = ("family", "held-out log likelihood", "below the best", "std error")
        left_out = tuple(f"left out: {name}: {why}" for name, why in self.left_out.items())
        return Table(f"{self.folds} folds · nats a value", columns, rows, left_out)


@dataclass(frozen=True, slots=True)
class Average:
    """A number that several families give, averaged by their weights.

    Parameters
    ----------
    value : float
    standard_error : float
        Unconditional: what each family is unsure of, and what they differ by.
    """

    value: float
    standard_error: float

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return an interval that covers with probability `level`, were the average normal."""
        from scipy.special import ndtri

        half = float(ndtri(0.5 + 0.5 * checked_level(level))) * self.standard_error
        return self.value - half, self.value + half


def cross_validated(comparison: Comparison, folds: int, seed: int) -> CrossValidation:
    """Return the held-out log likelihood of each family; see `Comparison.cross_validate`."""
    seen, step = _data_of(comparison, "Cross-validation")
    n = len(seen)
    require_positive("folds", folds)
    if not 2 <= folds <= n:
        raise ParameterError(f"folds must be from 2 to the number of rows, {n:,}; got {folds}.")
    fold = generator_of(seed).permutation(np.arange(n) % folds)
    others = [np.flatnonzero(fold != i) for i in range(folds)]
    held_out = [seen.take(np.flatnonzero(fold == i)) for i in range(folds)]
    training = _grouped(seen, others)
    weights = np.ones(n) if seen.weights is None else seen.weights
    terms: dict[str, Array] = {}
    left_out: dict[str, str] = {}
    for fit in comparison.fits:
        family = type(fit.distribution)
        rounding = 0.0 if family.discrete else step
        found = found_of(family, training.rounding(rounding), {}, {})
        if found.reasons:
            fold_, why = next(iter(found.reasons.items()))
            left_out[family.name] = f"without fold {fold_ + 1} {why}"
            continue
        by_row = np.zeros(n)
        for i, rows in enumerate(held_out):
            member = family.unchecked(
                **dict(zip(family.constraints, found.parameters[i], strict=True))
            )
            by_row[fold == i] = _terms(member, rows, rounding)
        terms[family.name] = by_row
    if not terms:
        raise DataError(f"No family could be fitted in every fold. {'; '.join(left_out.values())}")
    total = float(np.sum(weights))
    mean = {name: float(weights @ by_row) / total for name, by_row in terms.items()}
    names = sorted(mean, key=lambda name: -mean[name])
    below, errors = [], []
    for name in names:
        less = terms[names[0]] - terms[name]
        with np.errstate(invalid="ignore"):
            below.append(mean[names[0]] - mean[name])
            spread = float(weights @ (less - below[-1]) ** 2) / total
        errors.append(np.sqrt(spread / total))
    return CrossValidation(
        tuple(names), folds, np.array([mean[name] for name in names]),
        np.array(below), np.array(errors), left_out,
    )  # fmt: skip


def selected(comparison: Comparison, draws: int, seed: int) -> dict[str, float]:
    """Return how often each family is best of rows drawn anew; see `Comparison.selection`."""
    require_positive("draws", draws)
    seen, step = _data_of(comparison, "A bootstrap of the choice")
    rng, n = generator_of(seed), len(seen)
    share = None if seen.weights is None else seen.weights / np.sum(seen.weights)
    times = dict.fromkeys((fit.family for fit in comparison.fits), 0)
    many = max(1, _MOST // n)
    for first in range(0, draws, many):
        count = min(many, draws - first)
        drawn = [rng.choice(n, n if share is None else max(1, round(seen.n)), p=share)
                 for _ in range(count)]  # fmt: skip
        groups = _grouped(_unweighted(seen), drawn)
        values = np.stack([_criterion(fit, groups, step, comparison) for fit in comparison.fits])
        known = np.isfinite(values).any(axis=0)
        best = np.argmin(np.where(np.isnan(values), np.inf, values), axis=0)[known]
        for place in best.tolist():
            times[comparison.fits[place].family] += 1
    total = sum(times.values())
    if not total:
        raise DataError("No family could be fitted to any of the samples.")
    return {name: count / total for name, count in times.items()}


def averaged(comparison: Comparison, function: Callable[[Distribution], float]) -> Average:
    """Return a function of the distribution averaged over families; see `Comparison.average`."""
    values, errors, weights = [], [], []
    for fit, weight in zip(comparison.fits, comparison.weights, strict=True):
        if weight <= _NEGLIGIBLE:
            continue
        # Where ends of the support are estimated no slopes give an error.
        one = fit.estimate(function, method="delta" if fit.free else "bootstrap")
        if np.ndim(one.value):
            raise ParameterError("Only one number can be averaged: the function gives an array.")
        values.append(float(one.value))
        errors.append(float(one.standard_error))
        weights.append(weight)
    shares = np.array(weights) / np.sum(weights)
    value = float(shares @ values)
    return Average(value, float(shares @ np.hypot(errors, np.array(values) - value)))


def _data_of(comparison: Comparison, what: str) -> tuple[Observations, float]:
    if comparison.observations is None:
        raise DataError(f"{what} needs the data, and this comparison does not hold them.")
    if comparison.observations.provenance.by_sampling:
        raise DataError(
            f"{what} draws or leaves out rows, and sampling weights do not tell how they were "
            "drawn."
        )
    return comparison.observations, comparison.rounding


def _grouped(seen: Observations, rows: list[Indices]) -> Grouped:
    sizes = np.array([one.size for one in rows])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return Grouped(numbered(len(sizes)), seen.take(np.concatenate(rows)), starts)


def _unweighted(seen: Observations) -> Observations:
    return replace(seen, weights=None)


def _criterion(fit: Fit, groups: Grouped, step: float, comparison: Comparison) -> Array:
    """Return the criterion of a family for each sample; NaN where it has no estimate."""
    family = type(fit.distribution)
    found = found_of(family, groups.rounding(0.0 if family.discrete else step), {}, {})
    return np.array(
        [
            criteria.evaluate(comparison.criterion, float(value), fit.estimated, float(n))
            if np.isfinite(value)
            else np.nan
            for value, n in zip(found.log_likelihood, found.n, strict=True)
        ]
    )


def _terms(member: Distribution, rows: Observations, step: float) -> Array:
    """Return each held-out row's log likelihood; rows stay in order where they are rounded."""
    return Objective.of(type(member), rows.cells(step) if step else rows, {}).terms(member)
