"""An answer gets there, or a sentence does, or the next start sees to it: whatever Discord says."""

import asyncio
from dataclasses import replace
from unittest.mock import MagicMock

import aiohttp
import discord
import pytest
from discord_double.fakes import FakeDelivery, refusal, text_of

from bot.discord import delivery
from bot.discord.cards import Card, text_card, without_files
from bot.discord.choices import AnswerButton
from bot.discord.delivery import Undelivered, deliver
from bot.discord.limits import CARD_TEXT
from bot.discord.placing import Placing
from bot.reply import Image

EXPIRED = 50027
PLOT = Image(name="a.png", png=b"\x89PNG", alt="Line chart.")


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Wait for no time, and note for how long it would have been."""
    found: list[float] = []

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr(delivery, "asyncio", MagicMock(sleep=sleep))
    return found


def with_plot(text: str = "Answer") -> Card:
    return replace(text_card(text), images=(PLOT,))


async def test_an_answer_that_is_taken_is_sent_once(waits: list[float]) -> None:
    made = FakeDelivery()
    assert await deliver(made, text_card("Answer")) is not None
    assert (made.finished, waits) == (["Answer"], [])


@pytest.mark.parametrize(
    "error",
    [refusal(500), refusal(503), refusal(429), aiohttp.ServerDisconnectedError(), OSError(), TimeoutError()],
    ids=str,
)
async def test_while_discord_is_away_it_is_tried_again(error: Exception, waits: list[float]) -> None:
    made = FakeDelivery([error, error])
    assert await deliver(made, text_card("Answer")) is not None
    assert made.tried == ["Answer"] * 3
    assert waits == [5, 15]


async def test_after_minutes_it_is_left_to_the_next_start(waits: list[float]) -> None:
    made = FakeDelivery([refusal(503)] * 9)
    with pytest.raises(Undelivered):
        await deliver(made, text_card("Answer"))
    assert waits == [5, 15, 60, 180]
    assert made.tried == ["Answer"] * 5


@pytest.mark.parametrize("error", [refusal(400), refusal(413), refusal(422), ValueError("odd")], ids=str)
async def test_what_discord_never_takes_becomes_a_sentence(error: Exception, waits: list[float]) -> None:
    made = FakeDelivery([error])
    assert await deliver(made, text_card("Answer")) is not None
    [said] = made.finished
    assert "Something in the bot broke" in said
    assert waits == []


async def test_the_sentence_too_is_tried_again_and_refused_only_once(waits: list[float]) -> None:
    made = FakeDelivery([refusal(400), refusal(503)])
    assert await deliver(made, text_card("Answer")) is not None
    assert waits == [5]
    made = FakeDelivery([refusal(400)] * 9)
    assert await deliver(made, text_card("Answer")) is None
    assert len(made.tried) == 2


@pytest.mark.parametrize("error", [refusal(403), refusal(404), refusal(401, EXPIRED)], ids=str)
async def test_where_nothing_can_be_said_nothing_is_tried(error: Exception) -> None:
    made = FakeDelivery([error])
    assert await deliver(made, text_card("Answer")) is None
    assert made.tried == ["Answer"]


async def test_it_can_be_cancelled_while_it_is_sent_and_in_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    made = FakeDelivery()
    made.may_finish.clear()
    task = asyncio.create_task(deliver(made, text_card("Answer")))
    await made.delivering.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    monkeypatch.undo()
    made = FakeDelivery([refusal(503)])
    task = asyncio.create_task(deliver(made, text_card("Answer")))
    await made.delivering.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert made.finished == []


class Message:
    """A waiting message and the place below it; each attempt is noted and answered in turn."""

    def __init__(self, *answers: Exception | None) -> None:
        self.attempts: list[tuple[str, str, bool]] = []
        self._answers = list(answers)
        self.placing = Placing(self._edit, self._below)

    async def _edit(self, card: Card) -> discord.Message:
        return self._answer("edit", card)

    async def _below(self, card: Card) -> discord.Message:
        return self._answer("below", card)

    def _answer(self, where: str, card: Card) -> discord.Message:
        self.attempts.append((where, text_of(card).split("\n")[0], bool(card.images)))
        if self._answers and (error := self._answers.pop(0)) is not None:
            raise error
        return MagicMock(discord.Message, content=where)

    async def replaced(self) -> str:
        return (await self.placing.replace(with_plot())).content


async def test_a_refused_plot_is_sent_below_and_the_card_points_to_it_only_then() -> None:
    message = Message(refusal(400))
    assert await message.replaced() == "below"
    pointer = ("edit", "Here is the answer.", False)
    assert message.attempts == [("edit", "Answer", True), ("below", "Answer", True), pointer]


async def test_a_plot_that_is_refused_everywhere_is_left_out() -> None:
    message = Message(refusal(400), refusal(400))
    assert await message.replaced() == "edit"
    assert message.attempts[-1] == ("edit", "Answer", False)
    assert "Here is the answer." not in str(message.attempts)


async def test_a_plot_that_is_too_large_is_not_sent_again() -> None:
    message = Message(refusal(413))
    assert await message.replaced() == "edit"
    assert message.attempts == [("edit", "Answer", True), ("edit", "Answer", False)]


async def test_what_was_sent_below_is_not_sent_again_when_pointing_to_it_fails() -> None:
    message = Message(refusal(400), None, refusal(503))
    with pytest.raises(discord.DiscordServerError):
        await message.replaced()
    assert await message.replaced() == "below"
    assert [where for where, _, _ in message.attempts] == ["edit", "below", "edit", "edit"]
    gone = Message(refusal(400), None, refusal(404))
    assert await gone.replaced() == "below"


@pytest.mark.parametrize("error", [refusal(403), refusal(404), refusal(503), refusal(429)], ids=str)
@pytest.mark.parametrize("before", [(), (refusal(400),)], ids=["edit", "below"])
async def test_what_is_not_about_files_is_passed_on(
    error: discord.HTTPException, before: tuple[Exception, ...]
) -> None:
    message = Message(*before, error)
    with pytest.raises(type(error)):
        await message.replaced()
    assert len(message.attempts) == len(before) + 1


@pytest.mark.parametrize("status", [400, 413])
async def test_a_message_of_its_own_goes_without_a_plot_that_is_refused(status: int) -> None:
    message = Message(refusal(status))
    await message.placing.send(with_plot())
    assert message.attempts == [("below", "Answer", True), ("below", "Answer", False)]
    with pytest.raises(discord.HTTPException):
        await Message(refusal(status)).placing.send(text_card("no files"))


async def test_a_card_without_its_files_keeps_its_words_and_buttons_and_its_length() -> None:
    row: discord.ui.ActionRow[discord.ui.LayoutView] = discord.ui.ActionRow()
    row.add_item(AnswerButton("cnn", "Why?"))
    card = with_plot("word " * 790)
    card.view.add_item(row)
    lean = without_files(card)
    assert "did not take the files" in text_of(lean)
    assert CARD_TEXT - 200 < len(text_of(lean)) <= CARD_TEXT
    assert lean.files() == []
    assert "backchat:1:answer:cnn" in str(lean.view.to_components())
    assert card.view.to_components()[0] == with_plot("word " * 790).view.to_components()[0]
