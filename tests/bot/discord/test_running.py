"""Starting: what is wrong with the settings is said at once, and a Discord that is away is tried again."""

import asyncio
import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord_double import DiscordDouble

from bot.discord import running
from bot.discord.sync import sync_if_changed
from bot.errors import ConfigurationError


@pytest.fixture(autouse=True)
def the_real_addresses_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)


def settings(folder: Path, api: str) -> Any:
    return SimpleNamespace(data=folder, discord_api=api)


async def test_an_api_that_is_not_there_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="BACKCHAT_DISCORD_API"):
        await running.prepare(settings(tmp_path, "http://127.0.0.1:9/api"))


async def test_a_data_folder_that_cannot_be_written_is_one_too(tmp_path: Path, double: DiscordDouble) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    with pytest.raises(ConfigurationError, match="BACKCHAT_DATA is a folder the bot can write to"):
        await running.prepare(settings(occupied, double.api))
    assert not double.requests


async def test_a_wrong_token_is_one_too(tmp_path: Path, double: DiscordDouble) -> None:
    made = settings(tmp_path, double.api)
    await running.prepare(made)
    with pytest.raises(ConfigurationError, match="Discord refuses the token"):
        await running.run(made, "not.the.token", MagicMock())


async def test_while_discord_is_away_the_bot_tries_again(
    tmp_path: Path, double: DiscordDouble, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_PAUSES", (0, 0))
    made = settings(tmp_path, double.api)
    await running.prepare(made)

    async def away(_client: object, _token: str) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(running.BackchatClient, "start", away)
    with caplog.at_level(logging.WARNING):
        serving = asyncio.create_task(running.run(made, double.token, MagicMock()))
        while caplog.text.count("Discord cannot be reached") < 3:
            assert not serving.done()
            await asyncio.sleep(0.01)
        serving.cancel()
        await asyncio.wait([serving])


async def test_commands_are_registered_once_for_two_starts(tmp_path: Path) -> None:
    tree = MagicMock()
    tree.client.application_id = 7
    command = MagicMock()
    command.to_dict.return_value = {"name": "ask"}
    tree.get_commands.return_value = [command]
    registered: list[int] = []

    async def register() -> list[Any]:
        registered.append(1)
        return []

    tree.sync = register
    assert await sync_if_changed(tree, tmp_path)
    assert not await sync_if_changed(tree, tmp_path)
    assert registered == [1]
    tree.client.application_id = 8
    assert await sync_if_changed(tree, tmp_path)
