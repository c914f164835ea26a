"""Somebody who floods the real bot gets one sentence, in a channel as with commands, and no storm."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from discord_double import DiscordDouble, Judge
from discord_double.bot_process import BotProcess, is_final

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    folder: Path = tmp_path_factory.mktemp("bot")
    async with (
        DiscordDouble(judge=Judge.load_or_none()) as double,
        BotProcess(folder, double, BACKCHAT_PERSON_PER_MINUTE="4") as running,
    ):
        yield running


async def test_a_flood_of_mentions_gets_one_refusal(bot: BotProcess) -> None:
    flood = [await bot.double.mention(f"when is exam {number}?", user_id=71) for number in range(12)]
    for one in flood[:4]:
        assert "I have no answer" in (await one.until(is_final)).text
    assert "You asked 4 times in a minute" in (await flood[4].reply()).text
    other = await bot.double.mention("when is the exam?", user_id=72)
    assert "I have no answer" in (await other.until(is_final)).text
    assert [one.replies for one in flood[5:]] == [[]] * 7


async def test_a_flood_of_commands_is_told_each_time_and_seen_by_nobody_else(bot: BotProcess) -> None:
    for _ in range(4):
        await (await bot.double.slash("ask", {"question": "lunch?"}, user_id=73)).until(is_final)
    for _ in range(3):
        refused = await bot.double.slash("ask", {"question": "lunch?"}, user_id=73)
        sent = await refused.answer()
        assert "go on in" in sent.text
        assert sent.ephemeral
    assert bot.double.problems() == []
