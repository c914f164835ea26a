"""A server's mark is another one after every change of what is held in memory, and after no other."""

from collections.abc import Awaitable, Callable

import pytest

from bot.storage.answers import AnswerConflict, Text
from bot.storage.changes import UNCHANGED
from bot.storage.drafts import Draft
from bot.storage.feedback import Verdict
from bot.storage.guild_settings import GuildSettings
from bot.storage.inbox import Choice, How, Missed, Reason
from bot.storage.opening import Storage
from bot.storage.people import Signed
from bot.storage.phrasings import Wording
from bot.storage.questions import Outcome
from bot.storage.settings import SettingConflict

Sign = Callable[..., Signed]
TEXT = Text(title="t", body="b")
ZIGZAG = Wording(text="zigzag", slug="relu")


@pytest.fixture
def mark(storage: Storage) -> Callable[[], Awaitable[str]]:
    async def look() -> str:
        return (await storage.changes.of(["a"]))["a"]

    return look


Mark = Callable[[], Awaitable[str]]


async def keep(storage: Storage, text: str, sign: Sign) -> int:
    missed = Missed(text=text, reason=Reason.UNANSWERED)
    return await storage.inbox.keep("a", missed, user_id="7", at=sign().at) or 0


async def test_what_is_served_differently_afterwards_changes_the_mark(
    storage: Storage, sign: Sign, mark: Mark
) -> None:
    by, answers = sign(), storage.answers
    settings = {"keep_questions": True}
    seen = [await mark()]
    assert seen == [UNCHANGED]

    async def changed(happening: Awaitable[object]) -> None:
        await happening
        seen.append(await mark())
        assert len(set(seen)) == len(seen)

    await changed(storage.settings.change("a", settings, seen=GuildSettings(), by=by))
    await changed(answers.publish("a", "relu", TEXT, base=0, by=by))
    await changed(answers.disable("a", "relu", base=1, by=by))
    await changed(answers.enable("a", "relu", base=2, by=by))
    await changed(answers.restore("a", "relu", 1, base=3, by=by))
    phrasing = await storage.phrasings.add("a", ZIGZAG, by=by)
    await changed(storage.phrasings.remove("a", phrasing.id))
    number = await keep(storage, "wiggle", sign)
    choice = Choice(how=How.PHRASING, slug="relu", text="wiggle")
    await changed(storage.inbox.decide("a", [number], choice, by=by))
    [decision] = await storage.inbox.decisions("a")
    await changed(storage.inbox.undo("a", decision.id))
    assert set((await storage.changes.of(["b", "c"])).values()) == {UNCHANGED}


async def test_what_changes_nothing_that_is_served_leaves_the_mark(
    storage: Storage, sign: Sign, mark: Mark
) -> None:
    by = sign()
    await storage.settings.change("a", {"keep_questions": True}, seen=GuildSettings(), by=by)
    await storage.answers.publish("a", "relu", TEXT, base=0, by=by)
    await storage.phrasings.add("a", ZIGZAG, by=by)
    before = await mark()
    await storage.phrasings.add("a", ZIGZAG, by=sign("Bo"))
    await storage.drafts.save("a", Draft(slug="relu", author=by.author, base=1, at=by.at, body="x"))
    question = await storage.questions.log("a", Outcome.ANSWERED, "relu", at=by.at)
    await storage.feedback.vote("a", question, Verdict.HELPFUL, user_id="7", at=by.at)
    number = await keep(storage, "wiggle", sign)
    decision = await storage.inbox.decide("a", [number], Choice(how=How.IGNORE), by=by)
    await storage.inbox.undo("a", decision.id)
    await storage.privacy.forget("a", user_id=by.author.id)
    with pytest.raises(AnswerConflict):
        await storage.answers.publish("a", "relu", TEXT, base=0, by=by)
    with pytest.raises(SettingConflict):
        await storage.settings.change("a", {"keep_questions": False}, seen=GuildSettings(), by=by)
    await storage.settings.change("b", {"theme": "light"}, seen=GuildSettings(), by=by)
    assert await mark() == before


async def test_a_server_that_begins_again_has_no_mark_that_it_had_before(
    storage: Storage, sign: Sign, mark: Mark
) -> None:
    seen: set[str] = set()
    for _ in range(3):
        await storage.answers.publish("a", "relu", TEXT, base=0, by=sign())
        seen.add(await mark())
        assert (await storage.privacy.forget_guild("a"))["change_mark"] == 1
        assert await mark() == UNCHANGED
    assert len(seen) == 3


async def test_any_number_of_servers_may_be_asked_about(storage: Storage, sign: Sign) -> None:
    guilds = [f"g{n}" for n in range(40_000)]
    await storage.answers.publish("g39999", "relu", TEXT, base=0, by=sign())
    found = await storage.changes.of(guilds)
    assert found.keys() == set(guilds)
    assert [guild for guild, mark in found.items() if mark != UNCHANGED] == ["g39999"]
    assert await storage.changes.of(()) == {}
