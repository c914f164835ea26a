"""What all work on answers shares: where they are kept, who reviews them, and what was reviewed already."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from weakref import WeakValueDictionary

from bot.errors import BadRequest
from bot.storage.errors import StorageError
from bot.storage.opening import Storage
from bot.storage.people import MAX_NOTE, Author, Signed
from bot.teaching.differences import compare
from bot.teaching.library import Libraries, Library
from bot.teaching.outcomes import Meanwhile, Overtaken
from bot.teaching.review import Client, Review, Reviewer
from bot.teaching.texts import Texts

_REMEMBERED = 500
_VERSIONS = 10


def _now() -> datetime:
    return datetime.now(UTC)


class Office:
    """The database, the libraries and the reviewer of all servers."""

    def __init__(
        self,
        storage: Storage,
        libraries: Libraries,
        reviewer: Reviewer,
        *,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.storage = storage
        self.libraries = libraries
        self.reviewer = reviewer
        self.texts = Texts(storage, libraries)
        self.now = clock
        self._passed: OrderedDict[tuple[str, bytes], Review] = OrderedDict()
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    def lock(self, guild: str, slug: str) -> asyncio.Lock:
        """Return what one may hold at a time who changes an answer or a draft of it."""
        return self._locks.setdefault((guild, slug), asyncio.Lock())

    def sign(self, author: Author, note: str = "") -> Signed:
        """Put a name and a time to what somebody does now."""
        return Signed(author=author, at=self.now(), note=note.strip()[:MAX_NOTE])

    async def review(
        self,
        guild: str,
        slug: str,
        text: str,
        client: Client | None = None,
        library: Library | None = None,
    ) -> Review:
        """Review a text in the library of a server, or in another one.

        Raises:
            JobError: nothing can be run at present.
        """
        review = await self.reviewer.review(text, slug, library or await self.libraries.at(guild), client)
        if review.passed:
            self._passed[_key(slug, text)] = replace(review, reply=None)
            while len(self._passed) > _REMEMBERED:
                self._passed.popitem(last=False)
        return review

    async def approve(
        self,
        guild: str,
        slug: str,
        text: str,
        client: Client | None = None,
        library: Library | None = None,
    ) -> Review:
        """Review a text once more before it goes live.

        What its runs found depends on the text alone: of one that passed, only what depends on the library is
        looked at again, which takes milliseconds.

        Raises:
            JobError: nothing can be run at present.
        """
        known = self._passed.get(_key(slug, text))
        if known is None:
            return await self.review(guild, slug, text, client, library)
        seen = await asyncio.to_thread(
            self.reviewer.look, text, slug, library or await self.libraries.at(guild)
        )
        warnings = tuple(one for one in known.warnings if one not in seen.problems)
        problems = tuple(sorted((*seen.problems, *warnings), key=lambda problem: problem.line))
        return replace(known, entry=seen.entry, problems=problems, seconds=seen.seconds)

    async def meanwhile(self, guild: str, slug: str, base: int) -> Meanwhile | None:
        """Say what others made of an answer since a version; None if nothing, as far as is known."""
        n, text, _ = await self.texts.head(guild, slug)
        if n == base:
            return None
        versions = await self.storage.answers.history(guild, slug, limit=_VERSIONS)
        since = tuple(one for one in versions if one.n > base)
        if not since:  # the database was put back to an older state
            since = versions[:1]
        if not since:
            return None
        old = self.texts.shipped(slug) if base <= 0 else await self._text_at(guild, slug, base)
        found = await compare(called(base), old or "", called(n), text or "")
        return Meanwhile(versions=since, difference=found)

    async def overtaken(self, guild: str, slug: str, base: int) -> Overtaken:
        """Say by whom.

        Raises:
            BadRequest: the database was put back to before all of it.
        """
        meanwhile = await self.meanwhile(guild, slug, base)
        if meanwhile is None:
            raise BadRequest(
                f"{called(base).capitalize()} of {slug!r:.60} was wanted, and the database has none; it was "
                "put back to an older state; nothing was changed; look at the answer again."
            )
        return Overtaken(slug=slug, head=meanwhile.versions[0].n, meanwhile=meanwhile)

    async def refresh(self, guild: str) -> bool:
        """Let everybody in a server have what was changed; False if the database was lost at that moment."""
        try:
            await self.libraries.refresh(guild)
        except StorageError:
            return False
        return True

    async def _text_at(self, guild: str, slug: str, n: int) -> str:
        try:
            return await self.texts.at(guild, slug, n)
        except StorageError:
            return ""


def called(n: int) -> str:
    """Name a version by its number."""
    return f"version {n}" if n else "the shipped version"


def _key(slug: str, text: str) -> tuple[str, bytes]:
    return slug, hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
