"""Pictures: of densities, likelihoods, fits, comparisons and language models. One file each.

Every function draws on the Axes it is given, or on a new figure of its own, and returns the Axes;
nothing is shown and no global state is touched.
"""

from likeliest.plots.bigram import bigram
from likeliest.plots.caterpillar import caterpillar
from likeliest.plots.cdf import cdf
from likeliest.plots.cdfs import cdfs
from likeliest.plots.comparison import comparison
from likeliest.plots.criterion import criterion
from likeliest.plots.density import density
from likeliest.plots.fit import fit
from likeliest.plots.hazard import hazard
from likeliest.plots.likelihood import likelihood
from likeliest.plots.logarithm import log_curve, negative_log_curve
from likeliest.plots.loss import loss
from likeliest.plots.mean_excess import mean_excess
from likeliest.plots.multiples import multiples
from likeliest.plots.overview import overview
from likeliest.plots.pairs import pairs
from likeliest.plots.pp import pp
from likeliest.plots.probability import probability
from likeliest.plots.profile import profile
from likeliest.plots.qq import qq
from likeliest.plots.registry import COMPARISONS, GROUPS, PICTURES, draw, kinds
from likeliest.plots.residuals import residuals
from likeliest.plots.return_level import return_level
from likeliest.plots.rootogram import rootogram
from likeliest.plots.style import save
from likeliest.plots.surface import surface
from likeliest.plots.survival import survival
from likeliest.plots.tails import tails
from likeliest.plots.worm import worm

__all__ = [
    "COMPARISONS",
    "GROUPS",
    "PICTURES",
    "bigram",
    "caterpillar",
    "cdf",
    "cdfs",
    "comparison",
    "criterion",
    "density",
    "draw",
    "fit",
    "hazard",
    "kinds",
    "likelihood",
    "log_curve",
    "loss",
    "mean_excess",
    "multiples",
    "negative_log_curve",
    "overview",
    "pairs",
    "pp",
    "probability",
    "profile",
    "qq",
    "residuals",
    "return_level",
    "rootogram",
    "save",
    "surface",
    "survival",
    "tails",
    "worm",
]
