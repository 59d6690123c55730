"""Functions of a member of a family of rows, by the coordinates about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from likeliest.inference.delta import PROBE, Delta, checked_scale, scale_of_range
from likeliest.inference.functions import Function

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.distributions.multivariate.multivariate import Multivariate
    from likeliest.inference.delta import Scale
    from likeliest.numerics.arrays import Array


@dataclass(frozen=True, eq=False)
class Chart:
    """The coordinates about an estimate, with the covariance of the estimate in them.

    Parameters
    ----------
    origin : Multivariate
        The estimate, at 0.
    covariance : array of shape (k,) or (k, k)
        The first of coordinates that do not depend on each other.
    """

    origin: Multivariate
    covariance: Array

    @property
    def errors(self) -> Array:
        """Standard errors of the coordinates."""
        c = self.covariance
        return np.sqrt(np.maximum(c if c.ndim == 1 else c.diagonal(), 0.0))

    def spread(self, slopes: Array) -> Array:
        """Return the covariance of what has these slopes, of shape (values, k)."""
        c = self.covariance
        return (slopes * c if c.ndim == 1 else slopes @ c) @ slopes.T

    def member(self, u: Array) -> Multivariate:
        """Return the member at coordinates u."""
        return self.origin.moved(u)

    # What `Function` asks of the coordinates of one-dimensional families.

    def members(self, u: Array) -> tuple[Multivariate]:
        """Return the member on the only lane; a family of rows takes one at a time."""
        if len(u) > 1:
            raise TypeError("members of a family of rows are evaluated one by one")
        return (self.origin.moved(u[0]),)

    @property
    def frame(self) -> Chart:
        """The unit of the members: the user's."""
        return self

    def leave(self, member: Multivariate) -> Multivariate:
        """Return the member in the user's unit."""
        return member

    def function(self, call: Callable[[Any], Any]) -> Function:
        """Return a function of the distribution as one of the coordinates."""
        k = self.errors.size
        return Function(call, cast("Any", self), np.zeros(k), np.ones(k))

    def delta(self, call: Callable[[Any], Any], scale: Scale | None) -> Delta:
        """Return how sure a function of the distribution is, by its slopes."""
        function = self.function(call)
        value = function.value.ravel()
        variance = self.spread(function.moving_slopes()).diagonal()
        chosen = self._scale(function) if scale is None else checked_scale(scale, value)
        return Delta(function, np.sqrt(variance), chosen)

    def _scale(self, function: Function) -> Scale:
        """Return the scale of a range that the function does not leave far from the estimate."""
        reach = np.diag(PROBE * self.errors)
        try:
            far = function.at(np.concatenate([reach, -reach, *self.origin.beyond()]))
        except (ValueError, ArithmeticError):  # some functions are of the members near by alone
            return "identity"
        return scale_of_range(function.value.ravel(), far)
