"""A mapped file is passed over in chunks: it is never in memory as a whole."""

import tracemalloc

import numpy as np
import pytest

import likeliest as lk
from agreement import assert_same_fit
from likeliest.distributions.bases import ByRow
from likeliest.distributions.combinators.blend import Blend
from members import MADE

N = 150_000


@pytest.fixture
def mapped(ordinary, tmp_path, short_chunks):
    ordinary.sample(N, seed=1).tofile(tmp_path / "values")
    before = lk.set_threads(2)  # each has chunks of its own in memory
    yield np.memmap(tmp_path / "values", dtype=np.float64, mode="r")
    lk.set_threads(before)


# A mode that is one of the values, whichever is best, is looked for among all of them at once.
@pytest.mark.families(
    where=lambda f: (f not in MADE or f.name == "hurdle gamma") and f.starts_highest is None
)
def test_a_mapped_file_is_fitted_in_little_memory(family, mapped):
    in_memory = lk.fit(np.array(mapped), family)
    lk.fit(mapped[:2000], family)  # modules that a file needs are imported
    tracemalloc.start()
    fit = lk.fit(mapped, family)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Row by row, a family has some thirty arrays of a chunk at once, on each thread; of three
    # parameters and more a dozen more for each.
    by_row = 1.0 + 0.4 * max(0, len(family.constraints) - 2)
    assert peak < (by_row if issubclass(family, (ByRow, Blend)) else 0.75) * mapped.nbytes
    assert_same_fit(fit, in_memory)
