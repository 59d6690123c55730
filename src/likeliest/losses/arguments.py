"""The arguments of a loss: of one precision, on one device, of shapes that fit, and in range."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, TypeAlias

import numpy as np

from likeliest.distributions.parameters import Constraint
from likeliest.errors import DataError, ParameterError
from likeliest.losses.reduction import Reduction, check_reduction, gathered, reduced
from likeliest.numerics.arrays import is_tensor
from likeliest.numerics.special import torch_of

Values: TypeAlias = dict[str, Any]

REAL = Constraint(-np.inf, np.inf)
POSITIVE = Constraint(0.0, np.inf)
NONNEGATIVE = Constraint(0.0, np.inf, low_closed=True)
POSITIVE_OR_INFINITE = Constraint(0.0, np.inf, high_closed=True)
PROBABILITY = Constraint(0.0, 1.0, low_closed=True, high_closed=True)


@dataclass(frozen=True, slots=True, eq=False)
class Arguments:
    """What a formula is given, and what its result is returned as.

    Parameters
    ----------
    values : dict from argument name to an array or tensor, all of one floating type
    shape : tuple of ints
        Of the loss of each observation.
    dtype : of NumPy or PyTorch
        Of the result: half precision is computed in float32 and rounded once.
    """

    values: Values
    shape: tuple[int, ...]
    dtype: Any

    @property
    def are_tensors(self) -> bool:
        """Whether they are PyTorch's."""
        return any(is_tensor(value) for value in self.values.values())

    def loss(self, formula: Callable[..., Any], reduction: Reduction) -> Any:
        """Return the reduced loss, `formula` giving that of each observation."""
        return self.returned(reduced(formula(**self.values), reduction))

    def returned(self, result: Any) -> Any:
        """Return the result in the arguments' own precision."""
        return result.to(self.dtype) if is_tensor(result) else np.asarray(result, self.dtype)[()]


def evaluate(
    loss: str,
    formula: Callable[..., Any],
    derivatives: Callable[..., Values],
    arguments: Mapping[str, Any],
    ranges: Mapping[str, Constraint],
    *,
    reduction: Reduction,
    gradient: bool,
    validate: bool,
    loss_dtype: Any = None,
) -> Any:
    """Return a loss, and on request its gradient by each argument.

    Parameters
    ----------
    loss : str
        Its name, for messages.
    formula : function of the arguments by name
        Returns one loss for each observation.
    derivatives : function of the arguments by name
        Returns the derivative of each such loss by its own element of each argument (NumPy).
    arguments : dict
        `input` and `target` first; None stands for what was not given.
    ranges : dict
        What each may be.
    validate : bool
        Whether tensors too are looked at, which on a GPU is a synchronisation.
    loss_dtype : dtype, optional
        Of the loss; that of the arguments unless told. Gradients have that of the arguments.
    """
    check_reduction(reduction)
    given = prepared(loss, arguments)
    told = given if loss_dtype is None else replace(given, dtype=loss_dtype)
    if validate or not given.are_tensors:
        for name, value in given.values.items():
            check_range(loss, name, _in_numpy(value), ranges.get(name, REAL))
    if given.are_tensors:
        if gradient:
            raise ParameterError(f"{loss}: gradient=True is for NumPy; tensors have backward().")
        return told.loss(formula, reduction)
    with np.errstate(all="ignore"):
        total = told.loss(formula, reduction)
        if not gradient:
            return total
        slopes = derivatives(**given.values)
        return total, {
            name: given.returned(gathered(d, given.shape, given.values[name].shape, reduction))
            for name, d in slopes.items()
        }


def only_one(loss: str, **alternatives: Any) -> dict[str, Any]:
    """Return the one argument that was given of several that say the same."""
    given = {name: value for name, value in alternatives.items() if value is not None}
    if len(given) == 1:
        return given
    got = " and ".join(given) or "none"
    raise ParameterError(f"{loss} needs exactly one of {', '.join(alternatives)}; got {got}.")


def prepared(loss: str, arguments: Mapping[str, Any]) -> Arguments:
    """Return the arguments that were given as arrays, or as tensors where one of them is."""
    given = {name: value for name, value in arguments.items() if value is not None}
    tensors = [value for value in given.values() if is_tensor(value)]
    values, dtype = _as_tensors(given, tensors) if tensors else _as_arrays(loss, given)
    return Arguments(values, _shape(loss, values), dtype)


def unmasked(loss: str, name: str, x: Any) -> Any:
    """Return x as an array; raise DataError if it is ragged or hides values under a mask."""
    if np.ma.is_masked(x):
        hidden = np.ma.getmaskarray(x)
        raise DataError(
            f"{loss}: {name} is a masked array that hides {np.count_nonzero(hidden):,} of "
            f"{hidden.size:,} values. Leave those out, or say what they stand for with filled()."
        )
    try:
        return np.asarray(x)
    except ValueError as error:
        raise DataError(f"{loss}: {name} must be an array of numbers; {error}.") from error


def check_range(loss: str, name: str, values: Any, range_: Constraint) -> None:
    """Raise an error that says which values are NaN or out of range."""
    bad = ~np.asarray(range_.contains(values))
    if not bad.any():
        return
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    place = f"{name}[{', '.join(map(str, first))}]" if first else name
    missing = np.isnan(values[first])
    kind = DataError if name in {"input", "target"} else ParameterError
    raise kind(
        f"{loss}: {name} must be {_described(range_)}: {np.count_nonzero(bad):,} of "
        f"{bad.size:,} are not (first: {place} = {values[first]:g}). {_advice(name, missing)}"
    )


def _in_numpy(value: Any) -> Any:
    return value.detach().cpu().numpy() if is_tensor(value) else value


def _described(range_: Constraint) -> str:
    return "finite" if range_ == REAL else range_.describe()


def _advice(name: str, missing: Any) -> str:
    if missing:
        return "Leave out the rows with a missing value."
    if name in {"var", "std", "scale", "dispersion", "shape"}:
        return f"log_{name} takes any real number."
    return "See the argument's range in the documentation."


def _as_arrays(loss: str, given: Values) -> tuple[Values, Any]:
    arrays = {name: unmasked(loss, name, value) for name, value in given.items()}
    for name, array in arrays.items():
        if array.dtype.kind not in "fiub":
            raise DataError(f"{loss}: {name} must hold numbers; got {array.dtype}.")
    floats = [a for a in arrays.values() if a.dtype.kind == "f"]
    wide = [a.dtype for a in floats if a.ndim] or [a.dtype for a in floats] or [np.dtype("f8")]
    dtype = min(np.result_type(*wide), np.dtype(np.float64), key=lambda d: d.itemsize)
    computed = max(dtype, np.dtype(np.float32), key=lambda d: d.itemsize)
    return {name: array.astype(computed, copy=False) for name, array in arrays.items()}, dtype


def _as_tensors(given: Values, tensors: list[Any]) -> tuple[Values, Any]:
    torch = torch_of(tensors[0])
    floats = [t for t in tensors if t.is_floating_point()]
    wide = [t.dtype for t in floats if t.ndim] or [t.dtype for t in floats]
    dtype = reduce(torch.promote_types, wide) if wide else torch.get_default_dtype()
    device = next((t for t in tensors if t.ndim), tensors[0]).device
    computed = torch.promote_types(dtype, torch.float32)
    if torch.amp.is_autocast_available(device.type) and torch.is_autocast_enabled(device.type):
        dtype = computed  # as torch's own losses then are
    values = {name: _as_tensor(torch, value, computed, device) for name, value in given.items()}
    return values, dtype


def _as_tensor(torch: Any, value: Any, dtype: Any, device: Any) -> Any:
    if is_tensor(value) and value.ndim:  # a number follows to another device, an array does not
        return value.to(dtype)
    return torch.as_tensor(value, dtype=dtype, device=device)


def _shape(loss: str, values: Values) -> tuple[int, ...]:
    """Return the shape of the terms: that of `input` and `target`, or of the one with a shape."""
    of_input, of_target = (tuple(values[name].shape) for name in ("input", "target"))
    if of_input != of_target and of_input and of_target:
        raise DataError(
            f"{loss}: input has shape {of_input} and target {of_target}; they must have the same, "
            "or one of them be a single number. Reshape one: broadcasting would pair each with all."
        )
    shape = of_input or of_target
    for name, value in values.items():
        if not _broadcasts(tuple(value.shape), shape):
            raise ParameterError(
                f"{loss}: {name} has shape {tuple(value.shape)}, which does not broadcast to that "
                f"of input and target, {shape}. Give one for each value or column, or a number."
            )
    return shape


def _broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    if len(shape) > len(to):
        return False
    ends = to[len(to) - len(shape) :]
    return all(size in {1, end} for size, end in zip(shape, ends, strict=True))
