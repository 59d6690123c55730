"""HypothesisTest: a statistic, its p-value, and what was tested, as every test returns them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import ConvergenceError
from likeliest.files import json_ready
from likeliest.tables import Table, html, number, text

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

_MOST_FAILED = 0.1  # of the draws: beyond, what is left says nothing
_ROUNDING = 1e-9  # of a statistic


@dataclass(frozen=True, slots=True)
class HypothesisTest:
    """The outcome of a test.

    Parameters
    ----------
    name : str
        Of the test.
    null : str
        The hypothesis that is tested, in words.
    statistic : float
    p_value : float
        The probability under the null hypothesis of a statistic at least as extreme.
    law : str
        The law of the statistic under the null hypothesis, such as "χ² with 1 degree of freedom".
    effect : float or None
        How far the data are from the null hypothesis, in a unit that does not grow with their
        number; None where the test has none.
    notes : tuple of str
        What a reader of the p-value should know.
    """

    name: str
    null: str
    statistic: float
    p_value: float
    law: str
    effect: float | None = None
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome, ready for JSON."""
        return dict(json_ready(asdict(self)))

    def table(self) -> Table:
        """Return the outcome as a table."""
        rows = [
            ("statistic", number(self.statistic)),
            ("p-value", p_value(self.p_value)),
            ("law under the null hypothesis", self.law),
        ]
        rows += [("effect", number(self.effect))] if self.effect is not None else []
        title = f"{self.name}: {self.null}"
        return Table(title, ("", "value"), tuple(rows), self.notes)

    def __repr__(self) -> str:
        return text(self.table())

    def _repr_html_(self) -> str:
        return html(self.table())


def p_value(p: float) -> str:
    """Return a p-value as it is shown.

    Examples
    --------
    >>> p_value(0.04321), p_value(3e-9)
    ('0.0432', '3e-09')
    """
    return number(p, 3)


def chi2_tail(statistic: float, df: float) -> float:
    """Return P(χ² > statistic); with 0 degrees of freedom χ² is 0."""
    from scipy.special import chdtrc

    if df <= 0:
        return float(statistic <= 0.0)
    return float(chdtrc(df, max(statistic, 0.0)))


def degrees(df: float) -> str:
    """Return the name of a χ² law."""
    return f"χ² with {df:g} degree{'s' if df != 1 else ''} of freedom"


def by_simulation(statistic: float, simulated: Array, family: str) -> tuple[float, list[str]]:
    """Return the p-value of a statistic among simulated ones, and what to say of it.

    Those that are NaN, for a sample had no estimate, are left out and counted.

    Raises
    ------
    ConvergenceError
        If they are more than a tenth.
    """
    good = simulated[~np.isnan(simulated)]
    failed = simulated.size - good.size
    if failed > _MOST_FAILED * simulated.size:
        raise ConvergenceError(
            f"{failed} of {simulated.size} samples drawn from the {family} fit have no estimate: "
            "what is left says nothing."
        )
    more = int(np.count_nonzero(good >= statistic - _ROUNDING * max(1.0, abs(statistic))))
    told = f"{failed} of {simulated.size} samples have no estimate and are left out."
    return (1 + more) / (1 + good.size), [told] if failed else []
