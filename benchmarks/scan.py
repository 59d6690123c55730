"""Fits a column of a Parquet file beside polars' own sums over it: time, memory, passes.

    python benchmarks/scan.py --rows 100000000

Each row of the table is made in a process of its own. Beside families with sufficient statistics
stands the time in which polars takes the sums of x, log x and x²; the memory is the most that was
resident above the start.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

import likeliest as lk

BATCH = 1_000_000
LIMIT = 60.0  # minutes that nothing is watched beyond
CENSORED = "weibull, censored"


def written(path: Path, rows: int) -> None:
    """Write a file of gamma values, a batch at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(1)
    schema = pa.schema([("minutes", pa.float64()), ("arrived", pa.bool_())])
    with pq.ParquetWriter(path, schema) as writer:
        for first in range(0, rows, BATCH):
            some = rng.gamma(2.5, 4.0, min(BATCH, rows - first))
            columns = {"minutes": np.minimum(some, LIMIT), "arrived": some < LIMIT}
            writer.write_table(pa.table(columns, schema=schema))


def resident(what: str) -> float:
    """Return the memory of this process, MB: VmRSS now, or VmHWM at most."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024.0
    return float("nan")


def sums(path: Path) -> float:
    """Return the time in which polars sums three statistics, seconds."""
    x = pl.col("minutes")
    start = time.perf_counter()
    pl.scan_parquet(path).select(
        x.sum(), x.log().sum().alias("logs"), (x * x).sum().alias("squares")
    ).collect(engine="streaming")
    return time.perf_counter() - start


def one(path: Path, family: str) -> None:
    """Print a row of the table for a family, or for polars."""
    law = family.partition(",")[0]
    lk.fit(np.random.default_rng(0).gamma(2.0, 3.0, 100), "gamma" if law == "polars" else law)
    before = resident("VmRSS")
    if family == "polars":
        print(f"| polars' sums | {sums(path):.2f} | {resident('VmHWM') - before:.0f} | |")
        return
    start = time.perf_counter()
    event = "arrived" if family == CENSORED else None
    fit = lk.fit(lk.scan(path, "minutes", event=event), law)
    took = time.perf_counter() - start
    most = resident("VmHWM") - before
    print(f"| {family} | {took:.2f} | {most:.0f} | {fit.found.passes} |")


def main() -> None:
    """Write the file and measure each family in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--one", nargs=2, metavar=("FILE", "FAMILY"))
    options = parser.parse_args()
    if options.one:
        one(Path(options.one[0]), options.one[1])
        return
    print("| family | time, s | memory, MB | passes of the fit |\n|---|---:|---:|---:|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "values.parquet"
        written(path, options.rows)
        for family in (
            "polars",
            "exponential",
            "lognormal",
            "gamma",
            "weibull",
            "student t",
            CENSORED,
        ):
            command = [sys.executable, __file__, "--one", str(path), family]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
