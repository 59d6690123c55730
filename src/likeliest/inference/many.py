"""Intervals and errors of many groups: at once where it can be, else group by group."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar, get_args

import numpy as np

from likeliest.errors import LikeliestError, ParameterError
from likeliest.inference.levels import checked_level, require_choice
from likeliest.inference.sandwich import Errors
from likeliest.inference.uncertainty import Method

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.fitting.fits import Fits
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

T = TypeVar("T")


def of_each(fits: Fits, ask: Callable[[Fit], T]) -> tuple[dict[int, T], dict[int, str]]:
    """Return what the fit of each group answers, by its place, and why others do not.

    Raises
    ------
    LikeliestError
        If no group answers: what the first one says.
    """
    answers: dict[int, T] = {}
    reasons = dict(fits.found.reasons)
    refusal: LikeliestError = ParameterError("No group could be fitted: there is nothing to ask.")
    for group in np.flatnonzero(~fits.failed).tolist():
        try:
            answers[group] = ask(fits.at(group))
        except LikeliestError as error:
            refusal = error if len(reasons) == len(fits.found.reasons) else refusal
            reasons[group] = str(error)
    if not answers:
        raise refusal
    return answers, reasons


def with_errors_of_many(fits: Fits, kind: Errors) -> Fits:
    """Return fits with standard errors of another kind; see `Fits.with_errors`."""
    require_choice("kind", kind, get_args(Errors))
    if kind == "cluster":
        raise ParameterError(
            "Errors by clusters are of one fit: take fits[key].with_errors("
            '"cluster", clusters=ids), with an id for each row of that group.'
        )
    made, _ = of_each(replace(fits, errors_by="observed"), lambda fit: fit.with_errors(kind))
    found = replace(
        fits.found,
        errors=np.full_like(fits.found.errors, np.nan),
        correlations=np.full_like(fits.found.correlations, np.nan),
    )
    for group, one in made.items():
        found.put_errors(group, one)
    return replace(fits, found=found, errors_by=kind)


def intervals_of_many(fits: Fits, level: float, method: Method) -> dict[str, tuple[Array, Array]]:
    """Return the ends of the intervals of each parameter, an entry a group."""
    require_choice("method", method, get_args(Method))
    level = checked_level(level)
    if method == "wald":
        return _by_wald(fits, level)
    found, _ = of_each(fits, lambda fit: fit.intervals(level, method))
    ends = np.full((2, len(fits.family.constraints), len(fits)), np.nan)
    for group, pairs in found.items():
        for i, pair in enumerate(pairs.values()):
            if pair is not None:
                ends[:, i, group] = pair
    return dict(zip(fits.family.constraints, zip(*ends, strict=True), strict=True))


def _by_wald(fits: Fits, level: float) -> dict[str, tuple[Array, Array]]:
    """Return the ends by the standard error where there is one, as `Wald` does of one.

    Ends of the support, and a rate or share on its bound, have exact laws, which are asked group
    by group.
    """
    from scipy.special import ndtri

    z = float(ndtri(0.5 + 0.5 * level))
    estimates, errors = fits.parameters, fits.standard_errors
    made: dict[str, tuple[Array, Array]] = {}
    for name, constraint in fits.family.constraints.items():
        with np.errstate(all="ignore"):
            centre = constraint.unconstrain(estimates[name])
            width = z * errors[name] / constraint.slope(estimates[name])
            low, high = constraint.constrain(centre - width), constraint.constrain(centre + width)
        made[name] = np.asarray(low), np.asarray(high)
    has_exact = fits.family.non_smooth or len(fits.family.constraints) == 1
    if has_exact and fits.errors_by == "observed":
        _by_single_fits(fits, level, made)
    return made


def _by_single_fits(fits: Fits, level: float, made: dict[str, tuple[Array, Array]]) -> None:
    """Fill in the intervals of parameters that have no standard error."""
    unsure = np.isnan(np.stack([*fits.standard_errors.values()])).any(axis=0) & ~fits.failed
    for group in np.flatnonzero(unsure).tolist():
        for name, pair in fits.at(group).intervals(level).items():
            if pair is not None:
                made[name][0][group], made[name][1][group] = pair
