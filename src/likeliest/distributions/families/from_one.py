"""What families of counts from 1 on ask of a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from likeliest.distributions.sample import Sample


def all_ones(sample: Sample) -> bool:
    """Whether all values can be 1 at once, for which the point mass at 1 is likeliest."""
    common = sample.common()
    return common is not None and common[0] <= 1.0


def share_of_ones(sample: Sample) -> float:
    """Return the share of ones, within (0, 1): half a value counts as one, and half as more."""
    ones = np.average(np.asarray(sample.values) < 2.0, weights=sample.weights)
    return float((ones * sample.n + 0.5) / (sample.n + 1.0))
