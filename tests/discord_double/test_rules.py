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


def _gallery(url: str, description: str = "alt") -> Json:
    return {"type": 12, "items": [{"media": {"url": url}, "description": description}]}


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
