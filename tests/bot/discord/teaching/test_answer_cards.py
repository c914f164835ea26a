"""What instructors see stays within Discord's limits, whatever people wrote, and says everything."""

import re
from datetime import UTC, datetime
from typing import Any
from unittest.mock import AsyncMock, MagicMock

import discord
import pytest
from discord import ui
from discord_double import components, message_problems

from answers.problem import Problem
from answers.skeleton import skeleton
from bot.discord.cards import Card
from bot.discord.limits import CARD_TEXT, CUSTOM_ID
from bot.discord.teaching.attached import Attached, handed_out
from bot.discord.teaching.buttons import Target, button, custom_id
from bot.discord.teaching.cards import Blob, block
from bot.discord.teaching.form import WRITE, as_text, filled, form, more_form
from bot.discord.teaching.index import split_id
from bot.discord.teaching.keeping import Keeping
from bot.discord.teaching.looking import history_card, list_card, show_card
from bot.discord.teaching.porting import plan_card
from bot.discord.teaching.publishing import published_card
from bot.discord.teaching.review_cards import Wanted, draw, review_card
from bot.discord.teaching.writing import send_in
from bot.storage.answers import Change, Listed, Version
from bot.storage.drafts import Draft
from bot.storage.errors import StorageUnavailable
from bot.storage.people import Author
from bot.teaching.differences import difference
from bot.teaching.form import NotInForm
from bot.teaching.outcomes import Item, Opened, Published, Reviewed, Shown, State, Waiting
from bot.teaching.porting.plans import Kind, Plan, Policy, Row
from bot.teaching.review import Review
from bot.teaching.roles import Person, Role

SLUG = "a" * 40
NOW = datetime(2026, 1, 2, tzinfo=UTC)
ADA = Author(id="9" * 20, name="**Ada** `@everyone` " * 9)
LONG = "A long_sentence with *marks* and `code`, which says what to do; do it. " * 30


def sent(card: Card) -> dict[str, Any]:
    return {"components": card.view.to_components(), "flags": 1 << 15, "allowed_mentions": {"parse": []}}


def text_of(card: Card) -> str:
    return "\n".join(item.content for item in card.view.walk_children() if isinstance(item, ui.TextDisplay))


def require_sendable(card: Card) -> None:
    """Check what Discord would refuse, apart from the files."""
    made = sent(card)
    found = [
        str(one)
        for one in message_problems(made, [], edited=None, held=[])
        if "attachment://" not in str(one)
    ]
    assert found == []
    shown = {item.media.url for item in card.view.walk_children() if isinstance(item, ui.File)}
    names = [file.filename for file in card.files()]
    assert shown == {f"attachment://{name}" for name in names}
    assert len(names) == len(set(names))


def review_of(problems: int, text: str = LONG) -> tuple[Draft, Reviewed]:
    found = tuple(
        Problem(code="schema", message=f"{number}: {text}", line=number, warning=number % 3 == 0)
        for number in range(1, problems + 1)
    )
    draft = Draft(slug=SLUG, author=ADA, base=999_999, revision=999_999, at=NOW, body="no file")
    review = Review(entry=None, problems=found, done=True, seconds=1.0)
    changed = difference("version 1", "a\n", "this draft", "b\n")
    return draft, Reviewed(
        slug=SLUG, review=review, author=ADA, head=999_999, revision=999_999, difference=changed
    )


@pytest.mark.parametrize("problems", [0, 1, 3, 40])
def test_a_review_of_any_size_can_be_sent_and_says_every_problem(problems: int) -> None:
    draft, reviewed = review_of(problems)
    card = review_card(Wanted(draft=draft, instructor=True, mine=False, lead=LONG), reviewed)
    require_sendable(card)
    if problems:
        [file] = [one for one in card.scripts if one.name.endswith("-problems.txt")]
        assert all(f"{number}: " in file.text for number in range(1, problems + 1))
        assert "Each problem in full is in the file." in text_of(card)
    assert len(draw(draft, reviewed.review, LONG)) > 0


def test_short_problems_need_no_file() -> None:
    draft, reviewed = review_of(3, "write it.")
    card = review_card(Wanted(draft=draft, instructor=True, mine=True), reviewed)
    assert card.scripts == ()
    assert text_of(card).count("write it.") == 3


def test_a_mark_in_a_comment_is_told_by_what_can_be_done_in_the_form() -> None:
    text = skeleton("why_relu", "Ada", NOW.date())
    lines = text.splitlines()
    fields = {"sources": "Sources", "try_next": "Try next", "related": "Related answers"}
    places = {key: next(n for n, one in enumerate(lines, 1) if one.startswith(key)) for key in fields}
    found = tuple(Problem(code="unfinished", message="TODO marks.", line=line) for line in places.values())
    body = next(n for n, one in enumerate(lines, 1) if one.startswith("TODO: the explanation"))
    draft = Draft(slug="why_relu", author=ADA, base=0, at=NOW, body=text)
    problems = (*found, Problem(code="x", message="Wrong.", line=body))
    said = draw(draft, Review(entry=None, problems=problems, done=True, seconds=1.0))
    for key, label in fields.items():
        assert (
            f"- **{label}, under Sources…** (line {places[key]} of the file): an example stands there" in said
        )
    assert f"- **Answer, line 5** (line {body} of the file): Wrong." in said
    assert "TODO" not in said


def test_the_longest_ids_still_say_everything() -> None:
    publish = custom_id("backchat:1:d:", "publish", SLUG, ADA.id, 999_999, 999_999)
    assert len(publish) < CUSTOM_ID
    assert publish.endswith(":999999:999999")
    light = custom_id("backchat:1:d:", "light", SLUG, ADA.id, 999_999, "light")
    assert len(light) < CUSTOM_ID
    pressed = button("Publish", "publish", SLUG, ADA.id, 1, 2)
    assert isinstance(pressed, discord.ui.DynamicItem)
    target = Target(action="publish", parts=(SLUG, ADA.id, "1", "2"))
    assert (target.slug, target.number(3)) == (SLUG, 2)


def test_lists_of_any_length_are_turned_page_by_page() -> None:
    waiting = tuple(Waiting(author=Author(id=str(n), name=ADA.name), at=NOW, mine=False) for n in range(5))
    changed = Listed(
        slug=SLUG, n=7, change=Change.PUBLISHED, live=True, title="T", author=ADA, note="", at=NOW
    )
    found = [
        Item(
            slug=f"{SLUG[:-3]}{number:03}",
            title=LONG[:300],
            state=State.CHANGED,
            n=7,
            changed=changed,
            drafts=waiting[: number % 6],
        )
        for number in range(101)
    ]
    for page in (0, 5, 10, 99):
        require_sendable(list_card(found, "x" * 100, "all", page, instructor=True))
    assert "page 11 of 11" in text_of(list_card(found, "", "all", 99, instructor=True))
    assert "Nothing was found." in text_of(list_card([], "zzz", "all", 0, instructor=True))
    versions = [
        Listed(
            slug=SLUG, n=n, change=Change.PUBLISHED, live=True, title="T", author=ADA, note=LONG[:500], at=NOW
        )
        for n in range(25, 0, -1)
    ]
    require_sendable(history_card(SLUG, versions, shipped=True, before=None))
    require_sendable(history_card(SLUG, [], shipped=True, before=None))
    require_sendable(history_card(SLUG, [], shipped=False, before=3))


def test_a_text_is_shown_as_it_is_or_handed_out() -> None:
    short = Shown(slug="relu", n=3, body="---\nid: relu\n---\nBody\n", state=State.OWN)
    card = show_card(short, instructor=True, counts=True, n=3)
    assert "id: relu" in text_of(card)
    assert card.scripts == ()
    for body in ("x" * 30_000, "```python\n1\n```"):
        card = show_card(
            Shown(slug="relu", n=3, body=body, state=State.DISABLED), instructor=True, counts=True, n=3
        )
        require_sendable(card)
        assert [(one.name, one.text) for one in card.scripts] == [("relu.v3.md", body)]


def test_the_version_of_a_file_that_was_handed_out_is_known_when_it_comes_back() -> None:
    name = handed_out("relu", 12, "text").name
    assert Attached(name=name, text="").version == 12
    assert Attached(name="relu.v12 (1).md", text="").version == 12
    assert Attached(name="relu.md", text="").version is None


def test_a_difference_that_does_not_fit_is_a_file_and_fences_stay_closed() -> None:
    small = difference("a", "```\nx", "b", "```\ny")
    shown, scripts = block(small, "d", 1_000)
    assert (shown.count("```"), scripts) == (2, ())
    large = difference("a", "", "b", "\n".join(map(str, range(2_000))))
    shown, [file] = block(large, "d", 1_000)
    assert "+1999" in file.text
    assert len(shown) < CARD_TEXT


def test_what_was_published_says_what_everybody_has_and_how_to_undo_it() -> None:
    version = Version(
        slug=SLUG, n=3, change=Change.PUBLISHED, live=True, title="T", author=ADA, note="", at=NOW, body="b"
    )
    done = Published(
        version=version, before="a", after="b", difference=difference("a", "a", "b", "b"), by=ADA
    )
    card = published_card(done, 0.084)
    require_sendable(card)
    assert "Everybody here gets it now; that took 84 ms." in text_of(card)
    assert f"backchat:1:d:undo:{SLUG}:3" in [
        one.get("custom_id") for one in components.walk(sent(card)["components"])
    ]


def test_a_form_is_within_the_limits_and_what_does_not_fit_says_so() -> None:
    body = "---\nid: x\ntitle: T\n---\n"
    with pytest.raises(NotInForm):
        form(Opened(slug="x", text=body, base=1))
    fields = filled({"title": "T" * 400, "body": "b", "claims": "c"})
    modal = form(Opened(slug=SLUG, text="", base=999_999, revision=999_999), source=ADA.id, fields=fields)
    assert len(modal.custom_id) <= CUSTOM_ID
    assert len(modal.title) <= 45
    for label in modal.to_dict()["components"]:
        field = label["component"]
        assert len(label["label"]) <= 45
        assert len(label["description"]) <= 100
        assert len(field.get("value") or "") <= field["max_length"] <= 4_000
    text = "---\nid: x\nsources: nothing\n---\n"
    with pytest.raises(NotInForm):
        more_form(Opened(slug="x", text=text, base=1))
    assert "=== title ===\nTTT" in as_text(fields)


def test_an_id_may_name_whose_draft_is_meant() -> None:
    assert split_id(" relu@123 ") == ("relu", "123")
    assert split_id("relu") == ("relu", None)
    assert split_id("relu@ada") == ("relu", None)


async def test_a_form_that_cannot_be_read_back_now_is_remembered_for_the_next_try() -> None:
    at: Any = MagicMock(guild="7", go_on=AsyncMock(), finish=AsyncMock(), keeping=Keeping(index=MagicMock()))
    at.person = Person(author=Author(id="402", name="Ada"), role=Role.INSTRUCTOR)
    at.here.hub.storage.drafts.get = AsyncMock(side_effect=StorageUnavailable("The database is away."))
    match = re.fullmatch(WRITE, "backchat:1:write:away:0:0:0")
    assert match is not None
    await send_in(at, match, {"title": "Is it away?"})
    card = at.finish.await_args.args[0]
    require_sendable(card)
    assert "My database does not work at the moment" in text_of(card)
    assert "Is it away?" in card.scripts[0].text
    assert "backchat:1:d:edit:away:402" in str(sent(card))
    remembered = at.keeping.typed.get(("7", "402", "away"))
    assert remembered is not None
    assert remembered.title == "Is it away?"


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ([Kind.NEW, Kind.SAME], set[str]()),
        ([Kind.NEW, Kind.BROKEN], {"Broken files"}),
        ([Kind.CHANGED], {"*Mine*"}),
        ([Kind.CHANGED, Kind.BROKEN], {"Broken files", "*Mine*"}),
        ([Kind.SAME], {"nothing to import"}),
    ],
)
def test_an_import_explains_what_is_in_it_and_nothing_else(kinds: list[Kind], said: set[str]) -> None:
    rows = tuple(Row(name=f"{n}.md", slug=f"a{n}", kind=kind) for n, kind in enumerate(kinds))
    card = plan_card(Plan(source="a.zip", rows=rows), Policy.MINE, Blob(name="import.zip", data=b"PK"))
    require_sendable(card)
    known = ("Broken files", "*Mine*", "nothing to import")
    assert {words for words in known if words in text_of(card)} == said
