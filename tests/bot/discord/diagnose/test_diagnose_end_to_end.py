"""`/diagnose` of the real bot: what is in the way is named with its cure, and gone when that is done."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from discord_double import (
    AUDIT_ID,
    EXERCISES_ID,
    FORUM_ID,
    GENERAL_ID,
    GUILD_ID,
    INSTRUCTOR,
    INSTRUCTOR_ROLE_ID,
    STUDENT,
    TEACHER,
    DiscordDouble,
    Judge,
    Sent,
    permissions,
)
from discord_double.bot_process import BotProcess

from bot.storage.guild_settings import GuildSettings
from bot.storage.location import at_file
from bot.storage.opening import open_storage
from bot.storage.people import Author, Signed

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]

QUESTION = "why do sigmoid and tanh make the gradient vanish?"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def double(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordDouble]:
    folder = tmp_path_factory.mktemp("bot")
    await asyncio.to_thread((folder / "data").mkdir)
    await decide(folder)
    async with DiscordDouble(judge=Judge.load_or_none()) as made, BotProcess(folder, made):
        yield made


async def decide(folder: Path) -> None:
    """Let the server have instructors, and a channel in which the bot is off."""
    by = Signed(author=Author(id=str(TEACHER), name="Tea"), at=datetime.now(UTC))
    decided = {"instructors": (str(INSTRUCTOR_ROLE_ID),), "channels": {EXERCISES_ID: "off"}}
    async with open_storage(at_file(folder / "data" / "backchat.sqlite"), now=datetime.now(UTC)) as storage:
        await storage.settings.change(str(GUILD_ID), decided, seen=GuildSettings(), by=by)


async def diagnose(double: DiscordDouble, user_id: int = INSTRUCTOR, **options: str) -> Sent:
    asked = await double.slash("diagnose", options, user_id=user_id)
    await asked.acknowledged(timeout=3)
    card = await asked.followup()
    assert card.ephemeral
    assert double.problems() == []
    return card


async def test_where_all_is_well_an_instructor_sees_everything_that_was_looked_at(
    double: DiscordDouble,
) -> None:
    card = await diagnose(double)
    assert f"Do I answer in <#{GENERAL_ID}>?" in card.text
    assert "Nothing is in the way" in card.text
    assert "❌" not in card.text
    for word in ("mentions", "View Channel, Send Messages, Attach Files, Read Message History"):
        assert word in card.text
    for word in (
        "answers.",
        "Questions are found",
        "A tiny run took",
        "The database answers in",
        "*balanced*",
    ):
        assert word in card.text
    assert "**Message Content Intent**: off. No setting of this server needs it." in card.text


async def test_a_missing_permission_is_named_until_it_is_given(double: DiscordDouble) -> None:
    await double.deny(GENERAL_ID, permissions.SEND_MESSAGES | permissions.ATTACH_FILES)
    broken = await diagnose(double)
    assert "❌ I am missing **Send Messages**: I cannot answer mentions here." in broken.text
    assert "❌ I am missing **Attach Files**" in broken.text
    assert "add my role → allow it" in broken.text
    assert broken.text.index("❌") < broken.text.index("✅")
    elsewhere = await diagnose(double, channel=AUDIT_ID)
    assert "❌" not in elsewhere.text
    student = await diagnose(double, STUDENT)
    assert "I may not answer mentions here" in student.text
    assert "Send Messages" not in student.text
    await double.deny(GENERAL_ID, 0)
    assert "❌" not in (await diagnose(double)).text


async def test_a_channel_that_is_switched_off_says_who_can_switch_it_on(double: DiscordDouble) -> None:
    for user in (INSTRUCTOR, STUDENT):
        card = await diagnose(double, user, channel=EXERCISES_ID)
        assert f"Do I answer in <#{EXERCISES_ID}>?" in card.text
        assert "❌ I am switched off here." in card.text
        assert f"<@&{INSTRUCTOR_ROLE_ID}>" in card.text


async def test_a_forum_says_which_posts_are_answered(double: DiscordDouble) -> None:
    card = await diagnose(double, channel=FORUM_ID)
    assert "New posts of this forum: not answered." in card.text
    assert "Send Messages in Threads" in card.text


async def test_a_channel_that_is_hidden_from_the_bot_is_said_to_be(double: DiscordDouble) -> None:
    await double.deny(AUDIT_ID, permissions.VIEW_CHANNEL)
    assert "**View Channel**" in (await diagnose(double, channel=AUDIT_ID)).text
    await double.deny(AUDIT_ID, 0)


async def test_a_question_is_judged_as_it_would_be_directly_and_in_a_channel(double: DiscordDouble) -> None:
    known = await diagnose(double, question=QUESTION)
    assert (
        "**Asked directly**: I answer with *Why do sigmoid and tanh make the gradient vanish?*." in known.text
    )
    assert "**Said to nobody in a channel**: I answer with" in known.text
    assert "as good as certain, 1.00; *balanced* asks for 0.82" in known.text
    unknown = await diagnose(double, question="when is the exam, and in which room?")
    assert "**Asked directly**: I do not answer" in unknown.text
    assert "`/answer new`" in unknown.text
    student = await diagnose(double, STUDENT, question=QUESTION)
    assert "**Asked directly**: I answer with" in student.text
    for hidden in ("0.82", "in a channel**", "tiny run", "database"):
        assert hidden not in student.text


async def test_it_belongs_to_a_server_and_nothing_leaked(double: DiscordDouble) -> None:
    refused = await (await double.slash("diagnose", guild=False)).answer()
    assert "use it in a channel" in refused.text
    assert double.seen_by(STUDENT + 1_000) == []
    assert double.problems() == []
