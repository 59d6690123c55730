"""A family with a location added: its support begins, or ends, where the data say."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from likeliest.distributions.bases import inside_support
from likeliest.distributions.combinators.image import Image, with_density
from likeliest.distributions.combinators.part import Part
from likeliest.distributions.corner import Corner
from likeliest.distributions.derivatives import AHEAD, Derivatives, Side, keep
from likeliest.distributions.estimation import Estimation
from likeliest.distributions.families.registry import find
from likeliest.distributions.made import OfOne, made, moments_of, number, starts_of
from likeliest.distributions.parameters import Constraint
from likeliest.distributions.recipes import COMBINATORS, Combinator, Recipe, recipe_of
from likeliest.distributions.support import REALS
from likeliest.errors import FamilyError, ParameterError, SupportError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import numpy.typing as npt

    from likeliest.distributions.derivatives import Total
    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Parameter
    from likeliest.distributions.sample import Sample
    from likeliest.distributions.support import Support
    from likeliest.numerics.arrays import Array

_GAPS = (0.02, 0.2, 1.0, 4.0, 30.0, 300.0)  # of half the data's width: from their end to a start
_BESIDE = 1e-10  # of the spread: an end so near the outermost value has run into it
_TINY = 1e-60  # of the spread: how near its end the density is looked at
_FAR = 1e3  # spreads: with an end so far out hardly any sample tells it from none
_STEP = 1e-3  # of a length over which the density changes
_USUAL_ERRORS_FROM = 2.0  # the power of the density's rise at its end: Smith (1985)


def shifted(family: str | type[Distribution], by: float | None = None) -> type[Distribution]:
    """Make the family of X + shift, X being of the family given: its end is a parameter.

    A family of positive values begins at `shift`; a reflected one ends there.

    Parameters
    ----------
    family : str or class
        With a density, whose support has one end and which has no location of its own.
    by : float, optional
        The shift in the unit of x, where it is known: the family then has no parameter more.

    Returns
    -------
    class
        The family, the same for the same arguments. `shift` comes first among its parameters.

    Raises
    ------
    FamilyError
        If the family has a location, no end or two ends, or counts whole numbers.

    Notes
    -----
    The likelihood of many such families grows without limit as the end nears the outermost value,
    with a density that is infinite there, such as a Weibull of shape below 1. A fit is the highest
    stationary point of a density that is 0 at its end; where there is none it says so, and
    `method="spacings"` or `method="l-moments"` estimate all the same. Of a family whose density is
    finite at its end, such as the exponential, the estimate of the shift is the outermost value.

    Examples
    --------
    >>> import likeliest as lk
    >>> x = lk.Weibull(2.5, 10.0).sample(400, seed=1) + 30.0
    >>> fit = lk.fit(x, lk.shifted("weibull"))
    >>> {name: round(value, 2) for name, value in fit.parameters.items()}
    {'shift': 30.83, 'shape': 2.22, 'scale': 8.96}
    """
    of = with_density(family, find, "shifted")
    _require_one_end(of)
    if by is not None:
        return _moved(of, number("by", by))
    begins = bool(np.isfinite(of.support.low))
    closed = of.support.low_closed if begins else of.support.high_closed
    corner = Corner.LOW_END if begins else Corner.HIGH_END
    attributes: dict[str, Any] = {
        "of": of, "discrete": False, "support": REALS, "begins": begins,
        "corners": {"shift": corner} if closed else {},
        "special_cases": {of.name: {"shift": 0.0}},
    }  # fmt: skip
    parameters = {"shift": Constraint(-np.inf, np.inf, power=1), **of.constraints}
    return made(Shifted, Recipe("shifted", (of,)), parameters, **attributes)


COMBINATORS["shifted"] = Combinator(shifted, ("of",), ("by",))


def _require_one_end(of: type[Distribution]) -> None:
    located = [name for name, c in of.constraints.items() if c.is_location]
    recipe = recipe_of(of)
    if located or (recipe is not None and recipe.combinator == "mixture"):
        has = f"a location, {located[0]}" if located else "components: shift those"
        raise FamilyError(f"shifted cannot be made of {of.name}: it has {has}.")
    if np.isfinite(of.support.low) == np.isfinite(of.support.high):
        raise FamilyError(
            f"shifted cannot be made of {of.name} ({of.support.describe()}): it needs a support "
            "with one end."
        )


def _moved(of: type[Distribution], by: float) -> type[Distribution]:
    if not np.isfinite(by):
        raise ParameterError(f"by must be finite; got {by}.")
    attributes: dict[str, Any] = {
        "of": of, "by": by, "discrete": False, "support": _added(of.support, by),
        "concentrates": of.concentrates, "centre": of.centre, "anchored": True,
    }  # fmt: skip
    return made(Moved, Recipe("shifted", (of,), (("by", by),)), of.constraints, **attributes)


class Moved(Image):
    """The law of X + a known number, X being of the family, whose parameters these are.

    f(x) = g(x - by), g being the density of the family.

    Source: Johnson, Kotz & Balakrishnan (1994), section 12.4.

    Class attributes that a family states
    -------------------------------------
    by : float
    """

    by: ClassVar[float]
    falling = False
    of_what = "x - by"

    @classmethod
    def forward(cls, y: Array) -> Array:
        return y + cls.by

    @classmethod
    def inverse(cls, x: Array) -> Array:
        return x - cls.by

    @classmethod
    def log_slope(cls, x: Array) -> Array:
        return 0.0 * x

    @classmethod
    def image_of(cls, family: type[Distribution]) -> Any:
        return shifted(family, cls.by)

    def bounds(self) -> Support:
        return _added(self.original.bounds(), self.by)

    def rescaled(self, factor: float) -> Any:
        """Return the law of factor · X, which is moved as much further."""
        return shifted(self.of, self.by * factor)(**self.original.rescaled(factor).parameters)

    def moments(self) -> tuple[Parameter, Parameter]:
        mean, var = moments_of(self.original)
        return mean + self.by, var

    @cached_property
    def entropy(self) -> Parameter:
        """That of the family."""
        return self.original.entropy


def _added(support: Support, by: Parameter) -> Support:
    return replace(support, low=support.low + by, high=support.high + by)


class Shifted(OfOne):
    """The law of X + shift, X being of the family.

    f(x) = g(x - shift), g being the density of the family.

    Source: Johnson, Kotz & Balakrishnan (1994), section 21.2; Smith (1985), Biometrika 72.

    Class attributes that a family states
    -------------------------------------
    begins : bool
        Whether the support begins at the shift, or ends there.
    """

    shift: Any
    begins: ClassVar[bool]

    def bounds(self) -> Support:
        return _added(self.original.bounds(), self.shift)

    # evaluation

    def _log_prob(self, x: Array) -> Array:
        return self.original.log_prob(x - self.shift)

    def _cdf(self, x: Array) -> Array:
        return self.original.cdf(x - self.shift)

    def _sf(self, x: Array) -> Array:
        return self.original.sf(x - self.shift)

    def _log_cdf(self, x: Array) -> Array:
        return self.original.log_cdf(x - self.shift)

    def _log_sf(self, x: Array) -> Array:
        return self.original.log_sf(x - self.shift)

    def _quantile(self, q: Array) -> Array:
        return self.original.quantile(q) + self.shift

    def _upper_quantile(self, q: Array) -> Array:
        return self.original.upper_quantile(q) + self.shift

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        size = shape[: len(shape) - len(self.original.batch_shape)]
        return self.original.sample(size, rng) + self.shift

    def log_interval(self, lower: Array, upper: Array) -> Array:
        return self.original.log_interval(lower - self.shift, upper - self.shift)

    def rescaled(self, factor: float) -> Self:
        inner = self.original.rescaled(factor)
        return type(self)(**{"shift": self.shift * factor, **inner.parameters})

    def natural_sizes(self) -> tuple[Parameter, ...]:
        width = self.original.quantile(0.75) - self.original.quantile(0.25)
        return (width, *self.original.natural_sizes())

    # moments

    def moments(self) -> tuple[Parameter, Parameter]:
        mean, var = moments_of(self.original)
        return mean + self.shift, var + 0.0 * self.shift

    @cached_property
    def entropy(self) -> Parameter:
        """That of the family."""
        return self.original.entropy + 0.0 * self.shift

    # likelihood

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        y = x - self.shift
        terms = self.original.derivatives(y, keep)
        # Where the density is finite at its end, the slope there is a difference of large numbers.
        if _scales(self.of) and not self.corners:
            terms = self._by_shift(terms, y, 1.0)
        else:
            terms = self._ahead(lambda y: self.original.derivatives(y, keep), terms, y)

        def every(term: Any) -> Parameter:
            """Add up what differs from row to row, or is the same for all values of a group."""
            alike = np.shape(term)[-1:] == (1,) != np.shape(y)[-1:]
            return total(1.0) * term if alike else total(term)

        score, hessian = tuple(map(every, terms.score)), tuple(map(every, terms.hessian))
        return Derivatives(every(terms.log_prob), score, hessian)

    @inside_support
    def tail_derivatives(self, x: Array, side: Side) -> Derivatives:
        y = x - self.shift
        terms = self.original.tail_derivatives(y, side)
        if _scales(self.of):
            return self._by_shift(terms, y, 0.0)
        return self._ahead(lambda y: self.original.tail_derivatives(y, side), terms, y)

    def _by_shift(self, terms: Derivatives, y: Array, unit: float) -> Derivatives:
        """Return a function of y with its derivatives by the shift as well.

        In another unit a density is divided by it (`unit` = 1), and a probability stays (0): with D
        the derivative along the family's parameters as the unit changes, y h' = -unit - D h.
        """
        value, score, hessian = terms
        k, way = len(score), _way(self.original)
        places = {pair: i for i, pair in enumerate(combinations_with_replacement(range(k), 2))}
        moving = [(i, speed) for i, speed in enumerate(way) if speed is not None]
        along = unit + sum(speed * score[i] for i, speed in moving)
        beside = [
            sum(
                (speed * hessian[places[min(i, j), max(i, j)]] for i, speed in moving),
                c.power * score[j],
            )
            for j, c in enumerate(self.of.constraints.values())
        ]
        bend = along + sum(speed * beside[i] for i, speed in moving)
        mixed = (term / y for term in beside)
        return Derivatives(value, (along / y, *score), (bend / (y * y), *mixed, *hessian))

    def _ahead(
        self, at: Callable[[Array], Derivatives], here: Derivatives, y: Array
    ) -> Derivatives:
        """Return the same by differences, away from the end: over a part of y, or of the width."""
        size = abs(self.original.quantile(0.5)) if self.corners else np.abs(y)
        step = _STEP * size * (1.0 if self.begins else -1.0)
        value, score, hessian = here
        mixed = [0.0 * y for _ in score]
        first = second = 0.0 * y
        for move, once, twice in AHEAD:
            there = at(y + move * step)
            rise = there.log_prob - value
            first, second = first + once * rise, second + twice * rise
            rises = zip(mixed, there.score, score, strict=True)
            mixed = [m + once * (moved - own) for m, moved, own in rises]
        return Derivatives(
            value,
            (-first / step, *score),
            (second / step / step, *(-m / step for m in mixed), *hessian),
        )

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members with ends at some distances from the data, the family's start for each."""
        end, sign = (sample.low, -1.0) if cls.begins else (sample.high, 1.0)
        width = abs(sample.median() - end) or sample.spread() or abs(end) or 1.0
        shifts = [end + sign * gap * width for gap in _GAPS]
        shifts = [fixed["shift"]] if "shift" in fixed else shifts
        inner = {name: value for name, value in fixed.items() if name != "shift"}
        return [
            cls(**{"shift": shift, **member.parameters})
            for shift in shifts
            for member in starts_of(cls.of, Part.of(sample, moved=shift), inner)
        ]

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        end = sample.low if cls.begins else sample.high
        if "shift" in fixed:
            return cls._unbounded_from(fixed, sample)
        common = sample.common()
        if common is None or not np.isfinite(common).all():
            return None
        return f"grows without limit as shift → {end:g}: all values can be {common[0]:g}"

    @classmethod
    def _unbounded_from(cls, fixed: Mapping[str, float], sample: Sample) -> str | None:
        """Say why there is no maximum with the shift held; raise where it is amid the values."""
        shift = fixed["shift"]
        moved = Part.of(sample, moved=shift)
        beyond = ~np.asarray(cls.of.support.contains(moved.values), dtype=bool)
        if not sample.exact:
            return None
        if beyond.any():
            than = ">" if cls.begins else "<"
            raise SupportError(
                f"{cls.name} with shift={shift:g} needs x {than} {shift:g}: {beyond.sum():,} of "
                f"{moved.values.size:,} values are not. Hold the shift outside the values."
            )
        inner = {name: value for name, value in fixed.items() if name != "shift"}
        reason = cls.of.unbounded(moved, inner)
        return reason and f"{reason} (values of x - shift)"

    @classmethod
    def is_singular(
        cls, sample: Sample, fixed: Mapping[str, float]
    ) -> Callable[[Self], npt.NDArray[np.bool_]] | None:
        """Return whether the density is infinite at the end, or that has run into a value."""
        if "shift" in fixed or cls.corners or not sample.commonest()[1]:
            return None  # between bounds no value has an infinite density
        spread = sample.spread() or 1.0
        end = sample.low if cls.begins else sample.high

        def is_beyond(member: Self) -> npt.NDArray[np.bool_]:
            gap = end - member.shift if cls.begins else member.shift - end
            ran = (np.less(gap, _BESIDE * spread) & sample.exact) | np.greater(gap, _FAR * spread)
            return np.broadcast_to((member.rise(spread) <= 1.0) | ran, member.batch_shape)

        return is_beyond

    def rise(self, width: float) -> Parameter:
        """Return 1 plus the power of the distance from its end with which the density rises.

        Seen at a tiny part of a width.
        """
        near = _TINY * width * (1.0 if self.begins else -1.0)
        with np.errstate(all="ignore"):
            one, other = self.original.log_prob(near), self.original.log_prob(2.0 * near)
            power = (other - one) / np.log(2.0)
        return np.where(np.isnan(power), np.inf, 1.0 + power)[()]

    def without_top(self, sample: Sample) -> tuple[str, str]:
        """Say towards which limit the likelihood rises, and which estimates there are."""
        end, limit = (sample.low, "-∞") if self.begins else (sample.high, "∞")
        if abs(float(self.shift) - end) > 0.1 * _FAR * (sample.spread() or 1.0):
            return (
                f"has no maximum: it rises as shift → {limit}, for the values do not lean as "
                f"{self.of.name} does",
                "fit a family with a location, such as normal or gumbel, or one that leans the "
                "other way.",
            )
        outermost = "least" if self.begins else "greatest"
        return (
            f"has no maximum with a density that is 0 at its end, and grows without limit as "
            f"shift → {end:g}, the {outermost} value",
            'fix the shift, or take another estimate by name: method="spacings" or '
            'method="l-moments".',
        )

    def notes(self, sample: Sample, estimated: Collection[str]) -> tuple[str, ...]:
        moved = Part.of(sample, moved=float(self.shift))
        inner = self.original.notes(moved, estimated)
        if self.corners:
            return inner
        rise = float(self.rise(abs(float(self.original.quantile(0.5)))))
        if rise >= _USUAL_ERRORS_FROM:
            return inner
        return (
            *inner,
            f"The density rises from its end with a power of {rise - 1.0:.3g}, below 1: the shift "
            "is estimated better than by the root of n, and standard errors are not the usual ones "
            "(Smith 1985).",
        )

    def simpler(self) -> Distribution | None:
        inner = self.original.simpler()
        if inner is None or not _can_be_shifted(type(inner)):
            return None
        return shifted(type(inner))(**{"shift": self.shift, **inner.parameters})


def _can_be_shifted(family: type[Distribution]) -> bool:
    try:
        shifted(family)
    except FamilyError:
        return False
    return True


def _scales(of: type[Distribution]) -> bool:
    """Whether values in another unit are of the family too, as its parameters say."""
    own = of.rescaled is not Estimation.rescaled
    return not of.anchored and (own or any(c.power for c in of.constraints.values()))


def _way(inner: Distribution) -> list[Parameter | None]:
    """Return how fast each parameter changes with the logarithm of the unit; None if it does not.

    It is its power times itself, or a constant for what is a logarithm.
    """
    moved = inner.rescaled(np.e)
    ways: list[Parameter | None] = []
    for name, c in inner.constraints.items():
        value = getattr(inner, name)
        step = c.power * value if c.power else getattr(moved, name) - value
        ways.append(step if np.any(step) else None)
    return ways
