"""Names of a package that are imported when first asked for, which keeps the start short."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def on_demand(
    package: str, places: Mapping[str, str], modules: Mapping[str, str] | None = None
) -> Callable[[str], object]:
    """Return the `__getattr__` of a package, which imports what it is asked for.

    Parameters
    ----------
    package : str
        Its name.
    places : mapping
        The modules below the package in which its names are defined.
    modules : mapping, optional
        Names that are modules themselves, with their place below the package.

    Examples
    --------
    >>> import likeliest as lk
    >>> lk.fit.__module__, lk.datasets.__name__
    ('likeliest.fitting.fit', 'likeliest.data.datasets')
    """
    modules = modules or {}

    def get(name: str) -> object:
        if name in modules:
            found: object = importlib.import_module(f"{package}.{modules[name]}")
        elif name in places:
            found = getattr(importlib.import_module(f"{package}.{places[name]}"), name)
        else:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        setattr(sys.modules[package], name, found)
        return found

    return get
