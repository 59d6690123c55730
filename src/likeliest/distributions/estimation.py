"""What fitting asks of a family: derivatives, statistics, starts, and where no maximum is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np

from likeliest.distributions.derivatives import Derivatives, Side, Total, by_differences, rows
from likeliest.numerics.arrays import in_single, is_tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import numpy.typing as npt

    from likeliest.distributions.corner import Corner
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Constraint, Parameter
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array


class Estimation(ABC):
    """The part of a distribution that fitting asks for; every hook has a default or is optional.

    Class attributes that a family states
    -------------------------------------
    concentrates : dict
        Parameters that, run to the limit given, put all density on one point, so that the
        likelihood of equal values has no maximum: {"std": "0"}. Empty if none do.
    centre : str
        The parameter that says where that point is; empty if those above do.
    corners : dict
        Parameters along which the likelihood has corners, ends of the support above all, so that
        its maximum can lie in one: {"scale": Corner.LOW_END}. A search is made for those; the
        other parameters are climbed in at each. See `Corner`.
    has_one_top : bool
        Whether the likelihood along each of these, at its highest over the other parameters, rises
        to one top and falls, whatever bounds the rows have: so for every location-scale family
        whose density, and log-location-scale family whose density of log x, is log-concave.
    starts_highest : tuple of str, optional
        Of exact values, `start` begins with the likeliest member, as long as no other parameter is
        fixed than these: a walk from there is all the search that these get. None: it is not
        known.
    non_smooth : bool
        Whether there are such corners. It follows.
    anchored : bool
        Whether points of its own stand on the axis of x, such as known bounds, so that values
        cannot be fitted in another unit or from another origin.
    special_cases : dict
        For smaller families that this one holds, by name, the parameters that make it that family:
        {"exponential": {"shape": 1.0}}.
    special_conditions : dict
        For smaller families that this one holds under a condition on several parameters at once,
        by name, the condition in words.
    starts_many : bool
        Whether `start` takes many samples as well, a row of values for each, as long as nothing
        is fixed; and the likelihood of values that differ, none of them common, has a maximum.
    remainder : tuple, optional
        Of shares that add up to 1, the name of the one that is no parameter but what the others
        leave, and the names of those.
    """

    constraints: ClassVar[dict[str, Constraint]] = {}
    concentrates: ClassVar[Mapping[str, str]] = {}
    centre: ClassVar[str] = ""
    corners: ClassVar[Mapping[str, Corner]] = {}
    has_one_top: ClassVar[bool] = False
    starts_highest: ClassVar[tuple[str, ...] | None] = None
    special_cases: ClassVar[Mapping[str, Mapping[str, float]]] = {}
    special_conditions: ClassVar[Mapping[str, str]] = {}
    non_smooth: ClassVar[bool] = False
    anchored: ClassVar[bool] = False
    starts_many: ClassVar[bool] = False
    remainder: ClassVar[tuple[str, tuple[str, ...]] | None] = None

    @property
    @abstractmethod
    def parameters(self) -> dict[str, Parameter]:
        """The parameters by name."""

    @classmethod
    def unchecked(cls, **parameters: Parameter) -> Self:
        """Make a member from parameters that are known to lie in their range."""
        made = object.__new__(cls)
        made.__dict__.update(parameters)
        return made

    @abstractmethod
    def log_prob(self, x: Array) -> Array:
        """Log density (or log mass) at x."""

    @abstractmethod
    def log_cdf(self, x: Array) -> Array:
        """Log P(X ≤ x), nats."""

    @abstractmethod
    def log_sf(self, x: Array) -> Array:
        """Log P(X > x), nats."""

    @abstractmethod
    def _log_prob(self, x: Array) -> Array:
        """Log density or log mass, nats, for x inside the support; NumPy or tensors."""

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        """d log_prob / d parameter, one term a parameter; NumPy or tensors.

        By default from differences, of NumPy alone.
        """
        if is_tensor(x) or any(map(is_tensor, self.parameters.values())):
            raise NotImplementedError
        return self._differences(type(self).log_prob, x).score

    def information(self) -> tuple[Parameter, ...]:
        """Return the Fisher information of one observation: the upper triangle, row by row."""
        raise NotImplementedError

    def errors(self) -> tuple[tuple[Parameter, ...], Parameter] | None:
        """Return the standard errors from one observation and the correlation, of two parameters.

        Where a formula keeps what inverting the information loses.
        """
        return None

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        """Return the sums of log density, score and Hessian from shared intermediates.

        By default from differences of the log density, row by row. A family's own formula may not
        change an array that it has handed to `total`, which may keep it.
        """
        terms = self._differences(type(self).log_prob, x)
        value, score, hessian = terms
        return Derivatives(
            total(value), tuple(total(s) for s in score), tuple(total(h) for h in hessian)
        )

    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        """Return log P(X ≤ x) or log P(X > x) with its derivatives, one entry a value.

        By default from differences; of a family whose support has an end that is a parameter, from
        those of the tail itself, which near the end is straight where its logarithm is steep.
        """
        log_tail = type(self).log_cdf if side is Side.BELOW else type(self).log_sf
        if not self.ends():
            return self._differences(log_tail, x)
        here = log_tail(self, x)
        share = self._differences(lambda member, x: np.exp(log_tail(member, x) - here), x)
        pairs = combinations_with_replacement(share.score, 2)
        bends = tuple(h - a * b for h, (a, b) in zip(share.hessian, pairs, strict=True))
        return Derivatives(here, share.score, bends)

    def natural_sizes(self) -> tuple[Parameter, ...]:
        """Return for each parameter a length over which the density changes by a good part."""
        scales = [
            value
            for (_, value), c in zip(
                self.parameters.items(), self.constraints.values(), strict=True
            )
            if c.power == 1 and not c.is_location
        ]
        return tuple(
            constraint.size(value, scales[0] if scales else None)
            for value, constraint in zip(
                self.parameters.values(), self.constraints.values(), strict=True
            )
        )

    def _differences(self, function: Callable[[Self, Array], Array], x: Array) -> Derivatives:
        """Return a function of this distribution and x with its derivatives, by differences.

        Steps are shortened where one leaves the parameters' range or the support of a value. Those
        of an end of the support are outwards: a value may lie on it.
        """
        cls, names = type(self), tuple(self.constraints)
        sides = tuple(cls.corners[n].outwards if n in cls.corners else 0 for n in names)
        values = tuple(self.parameters.values())
        sizes = self.natural_sizes()

        def at(*moved: Parameter) -> Array:
            return function(cls.unchecked(**dict(zip(names, moved, strict=True))), x)

        here = None
        with np.errstate(all="ignore"):
            for step in _STEPS:
                terms = by_differences(at, values, [step * size for size in sizes], sides)
                here = terms if here is None else here
                if np.isfinite(rows(terms)).all():
                    return terms
        return here if here is not None else terms

    def notes(self, sample: Sample, estimated: Collection[str]) -> tuple[str, ...]:
        """Say what a reader of a fit to this sample should know; other parameters were held."""
        return ()

    def told(self) -> str:
        """Say in a sentence what this member is, where its parameters alone do not; mostly ""."""
        return ""

    def at_end(self, name: str) -> str:
        """Say what it means that the estimate of a parameter sits on the bound of its range."""
        value = getattr(self, name)
        return f"{name} is on the bound of its range, {value:g}: it has no standard error."

    def exact_range(self, n: float, tail: float) -> tuple[float, float] | None:
        """Return between which values n values have the probability `tail` at least.

        Of the only parameter, where this member has it on a bound of its range, so that the n
        values are as extreme as can be. None: no such formula is known.
        """
        return None

    def without_top(self, sample: Sample) -> tuple[str, str] | None:
        """Say why a climb that ended at this member came to no maximum, and what to do.

        None: the family knows of nothing but what any climb shows.
        """
        return None

    def simpler(self) -> Distribution | None:
        """Return the member of a smaller family that this one is on the bound of its range.

        The t with df = ∞ is a normal. None: it is no other.
        """
        return None

    @classmethod
    def is_singular(
        cls, sample: Sample, fixed: Mapping[str, float]
    ) -> Callable[[Self], npt.NDArray[np.bool_]] | None:
        """Return a test for members beyond which the likelihood of the sample is singular.

        It takes a member with arrays of parameters too, and answers for each. None: there are none.
        """
        return None

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members from which the maximiser sets out.

        By default: a location at the median, a scale at the standard deviation, a pure number that
        may be negative near 0 on either side, ½ in the unit interval, and 1 otherwise. The last
        start is wider, for densities that are 0 beyond some distance.
        """
        values = np.asarray(sample.values, dtype=np.float64)
        location, spread = float(np.median(values)), float(np.std(values)) or 1.0
        free = any(c.is_free and c.power == 0 for c in cls.constraints.values())
        sides = _SIDES if free else _SIDES[:1]
        return [
            cls(
                **{
                    name: _guess(c, location, spread * wider, near)
                    for name, c in cls.constraints.items()
                }
            )
            for near, wider in sides
        ]

    @classmethod
    def near_tops(cls, sample: Sample) -> tuple[Self, npt.NDArray[np.bool_]] | None:
        """Return a member near the highest top of each of many samples, and where that is sure.

        Of values known as they stand; so that a climb need not set out from every start. None: no
        quicker way is known.
        """
        return None

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        """Say why the likelihood of this sample has no maximum, or None if it has one."""
        common = sample.common()
        free_to = cls.concentrates and not set(fixed) & set(cls.concentrates)
        if common is None or not free_to:
            return None
        low, high = common
        if not np.isfinite(low) or not np.isfinite(high):
            return None  # censored on one side: which way it rises shows on the climb
        centre = cls.centre_of(fixed)
        if centre is not None and not low - _near(low) <= centre <= high + _near(high):
            return None
        limits = " and ".join(f"{name} → {limit}" for name, limit in cls.concentrates.items())
        # Where one value is known as it stands, all others can be it.
        how = "grows without limit" if low == high else "rises towards 1"
        same = sample.low == sample.high
        where = f"can lie between {low:g} and {high:g}"
        if low == high:
            where = f"are {low:g}" if same else f"can be {low:g}"
        return f"{how} as {limits}: all values {where}"

    @classmethod
    def ends(cls) -> tuple[str, ...]:
        """Return the parameters at which the support ends, and the likelihood with it."""
        return tuple(name for name, corner in cls.corners.items() if corner.is_end)

    @classmethod
    def other_starts(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return more members to start from, where values stand for rows that are not exact."""
        return []

    @classmethod
    def centre_of(cls, fixed: Mapping[str, float]) -> float | None:
        """Return the point that fixed parameters make the density concentrate on, if any."""
        return fixed.get(cls.centre)

    def shifted(self, origin: float) -> Self:
        """Return the distribution of X + origin, for a family with a location."""
        moved = {
            name: value + origin if c.is_location else value
            for (name, value), c in zip(
                self.parameters.items(), self.constraints.values(), strict=True
            )
        }
        return type(self)(**moved)

    def rescaled(self, factor: float) -> Self:
        """Return the distribution of factor · X, factor > 0."""
        scaled = {
            name: getattr(self, name) * factor**constraint.power
            for name, constraint in self.constraints.items()
        }
        return type(self)(**scaled)

    def _in_single(self) -> Self:
        """Return the same with tensors in float32: 8 or 11 bits would be lost within a formula."""
        return type(self)(**{name: in_single(v) for name, v in self.parameters.items()})


def _guess(constraint: Constraint, location: float, spread: float, near: float) -> float:
    """Return where a parameter starts, of which only the range and the unit are known."""
    if constraint.is_location:
        return location
    if constraint.is_free:
        return near if constraint.power == 0 else float(spread**constraint.power)
    if np.isfinite(constraint.high):
        return 0.5 * (constraint.low + constraint.high)
    return constraint.low + max(spread**constraint.power, 1e-300)


_SIDES = ((0.1, 1.0), (-0.1, 1.0), (0.1, 10.0))
"""Pure numbers to start from, and how many standard deviations a scale is then.

At 0 itself a formula such as (1 + ξ z)^(-1/ξ) is not defined.
"""
_STEPS = (1e-3, 1e-4, 1e-5, 1e-6)  # of the natural size: shortened near an end of the support


def _near(value: float) -> float:
    """Return how far from a value another is that differs from it by rounding."""
    return float(4.0 * np.spacing(abs(value)))
