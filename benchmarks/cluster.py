"""Measure how much sooner two Dask workers of one thread fit a Weibull than one does.

    python benchmarks/cluster.py --values 100000000

The values are made on the workers. Workers are processes of this machine; each count of them is
measured on a cluster of its own, a fit to warm up and then the least of some. Beside it stands the
processor's time of the busiest worker, which other work on the machine does not lengthen much.
"""

from __future__ import annotations

import argparse
import time

import likeliest as lk


def seconds(workers: int, values: int, repeats: int) -> tuple[float, float, float]:
    """Return the least time of a fit, that of the busiest worker, and the log likelihood."""
    import dask.array as da
    from distributed import Client, LocalCluster

    cluster = LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
    )
    with cluster, Client(cluster) as client:
        x = da.random.default_rng(1).weibull(1.5, values, chunks=max(values // 20, 1))
        lk.fit(x[: values // 20], "weibull")
        times, busiest = [], []
        for _ in range(repeats):
            before, start = client.run(time.process_time), time.perf_counter()
            found = lk.fit(x, "weibull")
            times.append(time.perf_counter() - start)
            after = client.run(time.process_time)
            busiest.append(max(after[name] - before[name] for name in before))
    return min(times), min(busiest), found.log_likelihood


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--values", type=int, default=100_000_000)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    o = parser.parse_args()
    print("| workers | time, s | ratio | busiest worker, s | ratio | log likelihood |")
    print("|---:|---:|---:|---:|---:|---:|")
    first = None
    for workers in o.workers:
        took, busiest, reached = seconds(workers, o.values, o.repeats)
        first = first or (took, busiest)
        ratios = first[0] / took, first[1] / busiest
        print(
            f"| {workers} | {took:.2f} | {ratios[0]:.2f} | {busiest:.2f} | {ratios[1]:.2f} | "
            f"{reached:.6f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
