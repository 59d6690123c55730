"""From observations to a `Fit`: the verbs `fit` and `compare`."""

from likeliest.fitting.columns import ColumnComparison
from likeliest.fitting.comparison import Comparison, compare
from likeliest.fitting.diagnostics import Diagnostics, Outcome
from likeliest.fitting.fit import fit
from likeliest.fitting.result import Fit

__all__ = ["ColumnComparison", "Comparison", "Diagnostics", "Fit", "Outcome", "compare", "fit"]
