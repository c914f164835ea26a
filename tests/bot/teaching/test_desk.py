"""An answer is written, reviewed, published and put back, by several people at once, and nothing is lost."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

import pytest
from answer_samples import changed as sample_with

from bot.errors import BadRequest
from bot.jobs.job import Job
from bot.storage.answers import Change, Text
from bot.storage.errors import StorageUnavailable
from bot.teaching.desk import Desk
from bot.teaching.library import Library
from bot.teaching.outcomes import (
    Elsewhere,
    Kept,
    Opened,
    Overtaken,
    Published,
    Reviewed,
    Revised,
    State,
    Unfit,
)
from bot.teaching.review import Client
from bot.teaching.roles import Person, Refused

GUILD = "g"


class Ran(Protocol):
    """An engine that remembers what it ran."""

    jobs: list[Job]


def changed(*changes: tuple[str, str]) -> str:
    """The sample with claims that hold, and these changes."""
    return sample_with(("cold.factor_per_layer > 1", "cold.factor_per_layer > 0.3"), *changes)


SAMPLE = changed()
OTHER = changed(("The body.", "Another body."))
WRONG = changed(("holds: warm.factor_per_layer < 0.5", "holds: warm.factor_per_layer > 0.5"))


async def write(desk: Desk, who: Person, text: str = SAMPLE) -> Reviewed:
    """Save a draft of the sample and review it."""
    try:
        opened = await desk.drafting.open(GUILD, who, "sample")
    except BadRequest:
        opened = await desk.drafting.new(GUILD, who, "sample")
    kept = await desk.drafting.save(GUILD, who, opened, text)
    assert isinstance(kept, Kept)
    return await desk.drafting.review(GUILD, who, "sample")


async def publish(desk: Desk, who: Person, text: str = SAMPLE, note: str = "") -> Published:
    reviewed = await write(desk, who, text)
    assert reviewed.review.faults == ()
    done = await desk.publishing.publish(
        GUILD, who, "sample", head=reviewed.head, revision=reviewed.revision, note=note
    )
    assert isinstance(done, Published), done
    return done


async def test_an_answer_is_new_then_reviewed_then_everybodys(desk: Desk, ada: Person) -> None:
    opened = await desk.drafting.new(GUILD, ada, "sample")
    assert opened.new
    assert "id: sample" in opened.text
    assert "author: Ada" in opened.text
    reviewed = await write(desk, ada)
    assert reviewed.review.passed
    assert reviewed.review.reply is not None
    assert reviewed.review.reply.title == "A sample answer for tests"
    assert reviewed.review.reply.images
    assert {margin.held for margin in reviewed.review.margins} == {9}
    assert "sample" not in desk.office.libraries.of(GUILD).catalog.entries
    done = await desk.publishing.publish(
        GUILD, ada, "sample", head=reviewed.head, revision=reviewed.revision, note="a first answer"
    )
    assert isinstance(done, Published)
    assert (done.version.n, done.version.note, done.before, done.after) == (1, "a first answer", "", SAMPLE)
    assert done.live
    assert desk.office.libraries.of(GUILD).catalog.entries["sample"].title == "A sample answer for tests"
    assert "sample" not in desk.office.libraries.of("other").catalog.entries
    with pytest.raises(BadRequest, match="You have no draft"):
        await desk.drafting.review(GUILD, ada, "sample")


async def test_a_claim_that_the_simulation_does_not_bear_out_is_not_published(
    desk: Desk, ada: Person
) -> None:
    reviewed = await write(desk, ada, WRONG)
    [fault] = reviewed.review.faults
    assert (fault.code, fault.line) == ("claim-fails", 19)
    assert "it never holds, so turn it round" in fault.message
    assert reviewed.review.reply is not None
    done = await desk.publishing.publish(GUILD, ada, "sample", head=0, revision=reviewed.revision)
    assert isinstance(done, Unfit)
    assert str(done) == "sample was not published: 1 problem has to be mended first."
    assert "sample" not in desk.office.libraries.of(GUILD).catalog.entries


async def test_what_was_reviewed_and_did_not_change_runs_only_once(
    desk: Desk, ada: Person, engine: Ran
) -> None:
    await publish(desk, ada)
    before = len(engine.jobs)
    assert sum(len(job.request.get("runs", [job.request])) for job in engine.jobs) == 9
    await write(desk, ada, OTHER)
    assert len(engine.jobs) == before


async def test_of_two_who_publish_at_once_one_wins_and_the_other_keeps_the_draft(
    desk: Desk, ada: Person, ben: Person
) -> None:
    await publish(desk, ada)
    texts = {who.author.name: changed(("The body.", f"As {who.author.name} sees it.")) for who in (ada, ben)}
    reviews = [await write(desk, who, texts[who.author.name]) for who in (ada, ben)]
    done = await asyncio.gather(
        *(
            desk.publishing.publish(GUILD, who, "sample", head=one.head, revision=one.revision, note="mine")
            for who, one in zip((ada, ben), reviews, strict=True)
        )
    )
    [winner] = [one for one in done if isinstance(one, Published)]
    [loser] = [one for one in done if isinstance(one, Overtaken)]
    first, second = (ada, ben) if winner.version.author == ada.author else (ben, ada)
    assert loser.head == 2
    assert str(loser).startswith(
        f"{first.author.name} published version 2 of sample meanwhile, saying 'mine': explanation changed."
    )
    assert f"+As {first.author.name} sees it." in loser.meanwhile.difference.lines
    opened = await desk.drafting.open(GUILD, second, "sample")
    assert opened.text == texts[second.author.name]
    assert opened.meanwhile is not None
    kept = await desk.drafting.rebase(GUILD, second, "sample")
    assert kept.draft.base == 2
    again = await desk.publishing.publish(GUILD, second, "sample", head=2, revision=kept.draft.revision)
    assert isinstance(again, Published)
    assert again.version.n == 3
    history = await desk.reading.history(GUILD, ada, "sample")
    assert [one.author.name for one in history] == [second.author.name, first.author.name, "Ada"]


async def test_one_author_on_two_devices_overwrites_nothing(desk: Desk, ada: Person) -> None:
    opened = await desk.drafting.new(GUILD, ada, "sample")
    phone = await desk.drafting.save(GUILD, ada, opened, "from the phone")
    assert isinstance(phone, Kept)
    desktop = await desk.drafting.save(GUILD, ada, opened, "from the desktop")
    assert isinstance(desktop, Elsewhere)
    assert (desktop.winner.body, desktop.text) == ("from the phone", "from the desktop")
    assert "-from the phone\n+from the desktop" in desktop.difference.lines
    mine = Opened(slug="sample", text="", base=0, revision=desktop.winner.revision)
    assert isinstance(await desk.drafting.save(GUILD, ada, mine, desktop.text), Kept)
    assert (await desk.drafting.open(GUILD, ada, "sample")).text == "from the desktop"


async def test_a_draft_that_was_saved_after_its_review_is_not_published(desk: Desk, ada: Person) -> None:
    reviewed = await write(desk, ada)
    again = await write(desk, ada, OTHER)
    done = await desk.publishing.publish(GUILD, ada, "sample", head=0, revision=reviewed.revision)
    assert isinstance(done, Revised)
    assert done.draft.revision == again.revision
    assert "review it again" in str(done)


async def test_a_library_that_changed_since_the_review_is_looked_at_again(
    desk: Desk, ada: Person, ben: Person
) -> None:
    reviewed = await write(desk, ada)
    twin = SAMPLE.replace("id: sample", "id: twin")
    opened = await desk.drafting.new(GUILD, ben, "twin")
    await desk.drafting.save(GUILD, ben, opened, twin)
    first = await desk.publishing.publish(GUILD, ben, "twin", head=0, revision=1)
    assert isinstance(first, Published)
    done = await desk.publishing.publish(GUILD, ada, "sample", head=0, revision=reviewed.revision)
    assert isinstance(done, Unfit)
    assert {fault.code for fault in done.review.faults} == {"collision"}
    assert done.review.seconds < 2


async def test_the_program_may_begin_anew_between_review_and_publishing(
    open_desk: Callable[[], Desk], ada: Person
) -> None:
    reviewed = await write(open_desk(), ada)
    done = await open_desk().publishing.publish(
        GUILD, ada, "sample", head=reviewed.head, revision=reviewed.revision
    )
    assert isinstance(done, Published)


async def test_a_shipped_answer_is_changed_disabled_enabled_and_restored(desk: Desk, ada: Person) -> None:
    slug = "what_is_vanishing"
    shipped = await desk.drafting.open(GUILD, ada, slug)
    assert shipped.base == 0
    off = await desk.publishing.disable(GUILD, ada, slug, head=0, note="for the exam")
    assert isinstance(off, Published)
    assert (off.version.change, off.before, off.after) == (Change.DISABLED, shipped.text, "")
    assert slug not in desk.office.libraries.of(GUILD).catalog.entries
    [item] = [one for one in await desk.reading.list(GUILD, ada) if one.slug == slug]
    assert (item.state, item.n) == (State.DISABLED, 1)
    with pytest.raises(BadRequest, match="is disabled already"):
        await desk.publishing.disable(GUILD, ada, slug, head=1)
    late = await desk.publishing.enable(GUILD, ada, slug, head=0)
    assert isinstance(late, Overtaken)
    on = await desk.publishing.enable(GUILD, ada, slug, head=1)
    assert isinstance(on, Published)
    assert (on.before, on.after) == ("", shipped.text)
    assert slug in desk.office.libraries.of(GUILD).catalog.entries
    [item] = [one for one in await desk.reading.list(GUILD, ada) if one.slug == slug]
    assert item.state is State.SHIPPED


async def test_an_old_version_is_reviewed_again_before_it_goes_live(desk: Desk, ada: Person) -> None:
    await publish(desk, ada)
    await publish(desk, ada, OTHER)
    done = await desk.publishing.restore(GUILD, ada, "sample", 1, head=2, note="as before")
    assert isinstance(done, Published)
    assert (done.version.n, done.version.change, done.after) == (3, Change.RESTORED, SAMPLE)
    assert done.difference.summary == "explanation changed"
    diff = await desk.reading.diff(GUILD, ada, "sample", 1, 2)
    assert "-The body.\n+Another body." in diff.lines
    taken = SAMPLE.replace("id: sample", "id: twin").replace(
        "A sample answer for tests", "Another title here"
    )
    opened = await desk.drafting.new(GUILD, ada, "twin")
    await desk.publishing.disable(GUILD, ada, "sample", head=3)
    await desk.drafting.save(GUILD, ada, opened, taken)
    assert isinstance(await desk.publishing.publish(GUILD, ada, "twin", head=0, revision=1), Published)
    refused = await desk.publishing.restore(GUILD, ada, "sample", 2, head=4)
    assert isinstance(refused, Unfit)
    assert {fault.code for fault in refused.review.faults} == {"collision"}
    with pytest.raises(BadRequest, match="own answer and came with no text"):
        await desk.publishing.restore(GUILD, ada, "sample", 0, head=4)


async def test_an_assistant_suggests_and_an_instructor_publishes_in_both_names(
    desk: Desk, ada: Person, tim: Person
) -> None:
    reviewed = await write(desk, tim)
    assert reviewed.review.passed
    with pytest.raises(Refused) as caught:
        await desk.publishing.publish(GUILD, tim, "sample", head=0, revision=reviewed.revision)
    assert str(caught.value) == (
        "Publishing an answer is for instructors, whom this server's settings name; you are an assistant "
        "here, so save it as a draft: they see it in their list and can publish it."
    )
    with pytest.raises(Refused, match=r"Disabling an answer .* an assistant here, so ask one of them\.$"):
        await desk.publishing.disable(GUILD, tim, "relu", head=0)
    [item] = [one for one in await desk.reading.list(GUILD, ada, "sample") if one.slug == "sample"]
    assert (item.state, [(one.author.name, one.mine) for one in item.drafts]) == (
        State.DRAFT,
        [("Tim", False)],
    )
    done = await desk.publishing.publish(
        GUILD, ada, "sample", head=0, revision=reviewed.revision, author=tim.author
    )
    assert isinstance(done, Published)
    assert (done.version.author.name, done.version.note, done.by.name) == ("Tim", "reviewed by Ada", "Ada")


async def test_a_student_is_told_who_may_and_where(desk: Desk, eve: Person, tim: Person, ada: Person) -> None:
    with pytest.raises(Refused) as caught:
        await desk.drafting.new(GUILD, eve, "sample")
    assert str(caught.value) == (
        "Writing an answer is for instructors and teaching assistants, whom this server's settings name; "
        "you are a student here, so ask one of them."
    )
    await write(desk, ada)
    for attempt in (
        desk.reading.list(GUILD, eve),
        desk.reading.show(GUILD, eve, "relu"),
        desk.reading.history(GUILD, eve, "relu"),
        desk.drafting.open(GUILD, eve, "relu"),
        desk.drafting.preview(GUILD, eve, "relu"),
        desk.drafting.review(GUILD, tim, "sample", ada.author),
        desk.drafting.discard(GUILD, tim, "sample", ada.author),
        desk.publishing.disable(GUILD, tim, "relu", head=0),
        desk.publishing.restore(GUILD, tim, "relu", 0, head=0),
        desk.porting.export(GUILD, eve),
        desk.porting.plan(GUILD, tim, b"", "a.zip"),
    ):
        with pytest.raises(Refused):
            await attempt
    assert [one for one in await desk.reading.list(GUILD, tim) if one.drafts] == []


async def test_ids_that_are_taken_or_none_are_refused_with_a_way_out(desk: Desk, ada: Person) -> None:
    for slug, words in (
        ("relu", "There is an answer 'relu' already; edit it"),
        ("Why ReLU?", "try why_relu"),
        ("a" * 300, "up to 40 lower-case letters"),
    ):
        with pytest.raises(BadRequest, match=words):
            await desk.drafting.new(GUILD, ada, slug)
    with pytest.raises(BadRequest, match="did you mean 'relu'"):
        await desk.drafting.open(GUILD, ada, "relus")


async def test_nothing_is_published_that_students_see_already(desk: Desk, ada: Person) -> None:
    opened = await desk.drafting.open(GUILD, ada, "relu")
    kept = await desk.drafting.save(GUILD, ada, opened, opened.text)
    assert isinstance(kept, Kept)
    with pytest.raises(BadRequest, match="there is nothing to publish"):
        await desk.publishing.publish(GUILD, ada, "relu", head=0, revision=kept.draft.revision)


async def test_the_card_that_students_see_now_is_shown_in_both_themes(desk: Desk, ada: Person) -> None:
    dark = await desk.drafting.preview(GUILD, ada, "what_is_vanishing")
    light = await desk.drafting.preview(GUILD, ada, "what_is_vanishing", Client(theme="light"))
    assert dark.short == light.short
    assert dark.images[0].png != light.images[0].png


async def test_an_answer_that_fails_in_use_is_told_once_per_version(desk: Desk, ada: Person) -> None:
    await publish(desk, ada)
    reply = await desk.drafting.preview(GUILD, ada, "sample")
    assert await desk.in_use.note(GUILD, reply) is None
    failing = replace(reply, problems=("sample.md:31: body: it failed. [template]",))
    told = await desk.in_use.note(GUILD, failing)
    assert told is not None
    assert str(told).startswith(
        "The answer sample (version 1) could not be told as it is written; readers got"
    )
    assert await desk.in_use.note(GUILD, failing) is None
    await publish(desk, ada, OTHER)
    assert await desk.in_use.note(GUILD, failing) is not None


async def test_what_was_published_is_not_lost_with_the_connection(
    desk: Desk, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed = await write(desk, ada)

    async def lost(_guild: str) -> Library:
        raise StorageUnavailable("The database cannot be reached.")

    monkeypatch.setattr(desk.office.libraries, "refresh", lost)
    done = await desk.publishing.publish(GUILD, ada, "sample", head=0, revision=reviewed.revision)
    assert isinstance(done, Published)
    assert not done.live
    assert (await desk.reading.show(GUILD, ada, "sample")).body == SAMPLE


@pytest.mark.parametrize("step", ["saved", "served"])
async def test_who_cancels_while_an_answer_is_saved_or_served_is_too_late(
    desk: Desk, ada: Person, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    reviewed = await write(desk, ada)
    office, reached, go_on = desk.office, asyncio.Event(), asyncio.Event()
    owner, name = (office.storage.answers, "publish") if step == "saved" else (office.libraries, "refresh")
    real = getattr(owner, name)

    async def slowly(*arguments: Any, **more: Any) -> Any:
        reached.set()
        await go_on.wait()
        return await real(*arguments, **more)

    monkeypatch.setattr(owner, name, slowly)
    publishing = asyncio.create_task(
        desk.publishing.publish(GUILD, ada, "sample", head=0, revision=reviewed.revision)
    )
    await reached.wait()
    publishing.cancel()
    await asyncio.sleep(0)
    go_on.set()
    done = await publishing
    assert isinstance(done, Published)
    assert done.live
    assert publishing.cancelling() == 0
    assert "sample" in office.libraries.of(GUILD).catalog.entries


async def test_a_card_from_before_the_database_was_put_back_says_so(desk: Desk, ada: Person) -> None:
    with pytest.raises(BadRequest, match="Version 3 of 'relu' was wanted, and the database has none"):
        await desk.publishing.disable(GUILD, ada, "relu", head=3)
    opened = await desk.drafting.open(GUILD, ada, "relu")
    await desk.drafting.save(GUILD, ada, replace(opened, base=7), f"{opened.text}\nMore.\n")
    with pytest.raises(BadRequest, match="Version 7 of 'relu' was wanted"):
        await desk.publishing.publish(GUILD, ada, "relu", head=0, revision=1)
    await publish(desk, ada)
    kept = await desk.drafting.save(GUILD, ada, Opened(slug="sample", text="", base=1), OTHER)
    assert isinstance(kept, Kept)
    done = await desk.publishing.publish(GUILD, ada, "sample", head=5, revision=1)
    assert isinstance(done, Overtaken)
    assert done.head == 1


async def test_texts_are_compared_while_others_are_served(
    desk: Desk, ada: Person, ben: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def summed_up(_old: str, _new: str) -> str:
        threads.append(threading.current_thread())
        return "something changed"

    monkeypatch.setattr("bot.teaching.differences.summary", summed_up)
    monkeypatch.setattr("bot.teaching.porting.porting.summary", summed_up)
    await publish(desk, ada)
    await write(desk, ben, OTHER)
    await desk.drafting.changes(GUILD, ben, "sample")
    await publish(desk, ada, changed(("The body.", "A third body.")))
    assert (await desk.drafting.open(GUILD, ben, "sample")).meanwhile is not None
    await desk.reading.diff(GUILD, ada, "sample", 1, 2)
    await desk.porting.plan(GUILD, ada, OTHER.encode(), "sample.md")
    assert len(threads) == 9
    assert threading.main_thread() not in threads


async def test_publishing_what_was_reviewed_takes_no_time(desk: Desk, ada: Person, engine: Ran) -> None:
    reviewed = await write(desk, ada)
    ran = len(engine.jobs)
    start = time.process_time()
    done = await desk.publishing.publish(GUILD, ada, "sample", head=0, revision=reviewed.revision)
    assert isinstance(done, Published)
    assert time.process_time() - start < 1  # a tenth of that where nothing else runs
    assert len(engine.jobs) == ran


async def test_hundreds_of_answers_are_listed_and_searched_at_once(desk: Desk, ada: Person) -> None:
    answers = desk.office.storage.answers
    by = desk.office.sign(ada.author)
    for number in range(200):
        text = Text(title=f"Question number {number}?", body=SAMPLE)
        await answers.publish(GUILD, f"own_{number}", text, base=0, by=by)
    start = time.process_time()
    assert len(await desk.reading.list(GUILD, ada)) == 247
    assert [one.slug for one in await desk.reading.list(GUILD, ada, "number 117")] == ["own_117"]
    assert time.process_time() - start < 1


async def test_who_asks_for_the_text_of_a_draft_is_told_how_to_see_it(
    desk: Desk, ada: Person, tim: Person
) -> None:
    await write(desk, tim)
    with pytest.raises(BadRequest, match="'sample' is a draft of yours and no answer yet; `/answer preview`"):
        await desk.reading.show(GUILD, tim, "sample")
    with pytest.raises(BadRequest, match="There is no answer 'sample' here"):
        await desk.reading.show(GUILD, ada, "sample")
