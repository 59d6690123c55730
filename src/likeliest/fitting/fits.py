"""Fits: the likeliest members of a family for many groups, as columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from likeliest.data.groups import grouped, of_grid
from likeliest.data.labelled import dataset_of
from likeliest.fitting.fit import fit
from likeliest.fitting.many import FAILED, OUTCOMES, found_of
from likeliest.tables import ShownAsTable, Table, frame, number

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
    from os import PathLike

    import pandas as pd
    import polars as pl
    import xarray as xr
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

    from likeliest.data.groups import Grouped
    from likeliest.data.reading.column import Missing
    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.many import Found
    from likeliest.fitting.result import Fit
    from likeliest.inference import Estimates, GroupTests
    from likeliest.inference.delta import Scale
    from likeliest.inference.estimates import Method
    from likeliest.inference.goodness_of_fit import Method as GoodnessMethod
    from likeliest.inference.sandwich import Errors
    from likeliest.inference.uncertainty import Method as IntervalMethod
    from likeliest.numerics.arrays import Array, Mask
    from likeliest.report import Report
    from likeliest.tables import Library

_SHOWN = 8  # groups that a table shows
_REASONS = 3


@dataclass(frozen=True, eq=False, repr=False)
class Fits(ShownAsTable):
    """Maximum likelihood fits of one family to many groups.

    `fits[key]` is the `Fit` of one group, made anew from its values.

    Parameters
    ----------
    family : class
    grouped : Grouped
        What was fitted.
    fixed, start : dict
        The parameters that were held, and those that were set out from.
    found : Found
        The columns.
    errors_by : {"observed", "expected", "sandwich"}
        What the standard errors are made of.

    Examples
    --------
    >>> import likeliest as lk
    >>> fits = lk.fit([1.0, 3.0, 2.0, 5.0, 9.0], "exponential", by=["a", "a", "b", "b", "b"])
    >>> list(fits)
    ['a', 'b']
    >>> fits.parameters["rate"].tolist()
    [0.5, 0.1875]
    >>> fits["a"].distribution
    Exponential(rate=0.5)
    """

    family: type[Distribution]
    grouped: Grouped
    fixed: dict[str, float]
    start: dict[str, float]
    found: Found
    errors_by: Errors = "observed"

    def __len__(self) -> int:
        """The number of groups."""
        return len(self.grouped)

    def __iter__(self) -> Iterator[Any]:
        """Yield the key of each group; a tuple where there are several columns of keys."""
        return iter(self.grouped.keys)

    def __contains__(self, key: object) -> bool:
        try:
            self.grouped.keys.find(key)
        except KeyError:
            return False
        return True

    def __getitem__(self, key: Any) -> Fit:
        """Return the fit of one group.

        Raises
        ------
        KeyError
            If there is no such group.
        LikeliestError
            If it could not be fitted, as the fit of its values alone would say.
        """
        return self.at(self.grouped.keys.find(key))

    def at(self, group: int) -> Fit:
        """Return the fit of a group by its place."""
        one = fit(self.grouped.part(group), self.family, fixed=self.fixed, start=self.start)
        return one if self.errors_by == "observed" else one.with_errors(self.errors_by)

    @property
    def parameters(self) -> dict[str, Array]:
        """The estimates (and fixed values) by name, one a group; NaN where the fit failed."""
        return self._by_name(self.found.parameters)

    @property
    def standard_errors(self) -> dict[str, Array]:
        """The standard errors by name; NaN of what is fixed, on a bound or a corner, or failed."""
        return self._by_name(self.found.errors)

    def _by_name(self, columns: Array) -> dict[str, Array]:
        return {name: columns[:, i] for i, name in enumerate(self.family.constraints)}

    @property
    def n(self) -> Array:
        """The number of observations of each group: the sum of its weights."""
        return self.found.n

    @property
    def log_likelihood(self) -> Array:
        """The log likelihood of each group at its maximum, in nats."""
        return self.found.log_likelihood

    @property
    def estimated(self) -> int:
        """How many parameters were estimated in each group, those on a bound included."""
        return len(self.family.constraints) - len(self.fixed)

    @property
    def aic(self) -> Array:
        """Akaike's information criterion."""
        return 2.0 * self.estimated - 2.0 * self.log_likelihood

    @property
    def aicc(self) -> Array:
        """Akaike's criterion corrected for small samples; infinite where n ≤ parameters + 1."""
        k, left = self.estimated, self.n - self.estimated - 1.0
        more = 2.0 * k * (k + 1) / np.where(left > 0.0, left, np.nan)
        return self.aic + np.where(left > 0.0, more, np.inf)

    @property
    def bic(self) -> Array:
        """Schwarz's (Bayesian) information criterion."""
        with np.errstate(divide="ignore"):
            return self.estimated * np.log(self.n) - 2.0 * self.log_likelihood

    @property
    def status(self) -> list[str]:
        """How each fit ended: as `Fit.diagnostics.outcome` says, or "failed"."""
        return [str(OUTCOMES[code]) for code in self.found.status]

    @property
    def failed(self) -> Mask:
        """Which groups could not be fitted."""
        return np.asarray(self.found.status == FAILED)

    @cached_property
    def reasons(self) -> dict[Any, str]:
        """Why a group could not be fitted, by its key."""
        names = self.grouped.keys.columns
        return {
            row[0] if len(row) == 1 else row: self.found.reasons[group]
            for group in sorted(self.found.reasons)
            for row in [names.row(group)]
        }

    def intervals(
        self, level: float = 0.95, method: IntervalMethod = "wald"
    ) -> dict[str, tuple[Array, Array]]:
        """Return the ends of a confidence interval for each parameter of each group.

        Parameters
        ----------
        level : float
        method : {"wald", "profile", "bootstrap"}
            As `Fit.intervals` has them. The last two refit group by group.

        Returns
        -------
        dict from parameter name to (low, high), arrays with an entry for each group
            NaN where `Fit.intervals` gives None, or refuses.
        """
        from likeliest.inference import intervals_of_many

        return intervals_of_many(self, level, method)

    def with_errors(self, kind: Errors) -> Fits:
        """Return the same fits with standard errors of another kind, as `Fit.with_errors`.

        Parameters
        ----------
        kind : {"observed", "expected", "sandwich"}
            Those by clusters are of one fit: `fits[key].with_errors("cluster", clusters)`.

        Returns
        -------
        Fits
            Without errors where the fit of a group refuses such, as on a boundary.

        Examples
        --------
        >>> import likeliest as lk
        >>> fits = lk.fit([1.0, 3.0, 2.0, 5.0, 9.0], "exponential", by=["a", "a", "b", "b", "b"])
        >>> fits.with_errors("sandwich").standard_errors["rate"].round(4).tolist()
        [0.1768, 0.0582]
        """
        from likeliest.inference import with_errors_of_many

        return with_errors_of_many(self, kind)

    def goodness(
        self, method: GoodnessMethod = "ad", *, draws: int = 999, seed: int = 0
    ) -> GroupTests:
        """Test in each group whether the family describes its data, as `Fit.goodness` does.

        Parameters
        ----------
        method : {"ad", "ks", "cvm", "chi2", "smooth"}
            All but "smooth", which needs no samples, refit `draws` samples of each group.
        draws, seed : int

        Returns
        -------
        GroupTests
            With `statistic`, `p_value` and `effect`, an entry for each group, and `to_frame`.

        Examples
        --------
        >>> import likeliest as lk
        >>> hours = lk.Weibull(1.5, 40.0).sample(60, seed=1)
        >>> fits = lk.fit(hours, "weibull", by=["a", "b", "c"] * 20)
        >>> (fits.goodness(draws=199).p_value > 0.05).tolist()
        [True, True, True]
        """
        from likeliest.inference import goodness_of_many

        return goodness_of_many(self, method, draws, seed)

    def estimate(
        self,
        function: Callable[[Distribution], Any],
        method: Method = "delta",
        scale: Scale | None = None,
    ) -> Estimates:
        """Estimate any function of the distribution of each group, with its uncertainty.

        Parameters
        ----------
        function : callable
            Takes a distribution; returns a number, or an array. One that works on distributions
            with arrays of parameters is much faster.
        method : {"delta", "profile", "bootstrap"}
            As `Fit.estimate` has them: delta of all groups at once, the others group by group.
        scale : {"identity", "log", "logit"}, optional
            On which a delta interval is symmetric; without it one is chosen for each group by the
            range of the function.

        Raises
        ------
        ParameterError
            If the scale does not hold the values, or no group was fitted.

        Examples
        --------
        >>> import likeliest as lk
        >>> fits = lk.fit([1.0, 3.0, 2.0, 5.0, 9.0], "exponential", by=["a", "a", "b", "b", "b"])
        >>> fits.estimate(lambda d: 1.0 / d.rate).value.round(2).tolist()
        [2.0, 5.33]
        """
        from likeliest.inference import estimates_of_many

        return estimates_of_many(self, function, method, scale)

    def quantile(self, q: ArrayLike, method: Method = "delta") -> Estimates:
        """Estimate the value at or below which a share `q` lies, in each group."""
        from likeliest.inference import words

        return words.quantile(q).of_many(self, method)

    def probability(
        self, a: ArrayLike = -np.inf, b: ArrayLike = np.inf, method: Method = "delta"
    ) -> Estimates:
        """Estimate P(a ≤ X ≤ b) in each group."""
        from likeliest.inference import words

        return words.probability(a, b).of_many(self, method)

    def mean(self, method: Method = "delta") -> Estimates:
        """Estimate the expected value of each group."""
        from likeliest.inference import words

        return words.mean().of_many(self, method)

    def survival(self, t: ArrayLike, method: Method = "delta") -> Estimates:
        """Estimate P(X > t) in each group."""
        from likeliest.inference import words

        return words.survival(t).of_many(self, method)

    def hazard(self, t: ArrayLike, method: Method = "delta") -> Estimates:
        """Estimate the hazard rate at t of each group: the density over P(X > t)."""
        from likeliest.inference import words

        return words.hazard(t).of_many(self, method)

    def return_level(
        self, period: ArrayLike, rate: float = 1.0, method: Method = "delta"
    ) -> Estimates:
        """Estimate the value that each group exceeds once in a period on average.

        `rate` is how many values a unit of time has: see `Fit.return_level`.
        """
        from likeliest.inference import words

        return words.return_level(period, rate).of_many(self, method)

    def tail_value_at_risk(self, p: ArrayLike, method: Method = "delta") -> Estimates:
        """Estimate the mean of values beyond the quantile of p, in each group."""
        from likeliest.inference import words

        return words.tail_value_at_risk(p).of_many(self, method)

    def limited_expected_value(self, limit: ArrayLike, method: Method = "delta") -> Estimates:
        """Estimate E[min(X, limit)] of each group: what is lost where no more is paid."""
        from likeliest.inference import words

        return words.limited_expected_value(limit).of_many(self, method)

    def layer_mean(
        self, attachment: ArrayLike, limit: ArrayLike = np.inf, method: Method = "delta"
    ) -> Estimates:
        """Estimate what a layer of `limit` above an attachment pays a loss of each group."""
        from likeliest.inference import words

        return words.layer_mean(attachment, limit).of_many(self, method)

    def loss_elimination_ratio(self, deductible: ArrayLike, method: Method = "delta") -> Estimates:
        """Estimate the share of all losses that a deductible saves, in each group."""
        from likeliest.inference import words

        return words.loss_elimination_ratio(deductible).of_many(self, method)

    def b_life(self, percent: ArrayLike, method: Method = "delta") -> Estimates:
        """Estimate the time by which this percentage has failed, in each group."""
        from likeliest.inference import words

        return words.b_life(percent).of_many(self, method)

    def report(self, source: str | PathLike[str] = "", *, level: float = 0.95) -> Report:
        """Return a report of the groups: one HTML file, as `Fit.report` gives it.

        Parameters
        ----------
        source : path, optional
            The file of the data, named in the report and in its commands.
        level : float
            Coverage of the intervals.
        """
        from likeliest.report import of_fits

        return of_fits(self, source, level)

    @overload
    def to_frame(
        self, library: Literal["polars"] = "polars", *, level: float | None = None
    ) -> pl.DataFrame: ...

    @overload
    def to_frame(
        self, library: Literal["pandas"], *, level: float | None = None
    ) -> pd.DataFrame: ...

    def to_frame(
        self, library: Library = "polars", *, level: float | None = None
    ) -> pl.DataFrame | pd.DataFrame:
        """Return the fits as a data frame, a row for each group.

        Parameters
        ----------
        library : {"polars", "pandas"}
            Whose data frame to make.
        level : float, optional
            Adds the ends of the confidence intervals of this level.

        Returns
        -------
        polars.DataFrame or pandas.DataFrame
            The keys; n; each parameter with its standard error; log likelihood, AIC, AICc, BIC;
            status; reason.
        """
        import polars as pl

        reasons = np.full(len(self), None, dtype=object)
        for group, reason in self.found.reasons.items():
            reasons[group] = reason
        made = pl.DataFrame(self._columns(level)).with_columns(
            pl.col(pl.Float64).fill_nan(None), pl.Series("reason", reasons.tolist(), pl.String)
        )
        return frame_of_groups(self.grouped.keys.columns, made, library)

    def _columns(self, level: float | None) -> dict[str, Any]:
        columns: dict[str, Any] = {"n": self.n}
        errors, ends = self.standard_errors, self.intervals(level) if level else {}
        for name, estimates in self.parameters.items():
            columns |= {name: estimates, f"{name}_error": errors[name]}
            if name in ends:
                columns |= {f"{name}_low": ends[name][0], f"{name}_high": ends[name][1]}
        columns["log_likelihood"] = self.log_likelihood
        columns |= {"aic": self.aic, "aicc": self.aicc, "bic": self.bic}
        columns["status"] = np.array([str(outcome) for outcome in OUTCOMES])[self.found.status]
        return columns

    def to_xarray(self, *, level: float | None = None) -> xr.Dataset:
        """Return the fits as an xarray Dataset, with a dimension for each key.

        Parameters
        ----------
        level : float, optional
            Adds the ends of the confidence intervals of this level.

        Returns
        -------
        xarray.Dataset
            The columns of `to_frame`, back on the grid that `dim` took.

        Raises
        ------
        MissingExtraError
            If xarray is not installed.
        """
        return dataset_of(self.grouped.keys.columns, self._columns(level))

    def plot(self, kind: str = "estimates", ax: Axes | None = None) -> Axes:
        """Draw the groups.

        Parameters
        ----------
        kind : {"estimates", "densities"}
            The estimate of each group with its interval, in order; or the first groups, each with
            its fit over its data.
        ax : matplotlib Axes, optional
            Where to draw; without it a figure of its own.

        Returns
        -------
        Axes
            A frame, whose `child_axes` are the panels.
        """
        from likeliest.plots.registry import draw_groups

        return draw_groups(self, kind, ax)

    def table(self) -> Table:
        """Return the first groups as a table, and how many could not be fitted."""

        def cells(group: int) -> tuple[str, ...]:
            estimates = zip(self.found.parameters[group], self.found.errors[group], strict=True)
            shown = [_estimate(value, error) for value, error in estimates]
            value = _estimate(self.log_likelihood[group])
            status = str(OUTCOMES[self.found.status[group]])
            return (f"{self.n[group]:,.6g}", *shown, value, status)

        title = f"{self.family.name} · {self.grouped.told()}"
        heads = ("n", *self.family.constraints, "log L", "status")
        return table_of_groups(title, self.grouped.keys.columns, heads, cells, self.why_failed())

    def why_failed(self) -> list[str]:
        """Return in a few lines how many groups could not be fitted, and the commonest reasons."""
        reasons = self.reasons
        if not reasons:
            return ["all were fitted"]
        kinds = Counter(reason.split(":")[0] for reason in reasons.values())
        lines = [f"{len(reasons):,} of {len(self):,} groups could not be fitted:"]
        for kind, times in kinds.most_common(_REASONS):
            key, reason = next(item for item in reasons.items() if item[1].startswith(kind))
            lines.append(f"{times:,}, such as {key}: {reason}")
        return lines


def table_of_groups(
    title: str,
    keys: pl.DataFrame,
    heads: Sequence[str],
    cells: Callable[[int], Sequence[str]],
    notes: Sequence[str] = (),
) -> Table:
    """Return the first groups as a table: the keys of each, and its cells beside them."""
    labels = [", ".join(map(str, row)) for row in keys.head(_SHOWN).rows()]
    rows = tuple((label, *cells(group)) for group, label in enumerate(labels))
    more = [f"… and {len(keys) - _SHOWN:,} more groups"] if len(keys) > _SHOWN else []
    return Table(title, (", ".join(keys.columns), *heads), rows, (*more, *notes))


def frame_of_groups(keys: pl.DataFrame, columns: pl.DataFrame, library: Library) -> Any:
    """Return the keys of groups with columns beside them, of polars or pandas, null as NaN there.

    A key that is called as one of the columns gets "key" before its name.
    """
    keys = keys.rename({name: f"key {name}" for name in keys.columns if name in columns.columns})
    made = keys.hstack(columns)
    if library == "polars":
        return made
    cells: dict[str, Any] = {name: made[name].to_numpy() for name in made.columns}
    return frame(cells, library)


def _estimate(value: float, error: float = np.nan) -> str:
    if np.isnan(value):
        return number(None)
    return number(float(value), error=None if np.isnan(error) else float(error))


def fits_of(
    data: Any,
    family: type[Distribution],
    by: Any,
    axis: int | None,
    dim: Hashable | Sequence[Hashable] | None,
    *,
    words: Mapping[str, Any],
    rounding: float,
    missing: Missing,
    fixed: dict[str, float],
    start: dict[str, float],
) -> Fits:
    """Return the fits of a family to the groups that `by`, `axis` or `dim` makes; see `fit`."""
    if axis is None and dim is None:
        groups = grouped(data, by, words, rounding, missing)
    else:
        groups = of_grid(data, axis, dim, {**words, "by": by}, rounding)
    return Fits(family, groups, fixed, start, found_of(family, groups, fixed, start))
