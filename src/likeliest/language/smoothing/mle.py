"""No smoothing: the maximum likelihood estimate itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from likeliest.language.smoothing.base import Estimate, Levels, Smoothing

if TYPE_CHECKING:
    from likeliest.language.counts import NGramCounts


@dataclass(frozen=True)
class MLE(Smoothing):
    """The maximum likelihood estimate: p(w | h) = c(h w) / c(h).

    A symbol never seen after a context that was seen has probability 0. A context that was never
    seen is answered by its longest end that was.

    Examples
    --------
    >>> import likeliest as lk
    >>> model = lk.language.fit(["ab", "aa"], order=2, smoothing="mle")
    >>> model.prob("b", after="a"), model.prob("b", after="b")
    (0.333..., 0.0)
    """

    name = "mle"
    memory = 25
    reserves = False
    prunes = False

    def estimate(self, counts: NGramCounts, prune: Sequence[int] = ()) -> Estimate:
        """Return counts over the totals of their contexts."""
        levels = Levels(counts)
        with np.errstate(divide="ignore"):
            logs = [np.log(counts.counts[0] / counts.total)]
        weights = []
        for n in range(2, counts.order + 1):
            total = levels.over_contexts(n, counts.counts[n - 1])
            logs.append(np.log(counts.counts[n - 1] / total[levels.contexts[n - 2]]))
            weights.append(np.where(total > 0, -np.inf, 0.0))
        return Estimate(counts.vocabulary, counts.levels, tuple(logs), tuple(weights))
