"""The README's calls, as a type checker sees them; mypy reads this file, nothing runs it."""

from typing import assert_type

import numpy as np

import likeliest as lk

rain = lk.datasets.seattle_rain()
fit = lk.fit(rain, "gamma")
assert_type(fit, lk.Fit)
assert_type(lk.fit([1.0, 2.0], lk.Gamma, fixed={"shape": 1.0}, weights=[1, 2]), lk.Fit)
assert_type(fit.parameters, dict[str, float])
assert_type(fit.standard_errors, dict[str, float | None])
assert_type(fit.intervals(0.99)["shape"], tuple[float, float] | None)
assert_type(fit.aicc, float)
table = lk.compare(np.arange(10), ["gamma", lk.LogNormal], criterion="bic")
assert_type(table, lk.Comparison)
assert_type(table.best, lk.Fit)
assert_type(table["gamma"], lk.Fit)
assert_type(lk.Normal(50, 2.5), lk.Normal)
assert_type(lk.Normal.fit(rain), lk.Fit)
lk.Normal(mean=50, std=2.5).nll([1.0, 2.0], reduction="mean")
lk.Normal(np.zeros(3), 1.0).log_prob(rain[:3])
lk.kl_divergence(lk.Normal(0, 1), lk.Normal(0, 2))
names = list(lk.datasets.first_names())
model = lk.language.fit(names[::2], order=5)
assert_type(model, lk.language.NGramModel)
assert_type(model.perplexity(names[1::2]), float)
assert_type(model.generate(3, seed=2), list[str])
assert_type(model.evaluate(names), lk.language.Evaluation)
column = lk.read("a.csv", "x", missing="drop", limits=True)
assert_type(column, lk.Column)
assert_type(lk.fit(column, "gamma"), lk.Fit)
assert_type(lk.fit(column.observations(), "gamma"), lk.Fit)
frame = {"hours": [1.0, 2.0], "failed": [1, 0]}
assert_type(lk.fit(frame, "weibull", column="hours", event="failed"), lk.Fit)
assert_type(lk.fit(family="weibull", lower=[1.0], upper=[2.0]), lk.Fit)
assert_type(lk.compare(lower=[1.0], upper=[2.0], missing="drop"), lk.Comparison)
assert_type(lk.fit(rain, "gamma", by=rain > 1.0), lk.Fits)
assert_type(lk.compare(rain, by=rain > 1.0), lk.Comparisons)
assert_type(lk.observe([1.0, 2.0], event=[True, False], entry=0.5), lk.Observations)
lk.fit(rain, "gamma", event=rain > 1.0, start={"shape": 1.0})
lk.fit(rain, "gamma", missing="nan")  # type: ignore[call-overload]
lk.read("a.csv", missing="nan")  # type: ignore[arg-type]
lk.Normal("50", 2.5)  # type: ignore[arg-type]
lk.Normal(50)  # type: ignore[call-arg]
lk.fit(rain, "gamma", wieghts=rain)  # type: ignore[call-overload]
assert_type(lk.regress("weeks ~ cells", frame, "weibull", event="failed"), lk.Regression)
assert_type(lk.regress(rain, rain, "gamma", formulas={"shape": rain}), lk.Regression)
lk.regress("weeks ~ cells", frame, "weibull", shape="~ cells")  # type: ignore[call-overload]
rows = lk.fit(frame, "multivariate normal", column=["hours", "failed"], missing="em")
assert_type(rows, lk.MultivariateFit)
assert_type(lk.fit(frame, lk.MultivariateT), lk.MultivariateFit)
assert_type(lk.compare(frame, ["multivariate normal", lk.MultivariateT]), lk.MultivariateComparison)
