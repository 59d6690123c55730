import pytest

from likeliest.engines import threads
from likeliest.fitting.routes import climb
from likeliest.likelihood import objective


@pytest.fixture
def short_chunks(monkeypatch):
    """Cut rows into chunks of a sixteenth of their length: a sixteenth of the rows will do."""
    for module, name in (
        (threads, "CHUNK"), (threads, "LONG_CHUNK"), (objective, "CHUNK"), (climb, "_START_ROWS")
    ):  # fmt: skip
        monkeypatch.setattr(module, name, getattr(module, name) // 16)
