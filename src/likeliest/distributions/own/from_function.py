"""A family made of one function: its log density, whatever is not given found numerically."""

from __future__ import annotations

import dataclasses
import inspect
from functools import cached_property
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from likeliest.distributions.continuous import ContinuousDistribution
from likeliest.distributions.derivatives import Derivatives
from likeliest.distributions.discrete import DiscreteDistribution
from likeliest.distributions.distribution import Distribution
from likeliest.distributions.family import family
from likeliest.distributions.own import autograd as differentiated
from likeliest.distributions.own.masses import Counts, Masses
from likeliest.distributions.parameters import Constraint
from likeliest.distributions.support import COUNTS, REALS, Support
from likeliest.errors import FamilyError, ParameterError
from likeliest.numerics.arrays import is_tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Self

    from likeliest.distributions.derivatives import Total
    from likeliest.distributions.parameters import Parameter
    from likeliest.distributions.sample import Sample
    from likeliest.numerics.arrays import Array

_MOMENTS = {"mean", "var", "std"}  # a parameter may be called so: see `Distribution`
_STEPS = (1e-3, 1e-4, 1e-5)  # of a natural size: shortened where one leaves the range
_OFF = 1e-4  # what a density may integrate to beside 1
_FOUND = 1e-2  # below it the mass lies where it was not looked for


@dataclasses.dataclass(frozen=True)
class Functions:
    """The functions of a model, each of x and then the parameters by name; those not given: None.

    Parameters
    ----------
    log_prob, cdf, sf, log_cdf, log_sf, quantile, upper_quantile : callable
    sample : callable
        Of the parameters by name, `size` and `rng`.
    score : callable
        Returns a mapping from parameter to derivative.
    start : callable
        Of an array of values: returns a mapping from parameter to number, or several.
    bounds : callable
        Of the parameters by name: returns (low, high).
    autograd : bool
        Whether the log density takes tensors, and its derivatives are PyTorch's.
    """

    log_prob: Callable[..., Any]
    cdf: Callable[..., Any] | None = None
    sf: Callable[..., Any] | None = None
    log_cdf: Callable[..., Any] | None = None
    log_sf: Callable[..., Any] | None = None
    quantile: Callable[..., Any] | None = None
    upper_quantile: Callable[..., Any] | None = None
    sample: Callable[..., Any] | None = None
    score: Callable[..., Any] | None = None
    start: Callable[[Array], Any] | None = None
    bounds: Callable[..., Any] | None = None
    autograd: bool = False


class ByFunction(Distribution):
    """A distribution whose formulas are functions that were given.

    Class attributes that a family states
    -------------------------------------
    functions : Functions
    """

    functions: ClassVar[Functions]

    def _log_prob(self, x: Array) -> Array:
        if self.functions.autograd:
            return differentiated.evaluated(self.functions.log_prob, x, self.parameters)
        return self._called(self.functions.log_prob, x)

    def _score(self, x: Array) -> tuple[Parameter, ...]:
        if self.functions.autograd and not is_tensor(x):
            return differentiated.by_row(self.functions.log_prob, x, self.parameters).score
        if self.functions.score is None:
            return super()._score(x)
        given = self.functions.score(x, **self.parameters)
        return tuple(given[name] + 0.0 * x for name in self.constraints)

    def derivatives(self, x: Array, total: Total) -> Derivatives:
        """Return the sums of log density, score and Hessian, which is from differences.

        Of the score, where that was given; by autograd neither is.
        """
        if self.functions.autograd:
            value, score, hessian = differentiated.by_row(
                self.functions.log_prob, x, self.parameters
            )
            return Derivatives(total(value), tuple(map(total, score)), tuple(map(total, hessian)))
        if self.functions.score is None:
            return super().derivatives(x, total)
        k, sizes = len(self.constraints), self.natural_sizes()
        with np.errstate(all="ignore"):
            for step in _STEPS:
                slopes = [self._slopes_of_score(x, i, step * sizes[i]) for i in range(k)]
                if np.isfinite(slopes).all():
                    break
        pairs = combinations_with_replacement(range(k), 2)
        return Derivatives(
            total(self.log_prob(x)),
            tuple(total(np.asarray(s)) for s in self._score(x)),
            tuple(total(0.5 * (slopes[i][j] + slopes[j][i])) for i, j in pairs),
        )

    def _slopes_of_score(self, x: Array, i: int, step: Parameter) -> list[Array]:
        """Return the derivatives of each score by one parameter, of fourth order."""

        def at(steps: float) -> list[Array]:
            values = dict(self.parameters)
            name = [*self.constraints][i]
            values[name] = values[name] + steps * step
            given = self.functions.score(x, **values) if self.functions.score else {}
            return [given[one] + 0.0 * x for one in self.constraints]

        near, far = zip(at(1.0), at(-1.0), strict=True), zip(at(2.0), at(-2.0), strict=True)
        return [
            (8.0 * (up - down) - (far_up - far_down)) / (12.0 * step)
            for (up, down), (far_up, far_down) in zip(near, far, strict=True)
        ]

    def _cdf(self, x: Array) -> Array:
        if self.functions.cdf is not None:
            return self._called(self.functions.cdf, x)
        return self._by_masses("below", x)

    def _sf(self, x: Array) -> Array:
        if self.functions.sf is not None:
            return self._called(self.functions.sf, x)
        return super()._sf(x) if self.functions.cdf is not None else self._by_masses("above", x)

    def _log_cdf(self, x: Array) -> Array:
        if self.functions.log_cdf is not None:
            return self._called(self.functions.log_cdf, x)
        return super()._log_cdf(x)

    def _log_sf(self, x: Array) -> Array:
        if self.functions.log_sf is not None:
            return self._called(self.functions.log_sf, x)
        return super()._log_sf(x)

    def _quantile(self, q: Array) -> Array:
        if self.functions.quantile is not None:
            return self._called(self.functions.quantile, q)
        return self._by_masses("quantile", q)

    def _upper_quantile(self, q: Array) -> Array:
        if self.functions.upper_quantile is not None:
            return self._called(self.functions.upper_quantile, q)
        if self.functions.quantile is not None:
            return super()._upper_quantile(q)
        return self._by_masses("quantile", q, from_above=True)

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        if self.functions.sample is None:
            return super()._sample(shape, rng)
        return np.asarray(self.functions.sample(**self.parameters, size=shape, rng=rng), float)

    def bounds(self) -> Support:
        """Return the support of this member, where it depends on the parameters."""
        if self.functions.bounds is None:
            return self.support
        low, high = self.functions.bounds(**self.parameters)
        return dataclasses.replace(self.support, low=np.asarray(low), high=np.asarray(high))

    @cached_property
    def mean(self) -> Parameter:
        """Expected value, in the unit of x, by quadrature."""
        return self._moment(lambda x: x)

    @cached_property
    def var(self) -> Parameter:
        """Variance, in the unit of x squared, by quadrature."""
        mean = self.mean
        if self.batch_shape or not np.isfinite(mean):
            return self._moment(lambda x: x * x) - np.square(mean)
        return self._moment(lambda x: np.square(x - mean))

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return the members that the model's own start gives, or those of every family."""
        given = cls.functions.start
        values = np.asarray(sample.values, dtype=np.float64)
        if given is None:
            members = super().start(sample, fixed)
        else:
            members = [cls(**{**one, **fixed}) for one in _each(given(values))]
        _require_usable(members[0], values)
        return members

    @cached_property
    def masses(self) -> Masses | Counts:
        """The masses along the axis, of a member with plain parameters."""
        return masses_of(self, self._log_prob)

    def alone(self) -> Iterator[Self]:
        """Yield each member with plain parameters, of arrays of them."""
        columns = np.broadcast_arrays(*self.parameters.values())
        for row in zip(*(np.ravel(c).tolist() for c in columns), strict=True):
            yield type(self).unchecked(**dict(zip(self.constraints, row, strict=True)))

    def _by_masses(self, what: str, x: Array, **options: bool) -> Array:
        """Ask the masses of each member; those with arrays of parameters one after another."""
        if not self.batch_shape:
            flat = getattr(self.masses, what)(np.ravel(x), **options)
            return np.asarray(flat).reshape(np.shape(x))
        columns = np.broadcast_arrays(x, *self.parameters.values())
        rows = np.stack([np.ravel(c) for c in columns[1:]], axis=1)
        different, which = np.unique(rows, axis=0, return_inverse=True)
        members = type(self).unchecked(**dict(zip(self.constraints, different.T, strict=True)))
        flat, made = np.ravel(columns[0]), np.empty(rows.shape[0])
        for i, member in enumerate(members.alone()):
            at = np.ravel(which) == i
            made[at] = getattr(member.masses, what)(flat[at], **options)
        return made.reshape(columns[0].shape)

    def _moment(self, function: Callable[[Array], Array]) -> Parameter:
        if not self.batch_shape:
            return self.masses.expectation(function)
        each = np.array([member.masses.expectation(function) for member in self.alone()])
        return each.reshape(self.batch_shape)

    def _called(self, function: Callable[..., Any], x: Array) -> Array:
        """Call a function of x and the parameters, one member at a time where it takes no more."""
        if not self.batch_shape:
            return function(x, **self.parameters)
        try:
            return function(x, **self.parameters)
        except (TypeError, ValueError):
            columns = np.broadcast_arrays(x, *self.parameters.values())
        rows = zip(*(np.ravel(c).tolist() for c in columns), strict=True)
        each = [
            function(np.array([row[0]]), **dict(zip(self.constraints, row[1:], strict=True)))[0]
            for row in rows
        ]
        return np.reshape(each, columns[0].shape)


def _require_usable(member: ByFunction, values: Array) -> None:
    """Raise FamilyError if the log density is no array like x, or has not the mass 1."""
    some = values[:3] if values.size > 1 else np.repeat(values, 2)
    with np.errstate(all="ignore"):
        found = np.asarray(member._log_prob(some))  # noqa: SLF001
    if found.shape != some.shape:
        raise FamilyError(
            f"The log density of {member.name} must return an entry for each value of x; of "
            f"shape {some.shape} it returned shape {found.shape}."
        )
    total = member.masses.total
    if np.isfinite(total) and total > _FOUND and abs(total - 1.0) > _OFF:
        told = ", ".join(f"{name}={value:.4g}" for name, value in member.parameters.items())
        raise FamilyError(
            f"The density of {member.name} adds up to {total:.6g} at {told}, not to 1: subtract "
            "the logarithm of what it adds up to (as a function of the parameters), or state "
            "the support where it holds."
        )


def masses_of(member: Distribution, log_prob: Callable[[Array], Array]) -> Masses | Counts:
    """Add up a density, or masses, over the support of a member with plain parameters."""
    bounds = member.bounds()
    low, high = float(bounds.low), float(bounds.high)

    def density(x: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.exp(log_prob(x))

    if bounds.whole:
        return Counts.of(density, low, high)
    return Masses.of(density, low, high, *_middle_of(member))


def _middle_of(member: Distribution) -> tuple[float, float]:
    """Return about which point and in which unit the masses of a member lie, as far as it says."""
    places, sizes = [0.0], [1.0]
    for name, constraint in member.constraints.items():
        value = float(getattr(member, name))
        if constraint.is_location:
            places.append(value)
        elif constraint.power != 0 and not constraint.is_free:
            sizes.append(value ** (1.0 / constraint.power))
    return places[-1], sizes[-1]


def model(
    log_prob: Callable[..., Any],
    parameters: Mapping[str, Any],
    *,
    name: str | None = None,
    support: Support | tuple[float, float] | None = None,
    discrete: bool = False,
    cdf: Callable[..., Any] | None = None,
    quantile: Callable[..., Any] | None = None,
    sample: Callable[..., Any] | None = None,
    score: Callable[..., Any] | None = None,
    start: Callable[[Array], Any] | None = None,
    autograd: bool = False,
) -> type[Distribution]:
    """Make a family of a log density, to be fitted, compared and asked like any other.

    Parameters
    ----------
    log_prob : callable
        `log_prob(x, mu, tau)`: the log density (of counts the log mass), nats, of an array of x
        and the parameters by name. An array like x.
    parameters : mapping from name to range
        Each from `likeliest.real`, `likeliest.positive` or `likeliest.unit_interval`;
        `power=1` says that it has the unit of x, as a location or a scale.
    name : str, optional
        By which the family is found and saved; without it that of the function.
    support : Support, or (low, high)
        The values that there can be; without it any, of counts the whole numbers from 0.
    discrete : bool
        Whether the values are counts.
    cdf, quantile : callable, optional
        `cdf(x, mu, tau)` and `quantile(q, mu, tau)`. Without them both are found by quadrature to
        ten digits or more, for censored and rounded data, samples and pictures.
    sample : callable, optional
        `sample(mu, tau, size, rng)`; without it by inversion.
    score : callable, optional
        `score(x, mu, tau)` returns the derivative of `log_prob` by each parameter, by name. Without
        it derivatives are from differences, to nine digits or so.
    start : callable, optional
        Of an array of values returns where to set out from: {"mu": 0.0, "tau": 1.0}, or a list of
        such.
    autograd : bool
        Whether `log_prob` is written for PyTorch's tensors: derivatives are then exact. Needs
        PyTorch.

    Returns
    -------
    class
        The family. Saved fits of it are loaded where the model has been made anew, by its name.

    Raises
    ------
    ParameterError
        If the parameters do not fit the function.
    FamilyError
        If one of our own families has that name; at the first fit, if the density does not add up
        to 1.

    Examples
    --------
    >>> import numpy as np
    >>> import likeliest as lk
    >>> def lapse(x, mean):
    ...     return -x / mean - np.log(mean)
    >>> Lapse = lk.model(lapse, {"mean": lk.positive(power=1)}, support=(0, np.inf))
    >>> fit = lk.fit([2.1, 3.4, 1.9, 5.6, 4.4], Lapse)
    >>> round(fit.parameters["mean"], 6), round(float(fit.distribution.cdf(3.48)), 6)
    (3.48, 0.632121)
    """
    called = name or _name_of(log_prob)
    constraints = _checked_parameters(parameters)
    of_x = {"log_prob": log_prob, "cdf": cdf, "quantile": quantile, "score": score}
    for word, function in of_x.items():
        _require_takes(word, function, ("x" if word != "quantile" else "q", *constraints))
    functions = Functions(
        log_prob=log_prob, cdf=cdf, quantile=quantile, sample=sample, score=score, start=start,
        autograd=autograd,
    )  # fmt: skip
    if autograd:
        differentiated.require_torch()
        if score is not None:
            raise ParameterError("autograd=True makes the score: score= is not given beside it.")
    return of_functions(
        called, functions, constraints, _support_of(support, discrete=discrete), discrete=discrete
    )


def of_functions(
    name: str,
    functions: Functions,
    constraints: Mapping[str, Constraint],
    support: Support,
    *,
    discrete: bool,
    anchored: bool = False,
) -> type[Distribution]:
    """Return the family that functions make, found by its name from then on."""
    kind = DiscreteDistribution if discrete else ContinuousDistribution
    fields = {
        parameter: dataclasses.field(metadata={"constraint": constraint})
        for parameter, constraint in constraints.items()
    }
    body = {
        **fields,
        "__annotations__": dict.fromkeys(fields, "Parameter"),
        "__module__": __name__,
        "__qualname__": name,
        "__doc__": f"The model {name}.",
        "name": name,
        "support": support,
        "functions": functions,
        "anchored": anchored,
    }
    metaclass: Any = type(ByFunction)
    made: type[Distribution] = family(metaclass(name, (ByFunction, kind), body))
    return made


def _each(started: Any) -> list[dict[str, float]]:
    return [started] if isinstance(started, dict) else [dict(one) for one in started]


def _name_of(function: Callable[..., Any]) -> str:
    name = getattr(function, "__name__", "")
    return "own model" if name in {"", "<lambda>"} else name.replace("_", " ")


def _checked_parameters(parameters: Mapping[str, Any]) -> dict[str, Constraint]:
    """Return the range of each parameter."""
    example = '{"mu": likeliest.real(power=1), "tau": likeliest.positive(power=1)}'
    if not hasattr(parameters, "items") or not parameters:
        raise ParameterError(
            f"parameters names each with its range: {example}; got {parameters!r:.60}."
        )
    made = {}
    for name, declared in parameters.items():
        constraint = getattr(declared, "metadata", {}).get("constraint")
        if not isinstance(constraint, Constraint):
            raise ParameterError(
                f"The range of {name} must come from real(), positive() or unit_interval(), as in "
                f"{example}; got {declared!r:.60}."
            )
        taken = hasattr(ByFunction, name) and name not in _MOMENTS
        if not str(name).isidentifier() or taken:
            raise ParameterError(
                f"A parameter cannot be called {name!r:.40}: a name in Python is needed that a "
                "distribution does not have already."
            )
        made[name] = constraint
    return made


def _require_takes(word: str, function: Any, names: Iterable[str]) -> None:
    """Raise ParameterError unless a function can be called with x and the parameters by name."""
    if function is None:
        return
    if not callable(function):
        raise ParameterError(f"{word} must be a function; got {function!r:.60}.")
    first, *others = names
    try:
        inspect.signature(function).bind(None, **dict.fromkeys(others))
    except ValueError:  # a function without a signature, such as a ufunc
        return
    except TypeError as error:
        raise ParameterError(
            f"{word} must take {first} and then the parameters by name, {word}({first}, "
            f"{', '.join(others)}): {error}."
        ) from None


def _support_of(support: Any, *, discrete: bool) -> Support:
    if support is None:
        return COUNTS if discrete else REALS
    if isinstance(support, Support):
        if support.whole != discrete:
            raise ParameterError(
                f"discrete={discrete} does not go with a support of {support.describe()}."
            )
        return support
    try:
        low, high = (float(end) for end in support)
    except (TypeError, ValueError):
        raise ParameterError(
            f"support must be two numbers, (low, high), or a Support; got {support!r:.60}."
        ) from None
    if not low < high:
        raise ParameterError(f"support needs its lower end first; got {support!r:.60}.")
    if discrete:
        if not np.isfinite(low) or low != np.floor(low):
            raise ParameterError(f"The support of counts begins at a whole number; got {low:g}.")
        return Support(low, high, low_closed=True, high_closed=bool(np.isfinite(high)), whole=True)
    return Support(low, high)
