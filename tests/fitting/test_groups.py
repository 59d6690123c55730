"""Groups that are fitted at once are what each is when it is fitted alone."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import LikeliestError
from members import ORDINARY

FAMILIES = [*ORDINARY]
SIZES = (1, 2, 3, *[6] * 4, *[20] * 4, 33)


def ragged(member, seed):
    """Return values of groups of several sizes, in a random order, with their keys."""
    rng = np.random.default_rng(seed)
    keys = rng.permutation(np.repeat(np.arange(len(SIZES)), SIZES))
    return np.asarray(member.sample(keys.size, rng=rng)), keys


def words_of(member, kind, x, seed):
    """Return data and words of one kind, and which rows could be seen."""
    rng = np.random.default_rng(seed)
    seen = np.ones(x.size, dtype=bool)
    if kind == "exact":
        return {"data": x}, seen
    if kind == "weighted":
        return {"data": x, "weights": rng.integers(1, 5, x.size)}, seen
    limits = member.quantile(rng.uniform(0.3, 0.95, x.size))
    if kind == "right":
        return {"data": np.minimum(x, limits), "event": x <= limits}, seen
    low, high = (float(member.quantile(q)) for q in (0.25, 0.7))
    step = max(high - low, 1.0) if member.discrete else 0.5 * (high - low)
    edge = np.floor(x / step) * step
    if kind == "interval":
        return {"lower": edge, "upper": edge + step - member.discrete}, seen
    if kind == "rounded":
        return {"data": np.round(x / step) * step, "rounding": step}, seen
    entry = member.quantile(rng.uniform(0.0, 0.5, x.size)) - (1.0 if member.discrete else 0.0)
    seen = x > entry
    return {"data": x[seen], "entry": entry[seen]}, seen


def part(words, mask):
    return {n: v[mask] if np.ndim(v) else v for n, v in words.items()}


def alone_or_why(family, words, **more):
    """Return the fit of one group, or the error."""
    try:
        return lk.fit(family=family, **words, **more)
    except LikeliestError as error:
        return error


def compare_with_alone(family, words, keys, **more):
    """Assert that each group is as its own fit; return the fits."""
    fits = lk.fit(family=family, by=keys, **words, **more)
    frame = fits.to_frame()
    assert list(fits) == sorted(set(keys.tolist()))
    for group, key in enumerate(fits):
        mask = keys == key
        alone = alone_or_why(family, part(words, mask), **more)
        if isinstance(alone, LikeliestError):
            assert fits.status[group] == "failed", str(alone)
            assert fits.reasons[key].split("row")[0] == str(alone).split("row")[0]
            continue
        row = frame.row(group, named=True)
        assert row["status"] == alone.diagnostics.outcome, (key, row, alone)
        assert row["n"] == pytest.approx(alone.n, rel=1e-14)
        terms = abs(alone.log_likelihood) + 10.0 * alone.n
        assert abs(row["log_likelihood"] - alone.log_likelihood) <= 1e-9 + 1e-13 * terms
        for name, value in alone.parameters.items():
            error = alone.standard_errors[name]
            if error is None or np.isnan(error):
                assert row[f"{name}_error"] is None
                assert row[name] == pytest.approx(value, rel=1e-9)
            else:
                assert row[f"{name}_error"] == pytest.approx(error, rel=1e-5), (name, row, alone)
                assert abs(row[name] - value) <= 1e-6 * error, (name, row, alone)
    return fits


KINDS = ("exact", "weighted", "right", "interval", "rounded", "entry")


@pytest.mark.parametrize("kind", KINDS)
def test_groups_are_as_each_alone(family, ordinary, kind):
    if kind == "rounded" and family.discrete:
        pytest.skip("counts are not rounded")
    if family is lk.Bernoulli and kind not in ("exact", "weighted"):
        pytest.skip("two values leave nothing to censor")
    x, keys = ragged(ordinary, 4)
    words, seen = words_of(ordinary, kind, x, 5)
    compare_with_alone(family, words, keys[seen])
