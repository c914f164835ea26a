"""SIGTERM answers or tells everybody who waits; a second one is in a hurry."""

import signal
import time
from pathlib import Path

import pytest
from discord_double import STUDENT, DiscordDouble, Interaction
from discord_double.bot_process import LONG, SHORT, BotProcess, is_final, waiting_messages

STOPPED = "I am restarting, so this was not run to its end; ask again in a minute with `/simulate spec:"
RESTARTING = "I am restarting; ask again in a minute."


async def simulate(double: DiscordDouble, spec: str, user: int) -> Interaction:
    """Ask, and wait until something is shown."""
    asked = await double.slash("simulate", {"spec": f"{spec} seed={user}"}, user_id=STUDENT + user)
    await asked.followup(timeout=60)
    return asked


@pytest.mark.timeout(400)  # several starts, on a machine that may be busy
async def test_everybody_who_waits_is_answered_or_told_now_or_after_the_next_start(
    tmp_path: Path, double: DiscordDouble
) -> None:
    async with BotProcess.for_long_runs(tmp_path, double, jobs=1) as bot:
        unreachable = await stop_at_once(bot)
        assert [one["user"] for one in bot.pending] == [STUDENT + unreachable]
    double.heal()
    [asked] = (one for one in double.world.interactions.values() if waits(one))
    count = len(asked.messages)
    # Of two slots, long runs have one.
    async with BotProcess.for_long_runs(tmp_path, double, jobs=2) as bot:
        await double.until(lambda: len(asked.messages) > count)
        sent = asked.messages[-1]
        await double.press(sent.custom_ids[0], sent, user_id=STUDENT + unreachable)
        assert "Cancelled" in (await asked.until(is_final)).text
        await bot.settled()
        await stop_in_order(bot)
    assert bot.pending == []
    assert waiting_messages(double) == []
    assert double.problems() == []
    assert "Traceback" not in bot.said()
    # What is registered is registered once, however often the bot is started.
    assert sum(one.method == "PUT" for one in double.requests) == 1


def waits(asked: Interaction) -> bool:
    return bool(asked.messages) and not is_final(asked.messages[-1])


async def stop_at_once(bot: BotProcess) -> int:
    """Stop a bot with two signals while somebody can be told and somebody else cannot; say who cannot."""
    told = await simulate(bot.double, LONG, 1)
    untold = await simulate(bot.double, LONG, 2)
    bot.double.fail_next("PATCH", untold.payload["token"], status=503, times=1_000)
    bot.signal(signal.SIGTERM)
    await bot.says("requests under way: 2")
    refused = await (await bot.double.slash("ask", {"question": "why?"})).answer()
    assert refused.text == RESTARTING
    assert not is_final(told.messages[-1])
    bot.signal(signal.SIGINT)
    assert await bot.ended(timeout=10) == 0
    assert told.messages[-1].text.startswith(STOPPED)
    assert not is_final(untold.messages[-1])
    return 2


async def stop_in_order(bot: BotProcess) -> None:
    """Stop a bot while some run and others wait for their turn."""
    double = bot.double
    long = await simulate(double, LONG, 11)
    queued = [await simulate(double, LONG, user) for user in (13, 14)]
    assert not any("%" in one.messages[-1].text for one in queued)
    short = await simulate(double, SHORT, 12)
    began = time.monotonic()
    bot.signal(signal.SIGTERM)
    for one in queued:
        assert (await one.until(is_final, timeout=10)).text.startswith(STOPPED)
    command = await double.slash("ask", {"question": "why?"})
    refused = await command.answer()
    assert (refused.text, refused.ephemeral) == (RESTARTING, True)
    mention = await double.mention("why?")
    assert (await mention.reply()).text == RESTARTING
    answer = await short.until(is_final, timeout=60)
    assert answer.files
    assert (await long.until(is_final, timeout=60)).text.startswith(STOPPED)
    assert time.monotonic() - began < 20
    assert await bot.ended() == 0
