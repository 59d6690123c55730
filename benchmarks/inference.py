"""How long inference takes beside R's boot and MASS, iminuit's MINOS and SciPy's goodness of fit.

    python benchmarks/inference.py                              # the tables, on the terminal
    python benchmarks/inference.py --write docs/uncertainty.md

1,000 values each; bootstraps and tests refit every sample. Times are of the processor, so that
other work on the machine changes them less, and the least of the repeats counts. A peer that takes
long is given a share of the draws, and its time is multiplied. A peer that is not installed is left
out: R is called as `Rscript`, iminuit is imported.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from coverage import put_between
from scipy import stats

import likeliest as lk

if TYPE_CHECKING:
    from collections.abc import Callable

    from likeliest.distributions.distribution import Distribution

MEMBERS = [lk.Gamma(3.0, 2.0), lk.Weibull(1.7, 4.0), lk.StudentT(4.0, 10.0, 2.0)]
N = 1_000
IN_R = {"gamma": "gamma", "weibull": "weibull", "student t": "t"}
IN_SCIPY = {
    "gamma": (stats.gamma, {"loc": 0.0}),
    "weibull": (stats.weibull_min, {"loc": 0.0}),
    "student t": (stats.t, {}),
}
OF_R = """
x <- scan("{data}", quiet = TRUE); suppressMessages({{library(MASS); library(boot)}})
refit <- function(x, i) suppressWarnings(fitdistr(x[i], "{law}")$estimate)
cat(sum(system.time(boot(x, refit, R = {draws}))[1:2]), "\\n")
"""
PROFILED_BY_R = """
suppressMessages(library(MASS)); set.seed(1); x <- rgamma({n}, 3, 0.5)
f <- glm(x ~ 1, family = Gamma("log"))
cat(sum(system.time(suppressMessages(confint(f)))[1:2]), "\\n")
"""
MARKS = ("<!-- timed -->", "<!-- end of timed -->")
SHARE = 20  # a peer that takes long is given one draw of these


def least(work: Callable[[], Any], repeats: int) -> float:
    """Return the least processor time of some repeats, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def by_r(script: str) -> float | None:
    """Return the seconds that R says its work took; None without R."""
    if shutil.which("Rscript") is None:
        return None
    done = subprocess.run(
        ["Rscript", "-e", script], capture_output=True, text=True, check=False, timeout=1800
    )
    return float(done.stdout.split()[0]) if done.returncode == 0 else None


def minos(member: Distribution, x: np.ndarray) -> tuple[float, float] | None:
    """Return seconds and evaluations an end of MINOS; None without iminuit."""
    if find_spec("iminuit") is None:
        return None
    from iminuit import Minuit

    family, names = type(member), list(member.parameters)

    def nll(*values: float) -> float:
        return -float(np.sum(family.unchecked(**dict(zip(names, values, strict=True))).log_prob(x)))

    m = Minuit(nll, *member.parameters.values(), name=names)
    m.errordef = Minuit.LIKELIHOOD
    m.migrad()
    before, start = m.nfcn, time.process_time()
    m.minos()
    return time.process_time() - start, (m.nfcn - before) / (2 * len(names))


def report(draws: int, repeats: int) -> str:
    """Return the tables."""
    lines = ["| work | family | by | ms | times ours |", "|---|---|---|---:|---:|"]
    evaluations: list[int] = []
    for member in MEMBERS:
        x = member.sample(N, seed=1)
        fit, name = lk.fit(x, type(member)), member.name
        ends = [end for pair in ends_of(x, member) for end in pair]
        evaluations += [end.evaluations for end in ends]
        works = {
            f"{draws:,} bootstrap refits": (
                lambda fit=fit: fit.bootstrap(draws, seed=1),
                {"boot with MASS::fitdistr": boot_of_r(x, name, draws)},
            ),
            f"goodness by {draws:,} refits": (
                lambda fit=fit: fit.goodness(draws=draws, seed=1),
                {"scipy.stats.goodness_of_fit": goodness_of_scipy(x, name, draws)},
            ),
            f"fit and {len(ends)} profile ends": (
                lambda x=x, member=member: ends_of(x, member),
                peers_of_ends(member, x),
            ),
        }
        for work, (ours, peers) in works.items():
            took = least(ours, repeats)
            told = {"likeliest": took, **peers}
            lines += [
                f"| {work} | {name} | {who} | {1e3 * each:,.1f} | {each / took:,.3g} |"
                for who, each in told.items()
                if each is not None
            ]
            print(*lines[-len(peers) - 1 :], sep="\n", flush=True)
    fit, at = lk.fit(MEMBERS[1].sample(N, seed=1), "weibull"), np.linspace(0.5, 9.0, 60)
    for method in ("delta", "profile"):
        took = least(lambda m=method: fit.survival(at, method=m).interval(), repeats)
        lines.append(
            f"| a band of 60 points by {method} | weibull | likeliest | {1e3 * took:.1f} | 1 |"
        )
    lines += [
        "",
        f"Evaluations of the objective for a profile end: {np.median(evaluations):.0f} in the "
        f"median, {max(evaluations)} at most. One gives value, slope and curvature; of MINOS it is "
        "the value alone.",
    ]
    return "\n".join(lines)


def boot_of_r(x: np.ndarray, name: str, draws: int) -> float | None:
    """Return the seconds that R's boot takes."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "x.txt"
        np.savetxt(data, x)
        few = max(1, draws // SHARE)
        took = by_r(OF_R.format(data=data, law=IN_R[name], draws=few))
    return None if took is None else took * draws / few


def goodness_of_scipy(x: np.ndarray, name: str, draws: int) -> float:
    """Return the seconds that SciPy's test takes."""
    law, known = IN_SCIPY[name]
    few = max(1, draws // SHARE)

    def test() -> object:
        return stats.goodness_of_fit(
            law, x, known_params=known, statistic="ad", n_mc_samples=few, rng=1
        )

    return least(test, 1) * draws / few


def peers_of_ends(member: Distribution, x: np.ndarray) -> dict[str, float | None]:
    """Return the seconds that others take for profile ends."""
    told: dict[str, float | None] = {}
    if (found := minos(member, x)) is not None:
        told[f"iminuit's MINOS, {found[1]:.0f} evaluations an end"] = found[0]
    if member.name == "gamma":
        told["MASS::confint, of its mean alone"] = by_r(PROFILED_BY_R.format(n=N))
    return told


def ends_of(x: np.ndarray, member: Distribution) -> list[Any]:
    """Return the profile ends of each parameter of a fit."""
    profiles = lk.fit(x, type(member)).uncertainty_by("profile")
    return [one.ends() for one in profiles.values() if one is not None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--draws", type=int, default=1_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", type=Path, help="Put the tables between the marks of this page.")
    options = parser.parse_args()
    tables = report(options.draws, options.repeats)
    print(tables)
    if options.write:
        put_between(MARKS, tables, options.write)


if __name__ == "__main__":
    main()
