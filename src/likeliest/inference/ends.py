"""Confidence intervals for ends of the support, from the exact law of their estimates."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from likeliest.errors import DataError
from likeliest.inference import pareto_scale, uniform_ends
from likeliest.inference.first_cell import EndCell
from likeliest.inference.levels import checked_level
from likeliest.inference.steep_end import SteepEnd, recorded_steep_ends, steep_ends

if TYPE_CHECKING:
    from collections.abc import Mapping

    from likeliest.fitting.result import Fit

_KNOWN = frozenset({"discrete uniform", "pareto", "uniform"})
"""Families whose ends have an exact law here."""


@dataclass(frozen=True)
class ExactEnd:
    """How sure an estimate is that lies where the likelihood has a corner.

    The support depends on the parameter: a uniform's ends, a Pareto's scale. The estimate's law is
    known, and no normal one.

    Parameters
    ----------
    family : str
    name : str
        The parameter.
    estimates : dict
        Of all parameters.
    n : float
        Number of observations.
    fixed : dict
        The parameters that were held.
    cell : EndCell, optional
        What the rows tell of the end, if not all are exact.

    Examples
    --------
    >>> import likeliest as lk
    >>> low, high = lk.fit([1.0, 3.0, 4.0], "uniform").uncertainty["high"].interval(0.9)
    >>> low, round(high, 3)
    (4.0, 10.487)
    """

    family: str
    name: str
    estimates: dict[str, float]
    n: float
    fixed: dict[str, float]
    cell: EndCell | None = None
    method = "exact"

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the confidence interval that covers with probability `level`."""
        checked_level(level)
        at, fixed = self.estimates, self.fixed
        if self.family == "pareto":
            if self.cell is None:
                return pareto_scale.exact_interval(at, self.n, level, fixed)
            return pareto_scale.interval(at, self.cell, level, fixed)
        if self.family == "discrete uniform":
            return uniform_ends.exact_interval_of_whole(at, self.name, self.n, level, fixed)
        if self.cell is None:
            return uniform_ends.exact_interval(at, self.name, self.n, level, fixed)
        return uniform_ends.interval(at, self.name, self.cell, level, fixed)

    def to_dict(self) -> dict[str, float]:
        """Return what a saved fit needs of it beside its estimates; nothing of exact values."""
        return {} if self.cell is None else asdict(self.cell)


def exact_ends(fit: Fit) -> dict[str, ExactEnd | SteepEnd]:
    """Return the ends that a fit estimated in a corner."""
    seen = fit.observations
    hidden = seen is not None and not (seen.exact and not seen.truncated)
    if fit.corners and (fit.family not in _KNOWN or (hidden and fit.family == "discrete uniform")):
        return {**steep_ends(fit)}
    return {name: _end(fit, name, cell) for name, cell in _cells(fit).items()}


def recorded_ends(
    fit: Fit, saved: Mapping[str, Mapping[str, float | str]]
) -> dict[str, ExactEnd | SteepEnd]:
    """Return the ends of a fit that was saved, from what `to_dict` wrote of them."""
    if fit.family not in _KNOWN or any("rate" in end for end in saved.values()):
        return {**recorded_steep_ends(fit, saved)}
    cells = {
        name: EndCell(**{k: float(v) for k, v in cell.items()})
        for name, cell in saved.items()
        if name in fit.corners
    }
    return {name: _end(fit, name, cells.get(name)) for name in fit.corners}


def _end(fit: Fit, name: str, cell: EndCell | None) -> ExactEnd:
    return ExactEnd(fit.family, name, fit.parameters, fit.n, fit.fixed, cell)


def _cells(fit: Fit) -> dict[str, EndCell | None]:
    seen = fit.observations
    if not fit.corners:
        return {}
    if seen is None:
        raise DataError("A fit without its observations has intervals only as they were saved.")
    if seen.exact and not seen.truncated:
        return dict.fromkeys(fit.corners)
    if fit.family == "pareto":
        error = fit.standard_errors["shape"]
        cells = pareto_scale.cells(fit.parameters, seen, fit.fixed, error)
    else:
        cells = uniform_ends.cells(fit.parameters, seen, fit.fixed)
    return {name: cells[name] for name in fit.corners}
