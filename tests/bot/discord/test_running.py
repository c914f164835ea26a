"""Starting: what is wrong with the settings is said at once, and a Discord that is away is tried again."""

import asyncio
import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, MagicMock

import pytest
from discord import PrivilegedIntentsRequired
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord_double import DiscordDouble

from bot.discord import running
from bot.discord.sync import sync_if_changed
from bot.errors import ConfigurationError
from bot.rates import Rates
from bot.storage.errors import StorageUnavailable
from bot.storage.guild_settings import GuildSettings, Mode


@pytest.fixture(autouse=True)
def the_real_addresses_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)


def hub(**decided: GuildSettings) -> MagicMock:
    """What serves everybody, with servers that have decided on something."""
    made = MagicMock()
    made.storage.settings.everywhere = AsyncMock(return_value=decided)
    return made


def settings(folder: Path, api: str) -> Any:
    return SimpleNamespace(data=folder, discord_api=api, rates=Rates())


async def test_an_api_that_is_not_there_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="BACKCHAT_DISCORD_API"):
        await running.prepare(settings(tmp_path, "http://127.0.0.1:9/api"), "token")


async def test_a_data_folder_that_cannot_be_written_is_one_too(tmp_path: Path, double: DiscordDouble) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    with pytest.raises(ConfigurationError, match="BACKCHAT_DATA is a folder the bot can write to"):
        await running.prepare(settings(occupied, double.api), double.token)
    assert not double.requests


async def test_a_wrong_token_is_one_too(tmp_path: Path, double: DiscordDouble) -> None:
    made = settings(tmp_path, double.api)
    await running.prepare(made, double.token)
    with pytest.raises(ConfigurationError, match="Discord refuses the token"):
        await running.run(made, "not.the.token", hub())


async def test_while_discord_is_away_the_bot_tries_again(
    tmp_path: Path, double: DiscordDouble, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_PAUSES", (0, 0))
    made = settings(tmp_path, double.api)
    await running.prepare(made, double.token)

    async def away(_client: object, _token: str) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(running.BackchatClient, "start", away)
    with caplog.at_level(logging.WARNING):
        serving = asyncio.create_task(running.run(made, double.token, hub()))
        while caplog.text.count("Discord cannot be reached") < 3:
            assert not serving.done()
            await asyncio.sleep(0.01)
        serving.cancel()
        await asyncio.wait([serving])


async def test_without_the_words_of_messages_it_goes_on_at_once_and_says_what_to_do(
    tmp_path: Path, double: DiscordDouble, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = settings(tmp_path, double.api)
    await running.prepare(made, double.token)
    clients: list[running.BackchatClient] = []

    async def start(client: running.BackchatClient, _token: str) -> None:
        clients.append(client)
        if client.intents.message_content:
            raise PrivilegedIntentsRequired(None)
        await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(running.BackchatClient, "start", start)
    wanting = hub(g=GuildSettings(channels={"1": Mode.ANSWER}))
    serving = asyncio.create_task(running.run(made, double.token, wanting))
    async with asyncio.timeout(3):  # less than before a next try
        while len(clients) < 2:
            assert not serving.done()
            await asyncio.sleep(0.01)
    serving.cancel()
    await asyncio.wait([serving])
    assert [client.reading_refused for client in clients] == [False, True]
    assert "Switch the intent on in the developer portal" in caplog.text


@pytest.mark.parametrize(
    ("decided", "wanted"),
    [
        ({}, False),
        ({"g": GuildSettings(channels={"1": Mode.OFF})}, False),
        ({"g": GuildSettings(channels={"1": Mode.OFF}), "h": GuildSettings(elsewhere=Mode.ANSWER)}, True),
        ({"g": GuildSettings(channels={"1": Mode.ANSWER})}, True),
        ({"g": GuildSettings(forums={"1": ()})}, True),
    ],
)
async def test_messages_are_read_where_a_server_wants_it(
    decided: dict[str, GuildSettings], *, wanted: bool
) -> None:
    assert await running.wants_words(hub(**decided)) is wanted


async def test_a_database_that_is_away_keeps_nobody_from_being_answered() -> None:
    lost = hub()
    lost.storage.settings.everywhere.side_effect = StorageUnavailable("away")
    assert await running.wants_words(lost) is False


async def test_commands_are_registered_once_for_two_starts(tmp_path: Path) -> None:
    tree = MagicMock(translator=None)
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
    # Another translation is a change, too.
    tree.translator = MagicMock()
    command.get_translated_payload = AsyncMock(return_value={"name": "ask", "description_localizations": {}})
    assert await sync_if_changed(tree, tmp_path)
    assert not await sync_if_changed(tree, tmp_path)
