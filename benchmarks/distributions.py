"""Measure `fit` and `compare` against SciPy and fitter, on the same data in one run.

    python benchmarks/distributions.py                      # the tables, on the terminal
    python benchmarks/distributions.py --write docs/benchmarks.md

Each family is fitted with the same parameters free on both sides. Time is the best of a few runs.
Memory is the peak that Python's allocator saw, in a run of its own. A peer that takes long is
timed once, stopped after `--patience` seconds, and its memory is that of its first seconds. The
likelihood that each side reached is evaluated by one and the same function, so that a faster
answer that is a worse one shows.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy
from scipy import optimize, special, stats

import likeliest as lk

MARKS = ("<!-- measured -->", "<!-- end of measured -->")
ENOUGH = 0.5  # seconds after which three calls are not repeated
LONG = 5.0  # seconds from which a peer is not timed again, and its memory is that of as many


class Continuous:
    """SciPy's fit of a continuous family, and the NLL of its answer."""

    def __init__(self, name: str, **fixed: float) -> None:
        self.distribution, self.fixed = getattr(stats, name), fixed

    def fit(self, x: np.ndarray) -> tuple[float, ...]:
        return self.distribution.fit(x, **self.fixed)

    def nll(self, x: np.ndarray, answer: tuple[float, ...]) -> float:
        return self.distribution.nnlf(answer, x)


class Density:
    """SciPy's Nelder-Mead on the density of a family that SciPy lacks."""

    def __init__(self, log_density: Callable[..., np.ndarray], start: Sequence[float]) -> None:
        self.log_density, self.start = log_density, start

    def fit(self, x: np.ndarray) -> tuple[float, ...]:
        found = optimize.minimize(lambda p: self.nll(x, p), self.start, method="Nelder-Mead")
        return tuple(found.x)

    def nll(self, x: np.ndarray, answer: Sequence[float]) -> float:
        value = -float(np.sum(self.log_density(x, *answer)))
        return value if np.isfinite(value) else np.inf


class Discrete:
    """SciPy's fit of a discrete family within bounds, and the NLL of its answer."""

    def __init__(self, name: str, bounds: Callable[[np.ndarray], Any]) -> None:
        self.distribution, self.bounds = getattr(stats, name), bounds

    def fit(self, x: np.ndarray) -> tuple[float, ...]:
        return tuple(stats.fit(self.distribution, x, self.bounds(x)).params)

    def nll(self, x: np.ndarray, answer: tuple[float, ...]) -> float:
        return -self.distribution.logpmf(x, *answer).sum()


def _poisson_inverse_gaussian(x: np.ndarray, mean: float, d: float) -> np.ndarray:
    """Return log masses by SciPy's scaled Bessel function."""
    root = np.sqrt(1 + 2 * mean * d)
    bessel = np.log(special.kve(x - 0.5, root / d)) + 0.5 * np.log(2 * root / (np.pi * d))
    return bessel + (1 - root) / d + x * np.log(mean / root) - special.gammaln(x + 1)


def _tweedie(x: np.ndarray, mean: float, power: float, dispersion: float) -> np.ndarray:
    """Return log densities from sums of 200 parts."""
    rest, more, j = 2.0 - power, power - 1.0, np.arange(1.0, 200.0)
    rate, scale = mean**rest / (dispersion * rest), dispersion * more * mean**more
    found, some = np.full(x.shape, -rate), x > 0.0
    terms = stats.gamma.logpdf(x[some, None], j * rest / more, scale=scale)
    found[some] = special.logsumexp(stats.poisson.logpmf(j, rate) + terms, axis=1)
    return found


def _conway_maxwell(x: np.ndarray, mean: float, power: float) -> np.ndarray:
    """Return log masses from a sum of 500, λ found by Brent's method."""
    k = np.arange(500.0)

    def logs(tilt: float) -> np.ndarray:
        terms = k * tilt - power * special.gammaln(k + 1)
        return terms - special.logsumexp(terms)

    root = optimize.brentq(lambda t: np.exp(logs(t)) @ k - mean, -30, 400)
    return logs(root)[x.astype(int)]


@dataclass(frozen=True)
class Peer:
    """SciPy's way to one family, with our parametrisation of its answer."""

    truth: lk.families.Distribution
    scipy: Continuous | Discrete | Density
    ours: Callable[..., dict[str, float]]


PEERS = {
    "normal": Peer(lk.Normal(50, 2.5), Continuous("norm"), lambda m, s: {"mean": m, "std": s}),
    "lognormal": Peer(
        lk.LogNormal(1.0, 0.5),
        Continuous("lognorm", floc=0),
        lambda s, _, scale: {"log_mean": np.log(scale), "log_std": s},
    ),
    "exponential": Peer(
        lk.Exponential(0.2), Continuous("expon", floc=0), lambda _, scale: {"rate": 1 / scale}
    ),
    "gamma": Peer(
        lk.Gamma(3.0, 2.0), Continuous("gamma", floc=0), lambda a, _, s: {"shape": a, "scale": s}
    ),
    "weibull": Peer(
        lk.Weibull(1.7, 4.0),
        Continuous("weibull_min", floc=0),
        lambda c, _, s: {"shape": c, "scale": s},
    ),
    "beta": Peer(
        lk.Beta(2.0, 5.0),
        Continuous("beta", floc=0, fscale=1),
        lambda a, b, *_: {"alpha": a, "beta": b},
    ),
    "uniform": Peer(
        lk.Uniform(2.0, 7.0), Continuous("uniform"), lambda a, w: {"low": a, "high": a + w}
    ),
    "logistic": Peer(
        lk.Logistic(5.0, 2.0), Continuous("logistic"), lambda m, s: {"loc": m, "scale": s}
    ),
    "loglogistic": Peer(
        lk.LogLogistic(3.0, 2.0),
        Continuous("fisk", floc=0),
        lambda c, _, s: {"shape": c, "scale": s},
    ),
    "laplace": Peer(
        lk.Laplace(5.0, 2.0), Continuous("laplace"), lambda m, s: {"loc": m, "scale": s}
    ),
    "student t": Peer(
        lk.StudentT(4.0, 5.0, 2.0),
        Continuous("t"),
        lambda df, m, s: {"df": df, "loc": m, "scale": s},
    ),
    "cauchy": Peer(lk.Cauchy(5.0, 2.0), Continuous("cauchy"), lambda m, s: {"loc": m, "scale": s}),
    "inverse gaussian": Peer(
        lk.InverseGaussian(3.0, 6.0),
        Continuous("invgauss", floc=0),
        lambda mu, _, s: {"mean": mu * s, "shape": s},
    ),
    "pareto": Peer(
        lk.Pareto(2.5, 3.0),
        Continuous("pareto", floc=0),
        lambda b, _, s: {"shape": b, "scale": s},
    ),
    "gumbel": Peer(
        lk.Gumbel(5.0, 2.0), Continuous("gumbel_r"), lambda m, s: {"loc": m, "scale": s}
    ),
    "rayleigh": Peer(lk.Rayleigh(2.0), Continuous("rayleigh", floc=0), lambda _, s: {"scale": s}),
    "half-normal": Peer(
        lk.HalfNormal(2.0), Continuous("halfnorm", floc=0), lambda _, s: {"scale": s}
    ),
    "chi2": Peer(lk.Chi2(3.0), Continuous("chi2", floc=0, fscale=1), lambda df, *_: {"df": df}),
    "inverse gamma": Peer(
        lk.InverseGamma(3.0, 4.0),
        Continuous("invgamma", floc=0),
        lambda a, _, s: {"shape": a, "scale": s},
    ),
    "half-cauchy": Peer(
        lk.HalfCauchy(2.0), Continuous("halfcauchy", floc=0), lambda _, s: {"scale": s}
    ),
    "maxwell": Peer(lk.Maxwell(2.0), Continuous("maxwell", floc=0), lambda _, s: {"scale": s}),
    "levy": Peer(lk.Levy(2.0), Continuous("levy", floc=0), lambda _, s: {"scale": s}),
    "gumbel of minima": Peer(
        lk.GumbelOfMinima(5.0, 2.0), Continuous("gumbel_l"), lambda m, s: {"loc": m, "scale": s}
    ),
    "hyperbolic secant": Peer(
        lk.HyperbolicSecant(5.0, 2.0),
        Continuous("hypsecant"),
        lambda m, s: {"loc": m, "scale": s},
    ),
    "moyal": Peer(lk.Moyal(5.0, 2.0), Continuous("moyal"), lambda m, s: {"loc": m, "scale": s}),
    "dagum": Peer(
        lk.Dagum(3.0, 0.7, 3.0),
        Continuous("mielke", floc=0),
        lambda k, c, _, s: {"inner": c, "outer": k / c, "scale": s},
    ),
    "gev": Peer(
        lk.GEV(0.2, 10.0, 2.0),
        Continuous("genextreme"),
        lambda c, m, s: {"shape": -c, "loc": m, "scale": s},
    ),
    "generalized pareto": Peer(
        lk.GeneralizedPareto(0.2, 3.0),
        Continuous("genpareto", floc=0),
        lambda c, _, s: {"shape": c, "scale": s},
    ),
    "frechet": Peer(
        lk.Frechet(2.5, 3.0),
        Continuous("invweibull", floc=0),
        lambda c, _, s: {"shape": c, "scale": s},
    ),
    "lomax": Peer(
        lk.Lomax(2.5, 3.0),
        Continuous("lomax", floc=0),
        lambda c, _, s: {"shape": c, "scale": s},
    ),
    "burr": Peer(
        lk.Burr(2.0, 1.5, 3.0),
        Continuous("burr12", floc=0),
        lambda c, d, _, s: {"inner": c, "outer": d, "scale": s},
    ),
    "gompertz": Peer(
        lk.Gompertz(0.1, 0.02),
        Continuous("gompertz", floc=0),
        lambda c, _, s: {"aging": 1 / s, "rate": c / s},
    ),
    "generalized logistic": Peer(
        lk.GeneralizedLogistic(2.0, 5.0, 2.0),
        Continuous("genlogistic"),
        lambda c, m, s: {"shape": c, "loc": m, "scale": s},
    ),
    "exponentiated weibull": Peer(
        lk.ExponentiatedWeibull(2.0, 1.5, 3.0),
        Continuous("exponweib", floc=0),
        lambda a, c, _, s: {"outer": a, "shape": c, "scale": s},
    ),
    "birnbaum-saunders": Peer(
        lk.BirnbaumSaunders(0.5, 3.0),
        Continuous("fatiguelife", floc=0),
        lambda c, _, s: {"shape": c, "scale": s},
    ),
    "skew normal": Peer(
        lk.SkewNormal(3.0, 5.0, 2.0),
        Continuous("skewnorm"),
        lambda a, m, s: {"shape": a, "loc": m, "scale": s},
    ),
    "exponentially modified gaussian": Peer(
        lk.ExponentiallyModifiedGaussian(300.0, 40.0, 100.0),
        Continuous("exponnorm"),
        lambda k, m, s: {"loc": m, "scale": s, "delay": k * s},
    ),
    "log-gamma": Peer(
        lk.LogGamma(0.6, 5.0, 2.0),
        Continuous("loggamma"),
        lambda c, m, s: {"shape": c**-0.5, "loc": m + s * np.log(c), "scale": s * c**-0.5},
    ),
    "generalized gamma": Peer(
        lk.GeneralizedGamma(0.6, 1.5, 0.5),
        Continuous("gengamma", floc=0),
        lambda a, c, _, s: {
            "shape": np.sign(c) * a**-0.5,
            "log_loc": np.log(s) + np.log(a) / c,
            "log_scale": a**-0.5 / abs(c),
        },
    ),
    "nakagami": Peer(
        lk.Nakagami(2.0, 3.0),
        Continuous("nakagami", floc=0),
        lambda nu, _, s: {"shape": nu, "scale": s},
    ),
    "chi": Peer(lk.Chi(3.0), Continuous("chi", floc=0, fscale=1), lambda df, *_: {"df": df}),
    "beta prime": Peer(
        lk.BetaPrime(2.0, 5.0),
        Continuous("betaprime", floc=0, fscale=1),
        lambda a, b, *_: {"alpha": a, "beta": b},
    ),
    "f": Peer(
        lk.F(6.0, 12.0),
        Continuous("f", floc=0, fscale=1),
        lambda n, d, *_: {"dfn": n, "dfd": d},
    ),
    "logit-normal": Peer(
        lk.LogitNormal(0.5, 1.2),
        Density(
            lambda x, m, s: stats.norm.logpdf(special.logit(x), m, s) - np.log(x * (1.0 - x)),
            (0.0, 1.0),
        ),
        lambda m, s: {"logit_mean": m, "logit_std": s},
    ),
    "kumaraswamy": Peer(
        lk.Kumaraswamy(2.0, 3.0),
        Density(
            lambda x, a, b: np.log(a * b) + (a - 1) * np.log(x) + (b - 1) * np.log1p(-(x**a)),
            (1.0, 1.0),
        ),
        lambda a, b: {"inner": a, "outer": b},
    ),
    "asymmetric laplace": Peer(
        lk.AsymmetricLaplace(0.6, 3.0, 2.0),
        Continuous("laplace_asymmetric"),
        lambda k, m, s: {"asymmetry": k, "loc": m, "scale": s},
    ),
    "bounded pareto": Peer(
        lk.BoundedPareto(1.5, 2.0, 20.0),
        Continuous("truncpareto", floc=0),
        lambda b, c, _, s: {"shape": b, "low": s, "high": c * s},
    ),
    "folded normal": Peer(
        lk.FoldedNormal(3.0, 2.0),
        Continuous("foldnorm", floc=0),
        lambda c, _, s: {"loc": c * s, "scale": s},
    ),
    "johnson su": Peer(
        lk.JohnsonSU(-0.6, 1.0, 3.0, 2.0),
        Continuous("johnsonsu"),
        lambda a, b, m, s: {"skew": a, "tail": b, "loc": m, "scale": s},
    ),
    "tweedie": Peer(
        lk.Tweedie(4.0, 1.5, 2.0),
        Density(_tweedie, (4.0, 1.5, 2.0)),
        lambda m, p, d: {"mean": m, "power": p, "dispersion": d},
    ),
    "pearson iii": Peer(
        lk.PearsonIII(0.8, 10.0, 2.0),
        Continuous("pearson3"),
        lambda g, m, s: {"skewness": g, "mean": m, "std": s},
    ),
    "log-pearson iii": Peer(
        lk.LogPearsonIII(0.5, 7.0, 0.6),
        Density(
            lambda x, g, m, s: stats.pearson3.logpdf(np.log(x), g, m, s) - np.log(x),
            (0.1, 6.0, 1.0),
        ),
        lambda g, m, s: {"skewness": g, "log_mean": m, "log_std": s},
    ),
    "log-uniform": Peer(
        lk.LogUniform(2.0, 20.0),
        Continuous("loguniform", floc=0, fscale=1),
        lambda a, b, *_: {"low": a, "high": b},
    ),
    "rice": Peer(
        lk.Rice(3.0, 1.5),
        Continuous("rice", floc=0),
        lambda b, _, s: {"distance": b * s, "scale": s},
    ),
    "weibull of maxima": Peer(
        lk.WeibullOfMaxima(2.2, 10.0, 2.0),
        Continuous("weibull_max"),
        lambda c, m, s: {"shape": c, "end": m, "scale": s},
    ),
    "von mises": Peer(
        lk.VonMises(0.5, 2.0),
        Continuous("vonmises", fscale=1),
        lambda k, m, _: {"loc": m, "concentration": k},
    ),
    "wrapped cauchy": Peer(
        lk.WrappedCauchy(0.5, 0.6),
        Density(
            lambda x, m, c: np.log((1 - c * c) / (2 * np.pi * (1 + c * c - 2 * c * np.cos(x - m)))),
            (0.0, 0.5),
        ),
        lambda m, c: {"loc": m, "concentration": c},
    ),
    "discrete uniform": Peer(
        lk.DiscreteUniform(1, 60),
        Discrete("randint", lambda x: {"low": (x.min(), x.min()), "high": (x.max() + 1, 1e3)}),
        lambda low, high, *_: {"low": low, "high": high - 1},
    ),
    "bernoulli": Peer(
        lk.Bernoulli(0.3),
        Discrete("bernoulli", lambda _: {"p": (0, 1)}),
        lambda p, *_: {"prob": p},
    ),
    "poisson": Peer(
        lk.Poisson(4.0),
        Discrete("poisson", lambda x: {"mu": (0, 10 * x.mean())}),
        lambda mu, *_: {"rate": mu},
    ),
    "geometric": Peer(
        lk.Geometric(0.3),
        Discrete("geom", lambda _: {"p": (0, 1), "loc": (-1, -1)}),
        lambda p, *_: {"prob": p},
    ),
    "negative binomial": Peer(
        lk.NegativeBinomial(4.0, 0.5),
        Discrete("nbinom", lambda _: {"n": (0.01, 100), "p": (0, 1)}),
        lambda n, p, *_: {"mean": n * (1 - p) / p, "dispersion": 1 / n},
    ),
    "poisson-inverse gaussian": Peer(
        lk.PoissonInverseGaussian(4.0, 0.5),
        Density(_poisson_inverse_gaussian, (3.0, 1.0)),
        lambda m, d: {"mean": m, "dispersion": d},
    ),
    "conway-maxwell-poisson": Peer(
        lk.ConwayMaxwellPoisson(4.0, 2.0),
        Density(_conway_maxwell, (3.0, 1.0)),
        lambda m, v: {"mean": m, "concentration": v},
    ),
    "skellam": Peer(
        lk.Skellam(1.6, 1.1),
        Density(stats.skellam.logpmf, (1.0, 1.0)),
        lambda a, b: {"plus": a, "minus": b},
    ),
    "generalized poisson": Peer(
        lk.GeneralizedPoisson(4.0, 0.5),
        Density(
            lambda x, m, b: (
                stats.poisson.logpmf(x, m * (1 - b) + b * x)
                + np.log(m * (1 - b) / (m * (1 - b) + b * x))
            ),
            (3.0, 0.3),
        ),
        lambda m, b: {"mean": m, "offspring": b},
    ),
    "discrete weibull": Peer(
        lk.DiscreteWeibull(1.5, 6.0),
        Density(
            lambda x, k, s: np.log(np.exp(-((x / s) ** k)) - np.exp(-(((x + 1) / s) ** k))),
            (1.0, 5.0),
        ),
        lambda k, s: {"shape": k, "scale": s},
    ),
    "yule-simon": Peer(
        lk.YuleSimon(3.0),
        Discrete("yulesimon", lambda _: {"alpha": (1e-3, 100)}),
        lambda k, *_: {"shape": k},
    ),
    "zeta": Peer(
        lk.Zeta(3.0),
        Discrete("zipf", lambda _: {"a": (1.001, 60)}),
        lambda a, *_: {"shape": a - 1},
    ),
    "logarithmic": Peer(
        lk.Logarithmic(0.8),
        Discrete("logser", lambda _: {"p": (0, 1)}),
        lambda p, *_: {"prob": p},
    ),
}


class Stopped(BaseException):
    """A call that took too long. Not an Exception: SciPy and fitter catch those."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Stop what runs within after so many seconds."""

    def stop(*_: object) -> None:
        raise Stopped

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def best_time(call: Callable[[], Any], most: int) -> float:
    """Return the shortest of some runs, in seconds; fewer where one run is long."""
    best, spent, runs = np.inf, 0.0, 0
    while runs < min(3, most) or (runs < most and spent < ENOUGH):
        start = time.perf_counter()
        call()
        took = time.perf_counter() - start
        best, spent, runs = min(best, took), spent + took, runs + 1
        if took > LONG:
            break
    return best


def peak(call: Callable[[], Any]) -> float:
    """Return the most memory that was held at once in the first seconds of a call, in MB."""
    tracemalloc.start()
    try:
        with at_most(LONG):
            call()
    except Stopped:
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def measure(name: str, n: int, patience: float, runs: int) -> str:
    """Return one row of the table."""
    peer = PEERS[name]
    family = type(peer.truth)
    x = peer.truth.sample(n, seed=1)
    fit = lk.fit(x, family)
    ours, memory = best_time(lambda: lk.fit(x, family), runs), peak(lambda: lk.fit(x, family))
    row = f"| {name} | {n:,} | {1e3 * ours:,.2f} | "
    try:
        with at_most(patience):
            start = time.perf_counter()
            answer = peer.scipy.fit(x)
            theirs = time.perf_counter() - start
    except Stopped:
        memory /= peak(lambda: peer.scipy.fit(x))
        least = f"> {patience / ours:,.0f}"
        return f"{row}> {1e3 * patience:,.0f} | {least} | {least} | {memory:.2f} | stopped |"
    except Exception as error:
        return f"{row}failed: {type(error).__name__} | | | | |"
    if theirs < LONG:
        theirs = best_time(lambda: peer.scipy.fit(x), runs)
    memory /= peak(lambda: peer.scipy.fit(x))
    both = theirs + best_time(lambda: peer.scipy.nll(x, answer), runs)
    ratios = f"{ratio(theirs / ours)} | {ratio(both / ours)}"
    return f"{row}{1e3 * theirs:,.2f} | {ratios} | {memory:.2f} | {gap(peer, x, fit, answer)} |"


def ratio(value: float) -> str:
    """Return a ratio to two digits: 0.52, 5.2, 52, 1,200."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def gap(peer: Peer, x: np.ndarray, fit: lk.Fit, answer: tuple[float, ...]) -> str:
    """Return how much larger the peer's NLL is, in nats; 0 within rounding."""
    try:
        theirs = type(peer.truth)(**peer.ours(*answer)).nll(x)
    except lk.errors.ParameterError as error:
        return str(error)
    excess = float(theirs - fit.nll)
    return "0" if abs(excess) <= 1e-13 * max(abs(fit.nll), x.size) else f"{excess:+.2g}"


def measure_compare(n: int, patience: float, runs: int) -> Iterator[str]:
    """Yield rows for `compare` beside SciPy's and fitter's way through the same families."""
    truth = lk.Gamma(3.0, 2.0)
    x = truth.sample(n, seed=1)
    names = [f for f in lk.families.chosen("common") if not f.discrete]
    ours = best_time(lambda: lk.compare(x, names), runs)
    yield f"| `lk.compare`, {len(names)} families | {n:,} | {1e3 * ours:,.1f} | 1 |"
    fits = [PEERS[f.name].scipy.fit for f in names if f.name != "beta"]
    label = f"scipy.stats, {len(fits)} of them in a loop"
    yield duration(label, n, ours, lambda: [fit(x) for fit in fits], patience)
    try:
        from fitter import Fitter
    except ImportError:
        yield f"| fitter is not installed | {n:,} | | |"
        return
    theirs = ["norm", "lognorm", "expon", "gamma", "weibull_min", "uniform", "logistic", "fisk",
              "laplace", "t", "cauchy", "invgauss", "pareto", "gumbel_r", "rayleigh"]  # fmt: skip
    fitter = Fitter(x, distributions=theirs, timeout=patience)
    label = f"fitter, the same {len(theirs)}, loc free"
    yield duration(label, n, ours, lambda: fitter.fit(progress=False), patience)


def duration(label: str, n: int, ours: float, call: Callable[[], Any], patience: float) -> str:
    """Return a row for one run of a peer."""
    start, more = time.perf_counter(), ""
    try:
        with at_most(patience):
            call()
    except Stopped:
        more = "> "
    took = time.perf_counter() - start
    return f"| {label} | {n:,} | {more}{1e3 * took:,.1f} | {more}{took / ours:,.0f} |"


def tables(options: argparse.Namespace) -> Iterator[str]:
    """Yield the lines of both tables."""
    yield f"Python {platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__},"
    yield f"{os.cpu_count()} cores of {platform.machine()}."
    yield ""
    yield "| family | n | ours, ms | SciPy, ms | time ratio | with NLL | memory ratio | NLL, ± |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for name in options.families:
        for n in options.n:
            yield measure(name, n, options.patience, options.runs)
    yield ""
    yield "| many families at once | n | ms | ratio to ours |"
    yield "|---|---:|---:|---:|"
    for n in options.n:
        yield from measure_compare(n, options.patience, options.runs)


def write(path: Path, lines: list[str]) -> None:
    """Put the tables between the marks of a page, and leave the rest of it as it is."""
    before, _, rest = path.read_text(encoding="utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    measured = "\n".join([MARKS[0], "", *lines, "", MARKS[1]])
    path.write_text(before + measured + after, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--n", type=int, nargs="*", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--families", nargs="*", default=list(PEERS))
    parser.add_argument(
        "--patience", type=float, default=60.0, help="seconds after which a peer is stopped"
    )
    parser.add_argument(
        "--runs", type=int, default=30, help="runs of a fit, of which the best counts"
    )
    parser.add_argument("--write", type=Path, help="put the tables into this page")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    lines = []
    for line in tables(options):
        lines.append(line)
        print(line, flush=True)
    if options.write:
        write(options.write, lines)


if __name__ == "__main__":
    main()
