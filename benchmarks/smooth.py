"""Measure how often Neyman's smooth test rejects what is true, and what is not, by simulation.

python benchmarks/smooth.py                            # the tables, on the terminal
python benchmarks/smooth.py --write docs/tests.md
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from coverage import put_between

import likeliest as lk
from likeliest.errors import LikeliestError

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.distributions.distribution import Distribution

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
    rng = np.random.default_rng([n, runs])
    return fitted((member.sample(n, rng) for _ in range(runs)), family)


def fitted(samples: object, family: str) -> list[lk.Fit]:
    """Return fits of samples; those without an estimate are left out."""
    made = []
    for one in samples:
        try:
            made.append(lk.fit(one, family))
        except LikeliestError:
            continue
    return made


def report(runs: int) -> str:
    """Return the tables."""
    heads = " | ".join(f"n = {n:,}: 5 % | 1 %" for n in SIZES)
    rule = f"|---|{'---|' * 2 * len(SIZES)}"
    lines = [
        f"True families, rejected at 5 and at 1 % (in %, {runs:,} samples a cell):",
        "", f"| family | {heads} |", rule,
    ]  # fmt: skip
    for member in EXACT:
        cells = [rejected(fits_of(member, member.name, n, runs)) for n in SIZES]
        lines.append(_row(member.name, cells))
    few = max(1, runs // 4)
    lines += [
        "", f"The same of a Weibull that was not seen in full ({few:,} samples):",
        "", f"| seen | {heads} |", rule,
    ]  # fmt: skip
    for name, seen in HIDDEN.items():
        cells = []
        for n in SIZES:
            rng = np.random.default_rng([n, few])
            x = (lk.Weibull(2.0, 10.0).sample(n, rng) for _ in range(few))
            cells.append(rejected(fitted((seen(one, rng) for one in x), "weibull")))
        lines.append(_row(name, cells))
    lines += [
        "", f"Wrong families of 100 values, rejected at 5 % ({few:,} samples; the others' p-values "
        "from 199 samples drawn, of a tenth of them):",
        "", "| fitted | true | smooth | Anderson and Darling | Kolmogorov and Smirnov |",
        "|---|---|---|---|---|",
    ]  # fmt: skip
    for (family, name), member in WRONG.items():
        fits = fits_of(member, family, 100, few)
        some = fits[: max(1, few // 10)]
        shares = [rejected(fits), *(rejected(some, method, 199) for method in ("ad", "ks"))]
        lines.append(f"| {family} | {name} | {' | '.join(_percent(s[0]) for s in shares)} |")
        print(lines[-1], flush=True)
    return "\n".join(lines)


def _row(name: str, cells: list[list[float]]) -> str:
    row = f"| {name} | {' | '.join(_percent(share) for cell in cells for share in cell)} |"
    print(row, flush=True)
    return row


def _percent(share: float) -> str:
    return f"{100.0 * share:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=4_000, help="Samples a cell.")
    parser.add_argument("--write", type=Path, help="Put the tables between the marks of this page.")
    options = parser.parse_args()
    tables = report(options.runs)
    if options.write:
        put_between(MARKS, tables, options.write)


if __name__ == "__main__":
    main()
