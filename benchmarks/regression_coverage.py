"""Measure how often 95 % intervals of regressions hold the truth.

    python benchmarks/regression_coverage.py                      # all cells, kept as they are made
    python benchmarks/regression_coverage.py --minutes 0 --write docs/regression.md    # the page

Cells are kept in regression_coverage.json beside this file.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from coverage import Kept, put_between

import likeliest as lk

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKS = ("<!-- covered -->", "<!-- end of covered -->")
KEPT = Path(__file__).with_suffix(".json")
LEVEL = 0.95
WAVE = {"x": np.linspace(-1.8, 1.8, 25), "z": np.zeros(25)}


@dataclass(frozen=True)
class Case:
    """A regression whose truth is known.

    Parameters
    ----------
    name : str
        The family.
    main : tuple of float
        Intercept and slopes of x and z of the main parameter.
    other : tuple of float
        Intercept and slope of x of the other parameter; nothing where there is none.
    parameter : str
        The other parameter.
    hidden : float
        What share of the values is seen as censored on the right.
    """

    name: str
    main: tuple[float, float, float]
    other: tuple[float, ...] = ()
    parameter: str = ""
    hidden: float = 0.0


CASES = [
    Case("normal", (2.0, 0.5, -0.3), (-0.2, 0.3), "std"),
    Case("gamma", (1.0, 0.5, -0.3), (0.7, -0.3), "shape"),
    Case("weibull", (1.0, 0.5, -0.3), (0.4, 0.2), "shape", 0.3),
    Case("lognormal", (1.0, 0.5, -0.3), (-0.3, 0.2), "log_std", 0.3),
    Case("poisson", (1.0, 0.5, -0.3)),
    Case("negative binomial", (1.0, 0.5, -0.3), (-0.5, 0.3), "dispersion"),
    Case("beta", (0.3, 0.5, -0.3), (1.5, 0.3), "precision"),
    Case("student t", (2.0, 0.5, -0.3), (-0.2, 0.3), "scale"),
]


def covariates(n: int, runs: int) -> Iterator[tuple[dict[str, np.ndarray], np.random.Generator]]:
    """Yield the covariates of each sample, and what draws its values."""
    rng = np.random.default_rng([n, runs])
    for _ in range(runs):
        x, z = rng.uniform(-2.0, 2.0, n), (rng.random(n) < 0.4).astype(float)
        yield {"x": x, "z": z}, rng


def regressed(case: Case, rows: dict[str, np.ndarray], rng: np.random.Generator, terms: str) -> Any:
    """Draw values with the truth's parameters, and regress them."""
    truth = _truth(case, rows)
    rows = rows | {"y": truth.sample(1, rng)[0]}
    words: dict[str, Any] = {"formulas": {case.parameter: "~ x"}} if case.other else {}
    if case.name == "student t":
        words["fixed"] = {"df": 5.0}
    if case.hidden:
        end = truth.quantile(1.0 - case.hidden) * np.exp(rng.normal(0.0, 0.3, len(rows["y"])))
        rows = rows | {"seen": (rows["y"] <= end).astype(float), "y": np.minimum(rows["y"], end)}
        words["event"] = "seen"
    return lk.regress(f"y ~ {terms}", rows, case.name, **words)


def coefficients(case: Case, n: int, runs: int) -> dict[str, list[float]]:
    """Return how often Wald's intervals hold each coefficient, the mean and a quantile of a row."""
    row = {"x": np.array([1.0]), "z": np.array([1.0])}
    truth = _truth(case, row)
    asked = {"mean": lambda d: d.mean, "0.9 quantile": lambda d: d.quantile(0.9)}
    if case.name in {"poisson", "negative binomial"}:
        del asked["0.9 quantile"]  # it jumps
    held: dict[str, list[bool]] = {}
    for rows, rng in covariates(n, runs):
        r = regressed(case, rows, rng, "x + z")
        ends = zip(*r.ends(LEVEL), [*case.main, *case.other], strict=True)
        names = [f"{name}: {column}" for name, column in r.names]
        for name, (low, high, value) in zip(names, ends, strict=True):
            held.setdefault(name, []).append(bool(low <= value <= high))
        for name, of in asked.items():
            low, high = r.estimate(of, row).interval(LEVEL)
            held.setdefault(name, []).append(bool(low[0] <= of(truth)[0] <= high[0]))
    return {name: [float(np.mean(some))] for name, some in held.items()}


def curves(case: Case, n: int, runs: int) -> dict[str, list[float]]:
    """Return how often bands hold a curve, over its points, and how often a flat one is found."""
    held, found = [], []
    new = {"at": WAVE["x"], "x": np.sin(2.0 * WAVE["x"]), "z": WAVE["z"], "flat": np.full(25, 0.5)}
    truth = _truth(case, new).mean
    for rows, rng in covariates(n, runs):
        wave = rows | {"x": np.sin(2.0 * rows["x"]), "at": rows["x"], "flat": rng.random(n)}
        r = regressed(case, wave, rng, "s(at) + s(flat) + z")
        low, high = r.estimate(lambda d: d.mean, new).interval(LEVEL)
        held.append(float(np.mean((low <= truth) & (truth <= high))))
        found.append(r.smooths[1].p_value < 1.0 - LEVEL)
    return {"band": [float(np.mean(held))], "flat": [float(np.mean(found))]}


def _truth(case: Case, rows: dict[str, np.ndarray]) -> Any:
    """Return the distribution of each row."""
    eta = case.main[0] + case.main[1] * rows["x"] + case.main[2] * rows["z"]
    other = np.exp(case.other[0] + case.other[1] * rows["x"]) if case.other else None
    if case.name == "normal":
        return lk.Normal(eta, other)
    if case.name == "student t":
        return lk.StudentT(5.0, eta, other)
    if case.name == "lognormal":
        return lk.LogNormal(eta, other)
    if case.name == "weibull":
        return lk.Weibull(other, np.exp(eta))
    if case.name == "gamma":
        return lk.Gamma(other, np.exp(eta) / other)
    if case.name == "poisson":
        return lk.Poisson(np.exp(eta))
    if case.name == "negative binomial":
        return lk.NegativeBinomial(np.exp(eta), other)
    mean = 1.0 / (1.0 + np.exp(-eta))
    return lk.Beta(mean * other, (1.0 - mean) * other)


def report(kept: Kept, n: int, runs: int) -> str:
    """Return the tables."""
    cells = [(case, kept.of(coefficients, case, n, runs)) for case in CASES]
    few = max(1, runs // 10)
    bands = [(case, kept.of(curves, case, n, few)) for case in CASES]
    error = 100.0 * np.sqrt(LEVEL * (1.0 - LEVEL) / runs)
    lines = [
        f"Of {runs:,} samples of {n} rows, the share in % whose 95 % interval (Wald's) held the "
        f"truth (standard error {error:.1f}), with two covariates in the main parameter and one of "
        "them in the other:",
        "",
        "| family | main parameter | the other | a row's mean | its 0.9 quantile |",
        "|---|---|---|---|---|",
    ]
    for case, found in cells:
        shares = [f"{100.0 * share:.1f}" for (share,) in found.values()]
        main, other = ", ".join(shares[:3]), ", ".join(shares[3 : 3 + len(case.other)])
        rest = [*shares[3 + len(case.other) :], "–"][:2]
        hidden = f" ({case.hidden:.0%} censored)" if case.hidden else ""
        lines.append(f"| {case.name}{hidden} | {main} | {other or '–'} | {' | '.join(rest)} |")
    lines += [
        "",
        f"Curves, of {few:,} samples: the share of 25 points that a 95 % band held, and of flat "
        "curves with p < 0.05:",
        "",
        "| family | held | flat, p < 0.05 |",
        "|---|---|---|",
    ]
    for case, found in bands:
        shares = [f"{100.0 * share:.1f}" for (share,) in found.values()] or ["–", "–"]
        lines.append(f"| {case.name} | {' | '.join(shares)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=500, help="Rows of a sample.")
    parser.add_argument("--runs", type=int, default=4_000, help="Samples a cell.")
    parser.add_argument(
        "--minutes", type=float, default=np.inf, help="Begin no cell after this time."
    )
    parser.add_argument("--keep", type=Path, default=KEPT, help="Where cells are kept.")
    parser.add_argument("--write", type=Path, help="Put the tables between the marks of this page.")
    options = parser.parse_args()
    kept = Kept(options.keep, time.time() + 60.0 * options.minutes)
    tables = report(kept, options.rows, options.runs)
    print(tables)
    if options.write:
        put_between(MARKS, tables, options.write)


if __name__ == "__main__":
    main()
