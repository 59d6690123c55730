"""Grids with labelled dimensions: an xarray DataArray in, columns of groups back as a Dataset.

xarray is not needed here but to make a Dataset: a DataArray is told by what it offers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from likeliest.errors import DataError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import polars as pl

    from likeliest.numerics.arrays import Array


def is_labelled(data: Any) -> bool:
    """Whether the data are an xarray DataArray, or offer the same."""
    return all(hasattr(data, name) for name in ("dims", "coords", "transpose", "sizes"))


def cells_along(data: Any, dim: Hashable | Sequence[Hashable]) -> tuple[Array, list[pl.Series]]:
    """Return the cells of a DataArray, their values along the last axis, and what they are called.

    Returns
    -------
    values : array of shape (..., values)
    labels : list of polars.Series
        The labels along each dimension that is left, called as it is.

    Raises
    ------
    DataError
        If the data have no such dimension.
    """
    if not is_labelled(data):
        raise DataError(
            "dim names a dimension of an xarray DataArray; got "
            f"{type(data).__name__}. Of an array of NumPy say axis=, of other data by=."
        )
    along = [dim] if isinstance(dim, str) or not isinstance(dim, (list, tuple)) else [*dim]
    unknown = [name for name in along if name not in data.dims]
    if unknown or not along:
        raise DataError(
            f"dim={dim!r:.60} is no dimension of the data, which have "
            f"{', '.join(map(str, data.dims))}."
        )
    left = [name for name in data.dims if name not in along]
    values = np.asarray(data.transpose(*left, *along))
    values = values.reshape(*values.shape[: len(left)], -1)
    return values, [_labels(data, name) for name in left]


def _labels(data: Any, name: Hashable) -> pl.Series:
    """Return the labels along a dimension, its places where it has none."""
    import polars as pl

    if name not in data.coords:
        return pl.Series(str(name), range(data.sizes[name]))
    labels = np.asarray(data.coords[name])
    if labels.dtype.kind in "mM":
        labels = labels.astype(f"{labels.dtype.kind}8[us]")
    elif labels.dtype.kind == "O":  # such as dates of other calendars
        labels = labels.astype(str)
    return pl.Series(str(name), labels)


def dataset_of(keys: pl.DataFrame, columns: Mapping[str, Any]) -> Any:
    """Return columns with an entry for each group as an xarray Dataset, a dimension for each key.

    A combination of keys that is no group has NaN, or "".

    Raises
    ------
    MissingExtraError
        If xarray is not installed.
    """
    try:
        import xarray as xr
    except ImportError:
        raise MissingExtraError(
            "xarray is not installed: install it, or take the data frame, which to_frame() gives."
        ) from None
    coords, places = {}, []
    for name in keys.columns:
        labels, place = _places(keys[name])
        coords[name] = labels
        places.append(place)
    shape = tuple(len(labels) for labels in coords.values())

    def on_grid(column: Any) -> Any:
        cells = np.asarray(column)
        blank = np.nan if cells.dtype.kind == "f" else np.zeros((), cells.dtype)
        grid = np.full((*shape, *cells.shape[1:]), blank, dtype=cells.dtype)
        grid[tuple(places)] = cells
        return grid

    variables = {name: (list(coords), on_grid(column)) for name, column in columns.items()}
    return xr.Dataset(variables, coords=coords)


def _places(column: pl.Series) -> tuple[Any, Array]:
    """Return the different keys of a column, in order, and the place of each row among them."""
    different = column.unique(maintain_order=True)
    place = {key: at for at, key in enumerate(different.to_list())}
    return different.to_numpy(), np.array([place[key] for key in column.to_list()], dtype=np.intp)
