"""How much memory there is, so that work that cannot succeed is not begun."""

from __future__ import annotations

import os
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")


def available() -> int | None:
    """Return how many bytes this process may still take, None where the system does not say.

    On Linux what is free or can be freed, swap included, within the limit of the control group;
    elsewhere all physical memory.
    """
    return min(filter(None, (_of_system(), _of_group())), default=None)


def _of_system() -> int | None:
    try:
        rows = (line.split() for line in _MEMINFO.read_text(encoding="ascii").splitlines())
        kilobytes = {row[0]: int(row[1]) for row in rows}
        return 1024 * (kilobytes["MemAvailable:"] + kilobytes.get("SwapFree:", 0))
    except (OSError, ValueError, KeyError, IndexError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # no such question on this system
        return None


def _of_group() -> int | None:
    try:
        most = int((_GROUP / "memory.max").read_text(encoding="ascii"))
        used = int((_GROUP / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):  # no group, or "max": no limit
        return None
    return max(most - used, 1)
