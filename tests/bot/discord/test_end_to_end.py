"""The real command `backchat run` against a Discord double over real HTTP and WebSocket."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from discord_double import DiscordDouble, Judge
from discord_double.bot_process import is_final
from discord_double.payloads import bot_user

DEFERRED = 5
COMPONENTS_V2 = 1 << 15
QUESTION = "But is it a problem of backpropagation itself?"


class Bot:
    """A running bot and the Discord it is connected to."""

    def __init__(self, double: DiscordDouble, process: asyncio.subprocess.Process, log: Path) -> None:
        self.double = double
        self.process = process
        self.log = log


pytestmark = pytest.mark.asyncio(loop_scope="module")


def start(
    folder: Path, double: DiscordDouble, **stdio: Any
) -> Coroutine[Any, Any, asyncio.subprocess.Process]:
    """Start `backchat run` with the double for Discord."""
    environment = os.environ | {
        "BACKCHAT_DISCORD_API": double.api,
        "DISCORD_TOKEN": double.token,
        "BACKCHAT_DATA": str(folder / "data"),
    }
    script = Path(sys.executable).with_name("backchat")
    return asyncio.create_subprocess_exec(str(script), "run", env=environment, cwd=folder, **stdio)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bot]:
    folder = tmp_path_factory.mktemp("bot")
    log = folder / "log.txt"
    async with DiscordDouble(judge=Judge.load_or_none()) as double:
        with log.open("wb") as stream:
            process = await start(folder, double, stdout=stream, stderr=stream)
        try:
            await double.ready(timeout=60)
            yield Bot(double, process, log)
        finally:
            if process.returncode is None:
                process.terminate()
                await asyncio.wait_for(process.wait(), 30)


async def test_ask_is_deferred_at_once_and_answered_with_one_card(bot: Bot) -> None:
    ask = await bot.double.slash("ask", {"question": QUESTION})
    await ask.acknowledged(timeout=3)
    assert ask.callback == DEFERRED
    sent = await ask.until(is_final, timeout=60)
    assert sent.message["flags"] & COMPONENTS_V2
    assert "Is backpropagation itself the reason gradients vanish?" in sent.text
    assert "Measured by running it" in sent.text
    assert list(sent.files) == ["main-differentiation-1-dark.png"]
    assert all(png.startswith(b"\x89PNG") for png in sent.files.values())
    assert len(sent.alt_texts) == 1
    assert "three methods" in sent.alt_texts[0]
    assert bot.double.problems() == []


async def test_simulate_compares_and_a_misspelt_word_gets_a_sentence(bot: Bot) -> None:
    simulate = await bot.double.slash("simulate", {"spec": "depth=12 sigmoid vs relu he"})
    misspelt = await bot.double.slash("simulate", {"spec": "sigmod"})
    costly = await bot.double.slash("simulate", {"spec": "200x1024 steps=100000"})
    for interaction in (simulate, misspelt, costly):
        await interaction.acknowledged(timeout=3)
    assert "sigmoid · glorot: factor per layer" in (await simulate.until(is_final, timeout=60)).text
    assert "did you mean 'sigmoid'?" in (await misspelt.until(is_final)).text
    assert "the limit is 30 s" in (await costly.until(is_final)).text
    assert bot.double.problems() == []


async def test_a_mention_is_answered_in_a_reply_and_an_unknown_question_admitted(bot: Bot) -> None:
    known = await bot.double.mention("do gpus solve the vanishing gradient problem?")
    unknown = await bot.double.mention("when is the exam?")
    answer = await known.until(is_final, timeout=60)
    assert "Why do GPUs help with vanishing gradients" in answer.text
    assert answer.alt_texts
    assert "I have no answer to that." in (await unknown.until(is_final)).text
    assert bot.double.problems() == []


async def test_an_offer_has_buttons_and_pressing_one_answers(bot: Bot) -> None:
    ask = await bot.double.slash("ask", {"question": "vanishing gradient"})
    offer = await ask.until(is_final)
    assert "backchat:1:answer:what_is_vanishing" in offer.custom_ids
    pressed = await bot.double.press("backchat:1:answer:what_is_vanishing", offer)
    assert "What is the vanishing gradient problem?" in (await pressed.until(is_final)).text
    stale = json.loads(json.dumps(offer.message).replace("answer:what_is_vanishing", "answer:removed_since"))
    stale["id"] = str(int(stale["id"]) + 1)
    gone = await bot.double.press("backchat:1:answer:removed_since", stale)
    assert "not in the library any more" in (await gone.answer()).text
    assert bot.double.problems() == []


async def test_a_button_answers_on_the_network_that_the_question_spoke_of(bot: Bot) -> None:
    ask = await bot.double.slash("ask", {"question": "vanishing gradient"})
    offer = await ask.until(is_final)
    button = "backchat:1:answer:what_is_vanishing"
    asked = json.loads(json.dumps(offer.message).replace(button, f"{button}:depth=7"))
    asked["id"] = str(int(asked["id"]) + 1)
    pressed = await bot.double.press(f"{button}:depth=7", asked)
    assert "Run with depth=7, as you asked." in (await pressed.until(is_final)).text
    assert bot.double.problems() == []


async def test_what_was_asked_in_private_is_answered_in_private(bot: Bot) -> None:
    ask = await bot.double.slash("ask", {"question": "vanishing gradient", "private": True})
    offer = await ask.until(is_final)
    assert offer.ephemeral
    pressed = await bot.double.press("backchat:1:answer:what_is_vanishing", offer)
    assert (await pressed.until(is_final)).ephemeral


async def test_thanks_in_a_reply_get_no_answer(bot: Bot) -> None:
    # A reply with the ping on mentions the bot, though nobody typed its name.
    thanks = await bot.double.say("thanks, that helped!", mentions=[bot_user()])
    asked = await bot.double.mention("when is the exam?")
    await asked.until(is_final)
    assert not any(str(thanks.message["id"]) in str(request.json) for request in bot.double.requests)


def replying_to(sent: Any, *, ping: bool = True) -> dict[str, Any]:
    """Describe what a message has besides its words when it replies to the bot's."""
    reference = {"type": 0, "channel_id": sent.message["channel_id"], "message_id": sent.message["id"]}
    return {"type": 19, "message_reference": reference, "mentions": [bot_user()] if ping else []}


async def test_a_reply_to_a_card_follows_it_up(bot: Bot) -> None:
    title = "Why do sigmoid and tanh make the gradient vanish?"
    first = await (await bot.double.slash("ask", {"question": title})).until(is_final, timeout=60)
    deeper = await (await bot.double.say("and with 7 layers?", **replying_to(first))).until(
        is_final, timeout=60
    )
    assert title in deeper.text
    assert "Run with depth=7" in deeper.text
    code = await (await bot.double.say("show me the code", **replying_to(deeper))).until(is_final)
    assert list(code.files) == ["sigmoid.py", "tanh.py", "saturated.py"]
    assert b"depth=7 " in code.files["sigmoid.py"]
    gelu = await (await bot.double.say("and GELU?", **replying_to(code))).until(is_final)
    assert "This answer cannot be run with activation=gelu." in gelu.text
    others = await (await bot.double.say("not what I asked", **replying_to(gelu))).until(is_final)
    assert len(others.custom_ids) >= 2
    assert bot.double.problems() == []


async def test_what_people_say_to_each_other_below_a_card_gets_no_answer(bot: Bot) -> None:
    first = await (await bot.double.slash("ask", {"question": QUESTION})).until(is_final, timeout=60)
    thanks = await bot.double.say("thanks, that helped!", **replying_to(first))
    unread = await bot.double.say("why?", **replying_to(first, ping=False))  # Discord keeps its words back
    await (await bot.double.mention("when is the exam?")).until(is_final)
    assert thanks.replies == unread.replies == []


async def test_in_a_direct_message_the_next_one_follows_up(bot: Bot) -> None:
    first = await bot.double.say(QUESTION, guild=False, user_id=77)
    await first.until(is_final, timeout=60)
    source = await (await bot.double.say("source?", guild=False, user_id=77)).until(is_final)
    assert "This answer rests on:" in source.text
    assert bot.double.problems() == []


async def test_an_event_that_arrives_twice_is_handled_once(bot: Bot) -> None:
    def callbacks() -> int:
        return sum(request.path.endswith("/callback") for request in bot.double.requests)

    before = callbacks()
    ask = await bot.double.slash("ask", {"question": "lunch?"})
    await ask.until(is_final)
    await bot.double.repeat(ask)
    await (await bot.double.slash("ask", {"question": "dinner?"})).until(is_final)
    assert callbacks() == before + 2


async def test_a_refused_gallery_is_sent_as_a_message_of_its_own(bot: Bot) -> None:
    bot.double.fail_next(
        "PATCH", r"/webhooks/", status=400, body={"code": 50035, "message": "Invalid Form Body"}
    )
    simulate = await bot.double.slash("simulate", {"spec": "3x8 seeds=2"})
    sent = await simulate.until(lambda sent: bool(sent.files))
    assert sent.alt_texts


async def test_the_bot_goes_on_after_the_connection_dropped(bot: Bot) -> None:
    await bot.double.drop()
    await bot.double.resumed()
    ask = await bot.double.slash("ask", {"question": "lunch?"})
    assert "I have no answer" in (await ask.until(is_final)).text


async def test_sigterm_ends_the_bot_cleanly_and_the_token_is_nowhere_in_the_log(bot: Bot) -> None:
    bot.process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(bot.process.wait(), 30) == 0
    log = bot.log.read_text(encoding="utf-8")
    assert bot.double.token not in log
    assert "Traceback" not in log


async def test_a_wrong_token_ends_the_bot_with_the_configuration_code(tmp_path: Path) -> None:
    async with DiscordDouble(judge=None) as double:
        process = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("backchat")), "run",
            env=os.environ | {"BACKCHAT_DISCORD_API": double.api, "DISCORD_TOKEN": "not.the.token"}
            | {"BACKCHAT_DATA": str(tmp_path / "data"), "BACKCHAT_WARMING": "false"},
            stderr=asyncio.subprocess.PIPE, cwd=tmp_path,
        )  # fmt: skip
        _, error = await process.communicate()
    assert process.returncode == 78
    assert error.decode().splitlines()[-1].startswith("backchat: ")
    assert b"Traceback" not in error


async def test_an_api_that_is_not_there_is_a_configuration_error_before_anything_slow(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("backchat")), "run",
        env=os.environ | {"BACKCHAT_DISCORD_API": "http://127.0.0.1:9/api", "DISCORD_TOKEN": "a.b.c"}
        | {"BACKCHAT_DATA": str(tmp_path / "data")},
        stderr=asyncio.subprocess.PIPE, cwd=tmp_path,
    )  # fmt: skip
    _, error = await process.communicate()
    assert process.returncode == 78
    assert b"BACKCHAT_DISCORD_API" in error
    assert b"jobs at once" not in error
