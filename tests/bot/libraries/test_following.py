"""Several processes serve from one database: what one of them changes, the others notice soon."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from libraries_samples import BY, COFFEE, KETTLE, NOW, Ask, Teacher

from answers.matching import Caution
from bot.libraries import Libraries
from bot.libraries.following import Following
from bot.storage.errors import StorageUnavailable
from bot.storage.guild_settings import GuildSettings
from bot.storage.location import Location
from bot.storage.opening import Storage, open_storage

HOT = "how hot is the kettle"


@dataclass(frozen=True, slots=True)
class Process:
    """What one process of the bot holds."""

    storage: Storage
    libraries: Libraries

    @property
    def teacher(self) -> Teacher:
        return Teacher(self.storage)

    async def look(self) -> None:
        await Following(self.storage, (self.libraries.settings, self.libraries)).look()

    async def change(self, guild: str, **changes: Any) -> GuildSettings:
        seen = await self.storage.settings.get(guild)
        return await self.storage.settings.change(guild, changes, seen=seen, by=BY)


@pytest.fixture
async def start(location: Location) -> AsyncGenerator[Callable[[], Awaitable[Process]]]:
    """Return what starts a process on the same database."""
    async with AsyncExitStack() as stack:

        async def started() -> Process:
            storage = await stack.enter_async_context(open_storage(location, now=NOW))
            return Process(storage, Libraries((), storage))

        yield started


Start = Callable[[], Awaitable[Process]]


@pytest.fixture
async def here(start: Start) -> Process:
    return await start()


@pytest.fixture
async def there(start: Start, location: Location) -> Process:
    if location.file is not None:
        pytest.skip("one process holds a SQLite file")
    return await start()


async def until(check: Callable[[], bool]) -> None:
    latest = time.monotonic() + 20
    while not check():
        assert time.monotonic() < latest, "it never came"
        await asyncio.sleep(0.01)


async def test_what_one_process_publishes_is_live_in_the_others(
    here: Process, there: Process, ask: Ask
) -> None:
    for guild in ("1", "2"):
        assert ask(await here.libraries.at(guild), HOT) is None
    await there.teacher.publish("1", "kettle", KETTLE)
    await here.look()
    assert ask(here.libraries.of("1"), HOT) == "kettle"
    assert here.libraries.of("2") is here.libraries.base
    await there.teacher.publish("1", "coffee", COFFEE)
    await there.teacher.disable("1", "kettle")
    await there.teacher.teach("1", "is there a bean brew", "coffee")
    await here.look()
    assert ask(here.libraries.of("1"), "is there a bean brew") == "coffee"
    assert "kettle" not in here.libraries.of("1").catalog.entries
    await there.storage.privacy.forget_guild("1")
    await here.look()
    assert here.libraries.of("1") is here.libraries.base


async def test_settings_that_one_process_changes_are_those_of_the_others(
    here: Process, there: Process
) -> None:
    before = await here.libraries.settings.at("1")
    assert (await here.libraries.at("1")).caution is Caution.BALANCED
    after = await there.change("1", caution="careful", theme="light")
    assert await here.libraries.settings.at("1") == before
    await here.look()
    assert await here.libraries.settings.at("1") == after
    assert here.libraries.of("1").caution is Caution.CAREFUL


async def test_a_setting_that_was_put_gives_way_to_a_later_one_of_another_process(
    here: Process, there: Process
) -> None:
    here.libraries.settings.put("1", await here.change("1", theme="light"))
    later = await there.change("1", theme="dark", language="de")
    await here.look()
    assert await here.libraries.settings.at("1") == later


async def test_a_watch_does_it_within_a_few_looks(here: Process, there: Process, ask: Ask) -> None:
    await here.libraries.at("1")
    watch = asyncio.create_task(here.libraries.watch(every=0.05))
    try:
        await there.teacher.publish("1", "kettle", KETTLE)
        await until(lambda: ask(here.libraries.of("1"), HOT) == "kettle")
    finally:
        watch.cancel()
        await asyncio.wait([watch])


async def test_what_changes_while_it_is_read_is_not_missed(
    here: Process, there: Process, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = here.storage.phrasings.list

    async def meanwhile(_: object, guild: str) -> Any:
        monkeypatch.undo()
        await there.teacher.publish(guild, "kettle", KETTLE)
        return await listed(guild)

    monkeypatch.setattr(type(here.storage.phrasings), "list", meanwhile)
    assert ask(await here.libraries.at("1"), HOT) is None
    await here.look()
    assert ask(here.libraries.of("1"), HOT) == "kettle"


def counted(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> list[object]:
    """Note what a method is called with."""
    calls: list[object] = []
    method = getattr(type(owner), name)

    async def noting(self: object, *arguments: object) -> object:
        calls.append(arguments[0])
        return await method(self, *arguments)

    monkeypatch.setattr(type(owner), name, noting)
    return calls


async def test_only_what_is_old_is_read_again_and_never_twice(
    here: Process, there: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    for guild in ("1", "2"):
        await here.libraries.at(guild)
        await here.libraries.settings.at(guild)
    await there.libraries.at("1")
    await there.teacher.publish("1", "kettle", KETTLE)
    await there.libraries.refresh("1")
    settings = counted(monkeypatch, here.storage.settings, "get")
    heads = counted(monkeypatch, here.storage.answers, "heads")
    await there.look()
    assert heads == []
    for _ in range(3):
        await here.look()
    assert heads == ["1"]
    assert settings == ["1", "1"]  # by the library, and for the memory of settings


async def test_servers_that_are_not_in_memory_are_not_asked_about(
    here: Process, there: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = counted(monkeypatch, here.storage.changes, "of")
    await there.teacher.publish("1", "kettle", KETTLE)
    await here.look()
    assert asked == []
    await here.libraries.at("2")
    asked.clear()
    await here.look()
    assert asked == [{"2"}]


async def test_a_sqlite_file_is_left_alone(
    here: Process, location: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    if location.file is None:
        pytest.skip("about SQLite")
    await here.libraries.at("1")
    await here.libraries.settings.at("1")
    asked = counted(monkeypatch, here.storage.changes, "of")
    await here.look()
    assert asked == []


async def test_what_could_not_be_read_again_is_caught_up_on(
    here: Process, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    await here.libraries.at("1")
    await here.teacher.publish("1", "kettle", KETTLE)

    async def lost(*_: object) -> None:
        raise StorageUnavailable("The database cannot be reached.")

    with monkeypatch.context() as broken:
        broken.setattr(type(here.storage.answers), "heads", lost)
        with pytest.raises(StorageUnavailable):
            await here.libraries.refresh("1")
        with pytest.raises(StorageUnavailable):
            await here.look()
        assert ask(here.libraries.of("1"), HOT) is None
    await here.look()
    assert ask(here.libraries.of("1"), HOT) == "kettle"


async def test_a_lost_storage_is_said_once_and_followed_again_when_it_is_back(
    here: Process,
    there: Process,
    ask: Ask,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await here.libraries.at("1")
    looks: list[None] = []

    async def lost(*_: object) -> None:
        looks.append(None)
        raise StorageUnavailable("The database cannot be reached.")

    watch = asyncio.create_task(here.libraries.watch(every=0.02))
    try:
        with monkeypatch.context() as broken, caplog.at_level(logging.WARNING):
            broken.setattr(here.storage.database, "rows", lost)
            await until(lambda: len(looks) > 3)
        said = [record.getMessage() for record in caplog.records]
        assert said == ["what is changed elsewhere has to wait: The database cannot be reached."]
        await there.teacher.publish("1", "kettle", KETTLE)
        await until(lambda: ask(here.libraries.of("1"), HOT) == "kettle")
    finally:
        watch.cancel()
        await asyncio.wait([watch])
