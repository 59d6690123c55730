"""One line of mathematics for NumPy arrays and PyTorch tensors."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

Array: TypeAlias = npt.NDArray[np.float64]
"""An array of float64; where the docstring says so, a tensor."""

Indices: TypeAlias = npt.NDArray[np.intp]
"""Positions in an array."""

Mask: TypeAlias = npt.NDArray[np.bool_]
"""Which entries of an array."""

Number: TypeAlias = float | Array
"""A number or an array of them."""

ArrayOrTensor: TypeAlias = Any
"""A NumPy array of any floating type, or a PyTorch tensor."""


_DOUBLE = 8  # bytes
_TRUTH, _FLOATS = (bool, np.bool_), (float, np.float64)
_PLAIN = (float, np.ndarray, np.float64, np.bool_)  # most arguments: told from a tensor at a glance


def is_tensor(x: object) -> bool:
    """Whether x is a PyTorch tensor; PyTorch is not imported to find out."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(x, torch.Tensor)


def namespace(*xs: object) -> Any:
    """Return the array-API namespace of the arguments: NumPy unless one is a tensor."""
    torch = sys.modules.get("torch")
    if torch is None:
        return np
    for x in xs:
        if type(x) not in _PLAIN and isinstance(x, torch.Tensor):
            import array_api_compat.torch

            return array_api_compat.torch
    return np


def largest(x: Number) -> float:
    """Return the largest number of the array's or tensor's precision."""
    if type(x) in _FLOATS:
        return sys.float_info.max
    return float(namespace(x).finfo(getattr(x, "dtype", np.float64)).max)


def half_precision(*values: object) -> Any:
    """Return the type of tensors that are all of half precision, or None if none or not all are."""
    tensors: list[Any] = [v for v in values if is_tensor(v)]
    types = {t.dtype for t in tensors if t.is_floating_point()}
    return next(iter(types)) if len(types) == 1 and next(iter(types)).itemsize == 2 else None


def in_single(x: Any) -> Any:
    """Return a tensor in float32, anything else as it is."""
    return x.float() if is_tensor(x) else x


def is_narrow(x: Any) -> bool:
    """Whether x is a tensor of less than double precision."""
    return is_tensor(x) and x.element_size() < _DOUBLE


def doubled(x: Any) -> Any:
    """Return a tensor in double precision, anything else as it is."""
    return x.double() if is_tensor(x) else x


def detached(x: Any) -> Any:
    """Return a number or array as it is, a tensor as an array without its gradient."""
    return x.detach().cpu().numpy() if is_tensor(x) else x


def where(condition: Any, a: Number, b: Number) -> Array:
    """Choose element by element; numbers take the type and device of the other choice."""
    if type(condition) in _TRUTH and type(a) in _FLOATS and type(b) in _FLOATS:
        # np.where would cost ten times as much.
        return np.float64(a if condition else b)  # type: ignore[return-value]
    xp = namespace(condition, a, b)
    # [()] makes NumPy's arrays without an axis numbers, which tensors can be multiplied by.
    if xp is np:
        return np.where(condition, a, b)[()]
    if not is_tensor(condition):
        tensor: Any = a if is_tensor(a) else b
        condition = xp.asarray(condition, device=tensor.device)
    return xp.where(condition, a, b)[()]


def holds(condition: Any) -> bool:
    """Whether a condition is that of one number, and holds."""
    return type(condition) in _TRUTH and bool(condition)


def either(
    condition: Any,
    x: Number,
    of_some: tuple[Callable[[Number], Number], float],
    of_others: tuple[Callable[[Number], Number], float],
) -> Array:
    """Return one function of x where a condition holds and another elsewhere.

    Of a number only that one is evaluated, and of many where the condition is the same for all.

    Parameters
    ----------
    condition : bool, or array or tensor of booleans like x
    x : float, array or tensor
    of_some, of_others : tuple of a function and of a number
        What to evaluate where the condition holds, and where not; and at what in the place of the
        values that are the other function's.

    Examples
    --------
    >>> float(either(True, 4.0, (np.sqrt, 1.0), (np.negative, 0.0)))
    2.0
    """
    (some, at_some), (others, at_others) = of_some, of_others
    if type(condition) in _TRUTH and type(x) in _FLOATS:
        return np.float64((some if condition else others)(float(x)))  # type: ignore[return-value]
    if type(condition) is np.ndarray:
        if condition.all():
            return np.asarray(some(x))
        if not condition.any():
            return np.asarray(others(x))
    return where(
        condition, some(where(condition, x, at_some)), others(where(condition, at_others, x))
    )
