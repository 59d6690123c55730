"""What the likelihood says about its parameters."""

from likeliest.inference.bounds import ExactBound
from likeliest.inference.ends import ExactEnd
from likeliest.inference.estimates import Estimate, estimate
from likeliest.inference.uncertainty import Uncertainty, recorded, uncertainty_of
from likeliest.inference.wald import Wald

__all__ = [
    "Estimate",
    "ExactBound",
    "ExactEnd",
    "Uncertainty",
    "Wald",
    "estimate",
    "recorded",
    "uncertainty_of",
]
