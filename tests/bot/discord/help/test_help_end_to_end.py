"""`/help`, `/about` and the first steps of the real bot."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from discord_double import (
    APPLICATION_ID,
    ASSISTANT,
    AUDIT_ID,
    GENERAL_ID,
    GUILD_ID,
    INSTRUCTOR,
    INSTRUCTOR_ROLE_ID,
    STUDENT,
    TEACHER,
    DiscordDouble,
    Judge,
    Sent,
    events,
    guilds,
    payloads,
    people,
)
from discord_double.bot_process import BotProcess, is_final
from discord_double.permissions import MANAGE_GUILD, SEND_MESSAGES

from bot.storage.guild_settings import GuildSettings
from bot.storage.location import at_file
from bot.storage.opening import open_storage
from bot.storage.people import Author, Signed

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]

SET_UP, SKIP = "backchat:1:first:setup", "backchat:1:first:skip"
PRIVACY, ABOUT = "backchat:1:help:privacy", "backchat:1:help:about"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    folder = tmp_path_factory.mktemp("bot")
    await asyncio.to_thread((folder / "data").mkdir)
    await decide(folder)
    async with DiscordDouble(judge=Judge.load_or_none()) as made, BotProcess(folder, made) as process:
        yield process


async def decide(folder: Path) -> None:
    """Let the first server have chosen its instructors."""
    by = Signed(author=Author(id=str(TEACHER), name="Tea"), at=datetime.now(UTC))
    database = at_file(folder / "data" / "backchat.sqlite")
    async with open_storage(database, now=datetime.now(UTC)) as storage:
        roles = {"instructors": (str(INSTRUCTOR_ROLE_ID),)}
        await storage.settings.change(str(GUILD_ID), roles, seen=GuildSettings(), by=by)


async def join(double: DiscordDouble, name: str, **more: Any) -> tuple[str, str]:
    """Let the bot into a server that it did not know, with one channel; return both ids."""
    guild_id = double.world.new_id()
    everyone = guilds.role(guild_id, "@everyone", 0, int(guilds.guild()["roles"][0]["permissions"]))
    channel = guilds.text_channel(double.world.new_id(), "general", 0, guild_id)
    guild = guilds.guild() | {
        "id": guild_id,
        "name": name,
        "roles": [everyone],
        "system_channel_id": channel["id"],
        **more,
    }
    double.world.guilds[guild_id], double.world.channels[channel["id"]] = guild, channel
    await tell_of(double, guild_id)
    return guild_id, channel["id"]


async def tell_of(double: DiscordDouble, guild_id: str) -> None:
    members = double.world.members(guild_id)
    created = payloads.guild_create(double.world.guilds[guild_id], members, double.world.channels.values())
    # As Discord says it of a server that is new to the bot, not of one that was away.
    await double.emit("GUILD_CREATE", {key: value for key, value in created.items() if key != "unavailable"})


def posted(double: DiscordDouble, channel_id: str) -> list[Sent]:
    return [sent for sent in double.sent if sent.message["channel_id"] == channel_id and not sent.ephemeral]


async def first_post(double: DiscordDouble, channel_id: str) -> Sent:
    await double.until(lambda: bool(posted(double, channel_id)), wanted="the first steps")
    return posted(double, channel_id)[0]


async def test_help_fits_one_screen_is_seen_by_nobody_else_and_its_buttons_lead_on(bot: BotProcess) -> None:
    double = bot.double
    asked = await double.slash("help")
    assert await asked.acknowledged(timeout=3) < 3
    card = await asked.answer()
    assert card.ephemeral
    for word in (
        "`/ask`",
        "`/simulate spec:",
        "`/explain word:",
        f"<@{APPLICATION_ID}>",
        "reply to my answer",
    ):
        assert word in card.text
    assert "instructor" not in card.text
    # A phone shows some 45 characters a line and some 25 lines.
    assert sum(1 + len(line) // 45 for line in card.text.splitlines()) <= 25
    example, privacy, about = card.custom_ids
    assert (privacy, about) == (PRIVACY, ABOUT)
    held = await (await double.press(PRIVACY, card)).followup()
    assert held.ephemeral
    assert "Nothing is held about you in this server." in held.text
    told = await (await double.press(ABOUT, card)).followup()
    assert "Backchat" in told.text
    answer = await (await double.press(example, card)).until(is_final, timeout=60)
    assert answer.ephemeral
    assert "Measured by running it" in answer.text
    assert double.problems() == []


async def test_help_shows_their_commands_to_those_who_have_them(bot: BotProcess) -> None:
    instructor = await (await bot.double.slash("help", user_id=INSTRUCTOR)).answer()
    assert "For you as an instructor" in instructor.text
    assert "`/settings`" in instructor.text
    manager = await (await bot.double.slash("help", permissions=MANAGE_GUILD)).answer()
    assert "For you as an instructor" in manager.text
    assistant = await (await bot.double.slash("help", user_id=ASSISTANT)).answer()
    assert "instructor" not in assistant.text  # that role was not chosen in this server
    private = await (await bot.double.slash("help", guild=False)).answer()
    assert "write me here" in private.text
    assert bot.double.problems() == []


async def test_about_says_what_runs_here_without_loading_it(bot: BotProcess) -> None:
    told = await (await bot.double.slash("about")).followup()
    assert told.ephemeral
    for pattern in (
        r"\*\*Backchat \d+\.\d+\.\d+\*\*, running since <t:\d+:R>",
        r"\d+ answers here",
        r"PyTorch \d+\.\d+",
        r"Python 3\.\d+",
        r"discord\.py 2\.\d+",
        r"licence: MIT",
    ):
        assert re.search(pattern, told.text), pattern
    if sys.platform == "linux":
        maps = await asyncio.to_thread(Path(f"/proc/{bot.process.pid}/maps").read_text)
        assert "libtorch" not in maps
    assert bot.double.problems() == []


async def test_everybody_reads_help_in_the_language_of_their_discord(
    bot: BotProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = events.interaction

    def german(*given: Any) -> dict[str, Any]:
        return original(*given) | {"locale": "de"}

    monkeypatch.setattr(people.events, "interaction", german)
    card = await (await bot.double.slash("help")).answer()
    assert "Was ich kann" in card.text
    assert "Ask" not in card.text
    assert "`/simulate spec:depth=30 sigmoid vs relu he`" in card.text
    told = await (await bot.double.press(ABOUT, card)).followup()
    assert "Antworten hier" in told.text
    monkeypatch.undo()
    assert "What I can do" in (await (await bot.double.slash("help")).answer()).text
    assert bot.double.problems() == []


async def test_a_new_server_gets_one_post_that_sets_the_bot_up(bot: BotProcess) -> None:
    double = bot.double
    guild_id, channel_id = await join(double, "New course")
    post = await first_post(double, channel_id)
    assert post.custom_ids == [SET_UP, SKIP]
    assert "`/settings`" in post.text
    refused = await (await double.press(SET_UP, post, permissions=SEND_MESSAGES)).answer()
    assert refused.ephemeral
    assert "Who has Manage Server here may" in refused.text
    pressed = await double.press(SET_UP, post, permissions=MANAGE_GUILD)
    card = await pressed.followup()
    assert card.ephemeral
    assert "Settings: Roles" in card.text
    await double.until(lambda: post.message["id"] not in double.world.messages, wanted="the post to go")
    await tell_of(double, guild_id)
    _, later = await join(double, "A course after it")
    await first_post(double, later)
    assert len(posted(double, channel_id)) == 1
    assert double.problems() == []


async def test_skip_takes_the_post_away_and_says_where_it_is(bot: BotProcess) -> None:
    double = bot.double
    _, channel_id = await join(double, "Another course")
    post = await first_post(double, channel_id)
    refused = await (await double.press(SKIP, post, permissions=SEND_MESSAGES)).answer()
    assert "Manage Server" in refused.text
    skipped = await (await double.press(SKIP, post, permissions=MANAGE_GUILD)).answer()
    assert skipped.ephemeral
    assert "`/settings`" in skipped.text
    assert post.message["id"] not in double.world.messages
    assert double.problems() == []


async def test_the_post_is_in_the_language_of_the_server(bot: BotProcess) -> None:
    _, channel_id = await join(bot.double, "Kurs", preferred_locale="de")
    assert "Hallo" in (await first_post(bot.double, channel_id)).text
    assert bot.double.problems() == []


async def test_a_server_without_a_place_for_it_gets_none_and_the_log_a_line(bot: BotProcess) -> None:
    guild_id, channel_id = await join(bot.double, "Closed", system_channel_id=None)
    await bot.says(f"server {guild_id}: no channel to say the first steps in")
    assert posted(bot.double, channel_id) == []
    assert bot.double.problems() == []


async def test_nothing_was_said_in_servers_that_were_there_before_and_nothing_leaked(bot: BotProcess) -> None:
    for channel in (GENERAL_ID, AUDIT_ID):
        assert posted(bot.double, channel) == []
    seen = bot.double.seen_by(STUDENT + 1_000)
    assert all(not sent.ephemeral for sent in seen)
    assert bot.double.problems() == []
