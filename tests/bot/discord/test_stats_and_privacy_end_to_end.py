"""`/stats` and `/privacy` of the real bot, on a database in which a course has left its traces."""

import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from discord_double import (
    ASSISTANT,
    ASSISTANT_ROLE_ID,
    GUILD2_ID,
    GUILD_ID,
    INSTRUCTOR,
    INSTRUCTOR_ROLE_ID,
    STUDENT,
    DiscordDouble,
    Judge,
    Sent,
)
from discord_double.bot_process import BotProcess
from discord_place import Place
from PIL import Image

from bot.storage.answers import Text
from bot.storage.feedback import Verdict
from bot.storage.guild_settings import GuildSettings
from bot.storage.inbox import Missed, Reason
from bot.storage.opening import Storage, open_storage
from bot.storage.people import Author, Signed
from bot.storage.questions import Outcome

pytestmark = pytest.mark.asyncio(loop_scope="module")

OURS, THEIRS = str(GUILD_ID), str(GUILD2_ID)
WORDS = "what is a transformer hub"
ASKED, VOTED = 9, 6


async def fill(storage: Storage) -> None:
    """Let students ask, vote and miss answers, in our server and one question in the other."""
    now = datetime.now(UTC)
    by = Signed(author=Author(id=str(INSTRUCTOR), name="Ida"), at=now)
    settings = {
        "instructors": (str(INSTRUCTOR_ROLE_ID),),
        "assistants": (str(ASSISTANT_ROLE_ID),),
        "keep_questions": True,
    }
    await storage.settings.change(OURS, settings, seen=GuildSettings(), by=by)
    await storage.settings.change(THEIRS, {"keep_questions": True}, seen=GuildSettings(), by=by)
    for number in range(ASKED):
        asked = await storage.questions.log(OURS, Outcome.ANSWERED, "relu", at=now - timedelta(days=number))
        if number < VOTED:
            voter = str(STUDENT if number == 0 else 1000 + number)
            await storage.feedback.vote(OURS, asked, Verdict.HELPFUL, user_id=voter, at=now)
    await storage.questions.log(OURS, Outcome.SILENT, None, at=now)
    for guild, user in ((OURS, STUDENT), (OURS, ASSISTANT), (THEIRS, STUDENT)):
        missed = Missed(text=WORDS, reason=Reason.UNANSWERED)
        await storage.inbox.keep(guild, missed, user_id=str(user), at=now)
    await storage.answers.publish(OURS, "ours", Text(title="Ours", body="Not an answer."), base=0, by=by)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def double(place: Place) -> AsyncIterator[DiscordDouble]:
    async with open_storage(place.database, now=datetime.now(UTC)) as storage:
        await fill(storage)
    async with (
        DiscordDouble(judge=Judge.load_or_none()) as made,
        BotProcess(place.folder, made, **place.environment),
    ):
        yield made


async def test_assistants_see_the_numbers_and_change_the_card(double: DiscordDouble) -> None:
    stats = await double.slash("stats", user_id=ASSISTANT)
    await stats.acknowledged(timeout=3)
    shown = await stats.until(lambda sent: bool(sent.files), timeout=30)
    assert shown.ephemeral
    assert f"**{ASKED + 1} questions**" in shown.text
    assert f"votes: {VOTED} helpful" in shown.text
    assert f"“{WORDS}”: 2×" in shown.text
    assert str(ASKED + 1) in shown.alt_texts[0]
    assert looks_dark(shown)
    theme = shown.custom_ids[2]
    light = await double.press(theme, shown, user_id=ASSISTANT)
    lit = await light.until(lambda sent: bool(sent.files))
    assert lit.message["id"] == shown.message["id"]
    assert not looks_dark(lit)
    fewer = await double.press(lit.custom_ids[0], lit, user_id=ASSISTANT, values=["4"])
    four = await fewer.until(lambda sent: ":4:" in sent.custom_ids[0])
    assert four.custom_ids[0].endswith(":4:light")
    wanted = await double.press(four.custom_ids[1], four, user_id=ASSISTANT)
    handed = await wanted.until(lambda sent: bool(sent.files))
    [(name, data)] = handed.files.items()
    assert name.endswith("-4-weeks.csv")
    assert handed.ephemeral
    assert f"total,,,,{ASKED + 1},{ASKED},0,1,{VOTED},0,0\r\n" in data.decode("utf-8-sig")
    assert WORDS not in data.decode("utf-8-sig")
    assert double.problems() == []


async def test_students_see_no_numbers_also_not_with_an_old_card(double: DiscordDouble) -> None:
    refused = await (await double.slash("stats")).answer()
    assert refused.ephemeral
    assert "for instructors and teaching assistants" in refused.text
    mine = await (await double.slash("stats", user_id=ASSISTANT)).until(lambda sent: bool(sent.files))
    for custom_id, values in zip(mine.custom_ids, (["4"], None, None), strict=True):
        pressed = await double.press(custom_id, mine, user_id=ASSISTANT, values=values, roles=[])
        said = await pressed.answer()
        assert "for instructors and teaching assistants" in said.text
        assert not said.files
    assert double.problems() == []


async def test_only_instructors_show_the_numbers_to_everybody_and_no_words_with_them(
    double: DiscordDouble,
) -> None:
    before = len(double.seen_by(STUDENT))
    refused = await (await double.slash("stats", {"share": True}, user_id=ASSISTANT)).answer()
    assert refused.ephemeral
    assert "is for instructors" in refused.text
    assert len(double.seen_by(STUDENT)) == before
    shared = await double.slash("stats", {"share": True, "weeks": 8}, user_id=INSTRUCTOR)
    shown = await shared.until(lambda sent: bool(sent.files))
    assert not shown.ephemeral
    assert f"**{ASKED + 1} questions**" in shown.text
    assert WORDS not in shown.text
    assert shown.custom_ids == []
    assert double.problems() == []


async def test_a_server_without_questions_is_told_what_to_do(double: DiscordDouble) -> None:
    empty = await double.slash("stats", user_id=INSTRUCTOR, guild=GUILD2_ID, permissions=1 << 5)
    shown = await empty.followup()
    assert "No questions since" in shown.text
    assert "Students ask with `/ask`" in shown.text
    assert not shown.files
    assert len(shown.custom_ids) == 3
    assert double.problems() == []


async def test_everybody_sees_and_takes_along_what_is_held_about_them(double: DiscordDouble) -> None:
    here = await (await double.slash("privacy show")).followup()
    assert here.ephemeral
    assert "Your votes on replies, under a code in place of your name (1)." in here.text
    assert "For 30 days." in here.text
    nobody = await (await double.slash("privacy show", user_id=4711)).followup()
    assert "Nothing is held about you in this server" in nobody.text
    both = await (await double.slash("privacy export", guild=False)).until(lambda sent: bool(sent.files))
    document = json.loads(next(iter(both.files.values())))
    assert {server["id"] for server in document["servers"]} == {OURS, THEIRS}
    texts = [
        row["text"] for server in document["servers"] for table in server["tables"]
        for row in table["rows"] if table["table"] == "inbox_question"
    ]  # fmt: skip
    assert texts == [WORDS, WORDS]
    one = await (await double.slash("privacy export")).until(lambda sent: bool(sent.files))
    assert [server["id"] for server in json.loads(next(iter(one.files.values())))["servers"]] == [OURS]
    assert double.problems() == []


async def test_what_is_deleted_is_gone_and_what_stays_has_no_name(double: DiscordDouble) -> None:
    asking = await (await double.slash("privacy delete")).followup()
    assert asking.text.count("- goes: ") == 2
    delete, keep = asking.custom_ids
    kept = await (await double.press(keep, asking)).followup()
    assert "Nothing was deleted." in kept.text
    assert kept.custom_ids == []
    assert "(1)" in (await (await double.slash("privacy show")).followup()).text
    again = await (await double.slash("privacy delete")).followup()
    done = await (await double.press(delete, again)).followup()
    assert "Done: 2 things deleted." in done.text
    assert "Nothing is held" in (await (await double.slash("privacy show")).followup()).text
    assert "(1)" in (await (await double.slash("privacy show", guild=False)).followup()).text
    asking = await (await double.slash("privacy delete", user_id=INSTRUCTOR, guild=False)).followup()
    assert "stays without your name: The answers that you published" in asking.text
    done = await (await double.press(asking.custom_ids[0], asking, user_id=INSTRUCTOR)).followup()
    assert "your name taken from" in done.text
    left = await (await double.slash("privacy show", user_id=ASSISTANT)).followup()
    assert "(1)" in left.text
    assert double.problems() == []


def looks_dark(sent: Sent) -> bool:
    [png] = sent.files.values()
    with Image.open(io.BytesIO(png)) as image:
        return image.convert("L").tobytes()[0] < 128
