"""Each likelihood loss in each of its forms, with its family and the textbook density."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from mpmath import mp

import likeliest as lk
from truth import LOG_DENSITY

L = lk.losses
OUTCOMES = np.array([2.5, -1.0, 0.3, 40.0, 1e-3, 7.0])
COUNTS = np.array([0.0, 1.0, 3.0, 14.0, 15.0, 120.0])
AMOUNTS = np.array([0.01, 0.5, 1.0, 2.5, 4.0, 60.0])
LOGS = np.array([0.3, -1.0, 1.2, 2.5, 3.0, 4.5])
REALS = np.array([0.5, -0.7, 1.5, 2.0, -2.0, 0.0])
POSITIVE = np.array([0.5, 2.0, 1.0, 30.0, 0.1, 4.0])
CHANCES = np.array([0.5, 0.9, 1e-3, 0.2, 0.999, 0.7])
LABELS = np.array([0.0, 1.0, 0.3, 1.0, 0.0, 1.0])


@dataclass(frozen=True)
class Case:
    """A loss in one parametrisation.

    `truth` gives the loss of one observation from mpmath numbers, `family` the member of the
    family from arrays of all arguments but the target.
    """

    name: str
    loss: Callable[..., Any]
    arguments: dict[str, Any]
    truth: Callable[..., Any]
    family: Callable[..., Any]
    options: dict[str, Any] = field(default_factory=dict)
    counts: bool = False

    def __call__(self, arguments=None, **options):
        return self.loss(**(arguments or self.arguments), **{**self.options, **options})

    def exact(self, arguments=None):
        """Return the loss of each observation, to mpmath's digits."""
        rows = np.broadcast_arrays(*(arguments or self.arguments).values())
        return [
            self.truth(*(mp.mpf(float(v)) for v in row))
            for row in zip(*(r.flat for r in rows), strict=True)
        ]


def _nll(family):
    density = LOG_DENSITY[family]
    return lambda target, *parameters: -density(target, *parameters)


_normal, _laplace, _t = _nll("normal"), _nll("laplace"), _nll("student t")
_poisson, _negative_binomial, _gamma = _nll("poisson"), _nll("negative binomial"), _nll("gamma")


def _of_chance(p, y):
    return (-y * mp.log(p) if y else 0) - ((1 - y) * mp.log1p(-p) if y != 1 else 0)


def _of_logit(z, y):
    return y * mp.log1p(mp.exp(-z)) + (1 - y) * mp.log1p(mp.exp(z))


def _gaussian(name, of, to):
    return Case(
        f"gaussian {name}",
        L.gaussian_nll,
        {"input": REALS, "target": OUTCOMES, name: REALS if "log" in name else POSITIVE},
        lambda i, t, v: _normal(t, i, of(v)),
        lambda i, v: lk.Normal(i, to(v)),
    )


_M = {"input": LOGS, "target": COUNTS}
CASES = [
    _gaussian("var", mp.sqrt, np.sqrt),
    _gaussian("std", lambda v: v, lambda v: v),
    _gaussian("log_var", lambda v: mp.exp(v / 2), lambda v: np.exp(v / 2)),
    _gaussian("log_std", mp.exp, np.exp),
    Case(
        "laplace scale",
        L.laplace_nll,
        {"input": REALS, "target": OUTCOMES, "scale": POSITIVE},
        lambda i, t, s: _laplace(t, i, s),
        lk.Laplace,
    ),
    Case(
        "laplace log_scale",
        L.laplace_nll,
        {"input": REALS, "target": OUTCOMES, "log_scale": REALS},
        lambda i, t, s: _laplace(t, i, mp.exp(s)),
        lambda i, s: lk.Laplace(i, np.exp(s)),
    ),
    Case(
        "student_t scale",
        L.student_t_nll,
        {"input": REALS, "target": OUTCOMES, "scale": POSITIVE, "df": POSITIVE[::-1]},
        lambda i, t, s, df: _t(t, df, i, s),
        lambda i, s, df: lk.StudentT(df, i, s),
    ),
    Case(
        "student_t log_scale",
        L.student_t_nll,
        {"input": REALS, "target": OUTCOMES, "log_scale": REALS, "df": POSITIVE[::-1]},
        lambda i, t, s, df: _t(t, df, i, mp.exp(s)),
        lambda i, s, df: lk.StudentT(df, i, np.exp(s)),
    ),
    Case(
        "poisson log_input",
        L.poisson_nll,
        _M,
        lambda i, t: _poisson(t, mp.exp(i)),
        lambda i: lk.Poisson(np.exp(i)),
        counts=True,
    ),
    Case(
        "poisson rate",
        L.poisson_nll,
        {"input": POSITIVE, "target": COUNTS},
        lambda i, t: _poisson(t, i),
        lk.Poisson,
        {"log_input": False},
        counts=True,
    ),
    Case(
        "negative_binomial log_input log_dispersion",
        L.negative_binomial_nll,
        {**_M, "log_dispersion": REALS},
        lambda i, t, d: _negative_binomial(t, mp.exp(i), mp.exp(d)),
        lambda i, d: lk.NegativeBinomial(np.exp(i), np.exp(d)),
        counts=True,
    ),
    Case(
        "negative_binomial mean dispersion",
        L.negative_binomial_nll,
        {"input": POSITIVE, "target": COUNTS, "dispersion": POSITIVE[::-1]},
        lambda i, t, d: _negative_binomial(t, i, d),
        lk.NegativeBinomial,
        {"log_input": False},
        counts=True,
    ),
    Case(
        "gamma log_input log_shape",
        L.gamma_nll,
        {"input": LOGS, "target": AMOUNTS, "log_shape": REALS},
        lambda i, t, k: _gamma(t, mp.exp(k), mp.exp(i - k)),
        lambda i, k: lk.Gamma(np.exp(k), np.exp(i - k)),
    ),
    Case(
        "gamma mean shape",
        L.gamma_nll,
        {"input": POSITIVE, "target": AMOUNTS, "shape": POSITIVE[::-1]},
        lambda i, t, k: _gamma(t, k, i / k),
        lambda i, k: lk.Gamma(k, i / k),
        {"log_input": False},
    ),
    Case(
        "binary_cross_entropy",
        L.binary_cross_entropy,
        {"input": CHANCES, "target": LABELS},
        _of_chance,
        lk.Bernoulli,
    ),
    Case(
        "binary_cross_entropy_with_logits",
        L.binary_cross_entropy_with_logits,
        {"input": REALS, "target": LABELS},
        _of_logit,
        lambda z: lk.Bernoulli(1.0 / (1.0 + np.exp(-z))),
    ),
]
BY_NAME = {case.name: case for case in CASES}
