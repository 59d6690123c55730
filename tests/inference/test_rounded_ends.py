"""Ends of a support behind rounding: their intervals cover, and are no wider than they must be."""

import functools
import json

import numpy as np
import pytest
from scipy import stats

import likeliest as lk
from likeliest.data.observations import Observations
from likeliest.inference import first_cell
from likeliest.inference.first_cell import FirstCell, rise

SIMULATIONS = 10_000
# n, step, most that may be covered: few values in a cell leave coarse steps of the law, and there
# it covers with more than is asked for.
CELLS = [
    (10, 0.25, 0.98), (10, 0.01, 0.96), (50, 0.1, 0.98), (50, 0.001, 0.965),
    (300, 0.3, 0.965), (300, 0.01, 0.98), (5_000, 0.3, 0.96),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("n", "step", "most"), CELLS)
def test_low_of_a_uniform_whose_high_is_known(n, step, most):
    rng = np.random.default_rng(5)
    low, high = rng.uniform(0.0, step), round(1.0 / step) * step

    @functools.cache
    def interval(first, count):  # the fit depends on the other values by their number alone
        x = np.full(n, high - 0.5 * step)
        x[:count] = (first + 0.5) * step
        return lk.fit(x, "uniform", rounding=step, fixed={"high": high}).intervals()["low"]

    hits = 0
    for _ in range(SIMULATIONS):
        cells = np.floor(rng.uniform(low, high, n) / step)
        least, greatest = interval(cells.min(), int(np.sum(cells == cells.min())))
        hits += least <= low <= greatest
    assert 0.944 <= hits / SIMULATIONS <= most


@pytest.mark.slow
@pytest.mark.parametrize(("n", "step", "simulations"), [(8, 0.2, SIMULATIONS), (50, 0.02, 1_000)])
def test_both_ends_of_a_uniform(n, step, simulations):
    rng = np.random.default_rng(6)
    low, high = -0.37 * step, 1.0
    fitted, hits, told = {}, np.zeros(2), 0
    for _ in range(simulations):
        cells = np.floor(rng.uniform(low, high, n) / step).astype(int)
        counts = np.bincount(cells - cells.min())
        key = (cells.min(), cells.max(), counts[0], counts[-1])
        if np.count_nonzero(counts) < 3:
            continue  # two cells tell nothing of their outer edges, and none is fitted
        if key not in fitted:
            found = lk.fit((cells + 0.5) * step, "uniform", rounding=step).intervals()
            fitted[key] = found["low"], found["high"]
        of_low, of_high = fitted[key]
        hits += of_low[0] <= low <= of_low[1], of_high[0] <= high <= of_high[1]
        told += 1
    assert told > 0.97 * simulations
    error = np.sqrt(0.05 * 0.95 / simulations)
    assert np.all(hits / told >= 0.95 - 3.0 * error)
    assert np.all(hits / told <= 0.975 + 3.0 * error)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "step", "most"), CELLS[2:5])
def test_scale_of_a_pareto_whose_shape_is_known(n, step, most):
    rng = np.random.default_rng(7)
    member = lk.Pareto(1.4, 2.5 - 0.2 * step)

    @functools.cache
    def interval(first, count):
        x = np.full(n, first + step)
        x[:count] = first
        return lk.fit(x, "pareto", rounding=step, fixed={"shape": 1.4}).intervals()["scale"]

    hits = 0
    for _ in range(SIMULATIONS):
        cells = np.round(member.sample(n, rng) / step)
        least, greatest = interval(cells.min() * step, int(np.sum(cells == cells.min())))
        hits += least <= member.scale <= greatest
    assert 0.944 <= hits / SIMULATIONS <= most


def test_scale_and_shape_of_a_pareto():
    """Some hundreds of simulations, of which four standard errors are allowed for."""
    rng, simulations, n, step = np.random.default_rng(8), 400, 100, 1.0
    member = lk.Pareto(1.4, 2.1)
    hits = {"shape": 0, "scale": 0}
    for _ in range(simulations):
        x = np.round(member.sample(n, rng) / step) * step
        intervals = lk.fit(x, "pareto", rounding=step).intervals()
        for name in hits:
            hits[name] += intervals[name][0] <= getattr(member, name) <= intervals[name][1]
    assert hits["scale"] / simulations == pytest.approx(0.955, abs=0.045)
    assert hits["shape"] / simulations == pytest.approx(0.95, abs=0.05)


def test_shape_of_a_pareto_of_which_most_share_the_first_cell():
    """Some hundreds of simulations, of which some two standard errors are allowed for."""
    rng, simulations, n = np.random.default_rng(12), 300, 1_000
    member = lk.Pareto(3.0, 0.7)  # nine in ten lie in the first cell
    hits = 0
    for _ in range(simulations):
        fit = lk.fit(np.round(member.sample(n, rng)), "pareto", rounding=1.0)
        shape, error = fit.parameters["shape"], fit.standard_errors["shape"]
        hits += abs(np.log(shape / member.shape)) < 1.96 * error / shape
    assert 0.92 <= hits / simulations <= 0.98


def test_the_error_of_a_shape_is_that_of_its_profile():
    x = np.round(np.random.default_rng(0).pareto(3, 1000) * 0.7 + 0.7)
    fit = lk.fit(x, "pareto", rounding=1.0)
    observations = Observations.of(x, rounding=1.0)
    scales = np.linspace(0.5, 1.0, 2_001)

    def highest(shape):
        return max(lk.Pareto(shape, s).log_likelihood(observations) for s in scales)

    shape, by = fit.parameters["shape"], 0.1
    around = [highest(shape + d) for d in (-by, 0.0, by)]
    curvature = -(around[0] - 2.0 * around[1] + around[2]) / by**2
    assert fit.standard_errors["shape"] == pytest.approx(curvature**-0.5, rel=0.02)


SPREAD_OUT = [
    ([1, 2, 30, 500, 9000], {}), ([1, 1e6, 1e12, 1e15], {}), ([1, 2, 3, 5, 9], {"shape": 0.01}),
    ([1, 2, 3, 5, 9], {"shape": 1e-4}), ([3, 4, 4, 8, 1e5], {}),
]  # fmt: skip


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999, 1.0 - 1e-12])
@pytest.mark.parametrize(("x", "fixed"), SPREAD_OUT, ids=str)
def test_values_with_room_for_countless_cells(x, fixed, level):
    fit = lk.fit(x, "pareto", rounding=1.0, fixed=fixed)
    low, high = fit.intervals(level)["scale"]
    assert 0.0 <= low <= fit.parameters["scale"] <= high <= x[0] + 0.5


def test_countless_cells_taken_together_give_what_each_for_itself_does(monkeypatch):
    fit = lk.fit([1, 2, 3, 5, 9], "pareto", rounding=1.0, fixed={"shape": 0.06})
    together = fit.intervals()["scale"]
    monkeypatch.setattr(first_cell, "_CELLS", 10**7)  # of which some 10⁵ are needed
    assert together == pytest.approx(fit.intervals()["scale"], rel=1e-3)


def test_the_law_is_that_of_brute_force():
    """The share of samples whose likelihood ratio is as great, against drawing them."""
    n, step, low, high = 12, 0.2, 0.07, 1.2
    rng = np.random.default_rng(9)
    cells = np.floor(rng.uniform(low, high, (200_000, n)) / step)
    first = cells.min(axis=1)
    counts = np.sum(cells == first[:, None], axis=1)

    def nll(end, edge, count):
        at = np.minimum(edge - end, step)
        return n * np.log(high - end) - count * np.log(at)

    def ratio(edge, count, end):
        ends = np.linspace(edge - step, edge, 20_001)[:-1]
        return nll(end, edge, count) - nll(ends, edge, count).min()

    pairs, inverse = np.unique(np.stack([first, counts], 1), axis=0, return_inverse=True)
    ratios = np.array([ratio((c + 1.0) * step, k, low) for c, k in pairs])
    for (cell, k), seen in list(zip(pairs, ratios, strict=True))[::3]:
        drawn = np.mean(ratios[inverse] >= seen - 1e-5)
        x = np.full(n, high - 0.5 * step)
        x[: int(k)] = (cell + 0.5) * step
        fit = lk.fit(x, "uniform", rounding=step, fixed={"high": high})
        for level, inside in ((1.0 - drawn - 0.006, False), (1.0 - drawn + 0.006, True)):
            if 0.0 < level < 0.999:
                least, greatest = fit.intervals(level)["low"]
                assert inside <= (least <= low <= greatest)


def test_many_values_in_a_cell_follow_chi_square():
    x = np.repeat(np.arange(8.0), [3_000, *[10_000] * 6, 5_000])
    fit = lk.fit(x, "uniform", rounding=1.0)
    least, greatest = fit.intervals()["low"]
    n, count, reach = 63_000, 3_000, 6.0  # those of the last cell tell nothing
    drop = 0.5 * stats.chi2(1).isf(0.05)

    def fallen(end):
        u = 0.5 - end
        best = count * reach / (n - count)
        return n * np.log((u + reach) / (best + reach)) - count * np.log(u / best)

    assert fallen(least) == pytest.approx(drop, rel=0.05)
    assert fallen(greatest) == pytest.approx(drop, rel=0.05)


def test_the_readmes_waits():
    fit = lk.fit(lk.datasets.waiting_times(), "uniform", rounding=1)
    (least, low), (high, greatest) = fit.intervals().values()
    assert 42.0 < least < 43.0 < low < 43.5
    assert 95.5 < high < 96.0 < greatest < 97.0
    assert fit.standard_errors == {"low": None, "high": None}


@pytest.mark.parametrize("name", ["uniform", "pareto"])
@pytest.mark.parametrize("step", [1e-9, 1e-3])
def test_fine_rounding_gives_the_interval_of_exact_values(name, step):
    x = lk.Pareto(2.0, 3.0).sample(40, seed=3)
    exact = lk.fit(x, name).intervals(0.9)
    fit = lk.fit(np.round(x / step) * step, name, rounding=step)
    for parameter in fit.corners:
        assert fit.intervals(0.9)[parameter] == pytest.approx(
            exact[parameter], rel=1e-5, abs=5 * step
        )


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99, 0.99999])
@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e250])
@pytest.mark.parametrize("name", ["uniform", "pareto"])
def test_scaled_values_scale_the_interval(name, scale, level):
    x = np.array([3.0, 3, 4, 4, 5, 5, 6, 7, 9, 9, 12])
    one = lk.fit(x, name, rounding=1.0).intervals(level)
    other = lk.fit(x * scale, name, rounding=scale).intervals(level)
    for parameter in lk.fit(x, name, rounding=1.0).corners:
        assert other[parameter] == pytest.approx(tuple(scale * v for v in one[parameter]), rel=1e-6)


def test_a_far_origin_costs_no_digits():
    x = np.array([0.0, 0, 1, 1, 1, 2, 3, 3, 4])
    near = lk.fit(x, "uniform", rounding=1.0).intervals()["low"]
    far = lk.fit(x + 2.0**40, "uniform", rounding=1.0).intervals()["low"]
    assert np.subtract(far, 2.0**40) == pytest.approx(near, abs=1e-3)


@pytest.mark.parametrize("x", [[1.0, 1.4, 2.0, 3.0, 4.0], [1.0, 2.0, 2.5, 7.0]], ids=str)
def test_intervals_that_overlap_are_taken_at_their_widest(x):
    fit = lk.fit(x, "uniform", rounding=1.0)
    least, greatest = fit.intervals()["low"]
    low, high = lk.fit(x, "uniform").intervals()["low"]
    assert least < low - 0.5
    assert greatest == high + 0.5


def test_values_of_which_some_are_known():
    lower, upper = np.array([2.0, 3.0, 5.0, 7.0]), np.array([2.0, 4.0, 5.0, 9.0])
    plain = Observations.of(0.5 * (lower + upper))
    mixed = Observations(plain.values, plain.summary, lower=lower, upper=upper)
    least, greatest = lk.fit(mixed, "uniform").intervals()["low"]
    assert least < 0.0
    assert greatest == 2.0


@pytest.mark.parametrize("name", ["uniform", "pareto"])
@pytest.mark.parametrize("weight", [1e-3, 0.3, 1.0, 2.5])
def test_a_saved_fit_keeps_them(name, weight):
    x = [1.0, 1, 2, 2, 3, 4, 4, 5]
    fit = lk.fit(x, name, rounding=1.0, weights=[weight] * 8)
    back = lk.Fit.from_dict(json.loads(json.dumps(fit.to_dict(), allow_nan=False)))
    assert back.intervals(0.8) == fit.intervals(0.8)
    assert repr(back) == repr(fit)


def test_the_rise_is_that_of_the_likelihood():
    w = np.linspace(1e-3, 5.0, 200_001)
    for k in (1, 7, 20):
        height = k * np.log(-np.expm1(-w)) - (20 - k) * w
        at = k * np.log(-np.expm1(-0.3)) - (20 - k) * 0.3
        assert rise(k, 20, 0.3, 0.8) == pytest.approx(height[w <= 0.8].max() - at, abs=1e-3)


def test_an_end_that_nothing_holds_is_free():
    cell = FirstCell(0.0, 1.0, 1, 1, lambda _: lambda _, __: 1e-9, lambda _: 0.0, 0.5)
    least, _ = cell.interval(0.95)
    assert least < -1e15
