"""placeholder until the likelihood losses are merged."""

from likeliest.distribution import Reduction as Reduction
from likeliest.errors import ParameterError


def check_reduction(reduction: str) -> None:
    """Raise."""
    if reduction not in {"sum", "mean", "none"}:
        raise ParameterError(reduction)
