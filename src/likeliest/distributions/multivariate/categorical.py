"""The categorical."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from likeliest.distributions.multivariate.multinomial import WithShares
from likeliest.distributions.multivariate.multivariate import shares
from likeliest.errors import DataError, ParameterError

if TYPE_CHECKING:
    from likeliest.numerics.arrays import Array


@dataclass(frozen=True, eq=False, repr=False)
class Categorical(WithShares):
    """Categorical distribution: one label out of several, each with its probability.

    p(x) = p[x]

    Parameters
    ----------
    p : mapping from label to probability, or array of probabilities that add up to 1
    labels : sequence, optional
        Of any type, the labels of an array: 0, 1, … without it.

    Source: Johnson, Kotz & Balakrishnan (1997), ch. 35 (a multinomial of one trial).

    Examples
    --------
    >>> weather = Categorical({"dry": 0.7, "rain": 0.2, "snow": 0.1})
    >>> weather.log_prob(["rain", "hail"]).round(4).tolist()
    [-1.6094, -inf]
    >>> weather.p["snow"]
    0.1
    """

    p: Any
    labels: tuple[Any, ...] | None = None

    name = "categorical"
    discrete = True
    columns = ("label",)

    def __post_init__(self) -> None:
        is_named = isinstance(self.p, Mapping)
        values = shares("Categorical", "p", [*self.p.values()] if is_named else self.p)
        labels = tuple(self.p) if is_named else self.labels
        labels = tuple(range(values.size)) if labels is None else tuple(labels)
        if len(labels) != values.size or len({*map(str, labels)}) < values.size:
            raise ParameterError(
                f"Categorical: labels must be {values.size}, each written in its own way; "
                f"got {labels!r:.60}."
            )
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "p", dict(zip(labels, values.tolist(), strict=True)))

    @property
    def _p(self) -> Array:
        return np.array([*self.p.values()])

    @property
    def _labels(self) -> tuple[Any, ...]:
        return tuple(self.p)

    def _with_shares(self, p: Array) -> Self:
        return replace(self, p=p)

    @property
    def mode(self) -> Any:
        """The likeliest label."""
        return max(self.p, key=self.p.__getitem__)

    @property
    def entropy(self) -> float:
        """Entropy, nats."""
        p = self._p[self._p > 0.0]
        return -float(p @ np.log(p))

    def _rows(self, x: Any) -> Any:
        return x

    def _log_prob(self, x: Any) -> Array:
        if isinstance(x, (str, bytes)) or not hasattr(x, "__iter__"):
            return np.log(np.array(self.p.get(x, 0.0)))
        if isinstance(x, Mapping) or hasattr(x, "columns"):
            raise DataError("x is a table: give its column of labels, such as x['weather'].")
        labels = x.to_pylist() if hasattr(x, "to_pylist") else x  # of Arrow
        try:
            return np.log(np.array([self.p.get(label, 0.0) for label in labels]))
        except TypeError:  # a list, or another array
            raise DataError("Each label must be one value, such as a text or a number.") from None

    def _sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> Any:
        codes = rng.choice(len(self.p), shape, p=self._p)
        kinds = {*map(type, self._labels)}
        if len(kinds) == 1 and kinds <= {str, int, float, bool}:
            return np.array(self._labels)[codes]
        return np.fromiter(self._labels, dtype=object, count=len(self.p))[codes]

    def to_dict(self) -> dict[str, Any]:
        """Return the distribution, ready for JSON, which holds labels of text and numbers alone."""
        for label in self._labels:
            if not isinstance(label, (str, int, float)):
                raise DataError(
                    f"A label of type {type(label).__name__} cannot be saved: make it text."
                )
        return {"family": self.name, "p": self._p.tolist(), "labels": [*self._labels]}

    def __repr__(self) -> str:
        return f"Categorical({self.p!r})"
