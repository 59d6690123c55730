"""From observations to a `Fit`: the verbs `fit` and `compare`."""
