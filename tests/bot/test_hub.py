"""What is decided counts for everybody, and what was promised is tried again."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, create_autospec

import pytest

from bot.cli import servers
from bot.hub import Hub
from bot.inbox.post import Post
from bot.libraries import Libraries
from bot.libraries.settings_memory import GuildSettingsMemory
from bot.service import Service
from bot.storage.errors import StorageUnavailable
from bot.storage.guild_settings import Caution, GuildSettings
from bot.storage.location import at_file
from bot.storage.opening import Storage, open_storage
from bot.storage.people import Author, Signed
from bot.storage.retention import Purged
from bot.teaching.desk import Desk

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ADA = Signed(author=Author(id="1", name="Ada"), at=NOW)


async def test_a_setting_that_was_saved_counts_although_the_connection_is_lost_after_it(
    tmp_path: Path,
) -> None:
    async with open_storage(at_file(tmp_path / "a.sqlite"), now=NOW) as storage:
        libraries: Any = create_autospec(Libraries, instance=True)
        libraries.settings = GuildSettingsMemory(storage)
        libraries.refresh.side_effect = StorageUnavailable("The connection was lost.")
        hub = Hub(
            service=create_autospec(Service, instance=True),
            storage=storage,
            libraries=libraries,
            desk=create_autospec(Desk, instance=True),
            post=create_autospec(Post, instance=True),
        )
        after = await hub.change_settings("g", {"caution": "eager"}, seen=GuildSettings(), by=ADA)
        assert after.caution is Caution.EAGER
        assert (await hub.settings_at("g")).caution is Caution.EAGER
        libraries.refresh.assert_awaited_once_with("g")


@pytest.mark.parametrize("error", [StorageUnavailable("It is away."), ValueError("a mistake of ours")])
async def test_what_is_too_old_is_thrown_away_an_hour_after_that_failed(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = asyncio.Event()
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            done.set()
            await asyncio.Event().wait()

    purge = AsyncMock(side_effect=[error, Purged(questions=0, texts=0, decisions=0)])
    monkeypatch.setattr(servers, "purge", purge)
    monkeypatch.setattr(servers, "end_old_terms", AsyncMock())
    storage: Any = create_autospec(Storage, instance=True)
    storage.database = storage.keys = None
    task = asyncio.create_task(servers.purge_daily(storage, sleep=sleep))
    await asyncio.wait([task, asyncio.create_task(done.wait())], return_when=asyncio.FIRST_COMPLETED)
    assert not task.done()
    assert slept == [3_600, 86_400]
    task.cancel()
