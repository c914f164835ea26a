"""Which servers hold anything about people, and when their keys are replaced."""

from datetime import UTC, datetime, timedelta

from bot.storage.answers import Text
from bot.storage.feedback import Verdict
from bot.storage.opening import Storage
from bot.storage.people import Author, Signed
from bot.storage.questions import Outcome
from bot.storage.terms import TERM_DAYS, end_old_terms, guilds_of_people

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)


async def vote(storage: Storage, guild: str, at: datetime) -> None:
    question = await storage.questions.log(guild, Outcome.ANSWERED, "relu", at=at)
    await storage.feedback.vote(guild, question, Verdict.HELPFUL, user_id="1", at=at)


async def test_servers_that_hold_nothing_about_anybody_are_not_among_them(storage: Storage) -> None:
    assert await guilds_of_people(storage.database) == ()
    await vote(storage, "b", NOW)
    await storage.questions.log("c", Outcome.SILENT, None, at=NOW)
    by = Signed(author=Author(id="2", name="Ada"), at=NOW)
    await storage.answers.publish("a", "relu", Text(title="t", body="b"), base=0, by=by)
    assert await guilds_of_people(storage.database) == ("a", "b")
    await storage.privacy.forget("b", user_id="1")
    assert await guilds_of_people(storage.database) == ("a",)


async def test_a_key_is_replaced_after_half_a_year_and_not_before(storage: Storage) -> None:
    await vote(storage, "a", NOW)
    await vote(storage, "b", NOW + timedelta(days=1))
    later = NOW + timedelta(days=TERM_DAYS)
    assert await end_old_terms(storage.database, storage.keys, later) == ()
    assert await storage.privacy.export("a", user_id="1")
    later += timedelta(seconds=1)
    assert await end_old_terms(storage.database, storage.keys, later) == ("a",)
    assert await storage.keys.term("a") == (2, later)
    # The vote is still counted, and nobody's.
    assert await storage.privacy.export("a", user_id="1") == ()
    assert (await storage.stats.answers("a", since=NOW.date() - timedelta(days=7)))["relu"].helpful == 1
    assert await storage.privacy.export("b", user_id="1")
    assert await end_old_terms(storage.database, storage.keys, later) == ()
