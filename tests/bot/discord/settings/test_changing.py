"""Two people who change the settings at once: what is different is kept, what is the same is told."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.discord.here import Here
from bot.discord.settings.changing import Changed, change
from bot.discord.settings.facets import FACETS, digest
from bot.storage.guild_settings import GuildSettings, Mode
from bot.storage.location import at_file
from bot.storage.opening import Storage, open_storage
from bot.storage.people import Author
from bot.teaching.roles import Person, Role

MODE, THEME = FACETS["mode"], FACETS["theme"]
UNSET = digest(())


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    async with open_storage(at_file(tmp_path / "a.sqlite"), now=datetime.now(UTC)) as opened:
        yield opened


def here(storage: Storage, name: str, guild: str = "g") -> Here:
    hub: Any = SimpleNamespace(storage=storage, change_settings=storage.settings.change)
    person = Person(author=Author(id=name, name=name), role=Role.INSTRUCTOR)
    return Here(hub=hub, guild=guild, settings=GuildSettings(), person=person)


async def test_different_channels_are_no_conflict_however_close(storage: Storage) -> None:
    names = [str(number) for number in range(4)]
    results = await asyncio.gather(
        *(change(here(storage, one), MODE, one, seen=UNSET, values=("off",)) for one in names)
    )
    assert all(isinstance(one, Changed) for one in results)
    assert (await storage.settings.get("g")).channels == dict.fromkeys(names, Mode.OFF)


async def test_of_two_who_change_the_same_one_is_told_who_won(storage: Storage) -> None:
    results = await asyncio.gather(
        change(here(storage, "Ada"), MODE, "1", seen=UNSET, values=("off",)),
        change(here(storage, "Ben"), MODE, "1", seen=UNSET, values=("answer",)),
    )
    [won] = [one for one in results if isinstance(one, Changed)]
    [beaten] = [one for one in results if not isinstance(one, Changed)]
    mode = MODE.read(won.settings, "1")
    assert beaten.winner is not None
    assert beaten.winner.name == {"off": "Ada", "answer": "Ben"}[mode[0]]
    assert beaten.at is not None
    assert MODE.read(beaten.settings, "1") == MODE.read(await storage.settings.get("g"), "1") == mode


async def test_what_was_seen_long_ago_counts_only_as_far_as_it_is_still_so(storage: Storage) -> None:
    dark = digest(("dark",))
    assert isinstance(await change(here(storage, "Ada"), THEME, "", seen=dark, values=("light",)), Changed)
    assert isinstance(await change(here(storage, "Ben"), THEME, "", seen=dark, values=("light",)), Changed)
    assert isinstance(
        await change(here(storage, "Ben"), THEME, "", seen=digest(("light",)), values=("dark",)), Changed
    )
    # It is again what was seen at first.
    assert isinstance(await change(here(storage, "Eve"), THEME, "", seen=dark, values=("light",)), Changed)
    assert await storage.settings.get("other") == GuildSettings()


async def test_the_servers_that_decided_on_something_are_found(storage: Storage) -> None:
    await change(here(storage, "Ada", "a"), MODE, "1", seen=UNSET, values=("answer",))
    await change(here(storage, "Ada", "b"), THEME, "", seen=digest(("dark",)), values=("light",))
    found = await storage.settings.everywhere(("channels", "forums"))
    assert found == {"a": GuildSettings(channels={"1": Mode.ANSWER})}
