"""Describe a page: a headline, sections of paragraphs, tables, pictures and commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from likeliest.report.pictures import Picture
    from likeliest.tables import Table


@dataclass(frozen=True, slots=True)
class Commands:
    """Commands that a reader can copy, under a title.

    Parameters
    ----------
    title : str
    lines : tuple of str
    """

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a page; its parts are shown in the order of the parameters.

    Parameters
    ----------
    title : str
    paragraphs : tuple of str
    table : Table, optional
        Its title is the caption; its footer is not shown.
    sorts : bool
        Whether a reader can sort the table by its columns.
    below : tuple of str
        Paragraphs that explain the table.
    points : tuple of str
        A list.
    pictures : tuple of Picture
    commands : tuple of Commands
    """

    title: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None
    sorts: bool = False
    below: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    commands: tuple[Commands, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page that stands alone.

    Parameters
    ----------
    title : str
    headline : tuple of str
        The answer in a sentence or two.
    sections : tuple of Section
    record : dict
        The result for machines, kept in the page as JSON.
    """

    title: str
    headline: tuple[str, ...]
    sections: tuple[Section, ...]
    record: dict[str, Any] = field(default_factory=dict)
