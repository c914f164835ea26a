"""What people attach, choose and fill in arrives at the real discord.py as it would from Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from discord_double import (
    ASSISTANT,
    ASSISTANT_ROLE_ID,
    AUDIT_ID,
    EXERCISES_ID,
    FORUM_ID,
    GENERAL_ID,
    HELPER_ROLE_ID,
    INSTRUCTOR,
    INSTRUCTOR2_ROLE_ID,
    INSTRUCTOR_ROLE_ID,
    STUDENT,
    TEACHER,
    Attached,
    DiscordDouble,
    Judge,
)
from discord_double.permissions import MANAGE_GUILD
from discord_double.sample_bot import redirect, running
from discord_double.sample_controls import Controls

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from discord_double import Interaction, Sent


@pytest.fixture
async def double(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordDouble]:
    async with DiscordDouble(judge=Judge.load_or_none()) as made:
        redirect(monkeypatch, made)
        yield made
        assert made.problems() == []


@pytest.fixture
async def bot(double: DiscordDouble) -> AsyncIterator[Controls]:
    client = Controls()
    async with running(client, double):
        yield client


pytestmark = pytest.mark.usefixtures("bot")


async def _text(interaction: Interaction) -> str:
    return (await interaction.answer(timeout=10)).text


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        (("answer.md", b"# Why?"), ("answer.md", 6, "text/markdown; charset=utf-8", True, b"# Why?", "None")),
        (
            Attached("a.md", b"x" * 9, size=2),
            ("a.md", 2, "text/markdown; charset=utf-8", True, b"x" * 9, "None"),
        ),
        (Attached("a.md", b"x", content_type="image/png"), ("a.md", 1, "image/png", True, b"x", "None")),
        (Attached("a.md", b"x", content_type=None), ("a.md", 1, None, True, b"x", "None")),
        (
            Attached("../δ ?#%2F.md", b"x"),
            ("../δ ?#%2F.md", 1, "text/markdown; charset=utf-8", True, b"x", "None"),
        ),
        (Attached("noend", b"x", status=404), ("noend", 1, None, True, "status 404", "None")),
        (Attached("noend", b"x", status=403), ("noend", 1, None, True, "status 403", "None")),
    ],
    ids=[
        "honest",
        "bigger than announced",
        "of a false type",
        "of no type",
        "oddly named",
        "gone",
        "refused",
    ],
)
async def test_an_attached_file_is_loaded(double: DiscordDouble, file: Any, wanted: Any) -> None:
    assert await _text(await double.slash("load", attachments={"file": file})) == str(wanted)


async def test_options_that_are_ids_are_resolved(double: DiscordDouble) -> None:
    asked = await double.slash("load", {"place": EXERCISES_ID}, attachments={"file": ("a", b"")})
    assert "'exercises'" in await _text(asked)
    with pytest.raises(ValueError, match="channel 1100000000000000201 is of type 15; offered are"):
        await double.slash("load", {"place": FORUM_ID}, attachments={"file": ("a", b"")})
    with pytest.raises(ValueError, match="needs file"):
        await double.slash("load")
    with pytest.raises(TypeError, match="the option file is of type 11, got 'a'"):
        await double.slash("load", {"file": "a"})


async def test_people_have_the_roles_and_permissions_of_the_moment(double: DiscordDouble) -> None:
    assert await _text(await double.slash("who")) == "Student401 [] manages=False in Deep learning 101"
    asked = await double.slash("who", roles=[HELPER_ROLE_ID, INSTRUCTOR_ROLE_ID])
    assert "[Helper,Instructor] manages=False" in await _text(asked)
    assert "[] manages=True" in await _text(await double.slash("who", permissions=MANAGE_GUILD))
    assert "Teacher [Teacher] manages=True" in await _text(await double.slash("who", user_id=TEACHER))
    assert "Instructor [Instructor] manages=F" in await _text(await double.slash("who", user_id=INSTRUCTOR))
    assert "Assistant [] manages" in await _text(await double.slash("who", user_id=ASSISTANT, roles=[]))
    assert "[-] manages=False in None" in await _text(await double.slash("who", guild=False))
    with pytest.raises(LookupError, match=f"has no role {INSTRUCTOR2_ROLE_ID}; it has"):
        await double.slash("who", roles=[INSTRUCTOR2_ROLE_ID])


async def test_every_act_says_who_acts(double: DiscordDouble, bot: Controls) -> None:
    has: Any = {"user_id": STUDENT, "roles": [ASSISTANT_ROLE_ID], "permissions": MANAGE_GUILD}
    wanted = "Student401 [Assistant] manages=True"
    typed = await double.autocomplete("find", {"name": "a"}, focused="name", **has)
    await typed.acknowledged()
    assert typed.callback_body is not None
    assert wanted in typed.callback_body["data"]["choices"][0]["name"]
    said = await double.say("a", user_id=STUDENT, roles=[ASSISTANT_ROLE_ID])
    assert wanted in await _text(await double.menu("About", said, **has))
    card = await (await double.slash("settings", **has)).answer()
    pressed = await double.press("write", card, **has)
    await pressed.acknowledged()
    assert wanted in await _text(await double.submit(pressed, {}, **has))
    await double.mention("b", user_id=STUDENT, roles=[HELPER_ROLE_ID])
    await double.say("c", user_id=INSTRUCTOR)
    heard = [(await bot.heard.get()).author for _ in range(3)]
    assert [str(getattr(one, "roles", [])[-1]) for one in heard] == ["Assistant", "Helper", "Instructor"]


async def test_roles_that_are_given_stay(double: DiscordDouble) -> None:
    await double.give(STUDENT, [HELPER_ROLE_ID])
    assert "[Helper]" in await _text(await double.slash("who"))
    assert "[]" in await _text(await double.slash("who", roles=[]))


@pytest.fixture
async def card(double: DiscordDouble, bot: Controls) -> Sent:  # noqa: ARG001 - it answers
    return await (await double.slash("settings")).answer()


@pytest.mark.parametrize(
    ("menu", "values", "wanted"),
    [
        ("words", ["eager", "careful"], ["str eager", "str careful"]),
        ("words", [], []),
        ("people", [TEACHER], ["Member teacher"]),
        ("roles", [INSTRUCTOR_ROLE_ID, HELPER_ROLE_ID], ["Role Instructor", "Role Helper"]),
        ("anyone", [STUDENT, HELPER_ROLE_ID], ["Member student401", "Role Helper"]),
        ("channels", [AUDIT_ID], ["AppCommandChannel audit"]),
    ],
    ids=["words", "nothing", "person", "roles", "mentionables", "channel"],
)
async def test_choices_are_resolved(
    double: DiscordDouble, card: Sent, menu: str, values: list[int | str], wanted: list[str]
) -> None:
    assert await _text(await double.press(menu, card, values=values)) == str(wanted)


@pytest.mark.parametrize(
    ("control", "values", "error"),
    [
        ("words", ["rash"], LookupError("does not offer 'rash'; it offers")),
        ("words", ["eager", "careful", "balanced"], ValueError("takes 0 to 2 values, got 3")),
        ("words", ["eager", "eager"], ValueError("chosen twice")),
        ("people", [], ValueError("takes 1 to 1 values, got 0")),
        ("people", ["me"], LookupError("'me' is nobody's id")),
        ("roles", [STUDENT], LookupError("there is no role 1100000000000000401 to choose")),
        ("channels", [FORUM_ID], ValueError("is of type 15; offered are")),
        ("channels", ["7"], LookupError("there is no channel 7 to choose")),
        ("write", ["x"], ValueError("is a button")),
        ("off", None, ValueError("is disabled")),
    ],
)
async def test_what_is_not_offered_is_the_mistake_of_the_test(
    double: DiscordDouble, card: Sent, control: str, values: Any, error: Exception
) -> None:
    with pytest.raises(type(error), match=str(error)):
        await double.press(control, card, values=values)


async def test_cards_and_what_modals_say_are_described_as_discord_does(
    double: DiscordDouble, card: Sent
) -> None:
    judge = Judge.load_or_none()
    if judge is None:
        pytest.skip(f"Discord's description is not at {Judge.path()}")
    pressed = await double.press("write", card)
    await pressed.acknowledged()
    said = await (await double.submit(pressed, {})).answer()
    for message in (card.message, said.message):
        assert judge.schema_problems("/components/schemas/MessageResponse", message) == []


async def _opened(double: DiscordDouble, name: str) -> Interaction:
    opened = await double.slash(name)
    await opened.acknowledged()
    return opened


async def test_a_modal_takes_all_kinds_of_values(double: DiscordDouble) -> None:
    values = {
        "title": "Depth",
        "body": "two\nlines",
        "kind": ["plot"],
        "channel": [GENERAL_ID],
        "files": [("a.md", b"A"), Attached("b.md", b"B", size=9)],
    }
    said = values | {"channel": ["general"], "files": [("a.md", b"A"), ("b.md", b"B")]}
    sent = await (await double.submit(await _opened(double, "form"), values)).answer()
    assert sent.text.splitlines()[0] == str(said)
    assert sent.message["interaction_metadata"]["triggering_interaction_metadata"]["type"] == 2
    extra = await double.submit(await _opened(double, "extra"), {"theme": "light", "live": True})
    assert (await _text(extra)).splitlines()[0] == str({"theme": "light", "live": True})


async def test_inputs_that_nobody_touches_keep_what_they_began_with(double: DiscordDouble) -> None:
    form = await double.submit(await _opened(double, "form"), {})
    begun: dict[str, Any] = {"title": "Untitled", "body": "", "kind": ["fact"], "channel": [], "files": []}
    assert (await _text(form)).splitlines()[0] == str(begun)
    extra = await double.submit(await _opened(double, "extra"), {"theme": "dark"})
    assert (await _text(extra)).splitlines()[0] == str({"theme": "dark", "live": False})


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"title": ""}, ValueError("'title' must be filled in")),
        ({"title": "ab"}, ValueError("'title' takes 3 to 9 characters, got 2")),
        ({"title": "x" * 10}, ValueError("'title' takes 3 to 9 characters, got 10")),
        ({"title": "a\nbc"}, ValueError("'title' is a single line")),
        ({"title": 5}, TypeError("'title' takes text, got 5")),
        ({"body": "x" * 4001}, ValueError("'body' takes 0 to 4000 characters, got 4001")),
        ({"kind": ["other"]}, LookupError("'kind' does not offer 'other'")),
        ({"kind": []}, ValueError("'kind' takes 1 to 1 values, got 0")),
        ({"files": [("a", b"")] * 3}, ValueError("'files' takes 1 to 2 values, got 3")),
        ({"theme": "blue"}, LookupError("'theme' does not offer 'blue'")),
        ({"live": "no"}, LookupError("the modal has no live; it has")),
        ({}, LookupError("'theme' does not offer None")),
    ],
)
async def test_what_the_client_would_not_send_is_the_mistake_of_the_test(
    double: DiscordDouble, values: Any, error: Exception
) -> None:
    opened = await _opened(double, "extra" if not values or "theme" in values else "form")
    with pytest.raises(type(error), match=str(error)):
        await double.submit(opened, values)
