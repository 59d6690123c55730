"""What the likelihood says about its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from likeliest.on_demand import on_demand

if TYPE_CHECKING:
    from likeliest.inference import extremes
    from likeliest.inference.attachment import attach
    from likeliest.inference.bootstrap import Bootstrap
    from likeliest.inference.bounds import ExactBound
    from likeliest.inference.by_row import influence, pit, residuals, takeuchi
    from likeliest.inference.contours import contour
    from likeliest.inference.ends import SupportEnd, old_ends
    from likeliest.inference.estimates import Estimate, estimate
    from likeliest.inference.extended import Yields, yields
    from likeliest.inference.goodness_of_fit import goodness
    from likeliest.inference.hypothesis_test import HypothesisTest
    from likeliest.inference.known_shape import Weibayes, weibayes
    from likeliest.inference.many import intervals_of_many, with_errors_of_many
    from likeliest.inference.many_estimates import Estimates, estimates_of_many
    from likeliest.inference.many_tests import GroupTests, goodness_of_many
    from likeliest.inference.maxima import Maxima, maxima_of
    from likeliest.inference.one_fit_tests import score_test, wald_test
    from likeliest.inference.own_shares import Empirical, empirical
    from likeliest.inference.profile import Profile
    from likeliest.inference.ratio_test import likelihood_ratio
    from likeliest.inference.sandwich import with_errors
    from likeliest.inference.selection import (
        Average,
        CrossValidation,
        averaged,
        cross_validated,
        selected,
    )
    from likeliest.inference.smooth_test import misfit
    from likeliest.inference.uncertainty import (
        Uncertainty,
        recorded,
        remainder_of,
        uncertainty_by,
        uncertainty_of,
    )
    from likeliest.inference.vuong_test import vuong
    from likeliest.inference.wald import Wald

__all__ = [
    "Average",
    "Bootstrap",
    "CrossValidation",
    "Empirical",
    "Estimate",
    "Estimates",
    "ExactBound",
    "GroupTests",
    "HypothesisTest",
    "Maxima",
    "Profile",
    "SupportEnd",
    "Uncertainty",
    "Wald",
    "Weibayes",
    "Yields",
    "attach",
    "averaged",
    "contour",
    "cross_validated",
    "empirical",
    "estimate",
    "estimates_of_many",
    "extremes",
    "goodness",
    "goodness_of_many",
    "influence",
    "intervals_of_many",
    "likelihood_ratio",
    "maxima_of",
    "misfit",
    "old_ends",
    "pit",
    "recorded",
    "remainder_of",
    "residuals",
    "score_test",
    "selected",
    "takeuchi",
    "uncertainty_by",
    "uncertainty_of",
    "vuong",
    "wald_test",
    "weibayes",
    "with_errors",
    "with_errors_of_many",
    "yields",
]

__getattr__ = on_demand(
    __name__,
    {
        "Average": "selection",
        "Bootstrap": "bootstrap",
        "CrossValidation": "selection",
        "Empirical": "own_shares",
        "Estimate": "estimates",
        "Estimates": "many_estimates",
        "ExactBound": "bounds",
        "GroupTests": "many_tests",
        "HypothesisTest": "hypothesis_test",
        "Maxima": "maxima",
        "Profile": "profile",
        "SupportEnd": "ends",
        "Uncertainty": "uncertainty",
        "Wald": "wald",
        "Weibayes": "known_shape",
        "Yields": "extended",
        "attach": "attachment",
        "averaged": "selection",
        "contour": "contours",
        "cross_validated": "selection",
        "empirical": "own_shares",
        "estimate": "estimates",
        "estimates_of_many": "many_estimates",
        "goodness": "goodness_of_fit",
        "goodness_of_many": "many_tests",
        "influence": "by_row",
        "intervals_of_many": "many",
        "likelihood_ratio": "ratio_test",
        "maxima_of": "maxima",
        "misfit": "smooth_test",
        "old_ends": "ends",
        "pit": "by_row",
        "recorded": "uncertainty",
        "remainder_of": "uncertainty",
        "residuals": "by_row",
        "score_test": "one_fit_tests",
        "selected": "selection",
        "takeuchi": "by_row",
        "uncertainty_by": "uncertainty",
        "uncertainty_of": "uncertainty",
        "vuong": "vuong_test",
        "wald_test": "one_fit_tests",
        "weibayes": "known_shape",
        "with_errors": "sandwich",
        "with_errors_of_many": "many",
        "yields": "extended",
    },
    {"extremes": "extremes"},
)
