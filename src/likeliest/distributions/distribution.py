"""Distribution: what a family must say, and what it gets for it.

A family says its parameters, its support, and the formulas with a leading underscore below
(`_log_prob`, `_cdf`, …), each for values inside the support. It gets the public methods, which
take anything array-like, stay right outside the support, and never need to be overridden.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias, cast

import numpy as np

from likeliest.distributions.arguments import (
    as_numbers,
    generator_of,
    probability_between,
    require_sample_size,
    require_shapes,
)
from likeliest.distributions.estimation import Estimation
from likeliest.distributions.intervals import between as interval_terms
from likeliest.distributions.intervals import log_probability
from likeliest.distributions.parameters import Parameter, checked
from likeliest.errors import FamilyError, LikeliestError, ParameterError
from likeliest.files import json_ready
from likeliest.numerics.arrays import half_precision, in_single, is_tensor, namespace, where
from likeliest.numerics.special import exp

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from likeliest.data.observations import Observations
    from likeliest.data.observe import Data
    from likeliest.distributions.derivatives import Derivatives
    from likeliest.distributions.support import Support
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array

_CDF = (
    "distribution function; censored, truncated and rounded values need it. Write _cdf(self, x), "
    "which returns P(X ≤ x),"
)
_QUANTILE = (
    "quantile function; samples and pictures need it. Write _quantile(self, q), which returns the "
    "least x with P(X ≤ x) ≥ q,"
)
_SCORE = (
    "score by formula; tensors need it. Write _score(self, x), which returns the derivative of "
    "_log_prob by each parameter,"
)

Reduction = Literal["sum", "mean", "none"]
Seed: TypeAlias = "int | np.random.Generator | None"


class Distribution(Estimation):
    """A probability distribution with its parameters fixed.

    Attributes
    ----------
    name : str
        As it is shown; `aliases` are further names it is found by.
    support : Support
        The values that some member of the family can hold.
    atoms : tuple of float
        Points that have a probability of their own, where the others have a density.
    circular : bool
        Whether the values are angles in radians, -π and π being one direction.
    """

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    support: ClassVar[Support]
    discrete: ClassVar[bool]
    atoms: ClassVar[tuple[float, ...]] = ()
    circular: ClassVar[bool] = False

    def __post_init__(self) -> None:
        are_numbers = True
        for name, constraint in self.constraints.items():
            value = getattr(self, name)
            if not is_tensor(value):  # on a GPU a check would be a synchronisation
                value = checked(type(self).__name__, name, value, constraint)
                object.__setattr__(self, name, value)
            are_numbers &= type(value) is float
        if not are_numbers:
            require_shapes(self)
        self._check()

    # what a family must say --------------------------------------------------------------------

    @abstractmethod
    def _log_prob(self, x: Array) -> Array:
        """Log density or log mass, nats, for x inside the support; NumPy or tensors."""

    # what it may say ---------------------------------------------------------------------------

    def _cdf(self, x: Array) -> Array:
        """P(X ≤ x) inside the support; without it only plain values can be fitted."""
        raise NotImplementedError

    def _quantile(self, q: Array) -> Array:
        """Return the least x with P(X ≤ x) ≥ q, 0 < q < 1; without it nothing can be drawn."""
        raise NotImplementedError

    def _check(self) -> None:
        """Raise ParameterError where parameters do not fit each other."""

    def bounds(self) -> Support:
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
        half = half_precision(values, *self.parameters.values())
        if half is not None:
            return self._in_single().log_prob(in_single(values)).to(half)  # type: ignore[attr-defined]
        bounds = self.bounds()
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
        return self._of_probability(self._quantile, q, self.bounds().low, self._greatest())

    def upper_quantile(self, q: ArrayLike) -> Array:
        """Return the x exceeded with probability q: quantile(1 - q), without the cancellation."""
        return self._of_probability(self._upper_quantile, q, self._greatest(), self.bounds().low)

    def sample(self, size: int | tuple[int, ...] = (), seed: Seed = None) -> Array:
        """Draw at random.

        Parameters
        ----------
        size : int or tuple of ints
            Shape of the draw, before the shape of the parameters.
        seed : int or numpy Generator, optional
            The same seed gives the same values; a generator is drawn from.

        Returns
        -------
        array of shape size + batch_shape, in the unit of x, within the support.
        """
        shape, rng = require_sample_size(size), generator_of(seed)
        try:
            with np.errstate(all="ignore"):
                draws = self._sample((*shape, *self.batch_shape), rng)
        except NotImplementedError:
            raise self._lacks(_QUANTILE) from None
        except (TypeError, ValueError) as error:
            if isinstance(error, LikeliestError):
                raise
            raise ParameterError(f"{self.name} cannot be drawn from like this: {error}.") from None
        if (bounds := self.bounds()).whole:
            return draws[()]
        # A draw that rounds to an end, or to infinity, is moved to the nearest number inside.
        low = bounds.low if bounds.low_closed else np.nextafter(bounds.low, np.inf)
        high = bounds.high if bounds.high_closed else np.nextafter(bounds.high, -np.inf)
        return np.clip(draws, low, high)

    def score(self, x: ArrayLike) -> dict[str, Array]:
        """Return the derivative of log_prob(x) by each parameter; NaN outside the support.

        Returns
        -------
        dict from parameter name to an array (or tensor) like log_prob(x).
        """
        values = self._as_array(x)
        half = half_precision(values, *self.parameters.values())
        if half is not None:
            wide = self._in_single().score(in_single(values))
            return {
                name: term.to(half)  # type: ignore[attr-defined]
                for name, term in wide.items()
            }
        bounds = self.bounds()
        inside = bounds.contains(values)
        with np.errstate(all="ignore"):
            try:
                terms = self._score(where(inside, values, bounds.interior()))
            except NotImplementedError:
                raise self._lacks(_SCORE) from None
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

        Returns
        -------
        float. Parameters of shape (n,) are those of each value; parameters of shape (g, 1) are g
        candidates, each for all values, and give an array of shape (g,).

        Examples
        --------
        >>> import likeliest as lk
        >>> data = [48.8292, 49.3087, 52.4836, 53.2384, 57.6151]
        >>> round(lk.Normal(50, 5).log_likelihood(data), 4)
        -14.1718
        >>> lk.Normal([[50], [52], [54]], 5).log_likelihood(data).round(4).tolist()
        [-14.1718, -13.6538, -13.9358]
        """
        from likeliest.likelihood.evaluate import log_likelihood

        return log_likelihood(self, data, weights)

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
            Sum over the observations, mean of them, or one term for each. Of g candidates, whose
            parameters are of shape (g, 1), one sum or mean for each.
        """
        from likeliest.likelihood.evaluate import nll

        return nll(self, data, weights, reduction)

    def log_interval(self, lower: Array, upper: Array) -> Array:
        """Return log P(lower < X ≤ upper), nats, without cancellation."""
        return log_probability(self, lower, upper)

    def interval_derivatives(self, lower: Array, upper: Array) -> Derivatives:
        """Return log P(lower < X ≤ upper) with its derivatives, one entry a row."""
        return interval_terms(self, lower, upper)

    @classmethod
    def fit(cls, data: Data | None = None, **options: Any) -> Fit:
        """Return the maximum likelihood fit of this family: `likeliest.fit(data, cls)`."""
        from likeliest.fitting.fit import fit

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

    @property
    def median(self) -> Parameter:
        """The value that half of all lie at or below, in the unit of x."""
        return self.quantile(0.5)

    def interval(self, probability: float) -> tuple[Parameter, Parameter]:
        """Return the central interval that holds a value with this probability.

        Parameters
        ----------
        probability : float
            Between 0 and 1; as much of the rest lies below as above.

        Returns
        -------
        (low, high) in the unit of x.

        Raises
        ------
        ParameterError
            If the probability does not lie between 0 and 1.

        Examples
        --------
        >>> import likeliest as lk
        >>> low, high = lk.Normal(50, 2.5).interval(0.95)
        >>> round(float(low), 2), round(float(high), 2)
        (45.1, 54.9)
        """
        tail = 0.5 - 0.5 * probability_between(probability, "probability")
        return self.quantile(tail), self.upper_quantile(tail)

    def limited_expected_value(self, limit: ArrayLike) -> Parameter:
        """Return E[min(X, limit)]: what is lost where no more than a limit is paid.

        Parameters
        ----------
        limit : array-like, in the unit of x

        Returns
        -------
        array of the broadcast shape of the limit and the parameters, in the unit of x.

        Source: Klugman, Panjer & Willmot (2012), Loss Models, section 3.1.

        Examples
        --------
        >>> import likeliest as lk
        >>> round(float(lk.Exponential(0.2).limited_expected_value(5.0)), 4)
        3.1606
        """
        from likeliest.distributions.layers import limited_expected_value

        return limited_expected_value(self, limit)

    def layer_mean(self, attachment: ArrayLike, limit: ArrayLike = np.inf) -> Parameter:
        """Return E[min(X - attachment, limit)+]: what a layer above an attachment pays a loss.

        Parameters
        ----------
        attachment : array-like, in the unit of x
            From where on the layer pays.
        limit : array-like, in the unit of x
            How much it pays at most; infinite: all that is beyond.

        Returns
        -------
        array of the broadcast shape of all, in the unit of x; infinite where the mean is.

        Examples
        --------
        >>> import likeliest as lk
        >>> round(float(lk.Lomax(2.5, 3.0).layer_mean(10.0, limit=20.0)), 4)
        0.1669
        """
        from likeliest.distributions.layers import layer_mean

        return layer_mean(self, attachment, limit)

    def loss_elimination_ratio(self, deductible: ArrayLike) -> Parameter:
        """Return the share of all losses that a deductible saves: E[min(X, d)] / E[X].

        Parameters
        ----------
        deductible : array-like, in the unit of x

        Examples
        --------
        >>> import likeliest as lk
        >>> round(float(lk.Exponential(0.2).loss_elimination_ratio(5.0)), 4)
        0.6321
        """
        from likeliest.distributions.layers import loss_elimination_ratio

        return loss_elimination_ratio(self, deductible)

    def plot(self, between: tuple[float, float] | None = None, ax: Axes | None = None) -> Axes:
        """Draw the density, with the probability of an interval shaded."""
        from likeliest.plots import density

        return density(self, between=between, ax=ax)

    def to_dict(self) -> dict[str, Any]:
        """Return the family's name and the parameters, ready for JSON: ∞ is "inf"."""
        values = {n: np.asarray(v).tolist() for n, v in self.parameters.items()}
        return {"family": self.name, "parameters": json_ready(values)}

    def __dir__(self) -> list[str]:
        """Return what a user calls, for completion: the hooks that fitting shares are left out."""
        hooks = {"bounds", "is_batch", "aliases", "log_interval", "interval_derivatives"}
        for cls in type(self).__mro__:
            if cls is Estimation or cls.__module__.endswith(".bases"):
                hooks |= set(vars(cls)) - set(vars(Distribution))
        names = set(super().__dir__()) - (hooks - set(self.constraints))
        return sorted(name for name in names if not name.startswith("_"))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.parameters.items())
        return f"{type(self).__name__}({shown})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and all(
            np.array_equal(a, b)
            for a, b in zip(self.parameters.values(), other.parameters.values(), strict=True)
        )

    def __hash__(self) -> int:
        # 0 and -0 are equal.
        values = ((np.asarray(v) + 0.0).tobytes() for v in self.parameters.values())
        return hash((type(self), *values))

    @property
    def is_batch(self) -> bool:
        """Whether a parameter is an array, or a tensor."""
        return any(np.ndim(v) > 0 or is_tensor(v) for v in self.parameters.values())

    def _as_array(self, x: Any) -> Any:
        if is_tensor(x):
            return x
        array = as_numbers(x)
        if self.is_batch:
            require_shapes(self, array)
        tensor: Any = next((v for v in self.parameters.values() if is_tensor(v)), None)
        return array if tensor is None else tensor.new_tensor(array)

    def _in_precision_of(self, x: Any, result: Any) -> Any:
        """Return float32 for float32 data, whatever the constants of a formula made of it."""
        if is_tensor(result) or x.dtype == np.float64 or self.is_batch:
            return result
        return result.astype(x.dtype)

    def _greatest(self) -> Parameter:
        """Return the greatest value; of counts that are always the least, that one."""
        bounds = self.bounds()
        if not bounds.whole:
            return cast("Parameter", bounds.high)
        return np.where(self.sf(bounds.low) == 0.0, bounds.low, bounds.high)[()]

    def _in_support(self, formula: Any, x: ArrayLike, *, below: float, above: float) -> Array:
        """Apply a formula inside the support and the two constants beyond its ends."""
        x = np.asarray(as_numbers(x), dtype=np.float64)
        if self.is_batch:
            require_shapes(self, x)
        bounds = self.bounds()
        with np.errstate(all="ignore"):
            if bounds.whole:
                x = np.floor(x)
            if bounds.is_everything and np.all(np.isfinite(x)):
                return self._evaluated(formula, x)
            too_low = (x < bounds.low) | (np.equal(x, bounds.low) & (not bounds.has_mass_at_low))
            too_high = x >= bounds.high
            inside = ~(too_low | too_high)
            values = self._evaluated(formula, np.where(inside, x, bounds.interior()))
        return np.where(too_low, below, np.where(too_high, above, values))[()]

    def _of_probability(
        self, formula: Any, q: ArrayLike, at_zero: Parameter, at_one: Parameter
    ) -> Array:
        q = np.asarray(as_numbers(q, "a probability"), dtype=np.float64)
        if np.any((q < 0) | (q > 1)):
            raise ParameterError(
                f"a probability lies between 0 and 1; got {q[(q < 0) | (q > 1)].flat[0]:g}."
            )
        inside = (q > 0) & (q < 1)
        try:
            with np.errstate(all="ignore"):
                values = formula(np.where(inside, q, 0.5))
        except NotImplementedError:
            raise self._lacks(_QUANTILE) from None
        return np.where(
            inside, values, np.where(q == 0, at_zero, np.where(q == 1, at_one, np.nan))
        )[()]

    def _evaluated(self, formula: Any, x: Any) -> Array:
        try:
            return formula(x)
        except NotImplementedError:
            raise self._lacks(_CDF) from None

    def _lacks(self, what: str) -> FamilyError:
        """Return the error for a formula that a user's own family does not have."""
        return FamilyError(f"{self.name} has no {what} in class {type(self).__name__}.")


def between(distribution: Distribution, a: Array, b: Array) -> Array:
    """P(a < X ≤ b), from whichever tail is the shorter."""
    if np.any(a > b):
        raise ParameterError(f"an interval needs its lower end first; got {a} to {b}.")
    below = distribution.cdf(b) - distribution.cdf(a)
    above = distribution.sf(a) - distribution.sf(b)
    return np.where(distribution.cdf(a) > 0.5, above, below)[()]
