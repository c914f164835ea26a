"""Whatever was done to an answer is taken back, and drafts that were given up come back."""

import pytest
from answer_samples import changed as sample_with

from bot.errors import BadRequest
from bot.storage.answers import Change
from bot.storage.drafts import DraftConflict
from bot.teaching.desk import Desk
from bot.teaching.outcomes import Kept, Opened, Overtaken, Published
from bot.teaching.roles import Person, Refused

GUILD = "g"
SAMPLE = sample_with(("cold.factor_per_layer > 1", "cold.factor_per_layer > 0.3"))
OTHER = SAMPLE.replace("The body.", "Another body.")


async def publish(desk: Desk, who: Person, text: str) -> int:
    base, _, _ = await desk.office.texts.head(GUILD, "sample")
    kept = await desk.drafting.save(GUILD, who, Opened(slug="sample", text="", base=base), text)
    assert isinstance(kept, Kept)
    done = await desk.publishing.publish(GUILD, who, "sample", head=base, revision=1)
    assert isinstance(done, Published)
    return done.version.n


async def undo(desk: Desk, who: Person, n: int, slug: str = "sample") -> Published:
    done = await desk.publishing.undo(GUILD, who, slug, n=n)
    assert isinstance(done, Published), done
    return done


async def test_every_change_is_undone_and_the_undoing_too(desk: Desk, ada: Person) -> None:
    assert await publish(desk, ada, SAMPLE) == 1
    gone = await undo(desk, ada, 1)
    assert (gone.version.change, gone.version.live) == (Change.DISABLED, False)
    assert gone.version.note == "undid version 1"
    assert (gone.difference.summary, gone.difference.lines) == ("not shown any more", "")
    back = await undo(desk, ada, 2)
    assert back.version.change is Change.ENABLED
    assert (back.difference.summary, back.difference.lines) == ("shown again", "")
    assert await publish(desk, ada, OTHER) == 4
    assert (await undo(desk, ada, 4)).after == SAMPLE
    assert (await undo(desk, ada, 5)).after == OTHER
    hidden = await desk.publishing.disable(GUILD, ada, "sample", head=6)
    assert isinstance(hidden, Published)
    assert await publish(desk, ada, SAMPLE) == 8
    assert not (await undo(desk, ada, 8)).version.live


async def test_a_shipped_answer_that_was_changed_is_as_it_came_again(desk: Desk, ada: Person) -> None:
    await desk.publishing.disable(GUILD, ada, "cnn", head=0)
    done = await undo(desk, ada, 1, "cnn")
    assert done.after == desk.office.texts.shipped("cnn")


async def test_only_the_newest_change_is_undone_and_only_by_instructors(
    desk: Desk, ada: Person, tim: Person
) -> None:
    await publish(desk, ada, SAMPLE)
    await publish(desk, ada, OTHER)
    assert isinstance(await desk.publishing.undo(GUILD, ada, "sample", n=1), Overtaken)
    with pytest.raises(Refused, match="Undoing a change is for instructors"):
        await desk.publishing.undo(GUILD, tim, "sample", n=2)
    with pytest.raises(BadRequest, match="nothing to undo"):
        await desk.publishing.undo(GUILD, ada, "cnn", n=0)


async def test_a_draft_that_was_given_up_is_its_authors_again(
    desk: Desk, ada: Person, ben: Person, tim: Person
) -> None:
    await desk.drafting.save(GUILD, tim, Opened(slug="sample", text="", base=0), SAMPLE)
    gone = await desk.drafting.discard(GUILD, ada, "sample", tim.author)
    back = await desk.drafting.put_back(GUILD, ada, "sample", gone.body, base=gone.base, author=gone.author)
    assert (back.author, back.body) == (tim.author, SAMPLE)
    assert (await desk.drafting.require(GUILD, tim, "sample")).body == SAMPLE
    assert "+The body." in (await desk.drafting.changes(GUILD, tim, "sample")).lines
    with pytest.raises(DraftConflict):
        await desk.drafting.put_back(GUILD, tim, "sample", OTHER, base=0, author=tim.author)
    with pytest.raises(Refused):
        await desk.drafting.put_back(GUILD, tim, "sample", OTHER, base=0, author=ben.author)


async def test_a_version_of_an_import_is_described_like_a_published_one(desk: Desk, ada: Person) -> None:
    await publish(desk, ada, SAMPLE)
    await publish(desk, ada, OTHER)
    made = await desk.office.storage.answers.version(GUILD, "sample", 2)
    told = await desk.publishing.described(GUILD, made, 1, OTHER, ada.author)
    assert (told.before, told.after) == (SAMPLE, OTHER)
    assert "+Another body." in told.difference.lines
    new = await desk.publishing.described(GUILD, made, None, OTHER, ada.author)
    assert (new.before, new.difference.before) == ("", "nothing")
