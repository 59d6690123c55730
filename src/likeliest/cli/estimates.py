"""Answer a question about a distribution: its value, and for a saved fit the interval.

Shared by the verbs `quantile`, `probability` and `return-level`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from likeliest.errors import LikeliestError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from likeliest.distributions.distribution import Distribution
    from likeliest.fitting.result import Fit
    from likeliest.inference import Estimate
    from likeliest.tables import Table


class Answer(NamedTuple):
    """The answer to a question: a value for each thing asked, and for a fit its interval.

    Parameters
    ----------
    values : list of float
    errors : list of float, optional
    intervals : list of pairs, optional
    note : str
        Why a fit has no intervals; mostly empty.
    """

    values: list[float]
    errors: list[float] | None = None
    intervals: list[tuple[float, float]] | None = None
    note: str = ""


def asked(
    text: str,
    of_distribution: Callable[[Distribution], Any],
    of_fit: Callable[[Fit], Estimate],
    level: float,
) -> tuple[Distribution, Answer]:
    """Return the distribution that is written, and what it answers; of a saved fit how surely."""
    import numpy as np

    from likeliest.distributions.notation import parse
    from likeliest.fitting.result import Fit
    from likeliest.inference.levels import checked_level

    checked_level(level)
    if Path(text).suffix != ".json":
        member = parse(text)
        return member, Answer(np.ravel(of_distribution(member)).tolist())
    fit = Fit.load(text)
    member = fit.distribution
    values = np.ravel(of_distribution(member)).tolist()
    try:
        found = of_fit(fit)
        ends = (np.ravel(end).tolist() for end in found.interval(level))
        errors = np.ravel(found.standard_error).tolist()
        return member, Answer(values, errors, list(zip(*ends, strict=True)))
    except LikeliestError as error:
        return member, Answer(values, note=f"no interval: {error}")


def table(
    title: str, what: tuple[str, str], keys: Sequence[float], answer: Answer, level: float
) -> Table:
    """Return a row for each value asked for."""
    from likeliest.tables import Table, interval, number

    notes = (answer.note,) if answer.note else ()
    if answer.intervals is None or answer.errors is None:
        rows: tuple[tuple[str, ...], ...] = tuple(
            (f"{key:.12g}", number(v)) for key, v in zip(keys, answer.values, strict=True)
        )
        return Table(title, what, rows, notes)
    rows = tuple(
        (f"{key:.12g}", number(v, error=error), number(error), interval(pair))
        for key, v, error, pair in zip(
            keys, answer.values, answer.errors, answer.intervals, strict=True
        )
    )
    return Table(title, (*what, "std error", f"{100 * level:.12g} % interval"), rows, notes)


def record(
    member: Distribution,
    names: tuple[str, str],
    keys: Sequence[float],
    answer: Answer,
    level: float,
) -> Any:
    """Return the same for a machine."""
    from likeliest.files import json_ready

    missing = [None] * len(keys)
    rows = zip(
        keys, answer.values, answer.errors or missing, answer.intervals or missing, strict=True
    )
    listed = [
        {names[0]: key, names[1]: value, "standard_error": error, "interval": pair and list(pair)}
        for key, value, error, pair in rows
    ]
    made = {"distribution": member.to_dict(), "level": level, "values": listed}
    return json_ready(made | ({"note": answer.note} if answer.note else {}))
