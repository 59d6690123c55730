"""Small files of our own: written whole or not at all, read without running anything."""

from __future__ import annotations

import errno
import json
import math
import os
import secrets
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from likeliest.errors import DataError, ReadError


def write_whole(path: str | Path, text: str) -> None:
    """Write text to a temporary file beside `path`, then rename it into place."""
    with whole(path) as file:
        file.write(text.encode("utf-8"))


@contextmanager
def whole(path: str | Path) -> Iterator[BinaryIO]:
    """Open a file to write bytes to, which has the name `path` only once all are written.

    Where the system can, it has no name until then, so that nothing is left of it however the
    process ends. What is no file, a device or a pipe, is written to as it stands: /dev/null must
    stay one.

    Raises
    ------
    DataError
        If the disk is full.
    """
    target = _as_path(path)
    if target.is_dir():
        raise ReadError(f"{path} is a folder; name the file to write.")
    if not target.parent.is_dir():
        raise ReadError(f"There is no folder {target.parent} to write {target.name} in.")
    where = f"{path} cannot be written: its disk is full."
    with full_disk(f"{where} Make room there, or name another folder."):
        if target.exists() and not target.is_file():
            with target.open("wb") as file:
                yield file
        else:
            with _whole(target) as file:
                yield file


@contextmanager
def _whole(target: Path) -> Iterator[BinaryIO]:
    handle, temporary = _temporary_beside(target)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            if not temporary:
                temporary = _named(handle, target)
        _rename(temporary, target)
    except BaseException:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise


def _temporary_beside(target: Path) -> tuple[int, str]:
    """Return a new file in the folder of `target`, and its name: none where it needs none."""
    try:
        return os.open(target.parent, os.O_TMPFILE | os.O_WRONLY, 0o600), ""
    except (AttributeError, OSError):  # a system or a file system without such
        return tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")


def _named(handle: int, target: Path) -> str:
    """Give a file that has no name one beside `target`."""
    name = str(target.with_name(f".{target.name}.{secrets.token_hex(8)}"))
    # Where a folder is named the link goes to the file, not to its entry in /proc.
    beside = os.open(target.parent, os.O_RDONLY)
    try:
        os.link(f"/proc/self/fd/{handle}", name, src_dir_fd=beside)
    finally:
        os.close(beside)
    return name


_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}


@contextmanager
def full_disk(what: str) -> Iterator[None]:
    """Say `what` where a disk is full.

    Raises
    ------
    DataError
    """
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise DataError(what) from None


def _as_path(path: str | Path) -> Path:
    try:
        return Path(path)
    except TypeError:
        raise ReadError(f"A file is named by its path; got {path!r:.60}.") from None


def _rename(temporary: str, target: Path) -> None:
    """Put a temporary file in its place, with the permissions that an ordinary new file has."""
    umask = os.umask(0)
    os.umask(umask)
    Path(temporary).replace(target)
    target.chmod(0o666 & ~umask)


class Temporary:
    """A file that is gone with the object that holds it, unless it is moved into its place.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._remover = weakref.finalize(self, _removed_by, os.getpid(), path)

    def move(self, target: Path) -> bool:
        """Give it the name `target`; return whether that could be: once, and on one disk."""
        if not self._remover.alive or (target.exists() and not target.is_file()):
            return False
        try:
            _rename(str(self.path), target)
        except OSError:
            return False
        self._remover.detach()
        return True

    def remove(self) -> None:
        """Remove it now."""
        self._remover()

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        """Leave the file behind where its holder is copied: it has one owner."""
        return type(None), ()


def _removed_by(process: int, path: Path) -> None:
    if os.getpid() == process:  # not by a fork, which has a copy of the object
        with suppress(OSError):  # where a mapped file cannot be removed it stays
            path.unlink(missing_ok=True)


def read_json(path: str | Path) -> Any:
    """Return what a JSON file holds, or say in one line why it cannot be read."""
    try:
        return json.loads(_as_path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise ReadError(f"{path} is not JSON: {error}.") from None


def json_ready(record: Any) -> Any:
    """Return a record with its infinities as text, "inf" or "-inf": JSON has no number for them.

    Examples
    --------
    >>> json_ready({"df": float("inf"), "scale": [1.5, 2.0]})
    {'df': 'inf', 'scale': [1.5, 2.0]}
    """
    if isinstance(record, dict):
        return {name: json_ready(value) for name, value in record.items()}
    if isinstance(record, list):
        return [json_ready(value) for value in record]
    return repr(record) if isinstance(record, float) and not math.isfinite(record) else record
