"""Cards that one plays with, of the real bot: every control, also after a restart, twice, and by others."""

import asyncio
import csv
import io
import itertools
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from discord_double import (
    GENERAL_ID,
    GUILD2_ID,
    GUILD_ID,
    HELPER_ROLE_ID,
    STUDENT,
    DiscordDouble,
    Interaction,
    Judge,
    Sent,
)
from discord_double import permissions as bits
from discord_double.bot_process import BotProcess, is_final
from discord_double.payloads import bot_user

from bot.storage.guild_settings import GuildSettings, Visibility
from bot.storage.location import at_file
from bot.storage.opening import open_storage
from bot.storage.people import Author, Signed

pytestmark = pytest.mark.asyncio(loop_scope="module")

CARD = "backchat:1:card:"
QUESTION = "Why do sigmoid and tanh make the gradient vanish?"
SMALL = "3x8 seeds=2 relu"
OTHER = STUDENT + 50
PEOPLE = itertools.count(STUDENT + 100)
SETTINGS: dict[str, dict[str, Any]] = {
    GUILD_ID: {"helpers": (HELPER_ROLE_ID,)},
    GUILD2_ID: {"visibility": Visibility.PRIVATE},
}
BY = Signed(author=Author(id="1", name="Ida"), at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    folder = tmp_path_factory.mktemp("bot")
    await asyncio.to_thread((folder / "data").mkdir)
    database = at_file(folder / "data" / "backchat.sqlite")
    async with open_storage(database, now=datetime.now(UTC)) as storage:
        for guild, changes in SETTINGS.items():
            await storage.settings.change(guild, changes, seen=GuildSettings(), by=BY)
    async with DiscordDouble(judge=Judge.load_or_none()) as double, BotProcess(folder, double) as running:
        yield running
        assert "Traceback" not in running.said()


@pytest.fixture(autouse=True)
def me(bot: BotProcess) -> Iterator[int]:
    """Let each test be about somebody else, who may ask so often a minute and no more."""
    yield next(PEOPLE)
    assert bot.double.problems() == []


def control(card: Sent, which: str) -> str:
    return next(id_ for id_ in card.custom_ids if id_.startswith(f"{CARD}{which}:"))


def options(card: Sent, which: str) -> list[str]:
    found: list[str] = []
    for row in card.message["components"]:
        for item in row.get("components", []):
            if str(item.get("custom_id", "")).startswith(f"{CARD}{which}:"):
                found += [option["value"] for option in item["options"]]
    return found


async def simulated(bot: BotProcess, me: int, spec: str = SMALL, **options: Any) -> Sent:
    ask = await bot.double.slash("simulate", {"spec": spec, **options}, user_id=me)
    return await ask.until(is_final)


async def asked(bot: BotProcess, me: int, question: str = QUESTION) -> Sent:
    ask = await bot.double.slash("ask", {"question": question}, user_id=me)
    return await ask.until(is_final, timeout=60)


async def pressed(bot: BotProcess, me: int, card: Sent, which: str, value: str = "") -> Interaction:
    values = [value] if value else None
    return await bot.double.press(control(card, which), card, values=values, user_id=me)


async def played(bot: BotProcess, me: int, card: Sent, which: str, value: str = "") -> Sent:
    return await (await pressed(bot, me, card, which, value)).until(is_final)


def replying_to(sent: Sent) -> dict[str, Any]:
    """Describe what a message has besides its words when it replies to the bot's, with the ping on."""
    reference = {"type": 0, "channel_id": sent.message["channel_id"], "message_id": id_of(sent)}
    return {"type": 19, "message_reference": reference, "mentions": [bot_user()]}


def id_of(sent: Sent) -> str:
    return sent.message["id"]


async def test_a_changed_knob_edits_the_same_card_and_an_undo_is_one_tap_away(
    bot: BotProcess, me: int
) -> None:
    card = await simulated(bot, me)
    assert "-# `3x8 mlp relu glorot seeds=2`" in card.text
    assert "depth=6" in options(card, "c")
    deeper = await played(bot, me, card, "c", "depth=6")
    assert id_of(deeper) == id_of(card)
    assert "6x8 mlp relu glorot seeds=2" in deeper.text
    assert len(deeper.files) == len(deeper.alt_texts) == len(card.files)
    back = await played(bot, me, deeper, "u")
    assert id_of(back) == id_of(card)
    assert back.text == card.text
    again = await played(bot, me, back, "r")
    assert again.text == deeper.text


async def test_a_card_is_played_with_after_a_restart_also_on_what_is_too_long_for_an_id(
    bot: BotProcess, me: int
) -> None:
    long = (
        "3x8 seeds=2 relu lr=0.0125 steps=5 momentum=0.125 clip=0.0625 data=spirals loss=mse batch=17 seed=5"
    )
    cards = [await simulated(bot, me), await simulated(bot, me, long)]
    assert control(cards[1], "m").endswith(":~")
    answer = await asked(bot, me)
    await bot.kill()
    await bot.__aenter__()
    asked_on = await bot.double.say("show me the code", user_id=me, **replying_to(answer))
    assert list((await asked_on.until(is_final)).files) == ["sigmoid.py", "tanh.py", "saturated.py"]
    short, other = [await played(bot, me, card, "c", "width=16") for card in cards]
    assert "`3x16 mlp relu glorot seeds=2`" in short.text
    assert "3x16 mlp relu glorot mse spirals batch=17" in other.text
    assert "Before: `3x8 " in other.text
    assert (await played(bot, me, other, "u")).text.startswith(cards[1].text)
    changed = await played(
        bot, me, answer, "c", next(v for v in options(answer, "c") if v.startswith("depth="))
    )
    assert id_of(changed) == id_of(answer)
    assert "as you asked." in changed.text
    assert QUESTION in changed.text
    assert any("vote:h" in id_ for id_ in changed.custom_ids)
    assert (await played(bot, me, changed, "u")).text == answer.text


async def test_who_did_not_ask_gets_a_card_of_their_own(bot: BotProcess, me: int) -> None:
    card = await simulated(bot, me)
    own = await played(bot, OTHER, card, "c", "depth=6")
    assert own.ephemeral
    assert id_of(own) != id_of(card)
    assert "6x8 " in own.text
    assert bot.double.world.messages[id_of(card)]["components"] == card.message["components"]
    assert id_of(own) not in {id_of(one) for one in bot.double.seen_by(me)}
    deeper = await played(bot, OTHER, own, "c", "depth=12")
    assert id_of(deeper) == id_of(own)


async def test_a_card_stays_while_its_run_is_under_way_and_when_that_is_cancelled(
    bot: BotProcess, me: int
) -> None:
    card = await simulated(bot, me, "8x64 data=blobs seeds=8 steps=1700")
    change = await pressed(bot, me, card, "c", "steps=5100")
    twice = await pressed(bot, me, card, "c", "depth=16")
    assert "already" in (await twice.answer()).text
    waiting = await change.until(lambda sent: not is_final(sent))
    assert id_of(waiting) == id_of(card)
    first, _, _ = card.text.partition("\n")
    assert first in waiting.text
    assert not any(id_.startswith(CARD) for id_ in waiting.custom_ids)
    await bot.double.press(next(id_ for id_ in waiting.custom_ids if "cancel" in id_), waiting, user_id=me)
    said = await change.until(lambda sent: "Cancelled" in sent.text)
    assert said.ephemeral
    now = bot.double.world.messages[id_of(card)]
    assert names(now) == names(card.message)
    assert media(now) == media(card.message)


def walk(message: Any) -> Iterator[Any]:
    for item in message.get("components", []):
        yield item
        yield from walk(item)


def names(message: Any) -> list[str]:
    return [item["custom_id"] for item in walk(message) if "custom_id" in item]


def media(message: Any) -> list[Any]:
    return [item["media"]["url"] for found in walk(message) for item in found.get("items", [])]


async def test_what_is_too_expensive_by_now_is_a_sentence_and_the_card_stays(
    bot: BotProcess, me: int
) -> None:
    card = await simulated(bot, me, "20x64 relu")
    costly = bot.double.world.messages[id_of(card)]
    # As a menu that was made when more was allowed.
    next(
        option
        for item in walk(costly)
        for option in item.get("options", [])
        if option["value"].startswith("steps=")
    )["value"] = "steps=90000"
    change = await pressed(bot, me, card, "c", "steps=90000")
    said = await change.until(lambda sent: "the limit is 30 s" in sent.text)
    assert said.ephemeral
    assert names(bot.double.world.messages[id_of(card)]) == names(card.message)


async def test_the_numbers_come_as_a_table_for_a_phone_and_as_a_file(bot: BotProcess, me: int) -> None:
    card = await simulated(bot, me, "30x8 seeds=2 relu vs sigmoid")
    table = await played(bot, me, card, "m", "table")
    assert table.ephemeral
    lines = table.text.split("```")[1].splitlines()
    assert max(map(len, lines)) <= 40
    assert any(line.split()[:1] == ["30"] for line in lines)
    sent = await played(bot, me, card, "m", "csv")
    rows = list(csv.DictReader(io.StringIO(sent.files["simulation.csv"].decode())))
    layers = [row for row in rows if row["quantity"] == "signal"]
    assert len(layers) == 60
    assert {row["network"] for row in rows} == {"relu · glorot", "sigmoid · glorot"}
    assert float(layers[0]["p10"]) <= float(layers[0]["median"]) <= float(layers[0]["p90"])


async def test_code_and_colours(bot: BotProcess, me: int) -> None:
    card = await simulated(bot, me)
    code = await played(bot, me, card, "m", "code")
    assert code.ephemeral
    assert b"import torch" in code.files["network-1.py"]
    light = await played(bot, me, card, "m", "theme=light")
    assert id_of(light) == id_of(card)
    assert all(name.endswith("-light.png") for name in light.files)
    deeper = await played(bot, me, light, "c", "depth=6")
    assert all(name.endswith("-light.png") for name in deeper.files)
    dark = await played(bot, me, deeper, "m", "theme=dark")
    assert all(name.endswith("-dark.png") for name in dark.files)
    assert "`3x8 " in (await played(bot, me, dark, "u")).text


async def test_more_of_an_answer_and_its_sources(bot: BotProcess, me: int) -> None:
    card = await asked(bot, me)
    more = await played(bot, me, card, "m", "more")
    sources = await played(bot, me, card, "m", "sources")
    numbers = await played(bot, me, card, "m", "csv")
    assert more.ephemeral
    assert QUESTION in more.text
    assert "This answer rests on:" in sources.text
    assert any(name.endswith(".csv") for name in numbers.files)


async def test_a_private_card_is_shared_by_who_asked(bot: BotProcess, me: int) -> None:
    card = await simulated(bot, me, private=True)
    assert card.ephemeral
    assert "share" not in options(await simulated(bot, me), "m")
    await bot.double.deny(GENERAL_ID, bits.SEND_MESSAGES)
    closed = await (await pressed(bot, me, card, "m", "share")).answer()
    await bot.double.deny(GENERAL_ID, 0)
    assert "**Send Messages** is missing" in closed.text
    shared = await played(bot, me, card, "m", "share")
    assert not shared.ephemeral
    assert f"Shared by <@{me}>" in shared.text
    assert "`3x8 mlp relu glorot seeds=2`" in shared.text


async def test_a_human_is_called_once_with_the_question(bot: BotProcess, me: int) -> None:
    nothing = await asked(bot, me, "when is the *exam* @everyone?")
    button = next(id_ for id_ in nothing.custom_ids if "human" in id_)
    opening = await bot.double.press(button, nothing, user_id=me)
    await opening.acknowledged()
    assert "exam" in str(opening.modal)
    form = await bot.double.submit(opening, {"question": "when is the *exam* @everyone?"}, user_id=me)
    told = await form.until(lambda sent: "I called" in sent.text or "posted" in sent.text)
    assert told.ephemeral
    [call] = [one for one in bot.double.sent if "asks a human" in one.text]
    assert f"<@&{HELPER_ROLE_ID}>" in call.text
    assert "@everyone" not in call.text
    assert call.request.json["allowed_mentions"] == {"parse": [], "roles": [HELPER_ROLE_ID]}
    await bot.double.until(
        lambda: not any("human" in str(i) for i in walk(bot.double.world.messages[id_of(nothing)]))
    )
    card = await simulated(bot, me)
    soon = await pressed(bot, me, card, "m", "human")
    assert "a little while ago" in (await soon.answer()).text


async def test_a_message_is_answered_in_a_reply_or_in_private(bot: BotProcess, me: int) -> None:
    said = await bot.double.say("do gpus solve the vanishing gradient problem?", user_id=OTHER)
    asked = await bot.double.menu("Answer this", said, user_id=me)
    assert (await asked.answer()).ephemeral
    answer = await said.until(is_final, timeout=60)
    assert "Why do GPUs help" in answer.text
    assert not answer.ephemeral
    there = await bot.double.say("do gpus solve the vanishing gradient problem?", guild=GUILD2_ID)
    private = await bot.double.menu("Answer this", there)
    assert (await private.until(is_final, timeout=60)).ephemeral
    own = await bot.double.menu("Answer this", answer)
    assert "what I said myself" in (await own.answer()).text


async def test_a_deleted_card_is_answered_below_and_an_expired_token_by_right(
    bot: BotProcess, me: int
) -> None:
    card = await simulated(bot, me)
    change = await pressed(bot, me, card, "c", "seeds=8")
    await change.acknowledged()
    await bot.double.remove(card)
    below = await change.until(lambda sent: "seeds=8" in sent.text)
    assert id_of(below) != id_of(card)
    late = await pressed(bot, me, below, "c", "depth=6")
    late.expired = True
    await bot.double.until(lambda: "6x8" in str(bot.double.world.messages[id_of(below)]))
    await bot.settled()
