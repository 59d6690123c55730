"""One pass over the rows of a cross entropy: what is asked, what is found, what is returned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.losses.classes import (
    IGNORED,
    check_option,
    check_positive,
    class_weight,
    named_rows,
    row_mask,
)
from likeliest.losses.outputs import Outputs, check_outputs
from likeliest.losses.reduction import check_reduction
from likeliest.numerics.cross_entropy import Objective, Wanted, rows

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from likeliest.losses.classes import Precision
    from likeliest.losses.reduction import Reduction


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is asked of a cross entropy, beside its logits and targets.

    Parameters
    ----------
    loss : str
        Its name, for messages.
    weight, outputs, ignore_index, reduction, label_smoothing, soft_cap, temperature, z_loss,
    count, mask, gradient
        As in `cross_entropy`.
    """

    loss: str
    weight: npt.ArrayLike | None
    outputs: Collection[str]
    ignore_index: int
    reduction: Reduction
    label_smoothing: float
    soft_cap: float | None
    temperature: float
    z_loss: float
    count: float | None
    mask: npt.ArrayLike | None
    gradient: bool

    def __post_init__(self) -> None:
        check_reduction(self.reduction)
        check_option(self.loss, "label_smoothing", self.label_smoothing, 0.0, 1.0)
        check_option(self.loss, "z_loss", self.z_loss, 0.0, np.finfo(np.float64).max)
        check_positive(self.loss, "soft_cap", self.soft_cap)
        check_positive(self.loss, "temperature", self.temperature)
        check_positive(self.loss, "count", self.count)
        if self.count is not None and self.reduction != "mean":
            raise ParameterError(
                f"{self.loss}: count is what a mean is divided by; with reduction="
                f"{self.reduction!r} leave it out."
            )

    def objective(self, classes: int, dtype: np.dtype[Any]) -> Objective:
        """Return the objective of the kernel."""
        weight = class_weight(self.loss, self.weight, classes, dtype)
        return Objective(
            classes, weight, self.label_smoothing, self.z_loss, self.soft_cap, self.temperature
        )


class Pass:
    """What is found of each row.

    Parameters
    ----------
    asked : Asked
    target : array of shape (rows,) or (rows, classes)
    shape : tuple of ints
        Of the rows.
    classes : int
    precision : Precision
    """

    def __init__(
        self,
        asked: Asked,
        target: npt.NDArray[Any],
        shape: tuple[int, ...],
        classes: int,
        precision: Precision,
    ) -> None:
        check_outputs(asked.outputs, probabilities=target.ndim == 2)
        n = target.shape[0]
        self.asked, self.target, self.shape, self.precision = asked, target, shape, precision
        self.objective = asked.objective(classes, precision.computed)
        self.wanted = Wanted(asked.gradient, "entropy" in asked.outputs, "rank" in asked.outputs)
        self.counted = row_mask(asked.loss, asked.mask, shape)
        if target.ndim == 1:
            self.counted &= target != asked.ignore_index
        elif asked.ignore_index != IGNORED:
            raise ParameterError(
                f"{asked.loss}: probabilities have no ignore_index; say with mask= which rows "
                "count."
            )
        self.divisor = self._divisor() if asked.reduction == "mean" else 1.0
        self.losses = np.zeros(n)
        self.undefined = np.zeros(n, dtype=bool)
        self.terms = {name: np.full(n, np.nan) for name in asked.outputs if name != "rank"}
        if self.wanted.rank:
            self.terms["rank"] = np.full(n, -1)

    def find(self, z: npt.NDArray[Any], at: slice | npt.NDArray[np.intp]) -> None:
        """Find what there is in some rows, in whose logits' place the gradient comes."""
        scale = np.full(z.shape[0], 1.0 / self.divisor)
        found = rows(z, self.target[at], self.objective, self.wanted, scale)
        self.losses[at] = found.loss
        self.undefined[at] = np.isnan(found.nll)
        for name, values in self.terms.items():
            values[at] = getattr(found, name)

    def result(self) -> Any:
        """Return the loss, with the terms asked for."""
        if self.undefined.any():
            raise DataError(
                f"{self.asked.loss}: the logits of {named_rows(self.undefined, self.shape)} are no "
                "distribution: one of them is NaN or +inf, or all are -inf. Look at what made "
                "them; a class is masked with -inf."
            )
        losses = self.losses.reshape(self.shape)
        if self.asked.reduction != "none":
            losses = losses.sum() / self.divisor
        loss = np.asarray(losses, self.precision.result)[()]
        if not self.asked.outputs:
            return loss
        return Outputs(loss, **{name: self._returned(name) for name in self.terms})

    def _returned(self, name: str) -> npt.NDArray[Any]:
        values = self.terms[name].reshape(self.shape)
        return values if name == "rank" else values.astype(self.precision.computed)

    def _divisor(self) -> float:
        """Return what a mean is divided by: the rows that count, or their targets' weights."""
        if self.asked.count is not None:
            return float(self.asked.count)
        weight = self.objective.weight
        if weight is None or self.target.ndim == 2:
            return float(self.counted.sum()) or 1.0
        return float(np.sum(weight[self.target[self.counted]], dtype=np.float64)) or 1.0
