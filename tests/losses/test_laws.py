"""Laws of the likelihood losses, on drawn values."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from losses.cases import CASES, L

cases = st.sampled_from(CASES)
orders = st.permutations(range(6))
reals = st.floats(-50, 50)


@given(cases, orders)
def test_the_order_of_rows_does_not_matter(case, order):
    mixed = {name: v[list(order)] for name, v in case.arguments.items()}
    assert np.isclose(case(mixed), case(), rtol=1e-14)
    assert np.array_equal(case(mixed, reduction="none"), case(reduction="none")[list(order)])


@given(cases, st.integers(1, 5))
def test_sums_of_parts_make_the_whole(case, cut):
    parts = [{n: v[s] for n, v in case.arguments.items()} for s in (slice(cut), slice(cut, None))]
    assert np.isclose(
        sum(case(part, reduction="sum") for part in parts), case(reduction="sum"), rtol=1e-14
    )
    assert np.isclose(case(reduction="sum"), 6 * case(reduction="mean"), rtol=1e-14)


@given(reals, reals, st.floats(-20, 20), st.floats(-5, 5))
def test_units_only_shift_the_loss(input, target, log_std, log_unit):
    unit = np.exp(log_unit)
    for loss, name, options in (
        (L.gaussian_nll, "log_std", {}),
        (L.laplace_nll, "log_scale", {}),
        (L.student_t_nll, "log_scale", {"df": 3.0}),
    ):
        one = loss(input, target, **{name: log_std}, **options)
        other = loss(unit * input, unit * target, **{name: log_std + log_unit}, **options)
        assert np.isclose(other, one + log_unit, rtol=1e-11, atol=1e-11)


@given(reals, reals, st.floats(-20, 20))
def test_all_ways_to_say_a_spread_agree(input, target, log_std):
    std = np.exp(log_std)
    losses = [
        L.gaussian_nll(input, target, std * std),
        L.gaussian_nll(input, target, std=std),
        L.gaussian_nll(input, target, log_var=2.0 * log_std),
        L.gaussian_nll(input, target, log_std=log_std),
    ]
    assert np.allclose(losses, losses[0], rtol=1e-12, atol=1e-12)


@given(st.floats(-300, 300), st.sampled_from([0.0, 1.0]))
def test_a_label_swapped_is_a_logit_negated(logit, label):
    one = L.binary_cross_entropy_with_logits(logit, label)
    assert one == L.binary_cross_entropy_with_logits(-logit, 1.0 - label)
    assert one >= 0.0


@given(st.floats(-30, 30), st.floats(0, 1))
def test_soft_labels_are_mixtures(logit, label):
    no, yes = (L.binary_cross_entropy_with_logits(logit, y) for y in (0.0, 1.0))
    mixed = L.binary_cross_entropy_with_logits(logit, label)
    assert np.isclose(mixed, label * yes + (1.0 - label) * no, rtol=1e-13, atol=1e-15)


@given(st.floats(-5, 5), st.floats(-30, 3))
def test_masses_add_up_to_one(log_mean, log_dispersion):
    k = np.arange(20_000.0)
    poisson = np.exp(-L.poisson_nll(log_mean, k, reduction="none"))
    assert np.isclose(poisson.sum(), 1.0, rtol=1e-11)
    spread = min(log_dispersion, 1.0)
    mixed = L.negative_binomial_nll(log_mean, k, log_dispersion=spread, reduction="none")
    assert np.isclose(np.exp(-mixed).sum(), 1.0, rtol=1e-9)


@given(cases)
def test_the_gradient_of_the_mean_is_that_of_the_sum_over_n(case):
    _, of_mean = case(gradient=True)
    _, of_sum = case(reduction="sum", gradient=True)
    assert all(np.allclose(6 * of_mean[name], of_sum[name], rtol=1e-14) for name in of_sum)


@settings(max_examples=50)
@given(st.floats(-20, 5), st.sampled_from([0.0, 1.0, 7.0, 15.0, 100.0]), st.floats(-3, 6))
def test_dispersion_tends_to_the_poisson(log_dispersion, k, log_mean):
    dispersion = np.exp(log_dispersion - 20.0)
    mean = np.exp(log_mean)
    gap = L.negative_binomial_nll(mean, k, dispersion, log_input=False) - L.poisson_nll(
        mean, k, log_input=False
    )
    first = -0.5 * dispersion * ((k - mean) ** 2 - k)
    scale = dispersion * (1.0 + k + mean) ** 2
    assert abs(gap - first) <= scale * (dispersion * (1.0 + k + mean) ** 2) + 1e-11
