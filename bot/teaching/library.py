"""What a review has to know of the library that an answer is part of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from answers.catalog import Catalog
from answers.entry import Entry
from answers.matching import Matcher


class Library(Protocol):
    """The answers of one server, and what finds them."""

    @property
    def catalog(self) -> Catalog:
        """The answers by id."""
        ...

    @property
    def matcher(self) -> Matcher:
        """Of these answers."""
        ...


class Libraries(Protocol):
    """The libraries of all servers."""

    def of(self, guild: str | None, /) -> Library:
        """Return a library from memory; without a server, the one beneath all others."""
        ...

    async def at(self, guild: str | None, /) -> Library:
        """Return a server's library, read from where it is kept if it is not in memory."""
        ...

    async def refresh(self, guild: str, /) -> Library:
        """Read a server's answers again, and let everybody there have them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A library that was put together by hand."""

    catalog: Catalog
    matcher: Matcher


def joined(catalog: Catalog, entries: Iterable[Entry]) -> Catalog:
    """Return the library with these answers in it, in the place of those with the same id."""
    return Catalog(entries={**catalog.entries, **{entry.id: entry for entry in entries if entry.id}})
