"""The inbox as instructors and their assistants see it, page by page."""

import asyncio
from dataclasses import replace

from answers.matching import Answer
from bot.inbox.collecting import collect
from bot.inbox.group import Group, GroupId, Nearest, Page, People, Shown
from bot.inbox.readings import Readings
from bot.libraries import Libraries, Library
from bot.storage.errors import NotFound
from bot.storage.inbox import Asked, DecisionConflict
from bot.storage.opening import Storage
from bot.teaching.roles import Person, require_assistant

PAGE = 5


class Looking:
    """Groups what is open in the inboxes of all servers."""

    def __init__(self, storage: Storage, libraries: Libraries, readings: Readings) -> None:
        self._storage = storage
        self._libraries = libraries
        self.readings = readings

    async def page(self, guild: str, person: Person, number: int = 1, *, size: int = PAGE) -> Page:
        """Return a page of the inbox, the most asked first; one beyond the last is the last.

        Raises:
            Refused: students do not see it.
            StorageError: the storage did not answer.
        """
        require_assistant(person, "The inbox")
        library = await self._libraries.at(guild)
        settings = await self._storage.settings.get(guild)
        groups = await self.groups(guild, library)
        pages = max(1, -(-len(groups) // size))
        number = min(max(number, 1), pages)
        chosen = [await self._counted(guild, one) for one in groups[(number - 1) * size : number * size]]
        return Page(
            groups=await asyncio.to_thread(lambda: tuple(_shown(one, library) for one in chosen)),
            number=number,
            pages=pages,
            total=len(groups),
            asked=sum(one.asked for one in groups),
            keeps=settings.keep_questions,
        )

    async def groups(self, guild: str, library: Library | None = None) -> tuple[Group, ...]:
        """Return all groups without the answers nearest to them, the most asked first.

        Raises:
            StorageError: the storage did not answer.
        """
        library = library or await self._libraries.at(guild)
        asked = await self._storage.inbox.open(guild)
        return await self._collect(asked, library)

    async def find(self, guild: str, id_: GroupId) -> Group:
        """Return a group as its card showed it, however much was asked since.

        Raises:
            DecisionConflict: somebody decided on it.
            NotFound: it is too old.
        """
        library = await self._libraries.at(guild)
        asked = await self._storage.inbox.open(guild)
        for group in await self._collect(asked, library, id_.horizon):
            if id_.anchor in group.ids:
                return await self._counted(guild, group)
        if (decision := await self._storage.inbox.decision_on(guild, id_.anchor)) is not None:
            raise DecisionConflict(decision)
        raise NotFound("These questions are gone, as all are after thirty days; open the inbox again.")

    async def show(self, guild: str, id_: GroupId) -> Shown:
        """Return a group, as `find` does, with the answers that are nearest to it by now."""
        group, library = await self.find(guild, id_), await self._libraries.at(guild)
        return await asyncio.to_thread(_shown, group, library)

    async def warm(self, guild: str) -> None:
        """Read what is kept, so that nobody waits for it after a restart: four milliseconds a text."""
        await self.groups(guild)

    async def _counted(self, guild: str, group: Group) -> Group:
        """Look up how many people asked where the wordings do not tell: each came from one person."""
        if group.people is not People.UNKNOWN:
            return group
        several = await self._storage.inbox.people(guild, group.ids) > 1
        return replace(group, people=People.SEVERAL if several else People.ONE)

    async def _collect(
        self, asked: tuple[Asked, ...], library: Library, horizon: int | None = None
    ) -> tuple[Group, ...]:
        return await asyncio.to_thread(collect, asked, library.matcher, self.readings, horizon)


def _shown(group: Group, library: Library) -> Shown:
    """Add the answers that the matcher finds, and those that askers named."""
    found = library.matcher.match(group.question, caution=library.caution)
    scores = {one.id: one.score for one in found.candidates}
    entries = library.catalog.entries
    nearest = [
        Nearest(
            id=id_,
            title=entries[id_].title,
            score=scores.get(id_, 0.0),
            wrong=group.wrong.get(id_, 0),
            chosen=group.chosen.get(id_, 0),
        )
        for id_ in dict.fromkeys([*scores, *group.chosen, *group.wrong])
        if id_ in entries
    ]
    return Shown(group=group, nearest=tuple(nearest), answered=isinstance(found, Answer))
