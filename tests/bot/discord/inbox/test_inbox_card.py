"""The inbox's card fits into Discord's limits whatever is in it, and offers what somebody may do."""

from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import MagicMock

import pytest
from discord import ButtonStyle, ui
from discord_double import message_problems

from answers.catalog import load
from bot.discord.inbox.buttons import AnswerMenu, InboxButton
from bot.discord.inbox.card import Sight, page_card
from bot.discord.inbox.choosing import choose_card, name_form, named
from bot.discord.inbox.targets import Act, Target
from bot.errors import BadRequest
from bot.inbox.group import Group, GroupId, Nearest, Page, People, Shown
from bot.storage.inbox import Decision, How, Reason
from bot.storage.people import Author
from bot.teaching.roles import Role

BIG = 10**9


def shown(number: int = 1, *, nearest: int = 5, text: str = "why?", **fields: Any) -> Shown:
    given: dict[str, Any] = {
        "id": GroupId(anchor=BIG + number, horizon=BIG),
        "wordings": (text, "how?"),
        "asked": 3,
        "people": People.SEVERAL,
        "last": date(2026, 11, 21),
        "reasons": {Reason.UNANSWERED: 2},
        "wrong": {},
        "chosen": {},
        "ids": (BIG + number,),
    }
    near = tuple(
        Nearest(id=f"answer_{n}", title="t" * 120, score=0.5, wrong=n, chosen=n) for n in range(nearest)
    )
    return Shown(group=Group(**(given | fields)), nearest=near, answered=False)


def sight(*groups: Shown, role: Role = Role.INSTRUCTOR, keeps: bool = True, **more: Any) -> Sight:
    page = Page(groups=groups, number=2, pages=3, total=12, asked=99, keeps=keeps)
    return Sight(page=page, role=role, titles={}, **more)


def judged(view: ui.LayoutView) -> str:
    """Let the message rules judge a card, and return all that is in it."""
    payload: dict[str, Any] = {
        "components": view.to_components(),
        "flags": 1 << 15,
        "allowed_mentions": {"parse": []},
    }
    assert message_problems(payload, [], edited=None, held=[]) == []
    return str(payload)


def acts(view: ui.LayoutView) -> list[Act]:
    return [item.target.act for item in view.walk_children() if isinstance(item, InboxButton)]


@pytest.mark.parametrize("words", ["*_[@everyone](https://a.b) `", "* ", "*"])
async def test_the_fullest_page_fits(words: str) -> None:
    text = (words * 2_000)[:1_700]
    groups = [
        shown(n, text=text, wordings=(text,) * 9, reasons=dict.fromkeys(Reason, 99), wrong={"answer_1": 1})
        for n in range(5)
    ]
    last = Decision(
        id=BIG, how=How.NEGATIVE, slug="a" * 40, author=Author(id="1", name="*" * 200), at=datetime.now(UTC)
    )
    judged(page_card(sight(*groups, last=last, said="*" * 2_000)))


async def test_words_of_students_do_nothing() -> None:
    found = judged(page_card(sight(shown(text="@everyone [win](https://a.b) ||x||"))))
    assert "@everyone" not in found
    assert r"\\[win](" in found
    assert r"\\|\\|x" in found


@pytest.mark.parametrize(
    ("role", "given", "expected"),
    [
        (Role.INSTRUCTOR, shown(), [Act.ACCEPT, Act.DENY, Act.WRITE, Act.IGNORE]),
        (Role.INSTRUCTOR, shown(nearest=0), [Act.ACCEPT, Act.NONE, Act.WRITE, Act.IGNORE]),
        (Role.ASSISTANT, shown(), [Act.WRITE]),
    ],
)
async def test_each_role_has_the_buttons_of_what_it_may_do(
    role: Role, given: Shown, expected: list[Act]
) -> None:
    found = acts(page_card(sight(given, role=role)))
    assert [act for act in found if act is not Act.PAGE] == expected


async def test_no_wording_is_proposed_where_no_answer_is_near() -> None:
    def style(one: Shown) -> ButtonStyle:
        view = page_card(sight(one))
        return next(item.item.style for item in view.walk_children() if isinstance(item, InboxButton))

    assert style(shown(nearest=1)) is ButtonStyle.primary
    assert style(shown(nearest=0)) is ButtonStyle.secondary


async def test_it_is_said_how_often_and_by_how_many_a_question_was_asked() -> None:
    often = judged(page_card(sight(shown())))
    assert "Asked 3 times by several people, last on <t:" in often
    assert "Asked once, on <t:" in judged(page_card(sight(shown(asked=1, people=People.ONE))))


async def test_what_is_answered_by_now_can_be_taken_out_but_not_if_that_answer_was_wrong() -> None:
    def first(one: Shown) -> Act:
        answered = Shown(group=one.group, nearest=one.nearest, answered=True)
        return acts(page_card(sight(answered)))[0]

    assert first(shown()) is Act.DONE
    assert first(shown(reasons={Reason.MISMATCH: 1})) is Act.ACCEPT


async def test_one_tap_is_enough_where_there_is_one_answer_to_mean() -> None:
    def slugs(view: ui.LayoutView) -> list[str | None]:
        items = [item for item in view.walk_children() if isinstance(item, InboxButton)]
        return [item.target.slug for item in items[:2]]

    assert slugs(page_card(sight(shown(nearest=1)))) == ["answer_0", None]
    wrong = shown(nearest=2, reasons={Reason.MISMATCH: 1}, wrong={"answer_1": 1})
    assert slugs(page_card(sight(wrong))) == [None, "answer_1"]


async def test_an_empty_inbox_says_why() -> None:
    assert "/settings" in judged(page_card(sight(keeps=False)))
    assert "Nothing is waiting" in judged(page_card(sight()))


@pytest.mark.parametrize("act", [Act.ACCEPT, Act.DENY])
@pytest.mark.parametrize("nearest", [0, 60])
async def test_the_answers_to_choose_from_fit(act: Act, nearest: int) -> None:
    about = str(GroupId(anchor=BIG, horizon=BIG))
    judged(choose_card(shown(nearest=nearest), Target(act=act, page=999, about=about)))


@pytest.mark.parametrize("act", list(Act))
async def test_every_id_fits_and_is_read_again(act: Act) -> None:
    target = Target(act=act, page=999, about=str(GroupId(anchor=BIG, horizon=BIG)), slug="a" * 40)
    for kind, item in ((InboxButton, InboxButton(target)), (AnswerMenu, AnswerMenu(target))):
        assert len(item.custom_id) <= 100
        match = item.template.fullmatch(item.custom_id)
        assert match is not None
        assert (await kind.from_custom_id(MagicMock(), MagicMock(), match)).target == target
    assert len(name_form(target).custom_id) <= 100


async def test_an_answer_is_named_by_id_title_or_phrasing_and_otherwise_one_is_proposed() -> None:
    catalog = load()
    library = MagicMock(catalog=catalog)
    library.matcher.match.return_value.candidates = ()
    entry = next(iter(catalog))
    for text in (entry.id, f" {entry.title.upper()} ", entry.phrasings[0]):
        assert named(text, library) == entry.id
    with pytest.raises(BadRequest, match="No answer here is called 'exam'"):
        named("exam", library)
