"""Measure how often Neyman's smooth test rejects what is true, and what is not, by simulation.

    python benchmarks/smooth.py                                 # all cells, kept as they are made
    python benchmarks/smooth.py --minutes 0 --write docs/tests.md    # the page from those

Cells are kept in smooth.json beside this file.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from coverage import Kept, put_between

import likeliest as lk
from likeliest.errors import LikeliestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from likeliest.distributions.distribution import Distribution

KEPT = Path(__file__).with_suffix(".json")
MARKS = ("<!-- rejected -->", "<!-- end of rejected -->")
SIZES = (20, 100, 1000)
LEVELS = (0.05, 0.01)
EXACT = [
    lk.Normal(50.0, 2.5), lk.Exponential(0.2), lk.Gamma(3.0, 2.0), lk.Weibull(1.7, 4.0),
    lk.Beta(2.0, 5.0), lk.Logistic(5.0, 2.0), lk.Gumbel(5.0, 2.0), lk.Cauchy(0.0, 1.0),
    lk.InverseGaussian(3.0, 6.0), lk.Poisson(4.0), lk.NegativeBinomial(4.0, 0.5),
    lk.Geometric(0.3),
]  # fmt: skip


def censored(x: np.ndarray, rng: np.random.Generator) -> lk.Observations:
    """Return values censored at limits of their own."""
    limit = rng.uniform(2.0, 14.0, x.size)
    return lk.observe(np.minimum(x, limit), event=x <= limit)


def late(x: np.ndarray, rng: np.random.Generator) -> lk.Observations:
    """Return the values beyond entries of their own."""
    entry = rng.uniform(0.0, 8.0, x.size)
    return lk.observe(x[x > entry], entry=entry[x > entry])


LIVES = lk.Weibull(2.0, 10.0)  # of which some is hidden
HIDDEN: dict[str, Callable[[np.ndarray, np.random.Generator], lk.Observations]] = {
    "right-censored at 10": lambda x, _: lk.observe(np.minimum(x, 10.0), event=x <= 10.0),
    "right-censored at random": censored,
    "rounded to 2": lambda x, _: lk.observe(2.0 * np.round(0.5 * x), rounding=2.0),
    "truncated at 4": lambda x, _: lk.observe(x[x > 4.0], entry=4.0),
    "entered late": late,
    "in four classes": lambda x, _: lk.observe(
        edges=[0, 4, 8, 12, np.inf], counts=np.histogram(x, [0, 4, 8, 12, np.inf])[0]
    ),
}
WRONG = {
    ("normal", "student t, df = 3"): lk.StudentT(3.0, 0.0, 1.0),
    ("normal", "gamma, shape = 4"): lk.Gamma(4.0, 1.0),
    ("normal", "uniform"): lk.Uniform(0.0, 1.0),
    ("exponential", "weibull, shape = 1.3"): lk.Weibull(1.3, 1.0),
    ("exponential", "lognormal"): lk.LogNormal(0.0, 1.0),
    ("gamma", "lognormal"): lk.LogNormal(0.0, 1.0),
    ("weibull", "lognormal"): lk.LogNormal(0.0, 0.5),
    ("poisson", "negative binomial"): lk.NegativeBinomial(4.0, 0.25),
}


def rejected(fits: list[lk.Fit], method: str = "smooth", draws: int = 1) -> list[float]:
    """Return the share of p-values at or below each level."""
    p = np.array([fit.goodness(method, draws=draws).p_value for fit in fits])
    return [float(np.mean(p <= level)) for level in LEVELS]


def fits_of(member: Distribution, family: str, n: int, runs: int) -> list[lk.Fit]:
    """Return fits of samples."""
    rng = np.random.default_rng([n, runs])
    return fitted((member.sample(n, rng) for _ in range(runs)), family)


def fitted(samples: Iterable[np.ndarray | lk.Observations], family: str) -> list[lk.Fit]:
    """Return fits of samples; those without an estimate are left out."""
    made = []
    for one in samples:
        try:
            made.append(lk.fit(one, family))
        except LikeliestError:
            continue
    return made


def right(member: Distribution, n: int, runs: int) -> dict[str, list[float]]:
    """Return how often the family that the samples are of is rejected."""
    return {"smooth": rejected(fits_of(member, member.name, n, runs))}


def hidden(name: str) -> Callable[[Distribution, int, int], dict[str, list[float]]]:
    """Return what makes a cell of samples that were not seen in full."""

    def unseen(member: Distribution, n: int, runs: int) -> dict[str, list[float]]:
        rng = np.random.default_rng([n, runs])
        samples = (member.sample(n, rng) for _ in range(runs))
        return {"smooth": rejected(fitted((HIDDEN[name](x, rng) for x in samples), member.name))}

    unseen.__name__ = name
    return unseen


def wrong(family: str) -> Callable[[Distribution, int, int], dict[str, list[float]]]:
    """Return what makes a cell of a family that the samples are not of."""

    def misfit(member: Distribution, n: int, runs: int) -> dict[str, list[float]]:
        fits = fits_of(member, family, n, runs)
        some = fits[: max(1, runs // 10)]
        others = {method: rejected(some, method, 199) for method in ("ad", "ks")}
        return {"smooth": rejected(fits), **others}

    misfit.__name__ = f"{family} fitted"
    return misfit


def report(kept: Kept, runs: int, few: int) -> str:
    """Return the tables."""
    exact = {m.name: [kept.of(right, m, n, runs) for n in SIZES] for m in EXACT}
    unseen = {k: [kept.of(hidden(k), LIVES, n, few) for n in SIZES] for k in HIDDEN}
    others = {pair: kept.of(wrong(pair[0]), member, 100, few) for pair, member in WRONG.items()}
    heads = " | ".join(f"n = {n:,}: 5 % | 1 %" for n in SIZES)
    rule = f"|---|{'---|' * 2 * len(SIZES)}"
    nothing = [np.nan, np.nan]

    def row(name: str, cells: list[dict[str, list[float]]]) -> str:
        shares = [share for cell in cells for share in cell.get("smooth", nothing)]
        return f"| {name} | {' | '.join(map(_percent, shares))} |"

    lines = [
        f"True families, rejected at 5 and at 1 % (in %, {runs:,} samples a cell; standard error "
        f"of a share of 5 %: {_error(runs)}):",
        "", f"| family | {heads} |", rule, *(row(name, cells) for name, cells in exact.items()),
        "", f"The same of a Weibull that was not seen in full ({few:,} samples; standard error "
        f"{_error(few)}):",
        "", f"| seen | {heads} |", rule, *(row(name, cells) for name, cells in unseen.items()),
        "", f"Wrong families of 100 values, rejected at 5 % ({few:,} samples; the others' p-values "
        "from 199 samples drawn, of a tenth of them):",
        "", "| fitted | true | smooth | Anderson and Darling | Kolmogorov and Smirnov |",
        "|---|---|---|---|---|",
    ]  # fmt: skip
    for (family, name), cell in others.items():
        shares = [cell.get(method, nothing)[0] for method in ("smooth", "ad", "ks")]
        lines.append(f"| {family} | {name} | {' | '.join(map(_percent, shares))} |")
    every = [cell for cells in (*exact.values(), *unseen.values()) for cell in cells]
    if not all((*every, *others.values())):
        lines += ["", "A dash is a cell that has not been made yet."]
    return "\n".join(lines)


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{100.0 * share:.1f}"


def _error(runs: int) -> str:
    return f"{100.0 * np.sqrt(LEVELS[0] * (1.0 - LEVELS[0]) / runs):.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=1_000, help="Samples a cell.")
    parser.add_argument("--few", type=int, default=250, help="Samples of each other cell.")
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
