"""Pictures: of densities, likelihoods, fits, comparisons and language models. One file each.

Every function draws on the Axes it is given, or on a new figure of its own, and returns the Axes;
nothing is shown and no global state is touched.
"""

from likeliest.plots.bigram import bigram
from likeliest.plots.cdf import cdf
from likeliest.plots.comparison import comparison
from likeliest.plots.density import density
from likeliest.plots.fit import fit
from likeliest.plots.likelihood import likelihood
from likeliest.plots.logarithm import log_curve, negative_log_curve
from likeliest.plots.loss import loss
from likeliest.plots.overview import overview
from likeliest.plots.pp import pp
from likeliest.plots.profile import profile
from likeliest.plots.qq import qq
from likeliest.plots.registry import PICTURES, draw, kinds
from likeliest.plots.style import save
from likeliest.plots.survival import survival

__all__ = [
    "PICTURES",
    "bigram",
    "cdf",
    "comparison",
    "density",
    "draw",
    "fit",
    "kinds",
    "likelihood",
    "log_curve",
    "loss",
    "negative_log_curve",
    "overview",
    "pp",
    "profile",
    "qq",
    "save",
    "survival",
]
