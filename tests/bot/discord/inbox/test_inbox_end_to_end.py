"""From a question without an answer over votes and the inbox to an answer for all, with the real bot."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from discord_double import (
    ASSISTANT,
    ASSISTANT_ROLE_ID,
    GENERAL2_ID,
    GUILD2_ID,
    GUILD_ID,
    INSTRUCTOR,
    INSTRUCTOR_ROLE_ID,
    STUDENT,
    TEACHER,
    DiscordDouble,
    Interaction,
    Judge,
    Sent,
)
from discord_double.bot_process import BotProcess, is_final
from discord_place import Place
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.guild_settings import GuildSettings, Visibility
from bot.storage.opening import open_storage
from bot.storage.people import Author, Signed

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEAR = (
    "my very first layers get practically no learning signal, whats up",
    "why do my very first layers get practically no learning signal",
    "first layers hardly get any learning signal, why?",
)
MEANT = "why_is_it_a_problem"
KNOWN = "Why do sigmoid and tanh make the gradient vanish?"
EMMA, OTTO, MIA = 1_100_000_000_000_000_501, 1_100_000_000_000_000_502, 1_100_000_000_000_000_503


class World:
    """The real bot and the Discord that it is on."""

    def __init__(self, double: DiscordDouble, place: Place) -> None:
        self.double = double
        self.place = place

    async def inbox(self, user_id: int = INSTRUCTOR) -> Sent:
        opened = await self.double.slash("inbox", user_id=user_id)
        assert await opened.acknowledged(timeout=3) < 3
        shown = await opened.until(lambda _: True, timeout=20)
        assert shown.ephemeral
        return shown

    async def inbox_with(self, words: str, user_id: int = INSTRUCTOR) -> Sent:
        """Open the inbox until something is in it: words are kept after the reply was sent."""
        async with asyncio.timeout(20):
            while True:
                shown = await self.inbox(user_id)
                if words in shown.text:
                    return shown
                await asyncio.sleep(0.1)

    async def press(self, custom_id: str, sent: Sent, user_id: int = INSTRUCTOR, *values: str) -> Sent:
        """Press, and wait for what is shown in the end."""
        pressed = await self.double.press(custom_id, sent, user_id=user_id, values=list(values) or None)
        return await settled(pressed)

    async def votes(self) -> list[tuple[str, str]]:
        engine = create_async_engine(self.place.database.url)
        async with engine.connect() as connection:
            rows = (await connection.execute(text("select slug, verdict from feedback"))).all()
        await engine.dispose()
        return sorted((str(slug), str(verdict)) for slug, verdict in rows)


async def settled(pressed: Interaction) -> Sent:
    return await pressed.until(lambda sent: "Trying it out" not in sent.text, timeout=30)


def button(sent: Sent, act: str, question: str = "") -> str:
    """Return the id of a button: of the group whose question this is, or of the page."""
    if not question:
        return next(id_ for id_ in sent.custom_ids if f":{act}:" in id_)
    below = False
    for item in json_items(sent.message["components"]):
        if question in str(item.get("content", "")):
            below = True
        if below and f":{act}:" in str(item.get("custom_id", "")):
            return str(item["custom_id"])
    raise AssertionError((act, question, sent.text))


def json_items(components: list[dict[str, object]]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for item in components:
        found.append(item)
        below = item.get("components")
        found += json_items(below if isinstance(below, list) else [])  # pyright: ignore[reportUnknownArgumentType]
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(place: Place) -> AsyncIterator[World]:
    async with DiscordDouble(judge=Judge.load_or_none()) as double:
        made = World(double, place)
        async with open_storage(place.database, now=datetime.now(UTC)) as storage:
            by = Signed(author=Author(id="1", name="Ida"), at=datetime.now(UTC))
            changes = {
                "instructors": (INSTRUCTOR_ROLE_ID,),
                "assistants": (ASSISTANT_ROLE_ID,),
                "visibility": Visibility.PUBLIC,
                "keep_questions": True,
            }
            await storage.settings.change(GUILD_ID, changes, seen=GuildSettings(), by=by)
        async with BotProcess(place.folder, double, **place.environment):
            yield made
        assert double.problems() == []


async def test_what_was_asked_in_three_wordings_is_accepted_once_and_answered_for_everybody(
    world: World,
) -> None:
    for asker, words in zip((EMMA, OTTO, MIA), NEAR, strict=True):
        offer = await (await world.double.mention(words, user_id=asker)).until(is_final, timeout=30)
        assert "Did you mean one of these?" in offer.text
    page = await world.inbox_with("3 questions in 1 group")
    assert "Asked 3 times by several people" in page.text
    chooser = await world.press(button(page, "accept"), page)
    assert "Which answer does it ask for?" in chooser.text
    done = await world.press(button(chooser, "accept"), chooser, INSTRUCTOR, MEANT)
    assert "is a way of asking for" in done.text
    assert "Nothing is waiting" in done.text
    accepted = next(words for words in NEAR if words in done.text)
    answer = await (await world.double.mention(accepted, user_id=EMMA)).until(is_final, timeout=60)
    assert any(f"vote:h:{number}:{MEANT}" in id_ for id_ in answer.custom_ids for number in range(1, 20))

    undone = await world.press(button(done, "undo"), done)
    assert "Its questions are in the inbox again" in undone.text
    assert "3 questions in 1 group" in undone.text
    again = await (await world.double.mention(accepted, user_id=EMMA)).until(is_final, timeout=30)
    assert "Did you mean one of these?" in again.text
    ignored = await world.press(button(undone, "ignore"), undone)
    assert "is out of the inbox" in ignored.text


async def test_votes_are_one_a_person_and_seen_by_nobody(world: World) -> None:
    before = await world.votes()
    answer = await (await world.double.mention(KNOWN, user_id=EMMA)).until(is_final, timeout=60)
    helpful, unhelpful = (next(i for i in answer.custom_ids if f"vote:{one}:" in i) for one in "hu")
    for id_, user in ((helpful, EMMA), (unhelpful, EMMA), (helpful, OTTO)):
        pressed = await world.double.press(id_, answer, user_id=user)
        thanks = await pressed.until(lambda _: True)
        assert thanks.ephemeral
        assert thanks.text.startswith("Thank you: your vote is counted, without your name.")
    slug = helpful.rpartition(":")[2]
    new = await world.votes()
    assert sorted([*before, (slug, "helpful"), (slug, "unhelpful")]) == new
    # Pressing changed nothing that others see.
    assert world.double.world.messages[answer.message["id"]]["components"] == answer.message["components"]
    page = await world.inbox_with("not helpful")
    assert f"“{KNOWN}”" in page.text
    await world.press(button(page, "ignore", KNOWN), page)


async def test_not_what_i_asked_offers_other_answers_and_reaches_the_inbox(world: World) -> None:
    answer = await (await world.double.mention(KNOWN, user_id=MIA)).until(is_final, timeout=60)
    wrong = next(id_ for id_ in answer.custom_ids if "vote:m:" in id_)
    pressed = await world.double.press(wrong, answer, user_id=MIA)
    offer = await pressed.until(is_final, timeout=30)
    assert offer.ephemeral
    assert "Sorry! That is noted, without your name" in offer.text
    assert "Did you mean one of these?" in offer.text
    assert (wrong.rpartition(":")[2], "mismatch") in await world.votes()
    page = await world.inbox_with("not what was asked")
    # None of those either: what comes next, or that there is nothing.
    none = next(id_ for id_ in offer.custom_ids if ":none:" in id_)
    more = await (await world.double.press(none, offer, user_id=MIA)).until(is_final, timeout=30)
    assert more.ephemeral
    assert "Did you mean" in more.text or "I have no answer to that" in more.text
    assert len([one for one in await world.votes() if one[1] == "mismatch"]) == 1
    await world.press(button(page, "ignore", KNOWN), page)


async def test_a_button_of_a_message_from_before_a_restart_still_counts(world: World) -> None:
    answer = await (await world.double.mention(KNOWN, user_id=MIA)).until(is_final, timeout=60)
    old = json.loads(json.dumps(answer.message))
    old["id"] = str(int(old["id"]) + 1)  # of which nothing is remembered
    helpful, wrong = (next(id_ for id_ in answer.custom_ids if f"vote:{one}:" in id_) for one in "hm")
    thanks = await (await world.double.press(helpful, old, user_id=OTTO)).until(lambda _: True)
    assert thanks.text.startswith("Thank you")
    noted = await (await world.double.press(wrong, old, user_id=OTTO)).until(lambda _: True)
    assert "try to ask in other words" in noted.text
    assert thanks.ephemeral
    assert noted.ephemeral


async def test_in_a_direct_message_there_is_nothing_to_vote_on_but_other_answers(world: World) -> None:
    before = await world.votes()
    asked = await world.double.say(KNOWN, user_id=MIA, guild=False)
    answer = await asked.until(is_final, timeout=60)
    [button_id] = [id_ for id_ in answer.custom_ids if ":vote:" in id_]
    assert ":vote:m:0:" in button_id
    pressed = await world.double.press(button_id, answer, user_id=MIA)
    assert "Did you mean one of these?" in (await pressed.until(is_final, timeout=30)).text
    assert await world.votes() == before


async def test_a_wording_that_would_do_harm_is_refused_with_the_reason(world: World) -> None:
    silent = await (await world.double.mention("when is the exam?", user_id=EMMA)).until(is_final)
    assert "The course team gets to read your question, without your name." in silent.text
    page = await world.inbox_with("when is the exam")
    chooser = await world.press(button(page, "accept", "when is the exam"), page)
    other = await world.double.press(button(chooser, "accept"), chooser, user_id=INSTRUCTOR, values=["+"])
    await other.acknowledged()
    sent = await world.double.submit(other, {"answer": MEANT}, user_id=INSTRUCTOR)
    refused = await settled(sent)
    assert "Not done" in refused.text
    assert "has little to do with" in refused.text
    assert "when is the exam" in refused.text.partition("## Inbox")[2]
    done = await world.press(button(refused, "none", "when is the exam"), refused)
    assert "let be now" in done.text


async def test_two_who_decide_at_once_and_those_who_may_not(world: World) -> None:
    await (await world.double.mention("what is beam search", user_id=EMMA)).until(is_final)
    first, second = await world.inbox_with("what is beam search"), await world.inbox(TEACHER)
    await world.press(button(first, "ignore", "what is beam search"), first)
    late = await world.press(button(second, "ignore", "what is beam search"), second, TEACHER)
    assert "Instructor decided on one of these questions" in late.text
    for refused in (
        await world.double.slash("inbox", user_id=STUDENT),
        await world.double.press(button(late, "undo"), late, user_id=STUDENT),
    ):
        told = await refused.answer()
        assert told.ephemeral
        assert "for instructors and teaching assistants" in told.text

    await (await world.double.mention("how does beam search work?", user_id=OTTO)).until(is_final)
    page = await world.inbox_with("how does beam search work", ASSISTANT)
    acts = {id_.split(":")[3] for id_ in page.custom_ids}
    assert acts == {"write", "page"}
    full, question = await world.inbox(), "how does beam search work"
    kept = await world.press(button(full, "ignore", question), full, ASSISTANT)
    assert "you are an assistant here" in kept.text
    assert question in kept.text
    opened = await world.double.press(button(page, "write", question), page, user_id=ASSISTANT)
    await opened.acknowledged()
    assert "How does beam search work?" in json.dumps(opened.modal)
    sent = await world.double.submit(opened, {}, user_id=ASSISTANT)
    assert "beam_search" in (await sent.answer()).text


async def test_another_server_sees_nothing_of_it_and_is_told_how_to_begin(world: World) -> None:
    opened = await world.double.slash("inbox", user_id=TEACHER, guild=GUILD2_ID, channel_id=GENERAL2_ID)
    shown = await opened.until(lambda _: True)
    assert "This server keeps no words of questions" in shown.text
    assert "beam search" not in shown.text
    names = [f"student{user % 1000}" for user in (EMMA, OTTO, MIA)]
    for sent in world.double.sent:
        if "## Inbox" in sent.text:
            assert sent.ephemeral
            assert not [name for name in names if name in json.dumps(sent.message["components"]).casefold()]
    for user in (EMMA, OTTO, MIA):
        assert not [sent for sent in world.double.seen_by(user) if "## Inbox" in sent.text]
    # Nobody else sees who voted.
    assert not [sent for sent in world.double.seen_by(STUDENT) if "your vote is counted" in sent.text]
