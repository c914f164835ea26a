"""The settings card of the real bot: each menu changes what it says, for its server, and can be undone."""

import signal
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from discord_double import (
    ASSISTANT,
    AUDIT_ID,
    EXERCISES_ID,
    FORUM_ID,
    GENERAL_ID,
    GUILD2_ID,
    GUILD_ID,
    HELPER_ROLE_ID,
    INSTRUCTOR,
    INSTRUCTOR_ROLE_ID,
    STUDENT,
    TEACHER,
    TRAINING_TAG_ID,
    DiscordDouble,
    Interaction,
    Judge,
    Sent,
)
from discord_double import permissions as bits
from discord_double.bot_process import BotProcess, is_final
from discord_place import Place

pytestmark = pytest.mark.asyncio(loop_scope="module")

PREFIX = "backchat:1:set:"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(place: Place) -> AsyncIterator[BotProcess]:
    async with (
        DiscordDouble(judge=Judge.load_or_none()) as double,
        BotProcess(place.folder, double, **place.environment) as running,
    ):
        yield running


async def opened(bot: BotProcess, section: str = "", user_id: int = TEACHER, **more: Any) -> Sent:
    card = await (await bot.double.slash("settings", user_id=user_id, **more)).until(is_final)
    if not section:
        return card
    return await (
        await bot.double.press(f"{PREFIX}go", card, user_id=user_id, values=[section], **more)
    ).until(is_final)


def control(card: Sent, name: str) -> str:
    """Find the menu of one part."""
    return next(id_ for id_ in card.custom_ids if id_.startswith(f"{PREFIX}put:{name}:"))


async def choose(
    bot: BotProcess, card: Sent, name: str, *values: str, user_id: int = TEACHER, **more: Any
) -> Sent:
    pressed = await bot.double.press(control(card, name), card, user_id=user_id, values=list(values), **more)
    return await pressed.until(is_final)


async def undone(bot: BotProcess, card: Sent) -> Sent:
    button = next(id_ for id_ in card.custom_ids if id_.startswith(f"{PREFIX}u:"))
    return await (await bot.double.press(button, card, user_id=TEACHER)).until(is_final)


async def picked(bot: BotProcess, channel: str) -> Sent:
    card = await opened(bot, "channels")
    return await (await bot.double.press(f"{PREFIX}pick", card, user_id=TEACHER, values=[channel])).until(
        is_final
    )


async def asked(bot: BotProcess, channel: str = GENERAL_ID, **more: Any) -> Interaction:
    return await bot.double.slash("ask", {"question": "when is lunch?"}, channel_id=channel, **more)


async def test_one_card_shows_everything_to_its_reader_alone(bot: BotProcess) -> None:
    card = await opened(bot)
    assert card.ephemeral
    for words in (
        "when addressed",
        "Instructors: nobody yet",
        "Everybody sees",
        "Dark plots",
        "balanced",
        "none yet",
    ):
        assert words in card.text
    assert "No audit channel" in card.text
    assert bot.double.problems() == []


async def test_students_and_assistants_are_told_who_may(bot: BotProcess) -> None:
    for person in (STUDENT, ASSISTANT):
        refused = await (await bot.double.slash("settings", user_id=person)).answer()
        assert refused.ephemeral
        assert "Who has Manage Server here may." in refused.text
    allowed = await bot.double.slash("settings", user_id=STUDENT, permissions=bits.MANAGE_GUILD)
    assert "Everybody sees" in (await allowed.until(is_final)).text


async def test_roles_let_instructors_in_and_an_old_card_of_who_lost_the_role_does_nothing(
    bot: BotProcess,
) -> None:
    card = await choose(bot, await opened(bot, "roles"), "instructors", INSTRUCTOR_ROLE_ID)
    assert f"**Instructors**: nobody yet → <@&{INSTRUCTOR_ROLE_ID}> · changed by you just now" in card.text
    theirs = await opened(bot, "roles", user_id=INSTRUCTOR)
    card = await choose(bot, theirs, "helpers", HELPER_ROLE_ID, user_id=INSTRUCTOR)
    assert f"<@&{HELPER_ROLE_ID}>" in card.text
    await choose(bot, await opened(bot, "roles"), "instructors")
    late = await bot.double.press(control(card, "helpers"), card, user_id=INSTRUCTOR, values=[])
    assert "Who has Manage Server here may." in (await late.answer()).text
    assert f"Helpers: <@&{HELPER_ROLE_ID}>" in (await opened(bot)).text


async def test_everyone_is_no_role_for_this(bot: BotProcess) -> None:
    card = await opened(bot, "roles")
    chosen = await bot.double.press(control(card, "instructors"), card, user_id=TEACHER, values=[GUILD_ID])
    assert "@everyone is no role for this" in (await chosen.answer()).text
    assert "Instructors: nobody yet" in (await opened(bot)).text


async def test_replies_to_commands_are_private_where_the_server_wants_it(bot: BotProcess) -> None:
    assert not (await (await asked(bot)).until(is_final)).ephemeral
    card = await choose(bot, await opened(bot, "answers"), "visibility", "private")
    assert (await (await asked(bot)).until(is_final)).ephemeral
    said = await bot.double.slash("ask", {"question": "when is lunch?", "private": False})
    assert not (await said.until(is_final)).ephemeral
    elsewhere = await bot.double.slash("ask", {"question": "when is lunch?"}, guild=GUILD2_ID)
    assert not (await elsewhere.until(is_final)).ephemeral
    assert "put back by you just now" in (await undone(bot, card)).text
    assert not (await (await asked(bot)).until(is_final)).ephemeral


async def test_plots_are_light_where_the_server_wants_it(bot: BotProcess) -> None:
    await choose(bot, await opened(bot, "answers"), "theme", "light")
    run = await (await bot.double.slash("simulate", {"spec": "3x8 seeds=2"})).until(is_final, timeout=60)
    assert all(name.endswith("-light.png") for name in run.files)
    await choose(bot, await opened(bot, "answers"), "theme", "dark")


async def test_caution_counts_at_once(bot: BotProcess) -> None:
    card = await choose(bot, await opened(bot, "answers"), "caution", "careful")
    assert "balanced → careful" in card.text
    assert "How sure I have to be: careful" in (await opened(bot)).text
    await undone(bot, card)


async def test_where_it_is_off_it_says_so_only_to_who_uses_a_command(bot: BotProcess) -> None:
    card = await choose(bot, await picked(bot, EXERCISES_ID), "mode", "off")
    assert f"<#{EXERCISES_ID}>, this channel**: like all others → off" in card.text
    refusal = await (await asked(bot, EXERCISES_ID)).answer()
    assert refusal.ephemeral
    assert "I am switched off in this channel." in refusal.text
    mention = await bot.double.mention("when is lunch?", channel_id=EXERCISES_ID)
    assert "I have no answer" in (await (await bot.double.mention("lunch?")).until(is_final)).text
    assert mention.replies == []
    assert (
        "Settings"
        in (
            await (await bot.double.slash("settings", user_id=TEACHER, channel_id=EXERCISES_ID)).until(
                is_final
            )
        ).text
    )
    await undone(bot, card)
    mention = await bot.double.mention("when is lunch?", channel_id=EXERCISES_ID)
    assert "I have no answer" in (await mention.until(is_final)).text


async def test_off_everywhere_but_here(bot: BotProcess) -> None:
    await choose(bot, await picked(bot, GENERAL_ID), "mode", "addressed")
    card = await choose(bot, await opened(bot, "channels"), "elsewhere", "off")
    assert f"Ask in <#{GENERAL_ID}>" in (await (await asked(bot, EXERCISES_ID)).answer()).text
    assert not (await (await asked(bot)).until(is_final)).ephemeral
    await undone(bot, card)
    await choose(bot, await picked(bot, GENERAL_ID), "mode", "like")
    assert "All: when addressed" in (await opened(bot)).text


async def test_a_forum_offers_its_tags_and_says_what_cannot_work(bot: BotProcess) -> None:
    card = await choose(bot, await picked(bot, FORUM_ID), "posts", TRAINING_TAG_ID)
    assert f"<#{FORUM_ID}>, new posts**: not answered → *training*" in card.text
    assert "so that only the titles of posts are answered" in (await opened(bot)).text
    card = await choose(bot, card, "posts", "all", TRAINING_TAG_ID)
    assert "*training* → all" in card.text
    card = await choose(bot, card, "posts", "none")
    assert "all → not answered" in card.text
    assert "Message Content Intent" not in (await opened(bot)).text


async def test_missing_permissions_are_named(bot: BotProcess) -> None:
    await bot.double.deny(EXERCISES_ID, bits.ATTACH_FILES | bits.SEND_MESSAGES)
    card = await choose(bot, await picked(bot, EXERCISES_ID), "mode", "answer")
    assert f"<#{EXERCISES_ID}>: I am missing Send Messages, Attach Files" in card.text
    assert "Message Content Intent" in (await opened(bot)).text
    await bot.double.allow(EXERCISES_ID, bits.ATTACH_FILES | bits.SEND_MESSAGES)
    await choose(bot, await picked(bot, EXERCISES_ID), "mode", "like")
    assert "I am missing" not in (await opened(bot)).text


async def test_the_second_of_two_admins_is_told_who_was_first(bot: BotProcess) -> None:
    mine, older = await opened(bot, "answers"), await opened(bot, "answers")
    theirs = await opened(bot, "answers", user_id=INSTRUCTOR, permissions=bits.MANAGE_GUILD)
    await choose(bot, theirs, "caution", "eager", user_id=INSTRUCTOR, permissions=bits.MANAGE_GUILD)
    told = await choose(bot, mine, "caution", "careful")
    assert "⚠️ **Instructor changed this" in told.text
    assert "nothing of yours was saved. How sure I have to be: now eager." in told.text
    assert not any(id_.startswith(f"{PREFIX}u:") for id_ in told.custom_ids)
    # What they chose alike, or did not touch, is no conflict.
    same = await choose(bot, older, "caution", "eager")
    assert "eager, as before" in same.text
    light = await choose(bot, same, "theme", "light")
    assert "dark plots → light plots" in light.text
    await undone(bot, light)
    assert "eager → balanced" in (await choose(bot, told, "caution", "balanced")).text


def last_post(bot: BotProcess, channel: str) -> str:
    posts = [sent.text for sent in bot.double.sent if sent.message["channel_id"] == channel]
    return posts[-1] if posts else ""


async def test_the_audit_channel_and_the_words_that_are_kept(bot: BotProcess) -> None:
    card = await choose(bot, await opened(bot, "team"), "audit", GENERAL_ID)
    assert f"Everybody here can read <#{GENERAL_ID}>" in card.text
    card = await choose(bot, card, "audit", AUDIT_ID)
    assert f"<#{GENERAL_ID}> → <#{AUDIT_ID}>" in card.text
    await bot.double.until(lambda: "changed a setting" in last_post(bot, AUDIT_ID), wanted="the audit post")
    assert "⚠️" not in card.text
    assert "No audit channel" not in (await opened(bot)).text
    card = await (await bot.double.press(f"{PREFIX}keep:on", card, user_id=TEACHER)).until(is_final)
    assert "kept for 30 days" in card.text
    card = await (await bot.double.press(f"{PREFIX}keep:ask", card, user_id=TEACHER)).until(is_final)
    assert "Delete all words that were kept?" in card.text
    card = await (await bot.double.press(f"{PREFIX}keep:off", card, user_id=TEACHER)).until(is_final)
    assert "All words that were kept are deleted." in card.text


async def test_the_card_works_after_a_restart_and_the_other_server_has_its_own(bot: BotProcess) -> None:
    card = await choose(bot, await opened(bot, "answers"), "visibility", "private")
    bot.signal(signal.SIGTERM)
    assert await bot.ended() == 0
    await bot.__aenter__()  # the fixture ends it
    assert (await (await asked(bot)).until(is_final)).ephemeral
    other = await bot.double.slash("settings", user_id=TEACHER, guild=GUILD2_ID)
    assert "Everybody sees" in (await other.until(is_final)).text
    assert "put back by you just now" in (await undone(bot, card)).text
    assert bot.double.problems() == []
    assert "Traceback" not in bot.said()
    assert not any("## Settings" in sent.text for sent in bot.double.seen_by(77))
