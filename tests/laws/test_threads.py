"""One thread and two give the same bits."""

import pytest

import likeliest as lk
from likeliest.engines.threads import LONG_CHUNK

pytestmark = pytest.mark.slow

N = LONG_CHUNK // 2 + 1  # five of the longest chunks, cut short


@pytest.fixture
def on_threads(short_chunks):
    """Return a function that runs another on so many threads."""
    before = lk.set_threads(1)
    lk.set_threads(before)

    def run(count, function):
        lk.set_threads(count)
        return function()

    yield run
    lk.set_threads(before)


def test_threads_give_the_same_bits(family, ordinary, on_threads):
    x = ordinary.sample(N, seed=13)
    one, two, three = (on_threads(n, lambda: lk.fit(x, family)) for n in (1, 2, 3))
    for other in (two, three):
        assert other.parameters == one.parameters
        assert other.log_likelihood == one.log_likelihood
        assert other.errors.tolist() == one.errors.tolist()
        assert other.correlation.tolist() == one.correlation.tolist()


def test_threads_give_the_same_likelihood(family, ordinary, on_threads):
    x = ordinary.sample(N, seed=14)
    values = {on_threads(n, lambda: ordinary.log_likelihood(x)) for n in (1, 2)}
    assert len(values) == 1
