"""A bot that was killed answers after its next start what was under way, or tells who asked."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from discord_double import (
    APPLICATION_ID,
    GENERAL_ID,
    STUDENT,
    DiscordDouble,
    Interaction,
    Judge,
    Posted,
    Sent,
    events,
)
from discord_double.bot_process import CANCEL, BotProcess, waiting_messages

LONG = "8x64 data=blobs lr=0.1 steps=20000 seeds=8"
MEDIUM = "8x64 data=blobs lr=0.1 steps=3000 seeds=8"
SORRY = "I was restarted while I worked on this, so there is no answer; please ask again."
TITLE = "Why do sigmoid and tanh make the gradient vanish?"


@pytest.fixture
async def double() -> AsyncIterator[DiscordDouble]:
    async with DiscordDouble(judge=Judge.load_or_none()) as made:
        yield made


def a_bot(folder: Path, double: DiscordDouble) -> BotProcess:
    return BotProcess(folder, double, BACKCHAT_JOBS="1", BACKCHAT_JOB_SECONDS="600")


def is_waiting(sent: Sent) -> bool:
    return any(id_.startswith(CANCEL) for id_ in sent.custom_ids)


def is_final(sent: Sent) -> bool:
    return not is_waiting(sent)


def ids(handle: Interaction | Posted) -> set[str]:
    shown = handle.messages if isinstance(handle, Interaction) else handle.replies
    return {sent.message["id"] for sent in shown}


async def nothing_is_left(bot: BotProcess) -> None:
    await bot.settled()
    assert waiting_messages(bot.double) == []
    assert bot.double.problems() == []
    assert "Traceback" not in bot.said()
    tokens = [one.payload["token"] for one in bot.double.world.interactions.values()]
    assert not any(token in bot.said() for token in tokens)


async def test_what_was_under_way_is_run_again_in_the_same_messages(
    tmp_path: Path, double: DiscordDouble
) -> None:
    async with a_bot(tmp_path, double) as bot:
        command = await double.slash("simulate", {"spec": MEDIUM})
        await command.until(is_waiting)
        mention = await double.mention(f"{TITLE} With 17 layers?", user_id=STUDENT + 1)
        await mention.until(is_waiting)
        unseen = await double.mention(f"{TITLE} With 19 layers?", user_id=STUDENT + 2)
        await double.until(lambda: len(bot.pending) == 3)
        await bot.kill()
    async with a_bot(tmp_path, double) as bot:
        assert (await command.until(is_final, timeout=120)).files
        for asked in (mention, unseen):
            answer = await asked.until(is_final, timeout=60)
            assert TITLE in answer.text
            assert answer.files
        await nothing_is_left(bot)
        assert [len(ids(one)) for one in (command, mention, unseen)] == [1, 1, 1]


async def test_what_kills_the_bot_twice_is_not_run_a_third_time(
    tmp_path: Path, double: DiscordDouble
) -> None:
    async with a_bot(tmp_path, double) as bot:
        asked = await double.slash("simulate", {"spec": LONG})
        await asked.until(is_waiting)
        await bot.kill()
    count = len(asked.messages)
    async with a_bot(tmp_path, double) as bot:
        await double.until(lambda: any("% · " in sent.text for sent in asked.messages[count:]), timeout=30)
        assert [one["attempts"] for one in bot.pending] == [2]
        await bot.kill()
    async with a_bot(tmp_path, double) as bot:
        assert (await asked.until(is_final)).text == SORRY
        await nothing_is_left(bot)


async def test_what_is_run_again_can_be_cancelled(tmp_path: Path, double: DiscordDouble) -> None:
    async with a_bot(tmp_path, double) as bot:
        first = await double.slash("simulate", {"spec": LONG})
        await first.until(is_waiting)
        second = await double.slash("simulate", {"spec": f"{LONG} seed=2"})
        await second.until(is_waiting)
        await bot.kill()
    marks = len(first.messages), len(second.messages)
    async with a_bot(tmp_path, double) as bot:
        await double.until(lambda: (len(first.messages) > marks[0]) & (len(second.messages) > marks[1]))
        assert "I was restarted; your run waits" in second.messages[-1].text
        for one in (second, first):
            sent = one.messages[-1]
            await double.press(sent.custom_ids[0], sent)
            assert "Cancelled" in (await one.until(is_final)).text
        await nothing_is_left(bot)


def a_note(id_: int, address: dict[str, Any], age: float) -> dict[str, Any]:
    return {
        "id": id_,
        "user": STUDENT,
        "guild": None,
        "address": address,
        "wanted": {"kind": "question", "text": "why do gradients vanish?"},
        "when": time.time() - age,
        "attempts": 1,
    }


async def test_what_is_too_old_is_told_where_that_is_possible_and_removed(
    tmp_path: Path, double: DiscordDouble
) -> None:
    folder = tmp_path / "data" / "pending"
    folder.mkdir(parents=True)
    question = events.message(double.world, GENERAL_ID, "why?", user_id=STUDENT, mention=True)
    reply = {"kind": "message", "channel": int(GENERAL_ID), "question": int(question["id"]), "message": None}
    gone = {
        "kind": "interaction",
        "application": int(APPLICATION_ID),
        "token": "expired",
        "channel": None,
        "message": None,
        "private": True,
    }
    (folder / "1.json").write_text(json.dumps(a_note(1, reply, age=1_000)), encoding="utf-8")
    (folder / "2.json").write_text(json.dumps(a_note(2, gone, age=5_000)), encoding="utf-8")
    (folder / "3.json").write_text("{", encoding="utf-8")
    async with a_bot(tmp_path, double) as bot:
        await bot.settled()
        [told] = [
            sent for sent in double.sent if question["id"] in str(sent.message.get("message_reference"))
        ]
        assert told.text == SORRY
        assert list(folder.iterdir()) == []
        assert "removed 3.json, which is no request" in bot.said()
        assert double.problems() == []
