"""What is asked: counted without words, voted on, and kept in words only where the server agreed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.storage.errors import NotFound, Taken
from bot.storage.feedback import Verdict
from bot.storage.inbox import Choice, DecisionConflict, How, Missed, Reason
from bot.storage.opening import Storage
from bot.storage.people import Signed
from bot.storage.phrasings import Wording
from bot.storage.questions import Outcome, week
from bot.storage.retention import INBOX_DAYS, Purged, purge
from bot.storage.schema import FeedbackRow
from bot.storage.stats import Tally

Sign = Callable[..., Signed]
NOW = datetime(2026, 11, 21, 15, 30, 12, tzinfo=UTC)  # a Saturday


async def test_a_question_is_logged_to_the_hour_and_without_words(storage: Storage) -> None:
    number = await storage.questions.log("a", Outcome.ANSWERED, "relu", at=NOW)
    logged = await storage.questions.get("a", number)
    assert logged is not None
    assert (logged.outcome, logged.slug) == (Outcome.ANSWERED, "relu")
    assert logged.asked_at == datetime(2026, 11, 21, 15, tzinfo=UTC)


def test_a_week_begins_on_monday_in_utc() -> None:
    assert week(NOW) == date(2026, 11, 16)
    assert week(datetime(2026, 11, 16, 0, 0, tzinfo=UTC)) == date(2026, 11, 16)
    assert week(datetime(2026, 11, 15, 23, 59, tzinfo=UTC)) == date(2026, 11, 9)


async def test_stats_sum_over_weeks_and_answers(storage: Storage) -> None:
    asked = [
        ("answered", "relu", 0),
        ("answered", "relu", 0),
        ("offered", "relu", 7),
        ("answered", "gpu", 7),
        ("silent", None, 7),
        ("silent", None, 14),
    ]
    numbers = [
        await storage.questions.log("a", Outcome(outcome), slug, at=NOW - timedelta(days=days))
        for outcome, slug, days in asked
    ]
    for user, number, verdict in (
        ("1", numbers[0], Verdict.HELPFUL),
        ("2", numbers[0], Verdict.UNHELPFUL),
        ("1", numbers[2], Verdict.MISMATCH),
    ):
        await storage.feedback.vote("a", number, verdict, user_id=user, at=NOW)
    assert await storage.stats.weeks("a", since=date(2026, 11, 9)) == {
        date(2026, 11, 9): Tally(answered=1, offered=1, silent=1, mismatch=1),
        date(2026, 11, 16): Tally(answered=2, helpful=1, unhelpful=1),
    }
    top = await storage.stats.answers("a", since=date(2026, 1, 1))
    assert list(top.items()) == [
        ("relu", Tally(answered=2, offered=1, helpful=1, unhelpful=1, mismatch=1)),
        ("gpu", Tally(answered=1)),
    ]
    assert (top["relu"].asked, list(await storage.stats.answers("a", since=date(2026, 1, 1), limit=1))) == (
        3,
        ["relu"],
    )
    assert await storage.stats.weeks("b", since=date(2026, 1, 1)) == {}


async def test_everybody_has_one_vote_that_can_be_changed_and_taken_back(storage: Storage) -> None:
    number = await storage.questions.log("a", Outcome.ANSWERED, "relu", at=NOW)
    for verdict in (Verdict.UNHELPFUL, Verdict.HELPFUL):
        await storage.feedback.vote("a", number, verdict, user_id="1", at=NOW)
    await storage.feedback.vote("a", number, Verdict.HELPFUL, user_id="2", at=NOW)
    assert await storage.feedback.votes("a", number) == {Verdict.HELPFUL: 2}
    await storage.feedback.withdraw("a", number, user_id="1")
    assert await storage.feedback.votes("a", number) == {Verdict.HELPFUL: 1}
    with pytest.raises(NotFound, match="too old to be voted on"):
        await storage.feedback.vote("a", number + 1, Verdict.HELPFUL, user_id="1", at=NOW)


async def agree(storage: Storage, by: Signed, guild: str = "a") -> None:
    seen = await storage.settings.get(guild)
    await storage.settings.change(guild, {"keep_questions": True}, seen=seen, by=by)


async def keep(storage: Storage, text: str, user: str, *, minutes: int = 0) -> int:
    missed = Missed(text=text, reason=Reason.UNANSWERED)
    number = await storage.inbox.keep("a", missed, user_id=user, at=NOW + timedelta(minutes=minutes))
    assert number is not None
    return number


async def test_words_are_kept_only_where_the_server_agreed(storage: Storage, sign: Sign) -> None:
    missed = Missed(text="what is a bagel", reason=Reason.UNANSWERED)
    assert await storage.inbox.keep("a", missed, user_id="7", at=NOW) is None
    await agree(storage, sign(), "b")
    assert await storage.inbox.keep("a", missed, user_id="7", at=NOW) is None
    assert await storage.inbox.open("a") == ()
    assert await storage.inbox.keep("b", missed, user_id="7", at=NOW) is not None


async def test_the_most_asked_comes_first_each_text_once(storage: Storage, sign: Sign) -> None:
    await agree(storage, sign())
    await keep(storage, "rare question", "1")
    ids = [
        await keep(storage, "What is dropout?", "1", minutes=1),
        await keep(storage, "what is  DROPOUT?", "1", minutes=2),
        await keep(storage, "what is dropout?\x00", "2", minutes=3),
    ]
    first, second = await storage.inbox.open("a")
    assert (first.text, first.ids, first.people) == ("what is dropout?", tuple(ids), 2)
    assert (first.first_at, first.last_at) == (NOW + timedelta(minutes=1), NOW + timedelta(minutes=3))
    assert second.text == "rare question"


async def test_people_are_counted_over_different_texts_of_one_server(storage: Storage, sign: Sign) -> None:
    await agree(storage, sign())
    await agree(storage, sign(), "b")
    ids = [await keep(storage, text, user) for text, user in (("one", "1"), ("two", "1"), ("three", "2"))]
    assert await storage.inbox.people("a", ids[:2]) == 1
    assert await storage.inbox.people("a", ids) == 2
    assert await storage.inbox.people("a", [*ids, 10**6]) == 2
    assert await storage.inbox.people("a", ()) == 0
    assert await storage.inbox.people("b", ids) == 0


async def test_of_more_questions_than_a_statement_takes_people_are_counted_too(
    storage: Storage, sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    await agree(storage, sign())
    ids = [await keep(storage, f"text {n}", str(n % 3)) for n in range(7)]
    assert await storage.inbox.people("a", [*range(10**6, 10**6 + 40_000), *ids]) == 3
    monkeypatch.setattr("bot.storage.inbox._AT_ONCE", 2)
    assert await storage.inbox.people("a", ids) == 3


async def test_a_question_of_control_characters_alone_is_not_kept(storage: Storage, sign: Sign) -> None:
    await agree(storage, sign())
    missed = Missed(text="\x00\ud800 ", reason=Reason.UNANSWERED)
    assert await storage.inbox.keep("a", missed, user_id="7", at=NOW) is None


async def test_an_accepted_question_becomes_a_phrasing_until_it_is_undone(
    storage: Storage, sign: Sign
) -> None:
    await agree(storage, sign())
    ids = [await keep(storage, "zigzag?", "1"), await keep(storage, "zigzag?", "2")]
    choice = Choice(how=How.PHRASING, slug="relu", text="why zigzag?")
    decision = await storage.inbox.decide("a", ids, choice, by=sign("Ada"))
    assert await storage.inbox.open("a") == ()
    [phrasing] = await storage.phrasings.list("a")
    assert (phrasing.text, phrasing.slug, phrasing.negative) == ("why zigzag?", "relu", False)
    assert await storage.inbox.decisions("a") == (decision,)
    assert [await storage.inbox.decision_on("a", id_) for id_ in ids] == [decision, decision]
    assert await storage.inbox.decision_on("b", ids[0]) is None
    assert await storage.inbox.undo("a", decision.id) == decision
    assert await storage.phrasings.list("a") == ()
    assert await storage.inbox.decision_on("a", ids[0]) is None
    assert [one.ids for one in await storage.inbox.open("a")] == [tuple(ids)]
    with pytest.raises(NotFound, match="undone already"):
        await storage.inbox.undo("a", decision.id)


async def test_undoing_leaves_a_wording_that_was_there_before(storage: Storage, sign: Sign) -> None:
    await agree(storage, sign())
    before = await storage.phrasings.add("a", Wording(text="zigzag?", slug="relu"), by=sign())
    choice = Choice(how=How.PHRASING, slug="relu", text="Zigzag?")
    decision = await storage.inbox.decide("a", [await keep(storage, "zigzag?", "1")], choice, by=sign())
    await storage.inbox.undo("a", decision.id)
    assert await storage.phrasings.list("a") == (before,)


async def test_the_second_to_decide_is_told_of_the_first_and_nothing_is_done(
    storage: Storage, sign: Sign
) -> None:
    await agree(storage, sign())
    one, two = await keep(storage, "one", "1"), await keep(storage, "two", "1")
    won = await storage.inbox.decide("a", [one], Choice(how=How.IGNORE), by=sign("Ada"))
    negative = Choice(how=How.NEGATIVE, text="two")
    with pytest.raises(DecisionConflict, match="Ada decided on one of these questions") as caught:
        await storage.inbox.decide("a", [two, one], negative, by=sign("Bo"))
    assert caught.value.winner == won
    assert [each.ids for each in await storage.inbox.open("a")] == [(two,)]
    assert await storage.phrasings.list("a") == ()


async def test_a_decision_whose_wording_is_refused_is_none(storage: Storage, sign: Sign) -> None:
    await agree(storage, sign())
    await storage.phrasings.add("a", Wording(text="zigzag", slug="relu"), by=sign())
    number = await keep(storage, "zigzag", "1")
    with pytest.raises(Taken):
        await storage.inbox.decide(
            "a", [number], Choice(how=How.PHRASING, slug="tanh", text="zigzag"), by=sign()
        )
    assert len(await storage.inbox.open("a")) == 1
    assert await storage.inbox.decisions("a") == ()


def test_a_choice_has_a_text_exactly_where_a_wording_comes_of_it() -> None:
    for how in How:
        with pytest.raises(ValueError, match="a text goes with"):
            Choice(how=how, text=None if how in {How.PHRASING, How.NEGATIVE} else "zigzag")


async def test_texts_go_after_thirty_days_and_wordings_stay(storage: Storage, sign: Sign) -> None:
    assert INBOX_DAYS == 30
    await agree(storage, sign())
    old = await keep(storage, "old", "1")
    choice = Choice(how=How.PHRASING, slug="relu", text="old")
    await storage.inbox.decide("a", [old], choice, by=sign())
    await keep(storage, "young", "1", minutes=2)
    number = await storage.questions.log("a", Outcome.ANSWERED, "relu", at=NOW)
    await storage.feedback.vote("a", number, Verdict.HELPFUL, user_id="1", at=NOW)
    just = NOW + timedelta(days=30)
    assert await purge(storage.database, just) == Purged(questions=0, texts=0, decisions=0)
    assert await purge(storage.database, just + timedelta(minutes=1)) == Purged(
        questions=0, texts=1, decisions=1
    )
    assert [one.text for one in await storage.inbox.open("a")] == ["young"]
    assert [one.text for one in await storage.phrasings.list("a")] == ["old"]
    late = await purge(storage.database, NOW + timedelta(days=401))
    assert (late.questions, late.texts) == (1, 1)
    assert (await storage.database.rows(select(func.count()).select_from(FeedbackRow)))[0][0] == 0
    # The number is not given again: a button in an old message may still carry it.
    assert await storage.questions.log("a", Outcome.SILENT, None, at=NOW) > number
