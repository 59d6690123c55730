"""How long fits of many groups take, beside a loop over SciPy and over our own `fit`.

    python benchmarks/groups.py [--groups 50000] [--size 20] [--looped 200] [--repeats 3]

The least of the repeats counts, in microseconds a group. Loops are timed on a few of the groups.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from scipy import stats

import likeliest as lk

MEMBERS = {
    "gamma": (lk.Gamma(2.0, 3.0), lambda x: stats.gamma.fit(x, floc=0.0)),
    "weibull": (lk.Weibull(1.5, 3.0), lambda x: stats.weibull_min.fit(x, floc=0.0)),
    "negative binomial": (lk.NegativeBinomial(4.0, 0.5), None),
    "student t": (lk.StudentT(5.0, 0.0, 1.0), stats.t.fit),
}


def least(work: Callable[[], object], repeats: int) -> float:
    """Return the least time of some repeats, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=50_000)
    parser.add_argument("--size", type=int, default=20)
    parser.add_argument("--looped", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--family", action="append", choices=[*MEMBERS])
    o = parser.parse_args()
    print("| family | by=, sorted | by=, text in any order | loop over fit | loop over SciPy |")
    print("|---|---|---|---|---|")
    for family in o.family or MEMBERS:
        shown = " | ".join(f"{1e6 * cell:,.1f}" for cell in measured(family, o))
        print(f"| {family} | {shown} |")


def measured(family: str, o: argparse.Namespace) -> list[float]:
    """Return the seconds a group by each way; of SciPy NaN where it has no fit."""
    keys = np.repeat(np.arange(o.groups), o.size)
    member, theirs = MEMBERS[family]
    x = member.sample(keys.size, seed=1)
    order = np.random.default_rng(2).permutation(keys.size)
    mixed, names = x[order], np.char.add("key ", keys.astype(str))[order]
    some = x.reshape(o.groups, o.size)[: o.looped]
    return [
        least(lambda: lk.fit(x, family, by=keys), o.repeats) / o.groups,
        least(lambda: lk.fit(mixed, family, by=names), o.repeats) / o.groups,
        least(lambda: [lk.fit(row, family) for row in some], 1) / o.looped,
        least(lambda: [theirs(row) for row in some], 1) / o.looped if theirs else np.nan,
    ]


if __name__ == "__main__":
    main()
