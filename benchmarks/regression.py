"""How long regressions take beside statsmodels, glum and lifelines, and the likelihood reached.

    python benchmarks/regression.py [--repeats 3] [--scale 1.0]

Each peer fits the same data in the same run; the least of the repeats counts. The last line has the
passes of a gamma with both parameters on 20 columns, and its time in evaluations of its density.
"""

from __future__ import annotations

import argparse
import time
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import likeliest as lk

if TYPE_CHECKING:
    from collections.abc import Callable


def least(work: Callable[[], Any], repeats: int) -> tuple[float, float, Any]:
    """Return the least time and CPU time of some repeats in seconds, and what the last returned."""
    times, made = [], None
    for _ in range(repeats):
        start, of_cpu = time.perf_counter(), time.process_time()
        made = work()
        times.append((time.perf_counter() - start, time.process_time() - of_cpu))
    return min(t for t, _ in times), min(t for _, t in times), made


def counts(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return covariates, means, and overdispersed counts."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 3))
    mean = np.exp(0.5 + X @ [0.3, -0.2, 0.1])
    return X, mean, rng.poisson(mean * rng.gamma(2.0, 0.5, n)).astype(float)


def compare(
    name: str, ours: Callable[[], Any], theirs: dict[str, Callable[[], Any]], r: int
) -> None:
    took, cpu, fit = least(ours, r)
    times = f"{1e3 * took:,.0f} | 1 | {1e3 * cpu:,.0f} | 1"
    print(f"| {name} | likeliest | {times} | 0 | {fit.passes} |")
    for peer, work in theirs.items():
        other, other_cpu, reached = least(work, r)
        gap = "" if reached is None else f"{fit.log_likelihood - reached:+.2g}"
        times = f"{1e3 * other:,.0f} | {other / took:.2g}"
        times += f" | {1e3 * other_cpu:,.0f} | {other_cpu / cpu:.2g}"
        print(f"| {name} | {peer} | {times} | {gap} | |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="Part of the rows.")
    o = parser.parse_args()
    warnings.simplefilter("ignore")
    import glum
    import lifelines
    import statsmodels.api as sm

    print("| model | by | ms | ratio | CPU ms | ratio | our log likelihood less theirs | passes |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    X, mean, y = counts(round(500_000 * o.scale))
    Xc = sm.add_constant(X)
    compare(
        f"negative binomial, {len(y):,} x 3",
        lambda: lk.regress(y, X, "negative binomial"),
        {"statsmodels": lambda: float(sm.NegativeBinomial(y, Xc).fit(disp=0).llf)},
        o.repeats,
    )

    def by_glum(family: str, values: np.ndarray) -> None:
        glum.GeneralizedLinearRegressor(family=family, alpha=0, link="log").fit(X, values)

    compare(
        f"poisson, {len(y):,} x 3",
        lambda: lk.regress(y, X, "poisson"),
        {
            "glum": lambda: by_glum("poisson", y),
            "statsmodels": lambda: float(sm.Poisson(y, Xc).fit(disp=0).llf),
        },
        o.repeats,
    )
    cost = mean * np.random.default_rng(1).gamma(2.0, 0.5, len(y))
    compare(
        f"gamma, {len(y):,} x 3",
        lambda: lk.regress(cost, X, "gamma"),
        {"glum": lambda: by_glum("gamma", cost)},
        o.repeats,
    )
    survival(round(100_000 * o.scale), o.repeats, lifelines)
    both_of_a_gamma(round(1_000_000 * o.scale))


def survival(n: int, repeats: int, lifelines: Any) -> None:
    X, _, _ = counts(n)
    life = np.exp(1.0 + X @ [0.3, -0.2, 0.1]) * np.random.default_rng(2).weibull(1.5, n)
    end = np.median(life)
    seen, event = np.minimum(life, end), (life < end).astype(int)
    frame = pd.DataFrame(X, columns=list("abc")).assign(t=seen, e=event)
    compare(
        f"weibull, half censored, {n:,} x 3",
        lambda: lk.regress(seen, X, "weibull", event=event),
        {"lifelines": lambda: lifelines.WeibullAFTFitter().fit(frame, "t", "e").log_likelihood_},
        repeats,
    )


def both_of_a_gamma(n: int) -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(n, 20))
    mean = np.exp(X @ (0.1 * rng.normal(size=20)))
    shape = np.exp(0.5 + X @ (0.05 * rng.normal(size=20)))
    y = mean * rng.gamma(shape) / shape
    member = lk.Gamma(shape, mean / shape)
    once, _, _ = least(lambda: member.log_prob(y), 3)
    took, _, fit = least(lambda: lk.regress(y, X, "gamma", formulas={"shape": X}), 1)
    print(f"\ngamma, both parameters, {n:,} x 20: {took:.2f} s, {fit.passes} passes, ", end="")
    print(f"{took / once:.0f} evaluations of the log density")


if __name__ == "__main__":
    main()
