"""Chunks of a range, on one thread and on several."""

import os
import threading

import numpy as np
import pytest

from likeliest.engines import threads
from likeliest.errors import ParameterError


def bounds(first, end):
    return first, end


@pytest.fixture(autouse=True, params=[1, 2, 5])
def on_threads(request, monkeypatch):
    monkeypatch.setattr(threads, "CHUNK", 10)
    monkeypatch.setattr(threads, "LONG_CHUNK", 40)
    before = threads.set_threads(request.param)
    yield
    threads.set_threads(before)


@pytest.mark.parametrize("n", [1, 9, 10, 11, 20, 21, 159, 160, 997])
@pytest.mark.parametrize("light", [False, True])
def test_chunks_cover_the_range_in_order(n, light):
    longest = 40 if light and n >= 160 else 10
    chunks = threads.Chunks(bounds, n, light=light).all(lambda chunk: chunk)
    assert [row for first, end in chunks for row in range(first, end)] == list(range(n))
    lengths = [end - first for first, end in chunks]
    assert max(lengths) <= longest
    assert max(lengths) - min(lengths) <= 1
    assert len(lengths) == -(-n // longest)


def test_a_total_is_rounded_once():
    values = np.zeros(100)
    values[::10] = [1e16, 1.0, -1e16, 1.0, 1e16, 1.0, -1e16, 1.0, 1.0, 1.0]  # one in each chunk
    chunks = threads.Chunks(lambda first, end: values[first:end], 100)
    assert chunks.total(lambda part: [part.sum()]).tolist() == [6.0]


def test_a_light_pass_of_few_values_asks_no_thread():
    names = threads.Chunks(bounds, 159, light=True).all(lambda _: threading.current_thread().name)
    assert names == [threading.current_thread().name] * 16


@pytest.mark.parametrize("bad", [0, 500, 996])
def test_an_error_in_a_chunk_is_raised(bad):
    def look(chunk):
        first, end = chunk
        if first <= bad < end:
            raise LookupError(f"row {bad}")

    with pytest.raises(LookupError, match=f"row {bad}"):
        threads.Chunks(bounds, 997).all(look)


def test_numpys_error_state_holds_on_every_thread():
    def divide(_):
        return float(np.ones(1)[0] / np.zeros(1)[0])

    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        threads.Chunks(bounds, 100).all(divide)
    with np.errstate(divide="ignore"):  # a warning would be an error
        assert threads.Chunks(bounds, 100).all(divide) == [np.inf] * 10


def test_chunks_within_chunks_do_not_wait_for_each_other():
    def count(_):
        return sum(threads.Chunks(bounds, 100).all(lambda chunk: chunk[1] - chunk[0]))

    results = []
    work = threading.Thread(
        target=lambda: results.extend(threads.Chunks(bounds, 100).all(count)), daemon=True
    )
    work.start()
    work.join(timeout=60)
    assert results == [100] * 10


@pytest.mark.parametrize("number", [0, -1, 1.5, "2", True])
def test_a_number_of_threads_that_is_none(number):
    with pytest.raises(ParameterError, match="1 or more"):
        threads.set_threads(number)


@pytest.mark.parametrize("said", ["abc", "1.5", "-1", "²"])
def test_an_environment_that_says_no_number(monkeypatch, said):
    monkeypatch.setitem(threads._threads, "count", 0)
    monkeypatch.setenv("LIKELIEST_THREADS", said)
    with pytest.raises(ParameterError, match="LIKELIEST_THREADS"):
        threads.number()
    for good, number in (("3", 3), ("0", os.cpu_count()), ("", os.cpu_count())):
        monkeypatch.setitem(threads._threads, "count", 0)
        monkeypatch.setenv("LIKELIEST_THREADS", good)
        assert threads.number() == number
