"""The texts of a server's answers: those that it wrote itself, and the shipped ones beneath."""

from pathlib import Path

from answers.catalog import read_text
from answers.entry import Entry
from bot.errors import BadRequest
from bot.storage.answers import SHIPPED, Version
from bot.storage.opening import Storage
from bot.teaching.library import Libraries
from sim.knobs import nearest


class Texts:
    """Finds the text of any version."""

    def __init__(self, storage: Storage, libraries: Libraries) -> None:
        self._storage = storage
        self._libraries = libraries

    def shipped(self, slug: str) -> str | None:
        """Return the text that an answer has where no server has changed it; None for a server's own."""
        entry = self._shipped_entry(slug)
        if entry is None:
            return None
        try:
            return read_text(Path(entry.path))
        except (OSError, UnicodeDecodeError):
            raise BadRequest(
                f"The file of the shipped answer {slug!r} cannot be read; ask the operator."
            ) from None

    def shipped_ids(self) -> dict[str, str]:
        """Return the titles of the answers that are there without any server's doing, by id."""
        return {entry.id: entry.title for entry in self._libraries.of(None).catalog}

    def of(self, version: Version) -> str:
        """Return the text of a version."""
        return version.body if version.body is not None else self.shipped(version.slug) or ""

    async def head(self, guild: str, slug: str) -> tuple[int, str | None, Version | None]:
        """Return the number, text and version that count; the text is None where there is no such answer."""
        version = await self._storage.answers.head(guild, slug)
        if version is None:
            return SHIPPED, self.shipped(slug), None
        return version.n, self.of(version), version

    async def at(self, guild: str, slug: str, n: int) -> str:
        """Return the text of a version by its number.

        Raises:
            NotFound: there is no such version.
            BadRequest: the server's own answer has no shipped text.
        """
        if n != SHIPPED:
            return self.of(await self._storage.answers.version(guild, slug, n))
        text = self.shipped(slug)
        if text is None:
            raise BadRequest(
                f"{slug!r} is this server's own answer and came with no text; choose version 1 or later."
            )
        return text

    async def require(self, guild: str, slug: str) -> tuple[int, str, Version | None]:
        """Return what `head` does; raise BadRequest if the server has no such answer."""
        n, text, version = await self.head(guild, slug)
        if text is None:
            known = {*self.shipped_ids(), *(one.slug for one in await self._storage.answers.list(guild))}
            raise BadRequest(f"There is no answer {slug!r:.60} here; {nearest(slug, sorted(known))}")
        return n, text, version

    def _shipped_entry(self, slug: str) -> Entry | None:
        return self._libraries.of(None).catalog.entries.get(slug)
