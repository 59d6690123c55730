"""What a route found: the likeliest member, and what it knows of the likelihood there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from likeliest.distributions.statistics import SufficientStatistics
from likeliest.errors import ParameterError, UnboundedLikelihoodError
from likeliest.likelihood.frame import Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.curvature import Curvature, Formula, OfRows, Recorded

_NUMBERS = ("weight", "low", "high", "average", "pivot")  # of sufficient statistics


class Sums(NamedTuple):
    """The sufficient statistics that an estimate followed from, with the frame of their values."""

    statistics: SufficientStatistics
    frame: Frame

    def to_dict(self) -> dict[str, Any]:
        """Return the sums, ready for JSON."""
        s, frame = self
        numbers = {name: float(getattr(s, name)) for name in _NUMBERS}
        mean = [float(m) for m in s.mean]
        return {**numbers, "mean": mean, "origin": float(frame.origin), "unit": float(frame.unit)}

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Sums:
        """Return the sums that `to_dict` wrote."""
        numbers = {name: float(saved[name]) for name in _NUMBERS}
        mean = tuple(np.float64(m) for m in saved["mean"])
        frame = Frame(float(saved["origin"]), float(saved["unit"]))
        return cls(SufficientStatistics(**numbers, mean=mean), frame)


D = TypeVar("D", bound="Distribution")


@dataclass(frozen=True, slots=True)
class Found:
    """The top that a route came to.

    Parameters
    ----------
    member : Distribution
        In the user's unit.
    log_likelihood : float
    free : tuple of str
        The parameters estimated at a level top of the likelihood.
    curvature : Curvature or Formula
        What the errors of those follow from.
    corners : tuple of str
        Parameters estimated where the likelihood has a corner: ends of the support.
    stretches : tuple of str
        Parameters along which the likelihood is level.
    bounds : dict
        Parameters that sit on a closed end of their range, with that end.
    iterations : int
        Newton steps; 0 of a closed form.
    gradient_norm : float or None
        Length of the score in units of standard errors; None where the top is a corner.
    passes : int
        Readings of the full data.
    notes : tuple of str
        What the route has to tell a reader.
    sums : Sums, optional
        Of an estimate in closed form: new rows are added to them.
    """

    member: Distribution
    log_likelihood: float
    free: tuple[str, ...]
    curvature: Curvature | Formula | OfRows | Recorded
    corners: tuple[str, ...] = ()
    stretches: tuple[str, ...] = ()
    bounds: dict[str, float] = field(default_factory=dict)
    iterations: int = 0
    gradient_norm: float | None = 0.0
    passes: int = 0
    notes: tuple[str, ...] = ()
    sums: Sums | None = None


def within_range(family: type[Distribution], made: Callable[[], D]) -> D:
    """Return the member that an estimate makes: none of the family means that there is no maximum.

    Raises
    ------
    UnboundedLikelihoodError
        If a parameter has run to an end of its range.
    """
    try:
        return made()
    except ParameterError as error:
        raise UnboundedLikelihoodError(
            f"The likelihood of {family.name} has no maximum within its parameters' range: {error}"
        ) from None
