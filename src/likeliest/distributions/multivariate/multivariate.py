"""Multivariate: what every family of rows says, and what it gets for it."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from likeliest.distributions.arguments import as_numbers, generator_of, require_sample_size
from likeliest.errors import DataError, ParameterError
from likeliest.files import json_ready

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike

    from likeliest.distributions.distribution import Seed
    from likeliest.distributions.parameters import Constraint
    from likeliest.numerics.arrays import Array


class Multivariate(ABC):
    """A distribution of rows.

    A member stands in coordinates of its own: it is at 0, about which they are smooth, and `moved`
    goes from it to another.

    Attributes
    ----------
    name : str
        As it is shown.
    discrete : bool
        Whether rows have probabilities, where others have a density.
    columns : tuple of str
        What the parts of a row are called.
    """

    name: ClassVar[str]
    discrete: ClassVar[bool]
    is_multivariate: ClassVar[bool] = True
    columns: Sequence[str]

    # what a family says ------------------------------------------------------------------------

    @abstractmethod
    def _log_prob(self, x: Array) -> Array:
        """Log density or log mass of rows of shape (..., d), nats."""

    @abstractmethod
    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """Draw rows."""

    @property
    @abstractmethod
    def parameters(self) -> dict[str, float]:
        """The parameters by name: `mean[height]`, `cov[height, weight]`, one number each."""

    @property
    @abstractmethod
    def constraints(self) -> dict[str, Constraint]:
        """The range of each parameter."""

    @abstractmethod
    def moved(self, u: Array) -> Self:
        """Return the member at coordinates u, this one being at 0."""

    @abstractmethod
    def slopes(self) -> Array:
        """Return the derivatives of the parameters by the coordinates, here, of shape (p, k)."""

    @property
    def bounds(self) -> dict[str, float]:
        """The parameters on a bound of their range."""
        return {}

    @property
    def freedom(self) -> int:
        """Number of free parameters, which criteria count."""
        return len(self.parameters)

    @property
    def coordinates(self) -> int:
        """Number of coordinates of a climb: free parameters that are not on a bound."""
        return len(self.parameters) - len(self.bounds)

    def beyond(self) -> list[Array]:
        """Return coordinates, as rows, of members whose locations or slopes have other signs."""
        return []

    def derived(self) -> dict[str, tuple[float, Constraint]]:
        """Return what a table shows beside the parameters, with its range."""
        return {}

    def derived_slopes(self) -> Array:
        """Return the derivatives of what is derived by the parameters."""
        return np.zeros((0, len(self.parameters)))

    # what it gets ------------------------------------------------------------------------------

    def log_prob(self, x: Any) -> Array:
        """Log density (or log mass) of rows.

        Parameters
        ----------
        x : array-like of shape (..., d), or frame with these columns

        Returns
        -------
        array of shape (...), nats; -inf outside the support.
        """
        with np.errstate(all="ignore"):
            return self._log_prob(self._rows(x))[()]

    def log_likelihood(self, x: Any, weights: ArrayLike | None = None) -> float:
        """Return the sum of log_prob over the rows, each as often as its weight says, in nats."""
        terms = self.log_prob(x)
        if weights is None:
            return float(np.sum(terms))
        w = as_numbers(weights, "weights")
        if w.shape != np.shape(terms):
            raise DataError(f"There are {w.size:,} weights for {np.size(terms):,} rows.")
        if not (np.isfinite(w) & (w >= 0.0)).all():
            raise DataError("Weights must be finite and ≥ 0: how often each row was seen.")
        return float(np.sum(np.where(w == 0.0, 0.0, w * np.where(w == 0.0, 0.0, terms))))

    def nll(self, x: Any, weights: ArrayLike | None = None) -> float:
        """Return the negative log likelihood of rows, nats."""
        return -self.log_likelihood(x, weights)

    def sample(self, size: int | tuple[int, ...] = (), seed: Seed = None) -> Array:
        """Draw rows at random.

        Parameters
        ----------
        size : int or tuple of ints
        seed : int or numpy Generator, optional
            The same seed gives the same rows; a generator is drawn from.

        Returns
        -------
        array of shape size + (d,)
        """
        return self._sample(require_sample_size(size), generator_of(seed))

    @classmethod
    def fit(cls, data: Any, **options: Any) -> Any:
        """Return the maximum likelihood fit of this family: `likeliest.fit(data, cls)`."""
        from likeliest.fitting.fit import fit

        return fit(data, cls, **options)

    def to_dict(self) -> dict[str, Any]:
        """Return the distribution, ready for JSON: ∞ is "inf"."""
        fields = dataclasses.fields(self)  # type: ignore[arg-type]
        made = {field.name: _listed(getattr(self, field.name)) for field in fields}
        return {"family": self.name, **json_ready(made)}

    @classmethod
    def read_fields(cls, saved: dict[str, Any]) -> dict[str, Any]:
        """Return the fields of a distribution from what `to_dict` wrote of them."""
        return {
            name: value if name in {"columns", "labels"} or value is None else _number(value)
            for name, value in saved.items()
        }

    def __repr__(self) -> str:
        fields = dataclasses.fields(self)  # type: ignore[arg-type]
        parts = []
        for field in fields:
            value = getattr(self, field.name)
            if field.name == "columns" and value == numbered(len(value)):
                continue
            parts.append(f"{field.name}={_listed(value)!r}")
        return f"{type(self).__name__}({', '.join(parts)})"

    def _rows(self, x: Any) -> Array:
        """Return rows as an array whose last axis are the columns, by their names of a frame."""
        if hasattr(x, "collect"):
            x = x.collect()  # a lazy frame
        names = x if isinstance(x, Mapping) else getattr(x, "columns", ())
        places = {str(name): name for name in getattr(x, "column_names", names)}
        if set(self.columns) <= set(places):
            parts = [as_numbers(x[places[name]]) for name in self.columns]
            if len({*map(np.shape, parts)}) > 1:
                raise DataError("x has columns of several lengths.")
            x = np.stack(parts, axis=-1)
        rows = as_numbers(x).astype(np.float64, copy=False)
        if rows.ndim == 0 or rows.shape[-1] != len(self.columns):
            raise DataError(
                f"x needs {len(self.columns)} values in a row ({listed(self.columns)}); got an "
                f"array of shape {rows.shape}."
            )
        return rows

    def _places(self, columns: str | Iterable[str]) -> list[int]:
        """Return where columns stand, or raise ParameterError."""
        names = [str(columns)] if is_one(columns) else [*map(str, columns)]
        for name in names:
            if name not in self.columns:
                raise ParameterError(
                    f"There is no column {name!r}; there are {listed(self.columns)}."
                )
        if not names or len({*names}) < len(names):
            raise ParameterError("Name one column or several, each once.")
        return [self.columns.index(name) for name in names]


def is_one(columns: object) -> bool:
    """Whether one column is named: of an array its number will do."""
    return isinstance(columns, str) or not hasattr(columns, "__iter__")


def _number(value: Any) -> Any:
    return np.asarray(value, dtype=np.float64) if isinstance(value, list) else float(value)


def numbered(d: int) -> tuple[str, ...]:
    """Return what d columns without names are called: 0, 1, …."""
    return tuple(map(str, range(d)))


def named(columns: Sequence[Any], d: int) -> tuple[str, ...]:
    """Return the names of d columns, or raise ParameterError."""
    if len(columns) == 0:
        return numbered(d)
    names = tuple(map(str, columns))
    if len(names) != d or len({*names}) < d:
        raise ParameterError(f"columns must name {d} columns, each once; got {names!r:.60}.")
    return names


def listed(columns: Sequence[str], most: int = 10) -> str:
    """Return names as a message shows them."""
    return ", ".join(columns[:most]) + ", …" * (len(columns) > most)


def vector(family: str, name: str, value: Any) -> Array:
    """Return a parameter that is a row of finite numbers, not to be written to."""
    try:
        made = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        made = np.array(np.nan)
    if made.ndim != 1 or made.size == 0 or not np.isfinite(made).all():
        raise ParameterError(f"{family}: {name} must be a row of numbers; got {value!r:.60}.")
    made.flags.writeable = False
    return made


def positive_vector(family: str, name: str, value: Any) -> Array:
    """Return a parameter that is a row of numbers above 0."""
    made = vector(family, name, value)
    if made.size < 2 or not (made > 0.0).all():
        raise ParameterError(f"{family}: {name} must be two numbers or more, all > 0; got {made}.")
    return made


def shares(family: str, name: str, value: Any) -> Array:
    """Return a parameter that is a row of probabilities whose sum is 1."""
    made = vector(family, name, value)
    total = float(made.sum())
    if (made < 0.0).any() or abs(total - 1.0) > 1e-9:
        raise ParameterError(
            f"{family}: {name} must be probabilities that add up to 1; got a sum of {total:.10g}, "
            f"the least {made.min():g}."
        )
    return made


def by_name(name: str, columns: Sequence[Any], values: Iterable[Any]) -> dict[str, Any]:
    """Return values by the names of the parameters that they are: `name[column]`."""
    return {f"{name}[{column}]": value for column, value in zip(columns, values, strict=True)}


def _listed(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [*value] if isinstance(value, tuple) else value
