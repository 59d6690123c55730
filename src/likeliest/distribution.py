"""Distribution: what a family must say, and what it gets for it.

A family says its parameters, its support, and the formulas with a leading underscore below
(`_log_prob`, `_cdf`, …), each for values inside the support. It gets the public methods, which
take anything array-like, stay right outside the support, and never need to be overridden.
"""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from functools import cached_property
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Literal,
    NamedTuple,
    Self,
    TypeVar,
    cast,
    dataclass_transform,
)

import numpy as np

from likeliest import likelihood
from likeliest.errors import FamilyError, ParameterError
from likeliest.numerics.arrays import is_tensor, namespace, where
from likeliest.numerics.special import exp
from likeliest.observations import Observations
from likeliest.parameters import (
    Constraint,
    Parameter,
    checked,
    constraints_of,
    positive,
    real,
    unit_interval,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array
    from likeliest.statistics import SufficientStatistics
    from likeliest.support import Support

D = TypeVar("D", bound="type[Distribution]")
Reduction = Literal["sum", "mean", "none"]
Seed = int | np.random.Generator | None


class Derivatives(NamedTuple):
    """Log density of each value with its derivatives by the k parameters.

    `score` holds k terms, `hessian` k(k+1)/2: the upper triangle, row by row. A term is an array
    like the values, or a number where it is the same for all.
    """

    log_prob: Array
    score: tuple[Parameter, ...]
    hessian: tuple[Parameter, ...]


REGISTRY: dict[str, type[Distribution]] = {}
"""Every family by the plain form of its names (see `plain`)."""


def plain(name: str) -> str:
    """Return a name without case, spaces, hyphens and underscores.

    Examples
    --------
    >>> plain("Negative-binomial")
    'negativebinomial'
    """
    return "".join(c for c in name.casefold() if c not in " -_'")


@dataclass_transform(
    frozen_default=True, eq_default=False, field_specifiers=(real, positive, unit_interval)
)
def family(cls: D) -> D:
    """Make a class a family: a frozen dataclass of its parameters, found by its names."""
    made = cast("D", dataclasses.dataclass(frozen=True, eq=False, repr=False)(cls))
    made.constraints = constraints_of(made)
    for name in (made.name, *made.aliases):
        REGISTRY[plain(name)] = made
    return made


class Distribution(ABC):
    """A probability distribution with its parameters fixed.

    Class attributes that a family states
    -------------------------------------
    name : str
        As it is shown; `aliases` are further names it is found by.
    support : Support
        The values that some member of the family can hold.
    concentrates : dict
        Parameters that, run to the limit given, put all density on one point, so that the
        likelihood of equal values has no maximum: {"std": "0"}. Empty if none do.
    centre : str
        The parameter that says where that point is; empty if those above do.
    corners : tuple of str
        Parameters at whose estimate the likelihood has a corner, not a level top: the ends of
        the support.
    corners_stay : bool
        Whether the likelihood has corners, so that even with some parameters fixed the estimate
        has to come from `maximize_given`.
    """

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    support: ClassVar[Support]
    constraints: ClassVar[dict[str, Constraint]] = {}
    concentrates: ClassVar[Mapping[str, str]] = {}
    centre: ClassVar[str] = ""
    corners: ClassVar[tuple[str, ...]] = ()
    corners_stay: ClassVar[bool] = False
    discrete: ClassVar[bool]

    def __post_init__(self) -> None:
        for name, constraint in self.constraints.items():
            value = getattr(self, name)
            if not is_tensor(value):  # on a GPU a check would be a synchronisation
                value = checked(type(self).__name__, name, value, constraint)
                object.__setattr__(self, name, value)
        self._check()

    # what a family must say --------------------------------------------------------------------

    @abstractmethod
    def _log_prob(self, x: Array) -> Array:
        """Log density or log mass, nats, for x inside the support; NumPy or tensors."""

    @abstractmethod
    def _cdf(self, x: Array) -> Array:
        """P(X ≤ x) inside the support."""

    @abstractmethod
    def _quantile(self, q: Array) -> Array:
        """Return the least x with P(X ≤ x) ≥ q, 0 < q < 1."""

    # what it may say ---------------------------------------------------------------------------

    def _check(self) -> None:  # noqa: B027
        """Raise ParameterError where parameters do not fit each other."""

    def _bounds(self) -> Support:
        """Return the support of this member, where it depends on the parameters."""
        return self.support

    def _sf(self, x: Array) -> Array:
        return 1.0 - self._cdf(x)

    def _log_cdf(self, x: Array) -> Array:
        return np.log(self._cdf(x))

    def _log_sf(self, x: Array) -> Array:
        return np.log(self._sf(x))

    def _upper_quantile(self, q: Array) -> Array:
        """Return quantile(1 - q), without the cancellation."""
        return self._quantile(1.0 - q)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw by inversion; the zero that a generator can return is outside 0 < q < 1."""
        return self._quantile(1.0 - rng.random(shape))

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        """d log_prob / d parameter, one term a parameter; NumPy or tensors."""
        return self._derivatives(x).score

    def _information(self) -> tuple[Parameter, ...]:
        """Return the Fisher information of one observation: the upper triangle, row by row."""
        raise NotImplementedError

    def _inverse_information(self) -> tuple[Parameter, ...] | None:
        """Return the inverse of the information where a formula keeps what inverting it loses."""
        return None

    def _derivatives(self, x: Array) -> Derivatives:
        """Log density, score and Hessian from shared intermediates.

        Unless a family says otherwise the Hessian is minus the Fisher information. In an
        exponential family that is exact at the maximum, and Newton's method becomes Fisher
        scoring on the way to it.
        """
        information = tuple(-term for term in self._information())
        return Derivatives(self._log_prob(x), self._score(x), information)

    @staticmethod
    def statistics(x: Array, pivot: float) -> tuple[Array, ...]:
        """Return the sufficient statistics of each value about a pivot."""
        raise NotImplementedError

    @classmethod
    def maximize(cls, statistics: SufficientStatistics) -> Self:
        """Return the likeliest member from the means of the sufficient statistics."""
        raise NotImplementedError

    @classmethod
    def maximize_given(cls, statistics: SufficientStatistics, fixed: Mapping[str, float]) -> Self:
        """Return the likeliest member with some parameters fixed, where the likelihood has corners.

        Families whose likelihood is smooth do not need it: the maximiser climbs.
        """
        raise NotImplementedError

    def mean_log_prob(self, statistics: SufficientStatistics) -> Parameter:
        """Return the mean log density of the data that the statistics were taken of, nats."""
        raise NotImplementedError

    @classmethod
    def pivot(cls, observations: Observations, fixed: Mapping[str, float]) -> float:
        """Return the value to take the statistics about: near the data, by default their mean."""
        return observations.summary.mean

    def notes(self, observations: Observations) -> tuple[str, ...]:
        """Say what a reader of a fit to these observations should know."""
        return ()

    def at_end(self, name: str) -> str:
        """Say what it means that the estimate of a parameter sits on the bound of its range."""
        value = getattr(self, name)
        return f"{name} is on the bound of its range, {value:g}: it has no standard error."

    @classmethod
    def floor(
        cls, observations: Observations, fixed: Mapping[str, float]
    ) -> Callable[[Self], bool]:
        """Return a test for members beyond which the likelihood of the data is singular."""
        return lambda member: False  # noqa: ARG005

    def corner_interval(
        self, name: str, n: float, level: float, fixed: Mapping[str, float]
    ) -> tuple[float, float]:
        """Return the exact confidence interval of a parameter in `corners`, fitted to n values."""
        raise NotImplementedError

    @classmethod
    def start(cls, observations: Observations, fixed: Mapping[str, float]) -> list[Self]:
        """Return members from which the maximiser sets out.

        By default: a location at the median, a scale at the standard deviation, 1 or ½ otherwise.
        """
        values = np.asarray(observations.values, dtype=np.float64)
        location, spread = float(np.median(values)), float(np.std(values)) or 1.0
        guesses = {
            name: location
            if np.isinf(c.low)
            else 0.5 * c.high
            if np.isfinite(c.high)
            else max(spread**c.power, 1e-300)
            for name, c in cls.constraints.items()
        }
        return [cls(**guesses)]

    @classmethod
    def unbounded(cls, observations: Observations, fixed: Mapping[str, float]) -> str | None:
        """Say why the likelihood of these observations has no maximum, or None if it has one."""
        s = observations.summary
        free_to = cls.concentrates and not set(fixed) & set(cls.concentrates)
        centre = cls.centre_of(fixed)
        off_centre = centre is not None and abs(centre - s.low) > 4.0 * np.spacing(abs(s.low))
        if not free_to or s.low < s.high or off_centre:
            return None
        limits = " and ".join(f"{name} → {limit}" for name, limit in cls.concentrates.items())
        how = "grows without limit" if observations.exact else "rises towards 1"
        return f"{how} as {limits}: all values are {s.low:g}"

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

    # what it gets: evaluation ------------------------------------------------------------------

    def log_prob(self, x: ArrayLike) -> Array:
        """Log density (or log mass) at x.

        Parameters
        ----------
        x : array-like or tensor of any shape; parameters broadcast against it

        Returns
        -------
        array or tensor of the broadcast shape, nats; -inf outside the support.
        """
        values = self._as_array(x)
        bounds = self._bounds()
        with np.errstate(all="ignore"):
            if bounds.is_everything:
                return self._in_precision_of(values, self._log_prob(values))
            inside = bounds.contains(values)
            # Replaced before the formula, not after: else autograd would give NaN.
            safe = where(inside, values, bounds.interior())
            outside = where(namespace(values).isnan(values), np.nan, -np.inf)
            return self._in_precision_of(values, where(inside, self._log_prob(safe), outside))

    def cdf(self, x: ArrayLike) -> Array:
        """P(X ≤ x), of the broadcast shape of x and the parameters."""
        return self._in_support(self._cdf, x, below=0.0, above=1.0)

    def sf(self, x: ArrayLike) -> Array:
        """P(X > x), accurate where it is tiny."""
        return self._in_support(self._sf, x, below=1.0, above=0.0)

    def log_cdf(self, x: ArrayLike) -> Array:
        """Log P(X ≤ x), nats."""
        return self._in_support(self._log_cdf, x, below=-np.inf, above=0.0)

    def log_sf(self, x: ArrayLike) -> Array:
        """Log P(X > x), nats."""
        return self._in_support(self._log_sf, x, below=0.0, above=-np.inf)

    def quantile(self, q: ArrayLike) -> Array:
        """Return the least x with P(X ≤ x) ≥ q, for 0 ≤ q ≤ 1."""
        return _of_probability(self._quantile, q, self._bounds().low, self._greatest())

    def upper_quantile(self, q: ArrayLike) -> Array:
        """Return the x exceeded with probability q: quantile(1 - q), without the cancellation."""
        return _of_probability(self._upper_quantile, q, self._greatest(), self._bounds().low)

    def sample(self, size: int | tuple[int, ...] = (), rng: Seed = None) -> Array:
        """Draw at random.

        Parameters
        ----------
        size : int or tuple of ints
            Shape of the draw, before the shape of the parameters.
        rng : int or numpy Generator, optional
            A seed, or the generator to draw from.

        Returns
        -------
        array of shape size + batch_shape, in the unit of x.
        """
        shape = (size,) if isinstance(size, (int, np.integer)) else tuple(size)
        return self._sample((*shape, *self.batch_shape), np.random.default_rng(rng))

    def score(self, x: ArrayLike) -> dict[str, Array]:
        """Return the derivative of log_prob(x) by each parameter; NaN outside the support.

        Returns
        -------
        dict from parameter name to an array (or tensor) like log_prob(x).
        """
        values = self._as_array(x)
        bounds = self._bounds()
        inside = bounds.contains(values)
        with np.errstate(all="ignore"):
            terms = self._score(where(inside, values, bounds.interior()))
        return {
            name: self._in_precision_of(values, where(inside, term, np.nan))
            for name, term in zip(self.constraints, terms, strict=True)
        }

    # what it gets: likelihood ------------------------------------------------------------------

    def log_likelihood(
        self, data: ArrayLike | Observations, weights: ArrayLike | None = None
    ) -> Any:
        """Return the log likelihood: the sum of log_prob over the data, in nats.

        Parameters
        ----------
        data : one-dimensional array-like, tensor or Observations
        weights : array-like, optional
            How many times each value was seen.

        Examples
        --------
        >>> import likeliest as lk
        >>> data = [48.8292, 49.3087, 52.4836, 53.2384, 57.6151]
        >>> round(lk.Normal(50, 5).log_likelihood(data), 4)
        -14.1718
        """
        if isinstance(data, Observations) or not (self._is_batch or is_tensor(data)):
            return likelihood.log_likelihood(self, Observations.of(data, weights))
        return self._terms(data, weights).sum()

    def likelihood(self, data: ArrayLike | Observations, weights: ArrayLike | None = None) -> Any:
        """Return the joint density of the data: exp(log_likelihood), 0 where that underflows."""
        return exp(self.log_likelihood(data, weights))

    def nll(
        self,
        data: ArrayLike | Observations,
        weights: ArrayLike | None = None,
        *,
        reduction: Reduction = "sum",
    ) -> Any:
        """Return the negative log likelihood, in nats: a differentiable loss for tensors.

        Parameters
        ----------
        data : array-like, tensor or Observations
        weights : array-like, optional
        reduction : {"sum", "mean", "none"}
            Sum over the observations, mean of them, or one term for each.
        """
        if reduction == "none":
            if isinstance(data, Observations):
                return -likelihood.log_terms(self, data)
            return -self._terms(data, weights)
        nll = -self.log_likelihood(data, weights)
        if reduction == "sum":
            return nll
        if reduction != "mean":
            raise ParameterError(f"reduction must be 'sum', 'mean' or 'none'; got {reduction!r}.")
        return nll / self._count(data, weights)

    @classmethod
    def fit(cls, data: ArrayLike | Observations, **options: Any) -> Fit:
        """Return the maximum likelihood fit of this family: `likeliest.fit(data, cls)`."""
        from likeliest.fitting import fit

        return fit(data, cls, **options)

    # what it gets: the rest --------------------------------------------------------------------

    @abstractmethod
    def probability(self, a: ArrayLike, b: ArrayLike) -> Array:
        """P(a ≤ X ≤ b)."""

    # The moments are not data descriptors, so that a parameter may bear the same name.

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x."""
        raise FamilyError(f"{self.name} has no mean in closed form.")

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared."""
        raise FamilyError(f"{self.name} has no variance in closed form.")

    @cached_property
    def std(self) -> Parameter:
        """Standard deviation, in the unit of x."""
        return np.sqrt(self.var)

    @cached_property
    def entropy(self) -> Parameter:
        """Entropy, nats: differential entropy for a density."""
        raise FamilyError(f"{self.name} has no entropy in closed form.")

    @property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters by name."""
        return {name: getattr(self, name) for name in self.constraints}

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """The broadcast shape of the parameters: () for a single distribution."""
        return np.broadcast_shapes(*(np.shape(v) for v in self.parameters.values()))

    def plot(self, between: tuple[float, float] | None = None, ax: Axes | None = None) -> Axes:
        """Draw the density, with the probability of an interval shaded."""
        from likeliest.plots import density

        return density(self, between=between, ax=ax)

    def to_dict(self) -> dict[str, Any]:
        """Return the family's name and the parameters, ready for JSON."""
        values = {n: np.asarray(v).tolist() for n, v in self.parameters.items()}
        return {"family": self.name, "parameters": values}

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.parameters.items())
        return f"{type(self).__name__}({shown})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and all(
            np.array_equal(a, b)
            for a, b in zip(self.parameters.values(), other.parameters.values(), strict=True)
        )

    def __hash__(self) -> int:
        return hash((type(self), *(np.asarray(v).tobytes() for v in self.parameters.values())))

    @property
    def _is_batch(self) -> bool:
        return any(np.ndim(v) > 0 or is_tensor(v) for v in self.parameters.values())

    def _as_array(self, x: Any) -> Any:
        if is_tensor(x):
            return x
        array = np.asarray(x)
        array = array if array.dtype.kind == "f" else array.astype(np.float64)
        tensor: Any = next((v for v in self.parameters.values() if is_tensor(v)), None)
        return array if tensor is None else tensor.new_tensor(array)

    def _in_precision_of(self, x: Any, result: Any) -> Any:
        """Return float32 for float32 data, whatever the constants of a formula made of it."""
        if is_tensor(result) or x.dtype == np.float64 or self._is_batch:
            return result
        return result.astype(x.dtype)

    def _terms(self, data: Any, weights: Any) -> Array:
        terms = self.log_prob(data)
        return terms if weights is None else terms * weights

    def _greatest(self) -> Parameter:
        """Return the greatest value; of counts that are always the least, that one."""
        bounds = self._bounds()
        if not bounds.whole:
            return cast("Parameter", bounds.high)
        return np.where(self.sf(bounds.low) == 0.0, bounds.low, bounds.high)[()]

    def _in_support(self, formula: Any, x: ArrayLike, *, below: float, above: float) -> Array:
        """Apply a formula inside the support and the two constants beyond its ends."""
        x = np.asarray(x, dtype=np.float64)
        bounds = self._bounds()
        with np.errstate(all="ignore"):
            if bounds.whole:
                x = np.floor(x)
            if bounds.is_everything and np.all(np.isfinite(x)):
                return formula(x)
            too_low = (x < bounds.low) | (np.equal(x, bounds.low) & (not bounds.whole))
            too_high = x >= bounds.high
            inside = ~(too_low | too_high)
            values = formula(np.where(inside, x, bounds.interior()))
        return np.where(too_low, below, np.where(too_high, above, values))[()]

    def _count(self, data: Any, weights: Any) -> Any:
        if weights is not None:
            return np.sum(weights)
        if isinstance(data, Observations):
            return data.n
        sizes = np.broadcast_shapes(np.shape(data), self.batch_shape)
        return int(np.prod(sizes))


class ContinuousDistribution(Distribution):
    """A distribution with a density."""

    discrete = False

    def pdf(self, x: ArrayLike) -> Array:
        """Return the density at x, in 1/unit of x: exp(log_prob(x))."""
        return exp(self.log_prob(x))

    def logpdf(self, x: ArrayLike) -> Array:
        """Return the log density at x: another name of log_prob."""
        return self.log_prob(x)

    def probability(self, a: ArrayLike, b: ArrayLike) -> Array:
        """P(a ≤ X ≤ b), accurate in both tails.

        Examples
        --------
        >>> import likeliest as lk
        >>> round(float(lk.Normal(50, 2.5).probability(50, 52.5)), 4)
        0.3413
        """
        return _between(self, np.asarray(a, np.float64), np.asarray(b, np.float64))


class DiscreteDistribution(Distribution):
    """A distribution of whole numbers, with a mass for each."""

    discrete = True

    def pmf(self, x: ArrayLike) -> Array:
        """Return the probability mass at x: exp(log_prob(x))."""
        return exp(self.log_prob(x))

    def logpmf(self, x: ArrayLike) -> Array:
        """Return the log mass at x: another name of log_prob."""
        return self.log_prob(x)

    def _quantile(self, q: Array) -> Array:
        return _least_whole(
            lambda x: self.cdf(x) >= q, np.broadcast_shapes(np.shape(q), self.batch_shape)
        )

    def _upper_quantile(self, q: Array) -> Array:
        return _least_whole(
            lambda x: self.sf(x) <= q, np.broadcast_shapes(np.shape(q), self.batch_shape)
        )

    def probability(self, a: ArrayLike, b: ArrayLike) -> Array:
        """P(a ≤ X ≤ b), both ends included.

        Examples
        --------
        >>> import likeliest as lk
        >>> round(float(lk.Poisson(2.0).probability(0, 1)), 4)
        0.406
        """
        first = np.ceil(np.asarray(a, np.float64)) - 1.0
        return _between(self, first, np.floor(np.asarray(b, np.float64)))


def _least_whole(holds: Callable[[Array], Any], shape: tuple[int, ...]) -> Array:
    """Return the least whole number ≥ 0 from which a condition holds, by doubling and halving."""
    below, above = np.full(shape, -1.0), np.ones(shape)
    while not np.all(holds(above)):
        above = np.where(holds(above), above, 2.0 * above)
    while np.any(above - below > np.maximum(1.0, np.spacing(above))):
        middle = np.floor(0.5 * (below + above))
        enough = holds(middle)
        below, above = np.where(enough, below, middle), np.where(enough, middle, above)
    return np.asarray(above, dtype=np.float64)


def _between(distribution: Distribution, a: Array, b: Array) -> Array:
    """P(a < X ≤ b), from whichever tail is the shorter."""
    if np.any(a > b):
        raise ParameterError(f"an interval needs its lower end first; got {a} to {b}.")
    below = distribution.cdf(b) - distribution.cdf(a)
    above = distribution.sf(a) - distribution.sf(b)
    return np.where(distribution.cdf(a) > 0.5, above, below)[()]


def _of_probability(formula: Any, q: ArrayLike, at_zero: Parameter, at_one: Parameter) -> Array:
    q = np.asarray(q, dtype=np.float64)
    if np.any((q < 0) | (q > 1)):
        raise ParameterError(
            f"a probability lies between 0 and 1; got {q[(q < 0) | (q > 1)].flat[0]:g}."
        )
    inside = (q > 0) & (q < 1)
    with np.errstate(all="ignore"):
        values = formula(np.where(inside, q, 0.5))
    return np.where(inside, values, np.where(q == 0, at_zero, np.where(q == 1, at_one, np.nan)))[()]
