"""What a cross entropy tells beside its value, from the same pass over the logits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from likeliest.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Collection

Output = Literal["nll", "logsumexp", "confidence", "entropy", "rank"]
OUTPUTS = ("nll", "logsumexp", "confidence", "entropy", "rank")


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """A loss and what was found of each row on the way.

    All but `loss` are plain numbers: no gradient goes through them (`reduction="none"` gives
    losses of each row that one goes through). Rows that are ignored hold NaN, and rank -1.

    Parameters
    ----------
    loss : array or tensor
        As it would be returned alone, differentiable.
    nll : of the targets' shape, optional
        Negative log likelihood of each target alone, nats: no class weights, smoothing, z-loss.
    logsumexp : of the targets' shape, optional
        Of the row's logits, capped and tempered.
    confidence : of the targets' shape, optional
        The greatest probability.
    entropy : of the targets' shape, optional
        Of the row's distribution, nats.
    rank : whole, of the targets' shape, optional
        How many classes come before the target: 0 where it is the likeliest. Of equal logits the
        one of the lower class comes first, as in `argmax`.
    """

    loss: Any
    nll: Any = None
    logsumexp: Any = None
    confidence: Any = None
    entropy: Any = None
    rank: Any = None


def check_outputs(outputs: Collection[str], *, probabilities: bool) -> None:
    """Raise ParameterError where something is asked for that is not known."""
    if isinstance(outputs, str):
        raise ParameterError(f"outputs is a tuple of names: ({outputs!r},).")
    unknown = [name for name in outputs if name not in OUTPUTS]
    if unknown:
        raise ParameterError(f"outputs may hold {', '.join(OUTPUTS)}; got {unknown[0]!r}.")
    if probabilities and "rank" in outputs:
        raise ParameterError("Probabilities as targets have no rank; leave 'rank' out of outputs.")
