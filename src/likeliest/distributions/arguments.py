"""What a distribution's methods are given: numbers of any shape, probabilities, sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import DataError, ParameterError
from likeliest.numerics.arrays import is_tensor

if TYPE_CHECKING:
    import numpy.typing as npt

    from likeliest.distributions.distribution import Distribution

_LONGEST = 60  # letters of a value that a message shows


def shown(value: object) -> str:
    """Return a value as a message shows it, shortened where it is long."""
    text = repr(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def as_numbers(x: Any, what: str = "x") -> npt.NDArray[Any]:
    """Return numbers of any shape as an array of floats, in the precision that they come in.

    Raises
    ------
    DataError
        If they are not real numbers.

    Examples
    --------
    >>> as_numbers([1, 2]).dtype.name
    'float64'
    """
    try:
        array = np.asarray(x)
        if array.dtype.kind == "f":
            return array
        if x is not None and array.dtype.kind in "iubO":
            return array.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        pass
    raise DataError(f"{what} must be a number or an array of numbers; got {shown(x)}.")


def probability_between(value: Any, what: str) -> float:
    """Return a number strictly between 0 and 1, or raise ParameterError.

    Examples
    --------
    >>> probability_between(0.95, "level")
    0.95
    """
    try:
        if (
            np.ndim(value) == 0
            and np.asarray(value).dtype.kind in "iuf"
            and 0.0 < float(value) < 1.0
        ):
            return float(value)
    except (TypeError, ValueError):
        pass
    raise ParameterError(
        f"{what} must be a number between 0 and 1, such as 0.95; got {shown(value)}."
    )


def require_sample_size(size: Any) -> tuple[int, ...]:
    """Return the shape of a draw, or raise ParameterError."""
    shape = tuple(size) if isinstance(size, (tuple, list)) else (size,)
    if all(isinstance(n, (int, np.integer)) and n >= 0 for n in shape):
        return tuple(map(int, shape))
    raise ParameterError(
        "size must be a whole number, 0 or more, or a tuple of them such as (100, 3); got "
        f"{shown(size)}."
    )


def generator_of(seed: Any) -> np.random.Generator:
    """Return the generator that a seed stands for, or raise ParameterError."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise ParameterError(
            "seed must be a whole number, 0 or more, or a numpy Generator; got " + shown(seed) + "."
        ) from None


def require_shapes(distribution: Distribution, x: Any = None) -> None:
    """Raise where the parameters do not broadcast with each other, or with x."""
    shapes = {name: np.shape(value) for name, value in distribution.parameters.items()}
    if not any(shapes.values()) or any(map(is_tensor, distribution.parameters.values())):
        return
    try:
        batch = np.broadcast_shapes(*shapes.values())
    except ValueError:
        told = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ParameterError(
            f"{type(distribution).__name__}: the shapes of the parameters do not go together "
            f"({told}); see NumPy's broadcasting."
        ) from None
    if x is None:
        return
    try:
        np.broadcast_shapes(batch, np.shape(x))
    except ValueError:
        raise DataError(
            f"x of shape {np.shape(x)} does not go with parameters of shape {batch}. For each "
            f"value under each of them give the parameters an axis of their own: shape "
            f"{(*batch, 1)}."
        ) from None
