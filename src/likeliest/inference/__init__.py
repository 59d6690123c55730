"""What the likelihood says about its parameters."""

from likeliest.inference.intervals import wald

__all__ = ["wald"]
