"""The real bot against a Discord that sends odd things, ends connections, refuses and dawdles."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from discord_double import FORUM_ID, GENERAL_ID, GUILD_ID, DiscordDouble, Judge
from discord_double.bot_process import SHORT, BotProcess, is_final

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    folder = tmp_path_factory.mktemp("bot")
    async with DiscordDouble(judge=Judge.load_or_none()) as double, BotProcess(folder, double) as running:
        yield running


async def answers(bot: BotProcess) -> None:
    """Somebody asks, and is answered as if nothing had been."""
    ask = await bot.double.slash("ask", {"question": "when is lunch?"})
    await ask.acknowledged()
    assert "I have no answer to that." in (await ask.until(is_final)).text
    assert bot.double.problems() == []


ODD: list[tuple[str, Any]] = [
    ("SOMETHING_NEW", {"id": "1"}),
    ("MESSAGE_CREATE", {}),
    ("MESSAGE_CREATE", {"id": "1", "channel_id": GENERAL_ID, "content": None}),
    ("MESSAGE_CREATE", None),
    ("MESSAGE_CREATE", [1, 2]),
    ("MESSAGE_UPDATE", {"id": "x"}),
    ("MESSAGE_DELETE", {"id": "1"}),
    ("GUILD_CREATE", {"id": "77"}),
    ("GUILD_CREATE", {"id": GUILD_ID, "channels": [{"type": 99}], "roles": "none"}),
    ("GUILD_UPDATE", {}),
    ("CHANNEL_CREATE", {"id": "8", "type": 250, "guild_id": GUILD_ID}),
    ("CHANNEL_CREATE", {"type": 0, "guild_id": GUILD_ID}),
    ("CHANNEL_UPDATE", {"id": GENERAL_ID}),
    ("THREAD_CREATE", {"id": "9", "guild_id": GUILD_ID, "parent_id": FORUM_ID}),
    ("THREAD_LIST_SYNC", {"guild_id": GUILD_ID}),
    ("GUILD_ROLE_UPDATE", {"guild_id": GUILD_ID}),
    ("INTERACTION_CREATE", {}),
    ("INTERACTION_CREATE", {"id": "1", "token": "t", "type": 2, "application_id": "1", "data": {}}),
    ("INTERACTION_CREATE", {"id": "2", "token": "t", "type": 99, "application_id": "1", "channel_id": "z"}),
    ("INTERACTION_CREATE", "hello"),
]


async def test_events_that_nobody_can_read_do_not_end_the_connection(bot: BotProcess) -> None:
    for name, data in ODD:
        await bot.double.emit(name, data)
    await answers(bot)
    assert bot.double.sessions == {"IDENTIFY": 1}
    assert "an event GUILD_CREATE was left out" in bot.said()


@pytest.mark.parametrize("kind", [2, 3, 4, 5])
async def test_an_interaction_of_an_odd_shape_does_neither(bot: BotProcess, kind: int) -> None:
    good = await bot.double.slash("ask", {"question": "when is dinner?"})
    await good.until(is_final)
    for key in sorted(good.payload):
        odd = {**good.payload, "type": kind, "id": bot.double.world.new_id()}
        await bot.double.emit("INTERACTION_CREATE", {name: odd[name] for name in odd if name != key})
        await bot.double.emit("INTERACTION_CREATE", {**odd, key: [None]})
    await answers(bot)
    assert bot.double.sessions == {"IDENTIFY": 1}
    # Some of them can be read, and their answers have nowhere to go; the requests of the others are right.
    bot.double.requests.clear()


async def test_events_out_of_order_and_doubled_do_no_harm(bot: BotProcess) -> None:
    asked = await bot.double.mention("do gpus solve the vanishing gradient problem?")
    await bot.double.remove(asked)
    await bot.double.emit("MESSAGE_DELETE", {"id": asked.message["id"], "channel_id": GENERAL_ID})
    await bot.double.repeat(asked)
    await asked.until(is_final, timeout=60)
    post = await bot.double.forum_post("Why?", "Why do gradients vanish?")
    await bot.double.emit("THREAD_DELETE", {"id": post.message["id"], "guild_id": GUILD_ID, "type": 11})
    await bot.double.repeat(post)
    await answers(bot)
    finals = [sent for sent in asked.replies if is_final(sent)]
    assert len({sent.message["id"] for sent in finals}) == 1


async def test_when_discord_asks_for_a_new_connection_the_session_goes_on(bot: BotProcess) -> None:
    before = bot.double.sessions["RESUMED"]
    await bot.double.op7()
    await bot.double.resumed(before + 1)
    await answers(bot)


async def test_who_is_being_answered_notices_nothing_of_a_dropped_connection(bot: BotProcess) -> None:
    before = bot.double.sessions["RESUMED"]
    run = await bot.double.slash("simulate", {"spec": SHORT})
    await run.acknowledged()
    await bot.double.drop()
    meanwhile = await bot.double.mention("when is breakfast?")  # kept until the session is resumed
    await bot.double.resumed(before + 1)
    assert "I have no answer" in (await meanwhile.until(is_final)).text
    assert (await run.until(is_final, timeout=60)).files
    assert bot.double.problems() == []


async def test_an_invalid_session_is_begun_anew(bot: BotProcess) -> None:
    before = bot.double.sessions["IDENTIFY"]
    await bot.double.op9()
    await bot.double.until(lambda: bot.double.sessions["IDENTIFY"] == before + 1, timeout=20)
    await bot.double.ready()
    await answers(bot)


MESSAGES = f"/channels/{GENERAL_ID}/messages"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *(("POST", "/callback", status) for status in (0, 500, 502, 503, 429)),
        *(("PATCH", "/webhooks/", status) for status in (0, 503, 429)),
        *(("POST", MESSAGES, status) for status in (0, 502, 429)),
    ],
)
async def test_a_refusal_that_passes_keeps_nobody_without_an_answer(
    bot: BotProcess, method: str, path: str, status: int
) -> None:
    bot.double.fail_next(method, path, status=status)
    await (answers if path != MESSAGES else answers_a_mention)(bot)
    assert bot.double.faults == 0  # it was there


async def answers_a_mention(bot: BotProcess) -> None:
    mentioned = await bot.double.mention("when is tea?")
    assert "I have no answer" in (await mentioned.until(is_final)).text
    assert len({sent.message["id"] for sent in mentioned.replies}) == 1
    assert bot.double.problems() == []


@pytest.mark.parametrize("status", [0, 500])
async def test_what_got_there_though_nobody_said_so_counts(bot: BotProcess, status: int) -> None:
    bot.double.fail_next("POST", "/callback", status=status, acted=True)
    await answers(bot)
    bot.double.fail_next("POST", MESSAGES, status=status, acted=True)
    await answers_a_mention(bot)


async def test_a_slow_discord_is_waited_for(bot: BotProcess) -> None:
    bot.double.delay_next("POST", "/callback", 1.5)
    bot.double.delay_next("PATCH", "/webhooks/", 1.5)
    await answers(bot)


async def test_with_few_logins_left_a_connection_is_given_up_and_the_next_one_waits(bot: BotProcess) -> None:
    assert bot.double.sessions["IDENTIFY"] == 2  # through all that, and one was Discord's wish
    assert "the connection to Discord ended" not in bot.said()
    bot.double.logins = 40
    await bot.double.op9()
    await bot.says(
        "Discord lets this bot log in 40 more times in the next 24.0 h; the next time is in 2880 s"
    )
    await bot.says("given up, to have logins left")
    assert bot.process.returncode is None
    assert bot.double.sessions["IDENTIFY"] == 2
