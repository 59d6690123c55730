"""What the likelihood says about its parameters."""

from likeliest.inference.attachment import attach
from likeliest.inference.bootstrap import Bootstrap
from likeliest.inference.bounds import ExactBound
from likeliest.inference.contours import contour
from likeliest.inference.ends import ExactEnd
from likeliest.inference.estimates import Estimate, estimate
from likeliest.inference.many import intervals_of_many
from likeliest.inference.profile import Profile
from likeliest.inference.sandwich import with_errors
from likeliest.inference.uncertainty import (
    Uncertainty,
    recorded,
    remainder_of,
    uncertainty_by,
    uncertainty_of,
)
from likeliest.inference.wald import Wald

__all__ = [
    "Bootstrap",
    "Estimate",
    "ExactBound",
    "ExactEnd",
    "Profile",
    "Uncertainty",
    "Wald",
    "attach",
    "contour",
    "estimate",
    "intervals_of_many",
    "recorded",
    "remainder_of",
    "uncertainty_by",
    "uncertainty_of",
    "with_errors",
]
