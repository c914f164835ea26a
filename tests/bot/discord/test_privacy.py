"""What is held about somebody: on a card that fits, in a file that says all, and on a page that is true."""

import functools
import io
import json
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import AsyncMock, MagicMock

import discord
import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.cards import Card
from bot.discord.client import BackchatClient
from bot.discord.limits import CARD_TEXT
from bot.discord.privacy import command
from bot.discord.privacy import file as files
from bot.discord.privacy.card import asking_card, done_card, nothing_card, shown_card
from bot.discord.privacy.file import to_file
from bot.discord.privacy.page import with_table
from bot.discord.privacy.places import Place
from bot.discord.tree import Tree
from bot.errors import BadRequest
from bot.storage.privacy import About
from bot.storage.registry import REGISTRY, Erasing

PAGE = Path(__file__).parents[3] / "docs" / "privacy.md"
NOW = datetime(2026, 11, 21, 15, 30, 12, tzinfo=UTC)
OURS = tuple(one for one in REGISTRY if one.person is not None)
MANY = 100_000


@functools.cache
def of_rows(rows: int) -> tuple[About, ...]:
    """Make the rows once: many take longer than one example of a property may."""
    return tuple(About(held=one, rows=[{"at": NOW, "text": "why\u2028?"}] * rows) for one in OURS)


def places(number: int, rows: int = 2, name: str = "Deep learning") -> list[Place]:
    return [Place(guild=str(n), name=name, about=of_rows(rows)) for n in range(number)]


def text_of(card: Card) -> str:
    return "\n".join(item.content for item in card.view.walk_children() if isinstance(item, ui.TextDisplay))


@given(st.integers(1, 120), st.text(max_size=100))
def test_every_card_is_within_the_limit(number: int, name: str) -> None:
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    found = places(number, MANY, name)
    for card in (shown_card(found, everywhere=True), asking_card(found, row)):
        assert len(text_of(card)) <= CARD_TEXT


def test_a_card_says_what_why_and_how_to_go_on() -> None:
    text = text_of(shown_card(places(1), everywhere=False))
    for held in OURS:
        assert f"{held.what[:-1]} (2). {held.how_long}" in text
    assert "`/privacy export`" in text
    assert "`/privacy delete`" in text
    assert "There is more" not in text
    assert "There is more" in text_of(shown_card(places(9), everywhere=True))
    for everywhere in (True, False):
        assert "Nothing is held" in text_of(shown_card([], everywhere=everywhere))
        assert "Nothing is held" in text_of(nothing_card(everywhere=everywhere))


def test_before_anything_is_deleted_it_is_said_what_stays_and_why() -> None:
    text = text_of(asking_card(places(1)))
    for held in OURS:
        if held.erasing is Erasing.DELETE:
            assert f"- goes: {held.what[:-1]}" in text
        else:
            assert f"- stays without your name: {held.what[:-1]} (2). {held.why}" in text
    assert "It cannot be undone" in text


@pytest.mark.parametrize(
    ("deleted", "blanked", "said"),
    [
        (0, 0, "nothing left to delete"),
        (1, 0, "Done: 1 thing deleted."),
        (0, 2, "Done: your name taken from 2 things that others need."),
        (3, 1, "Done: 3 things deleted and your name taken from 1 thing that others need."),
    ],
)
def test_what_was_done_is_said(deleted: int, blanked: int, said: str) -> None:
    assert said in text_of(done_card(deleted, blanked))


def test_the_file_holds_every_row() -> None:
    name, data = to_file(places(2), "7", NOW)
    assert name == "backchat-2026-11-21.json"
    document = json.loads(data)
    assert (document["about"], document["made_at"]) == ("7", "2026-11-21T15:30:12+00:00")
    for server in document["servers"]:
        assert [table["table"] for table in server["tables"]] == [held.name for held in OURS]
        for table in server["tables"]:
            assert table["rows"] == [{"at": NOW.isoformat(), "text": "why\u2028?"}] * 2


def test_a_file_that_discord_does_not_take_is_packed_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = places(3, 1_000)
    _, whole = to_file(found, "7", NOW)
    monkeypatch.setattr(files, "_MOST", len(whole) - 1)
    name, packed = to_file(found, "7", NOW)
    assert name == "backchat-2026-11-21.json.zip"
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.read("backchat-2026-11-21.json") == whole
    monkeypatch.setattr(files, "_MOST", len(packed) - 1)
    with pytest.raises(BadRequest, match="one server after the other"):
        to_file(found, "7", NOW)


def test_the_page_says_what_the_registry_says() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_table(page) == page, "run python -m bot.discord.privacy.page docs/privacy.md"
    assert all(held.what in page for held in REGISTRY)


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="registry"):
        with_table("# Nothing")


async def test_a_file_is_written_while_others_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []

    def written(*_arguments: object) -> tuple[str, bytes]:
        threads.append(threading.current_thread())
        return "a.json", b"{}"

    monkeypatch.setattr(command, "to_file", written)
    monkeypatch.setattr(command, "look", AsyncMock(return_value=[object()]))
    client = MagicMock(spec=BackchatClient, tree=MagicMock(spec=Tree))
    command.add_privacy(client)
    group = client.tree.add_command.call_args.args[0]
    interaction = MagicMock(spec=discord.Interaction)
    interaction.response.defer = interaction.followup.send = AsyncMock()
    await group.get_command("export").callback(interaction)
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()
