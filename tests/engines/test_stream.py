"""Sums over what is read anew at each pass."""

import numpy as np
import pytest

from likeliest.engines.stream import Stream


def counted(chunks):
    """A stream of arrays and the list of its passes."""
    passes = []

    def read():
        passes.append(0)
        for chunk in chunks:
            passes[-1] += 1
            yield chunk

    return Stream(read), passes


def test_each_pass_reads_every_chunk_anew_in_order():
    chunks = [np.arange(n, dtype=float) for n in (3, 1, 7, 2, 5, 4)]
    stream, passes = counted(chunks)
    assert list(stream.each(np.size)) == [3, 1, 7, 2, 5, 4]
    assert list(stream.each(np.sum)) == [c.sum() for c in chunks]
    assert passes == [6, 6]


def test_a_total_is_rounded_once():
    stream, _ = counted([np.array([v]) for v in (1e16, 1.0, -1e16, 1.0)])
    assert stream.total(lambda chunk: [chunk.sum(), chunk.size]).tolist() == [2.0, 4.0]


def test_an_error_of_the_reader_and_of_the_kernel_is_raised():
    def read():
        yield 1.0
        yield 2.0
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        Stream(read).total(lambda chunk: [chunk])
    with pytest.raises(ZeroDivisionError):
        Stream(lambda: iter([1, 0, 2])).total(lambda chunk: [1 / chunk])
