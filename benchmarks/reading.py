"""How long a column takes to read, beside polars' own reading of the same file.

    python benchmarks/reading.py [--rows 1000000] [--repeats 7]

Each file is read by both in turn, the least of the repeats counts, and the last column is the
quotient of the two.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

import likeliest as lk


def frames(rows: int) -> dict[str, pl.DataFrame]:
    """Return data of the kinds that people keep."""
    rng = np.random.default_rng(1)
    x = rng.gamma(2.0, 3.0, rows)
    return {
        "one column of floats": pl.DataFrame({"x": x}),
        "three columns": pl.DataFrame(
            {"id": np.arange(rows), "x": x, "kind": rng.choice(["a", "b", "cc"], rows)}
        ),
        "whole numbers": pl.DataFrame({"x": rng.poisson(1e4, rows), "y": rng.poisson(5.0, rows)}),
        "few decimals": pl.DataFrame({"x": np.round(x, 2), "y": np.round(x, 1)}),
    }


def least(read: Callable[[], object]) -> float:
    start = time.perf_counter()
    read()
    return time.perf_counter() - start


def measured(path: Path, theirs: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Return the least time of ours and of theirs, in turn, in seconds."""
    pairs = [(least(lambda: lk.read(path, "x")), least(theirs)) for _ in range(repeats)]
    return min(a for a, _ in pairs), min(b for _, b in pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    print("| file | likeliest, ms | polars, ms | quotient |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in frames(options.rows).items():
            csv, parquet = Path(folder) / "a.csv", Path(folder) / "a.parquet"
            frame.write_csv(csv)
            frame.write_parquet(parquet)
            for path, read in ((csv, pl.read_csv), (parquet, pl.read_parquet)):
                ours, theirs = measured(path, lambda p=path, r=read: r(p), options.repeats)
                quotient = ours / theirs
                print(f"| {name}, {path.suffix[1:]} | {1e3 * ours:.0f} | {1e3 * theirs:.0f} "
                      f"| {quotient:.2f} |")  # fmt: skip


if __name__ == "__main__":
    main()
