"""How closely two fits agree, in the units that matter: standard errors and nats."""

import numpy as np


def assert_same_fit(one, two, *, errors=1e-7, nats=1e-12):
    """Assert that two fits of the same data agree.

    Estimates to within `errors` standard errors (to a few units in the last place where there is
    no standard error), standard errors to within 1e-5 of themselves, and log likelihoods to
    within `nats` times their size.
    """
    assert one.family == two.family
    assert one.n == two.n or abs(one.n - two.n) <= 1e-12 * one.n
    size = max(1.0, abs(one.log_likelihood))
    assert abs(one.log_likelihood - two.log_likelihood) <= nats * size
    for name, value in one.parameters.items():
        other, error = two.parameters[name], one.standard_errors[name]
        if error is None:
            assert other == value or abs(other - value) <= 4e-16 * abs(value), name
            assert two.standard_errors[name] is None
            continue
        rounding = 4.0 * np.spacing(abs(value))
        assert abs(other - value) <= errors * error + rounding, (name, value, other, error)
        assert abs(two.standard_errors[name] - error) <= 1e-5 * error, name
