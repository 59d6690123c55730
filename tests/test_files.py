"""Files are written whole or not at all, bundled data are what they say, saved fits are checked."""

import json
import os

import numpy as np
import pytest

import likeliest as lk
from likeliest.errors import DataError, ReadError
from likeliest.files import read_json, write_whole


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path):
    target = tmp_path / "a.json"
    write_whole(target, "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(target, "new \ud800")
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_what_is_no_file_is_written_to_and_never_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)) as reader:
        write_whole(pipe, "text")
        assert reader.read() == "text"
    assert pipe.is_fifo()
    assert [p.name for p in tmp_path.iterdir()] == ["pipe"]


def test_reading_json(tmp_path):
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(ReadError, match="not JSON"):
        read_json(tmp_path / "bad.json")
    with pytest.raises(ReadError, match="cannot be read"):
        read_json(tmp_path / "none.json")


@pytest.mark.parametrize("damage", [
    lambda s: s.pop("distribution"), lambda s: s.update(distribution=3),
    lambda s: s["distribution"].update(family="nonsense"),
    lambda s: s["distribution"]["parameters"].update(std=-1.0),
    lambda s: s["distribution"]["parameters"].pop("std"),
    lambda s: s.update(log_likelihood="high"), lambda s: s.update(correlation=[[1.0]]),
    lambda s: s["diagnostics"].update(outcome="splendid"), lambda s: s.update(diagnostics=None),
    lambda s: s.update(errors=[1.0]), lambda s: s.update(free=["mean", "sd"]),
])  # fmt: skip
def test_a_damaged_fit_is_refused(damage):
    saved = json.loads(json.dumps(lk.fit([1.0, 2.0, 4.0], "normal").to_dict()))
    damage(saved)
    with pytest.raises(DataError):
        repr(lk.Fit.from_dict(saved))


@pytest.mark.parametrize("saved", [None, [], "fit", 3])
def test_what_is_no_fit_is_refused(saved):
    with pytest.raises(DataError, match="saved fit"):
        lk.Fit.from_dict(saved)


def test_bundled_data():
    assert lk.datasets.names() == ("five_points", "old_faithful", "seattle_rain")
    waiting, duration = lk.datasets.waiting_times(), lk.datasets.eruption_durations()
    # The summaries that R prints for datasets::faithful.
    assert waiting.size == duration.size == 272
    assert round(float(duration.mean()), 3) == 3.488
    assert round(float(waiting.mean()), 1) == 70.9
    assert (float(waiting.min()), float(waiting.max())) == (43.0, 96.0)
    assert (float(duration.min()), float(duration.max())) == (1.6, 5.1)
    rain = lk.datasets.seattle_rain()
    assert rain.size == 623
    assert np.all(rain > 0)
    with pytest.raises(ReadError, match="old_faithful"):
        lk.datasets.path("old_faithfull")
