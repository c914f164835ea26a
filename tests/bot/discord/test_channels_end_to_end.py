"""Where a server wants it, the real bot answers what nobody asked it: surely, once, and away at a press."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from discord_double import (
    EXAM_TAG_ID,
    EXERCISES_ID,
    FORUM_ID,
    GENERAL_ID,
    GUILD_ID,
    HELPER_ROLE_ID,
    STUDENT,
    TEACHER,
    TRAINING_TAG_ID,
    DiscordDouble,
    Judge,
    Posted,
    payloads,
)
from discord_double.bot_process import BotProcess, is_final
from discord_double.world import now_text

from bot.storage.guild_settings import GuildSettings
from bot.storage.location import at_file
from bot.storage.opening import open_storage
from bot.storage.people import Author, Signed

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTION = "Why do sigmoid and tanh make the gradient vanish?"
DISMISS = "backchat:1:dismiss:"
MESSAGE_CONTENT = 1 << 15


async def decided(folder: Path, **changes: Any) -> None:
    """Let a server decide before the bot starts."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    async with open_storage(at_file(data / "backchat.sqlite"), now=now) as storage:
        by = Signed(author=Author(id="1", name="Ada"), at=now)
        await storage.settings.change(GUILD_ID, changes, seen=GuildSettings(), by=by)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    folder = tmp_path_factory.mktemp("bot")
    await decided(
        folder,
        channels={EXERCISES_ID: "answer"},
        forums={FORUM_ID: [TRAINING_TAG_ID]},
        helpers=[HELPER_ROLE_ID],
    )
    async with DiscordDouble(judge=Judge.load_or_none()) as double, BotProcess(folder, double) as running:
        yield running


async def silent(bot: BotProcess, *said: Posted) -> None:
    """Wait until the bot has read what was said, and see that it said nothing."""
    later = await bot.double.mention("when is lunch?", user_id=990)
    await later.until(is_final)
    await asyncio.sleep(0.3)
    assert [one.message["content"] for one in said if one.replies] == []


async def test_a_sure_question_to_nobody_is_answered_once_and_dismissed_by_its_asker(bot: BotProcess) -> None:
    asked = await bot.double.say(QUESTION, channel_id=EXERCISES_ID)
    answer = await asked.reply(timeout=60)
    assert QUESTION in answer.text
    assert answer.message["message_reference"]["message_id"] == asked.message["id"]
    await bot.double.repeat(asked)
    button = next(id_ for id_ in answer.custom_ids if id_.startswith(DISMISS))
    refused = await (await bot.double.press(button, answer, user_id=55)).answer()
    assert "Only the person who is answered here, helpers and instructors can dismiss this." in refused.text
    assert refused.ephemeral
    assert len(asked.replies) == 1
    pressed = await bot.double.press(button, answer)
    await pressed.acknowledged()
    await bot.double.until(lambda: answer.message["id"] not in bot.double.world.messages)
    assert pressed.messages == []


async def test_helpers_dismiss_too(bot: BotProcess) -> None:
    answer = await (await bot.double.say(QUESTION, channel_id=EXERCISES_ID)).reply(timeout=60)
    button = next(id_ for id_ in answer.custom_ids if id_.startswith(DISMISS))
    await bot.double.press(button, answer, user_id=56, roles=[HELPER_ROLE_ID])
    await bot.double.until(lambda: answer.message["id"] not in bot.double.world.messages)


async def test_anything_else_is_left_to_people(bot: BotProcess) -> None:
    first = await bot.double.say("who has the notes of last week?", channel_id=EXERCISES_ID)
    told = await bot.double.say(
        f"<@{TEACHER}> {QUESTION}", channel_id=EXERCISES_ID, mentions=[{"id": str(TEACHER)}]
    )
    elsewhere = await bot.double.say(QUESTION, channel_id=GENERAL_ID)
    thanks = await bot.double.say("sigmoid and tanh make the gradient vanish", channel_id=EXERCISES_ID)
    await silent(bot, first, told, elsewhere, thanks)


async def test_people_who_talk_are_not_interrupted(bot: BotProcess) -> None:
    talk = await bot.double.say("I found the exercise hard", channel_id=EXERCISES_ID, user_id=61)
    question = await bot.double.say(QUESTION, channel_id=EXERCISES_ID, user_id=62)
    await silent(bot, talk, question)


async def test_a_post_with_a_wanted_tag_is_answered_once(bot: BotProcess) -> None:
    post = await bot.double.forum_post("Question 3", QUESTION, tags=[TRAINING_TAG_ID])
    answer = await post.reply(timeout=60)
    assert QUESTION in answer.text
    again = await bot.double.say(QUESTION, channel_id=post.message["id"])
    other = await bot.double.forum_post(QUESTION, "I wonder.", tags=[EXAM_TAG_ID], user_id=TEACHER)
    unsure = await bot.double.forum_post("Lunch", "Where do we meet?", tags=[TRAINING_TAG_ID])
    await silent(bot, again, other, unsure)
    below = {"type": 0, "channel_id": post.message["id"], "message_id": answer.message["id"]}
    more = await bot.double.say("source?", channel_id=post.message["id"], type=19, message_reference=below)
    assert "This answer rests on:" in (await more.until(is_final)).text


async def test_a_post_whose_first_message_comes_before_it_is_answered(bot: BotProcess) -> None:
    world = bot.double.world
    forum = world.channels[FORUM_ID]
    post = payloads.thread(
        world.new_id(), forum, "Week 3", owner_id=STUDENT, at=now_text(), tags=[TRAINING_TAG_ID]
    )
    world.channels[post["id"]] = post
    first = await bot.double.say(QUESTION, channel_id=post["id"], id=post["id"])
    assert QUESTION in (await first.reply(timeout=60)).text


async def test_a_title_says_enough_where_the_story_is_long(bot: BotProcess) -> None:
    story = "I read the chapter twice, drew it on paper, and asked my neighbour, who is away on Fridays. " * 4
    post = await bot.double.forum_post(QUESTION, story, tags=[TRAINING_TAG_ID], user_id=63)
    assert QUESTION in (await post.reply(timeout=60)).text


async def test_nothing_that_was_sent_was_wrong(bot: BotProcess) -> None:
    assert bot.double.problems() == []
    assert "Traceback" not in bot.said()
