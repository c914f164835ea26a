"""The whole life of an answer on Discord: written, reviewed, published, undone, overtaken and exported."""

import asyncio
import io
import time
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from answer_samples import changed as sample_with
from discord_double import (
    ASSISTANT,
    ASSISTANT_ROLE_ID,
    AUDIT_ID,
    GUILD2_ID,
    GUILD_ID,
    INSTRUCTOR,
    INSTRUCTOR2_ROLE_ID,
    INSTRUCTOR_ROLE_ID,
    STUDENT,
    Attached,
    DiscordDouble,
    Interaction,
    Judge,
    Sent,
    components,
)
from discord_double.bot_process import BotProcess, is_final
from discord_place import Place

from bot.storage.opening import open_storage
from bot.storage.people import Author, Signed

pytestmark = pytest.mark.asyncio(loop_scope="module")

OTHER = INSTRUCTOR + 1000
"""A second instructor."""
STOP = "backchat:1:d:stop:"
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def changed(*changes: tuple[str, str]) -> bytes:
    """The sample with claims that hold, and these changes."""
    return sample_with(("cold.factor_per_layer > 1", "cold.factor_per_layer > 0.3"), *changes).encode()


class Course:
    """A server with instructors, and the bot that serves it."""

    def __init__(self, place: Place, double: DiscordDouble) -> None:
        self.place = place
        self.folder = place.folder
        self.double = double
        self.process: BotProcess

    async def start(self) -> None:
        self.process = BotProcess(self.folder, self.double, **self.place.environment)
        await self.process.__aenter__()

    async def stop(self) -> None:
        await self.process.__aexit__(None, None, None)

    async def answer(self, name: str, options: Any = None, *, who: int = INSTRUCTOR, **more: Any) -> Sent:
        """Use a command of the group, and wait for what comes of it."""
        used = await self.double.slash(f"answer {name}", options or {}, user_id=who, **more)
        return await shown(used)

    async def press(self, label: str, sent: Sent, *, who: int = INSTRUCTOR, **more: Any) -> Sent:
        return await shown(await self.pressed(label, sent, who=who, **more))

    async def pressed(self, label: str, sent: Sent, *, who: int = INSTRUCTOR, **more: Any) -> Interaction:
        return await self.double.press(id_of(sent, label), sent, user_id=who, **more)

    async def choose(self, value: str, sent: Sent, *, who: int = INSTRUCTOR) -> Sent:
        menu = next(id_ for id_ in sent.custom_ids if id_.startswith("backchat:1:m:"))
        return await shown(await self.double.press(menu, sent, user_id=who, values=[value]))

    async def upload(self, name: str, slug: str, data: bytes, *, who: int = INSTRUCTOR) -> Sent:
        return await self.answer(name, {"id": slug}, who=who, attachments={"file": ("sample.md", data)})

    async def begin_long(self, slug: str) -> Interaction:
        """Begin a review that takes long."""
        text = changed(("4x8 sigmoid batch=4 seeds=2", "8x64 data=blobs lr=0.1 seeds=8 steps=3000"))
        file = {"file": ("slow.md", text)}
        return await self.double.slash("answer new", {"id": slug}, user_id=INSTRUCTOR, attachments=file)

    async def publish(self, slug: str, data: bytes, *, who: int = INSTRUCTOR, name: str = "edit") -> Sent:
        return await self.press("Publish", await self.upload(name, slug, data, who=who), who=who)


async def shown(interaction: Interaction) -> Sent:
    """Wait for what came of something, which only its author sees."""
    await interaction.acknowledged(timeout=3)
    sent = await interaction.world.changes.until(
        lambda: next((one for one in reversed(interaction.first) if is_done(one)), None), 30, str
    )
    assert sent.ephemeral
    return sent


def is_going(sent: Sent) -> bool:
    return any(id_.startswith(STOP) for id_ in sent.custom_ids)


def is_done(sent: Sent) -> bool:
    return not is_going(sent) and "backchat:1:d:light" not in str(sent.custom_ids)


async def card_below(interaction: Interaction) -> Sent:
    """Wait for the card that students will see, below a review."""
    return await interaction.until(lambda sent: bool(sent.files) and ":light:" in str(sent.custom_ids))


def id_of(sent: Sent, label: str) -> str:
    found = {
        one.get("label"): one["custom_id"]
        for one in components.walk(sent.message["components"])
        if one.get("custom_id")
    }
    assert label in found, f"{label!r} is none of {list(found)}: {sent.text}"
    return found[label]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def course(place: Place) -> AsyncIterator[Course]:
    async with open_storage(place.database, now=NOW) as storage:
        by = Signed(author=Author(id="1", name="Set up"), at=NOW)
        changes = {
            "instructors": (INSTRUCTOR_ROLE_ID,),
            "assistants": (ASSISTANT_ROLE_ID,),
            "audit_channel": AUDIT_ID,
        }
        seen = await storage.settings.get(GUILD_ID)
        await storage.settings.change(GUILD_ID, changes, seen=seen, by=by)
        there = await storage.settings.get(GUILD2_ID)
        await storage.settings.change(GUILD2_ID, {"instructors": (INSTRUCTOR2_ROLE_ID,)}, seen=there, by=by)
    async with DiscordDouble(judge=Judge.load_or_none()) as double:
        await double.give(OTHER, [INSTRUCTOR_ROLE_ID])
        made = Course(place, double)
        await made.start()
        try:
            yield made
        finally:
            await made.stop()


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def nothing_wrong(course: Course) -> AsyncIterator[None]:
    yield
    assert course.double.problems() == []
    log = course.process.said()
    assert "Traceback" not in log


async def test_a_form_becomes_an_answer_that_a_student_gets_and_can_be_undone(course: Course) -> None:
    double = course.double
    opened = await double.slash("answer new", {"id": "teapot"}, user_id=INSTRUCTOR)
    await opened.acknowledged()
    values = {
        "title": "How warm is the teapot?",
        "phrasings": "is my teapot warm\nteapot warmth\nhow hot does a teapot get",
        "body": "The teapot is warm enough in this room.\n\nIt is warm.",
        "simulations": "main: gradients\n- warm: 4x8 sigmoid batch=4 seeds=2\n- cold: tanh",
        "claims": "shrinks: It shrinks.\nholds: warm.factor_per_layer > 0.5",
    }
    sent_in = await double.submit(opened, values, user_id=INSTRUCTOR)
    faulty = await shown(sent_in)
    assert "**4 problems have to be mended**" in faulty.text
    assert "**Sources, under Sources…** (line " in faulty.text
    assert "**Claims, line 2** (line " in faulty.text
    assert "it never holds, so turn it round" in faulty.text
    assert "Publish" not in str(faulty.message["components"])
    assert (await card_below(sent_in)).alt_texts
    naming = await course.pressed("Sources…", faulty)
    await naming.acknowledged()
    unread = await shown(await double.submit(naming, {"sources": "A paper, 1999"}, user_id=INSTRUCTOR))
    assert "sources, line 1: got 'A paper, 1999'; write authors" in unread.text
    naming = await course.pressed("Sources…", unread)
    await naming.acknowledged()
    given = {"sources": "A. Author | 1999 | A paper | https://example.org/paper"}
    faulty = await shown(await double.submit(naming, given, user_id=INSTRUCTOR))
    assert "**1 problem has to be mended**" in faulty.text
    editing = await course.pressed("Edit", faulty)
    await editing.acknowledged()
    prefilled = {one["component"]["custom_id"]: one["component"] for one in editing.modal["components"]}
    assert prefilled["body"]["value"] == values["body"]
    mended = await double.submit(
        editing, {"claims": "shrinks: It shrinks.\nholds: warm.factor_per_layer < 0.5"}, user_id=INSTRUCTOR
    )
    review = await shown(mended)
    assert "**Nothing is wrong with it.**" in review.text
    assert "`shrinks` held in 9 of 9" in review.text
    card = await card_below(mended)
    assert "How warm is the teapot?" in card.text
    light = await course.pressed("Show it in light mode", card)
    again = await light.until(
        lambda sent: sent.custom_ids[-1:] != card.custom_ids[-1:] and not is_going(sent)
    )
    assert all("light" in name for name in again.files)
    start = time.monotonic()
    done = await course.press("Publish", review)
    assert time.monotonic() - start < 2
    assert "## teapot is published" in done.text
    assert " ms." in done.text
    ask = await double.slash("ask", {"question": "How warm is the teapot?"}, user_id=STUDENT)
    assert "The teapot is warm enough in this room." in (await ask.until(is_final)).text
    undone = await course.press("Undo", done)
    assert "## teapot is disabled" in undone.text
    ask = await double.slash("ask", {"question": "How warm is the teapot?"}, user_id=STUDENT)
    assert "warm enough" not in (await ask.until(is_final)).text
    redone = await course.press("Undo", undone)
    assert "## teapot is enabled" in redone.text


async def test_a_review_card_survives_a_restart_and_histories_are_walked(course: Course) -> None:
    review = await course.upload("new", "sample", changed())
    assert "Nothing is wrong" in review.text
    under_way = await course.begin_long("interrupted")
    await under_way.until(is_going)
    await course.stop()
    told = await under_way.until(lambda sent: not is_going(sent))
    assert "I am restarting" in told.text
    assert "The draft is saved" in told.text
    await course.start()
    done = await course.press("Publish", review)
    assert "## sample is published" in done.text
    second = await course.publish("sample", changed(("The body.", "Another `body`.")))
    history = await course.press("History", second)
    assert "**2** · published by Instructor" in history.text
    version = await course.choose("2", history)
    assert "-The body." in version.text
    assert "+Another `body`." in version.text
    restored = await course.press("Restore version 1", version)
    assert "## sample is restored" in restored.text
    text = await course.answer("show", {"id": "sample"})
    assert "The body." in text.text
    assert "Another" in (await course.answer("show", {"id": "sample", "version": 2})).text
    diff = await course.answer("diff", {"id": "sample", "old": 2})
    assert "from version 2 to version 3" in diff.text
    disabled = await course.answer("disable", {"id": "sample", "note": "too warm"})
    assert "## sample is disabled" in disabled.text
    assert "## sample is enabled" in (await course.answer("enable", {"id": "sample"})).text
    back = await course.answer("restore", {"id": "sample", "version": 2})
    assert "## sample is restored" in back.text
    assert "too warm" in (await course.answer("history", {"id": "sample"})).text


async def test_who_is_overtaken_loses_nothing(course: Course) -> None:
    mine = changed(("The body.", "As I see it."))
    theirs = changed(("The body.", "As they see it."))
    reviews = [
        await course.upload("edit", "sample", mine),
        await course.upload("edit", "sample", theirs, who=OTHER),
    ]
    assert "is published" in (await course.press("Publish", reviews[1], who=OTHER)).text
    overtaken = await course.press("Publish", reviews[0])
    assert "Somebody else was faster" in overtaken.text
    assert "+As they see it." in overtaken.text
    kept = await course.press("Keep mine on top", overtaken)
    assert "Kept on top of version" in kept.text
    assert "is published" in (await course.press("Publish", kept)).text
    assert "As I see it." in (await course.answer("show", {"id": "sample"})).text
    draft = await course.upload("edit", "sample", theirs, who=OTHER)
    given_up = await course.press("Discard", draft, who=OTHER)
    [(name, text)] = given_up.files.items()
    assert (name.endswith(".md"), text) == (True, theirs)
    again = await course.press("Put back", given_up, who=OTHER)
    assert "The draft is back." in again.text
    first = await course.upload("edit", "sample", changed(("The body.", "A.")), who=OTHER)
    assert theirs in first.files.values()


async def test_two_windows_of_one_author_both_count(course: Course) -> None:
    windows = [
        await course.double.slash("answer edit", {"id": "teapot"}, user_id=INSTRUCTOR) for _ in range(2)
    ]
    for window in windows:
        await window.acknowledged()
    first, second = [
        await shown(
            await course.double.submit(
                window, {"body": f"The teapot is {word} in this room.\n\nIt is."}, user_id=INSTRUCTOR
            )
        )
        for word, window in zip(("mild", "lukewarm"), windows, strict=True)
    ]
    assert "Nothing is wrong" in first.text
    assert "You saved another draft of teapot" in second.text
    assert b"The teapot is lukewarm" in next(iter(second.files.values()))
    instead = await course.press("Save this one instead", second)
    assert "Nothing is wrong" in instead.text
    changes = await course.press("What changes", instead)
    assert "The teapot is lukewarm" in changes.text


async def test_what_cannot_be_read_from_a_form_is_handed_back_and_shown_again(course: Course) -> None:
    opened = await course.double.slash("answer new", {"id": "broken"}, user_id=INSTRUCTOR)
    await opened.acknowledged()
    bad = await shown(
        await course.double.submit(opened, {"simulations": "???", "title": "Mine?"}, user_id=INSTRUCTOR)
    )
    assert "simulations, line 1" in bad.text
    assert b"???" in next(iter(bad.files.values()))
    again = await course.pressed("Edit", bad)
    await again.acknowledged()
    assert "???" in str(again.modal)


async def test_a_review_can_be_cancelled_and_the_draft_is_kept(course: Course) -> None:
    used = await course.begin_long("slow")
    waiting = await used.until(is_going)
    assert waiting.request.at - used.sent_at < 1.5
    assert "has to be mended** before students can see it, so far." in waiting.text
    others = await course.double.press(waiting.custom_ids[-1], waiting, user_id=OTHER)
    assert "Only who began this" in (await others.answer()).text
    await course.double.press(waiting.custom_ids[-1], waiting, user_id=INSTRUCTOR)
    cancelled = await used.until(lambda sent: not is_going(sent))
    assert "Cancelled; nothing is running any more." in cancelled.text
    assert "The draft is saved" in cancelled.text


async def test_hostile_files_get_one_sentence_each(course: Course) -> None:
    files = {
        "use `/answer import`": ("answers.zip", b"PK\x03\x04"),
        "is a Markdown file": ("run.exe", b"MZ"),
        "is UTF-8 text; a.md is not, from line 2 on": ("a.md", b"abc\n\xff\xfe"),
        "a.md is UTF-16, which some editors call Unicode": ("a.md", "abc".encode("utf-16")),
        "a.md is a zip or an office document": ("a.md", b"PK\x03\x04\xff"),
        "at most 40000 characters": ("a.md", b"x" * 300_000),
        "at most 40000 characters; ": Attached("a.md", b"y" * 300_000, size=2),
        "does not have": Attached("a.md", b"x", status=404),
        "is empty": ("a.md", b" \n"),
        "U+0000": ("../../etc/passwd.md", b"a\x00b"),
    }
    said: dict[str, str] = {}
    for wanted, file in files.items():
        sent = await course.answer("new", {"id": "hostile"}, attachments={"file": file})
        said[wanted] = sent.text
    assert {wanted: text for wanted, text in said.items() if wanted not in text} == {}


async def test_students_are_refused_everywhere_and_told_who_may(course: Course) -> None:
    review = await course.upload("edit", "sample", changed(("The body.", "Secret.")))
    commands: dict[str, Any] = {
        "list": {},
        "show": {"id": "sample"},
        "new": {"id": "x"},
        "edit": {"id": "sample"},
        "preview": {"id": "sample"},
        "publish": {"id": "sample"},
        "disable": {"id": "sample"},
        "enable": {"id": "sample"},
        "history": {"id": "sample"},
        "diff": {"id": "sample", "old": 1},
        "restore": {"id": "sample", "version": 1},
        "export": {},
        "discard": {"id": "sample"},
    }
    for name, options in commands.items():
        sent = await course.answer(name, options, who=STUDENT)
        assert "you are a student here" in sent.text, name
        assert "@Instructor" in sent.text, sent.text
    zipped = await course.answer("import", {}, who=STUDENT, attachments={"file": ("a.zip", b"PK")})
    assert "you are a student here" in zipped.text
    for label in ("Publish", "Edit", "Discard", "What changes"):
        pressed = await course.press(label, review, who=STUDENT)
        assert "you are a student here" in pressed.text, label
    typed = await course.double.autocomplete("answer show", {"id": "sam"}, focused="id", user_id=STUDENT)
    await typed.acknowledged()
    assert typed.callback_body is not None
    assert typed.callback_body["data"]["choices"] == []


async def test_an_assistant_suggests_and_an_instructor_publishes(course: Course) -> None:
    suggested = await course.upload("edit", "sample", changed(("The body.", "A suggestion.")), who=ASSISTANT)
    assert "Saved as a suggestion" in suggested.text
    assert "Publish" not in str(suggested.message["components"])
    refused = await course.answer("publish", {"id": "sample"}, who=ASSISTANT)
    assert "is for instructors" in refused.text
    listed = await course.answer("list", {"show": "drafts"})
    assert "draft: Assistant" in listed.text
    review = await course.choose(f"sample@{ASSISTANT}", listed)
    assert "the draft of Assistant" in review.text
    copy = await course.pressed("Edit a copy", review)
    await copy.acknowledged()
    assert "A suggestion." in str(copy.modal)
    done = await course.press("Publish", review)
    assert "## sample is published" in done.text
    assert "published by Assistant" in (await course.answer("history", {"id": "sample"})).text


async def test_a_form_of_somebody_elses_draft_is_taken_from_who_may_see_it_alone(course: Course) -> None:
    await course.upload("new", "hidden", changed(("id: sample", "id: hidden")), who=OTHER)
    review = await course.choose(f"hidden@{OTHER}", await course.answer("list", {"show": "drafts"}))
    copy = await course.pressed("Edit a copy", review)
    await copy.acknowledged()
    for who, said in ((ASSISTANT, "you are an assistant here"), (STUDENT, "you are a student here")):
        sent = await shown(await course.double.submit(copy, {"title": "My own title"}, user_id=who))
        assert said in sent.text
        assert b"My own title" in next(iter(sent.files.values()))
    assert "hidden" not in (await course.answer("list", {"show": "drafts"}, who=ASSISTANT)).text


async def test_ids_are_offered_at_once_while_they_are_typed(course: Course) -> None:
    await course.upload("edit", "teapot", b"unfinished", who=OTHER)
    await asyncio.sleep(0.5)  # it is read again in the background
    typed = await course.double.autocomplete(
        "answer edit", {"id": "teapot"}, focused="id", user_id=INSTRUCTOR
    )
    assert await typed.acknowledged() < 0.2
    assert typed.callback_body is not None
    choices = typed.callback_body["data"]["choices"]
    assert f"teapot@{OTHER}" in [one["value"] for one in choices]
    assert "teapot" in [one["value"] for one in choices]


async def test_another_server_neither_sees_nor_touches_it(course: Course) -> None:
    there = {"guild": GUILD2_ID, "roles": [INSTRUCTOR2_ROLE_ID]}
    seen = await course.answer("show", {"id": "sample"}, who=77, **there)
    assert "There is no answer 'sample' here" in seen.text
    listed = await course.answer("list", {"search": "kettle"}, who=77, **there)
    assert "Nothing was found." in listed.text
    assert "There is no answer" in (await course.answer("disable", {"id": "sample"}, who=77, **there)).text


async def test_a_library_goes_out_and_comes_in_again(course: Course) -> None:
    out = await course.answer("export", {"own_only": True})
    [data] = out.files.values()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "sample.md" in archive.namelist()
    same = await course.answer("import", {}, attachments={"file": ("a.zip", data)})
    assert "There is nothing to import." in same.text
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("sample.md", changed(("The body.", "Imported.")))
        archive.writestr("bad.md", "nothing")
    plan = await course.answer("import", {}, attachments={"file": ("a.zip", packed.getvalue())})
    assert "**1** changed" in plan.text
    assert "**broken** bad.md" in plan.text
    done = await course.press("Apply, take theirs", plan)
    assert "**1** published" in done.text
    assert "Imported." in (await course.answer("show", {"id": "sample"})).text
    undone = await course.press("Undo the import", done)
    assert "1 of 1 answers are as they were before" in undone.text
    assert "Imported." not in (await course.answer("show", {"id": "sample"})).text


async def test_commands_do_what_the_buttons_do(course: Course) -> None:
    live = await course.answer("preview", {"id": "teapot"}, who=ASSISTANT)
    assert "The teapot is warm enough in this room." in live.text
    light = await course.press("Show it in light mode", live, who=ASSISTANT)
    assert all("light" in name for name in light.files)
    await course.answer("discard", {"id": "sample"}, who=OTHER)
    draft = await course.upload("edit", "sample", changed(("The body.", "By command.")), who=OTHER)
    assert "Nothing is wrong" in draft.text
    assert "Nothing is wrong" in (await course.answer("preview", {"id": "sample"}, who=OTHER)).text
    done = await course.answer("publish", {"id": "sample", "note": "for the exam"}, who=OTHER)
    assert "## sample is published" in done.text
    assert "for the exam" in (await course.answer("history", {"id": "sample"})).text
    await course.upload(
        "edit", "sample", changed(("holds: warm.factor_per_layer <", "holds: 9 <")), who=OTHER
    )
    unfit = await course.answer("publish", {"id": "sample"}, who=OTHER)
    assert "**Not published.**" in unfit.text
    given_up = await course.answer("discard", {"id": "sample"}, who=OTHER)
    assert "Your draft of sample is given up" in given_up.text
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("sample.md", changed(("The body.", "Drafted.")))
    options: dict[str, Any] = {"policy": "as drafts"}
    plan = await course.answer(
        "import", options, who=OTHER, attachments={"file": ("a.zip", packed.getvalue())}
    )
    done = await course.press("Apply as drafts", plan, who=OTHER)
    assert "**1** put among the drafts" in done.text
    assert "draft: yours" in (await course.answer("list", {"search": "kettle"}, who=OTHER)).text


async def test_the_audit_channel_was_told_of_every_change_and_of_suggestions_once(course: Course) -> None:
    posts = [
        "\n".join(components.texts(message))
        for message in course.double.world.messages.values()
        if message["channel_id"] == AUDIT_ID
    ]
    assert sum("Assistant suggests an answer: `sample`" in post for post in posts) == 1
    made = sum("Instructor" in post or "Student" in post for post in posts)
    assert made > 10
    assert any("+Another \u200b`body`" in post or "+Another `body`." in post for post in posts)


async def test_nothing_of_it_was_seen_by_anybody_else(course: Course) -> None:
    seen = "".join(sent.text for sent in course.double.seen_by(STUDENT + 5))
    assert "Reviewing" not in seen
    assert "has to be mended" not in seen
