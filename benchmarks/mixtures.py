"""How long fits of mixtures of normals take, and how high they come, beside scikit-learn.

    python benchmarks/mixtures.py [--repeats 3] [--case waits --case million]

scikit-learn is asked without its addition to the variances (reg_covar=0): once with a single start,
and of small data once with fifty. The least time of the repeats counts; the log likelihood that was
reached stands beside it, in nats.
"""

from __future__ import annotations

import argparse
import math
import time
import warnings
from collections.abc import Callable

import numpy as np

import likeliest as lk

TOLERANCE = 1e-8  # nats an observation in a step of scikit-learn, which stops a little below a root


_SMALL = 10_000  # values, of which many starts are soon done


def drawn(n: int) -> np.ndarray:
    """Return values of three components, two of which overlap."""
    truth = lk.mixture("normal", 3)(0.3, 0.45, 0.0, 1.0, 4.0, 0.8, 8.0, 2.0)
    return np.asarray(truth.sample(n, seed=1))


CASES: dict[str, tuple[Callable[[], np.ndarray], int]] = {
    "waits": (lambda: np.asarray(lk.datasets.load("old_faithful", "waiting"), float), 2),
    "thousand": (lambda: drawn(1_000), 3),
    "million": (lambda: drawn(1_000_000), 3),
}


def ours(x: np.ndarray, k: int) -> float:
    return float(lk.fit(x, lk.mixture("normal", k)).log_likelihood)


def theirs(x: np.ndarray, k: int, starts: int) -> float:
    """Return the log likelihood that scikit-learn reaches, NaN if it gives up."""
    from sklearn.mixture import GaussianMixture

    model = GaussianMixture(
        k, n_init=starts, reg_covar=0.0, tol=TOLERANCE, max_iter=2_000, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fitted = model.fit(x[:, None])
        except ValueError:  # a component has collapsed
            return math.nan
    return float(fitted.score(x[:, None]) * x.size)


def measured(work: Callable[[], float], repeats: int) -> str:
    """Return the least time in seconds with what was reached."""
    times, reached = [], math.nan
    for _ in range(repeats):
        start = time.perf_counter()
        reached = work()
        times.append(time.perf_counter() - start)
    return f"{min(times):.3f} s, {reached:,.4f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--case", action="append", choices=[*CASES])
    o = parser.parse_args()
    print("| data | values | components | likeliest | scikit-learn, 1 start | 50 starts |")
    print("|---|---|---|---|---|---|")
    for name in o.case or CASES:
        make, k = CASES[name]
        x = make()
        cells = [measured(lambda x=x, k=k: ours(x, k), o.repeats)]
        small = x.size <= _SMALL
        cells.append(measured(lambda x=x, k=k: theirs(x, k, 1), o.repeats if small else 1))
        cells.append(measured(lambda x=x, k=k: theirs(x, k, 50), 1) if small else "")
        print(f"| {name} | {x.size:,} | {k} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
