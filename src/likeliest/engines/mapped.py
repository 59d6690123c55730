"""Temporary files mapped to memory, and what to say when a disk is full."""

from __future__ import annotations

import errno
import mmap
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from weakref import WeakSet

import numpy as np

from likeliest.files import full_disk

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray


@contextmanager
def room_in(folder: str | Path) -> Iterator[None]:
    """Say in one line that the disk of a folder is full.

    Raises
    ------
    DataError
    """
    with full_disk(
        f"the disk of {folder} is full. Make room, or work elsewhere: temporary files go to the "
        "folder that TMPDIR names."
    ):
        yield


def mapped(file: IO[bytes], offset: int, size: int, dtype: DTypeLike) -> NDArray[Any]:
    """Return an array in a file, which grows to hold it, mapped to memory to be written.

    Raises
    ------
    DataError
        If the disk has no room for it.
    """
    kind = np.dtype(dtype)
    if size == 0:
        return np.zeros(0, kind)
    begin = offset - offset % mmap.ALLOCATIONGRANULARITY
    end = offset + size * kind.itemsize
    _grow(file, end)
    content = mmap.mmap(file.fileno(), end - begin, offset=begin, access=mmap.ACCESS_WRITE)
    return np.frombuffer(content, kind, size, offset - begin)


def _grow(file: IO[bytes], size: int) -> None:
    """Have room for so many bytes: a full disk would end the process at a write to the mapping."""
    before = os.fstat(file.fileno()).st_size
    if size <= before:
        return
    with room_in(tempfile.gettempdir()):
        try:
            os.posix_fallocate(file.fileno(), before, size - before)
        except AttributeError:  # a system without it
            file.truncate(size)
        except OSError as error:  # a file system without it
            if error.errno not in {errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS}:
                raise
            file.truncate(size)


def scratch(size: int) -> NDArray[np.float64]:
    """Return an array of float64 in a temporary file, which is gone with the array.

    Raises
    ------
    DataError
        If the disk has no room for it.
    """
    with tempfile.TemporaryFile() as file:
        array = mapped(file, 0, size, np.float64)
    content = mapping(array)
    if content is not None:
        _SHARED.add(content)
    return array


def is_shared(array: NDArray[Any]) -> bool:
    """Whether an array lies in a file that was mapped here, so that its memory can be released."""
    content = mapping(array) if _SHARED else None
    return content is not None and content in _SHARED


def mapping(array: NDArray[Any]) -> mmap.mmap | None:
    """Return the mapped file that an array lies in, if it does."""
    base: object = array
    while isinstance(base, np.ndarray | memoryview):
        base = base.base if isinstance(base, np.ndarray) else base.obj
    return base if isinstance(base, mmap.mmap) else None


_AT_ONCE = 1 << 23  # entries whose memory is given back together: of float64 64 MiB
_SHARED: WeakSet[mmap.mmap] = WeakSet()  # those made here; another may be a private copy


def read_only(file: IO[bytes]) -> mmap.mmap:
    """Return a whole file, mapped to memory to be read."""
    content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    _SHARED.add(content)
    return content


def release(array: NDArray[Any]) -> None:
    """Give back the memory that an array holds, if it is of a file that was mapped here."""
    content = mapping(array)
    if content is not None and content in _SHARED:
        forget(content)


def picked(array: NDArray[Any], at: NDArray[Any]) -> NDArray[Any]:
    """Return entries of an array, and give back memory between some and the next if it is mapped.

    Some thousand entries at random touch every page of a file.
    """
    if not is_shared(array) or at.dtype == np.bool_:
        return np.asarray(array[at])
    found = np.empty(at.shape, array.dtype)
    order = np.argsort(at, kind="stable")
    parts = np.searchsorted(at[order], np.arange(_AT_ONCE, array.size, _AT_ONCE))
    for some in np.split(order, parts):
        found[some] = array[at[some]]
        release(array)
    return found


def forget(content: mmap.mmap) -> None:
    """Take the pages of a shared mapping out of this process."""
    if hasattr(content, "madvise"):
        content.madvise(mmap.MADV_DONTNEED)
