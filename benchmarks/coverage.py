"""Measure how often intervals of 95 % hold the truth, by simulation.

    python benchmarks/coverage.py                                # the tables, on the terminal
    python benchmarks/coverage.py --write docs/uncertainty.md

Samples are drawn from a member of each family and fitted. A profile interval of a parameter holds
the truth where the deviance of a fit with the parameter fixed there is below the quantile of χ²;
intervals of quantiles and of the bootstrap are made in full, of a third of the samples. The line
above each table says how well its shares are known.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtri

import likeliest as lk
from likeliest.errors import LikeliestError

if TYPE_CHECKING:
    from likeliest.distributions.distribution import Distribution

MARKS = ("<!-- covered -->", "<!-- end of covered -->")
LEVEL = 0.95
MEMBERS = [
    lk.Normal(50.0, 2.5),
    lk.LogNormal(1.0, 0.5),
    lk.Exponential(0.2),
    lk.Gamma(3.0, 2.0),
    lk.Weibull(1.7, 4.0),
    lk.Beta(2.0, 5.0),
    lk.Logistic(5.0, 2.0),
    lk.LogLogistic(3.0, 2.0),
    lk.Gumbel(5.0, 2.0),
    lk.InverseGaussian(3.0, 6.0),
    lk.Poisson(4.0),
    lk.NegativeBinomial(4.0, 0.5),
]
SOME = [MEMBERS[i] for i in (0, 2, 3, 4)]  # of whose quantiles intervals are made, and bootstraps


def samples(member: Distribution, n: int, runs: int) -> Iterator[lk.Fit]:
    """Yield fits of samples; of those without an estimate others are drawn."""
    rng = np.random.default_rng([n, runs])
    made = 0
    while made < runs:
        try:
            yield lk.fit(member.sample(n, rng), type(member))
            made += 1
        except LikeliestError:
            continue


def parameters(member: Distribution, n: int, runs: int) -> dict[str, tuple[float, float]]:
    """Return for each parameter the coverage by Wald and by profile."""
    q = chdtri(1, 1.0 - LEVEL)
    hits = {name: np.zeros(2) for name in member.parameters}
    counts = dict.fromkeys(member.parameters, 0)
    for fit in samples(member, n, runs):
        for name, (sure, truth) in _with_truth(fit, member):
            if sure is None:  # on a bound there is no Wald interval
                continue
            low, high = sure.interval(LEVEL)
            counts[name] += 1
            hits[name] += (low <= truth <= high), _deviance(fit, name, truth) <= q
    return {name: tuple(hits[name] / counts[name]) for name in hits}


def _with_truth(fit: lk.Fit, member: Distribution) -> Iterator[tuple[str, tuple]]:
    for name, truth in member.parameters.items():
        yield name, (fit.uncertainty[name], truth)


def _deviance(fit: lk.Fit, name: str, truth: float) -> float:
    family = type(fit.distribution)
    if len(fit.parameters) == 1:
        other = family(**{name: truth}).log_likelihood(fit.observations)
    else:
        other = lk.fit(fit.observations, family, fixed={name: truth}).log_likelihood
    return 2.0 * (fit.log_likelihood - other)


def quantiles(member: Distribution, n: int, runs: int) -> tuple[float, ...]:
    """Return the coverage of the 0.99 quantile by delta and by profile."""
    truth, hits = float(member.quantile(0.99)), np.zeros(2)
    for fit in samples(member, n, runs):
        for i, method in enumerate(("delta", "profile")):
            low, high = fit.quantile(0.99, method=method).interval(LEVEL)
            hits[i] += low <= truth <= high
    return tuple(hits / runs)


def bootstraps(member: Distribution, n: int, runs: int) -> tuple[float, ...]:
    """Return the coverage of the 0.99 quantile by BCa and percentiles, from model and rows."""
    truth, hits = float(member.quantile(0.99)), np.zeros(4)
    for fit in samples(member, n, runs):
        i = 0
        for by in ("model", "rows"):
            law = fit.bootstrap(999, by=by).law(lambda d: d.quantile(0.99))
            for kind in ("bca", "percentile"):
                low, high = law.interval(LEVEL, kind)
                hits[i] += low[0] <= truth <= high[0]
                i += 1
    return tuple(hits / runs)


def report(runs: int) -> str:
    """Return the tables."""
    few = max(1, runs // 3)
    lines = [
        f"Parameters, {runs:,} samples a cell (standard error of a share: {_error(runs)}):",
        "",
        "| family | parameter | n = 20: Wald | profile | n = 100: Wald | profile |",
        "|---|---|---|---|---|---|",
    ]
    every = []
    for member in MEMBERS:
        small, large = (parameters(member, n, runs) for n in (20, 100))
        for name in member.parameters:
            cells = " | ".join(_percent(s) for s in (*small[name], *large[name]))
            lines.append(f"| {member.name} | {name} | {cells} |")
            every.append((*small[name], *large[name]))
            print(lines[-1], flush=True)
    lines += [
        f"| **mean** | | {' | '.join(_percent(s) for s in np.mean(every, axis=0))} |",
        "",
        f"The 0.99 quantile, {few:,} samples a cell (standard error {_error(few)}), bootstraps of "
        "999 draws:",
        "",
        "| family | n | delta | profile | BCa, model | percentile, model | BCa, rows | "
        "percentile, rows |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for member in SOME:
        for n in (20, 100):
            shares = (*quantiles(member, n, few), *bootstraps(member, n, few))
            lines.append(f"| {member.name} | {n} | {' | '.join(map(_percent, shares))} |")
            print(lines[-1], flush=True)
    return "\n".join(lines)


def _percent(share: float) -> str:
    return f"{100.0 * share:.1f}"


def _error(runs: int) -> str:
    return f"{100.0 * np.sqrt(LEVEL * (1.0 - LEVEL) / runs):.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=10_000, help="Samples a cell.")
    parser.add_argument("--write", type=Path, help="Put the tables between the marks of this page.")
    options = parser.parse_args()
    tables = report(options.runs)
    if options.write:
        text = options.write.read_text(encoding="utf-8")
        before, rest = text.split(MARKS[0])
        after = rest.split(MARKS[1])[1]
        page = f"{before}{MARKS[0]}\n\n{tables}\n\n{MARKS[1]}{after}"
        options.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
