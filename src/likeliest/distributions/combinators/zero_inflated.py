"""Counts with more zeros than their family has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from likeliest.distributions.combinators.blend import Atom, Blend, Branch
from likeliest.distributions.combinators.hurdle import hurdle, refuse_zeros
from likeliest.distributions.combinators.part import Part
from likeliest.distributions.families.registry import find
from likeliest.distributions.made import OfOne, made, part_of, starts_of
from likeliest.distributions.parameters import Constraint
from likeliest.distributions.recipes import COMBINATORS, Combinator, Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from likeliest.distributions.distribution import Distribution
    from likeliest.distributions.sample import Sample


def zero_inflated(family: str | type[Distribution]) -> type[Distribution]:
    """Make the family of counts that are 0 for sure with some probability.

    A share `inflation` of all values is 0 whatever the family says; the others are the family's,
    zeros among them. Where every zero is of one kind, the family wanted is `hurdle`.

    Parameters
    ----------
    family : str or class
        Of counts. One that gives 0 itself no probability, such as a gamma, has no zeros that could
        be told from the others: its zero-inflated family is its hurdle family.

    Returns
    -------
    class
        The family, the same for the same argument.

    Raises
    ------
    FamilyError
        If the family has a share of zeros of its own already, or cannot be 0.

    Examples
    --------
    >>> import likeliest as lk
    >>> eggs = lk.fit([0, 0, 3, 0, 1, 4, 0, 0, 2, 5, 0, 3], lk.zero_inflated("poisson"))
    >>> eggs.family, round(eggs.parameters["inflation"], 4), round(eggs.parameters["rate"], 4)
    ('zero-inflated poisson', 0.4684, 2.8214)
    """
    of = part_of(family, find, "zero-inflated")
    refuse_zeros(of, "zero-inflated")
    if not of.discrete:
        return hurdle(of)
    parameters = {"inflation": Constraint(0.0, 1.0, low_closed=True), **of.constraints}
    attributes: dict[str, Any] = {
        "of": of,
        "discrete": True,
        "support": of.support,
        "special_cases": {of.name: {"inflation": 0.0}},
    }
    return made(ZeroInflated, Recipe("zero-inflated", (of,)), parameters, **attributes)


COMBINATORS["zero-inflated"] = Combinator(zero_inflated, ("of",))


class ZeroInflated(Blend, OfOne):
    """Counts of which a share `inflation` is 0 for sure, and the rest are the family's.

    p(0) = inflation + (1 - inflation) g(0), p(x) = (1 - inflation) g(x) for other x.

    Source: Lambert (1992), Technometrics 34.
    """

    inflation: Any

    def branches(self) -> Sequence[Branch]:
        """Return the zeros that are certain, and the family."""
        share = self.inflation
        places = tuple(range(1, len(self.constraints)))
        return (
            Branch(share, {0: 1.0}, Atom(0.0)),
            Branch(1.0 - share, {0: -1.0}, self.original, places),
        )

    # likelihood

    @classmethod
    def start(cls, sample: Sample, fixed: Mapping[str, float]) -> list[Self]:
        """Return members with the family's start for all values, and for those above 0.

        Of the latter the share is that which gives as many zeros as were seen.
        """
        starts = []
        values = np.asarray(sample.values, dtype=np.float64)
        zeros = float(np.average(values == 0.0, weights=sample.weights))
        positive = Part.of(sample, values > 0.0)
        for some, few in ((positive, 0.0), (sample, 0.1)):
            for inner in starts_of(cls.of, some, fixed):
                own = float(np.exp(inner.log_prob(np.asarray(0.0))))
                share = (zeros - own) / (1.0 - own) if own < 1.0 else 0.0
                starts.append(
                    cls(**{"inflation": np.clip(share, 0.02 + few, 0.98), **inner.parameters})
                )
        return starts

    @classmethod
    def unbounded(cls, sample: Sample, fixed: Mapping[str, float]) -> str | None:
        if sample.high == 0.0 == sample.low and "inflation" not in fixed:
            return (
                "has no single maximum: all values are 0, which inflation → 1 explains whatever "
                f"the {cls.of.name} is"
            )
        return None

    def at_end(self, name: str) -> str:
        if name != "inflation":
            return super().at_end(name)
        return (
            f"inflation is 0: there are no more zeros than {self.of.name} has by itself, and it "
            "has no standard error. Where there are fewer, a hurdle family has a share for them."
        )

    def simpler(self) -> Distribution | None:
        return self.original if self.inflation == 0.0 else self._inner_simpler()

    def _inner_simpler(self) -> Distribution | None:
        inner = self.original.simpler()
        if inner is None:
            return None
        return zero_inflated(type(inner))(**{**self.parameters, **inner.parameters})
