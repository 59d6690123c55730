"""Giving a fit that was loaded its data back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from likeliest.data.observations import Observations
from likeliest.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from likeliest.fitting.result import Fit

_SAME = 1e-8  # relative: of the log likelihood, by which data are told


def attach(
    fit: Fit, data: ArrayLike | Observations, weights: ArrayLike | None, rounding: float
) -> Fit:
    """Return the fit with its data; see `Fit.attach`."""
    observations = Observations.of(data, weights, rounding)
    found = float(fit.distribution.log_likelihood(observations))
    n = observations.n
    if abs(n - fit.n) > _SAME * fit.n:
        raise DataError(
            f"These are not the data of the fit: they are {n:,.12g} values, and {fit.n:,.12g} "
            "were fitted."
        )
    if not abs(found - fit.log_likelihood) <= _SAME * (abs(fit.log_likelihood) + n):
        raise DataError(
            f"These are not the data of the fit: its log likelihood of them is {found:.10g} "
            f"nats, and it was {fit.log_likelihood:.10g}. Were they rounded, censored or weighted?"
        )
    made = replace(fit, observations=observations)
    made.__dict__["diagnostics"] = fit.diagnostics
    return made
