"""Families of rows: several numbers that belong together, or a label.

Their classes are imported when first asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from likeliest.distributions.family import plain
from likeliest.errors import DataError
from likeliest.on_demand import on_demand

if TYPE_CHECKING:
    from likeliest.distributions.multivariate.categorical import Categorical as Categorical
    from likeliest.distributions.multivariate.dirichlet import Dirichlet as Dirichlet
    from likeliest.distributions.multivariate.dirichlet_multinomial import (
        DirichletMultinomial as DirichletMultinomial,
    )
    from likeliest.distributions.multivariate.multinomial import Multinomial as Multinomial
    from likeliest.distributions.multivariate.multivariate import Multivariate as Multivariate
    from likeliest.distributions.multivariate.normal import MultivariateNormal as MultivariateNormal
    from likeliest.distributions.multivariate.t import MultivariateT as MultivariateT

PLACES = {
    "MultivariateNormal": "normal",
    "MultivariateT": "t",
    "Dirichlet": "dirichlet",
    "Multinomial": "multinomial",
    "DirichletMultinomial": "dirichlet_multinomial",
    "Categorical": "categorical",
}
"""Files by the class in it."""
_NAMES = {
    **dict.fromkeys(("multivariatenormal", "multivariategaussian", "mvn", "mvnorm"),
                    "MultivariateNormal"),
    **dict.fromkeys(("multivariatet", "multivariatestudentt", "mvt"), "MultivariateT"),
    "dirichlet": "Dirichlet",
    "multinomial": "Multinomial",
    **dict.fromkeys(("dirichletmultinomial", "multivariatepolya"), "DirichletMultinomial"),
    "categorical": "Categorical",
}  # fmt: skip

if not TYPE_CHECKING:
    __getattr__ = on_demand(__name__, {**PLACES, "Multivariate": "multivariate"})


def find(family: object) -> type[Multivariate] | None:
    """Return the family of rows that a name or a class stands for; None where it is none.

    Examples
    --------
    >>> find("Multivariate normal").__name__, find("normal")
    ('MultivariateNormal', None)
    """
    if isinstance(family, type):
        return family if getattr(family, "is_multivariate", False) else None
    name = _NAMES.get(plain(family)) if isinstance(family, str) else None
    return None if name is None else _class(name)


def all_multivariate() -> list[type[Multivariate]]:
    """Return every family of rows."""
    return [*map(_class, PLACES)]


def _class(name: str) -> type[Multivariate]:
    found: Any = getattr(importlib.import_module(f"{__name__}.{PLACES[name]}"), name)
    return found


def from_dict(saved: dict[str, Any]) -> Multivariate:
    """Return the distribution that `Multivariate.to_dict` described.

    Raises
    ------
    DataError
        If it is not such a description.
    """
    try:
        fields = dict(saved)
        family = _NAMES[plain(fields.pop("family"))]
        return _class(family)(**_class(family).read_fields(fields))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"This is not a saved distribution: {error}.") from None
