"""The ids and titles that a command offers while it is typed, from memory: Discord waits for no database."""

import asyncio
import logging
import time
from dataclasses import dataclass

from bot.hub import Hub
from bot.storage.errors import StorageError
from bot.storage.people import Author
from bot.storage.text import folded
from bot.teaching.outcomes import Item, State
from bot.teaching.roles import Person, Role

_log = logging.getLogger(__name__)

_FRESH = 10.0
"""Seconds after which it is read again in the background, for other fronts write drafts too."""
_CHOICES = 25
_EVERYBODY = Person(author=Author(id="", name="the bot"), role=Role.INSTRUCTOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What is offered: a text to read and the value that it stands for."""

    name: str
    value: str


class Index:
    """What there is in every server, as it was a moment ago."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._items: dict[str, tuple[Item, ...]] = {}
        self._read: dict[str, float] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def renew(self, guild: str) -> None:
        """Read a server's answers and drafts again, in the background."""
        task = self._tasks.get(guild)
        if task is not None and not task.done():
            self._read[guild] = 0.0  # what is being read may be too old already
            return
        self._read[guild] = time.monotonic()
        self._tasks[guild] = asyncio.create_task(self._load(guild))

    def answers(self, guild: str, typed: str) -> list[Suggestion]:
        """Return the answers whose id or title holds all that was typed, the likeliest first."""
        found = [Suggestion(name=f"{one.title} · {one.slug}", value=one.slug) for one in self._known(guild)]
        return _matching(found, typed)

    def with_drafts(self, guild: str, person: Person, typed: str) -> list[Suggestion]:
        """Return the drafts that somebody may see, then the answers."""
        drafts: list[Suggestion] = []
        for item in self._known(guild):
            for one in item.drafts:
                mine = one.author.id == person.author.id
                if mine or person.role >= Role.INSTRUCTOR:
                    whose = "your draft" if mine else f"draft by {one.author.name}"
                    value = item.slug if mine else f"{item.slug}@{one.author.id}"
                    drafts.append(Suggestion(name=f"{item.slug} · {whose} · {item.title}", value=value))
        shown = _matching(drafts, typed)
        mine = {one.value for one in shown}
        return [*shown, *(one for one in self.answers(guild, typed) if one.value not in mine)][:_CHOICES]

    async def aclose(self) -> None:
        """Read nothing any more."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _known(self, guild: str) -> tuple[Item, ...]:
        if time.monotonic() - self._read.get(guild, 0.0) > _FRESH:
            self.renew(guild)
        if (items := self._items.get(guild)) is not None:
            return items
        catalog = self._hub.libraries.of(guild).catalog
        return tuple(
            Item(slug=entry.id, title=entry.title, state=State.SHIPPED, n=0, changed=None)
            for entry in catalog
        )

    async def _load(self, guild: str) -> None:
        try:
            self._items[guild] = await self._hub.desk.reading.list(guild, _EVERYBODY)
        except StorageError as error:
            _log.info("the answers of server %s could not be listed: %s", guild, error)


def split_id(text: str) -> tuple[str, str | None]:
    """Part the id of an answer from that of a draft's author, as the suggestions write them."""
    slug, at, author = text.strip().partition("@")
    return slug, author if at and author.isdecimal() else None


def _matching(found: list[Suggestion], typed: str) -> list[Suggestion]:
    words = folded(typed).split()
    first = folded(typed).strip()
    kept = [one for one in found if all(word in folded(f"{one.name} {one.value}") for word in words)]
    kept.sort(key=lambda one: not (first and folded(one.value).startswith(first)))
    return kept[:_CHOICES]
