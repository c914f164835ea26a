"""What happens when a server lets the bot in: one post, in the right place, and never a second."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, MagicMock

import aiohttp
import discord
import pytest
from discord_double.fakes import refusal

from bot.discord.help.arriving import Arriving
from bot.discord.help.greeted import Greeted
from bot.storage.errors import StorageUnavailable
from bot.storage.guild_settings import GuildSettings

GUILD = 7


class Place:
    """A server with a channel for moderators and one for all."""

    def __init__(self, may: Mapping[str, bool], failure: BaseException | None = None) -> None:
        self.posted: list[str] = []
        channels = {name: self._channel(name, allowed, failure) for name, allowed in may.items()}
        self.guild = MagicMock(
            discord.Guild,
            id=GUILD,
            preferred_locale=discord.Locale.american_english,
            public_updates_channel=channels.get("moderators"),
            system_channel=channels.get("everybody"),
        )

    def _channel(self, name: str, allowed: bool, failure: BaseException | None) -> Any:  # noqa: FBT001
        async def send(**_more: Any) -> None:
            if failure is not None:
                raise failure
            self.posted.append(name)

        channel = MagicMock(discord.TextChannel, send=send)
        channel.permissions_for.return_value = discord.Permissions(view_channel=True, send_messages=allowed)
        return channel


def arriving(data: Path, *, decided: object = (), failure: Exception | None = None) -> Arriving:
    hub = MagicMock()
    hub.settings_at = AsyncMock(return_value=GuildSettings())
    hub.storage.settings.changed = AsyncMock(return_value=decided, side_effect=failure)
    return Arriving(MagicMock(hub=hub), data)


@pytest.mark.parametrize(
    ("may", "where"),
    [
        ({"moderators": True, "everybody": True}, ["moderators"]),
        ({"moderators": False, "everybody": True}, ["everybody"]),
        ({"everybody": True}, ["everybody"]),
        ({"moderators": False, "everybody": False}, []),
        ({}, []),
    ],
)
async def test_it_is_posted_where_students_are_least(tmp_path: Path, may: Any, where: list[str]) -> None:
    place = Place(may)
    await arriving(tmp_path).greet(place.guild)
    assert place.posted == where


async def test_it_is_posted_once_also_after_a_restart(tmp_path: Path) -> None:
    place = Place({"everybody": True})
    for _ in range(2):
        bot = arriving(tmp_path)
        await bot.greet(place.guild)
        await bot.greet(place.guild)
    assert place.posted == ["everybody"]


async def test_a_server_that_was_set_up_before_is_not_asked_again(tmp_path: Path) -> None:
    place = Place({"everybody": True})
    await arriving(tmp_path, decided=("something",)).greet(place.guild)
    assert place.posted == []


async def test_without_a_database_it_is_posted_all_the_same(tmp_path: Path) -> None:
    place = Place({"everybody": True})
    await arriving(tmp_path, failure=StorageUnavailable("gone")).greet(place.guild)
    assert place.posted == ["everybody"]


@pytest.mark.parametrize(
    ("failure", "again"), [(refusal(403), ["everybody"]), (aiohttp.ClientConnectionError("lost"), [])]
)
async def test_what_discord_refused_may_come_later_and_what_may_have_arrived_does_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, failure: BaseException, again: list[str]
) -> None:
    with caplog.at_level(logging.INFO):
        await arriving(tmp_path).greet(Place({"everybody": True}, failure).guild)
    assert f"server {GUILD}" in caplog.text
    later = Place({"everybody": True})
    await arriving(tmp_path).greet(later.guild)
    assert later.posted == again


async def test_where_nothing_can_be_noted_nothing_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "greeted").write_text("a file where the folder should be", encoding="utf-8")
    place = Place({"everybody": True})
    await arriving(tmp_path).greet(place.guild)
    assert place.posted == []
    assert "cannot be noted" in caplog.text


def test_servers_are_noted_each_for_itself(tmp_path: Path) -> None:
    greeted = Greeted(tmp_path / "greeted")
    assert [greeted.first_time(id_) for id_ in (1, 2, 1)] == [True, True, False]
    greeted.forget(1)
    greeted.forget(3)
    assert [Greeted(tmp_path / "greeted").first_time(id_) for id_ in (1, 2)] == [True, False]
