"""The log likelihood of a fit about its estimate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.data.observations import is_distributed
from likeliest.errors import DataError
from likeliest.fitting.curvature import inverted
from likeliest.likelihood.objective import Objective

if TYPE_CHECKING:
    from likeliest.data.observations import Observations
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array
    from likeliest.optimise.newton import Points


@dataclass(frozen=True)
class Summit:
    """The objective of a fit, and the point of its estimate.

    Parameters
    ----------
    objective : Objective
        Of the free parameters; those fixed, on a bound or in a corner are held.
    points : Points
        Of one lane: the estimate.
    """

    objective: Objective
    points: Points

    @classmethod
    def of(cls, fit: Fit, what: str) -> Summit:
        """Return the summit of a fit; `what` needs its data."""
        observations = observations_of(fit, what)
        held = {n: v for n, v in fit.parameters.items() if n not in fit.free}
        objective = Objective.of(type(fit.distribution), observations, held)
        u = objective.coordinates.of(fit.distribution)
        return cls(objective, objective(u[None, :]))

    @property
    def u(self) -> Array:
        """The coordinates of the estimate, of shape (k,)."""
        return self.points.u[0]

    @property
    def value(self) -> float:
        """The log likelihood there, nats."""
        return float(self.points.value[0])

    @property
    def covariance(self) -> Array:
        """The inverse observed information by the coordinates.

        Raises
        ------
        DataError
            If the data do not tell the parameters apart.
        """
        try:
            with np.errstate(all="ignore"):
                errors, correlation = inverted(-self.points.hessian[0])
        except np.linalg.LinAlgError:
            errors = correlation = np.array(np.nan)
        if not (np.isfinite(errors).all() and np.isfinite(correlation).all()):
            raise DataError(
                f"The data cannot tell {' and '.join(self.objective.coordinates.free)} apart: the "
                "likelihood is flat in one direction."
            )
        return correlation * np.outer(errors, errors)

    @property
    def lengths(self) -> Array:
        """What one observation tells a coordinate to; at most its natural step."""
        of_one = np.sqrt(self.covariance.diagonal() * self.objective.n)
        return np.minimum(of_one, self.objective.reach)


def observations_of(fit: Fit, what: str) -> Observations:
    """Return the data of a fit, or raise DataError if it has none: it was loaded."""
    if fit.observations is None:
        raise DataError(
            f"{what} needs the data, and a saved fit does not hold them: give them back with "
            "fit.attach(data)."
        )
    return fit.observations


def rows_of(fit: Fit, what: str) -> Observations:
    """Return the data of a fit, or raise DataError if their rows are not at hand."""
    observations = observations_of(fit, what)
    if is_distributed(observations):
        raise observations.not_here(what)
    return observations
