"""Times a pass over censored rows beside one evaluation of their log tails, on one thread.

A pass gives the log likelihood, the score and the Hessian. Beside it stands `Distribution.log_sf`
of the same values: the floor that it cannot go below.

    python benchmarks/passes.py --rows 100000
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

import numpy as np

import likeliest as lk
from likeliest.likelihood.objective import Objective

if TYPE_CHECKING:
    from collections.abc import Callable

MEMBERS = (
    lk.Normal(50.0, 2.5), lk.LogNormal(1.0, 0.5), lk.Exponential(0.2), lk.Weibull(1.7, 4.0),
    lk.Rayleigh(3.0), lk.Logistic(5.0, 2.0), lk.LogLogistic(3.0, 2.0), lk.Gumbel(5.0, 2.0),
    lk.Cauchy(5.0, 2.0), lk.InverseGaussian(3.0, 9.0), lk.Gamma(3.3, 2.0), lk.Beta(2.3, 5.4),
    lk.StudentT(4.3, 5.0, 2.0), lk.Poisson(8.0), lk.NegativeBinomial(8.0, 0.5),
)  # fmt: skip


def best(function: Callable[[], object], repeats: int) -> float:
    """Return the least time of a call on its one thread, seconds."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return min(times)


def measured(member: lk.Distribution, rows: int, repeats: int) -> tuple[float, float]:
    """Return the time of a pass and that of the log tails."""
    rng = np.random.default_rng(1)
    limits = np.asarray(member.quantile(rng.uniform(0.05, 0.95, rows)), dtype=np.float64)
    event = np.zeros(rows)
    event[0] = 1.0
    objective = Objective.of(type(member), lk.observe(limits, event=event), {})
    u = objective.coordinates.of(member)[None, :]
    return best(lambda: objective(u), repeats), best(lambda: member.log_sf(limits), repeats)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    lk.set_threads(1)
    print("| family | a pass, ms | log tails, ms | ratio |")
    print("|---|---:|---:|---:|")
    for member in MEMBERS:
        one, floor = measured(member, options.rows, options.repeats)
        print(f"| {member.name} | {1e3 * one:.2f} | {1e3 * floor:.2f} | {one / floor:.1f} |")


if __name__ == "__main__":
    main()
