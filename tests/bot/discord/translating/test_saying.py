"""Whoever reads it reads it in their language; what is missing or broken there, in English."""

import asyncio
import gettext
from unittest.mock import MagicMock

import discord
import pytest

from bot.discord.translating import language_of_server, read_by, reading, say, say_many, saying
from bot.discord.translating.language import nearest
from bot.storage.guild_settings import GuildSettings


def interaction(locale: str) -> discord.Interaction:
    return MagicMock(discord.Interaction, locale=discord.Locale(locale))


def test_a_text_is_said_in_the_language_of_its_reader() -> None:
    assert say("Skip") == "Skip"
    with reading("de"):
        assert say("Skip") == "Überspringen"
        assert say("Try: {question}", question="{warum}?") == "Probier: {warum}?"
        assert say("Nobody has translated this {thing}.", thing=1) == "Nobody has translated this 1."
    assert say("Skip") == "Skip"


@pytest.mark.parametrize(
    ("number", "english", "german"),
    [
        (0, "0 answers here", "0 Antworten hier"),
        (1, "1 answer here", "1 Antwort hier"),
        (2, "2 answers here", "2 Antworten hier"),
    ],
)
def test_numbers_have_their_forms(number: int, english: str, german: str) -> None:
    forms = ("{number} answer here", "{number} answers here")
    assert say_many(*forms, number) == english
    with reading("de"):
        assert say_many(*forms, number) == german


@pytest.mark.parametrize(
    ("locale", "language"),
    [("de", "de"), ("de-AT", "de"), ("en-GB", "en"), ("fr", "en"), ("", "en"), ("../de", "en")],
)
def test_a_locale_without_translations_reads_english(locale: str, language: str) -> None:
    assert nearest(locale) == language


def test_a_broken_translation_is_said_in_english(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return "{no} {places" if "}" in message else message

    monkeypatch.setattr(saying, "catalogue", MagicMock(return_value=Broken()))
    assert say("Try: {question}", question=1) == "Try: 1"
    assert "other places than its text: Try: {question}" in caplog.text


async def test_each_task_has_its_reader_and_those_that_it_begins_have_the_same() -> None:
    async def inner() -> str:
        await asyncio.sleep(0)
        return say("Skip")

    async def outer(locale: str) -> str:
        read_by(interaction(locale))
        await asyncio.sleep(0)
        return await asyncio.create_task(inner())

    assert await asyncio.gather(*map(outer, ("de", "en-US", "de"))) == [
        "Überspringen",
        "Skip",
        "Überspringen",
    ]
    assert say("Skip") == "Skip"


def test_a_channel_reads_the_language_of_its_server_unless_that_was_chosen_here() -> None:
    guild = MagicMock(discord.Guild, preferred_locale=discord.Locale.german)
    assert language_of_server(guild, GuildSettings()) == "de"
    assert language_of_server(None, GuildSettings()) == "en"
    guild.preferred_locale = discord.Locale.american_english
    assert language_of_server(guild, GuildSettings(language="de")) == "de"
    assert language_of_server(guild, GuildSettings()) == "en"
