"""Measure how often intervals of 95 % hold the truth, by simulation.

    python benchmarks/coverage.py                                # all cells, kept as they are made
    python benchmarks/coverage.py --minutes 0 --write docs/uncertainty.md    # the page from those

Cells are kept in coverage.json beside this file, so that a run that was broken off goes on where it
was. Samples are drawn from a member of each family and fitted side by side. Wald and delta
intervals are the library's own. A profile interval holds the truth where the deviance of the best
parameters that agree with the truth is below the quantile of χ²; these are searched here by
Chandrupatla's method, and the library's own profile intervals of the first samples of each cell
must give the same verdict. Where the likelihood needs but a few sums of the values, it is evaluated
at as many points, weighted so that the sums are the same; elsewhere at every distinct count, or at
every value.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

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
QUANTILE = "0.99 quantile"
KEPT = Path(__file__).with_suffix(".json")
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
SUMS: dict[str, Callable[[np.ndarray], tuple[np.ndarray, ...]]] = {
    "normal": lambda x: (x, x**2),
    "lognormal": lambda x: (np.log(x), np.log(x) ** 2),
    "exponential": lambda x: (x,),
    "gamma": lambda x: (x, np.log(x)),
    "beta": lambda x: (np.log(x), np.log1p(-x)),
    "inverse gaussian": lambda x: (x, 1.0 / x),
    "poisson": lambda x: (x,),
}
"""What the log likelihood of a family is linear in."""
SOME = [MEMBERS[i] for i in (0, 2, 3, 4)]  # of which bootstraps are made


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
        self.at = np.flatnonzero(good)
        self.points, self.weights = weighted_points(member, x[good])
        self.estimates = {n: v[good] for n, v in self.fits.parameters.items()}
        self.top = self.height(self.estimates, np.arange(self.at.size))

    def height(self, parameters: dict[str, np.ndarray], row: np.ndarray) -> np.ndarray:
        """Return the log likelihood of each sample, but for what the parameters do not move."""
        member = self.family.unchecked(
            **{n: np.asarray(v)[..., None] for n, v in parameters.items()}
        )
        points = self.points if len(self.points) == 1 else self.points[row]
        with np.errstate(all="ignore"):
            terms = member.log_prob(points)
            return np.sum(np.where(self.weights[row] == 0.0, 0.0, terms * self.weights[row]), -1)

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
        low, high = self.fits.quantile(SHARE).interval(LEVEL)
        delta = ((low <= truth) & (truth <= high)).astype(float)[self.at]
        names = list(self.member.parameters)
        free = names[-1] if len(names) > 1 else None
        deviance = self.deviance(free, self._with_quantile(truth, names[0]))
        return delta, (deviance <= LIMIT).astype(float)

    def deviance(self, free: str | None, completed: Callable[..., dict]) -> np.ndarray:
        """Return twice what the likeliest member that agrees with the truth lies below the top."""
        rows = np.arange(self.at.size)

        def lost(u: np.ndarray, row: np.ndarray) -> np.ndarray:
            values = {} if free is None else {free: self.constraints[free].constrain(u)}
            below = 2.0 * (self.top[row] - self.height(completed(values, row), row))
            return np.where(np.isnan(below), np.inf, below)

        if free is None:
            return lost(np.zeros(rows.size), rows)
        with np.errstate(all="ignore"):
            start = np.maximum(self.constraints[free].unconstrain(self.estimates[free]), -30.0)
        found = elementwise.bracket_minimum(
            lost, start, xl0=start - 0.05, xr0=start + 0.05, args=(rows,), maxiter=60
        )
        best = elementwise.find_minimum(
            lost, found.bracket, args=(rows,), maxiter=60,
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


def weighted_points(member: Distribution, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return points and weights of each sample that its log likelihood can be taken at."""
    if sums := SUMS.get(member.name):
        points = member.quantile(np.array([0.1, 0.5, 0.9][: 1 + len(sums(x))]))
        points = points + np.arange(points.size) if member.discrete else points
        asked = np.stack([np.full(len(x), 1.0 * x.shape[1]), *(s.sum(axis=1) for s in sums(x))])
        at_points = np.stack([np.ones(points.size), *sums(points)])
        return points[None], np.linalg.solve(at_points, asked).T
    if member.discrete:
        points = np.arange(x.max() + 1.0)
        return points[None], np.stack(
            [np.bincount(row.astype(int), minlength=points.size) for row in x]
        )
    return x, np.ones(x.shape)


def batches(member: Distribution, n: int, runs: int) -> Iterator[Batch]:
    """Yield the samples, some at a time."""
    rng = np.random.default_rng([n, runs, MEMBERS.index(member)])
    for first in range(0, runs, AT_ONCE // n):
        many = min(AT_ONCE // n, runs - first)
        yield Batch(member, member.sample((many, n), seed=rng))


def cell(member: Distribution, n: int, runs: int) -> dict[str, list[float]]:
    """Return the coverage of each parameter and the quantile: by Wald, and by profile."""
    hits: dict[str, list[np.ndarray]] = {}
    for i, batch in enumerate(batches(member, n, runs)):
        one, other = batch.wald(), batch.profile()
        if i == 0:
            batch.check()
        if not member.discrete:  # a quantile of counts moves in steps
            one[QUANTILE], other[QUANTILE] = batch.quantiles()
            if i == 0:
                batch.check_quantiles(other[QUANTILE])
        for name in one:
            hits.setdefault(name, []).append(np.stack([one[name], other[name]]))
    return {n: np.nanmean(np.concatenate(v, axis=1), axis=1).tolist() for n, v in hits.items()}


def bootstraps(by: str) -> Callable[[Distribution, int, int], dict[str, list[float]]]:
    """Return what makes a cell of the quantile's coverage by BCa and by percentiles."""

    def bootstrap(member: Distribution, n: int, runs: int) -> dict[str, list[float]]:
        truth, hits = float(member.quantile(SHARE)), np.zeros(2)
        for x in member.sample((runs, n), seed=np.random.default_rng([n, runs])):
            law = lk.fit(x, type(member)).bootstrap(999, by=by).law(lambda d: d.quantile(SHARE))
            for i, kind in enumerate(("bca", "percentile")):
                low, high = law.interval(LEVEL, kind)
                hits[i] += low[0] <= truth <= high[0]
        return {QUANTILE: (hits / runs).tolist()}

    bootstrap.__name__ = f"bootstrap by {by}"
    return bootstrap


class Kept:
    """The cells that have been made, in a file of their own.

    Parameters
    ----------
    path : Path
    until : float
        By the clock, when the last cell may begin.
    """

    def __init__(self, path: Path, until: float) -> None:
        self.path, self.until = path, until
        self.cells = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def of(
        self, make: Callable[..., dict], member: Distribution, n: int, runs: int
    ) -> dict[str, list[float]]:
        """Return a cell, from the file if it is there; nothing where no time is left."""
        key = f"{make.__name__}: {member.name}, n = {n}, {runs} samples"
        if key not in self.cells and time.time() < self.until:
            print(key, flush=True)
            self.cells[key] = make(member, n, runs)
            text = json.dumps(self.cells, indent=1, sort_keys=True)
            self.path.write_text(text + "\n", encoding="utf-8")
        return self.cells.get(key, {})

    def largest(
        self, make: Callable[..., dict], member: Distribution, n: int, runs: int
    ) -> tuple[int, dict[str, list[float]]]:
        """Return a cell of so many samples, or of the most that there are, with their number."""
        if found := self.of(make, member, n, runs):
            return runs, found
        start = f"{make.__name__}: {member.name}, n = {n}, "
        sizes = [int(k.removeprefix(start).split()[0]) for k in self.cells if k.startswith(start)]
        most = max(sizes, default=0)
        return most, self.cells.get(f"{start}{most} samples", {})


def report(kept: Kept, runs: int, draws: int) -> str:
    """Return the tables."""
    cheap_first = sorted(MEMBERS, key=lambda m: m.name not in SUMS and not m.discrete)
    made = {(m.name, n): kept.of(cell, m, n, runs) for n in SIZES for m in cheap_first}
    drawn = {
        (m.name, n, by): kept.of(bootstraps(by), m, n, draws)
        for n in SIZES[:2]
        for by in ("model", "rows")
        for m in SOME
    }
    heads = " | ".join(f"n = {n:,}: Wald | profile" for n in SIZES)
    lines = [
        f"Parameters and 0.99 quantiles (there by delta in place of Wald), {runs:,} samples a cell "
        f"(standard error of a share: {_error(runs)}):",
        "",
        f"| family | interval of | {heads} |",
        f"|---|---|{'---|' * 2 * len(SIZES)}",
    ]
    every: dict[str, list] = {"parameters": [], "quantiles": []}
    for member in MEMBERS:
        for name in (*member.parameters, *(() if member.discrete else (QUANTILE,))):
            pairs = [made[member.name, n].get(name, [np.nan, np.nan]) for n in SIZES]
            shares = [share for pair in pairs for share in pair]
            lines.append(f"| {member.name} | {name} | {' | '.join(map(_percent, shares))} |")
            every["quantiles" if name == QUANTILE else "parameters"].append(shares)
    for told, shares in every.items():
        columns = [column[~np.isnan(column)] for column in np.transpose(shares)]
        means = [np.mean(column) if column.size else np.nan for column in columns]
        lines.append(f"| **mean** | **{told}** | {' | '.join(map(_percent, means))} |")
    lines += [
        "",
        f"The 0.99 quantile by bootstraps of 999 draws, {draws:,} samples a cell (standard error "
        f"{_error(draws)}):",
        "",
        "| family | n | BCa, model | percentile, model | BCa, rows | percentile, rows |",
        "|---|---|---|---|---|---|",
    ]
    for n in SIZES[:2]:
        for name in (m.name for m in SOME):
            cells = [drawn[name, n, by].get(QUANTILE, 2 * [np.nan]) for by in ("model", "rows")]
            shares = np.concatenate(cells).tolist()
            lines.append(f"| {name} | {n} | {' | '.join(map(_percent, shares))} |")
    absent = [f"{name} at n = {n}" for (name, n), one in made.items() if not one]
    absent += [
        f"bootstraps by {by} of the {name} at n = {n}"
        for (name, n, by), one in drawn.items()
        if not one
    ]
    if absent:
        lines += ["", f"Not yet made: {'; '.join(absent)}."]
    return "\n".join(lines)


def put_between(marks: tuple[str, str], tables: str, path: Path) -> None:
    """Put tables between the marks of a page."""
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(marks[0])
    after = rest.split(marks[1])[1]
    path.write_text(f"{before}{marks[0]}\n\n{tables}\n\n{marks[1]}{after}", encoding="utf-8")


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{100.0 * share:.1f}"


def _error(runs: int) -> str:
    return f"{100.0 * np.sqrt(LEVEL * (1.0 - LEVEL) / runs):.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=10_000, help="Samples a cell.")
    parser.add_argument("--draws", type=int, default=2_000, help="Samples a cell of bootstraps.")
    parser.add_argument(
        "--minutes", type=float, default=np.inf, help="Begin no cell after this time."
    )
    parser.add_argument("--keep", type=Path, default=KEPT, help="Where cells are kept.")
    parser.add_argument("--write", type=Path, help="Put the tables between the marks of this page.")
    options = parser.parse_args()
    kept = Kept(options.keep, time.time() + 60.0 * options.minutes)
    tables = report(kept, options.runs, options.draws)
    print(tables)
    if options.write:
        put_between(MARKS, tables, options.write)


if __name__ == "__main__":
    main()
