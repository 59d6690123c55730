"""Measure one fit beside its peers, against the number of values and the number of groups.

    python benchmarks/peers.py --write docs/benchmarks.md --pictures docs/pictures

SciPy, fitter, distfit, iminuit's `UnbinnedNLL`, statsmodels' `GenericLikelihoodModel`, and R's
fitdistrplus, as far as they are installed. Each fit is made in a process of its own, which imports,
makes the data, warms up on a few of them, and then fits: the time is the least of some repeats, the
memory the most that was resident above what the data took. The NLL of every answer is evaluated by
one function. A peer that has once needed longer than `--patience` is not given more values.

None of the peers fits groups: of groups, each is called in a loop over some of them, as many as go
into `--patience`, and its time is multiplied up.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

import likeliest as lk

MARKS = ("<!-- peers -->", "<!-- end of peers -->")
FAMILIES = {
    "gamma": (lk.Gamma(2.0, 3.0), stats.gamma),
    "weibull": (lk.Weibull(1.5, 3.0), stats.weibull_min),
}
SIZE = 20  # values of a group
LOOPED = 100  # groups that a peer is timed on
ENOUGH = 0.5  # seconds after which a fit is not repeated

# How each fits: from values to shape, location and scale.


def by_likeliest(x: np.ndarray, family: str) -> tuple[float, float, float]:
    found = lk.fit(x, family).parameters
    return found["shape"], 0.0, found["scale"]


def by_scipy(x: np.ndarray, family: str) -> tuple[float, ...]:
    return FAMILIES[family][1].fit(x, floc=0.0)


def by_fitter(x: np.ndarray, family: str) -> tuple[float, ...]:
    from fitter import Fitter

    name = FAMILIES[family][1].name
    made = Fitter(x, distributions=[name], timeout=10_000)
    made.fit(progress=False)
    return made.fitted_param[name]


def by_distfit(x: np.ndarray, family: str) -> tuple[float, ...]:
    from distfit import distfit

    made = distfit(distr=FAMILIES[family][1].name, verbose="silent")
    made.fit_transform(x)
    return tuple(made.model["params"])


def by_iminuit(x: np.ndarray, family: str) -> tuple[float, float, float]:
    from iminuit import Minuit
    from iminuit.cost import UnbinnedNLL

    member = FAMILIES[family][1]

    def log_density(x: np.ndarray, shape: float, scale: float) -> np.ndarray:
        return member.logpdf(x, shape, 0.0, scale)

    minuit = Minuit(UnbinnedNLL(x, log_density, log=True), shape=1.0, scale=float(np.mean(x)))
    minuit.limits = (1e-6, None)
    minuit.migrad()
    minuit.hesse()
    return minuit.values["shape"], 0.0, minuit.values["scale"]


def by_statsmodels(x: np.ndarray, family: str) -> tuple[float, float, float]:
    from statsmodels.base.model import GenericLikelihoodModel

    member = FAMILIES[family][1]

    class Model(GenericLikelihoodModel):
        def nloglikeobs(self, params: np.ndarray) -> np.ndarray:
            shape, scale = np.exp(params)
            return -member.logpdf(self.endog, shape, 0.0, scale)

    start = np.log([1.0, float(np.mean(x))])
    found = Model(x, np.ones_like(x)).fit(start_params=start, method="bfgs", disp=0)
    shape, scale = np.exp(found.params)
    return float(shape), 0.0, float(scale)


PEERS: dict[str, tuple[Callable[..., tuple[float, ...]], str]] = {
    "likeliest": (by_likeliest, "likeliest"),
    "SciPy": (by_scipy, "scipy"),
    "fitter": (by_fitter, "fitter"),
    "distfit": (by_distfit, "distfit"),
    "iminuit": (by_iminuit, "iminuit"),
    "statsmodels": (by_statsmodels, "statsmodels"),
}
IN_R = "fitdistrplus"
R_CODE = r"""
suppressMessages(library(fitdistrplus))
resident <- function(what) {
  line <- grep(what, readLines("/proc/self/status"), value = TRUE)
  as.numeric(gsub("[^0-9]", "", line)) / 1024
}
given <- commandArgs(trailingOnly = TRUE)
n <- as.numeric(given[2]); size <- as.numeric(given[3]); repeats <- as.numeric(given[5])
x <- readBin(given[1], "double", n)
fit <- function(x) {
  if (given[4] == "gamma") fitdist(x, "gamma", lower = c(0, 0)) else fitdist(x, given[4])
}
invisible(fit(x[1:min(n, 20)]))
invisible(gc(reset = TRUE))
before <- resident("VmRSS")
times <- c()
for (i in 1:repeats) {
  start <- proc.time()[["elapsed"]]
  if (size > 0) for (first in seq(1, n, size)) found <- fit(x[first:(first + size - 1)])
  else found <- fit(x)
  times <- c(times, proc.time()[["elapsed"]] - start)
  if (sum(times) > 0.5) break
}
scale <- if (given[4] == "gamma") 1 / found$estimate[["rate"]] else found$estimate[["scale"]]
cat(sprintf('{"time": %.17g, "memory": %.17g, "answer": [%.17g, 0, %.17g]}', min(times),
            resident("VmHWM") - before, found$estimate[["shape"]], scale))
"""


def resident(what: str) -> float:
    """Return the memory of this process, MB: VmRSS now, or VmHWM at most."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024.0
    return float("nan")


def values_of(family: str, n: int) -> np.ndarray:
    """Return the values that all fit."""
    rng, x = np.random.default_rng(n), np.empty(n)
    for first in range(0, n, 10**6):  # in place, so that their making takes no memory of its own
        part = x[first : first + 10**6]
        part[:] = FAMILIES[family][0].sample(part.size, seed=rng)
    return x


def one(peer: str, family: str, n: int, groups: int, patience: float) -> dict[str, Any]:
    """Fit once, or groups one by one; return the time, the memory and the answer."""
    fit = PEERS[peer][0]
    x = values_of(family, n)
    fit(values_of(family, 100), family)
    keys = np.repeat(np.arange(max(groups, 1)), SIZE)
    if peer == "likeliest":  # its threads and its larger kernels
        lk.fit(values_of(family, 100_000), family)
        lk.fit(values_of(family, 10 * SIZE), family, by=np.repeat(np.arange(10), SIZE))
    before, times, answer = resident("VmRSS"), [], (np.nan,) * 3
    while not times or (sum(times) < ENOUGH and len(times) < 20):
        start = time.perf_counter()
        if not groups:
            answer = fit(x, family)
        elif peer == "likeliest":
            lk.fit(x, family, by=keys)
        else:
            times.append(looped(fit, x.reshape(groups, SIZE), family, patience))
            continue
        times.append(time.perf_counter() - start)
    return {"time": min(times), "memory": resident("VmHWM") - before, "answer": [*answer]}


def looped(fit: Callable[..., object], rows: np.ndarray, family: str, patience: float) -> float:
    """Return the time of fits one by one: of as many as go into `patience`, multiplied up."""
    start, done = time.perf_counter(), 0
    for row in rows:
        fit(row, family)
        done += 1
        if time.perf_counter() - start > patience:
            break
    return (time.perf_counter() - start) * len(rows) / done


def in_r(family: str, n: int, groups: int, longest: float) -> dict[str, Any]:
    """Return the same of R's fitdistrplus."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "values"
        values_of(family, n).tofile(path)
        code = Path(folder) / "fit.R"
        code.write_text(R_CODE)
        words = [path, n, SIZE if groups else 0, family, 20]
        command = ["Rscript", "--vanilla", code, *words]
        done = subprocess.run(
            [*map(str, command)], check=True, capture_output=True, timeout=longest
        )
    return json.loads(done.stdout)


def measured(peer: str, family: str, n: int, groups: int, patience: float) -> dict[str, Any] | str:
    """Return what a process of its own measures, or what it came to instead."""
    longest = 2.0 * patience + 60.0 + 1e-6 * n  # the imports, the values and two fits
    try:
        if peer == IN_R:
            found = in_r(family, n, groups, longest)
        else:
            command = [sys.executable, __file__, "--one", peer, family, str(n), str(groups)]
            command += ["--patience", str(patience)]
            done = subprocess.run(
                command, check=True, capture_output=True, timeout=longest,
                env={**os.environ, "PYTHONWARNINGS": "ignore", "MPLBACKEND": "Agg"},
            )  # fmt: skip
            found = json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        return f"> {1e3 * patience:,.0f}"
    except subprocess.CalledProcessError as error:
        print(f"{peer}, {family}, {n}: {error.stderr.decode()[-300:]}", file=sys.stderr)
        return "failed"
    return found


def known_peers() -> list[str]:
    """Return those that are installed."""
    found = [name for name, (_, module) in PEERS.items() if importlib.util.find_spec(module)]
    if shutil.which("Rscript"):
        asked = subprocess.run(
            ["Rscript", "-e", "library(fitdistrplus)"], check=False, capture_output=True
        )
        found += [IN_R] if asked.returncode == 0 else []
    return found


def nll_of(family: str, x: np.ndarray, answer: list[float]) -> float:
    """Return the NLL of an answer, a million values at a time."""
    member = FAMILIES[family][1]
    with np.errstate(all="ignore"):
        parts = np.array_split(x, max(1, x.size // 10**6))
        return -math.fsum(float(np.sum(member.logpdf(part, *answer))) for part in parts)


def against_n(sizes: list[int], patience: float) -> dict[str, dict[str, list[tuple[int, float]]]]:
    """Print the table of one fit; return the times, by family and peer."""
    times: dict[str, dict[str, list[tuple[int, float]]]] = {}
    print("| family | n | peer | time, ms | ratio to ours | memory, MB | NLL less ours |")
    print("|---|---:|---|---:|---:|---:|---:|")
    peers = known_peers()
    for family in FAMILIES:
        left, times[family] = [*peers], {peer: [] for peer in peers}
        for n in sizes:
            x, ours = values_of(family, n), None
            for peer in [*left]:
                found = measured(peer, family, n, 0, patience)
                if isinstance(found, str):
                    print(f"| {family} | {n:,} | {peer} | {found} | | | |")
                    left.remove(peer)
                    continue
                nll = nll_of(family, x, found["answer"])
                ours = ours or (found["time"], nll)
                times[family][peer].append((n, found["time"]))
                print(
                    f"| {family} | {n:,} | {peer} | {1e3 * found['time']:,.2f} | "
                    f"{found['time'] / ours[0]:,.2g} | {found['memory']:,.0f} | "
                    f"{nll - ours[1]:+.2g} |",
                    flush=True,
                )
                if found["time"] > patience and peer != "likeliest":
                    left.remove(peer)
    return times


def against_groups(counts: list[int], patience: float) -> dict[str, dict[str, Any]]:
    """Print the table of groups; return the times, by family and peer."""
    times: dict[str, dict[str, Any]] = {}
    print(
        f"\n| family | groups of {SIZE} | `by=`, s | µs a group | {' | '.join(known_peers()[1:])} |"
    )
    print("|---|---:|---:|---:|" + "---:|" * len(known_peers()[1:]))
    for family in FAMILIES:
        times[family] = {peer: [] for peer in known_peers()}
        of_one = {}
        for peer in known_peers()[1:]:
            found = measured(peer, family, LOOPED * SIZE, LOOPED, patience)
            of_one[peer] = np.nan if isinstance(found, str) else found["time"] / LOOPED
        for count in counts:
            found = measured("likeliest", family, count * SIZE, count, patience)
            took = np.nan if isinstance(found, str) else found["time"]
            times[family]["likeliest"].append((count, took))
            for peer, each in of_one.items():
                times[family][peer].append((count, each * count))
            others = " | ".join(f"{each * count / took:,.2g}" for each in of_one.values())
            print(
                f"| {family} | {count:,} | {took:,.4f} | {1e6 * took / count:,.1f} | {others} |",
                flush=True,
            )
    return times


def draw(times: dict[str, dict[str, Any]], path: Path, across: str) -> None:
    """Draw times against a number, a panel for each family."""
    from likeliest.plots import style

    picture = style.figure((9.0, 4.0))
    panels = picture.subplots(1, len(times), sharey=True)
    for panel, (family, by_peer) in zip(panels, times.items(), strict=True):
        style.axes(panel, family)
        for i, (peer, points) in enumerate(by_peer.items()):
            if points:
                panel.loglog(
                    *zip(*points, strict=True), color=style.COLOURS[i], label=peer,
                    marker=style.MARKERS[i % len(style.MARKERS)], markersize=4,
                    linewidth=2.2 if peer == "likeliest" else 1.2,
                )  # fmt: skip
        panel.set_xlabel(across)
    panels[0].set_ylabel("time, s")
    lines = {line.get_label(): line for panel in panels for line in panel.lines}
    panels[0].legend(lines.values(), lines, fontsize=8, frameon=False)
    picture.savefig(path, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=float, default=1e8, help="values of the largest fit")
    parser.add_argument("--most-groups", type=float, default=1e6)
    parser.add_argument("--patience", type=float, default=12.0, help="seconds that a fit may take")
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    parser.add_argument("--pictures", type=Path, help="folder of the pictures")
    parser.add_argument("--one", nargs=4, metavar=("PEER", "FAMILY", "N", "GROUPS"))
    o = parser.parse_args()
    if o.one:
        peer, family, n, groups = o.one
        print(json.dumps(one(peer, family, int(n), int(groups), o.patience)))
        return
    tables = report(o)
    if o.write:
        page = o.write.read_text(encoding="utf-8")
        first, _, rest = page.partition(MARKS[0])
        _, _, last = rest.partition(MARKS[1])
        o.write.write_text(f"{first}{MARKS[0]}\n\n{tables}\n{MARKS[1]}{last}", encoding="utf-8")


def report(o: argparse.Namespace) -> str:
    """Measure, draw, and return the tables."""
    import contextlib
    import io

    class Both(io.StringIO):
        def write(self, text: str) -> int:
            sys.__stdout__.write(text)
            sys.__stdout__.flush()
            return super().write(text)

    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    with contextlib.redirect_stdout(Both()) as told:
        busy = f"; loaded by other work, {load:.1f} processes a core" if load > 0.5 else ""
        print(f"Python {platform.python_version()}, NumPy {np.__version__}, "
              f"{os.cpu_count()} cores of {platform.machine()}{busy}.\n")  # fmt: skip
        absent = sorted({*PEERS, IN_R} - {*known_peers()}, key=str.casefold)
        if absent:
            print(f"Not installed here, and so not measured: {', '.join(absent)}.\n")
        by_n = against_n([10**k for k in range(1, round(np.log10(o.most)) + 1)], o.patience)
        counts = [10**k for k in range(round(np.log10(o.most_groups)) + 1)]
        by_groups = against_groups(counts, o.patience)
    if o.pictures:
        draw(by_n, o.pictures / "peers_values.png", "values")
        draw(by_groups, o.pictures / "peers_groups.png", f"groups of {SIZE} values")
    return told.getvalue()


if __name__ == "__main__":
    main()
