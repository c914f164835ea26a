"""The library of every server, ready in memory, and how it is renewed while the old one goes on answering."""

import asyncio
import contextlib
import logging
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from answers.catalog import Catalog
from answers.matching import Caution, Matcher
from answers.problem import Problem
from bot.libraries.folders import Folders, Look
from bot.libraries.following import Following
from bot.libraries.library import Library
from bot.libraries.own import Own, load_stored, read_own
from bot.libraries.settings_memory import GuildSettingsMemory
from bot.storage.errors import StorageError

if TYPE_CHECKING:
    from bot.storage.opening import Storage

Report = Callable[[str | None, Sequence[Problem]], None]
"""Is told of problems once: of a server's own answers, or, without a server, of the folders."""

_LOG = logging.getLogger(__name__)
_KEPT = 32
_EVERY = 2.0
_QUIET = 0.5
_PATIENCE = 10.0
_RETRY = 10.0


def log_problems(guild: str | None, problems: Sequence[Problem]) -> None:
    """Write problems to the log."""
    for problem in problems:
        _LOG.warning("%s%s", f"server {guild}: " if guild else "", problem)


@dataclass(slots=True)
class _Turn:
    """Who may renew a server's library: one at a time, and whoever waited for a later one is served by it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    asked: int = 0
    done: int = 0
    retry: float = 0.0
    reported: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Served:
    library: Library
    own: Own


class Libraries:
    """The answers of each server: shipped ones, those of folders, and over these the server's own.

    A server without anything of its own shares the library of all. One that has something costs some four
    megabytes; those that were asked last are kept, the others are read again when they are asked next.
    """

    def __init__(
        self,
        folders: Sequence[Path] = (),
        storage: "Storage | None" = None,
        *,
        report: Report = log_problems,
        kept: int = _KEPT,
        settings: GuildSettingsMemory | None = None,
    ) -> None:
        """Read the shipped answers and those of the folders, which takes a second.

        Args:
            folders: of an operator.
            storage: where servers' own answers are; without it they have none.
            report: is told of problems once.
            kept: servers with answers of their own that are held in memory.
            settings: of the servers; it is kept up to date with the answers.
        """
        self.settings = settings or GuildSettingsMemory(storage)
        self._folders = Folders(folders)
        self._storage = storage
        self._report = report
        self._kept = kept
        self._meanings = self._folders.meanings
        catalog = self._folders.catalog
        self._bases = _bases(catalog, Matcher(catalog, glossary=self._folders.glossary))
        self._plain: dict[str, Caution] = {}
        self._served: OrderedDict[str, _Served] = OrderedDict()
        self._marks: dict[str, str | None] = {}
        self._lock = threading.Lock()
        self._turns: defaultdict[str, _Turn] = defaultdict(_Turn)
        # Building takes a processor: one at a time leaves the others to those who ask.
        self._building = asyncio.Semaphore()

    @property
    def base(self) -> Library:
        """The library of all, for the terminal and direct messages."""
        return self._bases[Caution.BALANCED]

    def of(self, guild: str | None) -> Library:
        """Return the library of a server at once; one that is not in memory gets the library of all."""
        if guild is None:
            return self.base
        with self._lock:
            if (served := self._served.get(guild)) is not None:
                self._served.move_to_end(guild)
                return served.library
            return self._bases[self._plain.get(guild, Caution.BALANCED)]

    def is_loaded(self, guild: str | None) -> bool:
        """Tell whether what `of` returns is the server's own."""
        return guild is None or self._storage is None or guild in self._plain or guild in self._served

    @property
    def marks(self) -> Mapping[str, str | None]:
        """Of the servers in memory, the marks from before they were read; None: to read them again failed."""
        return dict(self._marks)

    async def at(self, guild: str | None) -> Library:
        """Return the library of a server; the first time, or after a while, it is read from the storage.

        While the storage does not answer it is the library of all: better than none.
        """
        if guild is None or self.is_loaded(guild):
            return self.of(guild)
        turn, clock = self._turns[guild], asyncio.get_running_loop().time
        async with turn.lock:
            if self._storage is None or self.is_loaded(guild) or clock() < turn.retry:
                return self.of(guild)
            try:
                return await self._read(guild, turn, self._storage)
            except StorageError as error:
                _LOG.warning("server %s has the library of all for now: %s", guild, error)
                turn.retry = clock() + _RETRY
                return self.of(guild)

    async def refresh(self, guild: str) -> Library:
        """Read a server's own answers, wordings and caution again; until that is done the old ones answer.

        Raises:
            StorageError: the storage did not answer; the old ones stay.
        """
        if self._storage is None:
            return self.base
        turn = self._turns[guild]
        turn.asked += 1
        ticket = turn.asked
        async with turn.lock:
            # Somebody who began after this was asked for has read it all.
            if turn.done >= ticket:
                return self.of(guild)
            try:
                return await self._read(guild, turn, self._storage)
            except StorageError:
                if guild in self._marks:
                    self._marks[guild] = None
                raise

    async def _read(self, guild: str, turn: _Turn, storage: "Storage") -> Library:
        began, before = turn.asked, self._own(guild)
        # Before the rest: what changes in between is noticed later.
        mark = (await storage.changes.of((guild,)))[guild]
        own = await asyncio.to_thread(read_own, await load_stored(storage, guild), before)
        library = await self._renew(guild, own)
        turn.done, self._marks[guild] = began, mark
        if new := [problem for problem in own.problems if problem not in turn.reported]:
            self._report(guild, new)
        turn.reported = own.problems
        return library

    async def watch(
        self, *, every: float = _EVERY, quiet: float = _QUIET, patience: float = _PATIENCE
    ) -> None:
        """Read again whatever changes in the folders, or in the storage by other processes, until cancelled.

        What could not be read at first is in `base.problems`; what goes wrong later is reported.

        Args:
            every: seconds from one look to the next.
            quiet: seconds without a change until what changed is read.
            patience: seconds after which files that never rest are left out, and the others read.
        """
        async with asyncio.TaskGroup() as both:
            both.create_task(self._watch_folders(every, quiet, patience))
            if self._storage is not None:
                both.create_task(Following(self._storage, (self.settings, self)).watch(every))

    async def _watch_folders(self, every: float, quiet: float, patience: float) -> None:
        while True:
            await asyncio.sleep(every)
            try:
                look = await asyncio.to_thread(self._folders.look)
                if self._folders.is_news(look):
                    await self._reload(look, quiet, patience)
            except Exception:  # noqa: BLE001  what is there goes on being given, and the next look may succeed
                _LOG.exception("the folders of answers could not be read again")

    async def _reload(self, look: Look, quiet: float, patience: float) -> None:
        busy: frozenset[Path] = frozenset()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while True:
                    await asyncio.sleep(quiet)
                    later = await asyncio.to_thread(self._folders.look)
                    busy, look = later.changed_since(look), later
                    if not busy:
                        break
        news = await asyncio.to_thread(self._folders.read, look, busy)
        if news:
            self._report(None, news)
        async with self._building:
            before = self.base
            self._bases = await asyncio.to_thread(self._build_base, before)
        if self.base.matcher is before.matcher and self.base.problems == before.problems:
            return
        for guild in list(self._served):
            async with self._turns[guild].lock:
                if (served := self._served.get(guild)) is not None:
                    await self._renew(guild, served.own)

    def _build_base(self, before: Library) -> "dict[Caution, Library]":
        catalog, meanings = self._folders.catalog, self._folders.meanings
        matcher = before.matcher
        if meanings != self._meanings:
            self._meanings = meanings
            matcher = Matcher(catalog, tools=matcher.tools.with_glossary(self._folders.glossary))
        elif catalog.entries != before.catalog.entries:
            matcher = Matcher(catalog, tools=matcher.tools)
        if matcher is not before.matcher:
            matcher.warm()
        return _bases(catalog, matcher)

    def _own(self, guild: str) -> Own:
        served = self._served.get(guild)
        return served.own if served is not None else Own()

    async def _renew(self, guild: str, own: Own) -> Library:
        """Build the library of a server on the library of all, and put it in its place."""
        while True:
            base = self.base
            async with self._building:
                library = await asyncio.to_thread(_build, base, own) if own else None
            # The folders may have changed meanwhile.
            if base is self.base:
                break
        with self._lock:
            if library is None:
                self._served.pop(guild, None)
                self._plain[guild] = own.caution
                return self._bases[own.caution]
            self._plain.pop(guild, None)
            self._served[guild] = _Served(library, own)
            self._served.move_to_end(guild)
            while len(self._served) > self._kept:
                gone, _ = self._served.popitem(last=False)
                self._marks.pop(gone, None)
        return library


def _bases(catalog: Catalog, matcher: Matcher) -> dict[Caution, Library]:
    return {
        caution: Library(catalog=catalog, matcher=matcher, problems=catalog.problems, caution=caution)
        for caution in Caution
    }


def _build(base: Library, own: Own) -> Library:
    catalog = own.over(base.catalog)
    return Library(
        catalog=catalog,
        matcher=base.matcher.updated(catalog, own.lessons),
        problems=catalog.problems,
        caution=own.caution,
    )
