"""HypothesisTest: a statistic, its p-value, and what was tested, as every test returns them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import ConvergenceError, DataError
from likeliest.files import json_ready
from likeliest.tables import ShownAsTable, Table, number

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array

MOST_FAILED = 0.1
"""Share of draws without an estimate beyond which a test is refused: too few are left."""
_ROUNDING = 1e-9  # of a statistic, or a log likelihood
RATIO = "likelihood ratio"
"""The name of the test."""


@dataclass(frozen=True, slots=True, repr=False)
class HypothesisTest(ShownAsTable):
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


def ratio_by_chi2(
    null: str, gain: float, df: int, *, on_boundary: bool, notes: tuple[str, ...] = ()
) -> HypothesisTest:
    """Return the likelihood ratio test of a null hypothesis by the law of large samples.

    Parameters
    ----------
    null : str
    gain : float
        By how much the larger log likelihood exceeds the smaller.
    df : int
        How many parameters more the larger one has.
    on_boundary : bool
        Whether the null hypothesis holds one of them on an end of its range.

    Source: Wilks (1938); on a boundary: Self & Liang (1987), J. Amer. Statist. Assoc. 82, case 5.
    """
    statistic = max(2.0 * gain, 0.0)
    if on_boundary:
        p = 0.5 * (chi2_tail(statistic, df - 1) + chi2_tail(statistic, df))
        less = "0" if df == 1 else degrees(df - 1)
        law = f"half {less}, half {degrees(df)} (the null lies on a boundary)"
    else:
        p, law = chi2_tail(statistic, df), degrees(df)
    return HypothesisTest(RATIO, null, statistic, p, law, notes=notes)


def require_higher(big: float, small: float, names: tuple[str, str]) -> None:
    """Raise DataError if the larger model is less likely than the smaller, which it holds."""
    if small - big > _ROUNDING * max(1.0, abs(big)):
        raise DataError(
            f"The larger fit, {names[1]}, is {number(small - big)} nats less likely than the "
            f"smaller, {names[0]}, which it holds: it did not reach its maximum. Look at its "
            "diagnostics, or give it a start."
        )


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
    if failed > MOST_FAILED * simulated.size:
        raise ConvergenceError(
            f"{failed} of {simulated.size} samples drawn from the {family} fit have no estimate: "
            "what is left says nothing."
        )
    more = int(np.count_nonzero(good >= statistic - _ROUNDING * max(1.0, abs(statistic))))
    told = f"{failed} of {simulated.size} samples have no estimate and are left out."
    return (1 + more) / (1 + good.size), [told] if failed else []
