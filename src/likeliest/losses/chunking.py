"""How rows of logits are cut into chunks, for NumPy arrays and tensors alike."""

from __future__ import annotations

CHUNK = 1 << 23
"""Logits held at a time."""

LEAST_ROWS = 256
"""In a chunk of fewer the matrix products would wait for the weights to come from memory."""

# Products of one or two rows are summed in one chain: 6 times the error at 8,192 terms.
_FEWEST_ROWS = 4


def bounds(n: int, size: int, least: int = 1) -> list[int]:
    """Return where chunks of even length, of about `size` rows, begin and end.

    Parameters
    ----------
    n : int
        Rows.
    size : int
    least : int
        Chunks at the least, if there are rows.

    Examples
    --------
    >>> bounds(10, 4)
    [0, 5, 10]
    """
    parts = max(min(-(-n // size), n // _FEWEST_ROWS), min(n, least))
    return [n * part // parts for part in range(parts + 1)] if parts else [0]
