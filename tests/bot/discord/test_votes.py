"""Votes below replies, and what is counted of a reply before its card is made."""

import asyncio
from dataclasses import replace
from typing import Any
from unittest.mock import AsyncMock, MagicMock

import pytest
from discord_double import message_problems

from answers.followups import Turn
from answers.matching import Candidate
from bot.discord.cards import to_card
from bot.discord.counting import Counted, count
from bot.discord.dismissing import DismissButton
from bot.discord.votes import NOT_ASKED, NoneButton, VoteButton, objectionable, vote_row
from bot.inbox.background import Background
from bot.inbox.recording import PATIENCE, Recorder
from bot.pending import Choice, MessageAddress, Pending, Question, Wanted
from bot.reply import (
    AnswerReply,
    AskReply,
    OfferReply,
    PartReply,
    Pointer,
    RemarkReply,
    SilentReply,
)
from bot.storage.feedback import Verdict
from bot.storage.guild_settings import GuildSettings

WORDS = "why is my loss nan"
CANDIDATES = (Candidate(id="rnn", title="R?", score=0.4), Candidate(id="lstm", title="L?", score=0.3))
OFFER = OfferReply(question=WORDS, candidates=CANDIDATES)
SILENT = SilentReply(question=WORDS, candidates=(), known=("A?",))
ANSWER = AnswerReply(
    id="rnn", question=WORDS, title="R?", short="x", body="", more="", misconception="", markdown="",
    verdicts=(), images=(), finding="", sources=(), try_next=(), candidates=(), problems=(), seconds=0.0,
    turn=Turn(answer="rnn", question=WORDS),
)  # fmt: skip


def hub(*, keeps: bool = True) -> MagicMock:
    made = MagicMock()
    made.settings_at = AsyncMock(return_value=GuildSettings(keep_questions=keeps))
    made.post.recorder.record = AsyncMock(return_value=12)
    made.post.recorder.choose = AsyncMock(return_value=34)
    made.post.voting.vote = AsyncMock(return_value="Noted.")
    return made


def asked(wanted: Wanted, guild: int | None = 9) -> Pending:
    return Pending(id=1, user=5, guild=guild, address=MessageAddress(channel=1, question=1), wanted=wanted)


async def test_a_question_is_counted_under_the_server_and_its_words() -> None:
    made = hub()
    assert await count(made, asked(Question(text=WORDS)), ANSWER) == Counted(number=12)
    made.post.recorder.record.assert_awaited_once_with("9", ANSWER, WORDS, user_id="5")


@pytest.mark.parametrize(("keeps", "said"), [(True, "without your name"), (False, "")])
async def test_who_gets_no_answer_is_told_where_the_question_goes_if_it_goes_anywhere(
    keeps: bool,  # noqa: FBT001
    said: str,
) -> None:
    counted = await count(hub(keeps=keeps), asked(Question(text=WORDS)), SILENT)
    assert said in counted.note
    assert bool(counted.note) is keeps
    text = str(to_card(SILENT, note=counted.note).view.to_components())
    assert text.count("I have no answer to that.") == 1
    assert (said in text) is True


async def test_what_was_not_counted_is_not_said_to_go_anywhere() -> None:
    made = hub()
    made.post.recorder.record.return_value = None
    assert await count(made, asked(Question(text=WORDS)), SILENT) == Counted()


async def test_direct_messages_are_not_counted() -> None:
    made = hub()
    assert await count(made, asked(Question(text=WORDS), guild=None), SILENT) == Counted()
    made.post.recorder.record.assert_not_awaited()


@pytest.mark.parametrize("typed", [NOT_ASKED, "no, that's not what I asked"])
async def test_not_what_i_asked_is_a_vote_on_the_answer_before_and_no_question(typed: str) -> None:
    made, before = hub(), Turn(answer="rnn", question=WORDS)
    offer = replace(OFFER, turn=Turn(answer="rnn", question=WORDS, refused=("rnn", "lstm")))
    pending = asked(Question(text=typed, previous=before, number=7))
    assert await count(made, pending, offer) == Counted(number=7, note="Noted.")
    made.post.voting.vote.assert_awaited_once_with(
        "9", 7, Verdict.MISMATCH, user_id="5", question=WORDS, slug="rnn"
    )
    made.post.recorder.record.assert_not_awaited()


async def test_none_of_an_offer_is_no_vote_on_its_first_answer() -> None:
    made = hub()
    turn = objectionable(OFFER)
    assert turn == Turn(answer="rnn", question=WORDS, refused=("rnn", "lstm"))
    counted = await count(
        made, asked(Question(text=NOT_ASKED, previous=turn, number=7)), replace(SILENT, turn=turn)
    )
    assert counted.number == 7
    assert "without your name" in counted.note
    made.post.voting.vote.assert_not_awaited()
    made.post.recorder.record.assert_not_awaited()


async def test_a_question_that_only_follows_an_answer_is_a_question() -> None:
    made, before = hub(), Turn(answer="rnn", question=WORDS, refused=("rnn",))
    other = replace(SILENT, question="when is the exam", turn=before)
    await count(made, asked(Question(text="when is the exam", previous=before)), other)
    made.post.voting.vote.assert_not_awaited()
    made.post.recorder.record.assert_awaited_once()


async def test_an_answer_chosen_from_an_offer_is_no_second_question_and_one_to_read_next_is() -> None:
    made = hub()
    chosen = Choice(answer="rnn", offered=True, number=7, question=WORDS)
    assert await count(made, asked(chosen), ANSWER) == Counted(number=34)
    made.post.recorder.choose.assert_awaited_once_with("9", 7, "rnn", WORDS, user_id="5")
    assert await count(made, asked(Choice(answer="rnn")), ANSWER) == Counted(number=12)


async def test_no_answer_is_lost_because_it_cannot_be_counted() -> None:
    made = hub()
    made.post.recorder.record.side_effect = RuntimeError("broken")
    assert await count(made, asked(Question(text=WORDS)), ANSWER) == Counted()


async def test_nobody_waits_long_for_a_database_that_hangs() -> None:
    keeper = MagicMock()
    never = asyncio.Event()
    keeper.storage.questions.log = lambda *_args, **_more: never.wait()  # pyright: ignore[reportUnknownLambdaType]
    background, made = Background(), hub()
    made.post.recorder = Recorder(keeper, background)
    began = asyncio.get_running_loop().time()
    assert await count(made, asked(Question(text=WORDS)), ANSWER) == Counted()
    assert PATIENCE <= asyncio.get_running_loop().time() - began < PATIENCE + 1
    await background.aclose(0)


def ids(reply: AskReply, number: int | None) -> list[str]:
    row = vote_row(reply, number)
    return [] if row is None else [str(getattr(item, "custom_id", "")) for item in row.children]


async def test_only_what_can_be_judged_has_buttons_and_without_a_number_only_an_objection() -> None:
    vote = "backchat:1:vote:"
    assert ids(ANSWER, 7) == [f"{vote}h:7:rnn", f"{vote}u:7:rnn", f"{vote}m:7:rnn"]
    assert ids(ANSWER, None) == [f"{vote}m:0:rnn"]
    assert ids(OFFER, 7) == ["backchat:1:none:7"]
    for reply in (
        SILENT,
        RemarkReply(question="?", text="No."),
        PartReply(id="rnn", question="?", title="R?", text="x"),
    ):
        assert ids(reply, 7) == []
        assert objectionable(reply) is None


@pytest.mark.parametrize("item", [VoteButton(Verdict.UNHELPFUL, 10**17, "a" * 40), NoneButton(10**17)])
async def test_the_longest_ids_fit_and_are_read_again(item: VoteButton | NoneButton) -> None:
    assert len(item.custom_id) <= 100
    match = item.template.fullmatch(item.custom_id)
    assert match is not None
    again = await type(item).from_custom_id(MagicMock(), MagicMock(), match)
    assert (again.custom_id, again.number) == (item.custom_id, item.number)


async def test_an_answer_with_everything_below_it_is_a_card_that_discord_takes() -> None:
    pointers = tuple(Pointer(id=f"answer_{n}", title="t" * 90) for n in range(4))
    row = vote_row(replace(ANSWER, see_also=pointers), 7)
    assert row is not None
    card = to_card(replace(ANSWER, see_also=pointers), below=row.add_item(DismissButton(5)))
    payload: dict[str, Any] = {
        "components": card.view.to_components(),
        "flags": 1 << 15,
        "allowed_mentions": {"parse": []},
    }
    assert message_problems(payload, [], edited=None, held=[]) == []
    assert [len(one["components"]) for one in payload["components"][1:]] == [2, 4]
