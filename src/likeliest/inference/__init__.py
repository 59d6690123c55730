"""What the likelihood says about its parameters."""

from likeliest.inference.bounds import ExactBound
from likeliest.inference.ends import ExactEnd
from likeliest.inference.uncertainty import Uncertainty, recorded, uncertainty_of
from likeliest.inference.wald import Wald

__all__ = ["ExactBound", "ExactEnd", "Uncertainty", "Wald", "recorded", "uncertainty_of"]
