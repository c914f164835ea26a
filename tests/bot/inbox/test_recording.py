"""Questions are counted without person and words; words are kept only where the server agreed to it."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from answers.followups import Turn
from answers.matching import Candidate
from bot.inbox.background import Background
from bot.inbox.post import Post
from bot.reply import AnswerReply, AskReply, OfferReply, PartReply, RemarkReply, SilentReply
from bot.storage.errors import StorageUnavailable
from bot.storage.feedback import Verdict
from bot.storage.inbox import Asked, Reason
from bot.storage.opening import Storage
from bot.storage.questions import Outcome, week
from bot.storage.schema import QuestionRow

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
QUESTION = "what is beam search"
CANDIDATES = (Candidate(id="rnn", title="R?", score=0.4), Candidate(id="lstm", title="L?", score=0.3))
SILENT = SilentReply(question=QUESTION, candidates=(), known=())
OFFER = OfferReply(question=QUESTION, candidates=CANDIDATES)


def answer(id_: str = "rnn") -> AnswerReply:
    return AnswerReply(
        id=id_, question=QUESTION, title="T?", short="", body="", more="", misconception="", markdown="",
        verdicts=(), images=(), finding="", sources=(), try_next=(), candidates=(), problems=(), seconds=0.0,
        turn=Turn(answer=id_, question=QUESTION, knobs={}),
    )  # fmt: skip


async def kept(storage: Storage, post: Post, guild: str = "g") -> dict[tuple[Reason, str | None], Asked]:
    await post.aclose()
    return {(one.reason, one.slug): one for one in await storage.inbox.open(guild)}


@pytest.mark.parametrize(
    ("reply", "outcome", "slug"),
    [(answer(), Outcome.ANSWERED, "rnn"), (OFFER, Outcome.OFFERED, "rnn"), (SILENT, Outcome.SILENT, None)],
)
async def test_every_reply_is_counted_with_its_outcome_to_the_hour(
    storage: Storage, post: Post, reply: AskReply, outcome: Outcome, slug: str | None
) -> None:
    number = await post.recorder.record("g", reply, QUESTION, user_id="eve")
    assert number is not None
    logged = await storage.questions.get("g", number)
    assert logged is not None
    assert (logged.outcome, logged.slug, logged.asked_at.minute) == (outcome, slug, 0)
    rows = await storage.database.rows(select(QuestionRow.__table__))
    assert "eve" not in str(rows)
    assert QUESTION not in str(rows)


@pytest.mark.parametrize(
    "reply",
    [
        PartReply(id="rnn", question=QUESTION, title="T?", text="x"),
        RemarkReply(question=QUESTION, text="I cannot do that."),
    ],
)
async def test_parts_and_remarks_are_no_questions(storage: Storage, post: Post, reply: AskReply) -> None:
    assert await post.recorder.record("g", reply, QUESTION, user_id="eve") is None
    assert await storage.database.rows(select(QuestionRow.id)) == []


async def test_direct_messages_are_nobodys_to_count(keeping: Storage, post: Post) -> None:
    assert await post.recorder.record(None, SILENT, QUESTION, user_id="eve") is None
    assert await post.recorder.choose(None, 1, "rnn", QUESTION, user_id="eve") is None
    assert "in direct messages" in await post.voting.vote(None, 1, Verdict.HELPFUL, user_id="eve")
    assert await keeping.database.rows(select(QuestionRow.id)) == []


async def test_words_are_kept_only_where_the_server_agreed(keeping: Storage, post: Post) -> None:
    for guild in ("g", "h"):
        await post.recorder.record(guild, SILENT, QUESTION, user_id="eve")
        await post.recorder.record(guild, OFFER, QUESTION, user_id="eve")
        await post.recorder.record(guild, answer(), "why relu", user_id="eve")
    found = await kept(keeping, post)
    assert {key: len(one.ids) for key, one in found.items()} == {(Reason.UNANSWERED, None): 2}
    assert found[Reason.UNANSWERED, None].text == QUESTION
    assert await keeping.inbox.open("h") == ()


async def test_a_choice_is_no_second_question(keeping: Storage, post: Post) -> None:
    number = await post.recorder.record("g", OFFER, QUESTION, user_id="eve")
    assert await post.recorder.choose("g", number, "rnn", QUESTION, user_id="eve") == number
    assert await post.recorder.choose("g", number, "lstm", QUESTION, user_id="eve") == number
    assert await post.recorder.choose("g", None, "lstm", QUESTION, user_id="eve") is None
    [tally] = (await keeping.stats.weeks("g", since=week(NOW))).values()
    assert tally.asked == 1
    found = await kept(keeping, post)
    assert set(found) == {(Reason.UNANSWERED, None), (Reason.UNANSWERED, "rnn"), (Reason.UNANSWERED, "lstm")}


async def test_a_vote_is_on_the_answer_that_was_chosen_and_not_on_the_first_offered(
    keeping: Storage, post: Post
) -> None:
    number = await post.recorder.record("g", OFFER, QUESTION, user_id="eve")
    chosen = await post.recorder.choose("g", number, "lstm", QUESTION, user_id="eve")
    await post.voting.vote("g", chosen, Verdict.HELPFUL, user_id="eve", slug="lstm")
    tallies = await keeping.stats.answers("g", since=week(NOW))
    assert {slug: tally.helpful for slug, tally in tallies.items()} == {"rnn": 0, "lstm": 1}


async def test_after_an_answer_that_was_not_asked_for_the_next_is_not_voted_on(post: Post) -> None:
    number = await post.recorder.record("g", answer("rnn"), QUESTION, user_id="eve")
    # One vote each: the second would take back that the first was wrong.
    assert await post.recorder.choose("g", number, "lstm", QUESTION, user_id="eve") is None


async def test_not_what_i_asked_reaches_the_inbox_with_the_wrong_answer(keeping: Storage, post: Post) -> None:
    number = await post.recorder.record("g", answer("rnn"), QUESTION, user_id="eve")
    said = await post.voting.vote("g", number, Verdict.MISMATCH, user_id="eve", question=QUESTION, slug="rnn")
    assert said.startswith("Sorry! That is noted, without your name")
    assert number is not None
    assert await keeping.feedback.votes("g", number) == {Verdict.MISMATCH: 1}
    found = await kept(keeping, post)
    assert {key: one.text for key, one in found.items()} == {(Reason.MISMATCH, "rnn"): QUESTION}


async def test_thumbs_are_counted_once_a_person_and_the_words_kept_once(keeping: Storage, post: Post) -> None:
    number = await post.recorder.record("g", answer(), QUESTION, user_id="eve")
    assert number is not None
    for _ in range(5):
        await post.voting.vote("g", number, Verdict.UNHELPFUL, user_id="eve", question=QUESTION, slug="rnn")
    await post.voting.vote("g", number, Verdict.HELPFUL, user_id="mia", question=QUESTION, slug="rnn")
    assert await keeping.feedback.votes("g", number) == {Verdict.UNHELPFUL: 1, Verdict.HELPFUL: 1}
    found = await kept(keeping, post)
    assert {key: len(one.ids) for key, one in found.items()} == {(Reason.UNHELPFUL, "rnn"): 1}


async def test_a_vote_that_cannot_be_counted_says_so(storage: Storage, post: Post) -> None:
    said = await post.voting.vote("g", 4711, Verdict.HELPFUL, user_id="eve")
    assert said == "That reply is too old to be voted on; ask again, and vote on the new reply."
    assert "not counted" in await post.voting.vote("g", None, Verdict.HELPFUL, user_id="eve")
    del storage


async def test_a_lost_database_breaks_no_reply_and_is_logged_once(
    keeping: Storage, post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def lost(*_: object, **__: object) -> int:
        raise StorageUnavailable("The database cannot be reached; try again in a minute.")

    caplog.set_level(logging.INFO, logger="bot.inbox.background")
    with monkeypatch.context() as without:
        without.setattr(keeping.questions, "log", lost)
        without.setattr(keeping.feedback, "vote", lost)
        for _ in range(3):
            assert await post.recorder.record("g", SILENT, QUESTION, user_id="eve") is None
        with pytest.raises(StorageUnavailable):  # who pressed waits, and is told by the front
            await post.voting.vote("g", 1, Verdict.HELPFUL, user_id="eve")
    assert [record.getMessage() for record in caplog.records] == [
        "questions and votes are not counted for now: The database cannot be reached; try again in a minute."
    ]
    assert await post.recorder.record("g", SILENT, QUESTION, user_id="eve") is not None
    await post.aclose()
    assert caplog.records[-1].getMessage() == "questions are counted again"


async def test_words_of_a_question_never_reach_the_log(
    keeping: Storage, post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object, **__: object) -> int:
        raise RuntimeError(f"INSERT … {QUESTION}")

    monkeypatch.setattr(keeping.inbox, "keep", broken)
    assert await post.recorder.record("g", SILENT, QUESTION, user_id="eve") is not None
    await post.aclose()
    assert "RuntimeError" in caplog.text
    assert QUESTION not in caplog.text


async def test_a_slow_database_delays_no_reply(
    keeping: Storage, open_post: Callable[..., Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    post, free = open_post(patience=0.01), asyncio.Event()
    log = keeping.questions.log

    async def slow(guild: str, outcome: Outcome, slug: str | None, *, at: datetime) -> int:
        await free.wait()
        return await log(guild, outcome, slug, at=at)

    monkeypatch.setattr(keeping.questions, "log", slow)
    assert await post.recorder.record("g", SILENT, QUESTION, user_id="eve") is None
    free.set()
    assert len(await kept(keeping, post)) == 1
    assert len(await keeping.database.rows(select(QuestionRow.id))) == 1


async def test_who_stops_waiting_stops_no_write(storage: Storage) -> None:
    background, free = Background(), asyncio.Event()

    async def write() -> int:
        await free.wait()
        return await storage.questions.log("g", Outcome.SILENT, None, at=NOW)

    waiting = asyncio.create_task(background.run(write(), patience=60))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    free.set()
    await background.aclose()
    assert len(await storage.database.rows(select(QuestionRow.id))) == 1


async def test_what_never_ends_does_not_keep_the_bot_from_ending_nor_fill_its_memory() -> None:
    background = Background(most=3)

    async def forever() -> None:
        await asyncio.Event().wait()

    assert [background.start(forever()) is not None for _ in range(5)] == [True, True, True, False, False]
    await background.aclose(seconds=0.01)
    assert len(background) == 0


async def test_kept_words_are_read_at_once_so_that_the_inbox_opens_fast(keeping: Storage, post: Post) -> None:
    await post.recorder.record("g", SILENT, QUESTION, user_id="eve")
    await post.aclose()
    assert len(post.looking.readings) == 1
    assert len(await keeping.inbox.open("g")) == 1
