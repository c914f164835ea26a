"""The double is driven by the real discord.py, and by raw requests where discord.py would not make them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import warnings
import zlib
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from discord_double import (
    AUDIT_ID,
    FORUM_ID,
    GENERAL_ID,
    GUILD2_ID,
    GUILD_ID,
    SOLVED_TAG_ID,
    STUDENT,
    TEACHER,
    DiscordDouble,
    Judge,
    Sent,
)
from discord_double.raw import raw
from discord_double.sample_bot import PNG, Bot, redirect, running

with warnings.catch_warnings():
    # Python 3.11 and 3.12 warn of the audioop that discord.py imports.
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord
    from discord import app_commands

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from discord_double.payloads import Json


def _said(content: str) -> Json:
    return {"content": content, "allowed_mentions": {"parse": []}}


@pytest.fixture
async def double(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordDouble]:
    async with DiscordDouble(judge=Judge.load_or_none()) as made:
        redirect(monkeypatch, made)
        yield made


@pytest.fixture
async def bot(double: DiscordDouble) -> AsyncIterator[Bot]:
    client = Bot()
    async with running(client, double):
        yield client


async def test_a_slash_command_answers_with_a_picture(double: DiscordDouble, bot: Bot) -> None:
    reply = await double.slash("ask", {"question": "why?", "depth": 30}, user_id=STUDENT, guild=True)
    assert await reply.acknowledged(timeout=3) >= 0
    assert reply.callback == 5
    sent = await reply.followup(timeout=30)
    assert sent.files == {"plot.png": PNG}
    assert sent.text == "You asked: why?"
    assert sent.alt_texts == ["a black picture"]
    assert sent.custom_ids == ["redraw:v1:30"]
    # A deferred message is filled by the first follow-up, and files that components show are no attachments.
    assert sent.message["id"] == reply.original_id
    assert sent.message["attachments"] == []
    media = sent.message["components"][0]["components"][1]["items"][0]["media"]
    assert (media["width"], media["height"], media["content_type"]) == (7, 5, "image/png")
    assert await discord.utils.maybe_coroutine(bot.http.get_from_cdn, media["url"]) == PNG
    assert double.problems() == []


async def test_the_commands_are_registered_once_and_bind_the_test(double: DiscordDouble, bot: Bot) -> None:
    assert double.commands is not None
    assert [command["name"] for command in double.commands] == ["ask", "answer", "Explain"]
    assert len(await bot.tree.fetch_commands()) == 3
    with pytest.raises(LookupError, match="nope is not registered"):
        await double.slash("nope")
    with pytest.raises(LookupError, match="no option width; there are question, depth"):
        await double.slash("ask", {"question": "?", "width": 3})
    with pytest.raises(ValueError, match="needs question"):
        await double.slash("ask")


@pytest.mark.usefixtures("bot")
async def test_edits_of_the_original_are_seen_one_by_one(double: DiscordDouble) -> None:
    reply = await double.slash("answer edited", guild=False)
    assert (await reply.followup()).text == "running …"
    sent = await reply.until(lambda sent: sent.text == "done")
    assert sent.ephemeral
    assert sent.files == {"plot.png": PNG}
    assert sent.alt_texts == ["alt"]
    assert double.problems() == []


@pytest.mark.usefixtures("bot")
async def test_a_button_of_a_card_works(double: DiscordDouble) -> None:
    sent = await (await double.slash("ask", {"question": "?"})).followup()
    press = await double.press("redraw:v1:3", sent, user_id=TEACHER)
    assert (await press.answer()).text == "redrawn at depth 3"
    assert press.callback == 7
    with pytest.raises(LookupError, match="no control 'other'; there are"):
        await double.press("other", sent)
    assert double.problems() == []


@pytest.mark.usefixtures("bot")
async def test_a_modal_is_filled_in(double: DiscordDouble) -> None:
    opened = await double.slash("answer comment")
    await opened.acknowledged()
    submitted = await double.submit(opened, {"words": "too short"})
    sent = await submitted.answer()
    assert (sent.text, sent.ephemeral) == ("noted: too short", True)
    with pytest.raises(LookupError, match="the modal has no other; it has words"):
        await double.submit(opened, {"other": ""})
    assert double.problems() == []


@pytest.mark.usefixtures("bot")
async def test_autocomplete_and_context_menu(double: DiscordDouble) -> None:
    typed = await double.autocomplete("ask", {"question": "va"}, focused="question")
    await typed.acknowledged()
    assert typed.callback_body == {"type": 8, "data": {"choices": [{"name": "va?", "value": "va"}]}}
    chosen = await double.menu("Explain", await double.say("four"))
    assert (await chosen.answer()).text == "4 characters"
    assert double.problems() == []


@pytest.mark.usefixtures("bot")
async def test_a_mention_is_answered(double: DiscordDouble) -> None:
    first, second = await double.mention("what is δ?"), await double.mention("and in private?", guild=False)
    sent, private = await first.reply(timeout=30), await second.reply()
    assert sent.text == "Student401 in general"
    assert sent.message["message_reference"]["message_id"] == first.message["id"]
    assert private.message["channel_id"] == second.message["channel_id"] != GENERAL_ID
    assert any(request.path.endswith("/typing") for request in double.requests)
    assert double.problems() == []


async def test_content_is_hidden_unless_the_bot_is_mentioned(double: DiscordDouble, bot: Bot) -> None:
    await double.say("a secret")
    await double.forum_post("Help", "another secret")
    sent = await (await double.mention("open")).reply()
    heard = [await bot.heard.get() for _ in range(4)]
    assert heard[:2] == ["", ""]
    assert heard[2].endswith("open")
    # The bot also hears itself.
    assert heard[3] == sent.text


async def test_a_wrong_token_is_refused(double: DiscordDouble) -> None:
    client = Bot()
    with pytest.raises(discord.LoginFailure):
        await client.start("wrong")
    await client.close()
    assert (await raw(double, "GET", "/users/@me", token="wrong"))[0] == 401  # noqa: S106 - it is wrong
    async with aiohttp.ClientSession() as session, session.ws_connect(double.gateway_url) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": "wrong", "intents": 1, "properties": {}}})
        assert (await socket.receive()).data == 4004


async def test_a_dropped_connection_is_resumed_without_losing_events(double: DiscordDouble, bot: Bot) -> None:
    await double.drop()
    mention = await double.mention("still there?")
    await mention.reply()
    await double.resumed()
    assert double.sessions == Counter(IDENTIFY=1, RESUME=1, RESUMED=1)
    assert not bot.is_closed()


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(
    ("disturb", "identified"),
    [
        (DiscordDouble.op7, 1),
        (partial(DiscordDouble.op9, resumable=True), 1),
        (partial(DiscordDouble.op9, resumable=False), 2),
        (partial(DiscordDouble.drop, code=1000), 1),
    ],
    ids=["reconnect", "invalid but resumable", "invalid", "closed"],
)
async def test_the_client_comes_back(
    double: DiscordDouble, disturb: Callable[[DiscordDouble], Any], identified: int
) -> None:
    await disturb(double)
    await double.until(lambda: double.sessions["IDENTIFY"] + double.sessions["RESUMED"] == 2)
    await double.ready()
    assert double.sessions["IDENTIFY"] == identified
    await (await double.mention("hello again")).reply()


@pytest.mark.usefixtures("bot")
async def test_a_rate_limit_delays_and_then_the_answer_comes(double: DiscordDouble) -> None:
    double.fail_next("POST", r"/channels/\d+/messages$", status=429)
    await (await double.mention("busy?")).reply()
    posts = [r for r in double.requests if r.path.endswith("/messages")]
    assert [post.status for post in posts] == [429, 200]


async def test_a_callback_that_is_hung_up_on_or_refused(double: DiscordDouble, bot: Bot) -> None:
    failed: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()
    bot.tree.error(_collect(failed))
    double.fail_next("POST", "/callback$", status=0)
    await double.slash("ask", {"question": "?"})
    error = await failed
    assert isinstance(error, app_commands.CommandInvokeError)
    assert isinstance(error.original, aiohttp.ServerDisconnectedError)


def _collect(failed: asyncio.Future[BaseException]) -> Any:
    async def collect(_interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        failed.set_result(error)

    return collect


async def test_an_event_that_comes_twice_is_acknowledged_once(double: DiscordDouble, bot: Bot) -> None:
    failed: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()
    bot.tree.error(_collect(failed))
    reply = await double.slash("ask", {"question": "?"})
    await reply.followup()
    await double.repeat(reply)
    error = await failed
    assert isinstance(error, app_commands.CommandInvokeError)
    assert isinstance(error.original, discord.HTTPException)
    assert error.original.code == 40060


async def test_the_life_of_an_interaction(double: DiscordDouble, bot: Bot) -> None:
    for name in ("ask", "answer", "Explain"):
        bot.tree.remove_command(name, type=discord.AppCommandType(3 if name == "Explain" else 1))
    bot.tree.error(_collect(asyncio.get_running_loop().create_future()))
    reply = await double.slash("ask", {"question": "?"})
    webhook = f"/webhooks/{reply.payload['application_id']}/{reply.payload['token']}"
    callback = f"/interactions/{reply.payload['id']}/{reply.payload['token']}/callback"
    assert (await raw(double, "POST", webhook, _said("early")))[1]["code"] == 10015
    assert (await raw(double, "POST", f"{webhook}x", _said("lost")))[1]["code"] == 10015
    assert (await raw(double, "POST", "/interactions/1/none/callback", {"type": 5}))[1]["code"] == 10062
    assert (await raw(double, "POST", callback, {"type": 5})) == (204, {})
    status, body = await raw(double, "POST", callback, {"type": 5})
    assert (status, body["code"]) == (400, 40060)
    status, original = await raw(double, "GET", f"{webhook}/messages/@original")
    assert (status, original["flags"] & 1 << 7) == (200, 1 << 7)
    assert (await raw(double, "DELETE", f"{webhook}/messages/@original"))[0] == 204
    assert (await raw(double, "GET", f"{webhook}/messages/@original"))[1]["code"] == 10008
    reply.expired = True
    assert (await raw(double, "POST", webhook, _said("late")))[1]["code"] == 50027


async def test_an_acknowledgement_that_comes_too_late_is_refused() -> None:
    now = 0.0
    async with DiscordDouble(clock=lambda: now) as double, aiohttp.ClientSession() as session:
        async with session.ws_connect(double.gateway_url) as socket:
            await socket.send_json({"op": 2, "d": {"token": double.token, "intents": 0, "properties": {}}})
            await double.ready()
            reply = await double.slash("ask", {"question": "?"})
            now = 3.1
            callback = f"/interactions/{reply.payload['id']}/{reply.payload['token']}/callback"
            assert (await raw(double, "POST", callback, {"type": 5}))[1]["code"] == 10062
        with pytest.raises(
            TimeoutError, match=r"waited 0 s for an acknowledgement; callback None, requests since"
        ):
            await reply.acknowledged(timeout=0)


async def test_a_bad_message_is_reported(double: DiscordDouble) -> None:
    # Every rule has its own test in discord_double/test_rules.py.
    body = _said("x") | {"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 4001}]}
    path = f"/channels/{GENERAL_ID}/messages"
    assert (await raw(double, "POST", path, body))[0] == 400
    displays = "the text of all text displays together is 4,001 characters long; at most 4,000 are allowed"
    assert {f"POST {path}: {displays}", f"POST {path}: a Components V2 message cannot have content"} <= {
        *double.problems()
    }


@pytest.mark.usefixtures("bot")
async def test_the_double_answers_as_the_description_says(double: DiscordDouble) -> None:
    judge = Judge.load_or_none()
    if judge is None:
        pytest.skip(f"Discord's description is not at {Judge.path()}")
    slash = (await (await double.slash("ask", {"question": "?"})).followup()).message
    mention = (await (await double.mention("?")).reply()).message
    post = await double.forum_post("Why?", "?", tags=[SOLVED_TAG_ID])
    for message in (slash, mention):
        assert judge.schema_problems("/components/schemas/MessageResponse", message) == []
    for path, schema in {
        "/users/@me": "UserPIIResponse",
        "/oauth2/applications/@me": "PrivateApplicationResponse",
        "/gateway/bot": "GatewayBotResponse",
        f"/guilds/{GUILD_ID}": "GuildResponse",
        f"/guilds/{GUILD2_ID}": "GuildResponse",
        f"/channels/{GENERAL_ID}": "GuildChannelResponse",
        f"/channels/{AUDIT_ID}": "GuildChannelResponse",
        f"/channels/{FORUM_ID}": "GuildChannelResponse",
        f"/channels/{post.message['id']}": "ThreadResponse",
    }.items():
        body = (await raw(double, "GET", path))[1]
        assert judge.schema_problems(f"/components/schemas/{schema}", body) == []


@pytest.mark.parametrize("compress", ["", "zlib-stream"])
async def test_the_gateway_compresses_as_asked(double: DiscordDouble, compress: str) -> None:
    stream = zlib.decompressobj()
    query = {"v": "10", "encoding": "json"} | ({"compress": compress} if compress else {})
    names: list[str] = []
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(double.gateway_url, params=query) as socket,
    ):
        await socket.send_json({"op": 1, "d": None})
        await socket.send_json({"op": 2, "d": {"token": double.token, "intents": 1, "properties": {}}})
        for _ in range(4):
            data = (await socket.receive()).data
            message = json.loads(stream.decompress(data) if compress else data)
            names.append(message["t"] or message["op"])
    assert names == [10, 11, "READY", "GUILD_CREATE"]


async def test_an_unknown_compression_is_refused(double: DiscordDouble) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="400"):
            await session.ws_connect(double.gateway_url, params={"compress": "lz4"})


async def test_nothing_is_left_after_the_end() -> None:
    async with DiscordDouble() as double, aiohttp.ClientSession() as session:
        socket = await session.ws_connect(double.gateway_url)
        await double.drop()
        with contextlib.suppress(ConnectionError):
            await socket.receive()
            await socket.receive()
        assert socket.closed
        assert double.sessions == Counter()


def test_a_sent_message_needs_no_server_to_be_read() -> None:
    message: Json = {
        "content": "a",
        "embeds": [{"title": "b"}],
        "components": [{"type": 10, "content": "x"}],
        "flags": 64,
    }
    sent = Sent(message=message, files={}, request=None)  # pyright: ignore[reportArgumentType]
    assert (sent.text, sent.ephemeral, sent.custom_ids) == ("a\nb\nx", True, [])
