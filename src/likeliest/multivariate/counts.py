"""The multinomial and the categorical, from the sums of their counts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from likeliest.distributions.multivariate.categorical import Categorical
from likeliest.distributions.multivariate.multinomial import Multinomial, log_coefficient
from likeliest.errors import DataError, SupportError
from likeliest.multivariate.found import Found
from likeliest.multivariate.normals import described

if TYPE_CHECKING:
    from collections.abc import Sequence

    from likeliest.data.matrix import Labels, Matrix
    from likeliest.numerics.arrays import Array


def maximize(seen: Matrix) -> Found:
    """Return the likeliest multinomial: the share of each category in all that was counted."""
    require_counts(seen, Multinomial.name)
    x, w = seen.values, seen.each
    counts = w @ x
    p = counts / counts.sum()
    value = math.fsum((w * log_coefficient(x)).tolist()) + _of_counts(counts, p)
    member = Multinomial(common_trials(x), p, seen.columns)
    notes = _never(seen.columns, counts)
    return Found(member, value, 1.0 / counts[counts > 0.0], seen.n, described(seen), notes=notes)


def maximize_labels(seen: Labels) -> Found:
    """Return the likeliest categorical: how often each label came."""
    p = seen.counts / seen.n
    member = Categorical(p, seen.labels)
    n = f"{seen.n:,.0f}" if seen.n == round(seen.n) else f"{seen.n:,.6g}"
    told = (
        f"{n} label{'' if seen.n == 1 else 's'} of {len(p)} categor{'y' if len(p) == 1 else 'ies'}"
    )
    told += f"; {seen.left_out:,} missing left out" if seen.left_out else ""
    notes = _never(seen.labels, seen.counts)
    return Found(member, _of_counts(seen.counts, p), 1.0 / seen.counts[p > 0.0], seen.n, told,
                 notes=notes)  # fmt: skip


def _of_counts(counts: Array, p: Array) -> float:
    seen = counts > 0.0
    return float(counts[seen] @ np.log(p[seen]))


def _never(names: Sequence[object], counts: Array) -> tuple[str, ...]:
    """Say which categories were never seen, and how likely they may be all the same."""
    never = [str(name) for name, count in zip(names, counts, strict=True) if not count]
    if not never:
        return ()
    most = -math.expm1(math.log(0.05) / float(counts.sum()))
    verb = "was" if len(never) == 1 else "were"
    return (
        f"{', '.join(never)} {verb} never seen: p = 0 is on the bound of its range and has no "
        f"standard error; with 95 % confidence it is below {most:.3g}.",
    )


def common_trials(x: Array) -> int | None:
    """Return the number of trials in a row, None where rows have their own."""
    sums = x.sum(axis=1)
    return int(sums[0]) if (sums == sums[0]).all() else None


def require_counts(seen: Matrix, what: str) -> None:
    """Raise where a row holds what is no count."""
    x = seen.values
    if len(seen.columns) < 2:
        raise DataError(f"{what} needs two columns or more, the counts of its categories.")
    bad = (x < 0.0) | (np.floor(x) != x)
    if bad.any():
        at, column = (int(i[0]) for i in np.nonzero(bad))
        raise SupportError(
            f"{what} needs counts 0, 1, 2, …: {int(bad.any(axis=1).sum()):,} of {len(x):,} rows "
            f"hold another number (first: row {seen.row(at)}, {seen.columns[column]} is "
            f"{x[at, column]:g})."
        )
    if not x.any():
        raise DataError(f"{what} needs something that was counted: all counts are 0.")
