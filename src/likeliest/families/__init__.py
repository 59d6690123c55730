"""The families of distributions, each in a file of its own.

Adding one is adding its file and its line here; the registry, the laws in `tests/laws` and the
command line then know it.
"""

from __future__ import annotations

from likeliest.families.normal import Normal
from likeliest.families.registry import all_families, find, from_dict

__all__ = ["Normal", "all_families", "find", "from_dict"]
