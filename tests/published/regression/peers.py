"""Fit the published data by statsmodels and lifelines, and write what they say to peers.json.

    python peers.py

It needs both packages, which the tests themselves do not.
"""

import json
import warnings
from pathlib import Path

import lifelines
import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf

HERE = Path(__file__).parent
warnings.simplefilter("ignore")


def data_of(name):
    return pd.read_csv(HERE / "data" / f"{name}.csv", keep_default_na=False, na_values=["NA"])


def record(result, **more):
    """Return what a result of statsmodels says, by the names of its coefficients."""
    return {
        "coefficients": result.params.to_dict(),
        "errors": result.bse.to_dict(),
        "log_likelihood": float(result.llf),
        **more,
    }


def effects(result):
    table = result.get_margeff().summary_frame()
    return {"effects": table["dy/dx"].to_dict(), "effect_errors": table["Std. Err."].to_dict()}


def discrete():
    tight = {"disp": 0, "maxiter": 500, "gtol": 1e-10, "method": "newton", "tol": 1e-14}
    births, quine, epil = data_of("births"), data_of("quine"), data_of("epil")
    logit = smf.logit("low ~ age + lwt + smoke", births).fit(**tight)
    yield "births", "bernoulli", "low ~ age + lwt + smoke", record(logit, **effects(logit))
    probit = smf.probit("low ~ age + lwt + smoke", births).fit(**tight)
    yield "births", "bernoulli probit", "low ~ age + lwt + smoke", record(probit, **effects(probit))
    formula = "y ~ np.log(base) + age + V4"
    poisson = smf.poisson(formula, epil).fit(**tight)
    robust = smf.poisson(formula, epil).fit(cov_type="HC0", **tight)
    groups = np.repeat(np.arange(len(epil) // 4), 4)
    clustered = smf.poisson(formula, epil).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}, **tight
    )
    yield (
        "epil",
        "poisson",
        "y ~ log(base) + age + V4",
        record(
            poisson,
            **effects(poisson),
            robust=robust.bse.to_dict(),
            clustered=clustered.bse.to_dict(),
        ),
    )
    start = smf.negativebinomial("days ~ eth + sex + age + learner", quine).fit(
        disp=0, maxiter=2000, method="bfgs", gtol=1e-9
    )
    yield "quine", "negative binomial", "days ~ eth + sex + age + learner", record(start)


def generalized():
    cars = data_of("cars32")
    model = smf.glm("mpg ~ wt + hp", cars, family=sm.families.Gamma(sm.families.links.Log()))
    result = model.fit(tol=1e-14, maxiter=200)
    new = pd.DataFrame({"wt": [2.0, 3.5], "hp": [90.0, 200.0]})
    yield (
        "cars32",
        "gamma",
        "mpg ~ wt + hp",
        {
            "coefficients": result.params.to_dict(),
            "predicted": result.get_prediction(new).predicted_mean.tolist(),
        },
    )


def survival():
    rossi = data_of("rossi")
    terms = "fin + age + race + wexp + mar + paro + prio"
    for family, fitter in (
        ("weibull", lifelines.WeibullAFTFitter),
        ("lognormal", lifelines.LogNormalAFTFitter),
        ("loglogistic", lifelines.LogLogisticAFTFitter),
    ):
        made = fitter().fit(rossi, "week", "arrest", formula=terms, fit_options={"gtol": 1e-8})
        yield (
            "rossi",
            family,
            f"week ~ {terms}",
            {
                "coefficients": {f"{a}:{b}": v for (a, b), v in made.params_.items()},
                "errors": {f"{a}:{b}": v for (a, b), v in made.standard_errors_.items()},
                "log_likelihood": float(made.log_likelihood_),
            },
        )


def main():
    cases = [
        {"data": data, "family": family, "formula": formula, **said}
        for source in (discrete, generalized, survival)
        for data, family, formula, said in source()
    ]
    text = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "peers.json").write_text(f"[\n{text}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
