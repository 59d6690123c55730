"""How long fits of rows take beside NumPy's covariance and SciPy's optimiser, and what they reach.

    python benchmarks/multivariate.py [--repeats 3] [--scale 1.0]

Both sides take turns in one run, and the least CPU time of the repeats counts. The gap is our log
likelihood less the one that the optimiser reached from the moments.
"""

from __future__ import annotations

import argparse
import time
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import minimize

import likeliest as lk

if TYPE_CHECKING:
    from collections.abc import Callable


def by_scipy(rows: np.ndarray, member: Any, u: np.ndarray) -> float:
    """Return what BFGS reaches in the coordinates about a member, from another beside it."""
    found = minimize(lambda u: -member.moved(u).log_likelihood(rows), u, method="BFGS")
    return -float(found.fun)


def compare(name: str, ours: Callable[[], Any], theirs: Callable[[], Any], repeats: int) -> None:
    times, fit, reached = ([], []), None, None
    for _ in range(repeats):
        for at, work in enumerate((ours, theirs)):
            start = time.process_time()
            made = work()
            times[at].append(time.process_time() - start)
            fit, reached = (made, reached) if at == 0 else (fit, made)
    took, theirs_took = map(min, times)
    gap = f"{fit.log_likelihood - reached:+.1g}" if isinstance(reached, float) else ""
    ratio = f"{theirs_took / took:.2g}"
    print(f"| {name} | {1e3 * took:,.1f} | {1e3 * theirs_took:,.1f} | {ratio} | {gap} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="Part of the rows.")
    o = parser.parse_args()
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(0)
    print("| what | likeliest, ms | peer, ms | ratio | gap, nats |\n|---|---|---|---|---|")
    x = rng.normal(size=(int(1e6 * o.scale), 10))
    compare("normal, 1e6 × 10, beside numpy.cov", lambda: lk.fit(x, "multivariate normal"),
            lambda: np.cov(x.T), o.repeats)  # fmt: skip
    for name, member, n in (
        ("t", lk.MultivariateT(4.0, np.zeros(5), np.eye(5) + 0.5), 10_000),
        ("dirichlet", lk.Dirichlet([2.0, 0.5, 6.0, 1.0, 3.0]), 10_000),
        ("dirichlet-multinomial", lk.DirichletMultinomial(30, [2.0, 0.5, 6.0, 1.0, 3.0]), 10_000),
    ):
        rows = member.sample(int(n * o.scale), seed=1)
        away = 0.2 * rng.normal(size=member.slopes().shape[1])
        compare(
            f"{name}, {n:,} × 5, beside SciPy's BFGS",
            lambda r=rows, m=member: lk.fit(r, type(m)),
            lambda r=rows, m=member, u=away: by_scipy(r, m, u),
            o.repeats,
        )


if __name__ == "__main__":
    main()
