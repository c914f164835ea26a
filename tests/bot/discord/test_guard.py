"""Whatever a message, a form or a suggestion is made of: what leaves the gate is what Discord takes."""

import json
from itertools import count
from typing import Any

import pytest
from discord_double import Judge, message_problems
from discord_double.body import Upload
from discord_double.components import text_displays, walk
from discord_double.modal_rules import modal_problems
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.discord.guard import Part, mend
from bot.discord.guard.texts import room
from bot.discord.limits import CARD_TEXT, FILE_BYTES, cut
from bot.errors import BadRequest

Json = dict[str, Any]
V2 = 1 << 15
POST = "/channels/1/messages"


def text(most: int) -> st.SearchStrategy[str]:
    """Short ones, odd ones, and ones of a length around a limit."""
    lengths = st.integers(most - 3, most + 300)
    return st.one_of(
        st.text(max_size=30),
        lengths.map("x".__mul__),
        lengths.map(lambda length: ("word ```" * length)[:length]),
        st.just("   "),
        st.just(""),
        st.just("half a \ud83d character"),
    )


IDS = st.one_of(st.sampled_from(["a", "b", "c"]), st.integers(95, 105).map("i".__mul__), st.text(max_size=5))


def fields(**some: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({}, optional=some)


def merged(kind: int, must: Json, may: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    must = dict(must.items())
    return st.tuples(st.fixed_dictionaries(must), may).map(lambda both: {"type": kind, **both[0], **both[1]})


BUTTONS = st.one_of(
    merged(2, {"style": st.integers(1, 4), "custom_id": IDS}, fields(label=text(80))),
    merged(2, {"style": st.just(5), "label": text(80)}, fields(url=st.just("https://example.com/a"))),
)
OPTIONS = st.tuples(
    st.fixed_dictionaries({"label": text(100), "value": IDS}),
    fields(description=text(100), default=st.booleans()),
).map(lambda both: both[0] | both[1])
MENU_TEXTS = fields(placeholder=text(150), min_values=st.integers(0, 25), max_values=st.integers(1, 25))
MENUS = st.one_of(
    merged(3, {"custom_id": IDS, "options": st.lists(OPTIONS, max_size=40)}, MENU_TEXTS),
    merged(8, {"custom_id": IDS}, MENU_TEXTS),
)
ROWS = st.one_of(
    st.lists(BUTTONS, max_size=8).map(lambda found: {"type": 1, "components": found}),
    MENUS.map(lambda found: {"type": 1, "components": [found]}),
)
TEXTS = text(CARD_TEXT).map(lambda content: {"type": 10, "content": content})
URLS = st.sampled_from(["attachment://a.png", "attachment://b.png", "https://example.com/c.png"])
MEDIA = st.tuples(URLS.map(lambda url: {"media": {"url": url}}), fields(description=text(1024))).map(
    lambda both: both[0] | both[1]
)
GALLERIES = st.lists(MEDIA, max_size=14).map(lambda items: {"type": 12, "items": items})
SECTIONS = st.tuples(
    st.lists(TEXTS, max_size=5), st.one_of(BUTTONS, MEDIA.map(lambda found: {"type": 11, **found}))
).map(lambda both: {"type": 9, "components": both[0], "accessory": both[1]})
LEAVES = st.one_of(TEXTS, TEXTS, ROWS, GALLERIES, SECTIONS, st.just({"type": 14}))
BOXES = st.lists(LEAVES, max_size=20).map(lambda inside: {"type": 17, "components": inside})
MESSAGES = st.lists(st.one_of(LEAVES, BOXES), min_size=1, max_size=6)


def judged(message: Json, uploads: list[Upload]) -> list[str]:
    problems = message_problems(message, uploads, edited=None, held=[])
    if (judge := Judge.load_or_none()) is not None:
        problems += judge.judge("POST", POST, {}, message, present=True)
    return [problem.text for problem in problems]


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(MESSAGES)
def test_any_message_becomes_one_that_discord_takes(components: list[Json]) -> None:
    message = {"components": components, "flags": V2}
    before = json.dumps(message)
    mended, _ = mend("POST", POST, message, [])
    files = [Upload(index=number, name=f"{name}.png", data=b"x") for number, name in enumerate("ab")]
    shown = json.dumps(mended)
    assert judged(mended, [file for file in files if f"attachment://{file.name}" in shown]) == []
    assert json.dumps(message) == before  # its cards may be sent again, elsewhere


def test_what_is_within_the_limits_is_sent_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    row: Json = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "a"}]}
    message: Json = {
        "components": [{"type": 17, "components": [{"type": 10, "content": "a" * 4_000}, {"type": 14}]}, row],
        "flags": V2,
        "allowed_mentions": {"parse": []},
    }
    assert mend("POST", POST, message) == (message, set())
    assert caplog.text == ""


def test_nobody_is_called_whatever_was_said() -> None:
    message = {"content": "@everyone", "allowed_mentions": {"parse": ["everyone"], "users": ["1"]}}
    assert mend("POST", POST, message)[0] == {"content": "@everyone", "allowed_mentions": {"parse": []}}


def test_the_longest_text_gives_way_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    given = ["## A title", "word " * 2_000, "-# a footer"]
    boxes = [{"type": 17, "components": [{"type": 10, "content": one} for one in given]}]
    mended, _ = mend("PATCH", f"{POST}/2", {"components": boxes, "flags": V2})
    title, body, footer = text_displays(mended["components"])
    assert (title, footer) == (given[0], given[2])
    assert CARD_TEXT - 20 < len(title + body + footer) <= CARD_TEXT
    assert body.endswith("word…")
    assert "content was shortened from 10,000 to" in caplog.text


@given(st.lists(st.integers(0, 5_000), max_size=12), st.integers(12, 4_000))
def test_what_fits_into_a_room_is_used_as_far_as_it_goes(lengths: list[int], limit: int) -> None:
    longest = room(lengths, limit)
    kept = [min(length, longest) for length in lengths]
    assert sum(kept) <= limit
    assert kept == lengths or sum(kept) > limit - len(lengths)


def test_a_control_with_an_id_of_another_or_too_long_a_one_is_left_out() -> None:
    buttons = [
        {"type": 2, "style": 1, "label": id_[:3], "custom_id": id_} for id_ in ("a", "b", "a", "x" * 101)
    ]
    mended, _ = mend("POST", POST, {"components": [{"type": 1, "components": buttons}]})
    assert [item["custom_id"] for item in walk(mended["components"]) if "custom_id" in item] == ["a", "b"]


def test_a_file_that_is_too_large_goes_with_its_picture_and_the_card_says_so() -> None:
    pictures = [
        {"media": {"url": f"attachment://{name}.png"}, "description": name} for name in ("big", "small")
    ]
    message = {
        "components": [{"type": 17, "components": [{"type": 12, "items": pictures}]}],
        "attachments": [
            {"id": number, "filename": f"{name}.png"} for number, name in enumerate(("big", "small"))
        ],
        "flags": V2,
    }
    files = [Part(number=0, name="big.png", size=FILE_BYTES + 1), Part(number=1, name="small.png", size=5)]
    mended, left_out = mend("POST", "/webhooks/1/token", message, files)
    assert left_out == {0}
    assert judged(mended, [Upload(index=1, name="small.png", data=b"small")]) == []
    assert "no files that large" in next(iter(text_displays(mended["components"])))


def test_all_files_of_a_request_together_have_a_limit() -> None:
    files = [Part(number=number, name=f"{number}.png", size=9 * 2**20) for number in range(4)]
    assert mend("POST", POST, {"content": "four"}, files)[1] == {2, 3}
    many = [Part(number=number, name=f"{number}.png", size=5) for number in range(12)]
    assert mend("POST", POST, {"content": "twelve"}, many)[1] == {10, 11}


INPUTS = merged(
    4,
    {"custom_id": IDS, "style": st.integers(1, 2)},
    fields(placeholder=text(100), value=st.text(max_size=200), max_length=st.integers(1, 4_000)),
)
FORM_PARTS = st.tuples(st.one_of(INPUTS, MENUS), text(45), fields(description=text(100))).map(
    lambda made: {"type": 18, "component": made[0], "label": made[1], **made[2]}
)


@given(st.lists(FORM_PARTS, min_size=1, max_size=5), text(45))
def test_any_form_becomes_one_that_discord_takes(parts: list[Json], title: str) -> None:
    numbers = count()
    for part in parts:
        part["component"] = {**part["component"], "custom_id": f"field{next(numbers)}"}
        if part["component"]["type"] == 3 and not part["component"]["options"]:
            part["component"]["options"] = [{"label": "one", "value": "one"}]
    form = {"title": title, "custom_id": "form", "components": parts}
    path = "/interactions/1/token/callback"
    try:
        mended, _ = mend("POST", path, {"type": 9, "data": form})
    except ValueError:  # no part of it can be shown
        return
    assert [problem.text for problem in modal_problems(mended["data"])] == []


def test_a_form_never_begins_with_a_shortened_text() -> None:
    field = {"type": 4, "custom_id": "body", "style": 2, "value": "x" * 3_000, "max_length": 2_000}
    form = {
        "title": "Edit",
        "custom_id": "form",
        "components": [{"type": 18, "label": "Body", "component": field}],
    }
    path = "/interactions/1/token/callback"
    (part,) = mend("POST", path, {"type": 9, "data": form})[0]["data"]["components"]
    assert (len(part["component"]["value"]), part["component"]["max_length"]) == (3_000, 3_000)
    field["value"] = "x" * 4_001
    with pytest.raises(BadRequest, match="4,000 characters in each field; got a text of 4,001"):
        mend("POST", path, {"type": 9, "data": form})


def test_suggestions_are_few_short_and_named() -> None:
    choices = [{"name": "x" * 150, "value": str(number)} for number in range(30)]
    odd = [{"name": " ", "value": "blank"}, {"name": "long", "value": "v" * 101}]
    body = {"type": 8, "data": {"choices": odd + choices}}
    mended, _ = mend("POST", "/interactions/1/token/callback", body)
    kept = mended["data"]["choices"]
    assert [choice["value"] for choice in kept] == [str(number) for number in range(25)]
    assert {len(choice["name"]) for choice in kept} == {100}


def test_other_requests_are_let_alone() -> None:
    for method, path, body in (
        ("PUT", "/applications/1/commands", {"content": "x" * 5_000}),
        ("POST", "/interactions/1/token/callback", {"type": 5, "data": {"flags": 64}}),
        ("POST", "/users/@me/channels", {"recipient_id": "1"}),
    ):
        assert mend(method, path, body) == (body, set())


@given(st.text(alphabet="ab `\n", max_size=200), st.integers(12, 120))
def test_a_cut_text_has_no_block_of_code_that_it_had_not(given_: str, limit: int) -> None:
    if given_.count("```") % 2:
        given_ += "\n```"
    kept = cut(given_, limit)
    assert len(kept) <= limit
    assert kept.count("```") % 2 == 0
