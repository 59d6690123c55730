"""How much memory there is, by what systems say of it."""

import pytest

from likeliest.engines import memory


@pytest.fixture
def system(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "_GROUP", tmp_path)
    return tmp_path


def test_free_memory_and_swap(system):
    (system / "meminfo").write_text("MemTotal: 99 kB\nMemAvailable: 8 kB\nSwapFree: 2 kB\n")
    assert memory.available() == 10 * 1024
    (system / "memory.max").write_text("max\n")
    assert memory.available() == 10 * 1024


def test_the_limit_of_a_group(system):
    (system / "meminfo").write_text("MemAvailable: 8 kB\n")
    (system / "memory.max").write_text("5000\n")
    (system / "memory.current").write_text("2000\n")
    assert memory.available() == 3000


@pytest.mark.skipif(not hasattr(memory.os, "sysconf"), reason="this system does not say")
def test_where_the_system_says_little(system, monkeypatch):
    assert memory.available() == memory.os.sysconf("SC_PHYS_PAGES") * memory.os.sysconf(
        "SC_PAGE_SIZE"
    )
    monkeypatch.delattr(memory.os, "sysconf")
    assert memory.available() is None
