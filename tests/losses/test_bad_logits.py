"""Bad input to the cross entropies of arrays: one clear error each."""

import re

import numpy as np
import pytest

import likeliest as lk

L = lk.losses
Z, T = np.zeros((4, 3)), np.array([0, 1, 2, 0])
DATA, OPTION = lk.errors.DataError, lk.errors.ParameterError


def with_value(value, at=(2, 1)):
    z = Z.copy()
    z[at] = value
    return z


LOGITS = {
    "strings": (np.array([["a", "b"]]), [0], "must hold real numbers; got <U1"),
    "objects": (np.array([[None, 1.0]]), [0], "must hold real numbers; got object"),
    "complex": (Z * 1j, T, "must hold real numbers; got complex128"),
    "bool": (Z == 0, T, "must hold real numbers; got bool"),
    "masked": (np.ma.masked_equal([[1, 9]], 9), [0], "input is a masked array that hides 1 of 2"),
    "ragged": ([[1.0], [1.0, 2.0]], [0, 0], "input must be an array of numbers"),
    "a number": (1.0, 0, "a dimension for the classes"),
    "no classes": (np.zeros((4, 0)), T, "no classes in an input of shape (4, 0)"),
}

TARGETS = {
    "too few": (T[:3], "must have the shape of the rows, (4,); got (3,)"),
    "a column": (T[:, None], "must have the shape of the rows, (4,); got (4, 1)"),
    "floats": (T * 1.0, "Class indices must be whole numbers"),
    "bool": (T > 0, "class indices or probabilities; got bool"),
    "strings": (["a"] * 4, "class indices or probabilities; got <U1"),
    "objects": ([0, 1, None, 2], "class indices or probabilities; got object"),
    "masked": (np.ma.masked_equal(T, 2), "target is a masked array that hides 1 of 4 values"),
    "too high": ([0, 3, 2, 7], "from 0 to 2, or -100 to be ignored: 2 of 4 rows (first: 1, 3)"),
    "too low": ([0, -1, 2, 1], "1 of 4 rows (first: 1) hold another (the first -1)"),
    "unsigned": (np.array([0, 1, 2, 200], np.uint8), "hold another (the first 200)"),
    "classes transposed": (np.zeros((3, 4)), "need the shape (4, 3)"),
    "negative": (with_value(-0.1), "finite and not negative: 1 of 4 rows (first: 2)"),
    "NaN": (with_value(np.nan), "finite and not negative: 1 of 4 rows (first: 2)"),
    "inf": (with_value(np.inf), "finite and not negative: 1 of 4 rows (first: 2)"),
}

VALUES = {
    "NaN": with_value(np.nan),
    "+inf": with_value(np.inf),
    "+inf at the target": with_value(np.inf, (2, 2)),
    "NaN at the target": with_value(np.nan, (2, 2)),
    "all -inf": with_value(-np.inf, 2),
}

OPTIONS = {
    "label_smoothing": (-0.1, 1.1, np.nan),
    "soft_cap": (0.0, -1.0, np.inf, np.nan),
    "temperature": (0.0, -1.0, np.inf, np.nan),
    "z_loss": (-1.0, np.inf, np.nan),
    "count": (0, -1, np.nan),
    "reduction": ("max",),
    "outputs": (("accuracy",), "nll"),
}


@pytest.mark.parametrize("case", LOGITS)
def test_logits(case):
    z, t, message = LOGITS[case]
    with pytest.raises(DATA, match=re.escape(message)):
        L.cross_entropy(z, t)
    with pytest.raises(DATA, match=re.escape(message)):
        L.nll_loss(z, t)


@pytest.mark.parametrize("case", TARGETS)
def test_targets(case):
    target, message = TARGETS[case]
    with pytest.raises(DATA, match=re.escape(message)):
        L.cross_entropy(Z, target)
    with pytest.raises(DATA, match=re.escape(message)):
        L.linear_cross_entropy(Z, np.eye(3), target)
    with pytest.raises(DATA, match="target"):
        L.nll_loss(Z, target)


@pytest.mark.parametrize("case", VALUES)
@pytest.mark.parametrize("gradient", [False, True])
def test_values_of_logits(case, gradient):
    message = re.escape("the logits of 1 of 4 rows (first: 2) are no distribution")
    with pytest.raises(DATA, match=message):
        L.cross_entropy(VALUES[case], T, gradient=gradient)
    with pytest.raises(DATA, match=message):
        L.cross_entropy(VALUES[case], np.full((4, 3), 1 / 3), gradient=gradient)
    with pytest.raises(DATA, match=message):
        L.linear_cross_entropy(VALUES[case], np.eye(3), T, gradient=gradient)


def test_rows_are_named_by_their_place():
    z = np.zeros((2, 3, 4))
    z[1, 0, 2] = np.nan
    with pytest.raises(DATA, match=re.escape("1 of 8 rows (first: (1, 2)) are no distribution")):
        L.cross_entropy(z, np.zeros((2, 4), int))
    z[...] = np.nan
    with pytest.raises(DATA, match=re.escape("(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), …)")):
        L.cross_entropy(z, np.zeros((2, 4), int))


@pytest.mark.parametrize("name", OPTIONS)
def test_options(name):
    for value in OPTIONS[name]:
        with pytest.raises(OPTION, match=name):
            L.cross_entropy(Z, T, **{name: value})
        with pytest.raises(OPTION, match=name):
            L.linear_cross_entropy(Z, np.eye(3), T, **{name: value})


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ([1.0, 2.0], "shape (3,); got shape (2,)"),
        ([1.0, -2.0, 1.0], "1 of 3 are not (first: class 1, -2)"),
        ([1.0, 1.0, np.nan], "1 of 3 are not (first: class 2, nan)"),
        (["a", "b", "c"], "weight must hold real numbers"),
    ],
)
def test_class_weights(weight, message):
    for loss in (L.cross_entropy, L.nll_loss):
        with pytest.raises(DATA, match=re.escape(message)):
            loss(Z, T, weight)


def test_layers():
    message = re.escape("the same features; got (4, 3) and (3, 2)")
    with pytest.raises(DATA, match=message):
        L.linear_cross_entropy(Z, np.zeros((3, 2)), T)
    with pytest.raises(DATA, match="the same features"):
        L.linear_cross_entropy(Z, np.zeros((2, 5, 3)), T)
    with pytest.raises(DATA, match="the same features"):
        L.linear_cross_entropy(Z, np.zeros((0, 3)), T)
    with pytest.raises(DATA, match="linear_bias must have one number for each of 3 classes"):
        L.linear_cross_entropy(Z, np.eye(3), T, linear_bias=[0.0])
    with pytest.raises(OPTION, match="chunk_size must be 1 or more; got 0"):
        L.linear_cross_entropy(Z, np.eye(3), T, chunk_size=0)


def test_axes():
    with pytest.raises(OPTION, match=re.escape("no axis 2 in an input of shape (4, 3)")):
        L.cross_entropy(Z, T, axis=2)


def test_log_probabilities():
    z = Z - 1.0
    z[2, 2] = np.nan
    message = re.escape("log probability is NaN or +inf in 1 of 4 rows (first: 2)")
    with pytest.raises(DATA, match=message):
        L.nll_loss(z, T)
    assert L.nll_loss(z, [0, 1, 0, 0]) == 1.0
