"""Pictures: of densities, likelihoods, fits, comparisons and language models. One file each.

Every function draws on the Axes it is given, or on a new figure of its own, and returns the Axes;
nothing is shown and no global state is touched.
"""

from likeliest.plots.bigram import bigram
from likeliest.plots.caterpillar import caterpillar
from likeliest.plots.comparison import comparison
from likeliest.plots.density import density
from likeliest.plots.fit import fit
from likeliest.plots.likelihood import likelihood
from likeliest.plots.logarithm import log_curve, negative_log_curve
from likeliest.plots.loss import loss
from likeliest.plots.style import save

__all__ = [
    "bigram",
    "caterpillar",
    "comparison",
    "density",
    "fit",
    "likelihood",
    "log_curve",
    "loss",
    "negative_log_curve",
    "save",
]
