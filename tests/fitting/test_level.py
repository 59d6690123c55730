"""A likelihood that is level about its top: the fit is given, and the stretch is named."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.fitting.curvature import Recorded
from likeliest.fitting.diagnostics import diagnosed
from likeliest.fitting.routes.found import Found

CLUSTERS = [0.0, 0.1, 0.2, 9.0, 9.1, 9.2]


def is_said_to_be_level(fit, name):
    assert fit.diagnostics.outcome == "flat direction"
    assert fit.standard_errors[name] is None
    assert fit.intervals()[name] is None
    assert f"level about the estimate of {name}" in " ".join(fit.diagnostics.notes)
    assert lk.Fit.from_dict(fit.to_dict()).to_dict() == fit.to_dict()


@pytest.mark.parametrize("weights", [None, [0.1, 0.1, 0.1, 0.3, 0.0, 0.0]])
@pytest.mark.parametrize("scale", [1e-6, 0.01])
def test_a_narrow_logistic_between_two_clusters(scale, weights):
    fit = lk.fit(CLUSTERS, "logistic", fixed={"scale": scale}, weights=weights)
    is_said_to_be_level(fit, "loc")
    heights = lk.Logistic(np.array([[3.0], [6.0]]), scale).log_prob(np.array(CLUSTERS))
    elsewhere = heights @ (np.ones(6) if weights is None else np.array(weights))
    assert fit.log_likelihood == pytest.approx(elsewhere[0], rel=1e-13)
    assert fit.log_likelihood == pytest.approx(elsewhere[1], rel=1e-13)


def test_a_steep_loglogistic_between_two_clusters():
    fit = lk.fit(np.add(CLUSTERS, 1.0), "loglogistic", fixed={"shape": 1e6})
    is_said_to_be_level(fit, "scale")


@pytest.mark.parametrize(
    ("name", "location", "scale"),
    [("logistic", "loc", "scale"), ("normal", "mean", "std"), ("laplace", "loc", "scale")],
)
def test_equal_values_whose_cell_is_wide_beside_the_scale(name, location, scale):
    fit = lk.fit([2.0, 2.0, 2.0], name, fixed={scale: 1e-6}, rounding=1.0)
    is_said_to_be_level(fit, location)
    assert fit.log_likelihood == 0.0  # the greatest there is


def test_an_odd_value_between_the_clusters_is_the_middle():
    fit = lk.fit([*CLUSTERS, 3.0], "logistic", fixed={"scale": 1e-6})
    assert fit.parameters["loc"] == pytest.approx(3.0, abs=1e-12)
    # The information of one value at its peak is 1/(2 scale²); the others tell nothing.
    assert fit.standard_errors["loc"] == pytest.approx(np.sqrt(2.0) * 1e-6, rel=1e-9)


@pytest.mark.parametrize(
    ("member", "sign", "known"),
    [
        (lk.Gamma(2.0, 3.0), -1.0, "shape · scale"),
        (lk.Gamma(2.0, 3.0), 1.0, "shape / scale"),
        (lk.SkewNormal(4.0, 5.0, 1.0), 1.0, "shape − loc"),
    ],
)
def test_what_the_data_tell_of_two_parameters_together_is_named(member, sign, known):
    """Errors of one length in the coordinates, of opposite or of the same sign."""
    free = tuple(member.parameters)[:2]
    errors = np.array([0.1 * member.constraints[n].slope(member.parameters[n]) for n in free])
    correlation = np.array([[1.0, sign], [sign, 1.0]])
    found = Found(member, -100.0, free, Recorded(errors, correlation, 1e12))
    (note,) = diagnosed(found, None).notes
    assert note.endswith(f"Only {known} is known.")
