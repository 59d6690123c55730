"""An argument of a wrong kind is one clear error of ours, never Python's own traceback."""

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import LikeliestError

X = [1.0, 2.0, 3.5, 2.2]
GAMMA = lk.Gamma(2.0, 3.0)
METHODS = ("log_prob", "pdf", "cdf", "sf", "log_cdf", "log_sf", "quantile", "upper_quantile",
           "score", "log_likelihood", "likelihood", "nll")  # fmt: skip


def fit():
    return lk.fit(X, "gamma")


CALLS = {
    "fixed list": (lambda: lk.fit(X, "gamma", fixed=["shape"]), "fixed={'shape': 2.0}"),
    "fixed number": (lambda: lk.fit(X, "gamma", fixed=3), "fixed={'shape': 2.0}"),
    "fixed text": (lambda: lk.fit(X, "gamma", fixed="shape=2"), "fixed={'shape': 2.0}"),
    "fixed to several": (lambda: lk.fit(X, "gamma", fixed={"shape": [1, 2]}), "one number"),
    "fixed to text": (lambda: lk.fit(X, "gamma", fixed={"shape": "2"}), "must be a number"),
    "fixed to None": (lambda: lk.fit(X, "gamma", fixed={"shape": None}), "got None"),
    "fixed unknown": (lambda: lk.fit(X, "gamma", fixed={3: 1.0}), "it has shape, scale"),
    "rounding text": (lambda: lk.fit(X, "gamma", rounding="1"), "such as 0.1"),
    "rounding flag": (lambda: lk.fit(X, "gamma", rounding=True), "such as 0.1"),
    "rounding list": (lambda: lk.compare(X, "gamma", rounding=[1]), "such as 0.1"),
    "criterion": (lambda: lk.compare(X, "gamma", criterion=["aic"]), "aicc, aic, bic, nll"),
    "progress": (lambda: lk.compare(X, "gamma", progress=3), "progress"),
    "missing": (lambda: lk.compare(X, "gamma", missing="ignore"), "missing"),
    "level text": (lambda: fit().intervals("95"), "such as 0.95"),
    "level percent": (lambda: fit().intervals(95), "such as 0.95"),
    "level None": (lambda: fit().intervals(None), "such as 0.95"),
    "level list": (lambda: fit().intervals([0.9]), "such as 0.95"),
    "interval text": (lambda: GAMMA.interval("a"), "between 0 and 1"),
    "interval list": (lambda: GAMMA.interval([0.5, 0.9]), "between 0 and 1"),
    "probability text": (lambda: GAMMA.probability("a", 2), "'a'"),
    "probability None": (lambda: GAMMA.probability(None, 2), "None"),
    "mass text": (lambda: lk.Poisson(3.0).probability("a", 2), "'a'"),
    "size text": (lambda: GAMMA.sample("a"), "whole number"),
    "size negative": (lambda: GAMMA.sample(-1), "whole number"),
    "size fraction": (lambda: GAMMA.sample(1.5), "whole number"),
    "size None": (lambda: GAMMA.sample(None), "whole number"),
    "size of a shape": (lambda: GAMMA.sample((2, -1)), "whole number"),
    "seed text": (lambda: GAMMA.sample(2, "a"), "seed"),
    "seed negative": (lambda: GAMMA.sample(2, -1), "seed"),
    "seed fraction": (lambda: GAMMA.sample(2, seed=1.5), "seed"),
    "reduction": (lambda: GAMMA.nll(X, reduction=3), "reduction"),
    "weights text": (lambda: GAMMA.nll(X, weights="a"), "weights"),
    "weights too few": (lambda: GAMMA.nll(X, [1, 2]), "2 weights for 4"),
    "weights by row": (lambda: GAMMA.nll(X, [1, 2], reduction="none"), "(2,)"),
    "parameter text": (lambda: lk.Gamma("a", 2), "must be a number"),
    "parameter None": (lambda: lk.Gamma(None, 2), "got None"),
    "parameter ragged": (lambda: lk.Gamma([[1], [2, 3]], 2), "array of numbers"),
    "parameters of other shapes": (lambda: lk.Gamma([1, 2, 3], [2, 3]), "shape (3,), scale (2,)"),
    "x of another shape": (lambda: lk.Gamma([1, 2, 3], 1).log_prob([1, 2]), "(3, 1)"),
    "cdf of another shape": (lambda: lk.Gamma([1, 2, 3], 1).cdf([1, 2]), "(3, 1)"),
    "divergence of a name": (lambda: lk.kl_divergence("normal", GAMMA), "likeliest.Normal"),
    "divergence from a number": (lambda: lk.cross_entropy(GAMMA, 3), "likeliest.Normal"),
    "entropy of a name": (lambda: lk.entropy("normal"), "likeliest.Normal"),
    "load a number": (lambda: lk.Fit.load(3), "path"),
    "save to a number": (lambda: fit().save(3), "path"),
    "save to no folder": (lambda: fit().save("no-such-folder/x.json"), "no folder no-such-folder"),
    "save to a folder": (lambda: fit().save("."), "is a folder"),
    "pictures of none": (lambda: lk.compare(X, "gamma").plot(top=0), "top"),
    "pictures of a name": (lambda: lk.compare(X, "gamma").plot(top="a"), "top"),
    "between a number": (lambda: GAMMA.plot(between=3), "two ends"),
    "between words": (lambda: GAMMA.plot(between=("a", 1)), "two ends"),
    "a column by number": (lambda: lk.read({"0": [1.0, 2.0]}, 0), "'0'"),
    "a column that is not there": (lambda: lk.datasets.load("old_faithful", "x"), "waiting"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "said"), CALLS.values(), ids=CALLS)
def test_an_argument_of_a_wrong_kind(call, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LikeliestError) as caught:
        call()
    assert said in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "x", ["a", "1.5", None, ["a"], ["1.5"], object(), [[1, 2], [3]], 1 + 2j, [1 + 2j],
          np.array(["2020-01-01"], "datetime64[D]")],
    ids=lambda x: "an object" if type(x) is object else repr(x),
)  # fmt: skip
def test_what_is_not_a_number_has_no_likelihood(method, x):
    with pytest.raises(LikeliestError):
        getattr(GAMMA, method)(x)
