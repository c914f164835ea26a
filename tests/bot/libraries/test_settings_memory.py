"""A server's settings are in memory when a message comes, and never keep it waiting for long."""

import asyncio
import time
from collections.abc import Callable

import pytest
from libraries_samples import BY

from bot.libraries import GuildSettingsMemory
from bot.storage.errors import StorageUnavailable
from bot.storage.guild_settings import GuildSettings, Theme
from bot.storage.opening import Storage

LIGHT = GuildSettings(theme=Theme.LIGHT)
LOST = "The database cannot be reached."


@pytest.fixture
def memory(storage: Storage) -> GuildSettingsMemory:
    return GuildSettingsMemory(storage)


class Reads:
    """The reading of settings, which may be counted, broken or held up."""

    def __init__(self, storage: Storage) -> None:
        self.of: list[str] = []
        self.is_lost = False
        self.may_end = asyncio.Event()
        self.may_end.set()
        self._get = storage.settings.get

    async def get(self, guild: str) -> GuildSettings:
        self.of.append(guild)
        if self.is_lost:
            raise StorageUnavailable(LOST)
        found = await self._get(guild)
        await self.may_end.wait()
        return found


@pytest.fixture
def reads(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> Reads:
    found = Reads(storage)
    monkeypatch.setattr(storage.settings, "get", found.get)
    return found


async def lighten(storage: Storage, guild: str = "1") -> GuildSettings:
    changed = await storage.settings.change(guild, {"theme": "light"}, seen=GuildSettings(), by=BY)
    assert changed == LIGHT
    return changed


async def test_settings_are_read_once_and_then_known(
    memory: GuildSettingsMemory, storage: Storage, reads: Reads
) -> None:
    await lighten(storage)
    assert [await memory.at("1") for _ in range(3)] == [LIGHT] * 3
    assert await memory.at("2") == GuildSettings()
    assert await memory.at(None) == GuildSettings()
    assert reads.of == ["1", "2"]


async def test_messages_that_come_together_share_one_reading(
    memory: GuildSettingsMemory, storage: Storage, reads: Reads
) -> None:
    await lighten(storage)
    assert await asyncio.gather(*(memory.at("1") for _ in range(20))) == [LIGHT] * 20
    assert reads.of == ["1"]


async def test_whoever_is_cancelled_takes_the_reading_from_nobody(
    memory: GuildSettingsMemory, storage: Storage, reads: Reads
) -> None:
    await lighten(storage)
    reads.may_end.clear()
    first, second = (asyncio.create_task(memory.at("1")) for _ in range(2))
    await until(lambda: bool(reads.of))
    first.cancel()
    reads.may_end.set()
    assert await second == LIGHT
    assert reads.of == ["1"]


async def test_what_is_known_takes_less_than_a_millisecond(memory: GuildSettingsMemory) -> None:
    guilds = [str(n) for n in range(1000)]
    for guild in guilds:
        memory.put(guild, LIGHT)

    async def thousand() -> float:
        began = time.perf_counter()
        for guild in guilds:
            await memory.at(guild)
        return (time.perf_counter() - began) / len(guilds)

    assert min([await thousand() for _ in range(5)]) < 0.001


async def test_what_was_just_saved_counts_at_once_and_over_what_is_still_read(
    memory: GuildSettingsMemory, storage: Storage, reads: Reads
) -> None:
    reads.may_end.clear()
    asking = asyncio.create_task(memory.at("1"))
    await until(lambda: bool(reads.of))
    memory.put("1", await lighten(storage))
    assert await memory.at("1") == LIGHT
    reads.may_end.set()
    assert await asking == LIGHT
    assert await memory.at("1") == LIGHT
    assert reads.of == ["1"]


async def test_a_refresh_reads_again_what_is_in_memory_and_the_old_answers_meanwhile(
    memory: GuildSettingsMemory, storage: Storage, reads: Reads
) -> None:
    await memory.refresh("1")
    assert reads.of == []
    await memory.at("1")
    await lighten(storage)
    reads.may_end.clear()
    refreshing = asyncio.create_task(memory.refresh("1"))
    await until(lambda: len(reads.of) == 2)
    assert await memory.at("1") == GuildSettings()
    reads.may_end.set()
    await refreshing
    assert await memory.at("1") == LIGHT


async def test_only_so_many_servers_are_held_those_that_were_asked_last(
    storage: Storage, reads: Reads
) -> None:
    memory = GuildSettingsMemory(storage, kept=2)
    for guild in ("1", "2", "1", "3"):
        await memory.at(guild)
    assert set(memory.marks) == {"1", "3"}
    await memory.at("2")
    assert reads.of == ["1", "2", "3", "2"]


async def test_while_the_storage_does_not_answer_the_last_known_counts_or_the_defaults(
    memory: GuildSettingsMemory,
    storage: Storage,
    reads: Reads,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(monkeypatch)
    await lighten(storage)
    await lighten(storage, "2")
    await memory.at("1")
    reads.is_lost = True
    await memory.refresh("1")
    assert await memory.at("1") == LIGHT
    assert await memory.at("2") == GuildSettings()
    assert await memory.at("2") == GuildSettings()
    assert reads.of == ["1", "1", "2"]
    assert [record.getMessage() for record in caplog.records] == [
        f"servers have the settings known last, or the defaults, for now: {LOST}"
    ]
    reads.is_lost = False
    clock.forward(9.9)
    assert await memory.at("2") == GuildSettings()
    clock.forward(0.2)
    assert await memory.at("2") == LIGHT
    assert reads.of == ["1", "1", "2", "2"]
    # The next time that it is lost is said again.
    reads.is_lost = True
    await memory.refresh("2")
    assert len(caplog.records) == 2
    assert await memory.at("2") == LIGHT


async def test_who_has_decided_something_waits_for_no_later_reading(
    memory: GuildSettingsMemory, storage: Storage, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    await memory.at("1")
    before = memory.marks["1"]
    reads.is_lost = True
    await memory.refresh("1")
    reads.is_lost = False
    await lighten(storage)
    clock.forward(11)
    reads.may_end.clear()
    assert await memory.at("1") == GuildSettings()
    await until(lambda: len(reads.of) == 3)
    reads.may_end.set()
    await until(lambda: memory.marks["1"] != before)
    assert await memory.at("1") == LIGHT


async def test_a_storage_that_hangs_holds_a_message_up_for_a_moment_and_is_heard_later(
    storage: Storage, reads: Reads, caplog: pytest.LogCaptureFixture
) -> None:
    memory = GuildSettingsMemory(storage, patience=0.05)
    await lighten(storage)
    reads.may_end.clear()
    assert await memory.at("1") == GuildSettings()
    assert "the database has not answered for 0.05 s" in caplog.text
    began = time.monotonic()
    assert [await memory.at("1") for _ in range(100)] == [GuildSettings()] * 100
    assert time.monotonic() - began < 5  # and not a hundred times the patience
    assert len(caplog.records) == 1
    reads.may_end.set()
    await until(lambda: memory.marks["1"] is not None)
    assert await memory.at("1") == LIGHT
    assert reads.of == ["1"]


async def test_a_mistake_of_ours_is_not_a_lost_storage(
    memory: GuildSettingsMemory, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def mistaken(_guild: str) -> GuildSettings:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(storage.settings, "get", mistaken)
        with pytest.raises(ZeroDivisionError):
            await memory.at("1")
    assert await memory.at("1") == GuildSettings()


async def test_without_a_storage_all_have_the_defaults() -> None:
    memory = GuildSettingsMemory()
    assert await memory.at("1") == GuildSettings()
    memory.put("1", LIGHT)
    assert await memory.at("1") == LIGHT


class Clock:
    """The clock of the event loop, put forward by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()
        self._ahead, now = 0.0, loop.time
        monkeypatch.setattr(loop, "time", lambda: now() + self._ahead)

    def forward(self, seconds: float) -> None:
        self._ahead += seconds


async def until(check: Callable[[], bool]) -> None:
    latest = time.monotonic() + 20
    while not check():
        assert time.monotonic() < latest, "it never came"
        await asyncio.sleep(0.01)
