"""What Discord is told of the commands: descriptions in every language, names in English."""

from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import discord
import pytest

from bot.discord.client import BackchatClient
from bot.discord.translating.catalogue import catalogue
from bot.discord.translating.commands import CommandTranslator


@pytest.fixture
async def commands(tmp_path: Path) -> dict[str, dict[str, Any]]:
    client = BackchatClient(MagicMock(), tmp_path)
    translator = CommandTranslator()
    made = [
        await command.get_translated_payload(client.tree, translator)
        for command in client.tree.get_commands()
    ]
    await client.close()
    return {one["name"]: one for one in made}


def parts(command: dict[str, Any]) -> list[dict[str, Any]]:
    return [command, *(part for option in command.get("options", ()) for part in parts(option))]


def test_descriptions_have_a_german_form_and_names_have_none(commands: dict[str, dict[str, Any]]) -> None:
    ask = commands["ask"]
    assert ask["description_localizations"]["de"].startswith("Beantwortet eine Frage")
    for command in commands.values():
        for part in parts(command):
            assert not part.get("name_localizations")
            assert not any(choice.get("name_localizations") for choice in part.get("choices", ()))
            localized: dict[str, str] = part.get("description_localizations") or {}
            for locale, text in localized.items():
                assert locale == "de"
                assert 1 <= len(text) <= 100


def test_what_is_not_translated_of_the_commands_is_listed(commands: dict[str, dict[str, Any]]) -> None:
    left = {
        name: [part["name"] for part in parts(command) if not part.get("description_localizations")]
        for name, command in commands.items()
    }
    for name, names in left.items():
        print(f"/{name}: {', '.join(names) or 'all translated'}")  # noqa: T201
    assert left["help"] == left["about"] == left["diagnose"] == []


def test_no_command_is_longer_than_discord_takes(commands: dict[str, dict[str, Any]]) -> None:
    for name, command in commands.items():
        assert size(command) <= 8_000, name


def size(part: dict[str, Any]) -> int:
    """Count as Discord does: of a text and its translations the longest."""
    localized: dict[str, str] = part.get("description_localizations") or {}
    texts = [str(part.get("description", "")), *localized.values()]
    choices = sum(len(choice["name"]) + len(str(choice["value"])) for choice in part.get("choices", ()))
    return len(part["name"]) + max(map(len, texts)) + choices + sum(map(size, part.get("options", ())))


def test_a_default_needs_no_translation_of_its_own(commands: dict[str, dict[str, Any]]) -> None:
    depth = next(option for option in commands["simulate"]["options"] if option["name"] == "depth")
    english, german = depth["description"], depth["description_localizations"]["de"]
    assert german.startswith("Verborgene Schichten")
    assert german.rpartition("; sonst ")[2] == english.rpartition("; else ")[2] != ""


async def test_a_translation_that_discord_would_refuse_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    translations = MagicMock(gettext=MagicMock(return_value="x" * 101))
    monkeypatch.setattr("bot.discord.translating.commands.catalogue", MagicMock(return_value=translations))
    context: Any = MagicMock(location=discord.app_commands.TranslationContextLocation.command_description)
    text = discord.app_commands.locale_str("Only you see it")
    assert await CommandTranslator().translate(text, discord.Locale.german, context) is None
    assert catalogue("de").gettext("Only you see it") == "Nur du siehst es"
