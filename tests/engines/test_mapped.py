"""Arrays in temporary files."""

import numpy as np

from likeliest.engines import mapped


def test_entries_are_picked_in_any_order_with_memory_given_back(monkeypatch):
    monkeypatch.setattr(mapped, "_AT_ONCE", 1_000)
    given_back = []
    monkeypatch.setattr(mapped, "release", given_back.append)
    array = mapped.scratch(10_500)
    array[:] = np.random.default_rng(1).normal(size=array.size)
    at = np.random.default_rng(2).integers(0, array.size, 3_000)
    assert np.array_equal(mapped.picked(array, at), array[at])
    assert len(given_back) == 11
    assert np.array_equal(mapped.picked(array, array > 0.0), array[array > 0.0])
    assert mapped.picked(array, np.zeros(0, dtype=np.intp)).size == 0
