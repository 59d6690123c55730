"""The law of a known function of X that only rises or only falls: what its families share."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from likeliest.distributions.bases import inside_support
from likeliest.distributions.combinators.part import Part
from likeliest.distributions.derivatives import Derivatives, Side
from likeliest.distributions.made import OfOne, part_of, starts_of
from likeliest.errors import FamilyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from likeliest.distributions.derivatives import Total
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array


def with_density(family: Any, find: Callable[[Any], type[Distribution]], what: str) -> Any:
    """Return the family that a part is, or say that it has to have a density everywhere."""
    of = part_of(family, find, what)
    if of.discrete or of.atoms:
        why = "counts whole numbers" if of.discrete else "has a probability at a point"
        raise FamilyError(f"{what} cannot be made of {of.name}, which {why}.")
    return of


class Image(OfOne):
    """The law of a function of X without unknowns, X being of the family.

    Class attributes that a family states
    -------------------------------------
    falling : bool
        Whether the function falls, so that the tails change places.
    of_what : str
        The function as it is written: "-x".
    """

    falling: ClassVar[bool]
    of_what: ClassVar[str]

    @classmethod
    @abstractmethod
    def forward(cls, y: Array) -> Array:
        """Return the function of values of the family."""

    @classmethod
    @abstractmethod
    def inverse(cls, x: Array) -> Array:
        """Return the values of the family of which x is the function; arrays or tensors."""

    @classmethod
    @abstractmethod
    def log_slope(cls, x: Array) -> Array:
        """Return the log of how fast the inverse changes at x."""

    @property
    def signs(self) -> tuple[float, ...]:
        """By what each parameter is multiplied to be that of the family: 1 or -1."""
        return (1.0,) * len(self.constraints)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return self.original.log_prob(self.inverse(x)) + self.log_slope(x)

    def _cdf(self, x: Array) -> Array:
        return (self.original.sf if self.falling else self.original.cdf)(self.inverse(x))

    def _sf(self, x: Array) -> Array:
        return (self.original.cdf if self.falling else self.original.sf)(self.inverse(x))

    def _log_cdf(self, x: Array) -> Array:
        return (self.original.log_sf if self.falling else self.original.log_cdf)(self.inverse(x))

    def _log_sf(self, x: Array) -> Array:
        return (self.original.log_cdf if self.falling else self.original.log_sf)(self.inverse(x))

    def _quantile(self, q: Array) -> Array:
        inner = self.original
        return self.forward((inner.upper_quantile if self.falling else inner.quantile)(q))

    def _upper_quantile(self, q: Array) -> Array:
        inner = self.original
        return self.forward((inner.quantile if self.falling else inner.upper_quantile)(q))

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        size = shape[: len(shape) - len(self.batch_shape)]
        return self.forward(self.original.sample(size, rng))

    def log_interval(self, lower: Array, upper: Array) -> Array:
        return self.original.log_interval(*self._ends(lower, upper))

    def _ends(self, lower: Array, upper: Array) -> tuple[Array, Array]:
        """Return between which values of the family x lies in an interval."""
        with np.errstate(over="ignore"):
            ends = self.inverse(lower), self.inverse(upper)
        return ends[::-1] if self.falling else ends

    # likelihood

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        terms = self._signed(self.original.derivatives(self.inverse(x), total))
        return terms._replace(log_prob=terms.log_prob + total(self.log_slope(x)))

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        if self.falling:
            side = Side.ABOVE if side is Side.BELOW else Side.BELOW
        return self._signed(self.original.tail_derivatives(self.inverse(x), side))

    def interval_derivatives(self, lower: Array, upper: Array) -> Derivatives:
        return self._signed(self.original.interval_derivatives(*self._ends(lower, upper)))

    def _signed(self, terms: Derivatives) -> Derivatives:
        """Return the family's derivatives as those by the parameters of this law."""
        signs = self.signs
        if min(signs) > 0.0:
            return terms
        pairs = (a * b for i, a in enumerate(signs) for b in signs[i:])
        return Derivatives(
            terms.log_prob,
            tuple(sign * slope for sign, slope in zip(signs, terms.score, strict=True)),
            tuple(sign * bend for sign, bend in zip(pairs, terms.hessian, strict=True)),
        )

    @classmethod
    def of_member(cls, inner: Distribution) -> Self:
        """Return the member that is made of a member of the family."""
        return cls(**inner.parameters)

    @classmethod
    def held(cls, fixed: Mapping[str, float]) -> dict[str, float]:
        """Return fixed parameters as those of the family."""
        return dict(fixed)

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        inners = starts_of(cls.of, cls._before(sample), cls.held(fixed))
        return [cls.of_member(inner) for inner in inners]

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if not sample.exact or sample.low == sample.high:
            return super().unbounded(sample, fixed)
        reason = cls.of.unbounded(cls._before(sample), cls.held(fixed))
        return reason and f"{reason} (values of {cls.of_what})"

    @classmethod
    def is_singular(
        cls, sample: Sample, fixed: Mapping[str, float]
    ) -> Callable[[Self], npt.NDArray[np.bool_]] | None:
        if not sample.exact:
            return None
        test: Any = cls.of.is_singular(cls._before(sample), cls.held(fixed))
        return None if test is None else lambda member: test(member.original)

    @classmethod
    def _before(cls, sample: Sample) -> Part:
        """Return a sample as values of the family."""
        seen = Part.of(sample)
        values, weights = cls.inverse(seen.values), seen.weights
        if cls.falling:
            values, weights = values[::-1], weights[::-1]
        return Part(values, weights, seen.exact, seen.truncated)

    @classmethod
    def centre_of(cls, fixed: Mapping[str, float]) -> float | None:
        centre = cls.of.centre_of(cls.held(fixed))
        return None if centre is None else float(cls.forward(np.asarray(centre)))

    def simpler(self) -> Distribution | None:
        inner: Any = self.original.simpler()
        return None if inner is None else self.image_of(type(inner)).of_member(inner)

    @classmethod
    @abstractmethod
    def image_of(cls, family: type[Distribution]) -> Any:
        """Return the family that is made likewise of another."""
