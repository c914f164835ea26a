"""What the judge and the rules say of messages that no library of ours should send."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from discord_double import GENERAL_ID, DiscordDouble, Judge
from discord_double.raw import raw

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from discord_double.payloads import Json

V2 = 1 << 15


@pytest.fixture
async def double() -> AsyncIterator[DiscordDouble]:
    async with DiscordDouble(judge=Judge.load_or_none()) as made:
        yield made


def _quiet(**fields: Any) -> Json:
    guard: Json = {"allowed_mentions": {"parse": []}}
    return guard | fields


async def _posted(double: DiscordDouble, body: Json) -> list[str]:
    before = len(double.problems())
    await raw(double, "POST", f"/channels/{GENERAL_ID}/messages", body)
    return [problem.partition(": ")[2] for problem in double.problems()[before:]]


def _text(length: int) -> Json:
    return {"type": 10, "content": "x" * length}


def _button(custom_id: str, **more: Any) -> Json:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": custom_id} | more


def _row(*buttons: Json) -> Json:
    return {"type": 1, "components": list(buttons)}


def _menu(*values: str, **more: Any) -> Json:
    options = [{"label": value, "value": value} for value in values]
    return _row({"type": 3, "custom_id": "menu", "options": options} | more)


def _gallery(url: str, description: str = "alt") -> Json:
    return {"type": 12, "items": [{"media": {"url": url}, "description": description}]}


_CHOSEN: Json = {"label": "a", "value": "a", "default": True}

BAD: dict[str, tuple[Json, str]] = {
    "long content": ({"content": "x" * 2001}, "content is 2,001 characters long; at most 2,000"),
    "long embeds": (
        {"embeds": [{"description": "x" * 3001}, {"fields": [{"name": "n" * 1, "value": "v" * 3000}]}]},
        "the text of all embeds together is 6,002 characters long",
    ),
    "V2 with content": (
        {"flags": V2, "content": "x", "components": [_text(1)]},
        "a Components V2 message cannot have content",
    ),
    "long displays": (
        {"flags": V2, "components": [_text(2500), {"type": 17, "components": [_text(2500)]}]},
        "the text of all text displays together is 5,000 characters long; at most 4,000",
    ),
    "41 nested components": (
        {
            "flags": V2,
            "components": [
                {"type": 17, "components": [_text(1)] * 20},
                {"type": 17, "components": [_text(1)] * 19},
            ],
        },
        "41 components, nested ones counted; at most 40",
    ),
    "V2 without the flag": ({"components": [_text(1)]}, "need the Components V2 flag"),
    "the same custom_id": (
        {"content": "x", "components": [_row(_button("a"), _button("a"))]},
        "custom_id 'a' is used 2 times",
    ),
    "long custom_id": (
        {"content": "x", "components": [_row(_button("a" * 101))]},
        "is 101 characters long; at most 100",
    ),
    "long label": (
        {"content": "x", "components": [_row(_button("a", label="y" * 81))]},
        "is 81 characters long; at most 80",
    ),
    "no options": ({"content": "x", "components": [_menu()]}, "menu 'menu' has no options"),
    "options twice": ({"content": "x", "components": [_menu("a", "a")]}, "menu 'menu' offers 'a' 2 times"),
    "too many to choose": (
        {"content": "x", "components": [_menu("a", "b", max_values=3)]},
        "menu 'menu' takes 1 to 3 of 2 options",
    ),
    "too many chosen": (
        {
            "content": "x",
            "components": [
                _row({"type": 3, "custom_id": "menu", "options": [_CHOSEN, _CHOSEN | {"value": "b"}]})
            ],
        },
        "menu 'menu' begins with 2 options chosen; at most 1 can be",
    ),
    "missing file": (
        {"flags": V2, "components": [_gallery("attachment://no.png")]},
        "attachment://no.png matches no file",
    ),
    "long alt text": (
        {"flags": V2, "components": [_gallery("https://x.y/z", "a" * 1025)]},
        "1,025 characters long; at most 1,024",
    ),
    "attachment without a file": (
        {"content": "x", "attachments": [{"id": "0"}]},
        "attachment 0 is neither uploaded as files[0]",
    ),
    "nothing": ({"content": ""}, "the message is empty"),
    "everyone": ({"content": "x", "allowed_mentions": {"parse": ["everyone"]}}, "lets a quoted mention ping"),
    "unguarded": ({"content": "x", "allowed_mentions": None}, "has text but no allowed_mentions"),
}


@pytest.mark.parametrize(("body", "wanted"), BAD.values(), ids=BAD.keys())
async def test_a_bad_message_is_reported_without_any_description(body: Json, wanted: str) -> None:
    async with DiscordDouble() as double:
        assert any(wanted in problem for problem in await _posted(double, _quiet(**body)))


def _label(**more: Any) -> Json:
    field = {"type": 4, "custom_id": "a", "style": 2} | more
    return {"type": 18, "label": "A", "component": field}


def _modal(*parts: Json, **more: Any) -> Json:
    return {"custom_id": "modal", "title": "M", "components": list(parts)} | more


BAD_MODALS: dict[str, tuple[Json, str]] = {
    "long title": (_modal(_label(), title="x" * 46), "the title is 46 characters long; at most 45"),
    "long id": (_modal(_label(), custom_id="x" * 101), "the custom_id of the modal is 101 characters long"),
    "nothing": (_modal(), "a modal of 0 parts; 1 to 5 are allowed"),
    "six parts": (_modal(*(_label(custom_id=str(n)) for n in range(6))), "a modal of 6 parts"),
    "the same custom_id": (_modal(_label(), _label()), "custom_id 'a' is used 2 times"),
    "long input id": (_modal(_label(custom_id="x" * 101)), "is 101 characters long; at most 100"),
    "long label": (_modal(_label() | {"label": "x" * 46}), "a label is 46 characters long; at most 45"),
    "long description": (_modal(_label() | {"description": "x" * 101}), "a label's description is 101"),
    "long placeholder": (_modal(_label(placeholder="x" * 101)), "the placeholder of 'a' is 101"),
    "too much to write": (_modal(_label(max_length=4001)), "input 'a' takes 0 to 4001 characters"),
    "more than most": (_modal(_label(min_length=9, max_length=8)), "input 'a' takes 9 to 8 characters"),
    "begins too long": (_modal(_label(value="x" * 9, max_length=8)), "input 'a' begins with 9 characters"),
    "a bad menu": (
        _modal(_label() | {"component": {"type": 3, "custom_id": "m", "options": []}}),
        "menu 'm' has no options",
    ),
}


async def _opened(double: DiscordDouble, modal: Json) -> tuple[int, list[str]]:
    callback = {"type": 9, "data": modal}
    status, _ = await raw(double, "POST", "/interactions/1/none/callback", callback)
    return status, double.requests[-1].problems


@pytest.mark.parametrize(("modal", "wanted"), BAD_MODALS.values(), ids=BAD_MODALS.keys())
async def test_a_bad_modal_is_refused_without_any_description(modal: Json, wanted: str) -> None:
    async with DiscordDouble() as double:
        status, problems = await _opened(double, modal)
        assert status == 400
        assert [problem for problem in problems if wanted in problem]


async def test_a_good_modal_is_not_reported(double: DiscordDouble) -> None:
    good = _modal(_label(value="x" * 4000, max_length=4000, placeholder="y" * 100), title="x" * 45)
    assert await _opened(double, good) == (404, [])


async def test_good_messages_are_not_reported(double: DiscordDouble) -> None:
    assert (
        await _posted(double, _quiet(content="x" * 2000, components=[_row(_button("a"), _button("b"))])) == []
    )
    assert (
        await _posted(double, _quiet(flags=V2, components=[_text(3999), _text(1), _gallery("https://x.y/z")]))
        == []
    )


async def test_files_and_attachments_must_match() -> None:
    form = aiohttp.FormData(quote_fields=False)
    body = _quiet(flags=V2, components=[_text(1)], attachments=[{"id": 0, "filename": "a.png"}, {"id": 2}])
    form.add_field("payload_json", json.dumps(body))
    form.add_field("files[0]", io.BytesIO(bytes(10 * 1024 * 1024 + 1)), filename="a.png")
    form.add_field("files[1]", io.BytesIO(b"x"), filename="b.png")
    form.add_field("file", io.BytesIO(b"x"), filename="c.png")
    async with DiscordDouble() as double, aiohttp.ClientSession() as session:
        path = f"/channels/{GENERAL_ID}/messages"
        async with session.post(
            double.api + path, data=form, headers={"Authorization": double.token}
        ) as response:
            assert response.status == 401
    assert [problem.partition(": ")[2] for problem in double.problems()] == [
        "the form has a field 'file'; only payload_json and files[n] are known",
        "attachment 2 is neither uploaded as files[2] nor part of the message",
        "files[1] is uploaded but not in attachments",
        "a.png has 10,485,761 bytes; at most 10,485,760 are allowed",
        "a.png is uploaded, but no component shows it: nobody will see it",
        "b.png is uploaded, but no component shows it: nobody will see it",
    ]


async def test_a_refused_message_is_answered_as_discord_does(double: DiscordDouble) -> None:
    body = _quiet(flags=V2, components=[_text(5000)])
    status, answer = await raw(double, "POST", f"/channels/{GENERAL_ID}/messages", body)
    assert (status, answer["code"], double.sent) == (400, 50035, [])


async def test_the_description_finds_what_the_rules_do_not(double: DiscordDouble) -> None:
    if Judge.load_or_none() is None:
        pytest.skip(f"Discord's description is not at {Judge.path()}")
    assert await _posted(double, _quiet(content="x", colour=3)) == ["the body: unknown field colour"]
    assert await _posted(double, _quiet(content=5)) == ["content: 5 is not of type 'string', 'null'"]
    nested = {"type": 17, "components": [_row(_button("a", style=9))]}
    assert await _posted(double, _quiet(flags=V2, components=[nested])) == [
        "components[0].components[0].components[0].style: 9 is none of 1, 2, 3, 4, 5, 6",
    ]
    assert (await raw(double, "GET", "/channels/x/messages?limit=many"))[0] == 400
    assert double.requests[-1].problems == [
        "channel_id in the path is 'x', not a snowflake",
        "query parameter limit is 'many'",
    ]
    assert (await raw(double, "GET", "/nowhere"))[0] == 404
    assert double.requests[-1].problems == [
        "the double does not know this route",
        "Discord has no operation GET /nowhere",
    ]
