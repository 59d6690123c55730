"""How sure estimates are, from the curvature of the log likelihood at its top."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from likeliest.likelihood import kernels
from likeliest.numerics.definite import WIDE, factorised
from likeliest.optimise.newton import condition

if TYPE_CHECKING:
    from likeliest.data.rows import Rows
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.likelihood.frame import Frame
    from likeliest.numerics.arrays import Array

_SINGULAR = 1e13  # condition of a sum of products whose rows tell the same


@dataclass(frozen=True)
class Curvature:
    """Minus the Hessian of the log likelihood at its top: the observed information.

    Parameters
    ----------
    information : array of shape (k, k)
        By the coordinates in which the top was found.
    slopes : array of shape (k,)
        Of the parameters by those coordinates, in the user's unit.
    """

    information: Array
    slopes: Array
    counts_rows: ClassVar[bool] = True

    @cached_property
    def condition(self) -> float:
        """The condition number, the diagonal scaled to 1."""
        return condition(-self.information) if self.slopes.size else 1.0

    @cached_property
    def _inverse(self) -> tuple[Array, Array]:
        with np.errstate(all="ignore"):
            return inverted(self.information)

    @property
    def errors(self) -> Array:
        """Standard errors, of shape (k,)."""
        with np.errstate(over="ignore"):
            return self._inverse[0] * np.abs(self.slopes)

    @property
    def correlation(self) -> Array:
        """Correlation of the estimates, of shape (k, k)."""
        sign = np.sign(self.slopes)
        return self._inverse[1] * np.outer(sign, sign)


@dataclass(frozen=True)
class Formula:
    """The information of n observations by the family's formula, at its estimate.

    Parameters
    ----------
    member : Distribution
        In a unit in which its information lies within float64.
    free : tuple of str
    n : float
    frame : Frame
        That unit.
    """

    member: Distribution
    free: tuple[str, ...]
    n: float
    frame: Frame
    counts_rows: ClassVar[bool] = True

    @cached_property
    def _inverse(self) -> tuple[Array, Array, float]:
        with np.errstate(all="ignore"):
            return self._inverted()

    def _inverted(self) -> tuple[Array, Array, float]:
        if len(self.free) == len(self.member.constraints):
            by_formula = self._plain().errors()
            if by_formula is not None:
                errors = np.asarray(by_formula[0], dtype=np.float64) / np.sqrt(self.n)
                correlation = symmetric((1.0, by_formula[1], 1.0))
                return errors, correlation, condition(-correlation)  # of two it is the same
        information = self.n * self._of_one()
        return *inverted(information), condition(-information) if self.free else 1.0

    def _plain(self) -> Distribution:
        """Return the member with numbers of NumPy's, whose division by 0 is no error."""
        parameters = {name: np.float64(value) for name, value in self.member.parameters.items()}
        return type(self.member).unchecked(**parameters)

    def _of_one(self) -> Array:
        if not self.free:
            return np.zeros((0, 0))
        full = symmetric(self._plain().information())
        names = list(self.member.constraints)
        at = [names.index(name) for name in self.free]
        return full[np.ix_(at, at)]

    @property
    def errors(self) -> Array:
        """Standard errors, of shape (k,)."""
        with np.errstate(over="ignore"):
            return self._inverse[0] * self.frame.units(type(self.member), self.free)

    @property
    def correlation(self) -> Array:
        """Correlation of the estimates, of shape (k, k)."""
        return self._inverse[1]

    @property
    def condition(self) -> float:
        """The condition number, the diagonal scaled to 1."""
        return self._inverse[2]


@dataclass(frozen=True)
class OfRows:
    """The sum of outer products of the rows' scores, where curvature at the top says nothing.

    Its expectation is that of the observed information (the second Bartlett identity).

    Parameters
    ----------
    member : Distribution
        In a frame in which squares of its scores lie within float64.
    free : tuple of str
    blocks : tuple of Rows
        In that frame.
    frame : Frame
    """

    member: Distribution
    free: tuple[str, ...]
    blocks: tuple[Rows, ...]
    frame: Frame
    counts_rows: ClassVar[bool] = True

    @cached_property
    def information(self) -> Array:
        """The sum of outer products, of shape (k, k)."""
        names = list(self.member.constraints)
        at = [names.index(name) for name in self.free]
        information = np.zeros((len(at), len(at)))
        with np.errstate(all="ignore"):
            for block in self.blocks:
                score = kernels.scores(self.member, block)[:, at]
                weighed = score if block.weight is None else score * block.weight[:, None]
                information += weighed.T @ score
        return information

    @cached_property
    def _inverse(self) -> tuple[Array, Array, float]:
        k = len(self.free)
        with np.errstate(all="ignore"):
            spread = condition(-self.information)
            if k > 1 and not spread < _SINGULAR:  # scores that are the same but for their rounding
                return np.full(k, np.inf), np.eye(k), np.inf
            return *inverted(self.information), spread

    @property
    def errors(self) -> Array:
        """Standard errors, of shape (k,)."""
        return self._inverse[0] * self.frame.units(type(self.member), self.free)

    @property
    def correlation(self) -> Array:
        """Correlation of the estimates, of shape (k, k)."""
        return self._inverse[1]

    @property
    def condition(self) -> float:
        """The condition number, the diagonal scaled to 1."""
        return self._inverse[2]


@dataclass(frozen=True)
class Recorded:
    """Standard errors and correlations as they are: saved with a fit, or of another kind.

    Parameters
    ----------
    errors : array of shape (k,)
    correlation : array of shape (k, k)
    condition : float
    counts_rows : bool
        Whether they take a weight for a number of rows that were seen.
    """

    errors: Array
    correlation: Array
    condition: float
    counts_rows: bool = True


def symmetric(triangle: tuple[Parameter, ...]) -> Array:
    """Return a symmetric matrix from its upper triangle, row by row.

    Examples
    --------
    >>> symmetric((1.0, 2.0, 3.0)).tolist()
    [[1.0, 2.0], [2.0, 3.0]]
    """
    k = round((np.sqrt(8.0 * len(triangle) + 1.0) - 1.0) / 2.0)
    full, upper = np.zeros((k, k)), np.triu_indices(k)
    full[upper] = full.T[upper] = triangle
    return full


def inverted(information: Array) -> tuple[Array, Array]:
    """Return standard errors and correlations from an information matrix.

    Of a singular one, as two rows give that tell the same, errors are infinite.
    """
    if information.size == 0:
        return np.zeros(0), information
    if information.size == 1:
        return 1.0 / np.sqrt(information[0]), np.ones((1, 1))
    # With its diagonal scaled to 1, units far apart do no harm.
    scale = 1.0 / np.sqrt(information.diagonal())
    scaled = information * (scale[:, None] * scale)
    factors = factorised(scaled) if scale.size >= WIDE else None
    try:
        inverse = np.linalg.inv(scaled) if factors is None else factors.inverse()
    except np.linalg.LinAlgError:
        return np.full(scale.size, np.inf), np.eye(scale.size)
    covariance = np.asarray(inverse, np.float64)
    spread = np.sqrt(covariance.diagonal())
    return spread * scale, covariance / (spread[:, None] * spread)
