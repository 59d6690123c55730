"""From observations to a `Fit`: the verbs `fit` and `compare`."""

from likeliest.fitting.comparison import Comparison, compare
from likeliest.fitting.fit import fit
from likeliest.fitting.result import Diagnostics, Fit, Outcome

__all__ = ["Comparison", "Diagnostics", "Fit", "Outcome", "compare", "fit"]
