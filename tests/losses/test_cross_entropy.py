"""Cross entropy of arrays: against high precision, by its laws, one thread and two."""

import hypothesis
import hypothesis.extra.numpy as arrays
import hypothesis.strategies as st
import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import DataError, ParameterError
from losses.exact import MARGINS, OPTIONS, at_margin, nll, objective, slope

cross_entropy = lk.losses.cross_entropy


@pytest.mark.parametrize("classes", [2, 50])
def test_near_certainty_in_float64(classes):
    z = np.stack([at_margin(m, classes, np.float64, seed=m) for m in MARGINS])
    for t in (0, 1):
        target = np.full(len(z), t)
        losses, gradients = cross_entropy(z, target, reduction="none", gradient=True)
        for row, loss, slopes in zip(z, losses, gradients["input"], strict=True):
            truth, exact = nll(row, t)
            assert abs(loss - truth) <= 1e-12 * min(max(1, truth), truth)
            assert all(abs(s - e) <= 1e-12 * abs(e) for s, e in zip(slopes, exact, strict=True))


@pytest.mark.parametrize("classes", [2, 50, 3000])
def test_near_certainty_in_float32(classes):
    for margin in range(88):
        z = at_margin(margin, classes, np.float32, seed=margin)[None]
        loss, gradients = cross_entropy(z, [0], gradient=True)
        truth, slopes = nll(z[0], 0)
        assert loss.dtype == gradients["input"].dtype == np.float32
        bound = 1e-6 if margin <= 16 else 5e-6
        assert abs(float(loss) - truth) <= bound * truth
        assert abs(float(gradients["input"][0, 0]) - slopes[0]) <= bound * abs(slopes[0])


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_options_against_their_definition(options, weighted):
    rng = np.random.default_rng(1)
    z, t = rng.normal(scale=4.0, size=(6, 7)), rng.integers(0, 7, 6)
    weight = rng.uniform(0.2, 3.0, 7) if weighted else None
    losses, gradients = cross_entropy(z, t, weight, reduction="none", gradient=True, **options)
    for row, at, loss, slopes in zip(z, t, losses, gradients["input"], strict=True):
        truth = float(objective(row, at, weight, **options))
        assert abs(loss - truth) <= 1e-13 * max(1.0, abs(truth))
        exact = slope(row, at, weight, **options)
        assert np.allclose(slopes, exact, rtol=1e-11, atol=1e-14)


def test_reductions_are_the_losses_of_rows_put_together():
    rng = np.random.default_rng(2)
    z, t = rng.normal(size=(20, 5)), rng.integers(0, 5, 20)
    t[[3, 7]] = -100
    weight = rng.uniform(0.5, 2.0, 5)
    losses = cross_entropy(z, t, weight, reduction="none")
    assert np.all(losses[[3, 7]] == 0.0)
    total, gradients = cross_entropy(z, t, weight, reduction="sum", gradient=True)
    assert total == pytest.approx(losses.sum(), rel=1e-14)
    mean, of_mean = cross_entropy(z, t, weight, gradient=True)
    divisor = weight[t[t >= 0]].sum()
    assert mean == pytest.approx(total / divisor, rel=1e-14)
    assert np.allclose(of_mean["input"] * divisor, gradients["input"], rtol=1e-13, atol=0)
    assert not gradients["input"][[3, 7]].any()
    assert cross_entropy(z, t, weight, count=8) == pytest.approx(total / 8, rel=1e-14)


def test_probabilities_as_targets():
    rng = np.random.default_rng(3)
    z, t = rng.normal(size=(4, 6, 3)), rng.integers(0, 6, (4, 3))
    sure = np.moveaxis(np.eye(6)[t], -1, 1)
    for options in OPTIONS.values():
        ours, by = cross_entropy(z, sure, gradient=True, **options)
        other, by_other = cross_entropy(z, t, gradient=True, **options)
        assert ours == pytest.approx(other, rel=1e-13)
        assert np.allclose(by["input"], by_other["input"], rtol=1e-12, atol=1e-15)


def test_outputs():
    rng = np.random.default_rng(4)
    z, t = rng.normal(scale=3.0, size=(9, 4, 5)), rng.integers(0, 5, (9, 4))
    t[2, 1] = -100
    names = ("nll", "logsumexp", "confidence", "entropy", "rank")
    out, gradients = cross_entropy(z, t, axis=-1, outputs=names, gradient=True)
    p = np.exp(z) / np.exp(z).sum(-1, keepdims=True)
    counted = t >= 0
    own = np.take_along_axis(p, np.where(counted, t, 0)[..., None], -1)[..., 0]
    expected = {
        "nll": -np.log(own),
        "logsumexp": np.log(np.exp(z).sum(-1)),
        "confidence": p.max(-1),
        "entropy": -(p * np.log(p)).sum(-1),
    }
    for name, values in expected.items():
        found = getattr(out, name)
        assert np.isnan(found[2, 1])
        assert np.allclose(found[counted], values[counted], rtol=1e-12)
    assert out.rank.dtype == np.int64
    assert out.rank[2, 1] == -1
    assert np.array_equal(out.rank[counted], (p > own[..., None]).sum(-1)[counted])
    assert out.loss == cross_entropy(z, t, axis=-1)
    assert gradients["input"].shape == z.shape


def test_equal_logits_rank_by_class():
    out = cross_entropy(np.zeros((3, 3)), [0, 1, 2], outputs=("rank",))
    assert out.rank.tolist() == [0, 1, 2]


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_axes(axis):
    rng = np.random.default_rng(5)
    z, t = rng.normal(size=(40, 30, 6)), rng.integers(0, 6, (40, 30))
    moved = np.moveaxis(z, -1, axis)
    expected, by = cross_entropy(z.reshape(-1, 6), t.reshape(-1), gradient=True)
    for given in (moved, np.ascontiguousarray(moved), np.asfortranarray(moved)):
        loss, gradients = cross_entropy(given, t, axis=axis, gradient=True)
        assert loss == pytest.approx(expected, rel=1e-14)
        there = np.moveaxis(gradients["input"], axis, -1).reshape(-1, 6)
        assert np.allclose(there, by["input"], rtol=1e-13, atol=1e-18)


def test_many_blocks_of_any_layout():
    rng = np.random.default_rng(6)
    z, t = rng.normal(size=(3, 5, 100_000)).astype(np.float32), rng.integers(0, 5, (3, 100_000))
    t[:, ::7] = -100
    loss, gradients = cross_entropy(z, t, gradient=True)
    rows = np.ascontiguousarray(np.moveaxis(z, 1, -1)).reshape(-1, 5)
    expected, by = cross_entropy(rows, t.reshape(-1), gradient=True)
    assert loss == pytest.approx(expected, rel=1e-6)
    assert np.array_equal(np.moveaxis(gradients["input"], 1, -1).reshape(-1, 5), by["input"])


logits = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 6), st.integers(2, 9)),
    elements=st.floats(-80.0, 80.0, width=32),
)


@hypothesis.given(logits, st.floats(-50.0, 50.0, width=16), st.randoms(use_true_random=False))
def test_laws_of_rows(z, shift, random):
    n, classes = z.shape
    t = np.array([random.randrange(classes) for _ in range(n)])
    losses, gradients = cross_entropy(z, t, reduction="none", gradient=True)
    assert np.all(losses >= 0.0)
    assert np.all(np.abs(gradients["input"].sum(axis=1)) <= 1e-15)
    moved = cross_entropy(z + shift, t, reduction="none")
    assert np.allclose(moved, losses, rtol=1e-12, atol=1e-13)
    order = np.array(random.sample(range(classes), classes))
    place = np.argsort(order)
    permuted, by = cross_entropy(z[:, order], place[t], reduction="none", gradient=True)
    assert np.allclose(permuted, losses, rtol=1e-12, atol=0)
    assert np.allclose(by["input"], gradients["input"][:, order], rtol=1e-12, atol=0)


def test_threads_give_the_same_bits():
    rng = np.random.default_rng(7)
    z, t = rng.normal(size=(3000, 1000)).astype(np.float32), rng.integers(0, 1000, 3000)
    before = lk.set_threads(1)
    try:
        one, by_one = cross_entropy(z, t, gradient=True)
        lk.set_threads(2)
        two, by_two = cross_entropy(z, t, gradient=True)
    finally:
        lk.set_threads(before)
    assert one == two
    assert np.array_equal(by_one["input"], by_two["input"])


def test_masked_classes():
    z = np.array([[0.0, -np.inf, 0.0], [-np.inf, -np.inf, 3.0], [0.0, -np.inf, 1.0]])
    losses, gradients = cross_entropy(z, [0, 2, 1], reduction="none", gradient=True)
    assert losses == pytest.approx([np.log(2.0), 0.0, np.inf])
    assert np.all(np.isfinite(gradients["input"]))
    assert gradients["input"][1].tolist() == [0.0, 0.0, 0.0]
    without = cross_entropy(z[:, [0, 2]], [0, 1, 0], reduction="none")
    assert losses[:2] == pytest.approx(without[:2])


def test_a_masked_class_without_weight_costs_nothing():
    z = np.array([[0.0, -np.inf, 0.0], [0.0, -np.inf, 1.0]])
    for smoothing in (0.0, 0.1):
        losses = cross_entropy(
            z, [0, 1], [1.0, 0.0, 1.0], label_smoothing=smoothing, reduction="none"
        )
        assert np.all(np.isfinite(losses))


def test_ignored_rows_may_hold_anything():
    z = np.array([[1.0, 2.0], [np.nan, np.inf], [-np.inf, -np.inf]])
    loss, gradients = cross_entropy(z, [0, -100, -100], gradient=True)
    assert loss == cross_entropy(z[:1], [0])
    assert not gradients["input"][1:].any()


@pytest.mark.parametrize(("z", "t"), [(np.ones((2, 3)), [-100, -100]), (np.ones((0, 3)), [])])
def test_no_row_that_counts(z, t):
    for reduction in ("mean", "sum"):
        loss, gradients = cross_entropy(z, t, reduction=reduction, gradient=True)
        assert loss == 0.0
        assert gradients["input"].shape == z.shape
        assert not gradients["input"].any()
    assert cross_entropy(z, t, np.ones(3)) == 0.0
    assert cross_entropy(z, t, reduction="none").shape == (len(z),)


def test_the_dtype_is_that_of_the_logits():
    t = [0, 1]
    for kind, result in {"f2": "f2", "f4": "f4", "f8": "f8", "i8": "f8", ">f4": "f4"}.items():
        z = np.array([[3, 1], [2, 1]]).astype(kind)
        loss, gradients = cross_entropy(z, t, gradient=True)
        assert loss.dtype == gradients["input"].dtype == np.dtype(result)
        assert float(loss) == pytest.approx(0.7200948492, rel=2e-3 if kind == "f2" else 1e-6)
    assert cross_entropy([[3, 1], [2, 1]], t).dtype == np.float64


def test_data_frames_and_series():
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    z, t = np.random.default_rng(8).normal(size=(5, 3)), [0, 1, 2, 0, 1]
    expected = cross_entropy(z, t)
    names = ["a", "b", "c"]
    assert cross_entropy(pandas.DataFrame(z, columns=names), pandas.Series(t)) == expected
    assert cross_entropy(polars.DataFrame(z, schema=names), polars.Series(t)) == expected
    assert cross_entropy(z[0], 2) == cross_entropy(z[:1], [2])


@pytest.mark.parametrize("shift", [1e6, 1e10, 1e17])
def test_a_shift_of_all_logits_costs_no_digits(shift):
    logits = np.array([[48.0, 16.0, 32.0, 0.0]])
    expected = cross_entropy(logits, [0], gradient=True)
    found = cross_entropy(np.array([[3.0, 1.0, 2.0, 0.0]]) * 16.0 + shift, [0], gradient=True)
    if shift < 1e17:
        assert found[0] == pytest.approx(expected[0], rel=1e-13)
        np.testing.assert_allclose(found[1]["input"], expected[1]["input"], rtol=1e-13)
    assert cross_entropy(np.full((1, 10), shift), [3]) == pytest.approx(np.log(10.0), rel=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_classes_masked_with_the_lowest_number(dtype):
    logits = np.full((2, 10), np.finfo(dtype).min)
    logits[1, 2] = 0.0
    losses, by = cross_entropy(logits, [3, 2], reduction="none", gradient=True)
    np.testing.assert_allclose(losses, [np.log(10.0), 0.0], rtol=1e-6)
    np.testing.assert_allclose(by["input"][0], np.full(10, 0.1) - np.eye(10)[3], rtol=1e-6)


def test_rows_are_left_out_by_a_mask():
    rng = np.random.default_rng(0)
    logits, mask = rng.normal(size=(4, 3)), np.array([True, False, True, True])
    logits[1] = np.nan
    probabilities = rng.dirichlet(np.ones(3), 4)
    for target in (np.array([0, 1, 2, 0]), probabilities):
        found, by = lk.losses.cross_entropy(logits, target, mask=mask, gradient=True)
        few, by_few = lk.losses.cross_entropy(logits[mask], target[mask], gradient=True)
        assert found == few
        assert np.array_equal(by["input"][mask], by_few["input"])
        assert not by["input"][1].any()
        linear = lk.losses.linear_cross_entropy(logits, np.eye(3), target, mask=mask)
        assert linear == pytest.approx(few, rel=1e-14)


def test_what_has_no_meaning_is_refused():
    z, p = np.zeros((2, 3)), np.full((2, 3), 1 / 3)
    with pytest.raises(ParameterError, match="mask="):
        lk.losses.cross_entropy(z, p, ignore_index=0)
    with pytest.raises(ParameterError, match="leave it out"):
        lk.losses.cross_entropy(z, [0, 1], count=2, reduction="sum")
    with pytest.raises(DataError, match="mask must be a bool array"):
        lk.losses.cross_entropy(z, [0, 1], mask=[1, 0])
