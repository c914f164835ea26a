"""What instructors do with a group of the inbox; it is tried out on known messages before it is taught."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from weakref import WeakValueDictionary

from answers.matching import Lessons
from bot.errors import BadRequest
from bot.inbox.group import Group, GroupId
from bot.inbox.looking import Looking
from bot.inbox.outcomes import Decided, Harmful, Undone
from bot.libraries import Libraries, Library, would_harm
from bot.storage.errors import StorageError
from bot.storage.inbox import Choice, Decision, How
from bot.storage.opening import Storage
from bot.storage.people import Signed
from bot.storage.phrasings import Wording
from bot.teaching.roles import Person, Refused, Role, require_assistant
from sim.knobs import nearest


def _now() -> datetime:
    return datetime.now(UTC)


class Deciding:
    """Takes groups out of inboxes and puts them back; every method checks what the person may do.

    Within a server one decision is tried out and saved at a time: two that are harmless each by itself need
    not be so together.
    """

    def __init__(
        self,
        storage: Storage,
        libraries: Libraries,
        looking: Looking,
        *,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._storage = storage
        self._libraries = libraries
        self._looking = looking
        self._clock = clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def accept(
        self, guild: str, person: Person, group: GroupId, slug: str, *, text: str | None = None
    ) -> Decided | Harmful:
        """Make a group's question a way of asking for an answer.

        Args:
            guild: the server.
            person: who decides.
            group: the group, as its card named it.
            slug: the answer.
            text: the wording to teach, where it is not the one that speaks for the group.

        Raises:
            Refused: only instructors decide.
            BadRequest: there is no such answer.
            DecisionConflict: somebody else was faster.
            StorageError: the questions are gone, the wording is taken, or the storage did not answer.
        """
        _require(person, "Accepting a wording")
        return await self._teach(guild, person, group, How.PHRASING, slug, text)

    async def exclude(
        self, guild: str, person: Person, group: GroupId, slug: str | None = None, *, text: str | None = None
    ) -> Decided | Harmful:
        """Say that a group's question does not mean an answer, or without one that none is meant.

        Raises:
            As `accept` does.
        """
        _require(person, "Adding to what is not meant")
        return await self._teach(guild, person, group, How.NEGATIVE, slug, text)

    async def ignore(self, guild: str, person: Person, group: GroupId) -> Decided:
        """Take a group out of the inbox, and do nothing else.

        Raises:
            Refused: only instructors decide.
            StorageError: somebody else was faster, it is gone, or the storage did not answer.
        """
        _require(person, "Ignoring questions")
        return await self._settle(guild, person, group, How.IGNORE)

    async def answered(self, guild: str, person: Person, group: GroupId, slug: str) -> Decided:
        """Take a group out of the inbox once an answer was written for it.

        Raises:
            Refused: an assistant's answer waits for an instructor, and so does the group.
            StorageError: somebody else was faster, it is gone, or the storage did not answer.
        """
        _require(person, "Taking questions out of the inbox")
        return await self._settle(guild, person, group, How.ANSWER, slug)

    async def undo(self, guild: str, person: Person, decision_id: int) -> Undone:
        """Take a decision back: its questions are open again, and what it taught is forgotten.

        Raises:
            Refused: only instructors decide.
            StorageError: it was undone already, is too old, or the storage did not answer.
        """
        _require(person, "Undoing a decision")
        async with self._lock(guild):
            decision = await self._storage.inbox.undo(guild, decision_id)
            taught = decision.how in {How.PHRASING, How.NEGATIVE}
            return Undone(decision=decision, live=not taught or await self._refresh(guild))

    async def latest(self, guild: str, person: Person) -> tuple[Decision, ...]:
        """Return the latest decisions, the newest first.

        Raises:
            Refused: students do not see them.
            StorageError: the storage did not answer.
        """
        require_assistant(person, "The inbox")
        return await self._storage.inbox.decisions(guild)

    async def _teach(  # noqa: PLR0913, PLR0917  who decides what on which
        self, guild: str, person: Person, id_: GroupId, how: How, slug: str | None, text: str | None
    ) -> Decided | Harmful:
        async with self._lock(guild):
            group = await self._looking.find(guild, id_)
            library = await self._libraries.at(guild)
            title = None if slug is None else _title(library, slug)
            wording = Wording(
                text=" ".join((group.question if text is None else text).split()),
                slug=slug,
                negative=how is How.NEGATIVE,
            )
            harm = await would_harm(library, _lessons(wording))
            if harm is not None:
                return Harmful(reason=str(harm), messages=harm.messages)
            choice = Choice(how=how, slug=slug, text=wording.text)
            decision = await self._storage.inbox.decide(guild, group.ids, choice, by=self._sign(person))
            live = await self._refresh(guild)
        return Decided(decision=decision, question=wording.text, asked=group.asked, title=title, live=live)

    async def _settle(
        self, guild: str, person: Person, id_: GroupId, how: How, slug: str | None = None
    ) -> Decided:
        async with self._lock(guild):
            group: Group = await self._looking.find(guild, id_)
            choice = Choice(how=how, slug=slug)
            decision = await self._storage.inbox.decide(guild, group.ids, choice, by=self._sign(person))
        return Decided(decision=decision, question=group.question, asked=group.asked)

    async def _refresh(self, guild: str) -> bool:
        """Let everybody have what was taught; False if the database was lost at that moment."""
        try:
            await self._libraries.refresh(guild)
        except StorageError:
            return False
        return True

    def _sign(self, person: Person) -> Signed:
        return Signed(author=person.author, at=self._clock())

    def _lock(self, guild: str) -> asyncio.Lock:
        return self._locks.setdefault(guild, asyncio.Lock())


def _lessons(wording: Wording) -> Lessons:
    if not wording.negative:
        return Lessons(phrasings={wording.slug or "": (wording.text,)})
    if wording.slug is None:
        return Lessons(negatives=(wording.text,))
    return Lessons(exclusions={wording.slug: (wording.text,)})


def _title(library: Library, slug: str) -> str:
    entry = library.catalog.entries.get(slug)
    if entry is None:
        known = sorted(library.catalog.entries)
        raise BadRequest(f"Students here see no answer {slug!r:.60}; {nearest(slug, known)}")
    return entry.title


def _require(person: Person, what: str) -> None:
    require_assistant(person, "The inbox")
    if person.role < Role.INSTRUCTOR:
        raise Refused(
            f"{what} is for instructors, whom this server's settings name; you are an "
            "assistant here, so write an answer as a draft, which they see in their list, or ask one of them."
        )
