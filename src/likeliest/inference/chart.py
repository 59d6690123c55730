"""An estimate in the coordinates in which its law is near to normal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.errors import DataError, FamilyError
from likeliest.likelihood.coordinates import Coordinates
from likeliest.likelihood.frame import Frame

if TYPE_CHECKING:
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array


@dataclass(frozen=True)
class Chart:
    """The free parameters of a fit on the real line, with the covariance of their estimates.

    Parameters
    ----------
    coordinates : Coordinates
        In the user's unit; parameters that are fixed, on a bound or in a corner are held.
    u : array of shape (k,)
    covariance : array of shape (k, k)
    n : float
    """

    coordinates: Coordinates
    u: Array
    covariance: Array
    n: float

    @classmethod
    def of(cls, fit: Fit) -> Chart:
        """Return the chart of a fit; its data are not needed.

        Raises
        ------
        FamilyError
            If no estimate has a standard error: ends of the support have a law of their own.
        DataError
            If the data do not tell the parameters apart.
        """
        held = {n: v for n, v in fit.parameters.items() if n not in fit.free}
        if not fit.free:
            raise FamilyError(
                f"No parameter of this {fit.family} has a standard error, from which an interval "
                "of a function could follow: ends of the support have laws of their own, in "
                "fit.uncertainty, and what is fixed or on a bound has none."
            )
        coordinates = Coordinates(type(fit.distribution), held, Frame())
        slopes = coordinates.slopes(fit.distribution)[0]
        covariance = fit.covariance / np.outer(slopes, slopes)
        if not np.isfinite(covariance).all():
            raise DataError(
                f"The data cannot tell {' and '.join(fit.free)} apart: there are no standard "
                "errors to go on from."
            )
        return cls(coordinates, coordinates.of(fit.distribution), covariance, fit.n)

    @property
    def errors(self) -> Array:
        """Standard errors of the coordinates, of shape (k,)."""
        return np.sqrt(self.covariance.diagonal())

    @property
    def lengths(self) -> Array:
        """What one observation tells a coordinate to; of a logarithm at most 1."""
        locations = [c.is_location for c in self.coordinates.constraints]
        of_one = self.errors * np.sqrt(self.n)
        return np.where(locations, of_one, np.minimum(of_one, 1.0))
