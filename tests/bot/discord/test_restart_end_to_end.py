"""A bot that was killed answers after its next start what was under way, or tells who asked."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from discord_double import APPLICATION_ID, GENERAL_ID, STUDENT, DiscordDouble, Interaction, Posted, events
from discord_double.bot_process import LONG, MEDIUM, BotProcess, is_final, is_waiting, waiting_messages

SORRY = "I was restarted while I worked on this, so there is no answer; please ask again."
TITLE = "Why do sigmoid and tanh make the gradient vanish?"


def ids(handle: Interaction | Posted) -> set[str]:
    shown = handle.messages if isinstance(handle, Interaction) else handle.replies
    return {sent.message["id"] for sent in shown}


def a_note(id_: int, address: dict[str, Any], age: float) -> str:
    note = {
        "id": id_,
        "user": STUDENT,
        "guild": None,
        "address": address,
        "wanted": {"kind": "question", "text": "why do gradients vanish?"},
        "when": time.time() - age,
        "attempts": 1,
    }
    return json.dumps(note)


def leave_old_notes(folder: Path, double: DiscordDouble) -> str:
    """Write what an earlier bot may have left; return the message that can still be replied to."""
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
    (folder / "1.json").write_text(a_note(1, reply, age=1_000), encoding="utf-8")
    (folder / "2.json").write_text(a_note(2, gone, age=5_000), encoding="utf-8")
    (folder / "3.json").write_text("{", encoding="utf-8")
    (folder / "4.new").write_text(a_note(4, reply, age=1), encoding="utf-8")
    return question["id"]


@pytest.mark.timeout(400)  # several starts, on a machine that may be busy
async def test_after_being_killed_twice_everybody_is_answered_or_told(
    tmp_path: Path, double: DiscordDouble
) -> None:
    folder = tmp_path / "data" / "pending"
    async with BotProcess.for_long_runs(tmp_path, double, jobs=1) as bot:
        fatal = await double.slash("simulate", {"spec": LONG})
        await fatal.until(is_waiting)
        queued = await double.slash("simulate", {"spec": f"{LONG} seed=2"})
        await queued.until(is_waiting)
        running = await double.slash("simulate", {"spec": f"{LONG} seed=3"}, user_id=STUDENT + 3)
        command = await double.slash("simulate", {"spec": MEDIUM}, user_id=STUDENT + 4)
        await command.until(is_waiting)
        mention = await double.mention(f"{TITLE} With 17 layers?", user_id=STUDENT + 1)
        await mention.until(is_waiting)
        unseen = await double.mention(f"{TITLE} With 19 layers?", user_id=STUDENT + 2)
        await double.until(lambda: len(bot.pending) == 6)
        await bot.kill()

    old = leave_old_notes(folder, double)
    count, mark = len(fatal.messages), len(queued.messages)
    async with BotProcess.for_long_runs(tmp_path, double, jobs=1) as bot:
        # The first runs again, and the others wait for their turns.
        await double.until(lambda: any("% · " in sent.text for sent in fatal.messages[count:]), timeout=30)
        await double.until(lambda: len(queued.messages) > mark)
        assert is_waiting(queued.messages[-1])
        await cancel(double, queued)
        await double.until(lambda: told_of(double, old) == [SORRY])
        await double.until(lambda: sorted(one["attempts"] for one in bot.pending) == [1, 1, 1, 1, 2])
        assert "removed 3.json, which is no request" in bot.said()
        assert not (folder / "4.new").exists()
        await bot.kill()

    mark = len(running.messages)
    async with BotProcess.for_long_runs(tmp_path, double, jobs=1) as bot:
        # What killed the bot twice is not run a third time, and the next one is.
        assert (await fatal.until(is_final)).text == SORRY
        await double.until(lambda: any("% · " in sent.text for sent in running.messages[mark:]), timeout=30)
        await cancel(double, running, STUDENT + 3)
        assert (await command.until(is_final, timeout=120)).files
        for asked in (mention, unseen):
            answer = await asked.until(is_final, timeout=60)
            assert TITLE in answer.text
            assert answer.files
        await bot.settled()
        assert [len(ids(one)) for one in (fatal, queued, running, command, mention, unseen)] == [1] * 6
        assert told_of(double, old) == [SORRY]
        assert list(folder.iterdir()) == []
        assert waiting_messages(double) == []
        assert double.problems() == []
        assert "Traceback" not in bot.said()
        tokens = [one.payload["token"] for one in double.world.interactions.values()]
        assert not any(token in bot.said() for token in tokens)


def told_of(double: DiscordDouble, question: str) -> list[str]:
    """Return what was said in reply to a message."""
    return [sent.text for sent in double.sent if question in str(sent.message.get("message_reference"))]


async def cancel(double: DiscordDouble, asked: Interaction, user: int = STUDENT) -> None:
    sent = asked.messages[-1]
    await double.press(sent.custom_ids[0], sent, user_id=user)
    assert "Cancelled" in (await asked.until(is_final)).text
