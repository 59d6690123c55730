"""One line of mathematics for NumPy arrays and PyTorch tensors."""

from __future__ import annotations

import sys
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

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
    return float(namespace(x).finfo(getattr(x, "dtype", np.float64)).max)


def half_precision(*values: object) -> Any:
    """Return the type of tensors that are all of half precision, or None if none or not all are."""
    tensors: list[Any] = [v for v in values if is_tensor(v)]
    types = {t.dtype for t in tensors if t.is_floating_point()}
    return next(iter(types)) if len(types) == 1 and next(iter(types)).itemsize == 2 else None


def in_single(x: Any) -> Any:
    """Return a tensor in float32, anything else as it is."""
    return x.float() if is_tensor(x) else x


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
