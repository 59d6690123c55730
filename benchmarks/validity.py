"""Measure how often tests by simulation, and likelihood ratios, reject what is true.

    python benchmarks/validity.py                          # all cells, kept as they are made
    python benchmarks/validity.py --minutes 0 --write docs/tests.md    # the page from those

Cells are kept in validity.json beside this file. A p-value by 99 samples is a multiple of 1 %, so
that of a valid test it is at most 5 % in 5 % of the samples, and at most 1 % in 1 %.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from coverage import Kept, put_between
from smooth import HIDDEN, LIVES

import likeliest as lk
from likeliest.errors import LikeliestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from likeliest.distributions.distribution import Distribution

MARKS = ("<!-- valid -->", "<!-- end of valid -->")
KEPT = Path(__file__).with_suffix(".json")
LEVELS = (0.05, 0.01)
DRAWS = 99
METHODS = {
    "ad": "Anderson and Darling",
    "ks": "Kolmogorov and Smirnov",
    "cvm": "Cramér and von Mises",
    "chi2": "Pearson",
}
MEMBERS = [lk.Normal(50.0, 2.5), lk.Gamma(3.0, 2.0), lk.Weibull(1.7, 4.0), lk.Poisson(4.0)]
PAIRS = [  # the truth, and the larger family
    (lk.Exponential(0.2), "weibull"),
    (lk.Exponential(0.2), "gamma"),
    (lk.Rayleigh(3.0), "weibull"),
    (lk.Poisson(4.0), "negative binomial"),
    (lk.Normal(50.0, 2.5), "student t"),
]


def samples(member: Distribution, n: int, runs: int) -> Iterator[np.ndarray]:
    """Yield samples, the same each time."""
    rng = np.random.default_rng([n, runs])
    for _ in range(runs):
        yield member.sample(n, rng)


def shares(p_values: list[float]) -> list[float]:
    """Return the share of p-values at or below each level."""
    return [float(np.mean(np.asarray(p_values) <= level + 1e-9)) for level in LEVELS]


def goodness(member: Distribution, n: int, runs: int) -> dict[str, list[float]]:
    """Return how often each distance rejects the family that the samples are of."""
    found: dict[str, list[float]] = {method: [] for method in METHODS}
    for i, x in enumerate(samples(member, n, runs)):
        fit = lk.fit(x, type(member))
        for method, p_values in found.items():
            p_values.append(fit.goodness(method, draws=DRAWS, seed=i).p_value)
    return {method: shares(p_values) for method, p_values in found.items()}


def hidden(member: Distribution, n: int, runs: int) -> dict[str, list[float]]:
    """Return how often Anderson and Darling's rejects it where the data are not seen in full."""
    found: dict[str, list[float]] = {}
    for name, seen in HIDDEN.items():
        rng, p_values = np.random.default_rng([n, runs, 1]), []  # apart from the values
        for i, x in enumerate(samples(member, n, runs)):
            fit = lk.fit(seen(x, rng), type(member))
            try:
                p_values.append(fit.goodness("ad", draws=DRAWS, seed=i).p_value)
            except LikeliestError as refusal:
                print(name, refusal)
                break
        if len(p_values) == runs:
            found[name] = shares(p_values)
    return found


def ratio_within(family: str) -> Callable[[Distribution, int, int], dict[str, list[float]]]:
    """Return what makes a cell of likelihood ratios within a larger family."""

    def ratio(member: Distribution, n: int, runs: int) -> dict[str, list[float]]:
        found: dict[str, list[float]] = {"asymptotic": [], "bootstrap": []}
        for i, x in enumerate(samples(member, n, runs)):
            small, big = lk.fit(x, type(member)), lk.fit(x, family)
            for method, p_values in found.items():
                test = lk.likelihood_ratio(small, big, method, draws=DRAWS, seed=i)
                p_values.append(test.p_value)
        return {method: shares(p_values) for method, p_values in found.items()}

    ratio.__name__ = f"ratio within {family}"
    return ratio


def report(kept: Kept, runs: int, few: int) -> str:
    """Return the tables."""
    exact = [(m, *kept.largest(goodness, m, 100, runs)) for m in MEMBERS]
    pairs = [(m, family, kept.of(ratio_within(family), m, 100, few)) for m, family in PAIRS]
    some, unseen = kept.largest(hidden, LIVES, 100, few)
    heads = " | ".join(f"{name}: 5 % | 1 %" for name in METHODS.values())
    lines = [
        f"True families by goodness of fit, samples of 100 values, {DRAWS} draws for each p-value "
        f"(standard error of a share of 5 %: {_error(2_000)} of 2,000 samples, {_error(10_000)} of "
        "10,000):",
        "", f"| family | samples | {heads} |", f"|---|---|{'---|' * 2 * len(METHODS)}",
    ]  # fmt: skip
    for member, made, found in exact:
        cells = [found.get(method, [np.nan, np.nan]) for method in METHODS]
        lines.append(_row(f"{member.name} | {made:,}", cells))
    lines += [
        "", f"A Weibull of 100 values that was not seen in full, by Anderson and Darling's "
        f"({some:,} samples; standard error {_error(max(some, 1))}):",
        "", "| seen | 5 % | 1 % |", "|---|---|---|",
        *(_row(name, [unseen.get(name, [np.nan, np.nan])]) for name in HIDDEN),
        "", f"Likelihood ratios of 100 values where the smaller family is true ({few:,} samples; "
        f"standard error {_error(few)}):",
        "", "| smaller | larger | asymptotic: 5 % | 1 % | bootstrap: 5 % | 1 % |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for member, family, found in pairs:
        cells = [found.get(method, [np.nan, np.nan]) for method in ("asymptotic", "bootstrap")]
        lines.append(_row(f"{member.name} | {family}", cells))
    if not (unseen and all(cell[-1] for cell in (*exact, *pairs))):
        lines += ["", "A dash is a cell that has not been made yet."]
    return "\n".join(lines)


def _row(name: str, cells: list[list[float]]) -> str:
    shown = ["–" if np.isnan(s) else f"{100.0 * s:.1f}" for cell in cells for s in cell]
    return f"| {name} | {' | '.join(shown)} |"


def _error(runs: int) -> str:
    return f"{100.0 * np.sqrt(LEVELS[0] * (1.0 - LEVELS[0]) / runs):.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=10_000, help="Samples a cell of goodness.")
    parser.add_argument("--few", type=int, default=2_000, help="Samples of each other cell.")
    parser.add_argument(
        "--minutes", type=float, default=np.inf, help="Begin no cell after this time."
    )
    parser.add_argument("--keep", type=Path, default=KEPT, help="Where cells are kept.")
    parser.add_argument("--write", type=Path, help="Put the tables between the marks of this page.")
    options = parser.parse_args()
    kept = Kept(options.keep, time.time() + 60.0 * options.minutes)
    tables = report(kept, options.runs, options.few)
    print(tables)
    if options.write:
        put_between(MARKS, tables, options.write)


if __name__ == "__main__":
    main()
