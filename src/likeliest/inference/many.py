"""Confidence intervals of many groups at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from likeliest.inference.levels import checked_level

if TYPE_CHECKING:
    from likeliest.fitting.fits import Fits
    from likeliest.numerics.arrays import Array


def intervals_of_many(fits: Fits, level: float) -> dict[str, tuple[Array, Array]]:
    """Return the ends of the intervals of each parameter, an entry a group.

    By Wald where there is a standard error, as `Wald` does of one. Ends of the support, and a rate
    or share on its bound, have exact laws, which are asked group by group.
    """
    from scipy.special import ndtri

    z = float(ndtri(0.5 + 0.5 * checked_level(level)))
    estimates, errors = fits.parameters, fits.standard_errors
    made: dict[str, tuple[Array, Array]] = {}
    for name, constraint in fits.family.constraints.items():
        with np.errstate(all="ignore"):
            centre = constraint.unconstrain(estimates[name])
            width = z * errors[name] / constraint.slope(estimates[name])
            low, high = constraint.constrain(centre - width), constraint.constrain(centre + width)
        made[name] = np.asarray(low), np.asarray(high)
    if fits.family.non_smooth or len(fits.family.constraints) == 1:
        _by_single_fits(fits, level, made)
    return made


def _by_single_fits(fits: Fits, level: float, made: dict[str, tuple[Array, Array]]) -> None:
    """Fill in the intervals of parameters that have no standard error."""
    unsure = np.isnan(np.stack([*fits.standard_errors.values()])).any(axis=0) & ~fits.failed
    for group in np.flatnonzero(unsure).tolist():
        for name, pair in fits.at(group).intervals(level).items():
            if pair is not None:
                made[name][0][group], made[name][1][group] = pair
