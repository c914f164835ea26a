"""SIGTERM answers or tells everybody who waits; a second one is in a hurry."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord_double import STUDENT, DiscordDouble, Interaction, Judge, Sent
from discord_double.bot_process import CANCEL, BotProcess, waiting_messages

LONG = "8x64 data=blobs lr=0.1 steps=20000 seeds=8"
SHORT = "8x64 data=blobs lr=0.1 steps=800 seeds=8"
STOPPED = "The bot is shutting down, so the run was stopped; ask again in a minute."
RESTARTING = "I am restarting; ask again in a minute."


@pytest.fixture
async def double() -> AsyncIterator[DiscordDouble]:
    async with DiscordDouble(judge=Judge.load_or_none()) as made:
        yield made


def a_bot(folder: Path, double: DiscordDouble, jobs: int) -> BotProcess:
    return BotProcess(folder, double, BACKCHAT_JOBS=str(jobs), BACKCHAT_JOB_SECONDS="600")


def is_final(sent: Sent) -> bool:
    return not any(id_.startswith(CANCEL) for id_ in sent.custom_ids)


async def simulate(double: DiscordDouble, spec: str, user: int) -> Interaction:
    """Ask, and wait until something is shown."""
    asked = await double.slash("simulate", {"spec": f"{spec} seed={user}"}, user_id=STUDENT + user)
    await asked.followup(timeout=60)
    return asked


async def test_everybody_who_waits_is_answered_or_told(tmp_path: Path, double: DiscordDouble) -> None:
    # Of two slots, long runs have one.
    async with a_bot(tmp_path, double, jobs=2) as bot:
        long = await simulate(double, LONG, 1)
        queued = [await simulate(double, LONG, user) for user in (3, 4)]
        assert not any("%" in one.messages[-1].text for one in queued)
        short = await simulate(double, SHORT, 2)
        bot.signal(signal.SIGTERM)
        for one in queued:
            assert (await one.until(is_final, timeout=10)).text == STOPPED
        command = await double.slash("ask", {"question": "why?"})
        refused = await command.answer()
        assert (refused.text, refused.ephemeral) == (RESTARTING, True)
        mention = await double.mention("why?")
        assert (await mention.reply()).text == RESTARTING
        answer = await short.until(is_final, timeout=60)
        assert answer.files
        assert (await long.until(is_final, timeout=60)).text == STOPPED
        assert await bot.ended() == 0
        assert bot.pending == []
        assert waiting_messages(double) == []
        assert double.problems() == []
        assert "Traceback" not in bot.said()


async def test_the_bot_ends_within_twenty_seconds(tmp_path: Path, double: DiscordDouble) -> None:
    async with a_bot(tmp_path, double, jobs=1) as bot:
        long = await simulate(double, LONG, 1)
        bot.signal(signal.SIGTERM)
        assert await bot.ended(timeout=20) == 0
        assert long.messages[-1].text == STOPPED


async def test_a_second_signal_ends_it_at_once_and_still_tells(tmp_path: Path, double: DiscordDouble) -> None:
    async with a_bot(tmp_path, double, jobs=1) as bot:
        long = await simulate(double, LONG, 1)
        bot.signal(signal.SIGTERM)
        await bot.says("requests under way: 1")
        refused = await (await double.slash("ask", {"question": "why?"})).answer()
        assert refused.text == RESTARTING
        assert not is_final(long.messages[-1])
        bot.signal(signal.SIGINT)
        assert await bot.ended(timeout=10) == 0
        assert long.messages[-1].text == STOPPED
        assert bot.pending == []
        assert double.problems() == []
        assert "Traceback" not in bot.said()


async def test_who_cannot_be_told_is_told_after_the_next_start(tmp_path: Path, double: DiscordDouble) -> None:
    async with a_bot(tmp_path, double, jobs=1) as bot:
        long = await simulate(double, LONG, 1)
        double.fail_next("PATCH", r"/webhooks/", status=503, times=1_000)
        bot.signal(signal.SIGTERM)
        await bot.says("requests under way: 1")
        bot.signal(signal.SIGINT)
        assert await bot.ended() == 0
        assert len(bot.pending) == 1
        assert waiting_messages(double)
        assert "Traceback" not in bot.said()
    double.heal()
    count = len(long.messages)
    async with a_bot(tmp_path, double, jobs=1) as bot:
        await double.until(lambda: len(long.messages) > count)
        sent = long.messages[-1]
        await double.press(sent.custom_ids[0], sent, user_id=STUDENT + 1)
        assert "Cancelled" in (await long.until(is_final)).text
        await bot.settled()
