"""Estimates of functions of the distributions of many groups: by the delta method all at once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias, get_args, overload

import numpy as np

from likeliest.data.labelled import dataset_of
from likeliest.engines import threads
from likeliest.errors import ConvergenceError, LikeliestError, ParameterError
from likeliest.fitting.fits import frame_of_groups, table_of_groups
from likeliest.inference.delta import PROBE, Scale, ends_on
from likeliest.inference.estimates import Estimate, Method, estimate
from likeliest.inference.functions import SAME, STEP, numbers_of
from likeliest.inference.levels import checked_level, require_choice
from likeliest.inference.many import of_each
from likeliest.tables import ShownAsTable, Table, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd
    import polars as pl
    import xarray as xr

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.parameters import Constraint
    from likeliest.fitting.fits import Fits
    from likeliest.fitting.result import Fit
    from likeliest.numerics.arrays import Array, Indices
    from likeliest.tables import Library

Asked: TypeAlias = Scale | Literal["values"] | None
"""A scale; that of values of the data; or whichever fits the function's range."""

_SCALES: tuple[Scale, ...] = get_args(Scale)
_IDENTITY, _LOG, _LOGIT = (_SCALES.index(scale) for scale in ("identity", "log", "logit"))
_BLOCK = 20_000  # groups that a thread works on at once


class LawOfMany(Protocol):
    """Standard errors and intervals of a function of the distribution, in each group."""

    @property
    def method(self) -> str:
        """By which method."""

    @property
    def standard_error(self) -> Array:
        """The standard errors, of the shape of the values."""

    def interval(self, level: float) -> tuple[Array, Array]:
        """Return the ends for each value."""


@dataclass(frozen=True, eq=False)
class DeltaOfMany:
    """How sure values are by the slopes of the function.

    Parameters
    ----------
    value, standard_error : array of shape (groups, ...)
    scales : array of shape (groups,)
        On which the interval of each is symmetric, by its place in ("identity", "log", "logit").
    """

    value: Array
    standard_error: Array
    scales: Indices
    method = "delta"

    def interval(self, level: float) -> tuple[Array, Array]:
        """Return the ends for each value."""
        from scipy.special import ndtri

        width = float(ndtri(0.5 + 0.5 * level)) * self.standard_error
        low, high = np.full(self.value.shape, np.nan), np.full(self.value.shape, np.nan)
        for code in np.unique(self.scales):
            at = self.scales == code
            low[at], high[at] = ends_on(_SCALES[code], self.value[at], width[at])
        return low, high


@dataclass(frozen=True, eq=False)
class LawsOfMany:
    """How sure values are by a law of each group's own: of what takes its rows.

    Parameters
    ----------
    laws : dict from the place of a group to its Estimate
    shape : tuple of int
        (groups, ...), that of the values.
    """

    laws: dict[int, Estimate]
    shape: tuple[int, ...]
    method: str

    @property
    def standard_error(self) -> Array:
        """The standard errors, of the shape of the values."""
        return self.gathered({group: one.standard_error for group, one in self.laws.items()})

    def interval(self, level: float) -> tuple[Array, Array]:
        """Return the ends for each value; NaN where they were not found."""
        low, high = np.full(self.shape, np.nan), np.full(self.shape, np.nan)
        for group, one in self.laws.items():
            with suppress(ConvergenceError):
                low[group], high[group] = one.interval(level)
        return low, high

    def gathered(self, columns: Mapping[int, float | Array]) -> Array:
        """Return what is known of some groups as an array; NaN of the others."""
        made = np.full(self.shape, np.nan)
        for group, column in columns.items():
            made[group] = column
        return made


@dataclass(frozen=True, eq=False, repr=False)
class Estimates(ShownAsTable):
    """The values of a function for the likeliest distribution of each group, with their errors.

    Where a group could not be fitted, or its fit has no such value, all is NaN. The standard error
    alone is NaN where the function does not move with the parameters, or none of them has an error.

    Parameters
    ----------
    keys : polars.DataFrame
        What the groups are called, a row for each.
    labels : tuple of str
        What each value of the function is called.
    value : array of shape (groups,), or (groups, values) where the function gives several
    law : DeltaOfMany or LawsOfMany
        How sure they are.

    Examples
    --------
    >>> import likeliest as lk
    >>> fits = lk.fit([1.0, 3.0, 2.0, 5.0, 9.0], "exponential", by=["a", "a", "b", "b", "b"])
    >>> high = fits.quantile(0.9)
    >>> high.value.round(2).tolist(), high.standard_error.round(2).tolist()
    ([4.61, 12.28], [3.26, 7.09])
    >>> low, upper = high.interval(0.9)
    """

    keys: pl.DataFrame
    labels: tuple[str, ...]
    value: Array
    law: LawOfMany

    @property
    def method(self) -> str:
        """By which method the uncertainty was found."""
        return self.law.method

    @property
    def standard_error(self) -> Array:
        """The standard errors, of the shape of the values."""
        return self.law.standard_error

    def __len__(self) -> int:
        """The number of groups."""
        return len(self.value)

    def interval(self, level: float = 0.95) -> tuple[Array, Array]:
        """Return the ends of intervals that cover with probability `level`, each by itself."""
        return self.law.interval(checked_level(level))

    @overload
    def to_frame(
        self, library: Literal["polars"] = "polars", *, level: float = 0.95
    ) -> pl.DataFrame: ...

    @overload
    def to_frame(self, library: Literal["pandas"], *, level: float = 0.95) -> pd.DataFrame: ...

    def to_frame(
        self, library: Library = "polars", *, level: float = 0.95
    ) -> pl.DataFrame | pd.DataFrame:
        """Return a data frame with a row for each group.

        Returns
        -------
        polars.DataFrame or pandas.DataFrame
            The keys; of each value the estimate, its standard error, and the ends of its interval
            of that level.
        """
        import polars as pl

        made = pl.DataFrame(self._columns(level)).with_columns(pl.col(pl.Float64).fill_nan(None))
        return frame_of_groups(self.keys, made, library)

    def to_xarray(self, *, level: float = 0.95) -> xr.Dataset:
        """Return the columns of `to_frame` as an xarray Dataset, with a dimension for each key.

        Raises
        ------
        MissingExtraError
            If xarray is not installed.
        """
        return dataset_of(self.keys, self._columns(level))

    def _columns(self, level: float) -> dict[str, Array]:
        columns: dict[str, Array] = {}
        of_each = [self.value, self.standard_error, *self.interval(level)]
        for i, label in enumerate(self.labels):
            names = (label, *(f"{label} {part}" for part in ("error", "low", "high")))
            parts = (part.reshape(len(self), -1)[:, i] for part in of_each)
            columns |= dict(zip(names, parts, strict=True))
        return columns

    def table(self, level: float = 0.95) -> Table:
        """Return the first groups as a table."""
        groups = len(self)
        value, error = (a.reshape(groups, -1) for a in (self.value, self.standard_error))

        def cells(group: int) -> list[str]:
            pairs = zip(value[group], error[group], strict=True)
            shown = [
                number(None) if np.isnan(v) else number(v, error=None if np.isnan(e) else e)
                for v, e in pairs
            ]
            errors = [number(None if np.isnan(e) else e) for e in error[group]]
            return [cell for both in zip(shown, errors, strict=True) for cell in both]

        heads = [name for label in self.labels for name in (label, "std error")]
        title = f"Estimates by {self.method} · {groups:,} group{'' if groups == 1 else 's'}"
        return table_of_groups(title, self.keys, heads, cells)


class _Groups(NamedTuple):
    """Some groups: their estimates, errors (0 of what is held) and correlations, and n."""

    parameters: Array
    errors: Array
    correlations: Array
    n: Array

    def at(self, groups: slice | Indices) -> _Groups:
        """Return some of them."""
        return _Groups(*(column[groups] for column in self))


def estimates_of_many(
    fits: Fits,
    call: Callable[[Distribution], Any],
    method: Method,
    scale: Asked,
    labels: tuple[str, ...] = (),
) -> Estimates:
    """Return the values of a function for the distribution of each group; see `Fits.estimate`."""
    require_choice("method", method, get_args(Method))
    if method != "delta":
        return _of_each(fits, lambda fit: estimate(fit, call, method), labels)
    if scale not in (*_SCALES, "values", None):
        raise ParameterError(f'scale must be "identity", "log" or "logit"; got {scale!r:.40}.')
    found, family = fits.found, fits.family
    fitted = np.flatnonzero(~fits.failed)
    if not fitted.size:
        raise ParameterError("No group could be fitted, so there is nothing to estimate.")
    groups = _Groups(
        found.parameters[fitted], np.nan_to_num(found.errors[fitted]),
        np.nan_to_num(found.correlations[fitted]), found.n[fitted],
    )  # fmt: skip
    function = _Together.of(call, family, groups.parameters)
    blocks = (groups.at(slice(first, first + _BLOCK)) for first in range(0, fitted.size, _BLOCK))
    parts = zip(*threads.each(partial(_by_slopes, function, scale), blocks), strict=True)
    value, error, scales = (np.concatenate(part) for part in parts)
    if np.isnan(value).all():
        raise ParameterError("The function is not finite for any group.")
    shape = (len(fits), *function.shape)
    whole = [np.full((len(fits), value.shape[1]), np.nan) for _ in range(2)]
    whole[0][fitted], whole[1][fitted] = value, error
    codes = np.zeros(len(fits), dtype=np.intp)
    codes[fitted] = scales
    named = labels or _numbered(value.shape[1])
    law = DeltaOfMany(whole[0].reshape(shape), whole[1].reshape(shape), codes)
    return Estimates(fits.grouped.keys.columns, named, law.value, law)


def _of_each(fits: Fits, ask: Callable[[Fit], Estimate], labels: tuple[str, ...]) -> Estimates:
    """Return the estimates that each group's own fit gives, for what takes its rows."""
    found, _ = of_each(fits, ask)
    first = next(iter(found.values()))
    shape = np.shape(first.value)
    law = LawsOfMany(found, (len(fits), *shape), first.method)
    value = law.gathered({group: one.value for group, one in found.items()})
    named = labels or _numbered(int(np.prod(shape, dtype=int)))
    return Estimates(fits.grouped.keys.columns, named, value, law)


def _numbered(values: int) -> tuple[str, ...]:
    return ("estimate",) if values == 1 else tuple(f"estimate {i + 1}" for i in range(values))


@dataclass(frozen=True)
class _Together:
    """A function of the members of a family, of many at once where it can be.

    Parameters
    ----------
    call : callable
    family : class
    shape : tuple of int
        That of the function of one member.
    is_batched : bool
        Whether it takes members with arrays of parameters.
    """

    call: Callable[[Distribution], Any]
    family: type[Distribution]
    shape: tuple[int, ...]
    is_batched: bool

    @classmethod
    def of(
        cls, call: Callable[[Distribution], Any], family: type[Distribution], parameters: Array
    ) -> _Together:
        """Return the function; a few members are evaluated together and each by itself."""
        some = parameters[np.linspace(0, len(parameters) - 1, min(len(parameters), 3)).astype(int)]
        some = np.concatenate([some, some[:1]])  # two members, however few there are
        shape = numbers_of(call, _member(family, some[0])).shape
        with np.errstate(all="ignore"):
            alone = cls(call, family, shape, is_batched=False)
            if not alone.size:
                raise ParameterError("The function gives an empty array: there is no value.")
            batched = cls(call, family, shape, is_batched=True)
            try:
                found = batched(some)
            except (TypeError, ValueError, IndexError, AttributeError, LikeliestError):
                return alone
        is_same = np.allclose(found, alone(some), rtol=SAME, atol=0.0, equal_nan=True)
        return batched if is_same else alone

    @property
    def size(self) -> int:
        """How many values it has for one member."""
        return int(np.prod(self.shape, dtype=int))

    def __call__(self, parameters: Array) -> Array:
        """Return the values for members, of shape (members, values)."""
        many = len(parameters)
        with np.errstate(all="ignore"):
            if not self.is_batched:
                each = (self.call(_member(self.family, row)) for row in parameters)
                return np.array([np.ravel(one) for one in each], dtype=np.float64)
            columns = {name: parameters[:, [i]] for i, name in enumerate(self.family.constraints)}
            found = np.asarray(self.call(self.family.unchecked(**columns)), dtype=np.float64)
        if found.shape not in {(many, self.size), (many, 1)}:
            raise ValueError("the function does not keep an axis for the members")
        return np.broadcast_to(found, (many, self.size))


def _member(family: type[Distribution], row: Array) -> Distribution:
    return family.unchecked(**dict(zip(family.constraints, row.tolist(), strict=True)))


def _by_slopes(function: _Together, scale: Asked, groups: _Groups) -> tuple[Array, Array, Indices]:
    """Return values and standard errors, of shape (groups, values), and the code of each scale."""
    constraints = [*function.family.constraints.values()]
    value = function(groups.parameters)
    value = np.where(np.isfinite(value), value, np.nan)
    slopes, is_free = np.zeros((len(constraints), *value.shape)), groups.errors > 0.0
    for i, constraint in enumerate(constraints):
        at = np.flatnonzero(is_free[:, i])
        if at.size:
            slopes[i, at] = _slope(function, i, constraint, groups.at(at))
    variance = np.einsum("ivg,gi->vg", np.swapaxes(slopes, 1, 2) ** 2, groups.errors**2).T
    for c, (i, j) in enumerate(combinations(range(len(constraints)), 2)):
        covariance = groups.errors[:, i] * groups.errors[:, j] * groups.correlations[:, c]
        variance = variance + 2.0 * slopes[i] * slopes[j] * covariance[:, None]
    certain = ((value == 0.0) | (value == 1.0)) & (scale == "logit")
    moves = slopes.any(axis=0) | (certain & is_free.any(axis=1, keepdims=True))
    error = np.where(moves, np.sqrt(np.maximum(variance, 0.0)), np.nan)
    return value, error + 0.0 * value, _scales_of(function, scale, groups, value)


def _moved(constraint: Constraint, column: Array, by: Array) -> Array:
    """Return a parameter at steps in its coordinate."""
    return np.asarray(constraint.constrain(constraint.unconstrain(column) + by), dtype=np.float64)


def _slope(function: _Together, i: int, constraint: Constraint, groups: _Groups) -> Array:
    """Return the derivatives by one parameter, by differences of fourth order."""
    column, slope = groups.parameters[:, i], constraint.slope(groups.parameters[:, i])
    length = groups.errors[:, i] / slope * np.sqrt(groups.n)
    step = STEP * (length if constraint.is_location else np.minimum(length, 1.0))

    def at(steps: float) -> Array:
        there = groups.parameters.copy()
        there[:, i] = _moved(constraint, column, steps * step)
        return function(there)

    with np.errstate(all="ignore"):
        rise = 8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))
        return rise / (12.0 * step * slope)[:, None]


def _scales_of(function: _Together, scale: Asked, groups: _Groups, value: Array) -> Indices:
    """Return the code of the scale on which the interval of each group is symmetric."""
    many = len(value)
    if scale == "values":
        columns = {n: groups.parameters[:, [i]] for i, n in enumerate(function.family.constraints)}
        low = np.ravel(np.asarray(function.family.unchecked(**columns).bounds().low))
        return np.where(np.broadcast_to(low, many) >= 0.0, _LOG, _IDENTITY)
    if scale is not None:
        _require_on(scale, value)
        return np.full(many, _SCALES.index(scale))
    seen = [value, *_far(function, groups)]
    with np.errstate(invalid="ignore"):
        shares = np.all([((v >= 0.0) & (v <= 1.0)) | ~np.isfinite(v) for v in seen], axis=(0, 2))
        is_logit = shares & ((value > 0.0) & (value < 1.0)).all(axis=1)
        is_log = np.all([(v > 0.0) | ~np.isfinite(v) for v in seen], axis=(0, 2))
    return np.where(is_logit, _LOGIT, np.where(is_log, _LOG, _IDENTITY))


def _far(function: _Together, groups: _Groups) -> Iterator[Array]:
    """Yield the values with each parameter far from its estimate, on either side.

    Locations are moved beyond 0: what stays positive does not owe it to where they lie.
    """
    for i, constraint in enumerate(function.family.constraints.values()):
        column = groups.parameters[:, i]
        reach = PROBE * groups.errors[:, i] / constraint.slope(column)
        if constraint.is_location:
            reach = np.where(reach > 0.0, np.maximum(reach, 2.0 * np.abs(column)), 0.0)
        for side in (reach, -reach):
            there = groups.parameters.copy()
            there[:, i] = np.where(reach > 0.0, _moved(constraint, column, side), column)
            yield function(there)


def _require_on(scale: Scale, value: Array) -> None:
    """Raise ParameterError if values do not lie on a scale."""
    known = value[np.isfinite(value)]
    off = {"log": known <= 0.0, "logit": (known < 0.0) | (known > 1.0)}.get(scale)
    if off is not None and off.any():
        raise ParameterError(
            f'scale="{scale}" takes values {"above 0" if scale == "log" else "between 0 and 1"}; '
            f"that of a group is {known[off][0]:g}."
        )
