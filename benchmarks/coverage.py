"""Measure how often intervals of 95 % hold the truth, by simulation.

    python benchmarks/coverage.py                                # the tables, on the terminal
    python benchmarks/coverage.py --write docs/uncertainty.md

Samples are drawn from a member of each family and fitted side by side. Wald and delta intervals are
the library's own. A profile interval holds the truth where the deviance of the best parameters
that agree with the truth is below the quantile of χ²; these are searched here by Chandrupatla's
method, and the library's own profile intervals of the first samples of each cell must give the same
verdict.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import elementwise
from scipy.special import chdtri

import likeliest as lk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from likeliest.distributions.distribution import Distribution

MARKS = ("<!-- covered -->", "<!-- end of covered -->")
LEVEL = 0.95
LIMIT = float(chdtri(1, 1.0 - LEVEL))
SIZES = (20, 100, 1000)
SHARE = 0.99  # of the quantile
AT_ONCE = 1_000_000  # values that are fitted together
CHECKED = 20  # samples of a batch of which the library's own profile is made
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
SOME = [MEMBERS[i] for i in (0, 2, 3, 4)]  # of which bootstraps are made


class Cell(NamedTuple):
    """What was counted of a family at one n: whether each interval held the truth."""

    wald: dict[str, np.ndarray]
    profile: dict[str, np.ndarray]


class Batch:
    """Samples of a family, fitted side by side.

    Parameters
    ----------
    member : Distribution
        The truth.
    x : array of shape (samples, n)
    """

    def __init__(self, member: Distribution, x: np.ndarray) -> None:
        self.member, self.x, self.family = member, x, type(member)
        self.constraints = self.family.constraints
        keys = np.repeat(np.arange(len(x)), x.shape[1])
        self.fits = lk.fit(x.ravel(), self.family, by=keys)
        good = ~self.fits.failed
        self.x, self.at = x[good], np.flatnonzero(good)
        self.estimates = {n: v[good] for n, v in self.fits.parameters.items()}
        self.top = self.fits.log_likelihood[good]

    def wald(self) -> dict[str, np.ndarray]:
        """Return whether each Wald interval holds the truth; NaN where there is none."""
        held = {}
        for name, (low, high) in self.fits.intervals(LEVEL).items():
            truth = self.member.parameters[name]
            inside = (low <= truth) & (truth <= high)
            held[name] = np.where(np.isnan(low), np.nan, inside)[self.at]
        return held

    def profile(self) -> dict[str, np.ndarray]:
        """Return whether each profile interval of a parameter holds the truth."""
        names = list(self.member.parameters)
        held = {}
        for name in names:
            others = [other for other in names if other != name]
            deviance = self.deviance(
                others[0] if others else None,
                lambda values, _, name=name: {**values, name: self.member.parameters[name]},
            )
            held[name] = (deviance <= LIMIT).astype(float)
        return held

    def quantiles(self) -> tuple[np.ndarray, np.ndarray]:
        """Return whether delta and profile intervals of the quantile hold the truth."""
        truth = float(self.member.quantile(SHARE))
        delta = np.zeros(self.at.size)
        for i, group in enumerate(self.at.tolist()):
            low, high = self.fits.at(group).quantile(SHARE).interval(LEVEL)
            delta[i] = low <= truth <= high
        names = list(self.member.parameters)
        free = names[-1] if len(names) > 1 else None
        deviance = self.deviance(free, self._with_quantile(truth, names[0]))
        return delta, (deviance <= LIMIT).astype(float)

    def deviance(self, free: str | None, completed: Callable[..., dict]) -> np.ndarray:
        """Return twice what the likeliest member that agrees with the truth lies below the top."""
        rows = np.arange(self.at.size)

        def height(u: np.ndarray, row: np.ndarray) -> np.ndarray:
            values = {} if free is None else {free: self.constraints[free].constrain(u)}
            member = self.family.unchecked(
                **{n: np.asarray(v)[..., None] for n, v in completed(values, row).items()}
            )
            with np.errstate(all="ignore"):
                below = 2.0 * (self.top[row] - np.sum(member.log_prob(self.x[row]), axis=-1))
            return np.where(np.isnan(below), np.inf, below)

        if free is None:
            return height(np.zeros(rows.size), rows)
        with np.errstate(all="ignore"):
            start = np.maximum(self.constraints[free].unconstrain(self.estimates[free]), -30.0)
        found = elementwise.bracket_minimum(
            height, start, xl0=start - 0.05, xr0=start + 0.05, args=(rows,), maxiter=60
        )
        best = elementwise.find_minimum(
            height, found.bracket, args=(rows,), maxiter=60,
            tolerances={"fatol": 1e-6, "frtol": 0.0, "xatol": 1e-7, "xrtol": 0.0},
        )  # fmt: skip
        # Where the climb goes on to a bound there is no bracket: the last values are its limit.
        ends = np.min(np.stack(found.f_bracket), axis=0)
        return np.where(np.isfinite(best.f_x), np.minimum(best.f_x, ends), ends)

    def _with_quantile(self, truth: float, name: str) -> Callable[..., dict]:
        """Return what fills in a parameter so that the quantile is the true one."""
        constraint = self.constraints[name]

        def completed(values: dict, row: np.ndarray) -> dict:
            others = tuple(values.values())

            def excess(u: np.ndarray, *others: np.ndarray) -> np.ndarray:
                held = dict(zip(values, others, strict=True))
                member = self.family.unchecked(**{name: constraint.constrain(u), **held})
                return member.sf(truth) - (1.0 - SHARE)

            with np.errstate(all="ignore"):
                start = constraint.unconstrain(self.estimates[name][row])
                ends = elementwise.bracket_root(
                    excess, start - 0.05, start + 0.05, args=others, maxiter=60
                )
                root = elementwise.find_root(excess, ends.bracket, args=others).x
            return {name: constraint.constrain(root), **values}

        return completed

    def check(self) -> None:
        """Compare the verdicts of the first samples with the library's own profile intervals."""
        ours = self.profile()
        for i, group in enumerate(self.at[:CHECKED].tolist()):
            made = self.fits.at(group).intervals(LEVEL, method="profile")
            for name, pair in made.items():
                if pair is None:
                    continue
                held = pair[0] <= self.member.parameters[name] <= pair[1]
                assert held == ours[name][i], (self.member, name, group)

    def check_quantiles(self, ours: np.ndarray) -> None:
        """Compare the same of the quantile."""
        truth = float(self.member.quantile(SHARE))
        for i, group in enumerate(self.at[:CHECKED].tolist()):
            low, high = self.fits.at(group).quantile(SHARE, method="profile").interval(LEVEL)
            assert (low <= truth <= high) == ours[i], (self.member, "quantile", group)


def batches(member: Distribution, n: int, runs: int) -> Iterator[Batch]:
    """Yield the samples, some at a time."""
    rng = np.random.default_rng([n, runs, MEMBERS.index(member)])
    for first in range(0, runs, AT_ONCE // n):
        many = min(AT_ONCE // n, runs - first)
        yield Batch(member, member.sample((many, n), seed=rng))


def cell(member: Distribution, n: int, runs: int) -> Cell:
    """Count how often the intervals hold the truth."""
    wald, profile = {}, {}
    quantile = "0.99 quantile"
    for i, batch in enumerate(batches(member, n, runs)):
        one, other = batch.wald(), batch.profile()
        if i == 0:
            batch.check()
        if not member.discrete:  # a quantile of counts moves in steps
            one[quantile], other[quantile] = batch.quantiles()
            if i == 0:
                batch.check_quantiles(other[quantile])
        for name in one:
            wald.setdefault(name, []).append(one[name])
            profile.setdefault(name, []).append(other[name])
    return Cell(*({n: np.concatenate(v) for n, v in one.items()} for one in (wald, profile)))


def bootstraps(member: Distribution, n: int, runs: int) -> tuple[float, ...]:
    """Return the coverage of the quantile by BCa and percentiles, from model and rows."""
    truth, hits = float(member.quantile(SHARE)), np.zeros(4)
    for x in member.sample((runs, n), seed=np.random.default_rng([n, runs])):
        fit, i = lk.fit(x, type(member)), 0
        for by in ("model", "rows"):
            law = fit.bootstrap(999, by=by).law(lambda d: d.quantile(SHARE))
            for kind in ("bca", "percentile"):
                low, high = law.interval(LEVEL, kind)
                hits[i] += low[0] <= truth <= high[0]
                i += 1
    return tuple(hits / runs)


def report(runs: int, draws: int) -> str:
    """Return the tables."""
    heads = " | ".join(f"n = {n:,}: Wald | profile" for n in SIZES)
    lines = [
        f"Parameters and 0.99 quantiles (there by delta in place of Wald), {runs:,} samples a cell "
        f"(standard error of a share: {_error(runs)}):",
        "",
        f"| family | interval of | {heads} |",
        f"|---|---|{'---|' * 2 * len(SIZES)}",
    ]
    every: dict[bool, list] = {False: [], True: []}
    for member in MEMBERS:
        cells = [cell(member, n, runs) for n in SIZES]
        for name in cells[0].wald:
            shares = [np.nanmean(kind[name]) for one in cells for kind in one]
            lines.append(f"| {member.name} | {name} | {' | '.join(map(_percent, shares))} |")
            every[name not in member.parameters].append(shares)
            print(lines[-1], flush=True)
    for is_quantile, told in ((False, "parameters"), (True, "quantiles")):
        means = " | ".join(_percent(s) for s in np.mean(every[is_quantile], axis=0))
        lines.append(f"| **mean** | **{told}** | {means} |")
    lines += [
        "",
        f"The 0.99 quantile by bootstraps of 999 draws, {draws:,} samples a cell (standard error "
        f"{_error(draws)}):",
        "",
        "| family | n | BCa, model | percentile, model | BCa, rows | percentile, rows |",
        "|---|---|---|---|---|---|",
    ]
    for member in SOME:
        for n in SIZES[:2]:
            shares = bootstraps(member, n, draws)
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
    parser.add_argument("--draws", type=int, default=2_000, help="Samples a cell of bootstraps.")
    parser.add_argument("--write", type=Path, help="Put the tables between the marks of this page.")
    options = parser.parse_args()
    tables = report(options.runs, options.draws)
    if options.write:
        text = options.write.read_text(encoding="utf-8")
        before, rest = text.split(MARKS[0])
        after = rest.split(MARKS[1])[1]
        page = f"{before}{MARKS[0]}\n\n{tables}\n\n{MARKS[1]}{after}"
        options.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
