"""MultivariateFit: the likeliest member of a family of rows, with its uncertainty."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.distributions import multivariate
from likeliest.errors import DataError, PictureError
from likeliest.files import json_ready, read_json, write_whole
from likeliest.fitting.criteria import Criteria
from likeliest.inference.estimates import Estimate
from likeliest.inference.wald import Wald
from likeliest.multivariate.chart import Chart
from likeliest.multivariate.found import Found
from likeliest.tables import ShownAsTable, Table, frame, interval, number

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.axes import Axes

    from likeliest.data.matrix import Matrix
    from likeliest.distributions.distribution import Seed
    from likeliest.distributions.multivariate.multivariate import Multivariate
    from likeliest.inference.delta import Scale
    from likeliest.numerics.arrays import Array
    from likeliest.tables import Library

_FORMAT = "likeliest multivariate fit 1"
_MOST = 5_000  # parameters whose errors are asked for: their covariance takes 200 MB


@dataclass(frozen=True, eq=False, repr=False)
class MultivariateFit(Criteria, ShownAsTable):
    """A maximum likelihood fit of a family of rows.

    Parameters
    ----------
    found : Found
        The top of the likelihood, and how sure it is.
    rows : Matrix, optional
        What was fitted; not saved, and none of labels.

    Examples
    --------
    >>> import likeliest as lk
    >>> rows = {"height": [1.62, 1.75, 1.80, 1.68, 1.71], "weight": [58, 74, 83, 61, 72]}
    >>> fit = lk.fit(rows, "multivariate normal")
    >>> round(fit.parameters["mean[height]"], 3), round(fit.standard_errors["mean[height]"], 4)
    (1.712, 0.0273)
    >>> fit.distribution.conditional({"height": 1.75}).mean.round(1).tolist()
    [75.1]
    """

    found: Found
    rows: Matrix | None = field(default=None, repr=False)

    @property
    def distribution(self) -> Any:
        """The likeliest member of the family."""
        return self.found.member

    @property
    def family(self) -> str:
        """The name of the family."""
        return self._member.name

    @property
    def _member(self) -> Multivariate:
        return self.found.member

    @property
    def log_likelihood(self) -> float:
        """The log likelihood at the maximum, in nats: of densities, or of probabilities."""
        return self.found.log_likelihood

    @property
    def n(self) -> float:
        """The number of rows: the sum of the weights."""
        return self.found.n

    @property
    def measure(self) -> str:
        """What the likelihood is made of, "density" or "mass": like is compared with like only."""
        return "mass" if self._member.discrete else "density"

    @property
    def estimated(self) -> int:
        """How many parameters were estimated, those on a bound included."""
        return self._member.freedom

    @property
    def outcome(self) -> str:
        """How the fit ended: "closed form", "converged" or "on a boundary"."""
        if self._member.bounds:
            return "on a boundary"
        return "converged" if self.found.iterations else "closed form"

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the figures should know."""
        return self.found.notes

    @property
    def parameters(self) -> dict[str, float]:
        """The estimates by name: `mean[height]`, `cov[height, weight]`."""
        return self._member.parameters

    @cached_property
    def covariance(self) -> Array:
        """Covariance of the estimates, in the order of `parameters`, of shape (p, p).

        From the inverse observed information. Rows and columns of parameters on a bound are 0.
        """
        if self.without_errors:
            raise DataError(self.without_errors)
        return self._chart.spread(self._member.slopes())

    @property
    def without_errors(self) -> str:
        """Why there are no standard errors; empty where there are."""
        p = len(self.parameters)
        if p <= _MOST:
            return ""
        return f"{p:,} parameters: errors are given of up to {_MOST:,}. Fit fewer columns."

    @property
    def errors(self) -> Array:
        """Standard errors in the order of `parameters`; 0 of those on a bound."""
        return np.sqrt(np.maximum(self.covariance.diagonal(), 0.0))

    @property
    def correlation(self) -> Array:
        """Correlation of the estimates, of shape (p, p); NaN of parameters on a bound."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.covariance / np.outer(self.errors, self.errors)

    @property
    def standard_errors(self) -> dict[str, float | None]:
        """The standard error of each parameter; None of one on a bound, or see `without_errors`."""
        if self.without_errors:
            return dict.fromkeys(self.parameters)
        pairs = zip(self.parameters, self.errors.tolist(), strict=True)
        return {name: None if name in self._member.bounds else error for name, error in pairs}

    def intervals(self, level: float = 0.95) -> dict[str, tuple[float, float] | None]:
        """Return a confidence interval for each parameter; None of one on a bound.

        From the standard error, on the logarithm of a positive parameter and the logit of a
        probability.
        """
        ranges = self._member.constraints
        return {
            name: None if error is None else _interval(value, error, ranges[name], level)
            for (name, value), error in zip(
                self.parameters.items(), self.standard_errors.values(), strict=True
            )
        }

    def estimate(self, function: Callable[[Any], Any], scale: Scale | None = None) -> Estimate:
        """Estimate any function of the distribution, with its uncertainty, by the delta method.

        Parameters
        ----------
        function : callable
            Takes a distribution; returns a number, or an array, each value of which is estimated
            by itself.
        scale : {"identity", "log", "logit"}, optional
            On which the interval is symmetric; without it one is chosen by the range of the
            function.

        Raises
        ------
        ParameterError
            If the function is not finite for the estimate, or does not move with the parameters.

        Examples
        --------
        >>> import likeliest as lk
        >>> rows = {"height": [1.62, 1.75, 1.80, 1.68, 1.71], "weight": [58, 74, 83, 61, 72]}
        >>> fit = lk.fit(rows, "multivariate normal")
        >>> heavy = fit.estimate(lambda d: d.conditional({"height": 1.75}).mean[0])
        >>> round(heavy.value, 1), round(heavy.standard_error, 1)
        (75.1, 1.2)
        """
        law = self._chart.delta(function, scale)
        value = law.function.value
        return Estimate(value if value.ndim else float(value), law)

    @cached_property
    def derived(self) -> dict[str, tuple[float, float, tuple[float, float]]]:
        """What follows from the parameters, with standard error and 95 % interval.

        Standard deviations and correlations, the latter with intervals on Fisher's z.
        """
        return self._derived(0.95)

    def _derived(self, level: float) -> dict[str, tuple[float, float, tuple[float, float]]]:
        told = self._member.derived()
        if not told or self.without_errors:
            return {}
        slopes = self._member.derived_slopes() @ self._member.slopes()
        errors = np.sqrt(self._chart.spread(slopes).diagonal())
        return {
            name: (value, error, _interval(value, error, constraint, level))
            for (name, (value, constraint)), error in zip(
                told.items(), errors.tolist(), strict=True
            )
        }

    @property
    def _chart(self) -> Chart:
        return Chart(self._member, self.found.covariance)

    def sample(self, size: int | tuple[int, ...] = (), seed: Seed = None) -> Array:
        """Draw rows from the fitted distribution."""
        return self._member.sample(size, seed)

    def plot(self, kind: str = "pairs", ax: Axes | None = None) -> Axes:
        """Draw the columns two by two, with the ellipses of the fit; see `likeliest.plots.pairs`.

        Parameters
        ----------
        kind : {"pairs"}
        ax : matplotlib Axes, optional
            Where to draw; without it a figure of its own.

        Raises
        ------
        PictureError
            If there is no such picture of this fit.
        """
        from likeliest.plots.pairs import pairs

        if kind != "pairs":
            raise PictureError(f"There is no picture {kind!r:.40}. Of rows there is 'pairs'.")
        return pairs(self, ax=ax)

    def to_frame(self, library: Library = "polars") -> Any:
        """Return a data frame with a row for each parameter, and for what follows from them.

        Parameters
        ----------
        library : {"polars", "pandas"}

        Returns
        -------
        DataFrame
            With the columns parameter, estimate, standard_error, lower and upper, of 95 %.
        """
        rows = self._figures(0.95)
        return frame(
            {
                "parameter": [row[0] for row in rows],
                "estimate": [row[1] for row in rows],
                "standard_error": [row[2] for row in rows],
                "lower": [None if row[3] is None else row[3][0] for row in rows],
                "upper": [None if row[3] is None else row[3][1] for row in rows],
            },
            library,
        )

    def _figures(
        self, level: float
    ) -> list[tuple[str, float, float | None, tuple[float, float] | None]]:
        errors, ends = self.standard_errors, self.intervals(level)
        first = [(name, v, errors[name], ends[name]) for name, v in self.parameters.items()]
        return [*first, *((name, *figures) for name, figures in self._derived(level).items())]

    def table(self, level: float = 0.95, top: int | None = 40) -> Table:
        """Return the fit as a table.

        Parameters
        ----------
        level : float
            Coverage of the intervals.
        top : int, optional
            How many rows to show; None shows all.
        """
        figures = self._figures(level)
        shown = figures if top is None else figures[:top]
        rows = tuple(
            (name, number(value, error=error), number(error), interval(ends))
            for name, value, error, ends in shown
        )
        more = len(figures) - len(shown)
        steps = self.found.iterations
        of = " (of probabilities)" if self._member.discrete else ""
        footer = (
            *((f"{more} more: .table(top=None), .to_frame()",) if more else ()),
            f"log likelihood {number(self.log_likelihood, 8)} nats{of}",
            f"AICc {self.aicc:.2f}   AIC {self.aic:.2f}   BIC {self.bic:.2f}",
            self.outcome + (f", {steps} steps" if steps else ""),
            *self.notes,
            *((self.without_errors,) if self.without_errors else ()),
        )
        columns = ("parameter", "estimate", "std error", f"{100 * level:.12g} % interval")
        return Table(f"{self.family} · {self.found.told}", columns, rows, footer)

    def to_dict(self) -> dict[str, Any]:
        """Return all but the rows, ready for JSON: ∞ is "inf"."""
        record = {
            "format": _FORMAT,
            "distribution": self._member.to_dict(),
            "standard_errors": self.standard_errors,
            "intervals": {"level": 0.95, "method": "wald", **self.intervals()},
            "covariance": self.found.covariance.tolist(),
            "log_likelihood": self.log_likelihood,
            "nll": self.nll,
            "aic": self.aic,
            "aicc": self.aicc if np.isfinite(self.aicc) else None,
            "bic": self.bic,
            "n": self.n,
            "data": self.found.told,
            "measure": self.measure,
            "estimated": self.estimated,
            "diagnostics": {
                "outcome": self.outcome,
                "iterations": self.found.iterations,
                "notes": list(self.notes),
            },
        }
        made: dict[str, Any] = json_ready(record)
        return made

    @classmethod
    def from_dict(cls, saved: dict[str, Any]) -> MultivariateFit:
        """Return the fit that `to_dict` wrote.

        Raises
        ------
        DataError
            If it is not such a record.
        """
        try:
            written, told = saved["format"], saved["diagnostics"]
            member = multivariate.from_dict(saved["distribution"])
            found = Found(
                member,
                _finite(saved["log_likelihood"]),
                _covariance(saved["covariance"], member),
                _finite(saved["n"], above=0.0),
                str(saved["data"]),
                int(told["iterations"]),
                tuple(map(str, told["notes"])),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(
                f"This is not a saved fit of a family of rows: {type(error).__name__}: {error}."
            ) from None
        if written != _FORMAT:
            raise DataError(f"This is not a saved fit of {_FORMAT!r}: it says {written!r:.40}.")
        return cls(found)

    def save(self, path: str | Path) -> None:
        """Write the fit as JSON."""
        text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)
        write_whole(path, text + "\n")

    @classmethod
    def load(cls, path: str | Path) -> MultivariateFit:
        """Read a fit that `save` wrote; no code in the file is run."""
        return cls.from_dict(read_json(path))


def _interval(value: float, error: float, constraint: Any, level: float) -> tuple[float, float]:
    return Wald(value, error, constraint).interval(level)


def _finite(saved: Any, above: float = -math.inf) -> float:
    value = float(saved)
    if not (math.isfinite(value) and value > above):
        raise ValueError(f"{value} is no figure of a fit")
    return value


def _covariance(saved: Any, member: Multivariate) -> Array:
    made = np.asarray(saved, dtype=np.float64)
    k = member.coordinates
    if made.shape not in {(k,), (k, k)}:
        raise ValueError(f"there is no covariance of its {k} coordinates")
    return made
