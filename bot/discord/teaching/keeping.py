"""What the front remembers; nothing is lost but comfort when it forgets."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import discord

from bot.discord.teaching.index import Index
from bot.storage.people import Author
from bot.teaching.form import Extras, Fields

_T = TypeVar("_T")

_KEPT = 500


class Recently(Generic[_T]):
    """The last few things, by what they belong to."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], _T] = OrderedDict()

    def put(self, key: tuple[str, ...], value: _T) -> None:
        """Remember one."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def get(self, key: tuple[str, ...]) -> _T | None:
        """Return it, if it is known."""
        return self._kept.get(key)

    def drop(self, key: tuple[str, ...]) -> None:
        """Forget it."""
        self._kept.pop(key, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Work that somebody waits for."""

    user: int
    task: asyncio.Task[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """All of it."""

    index: Index
    running: dict[int, Running] = field(default_factory=dict[int, Running])
    """By the interaction that began it."""
    typed: Recently[Fields] = field(default_factory=Recently[Fields])
    """What did not fit together, by server, person and answer: the form shows it again."""
    typed_more: Recently[Extras] = field(default_factory=Recently[Extras])
    """Likewise, of the second form."""
    authors: Recently[Author] = field(default_factory=Recently[Author])
    """Whose drafts were given up, by server and id."""

    ended: Recently[bool] = field(default_factory=Recently[bool])
    """What was running and ended, by the interaction that began it."""
    tasks: set[asyncio.Task[Any]] = field(default_factory=set[asyncio.Task[Any]])
    """Everything that somebody began and was not told of yet."""

    def add_running(self, interaction: discord.Interaction, task: asyncio.Task[Any]) -> None:
        """Note what an interaction began, so that it can be cancelled."""
        self.running[interaction.id] = Running(user=interaction.user.id, task=task)

    def drop_running(self, interaction: discord.Interaction) -> None:
        """Note that it ended."""
        self.running.pop(interaction.id, None)
        self.ended.put((str(interaction.id),), value=True)

    def note_task(self) -> None:
        """Note that this task has somebody to answer."""
        if (task := asyncio.current_task()) is not None:
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def aclose(self, seconds: float) -> None:
        """End what is running, and wait until everybody was told; so long at most."""
        for one in list(self.running.values()):
            one.task.cancel()
        tasks = self.tasks - {asyncio.current_task()}
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self.index.aclose()
