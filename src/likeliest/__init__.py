"""Maximum likelihood: give it data, get the likeliest model, with its uncertainty."""

from likeliest import errors, families
from likeliest.engines.threads import set_threads
from likeliest.families import Normal
from likeliest.fitting import Comparison, Fit, compare, fit
from likeliest.observations import Observations

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "Fit",
    "Normal",
    "Observations",
    "compare",
    "errors",
    "families",
    "fit",
    "set_threads",
]
