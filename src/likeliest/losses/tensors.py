"""Where one argument is a tensor, all are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from likeliest.errors import ParameterError
from likeliest.numerics.arrays import is_tensor
from likeliest.numerics.special import torch_of

if TYPE_CHECKING:
    from likeliest.numerics.arrays import ArrayOrTensor


def any_tensor(*arguments: object) -> bool:
    """Whether one of the arguments is a PyTorch tensor."""
    return any(is_tensor(argument) for argument in arguments)


def beside(first: ArrayOrTensor, *others: Any) -> list[Any]:
    """Return all as tensors, on the device of the first that is one; None stays None."""
    given = (first, *others)
    tensor = next(argument for argument in given if is_tensor(argument))
    torch = torch_of(tensor)
    return [
        x if x is None or is_tensor(x) else torch.as_tensor(x, device=tensor.device) for x in given
    ]


def refuse_gradient(loss: str, *, gradient: bool) -> None:
    """Raise ParameterError where a gradient is asked for that `backward` gives."""
    if gradient:
        raise ParameterError(f"{loss}: gradient=True is for NumPy; tensors have backward().")
