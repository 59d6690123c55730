"""Measure `fit` and `compare` against SciPy and fitter, on the same data in one run.

    python benchmarks/distributions.py                      # the table, on the terminal
    python benchmarks/distributions.py --write docs/benchmarks.md

Each family is fitted with the same parameters free on both sides. Time is the best of a few
runs, memory the peak that Python's allocator saw, and the likelihood that each side reached is
evaluated by one and the same function, so that a faster answer that is a worse one shows.
"""

from __future__ import annotations

import argparse
import platform
import time
import tracemalloc
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy
from scipy import stats

import likeliest as lk


@dataclass(frozen=True)
class Peer:
    """SciPy's fit of one family, with our parametrisation of its answer."""

    truth: lk.families.Distribution
    fit: Callable[[np.ndarray], tuple[float, ...]]
    ours: Callable[..., dict[str, float]]


def continuous(name: str, **fixed: float) -> Callable[[np.ndarray], tuple[float, ...]]:
    return lambda x: getattr(stats, name).fit(x, **fixed)


def discrete(name: str, bounds: Callable[[np.ndarray], dict[str, tuple[float, float]]]) -> Any:
    def fit(x: np.ndarray) -> tuple[float, ...]:
        return tuple(stats.fit(getattr(stats, name), x, bounds(x)).params)

    return fit


PEERS = {
    "normal": Peer(lk.Normal(50, 2.5), continuous("norm"), lambda m, s: {"mean": m, "std": s}),
    "lognormal": Peer(
        lk.LogNormal(1.0, 0.5),
        continuous("lognorm", floc=0),
        lambda s, _, scale: {"log_mean": np.log(scale), "log_std": s},
    ),
    "exponential": Peer(
        lk.Exponential(0.2), continuous("expon", floc=0), lambda _, scale: {"rate": 1 / scale}
    ),
    "gamma": Peer(
        lk.Gamma(3.0, 2.0), continuous("gamma", floc=0), lambda a, _, s: {"shape": a, "scale": s}
    ),
    "weibull": Peer(
        lk.Weibull(1.7, 4.0),
        continuous("weibull_min", floc=0),
        lambda c, _, s: {"shape": c, "scale": s},
    ),
    "beta": Peer(
        lk.Beta(2.0, 5.0),
        continuous("beta", floc=0, fscale=1),
        lambda a, b, *_: {"alpha": a, "beta": b},
    ),
    "uniform": Peer(
        lk.Uniform(2.0, 7.0), continuous("uniform"), lambda a, w: {"low": a, "high": a + w}
    ),
    "logistic": Peer(
        lk.Logistic(5.0, 2.0), continuous("logistic"), lambda m, s: {"loc": m, "scale": s}
    ),
    "loglogistic": Peer(
        lk.LogLogistic(3.0, 2.0),
        continuous("fisk", floc=0),
        lambda c, _, s: {"shape": c, "scale": s},
    ),
    "laplace": Peer(
        lk.Laplace(5.0, 2.0), continuous("laplace"), lambda m, s: {"loc": m, "scale": s}
    ),
    "student t": Peer(
        lk.StudentT(4.0, 5.0, 2.0),
        continuous("t"),
        lambda df, m, s: {"df": df, "loc": m, "scale": s},
    ),
    "cauchy": Peer(lk.Cauchy(5.0, 2.0), continuous("cauchy"), lambda m, s: {"loc": m, "scale": s}),
    "inverse gaussian": Peer(
        lk.InverseGaussian(3.0, 6.0),
        continuous("invgauss", floc=0),
        lambda mu, _, s: {"mean": mu * s, "shape": s},
    ),
    "pareto": Peer(
        lk.Pareto(2.5, 3.0),
        continuous("pareto", floc=0),
        lambda b, _, s: {"shape": b, "scale": s},
    ),
    "gumbel": Peer(
        lk.Gumbel(5.0, 2.0), continuous("gumbel_r"), lambda m, s: {"loc": m, "scale": s}
    ),
    "rayleigh": Peer(lk.Rayleigh(2.0), continuous("rayleigh", floc=0), lambda _, s: {"scale": s}),
    "bernoulli": Peer(
        lk.Bernoulli(0.3),
        discrete("bernoulli", lambda _: {"p": (0, 1)}),
        lambda p, *_: {"prob": p},
    ),
    "poisson": Peer(
        lk.Poisson(4.0),
        discrete("poisson", lambda x: {"mu": (0, 10 * x.mean())}),
        lambda mu, *_: {"rate": mu},
    ),
    "geometric": Peer(
        lk.Geometric(0.3),
        discrete("geom", lambda _: {"p": (0, 1), "loc": (-1, -1)}),
        lambda p, *_: {"prob": p},
    ),
    "negative binomial": Peer(
        lk.NegativeBinomial(4.0, 0.5),
        discrete("nbinom", lambda _: {"n": (0.01, 100), "p": (0, 1)}),
        lambda n, p, *_: {"mean": n * (1 - p) / p, "dispersion": 1 / n},
    ),
}


def best_time(call: Callable[[], Any], least: float = 0.3, most: int = 7) -> float:
    """Return the shortest of a few runs, in seconds; fewer where one run is long."""
    best, spent = np.inf, 0.0
    for _ in range(most):
        start = time.perf_counter()
        call()
        took = time.perf_counter() - start
        best, spent = min(best, took), spent + took
        if spent > least:
            break
    return best


def peak(call: Callable[[], Any]) -> float:
    """Return the most memory that was held at once during a call, in MB beyond the start."""
    tracemalloc.start()
    call()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def measure(name: str, n: int, slowest: float) -> str:
    """Return one row of the table."""
    peer = PEERS[name]
    family = type(peer.truth)
    x = peer.truth.sample(n, rng=1)
    fit = lk.fit(x, family)
    ours = best_time(lambda: lk.fit(x, family))
    our_peak = peak(lambda: lk.fit(x, family))
    start = time.perf_counter()
    try:
        answer = peer.fit(x)
    except Exception as error:
        return f"| {name} | {n:,} | {1e3 * ours:.2f} | failed: {type(error).__name__} | | | |"
    theirs = time.perf_counter() - start
    if theirs < slowest:
        theirs = min(theirs, best_time(lambda: peer.fit(x)))
    their_peak = peak(lambda: peer.fit(x)) if theirs < slowest else np.nan
    try:
        their_nll = family(**peer.ours(*answer)).nll(x)
    except lk.errors.ParameterError:
        their_nll = np.inf
    memory = f"{our_peak / their_peak:.2f}" if np.isfinite(their_peak) else "–"
    return (
        f"| {name} | {n:,} | {1e3 * ours:.2f} | {1e3 * theirs:.1f} | {theirs / ours:.1f} | "
        f"{memory} | {their_nll - fit.nll:+.3g} |"
    )


def measure_compare(n: int) -> list[str]:
    """Return rows for `compare` beside fitter's and SciPy's way through the same families."""
    x = lk.Gamma(3.0, 2.0).sample(n, rng=1)
    names = [f for f in lk.families.all_families() if not f.discrete]
    ours = best_time(lambda: lk.compare(x, names))
    rows = [f"| compare, {len(names)} continuous families | {n:,} | {1e3 * ours:.1f} | |"]
    fits = [PEERS[f.name].fit for f in names if f.name != "beta"]
    start = time.perf_counter()
    for fit in fits:
        fit(x)
    took = time.perf_counter() - start
    label = f"scipy.stats, {len(fits)} of them in a loop"
    rows.append(f"| {label} | {n:,} | {1e3 * took:.1f} | {took / ours:.1f} |")
    try:
        from fitter import Fitter
    except ImportError:
        return [*rows, "| fitter | not installed | | |"]
    theirs = ["norm", "lognorm", "expon", "gamma", "weibull_min", "uniform", "logistic", "fisk",
              "laplace", "t", "cauchy", "invgauss", "pareto", "gumbel_r", "rayleigh"]  # fmt: skip
    start = time.perf_counter()
    Fitter(x, distributions=theirs, timeout=600).fit(progress=False)
    took = time.perf_counter() - start
    rows.append(
        f"| fitter, the same {len(theirs)} | {n:,} | {1e3 * took:.1f} | {took / ours:.1f} |"
    )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--n", type=int, nargs="*", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--families", nargs="*", default=list(PEERS))
    parser.add_argument(
        "--slowest", type=float, default=5.0, help="seconds from which SciPy runs once"
    )
    parser.add_argument("--write", type=Path, help="write the table to this file")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    lines = [
        "# Benchmarks", "",
        f"`python benchmarks/distributions.py`, Python {platform.python_version()}, NumPy "
        f"{np.__version__}, SciPy {scipy.__version__}, two cores.", "",
        "Ratio of time: SciPy's over ours (above 1: ours is faster). Ratio of memory: our peak",
        "over SciPy's (below 1: ours is smaller). NLL: SciPy's less ours, in nats (above 0: ours",
        "is likelier; within rounding of 0: the same).", "",
        "| family | n | ours, ms | SciPy, ms | time ratio | memory ratio | NLL difference |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    print("\n".join(lines))
    for name in options.families:
        for n in options.n:
            lines.append(measure(name, n, options.slowest))
            print(lines[-1], flush=True)
    lines += ["", "| many families at once | n | ms | ratio to ours |", "|---|---:|---:|---:|"]
    for n in options.n[:2]:
        lines += measure_compare(n)
    print("\n".join(lines[-8:]))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
