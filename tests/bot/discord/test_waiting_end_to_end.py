"""Waiting for an answer: what is shown meanwhile, cancelling, and what can happen to a message."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
import pytest_asyncio
from discord_double import STUDENT, DiscordDouble, Interaction, Judge, Request, Sent
from discord_double.bot_process import (
    CANCEL,
    LONG,
    MEDIUM,
    BotProcess,
    is_final,
    is_waiting,
    waiting_messages,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

OTHER = STUDENT + 1
TITLE = "Why do sigmoid and tanh make the gradient vanish?"
_seeds = iter(range(1, 1000))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    folder = tmp_path_factory.mktemp("bot")
    async with (
        DiscordDouble(judge=Judge.load_or_none()) as double,
        BotProcess.for_long_runs(folder, double, jobs=1) as running,
    ):
        yield running


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def nothing_wrong_and_nothing_left(bot: BotProcess) -> AsyncIterator[None]:
    yield
    await bot.settled()
    assert bot.double.problems() == []
    assert waiting_messages(bot.double) == []
    assert "Traceback" not in bot.said()


async def simulate(bot: BotProcess, spec: str, user_id: int = STUDENT, **options: object) -> Interaction:
    """Ask for a run that nobody has asked for before."""
    return await bot.double.slash(
        "simulate", {"spec": f"{spec} seed={next(_seeds)}", **options}, user_id=user_id
    )


def cancel_of(sent: Sent) -> str:
    return next(id_ for id_ in sent.custom_ids if id_.startswith(CANCEL))


def requests_of(bot: BotProcess, interaction: Interaction) -> list[Request]:
    return [one for one in bot.double.requests if f"/{interaction.payload['token']}" in one.path]


async def cancel(bot: BotProcess, interaction: Interaction, user_id: int = STUDENT) -> Sent:
    sent = await interaction.until(is_waiting)
    await (await bot.double.press(cancel_of(sent), sent, user_id=user_id)).acknowledged()
    return await interaction.until(is_final)


async def test_progress_is_shown_in_the_message_that_becomes_the_answer(bot: BotProcess) -> None:
    asked = await simulate(bot, MEDIUM)
    answer = await asked.until(is_final, timeout=120)
    *waiting, last = asked.messages
    assert last is answer
    assert answer.files
    assert len(waiting) >= 2
    assert all("% · " in sent.text for sent in waiting)
    assert "s left" in waiting[0].text
    assert {sent.message["id"] for sent in asked.messages} == {asked.original_id}
    edits = [one for one in requests_of(bot, asked) if one.method != "POST"]
    assert len(edits) == len(asked.messages)
    assert all(after.at - before.at >= 1 for before, after in pairwise(edits[:-1]))
    texts = [sent.text for sent in waiting]
    assert all(before != after for before, after in pairwise(texts))


async def test_what_is_quick_is_answered_by_one_request(bot: BotProcess) -> None:
    asked = await simulate(bot, "4x8")
    await asked.until(is_final)
    await bot.settled()
    assert [one.method for one in requests_of(bot, asked)] == ["POST", "PATCH"]


async def test_who_waits_for_a_turn_is_told_so_and_cancelling_frees_the_slot(bot: BotProcess) -> None:
    running = await simulate(bot, LONG)
    await running.until(is_waiting)
    queued = await simulate(bot, LONG, OTHER)
    answered = await bot.double.mention(f"{TITLE} With 23 layers?", user_id=OTHER + 1)
    # What is quick goes before what is long.
    assert "Your run is next" in (await answered.until(is_waiting)).text
    assert "before yours" in (await queued.until(is_waiting)).text
    ended = await cancel(bot, queued, OTHER)
    assert ended.text.startswith(
        "Cancelled; nothing is running any more. Ask again with `/simulate spec:8x64"
    )
    await cancel(bot, running)
    card = await answered.until(is_final, timeout=60)
    assert TITLE in card.text
    assert card.files
    assert {sent.message["id"] for sent in answered.replies} == {card.message["id"]}
    edits = [one for one in bot.double.requests if card.message["id"] in one.path]
    assert all(after.at - before.at >= 1 for before, after in pairwise(edits[:-1]))
    assert answered.replies[-1] is card


async def test_only_who_asked_can_cancel(bot: BotProcess) -> None:
    asked = await simulate(bot, LONG)
    sent = await asked.until(is_waiting)
    pressed = await bot.double.press(cancel_of(sent), sent, user_id=OTHER)
    refusal = await pressed.answer()
    assert refusal.ephemeral
    assert "Only the person who asked can cancel this" in refusal.text
    assert "Cancelled" in (await cancel(bot, asked)).text
    # The button is still on somebody's screen.
    late = await bot.double.press(cancel_of(sent), stale(sent))
    said = await late.answer()
    assert said.ephemeral
    assert "not running any more" in said.text


def stale(sent: Sent) -> Sent:
    """Return a message as it was, for the double to take it as it is."""
    message = sent.message | {"id": str(int(sent.message["id"]) + 1)}
    return Sent(message=message, files={}, request=sent.request)


async def test_it_is_too_late_to_cancel_an_answer_on_its_way(bot: BotProcess) -> None:
    bot.double.delay_next("PATCH", r"/webhooks/", 2, uploads=True)
    asked = await simulate(bot, MEDIUM)
    sent = await asked.until(is_waiting)
    await bot.double.until(lambda: any(one.files for one in requests_of(bot, asked)), timeout=120)
    pressed = await bot.double.press(cancel_of(sent), sent)
    assert "Too late" in (await pressed.answer()).text
    assert (await asked.until(is_final)).files


async def test_an_edit_that_is_long_on_its_way_does_not_replace_the_answer(bot: BotProcess) -> None:
    asked = await simulate(bot, LONG)
    await asked.until(is_waiting)
    bot.double.delay_next("PATCH", r"/webhooks/", 3)
    count = len(requests_of(bot, asked))
    await bot.double.until(lambda: len(requests_of(bot, asked)) > count)
    sent = asked.messages[-1]
    await (await bot.double.press(cancel_of(sent), sent)).acknowledged()
    end = await asked.until(is_final)
    await bot.settled()
    assert asked.messages[-1] is end
    assert is_waiting(asked.messages[-2])
    delayed = asked.messages[-2].request
    assert end.request.at >= delayed.at + 3


@pytest.mark.parametrize("status", [503, 429, 0])
async def test_progress_that_cannot_be_shown_is_shown_later(bot: BotProcess, status: int) -> None:
    bot.double.fail_next("PATCH", r"/webhooks/", status=status, times=2)
    asked = await simulate(bot, LONG)
    await asked.until(is_waiting)
    failed = [one for one in requests_of(bot, asked) if one.status in (status, None)]
    assert len(failed) == 2
    assert failed[1].at - failed[0].at >= 1
    await cancel(bot, asked)


async def test_an_answer_to_a_deleted_waiting_message_is_a_new_one(bot: BotProcess) -> None:
    asked = await simulate(bot, MEDIUM)
    await bot.double.remove(await asked.until(is_waiting))
    answer = await asked.until(is_final, timeout=120)
    assert answer.files
    assert answer.message["id"] != asked.original_id


async def test_an_answer_to_a_deleted_waiting_reply_is_a_new_reply(bot: BotProcess) -> None:
    running = await simulate(bot, LONG)
    await running.until(is_waiting)
    asked = await bot.double.mention(f"{TITLE} With 19 layers?", user_id=OTHER)
    first = await asked.until(is_waiting)
    await bot.double.remove(first)
    await cancel(bot, running)
    answer = await asked.until(is_final, timeout=60)
    assert answer.message["id"] != first.message["id"]
    assert answer.message["message_reference"]["message_id"] == asked.message["id"]


async def test_an_expired_interaction_in_public_is_answered_with_the_rights_of_the_bot(
    bot: BotProcess,
) -> None:
    asked = await simulate(bot, MEDIUM)
    await asked.until(is_waiting)
    asked.expired = True
    await bot.settled(timeout=120)
    message = bot.double.world.messages[asked.original_id or ""]
    [edit] = [one for one in bot.double.requests if one.path.endswith(f"/messages/{message['id']}")]
    assert (edit.method, edit.status) == ("PATCH", 200)
    assert edit.path.startswith("/channels/")
    assert edit.files


async def test_an_expired_interaction_in_private_ends_quietly(bot: BotProcess) -> None:
    asked = await simulate(bot, MEDIUM, private=True)
    sent = await asked.until(is_waiting)
    assert sent.ephemeral
    asked.expired = True
    await bot.settled(timeout=120)
    assert "expired before the reply was ready" in bot.said()
    del bot.double.world.messages[sent.message["id"]]  # Discord shows it for a while, and to nobody else


async def test_a_plot_that_is_refused_in_the_waiting_message_gets_its_own(bot: BotProcess) -> None:
    asked = await simulate(bot, MEDIUM)
    await asked.until(is_waiting)
    bot.double.fail_next(
        "PATCH",
        r"/webhooks/",
        status=400,
        body={"code": 50035, "message": "Invalid Form Body"},
        uploads=True,
    )
    answer = await asked.until(lambda sent: bool(sent.files), timeout=120)
    assert answer.message["id"] != asked.original_id
    pointer = await asked.until(lambda sent: "Here is the answer." in sent.text)
    assert pointer.message["id"] == asked.original_id
    assert asked.messages.index(pointer) > asked.messages.index(answer)


async def test_a_plot_that_is_too_large_is_left_out_of_the_card(bot: BotProcess) -> None:
    asked = await simulate(bot, MEDIUM)
    await asked.until(is_waiting)
    bot.double.fail_next("PATCH", r"/webhooks/", status=413, uploads=True)
    answer = await asked.until(is_final, timeout=120)
    assert answer.message["id"] == asked.original_id
    assert not answer.files
    assert "Discord did not take the files" in answer.text
    assert "factor per layer" in answer.text


async def test_what_discord_never_takes_becomes_a_sentence(bot: BotProcess) -> None:
    asked = await simulate(bot, MEDIUM)
    await asked.until(is_waiting)
    refusal = {"code": 50035, "message": "Invalid Form Body"}
    bot.double.fail_next("PATCH", r"/webhooks/", status=400, body=refusal, uploads=True)
    bot.double.fail_next("POST", r"/webhooks/", status=400, body=refusal, uploads=True)
    answer = await asked.until(is_final, timeout=120)
    assert "Discord did not take the files" in answer.text
    assert "Here is the answer." not in "".join(sent.text for sent in asked.messages)


async def test_a_reply_whose_confirmation_was_lost_is_not_sent_twice(bot: BotProcess) -> None:
    running = await simulate(bot, LONG)
    await running.until(is_waiting)
    # It arrives, but the bot has given up waiting for it.
    count = len(bot.double.requests)
    bot.double.delay_next("POST", r"/channels/\d+/messages$", 7)
    asked = await bot.double.mention(f"{TITLE} With 17 layers?", user_id=OTHER)
    await bot.double.until(lambda: any(one.path.endswith("/messages") for one in bot.double.requests[count:]))
    await asyncio.sleep(6)
    await cancel(bot, running)
    await asked.until(is_final, timeout=60)
    await bot.settled()
    assert len({sent.message["id"] for sent in asked.replies}) == 1
