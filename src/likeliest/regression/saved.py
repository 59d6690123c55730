"""Regressions as JSON of our own: what `load` reads runs nothing but a checked formula."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from likeliest.distributions import families
from likeliest.errors import DataError, LikeliestError, ParameterError
from likeliest.files import json_ready
from likeliest.regression.forms import form_of
from likeliest.regression.formulas import Formula
from likeliest.regression.links import LINKS, default_link
from likeliest.regression.matrices import Terms
from likeliest.regression.predictor import Predictor
from likeliest.regression.shrinkage import Penalty, Shrunk
from likeliest.regression.smooths import Smooth
from likeliest.regression.stepwise import Step, Steps

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution
    from likeliest.numerics.arrays import Array
    from likeliest.regression.forms import Form
    from likeliest.regression.matrices import Context
    from likeliest.regression.result import Regression

FORMAT = "likeliest regression 1"


def as_dict(regression: Regression) -> dict[str, Any]:
    """Return what `Regression.to_dict` returns."""
    return json_ready(
        {
            "format": FORMAT,
            "family": regression.family,
            "n": regression.n,
            "measure": regression.measure,
            "log_likelihood": regression.log_likelihood,
            "aic": regression.aic,
            "bic": regression.bic,
            "errors_by": regression.errors_by,
            "response": _of_response(regression.response),
            "coefficients": regression.coefficients,
            "standard_errors": regression.standard_errors,
            "fixed": dict(regression.fixed),
            "bounds": list(regression.bounds),
            "offsets": {
                name: [list(p) for p in parts] for name, parts in regression.offsets.items()
            },
            "predictors": [_of_predictor(p) for p in regression.predictors.values()],
            "centred": regression.centred.tolist(),
            "covariance_of_centred": _finite(regression.covariance_of_centred),
            "iterations": regression.iterations,
            "passes": regression.passes,
            "smooths": [asdict(one) for one in regression.smooths],
            "freedom": regression.freedom,
            "shrunk": _of_shrunk(regression.shrunk),
            "gradient_norm": regression.gradient_norm,
            "steps": _of_steps(regression.steps),
        }
    )


def _of_response(formula: Formula | None) -> dict[str, Any] | None:
    if formula is None:
        return None
    return {"formula": formula.response, "functions": list(formula.functions)}


def _finite(covariance: Array) -> list[list[float]] | None:
    """Return a covariance for JSON; None of a lasso, which has none."""
    return None if np.isnan(covariance).all() else covariance.tolist()


def _of_shrunk(shrunk: Shrunk | None) -> dict[str, Any] | None:
    if shrunk is None:
        return None
    return {
        "kind": shrunk.kind,
        "strength": shrunk.strength,
        "freedom": shrunk.freedom,
        "zero": shrunk.zero.tolist(),
    }


def _shrunk(saved: Any) -> Shrunk | None:
    if saved is None:
        return None
    if saved["kind"] not in get_args(Penalty):
        raise ValueError("an unknown penalty")
    strength, freedom = float(saved["strength"]), float(saved["freedom"])
    return Shrunk(saved["kind"], strength, freedom, np.array(saved["zero"], dtype=bool))


def _of_steps(steps: Steps | None) -> dict[str, Any] | None:
    if steps is None:
        return None
    path = [asdict(one) for one in steps.path]
    return {**asdict(steps), "path": path, "left_out": list(steps.left_out)}


def _steps(saved: Any) -> Steps | None:
    if saved is None:
        return None
    path = tuple(
        Step(
            str(one["change"]),
            int(one["estimated"]),
            float(one["log_likelihood"]),
            float(one["value"]),
        )
        for one in saved["path"]
    )
    words = (str(saved["criterion"]), str(saved["direction"]))
    return Steps(*words, path, tuple(map(str, saved["left_out"])))


def _smooth(saved: dict[str, Any]) -> Smooth:
    bends = tuple(map(int, saved["bends"]))
    numbers = (float(saved[name]) for name in ("strength", "edf", "p_value"))
    return Smooth(str(saved["parameter"]), str(saved["term"]), bends, *numbers)


def _response(saved: Any, context: Context) -> Formula | None:
    if saved is None:
        return None
    known = [name for name in map(str, saved["functions"]) if name in context]
    return Formula.of(f"{saved['formula']} ~ 1", known)


def _of_predictor(predictor: Predictor) -> dict[str, Any]:
    terms = predictor.terms
    formula = terms.formula
    return {
        "parameter": predictor.parameter,
        "link": predictor.link.name,
        "formula": None if formula is None else formula.terms,
        "functions": [] if formula is None else list(formula.functions),
        "columns": list(terms.columns),
        "groups": {name: list(group) for name, group in terms.groups.items()},
        "transforms": _encoded(terms.transforms),
        "levels": terms.levels,
        "centre": predictor.centre.tolist(),
        "constant": predictor.constant,
        "has_offset": predictor.has_offset,
    }


def parts_of(
    saved: Any, context: Context, family: str | type[Distribution] | None
) -> dict[str, Any]:
    """Return the fields of a regression from what `to_dict` wrote.

    Raises
    ------
    DataError
        If it is no saved regression.
    ParameterError
        If a formula is not one, or calls functions that `context` lacks.
    """
    if not isinstance(saved, dict) or saved.get("format") != FORMAT:
        raise DataError(f"This is not a saved regression: its format is not {FORMAT!r}.")
    try:
        form = form_of(families.find(family or saved["family"]))
        predictors = {p["parameter"]: _predictor(p, form, context) for p in saved["predictors"]}
        centred = np.array(saved["centred"], dtype=np.float64)
        told = saved["covariance_of_centred"]
        unknown = np.full(2 * centred.shape, np.nan)
        covariance = unknown if told is None else np.array(told, dtype=np.float64)
        _require_one_size(centred, covariance, predictors)
        return {
            "form": form,
            "predictors": predictors,
            "fixed": {name: float(v) for name, v in saved["fixed"].items()},
            "centred": centred,
            "covariance_of_centred": covariance,
            "log_likelihood": float(saved["log_likelihood"]),
            "n": float(saved["n"]),
            "measure": str(saved["measure"]),
            "bounds": tuple(map(str, saved["bounds"])),
            "iterations": int(saved["iterations"]),
            "passes": int(saved["passes"]),
            "gradient_norm": float(saved["gradient_norm"]),
            "offsets": {
                str(name): tuple((None if c is None else str(c), bool(e)) for c, e in parts)
                for name, parts in saved["offsets"].items()
            },
            "errors_by": str(saved["errors_by"]),
            "response": _response(saved.get("response"), context),
            "smooths": tuple(_smooth(one) for one in saved.get("smooths", ())),
            "shrunk": _shrunk(saved.get("shrunk")),
            "freedom": None if saved.get("freedom") is None else float(saved["freedom"]),
            "steps": _steps(saved.get("steps")),
        }
    except LikeliestError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"This is not a saved regression: {error}.") from None


def _require_one_size(centred: Array, covariance: Array, predictors: dict[str, Predictor]) -> None:
    sizes = sum(one.size for one in predictors.values())
    if covariance.shape != 2 * centred.shape or centred.size != sizes:
        raise ValueError("coefficients and columns differ in number")


def _predictor(saved: dict[str, Any], form: Form, context: Context) -> Predictor:
    name = str(saved["parameter"])
    constraint = form.constraints[name]
    functions = [str(one) for one in saved["functions"]]
    missing = [one for one in functions if one not in context]
    if missing:
        raise ParameterError(
            f"The formula of {name} calls {', '.join(missing)}, which only Python knows: give "
            f"context={{{missing[0]!r}: ...}}."
        )
    text = saved["formula"]
    formula = None if text is None else Formula.of(f"~ {text}", functions)
    terms = Terms(
        tuple(map(str, saved["columns"])),
        {str(term): tuple(map(int, group)) for term, group in saved["groups"].items()},
        formula,
        _decoded(saved["transforms"]),
        {str(key): list(levels) for key, levels in saved["levels"].items()},
        context,
    )
    centre = np.array(saved["centre"], dtype=np.float64)
    constant = None if saved["constant"] is None else int(saved["constant"])
    link = LINKS.get(saved["link"]) or default_link(constraint)
    return Predictor(name, link, terms, centre, constant, bool(saved["has_offset"]))


def _encoded(value: Any) -> Any:
    """Return a state for JSON: arrays, and dicts whose keys are no text, are marked as such."""
    if isinstance(value, dict):
        if all(isinstance(key, str) for key in value):
            return {key: _encoded(one) for key, one in value.items()}
        return {"pairs": [[key, _encoded(one)] for key, one in value.items()]}
    if isinstance(value, np.ndarray):
        return {"array": value.tolist()}
    if isinstance(value, (list, tuple)):
        return [_encoded(one) for one in value]
    return value.item() if isinstance(value, np.generic) else value


def _decoded(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"pairs"}:
            return {key: _decoded(one) for key, one in value["pairs"]}
        if value.keys() == {"array"}:
            return np.array(value["array"], dtype=np.float64)
        return {key: _decoded(one) for key, one in value.items()}
    return [_decoded(one) for one in value] if isinstance(value, list) else value
