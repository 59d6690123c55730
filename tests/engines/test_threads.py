"""Chunks of a range, on one thread and on several."""

import threading

import numpy as np
import pytest

from likeliest.engines import threads


@pytest.fixture(autouse=True, params=[1, 2, 5])
def on_threads(request):
    before = threads.set_threads(request.param)
    yield
    threads.set_threads(before)


@pytest.mark.parametrize("n", [1, 9, 10, 11, 20, 21, 997])
def test_chunks_cover_the_range_in_order(n):
    chunks = threads.over_chunks(lambda first, end: (first, end), n, 10)
    assert [row for first, end in chunks for row in range(first, end)] == list(range(n))
    lengths = [end - first for first, end in chunks]
    assert max(lengths) <= 10
    assert max(lengths) - min(lengths) <= 1
    assert len(lengths) == -(-n // 10)


def test_a_total_is_rounded_once():
    values = np.array([1e16, 1.0, -1e16, 1.0] * 25)
    assert threads.total(lambda first, end: [values[first:end].sum()], 100, 1).tolist() == [50.0]


@pytest.mark.parametrize("bad", [0, 500, 996])
def test_an_error_in_a_chunk_is_raised(bad):
    def look(first, end):
        if first <= bad < end:
            raise LookupError(f"row {bad}")

    with pytest.raises(LookupError, match=f"row {bad}"):
        threads.over_chunks(look, 997, 10)


def test_numpys_error_state_holds_on_every_thread():
    def divide(first, end):
        return float(np.ones(1)[0] / np.zeros(1)[0])

    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        threads.over_chunks(divide, 100, 1)
    with np.errstate(divide="ignore"):  # a warning would be an error
        assert threads.over_chunks(divide, 100, 1) == [np.inf] * 100


def test_chunks_within_chunks_do_not_wait_for_each_other():
    def count(first, end):
        return sum(threads.over_chunks(lambda a, b: b - a, 100, 10))

    results = []
    work = threading.Thread(
        target=lambda: results.extend(threads.over_chunks(count, 100, 10)), daemon=True
    )
    work.start()
    work.join(timeout=60)
    assert results == [100] * 10
