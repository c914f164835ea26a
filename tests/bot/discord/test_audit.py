"""What instructors are told in the audit channel, and what becomes of it where that is closed."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, MagicMock

import discord
import pytest
from discord_double import INSTRUCTOR, message_problems
from discord_double.body import Upload
from discord_double.fakes import refusal, text_of

from answers.problem import Problem
from bot.discord import audit
from bot.discord.cards import Card
from bot.discord.client import BackchatClient
from bot.discord.raw_cards import to_json
from bot.discord.words import fenced, quiet
from bot.inbox.outcomes import Decided, Undone
from bot.reports import Reports
from bot.storage.answers import Change, Version
from bot.storage.drafts import Draft
from bot.storage.errors import StorageUnavailable
from bot.storage.guild_settings import GuildSettings
from bot.storage.inbox import Decision, How
from bot.storage.people import Author
from bot.teaching.differences import difference
from bot.teaching.in_use import FaultInUse
from bot.teaching.outcomes import Published

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADA, BEN = Author(id="1", name="Ada *@everyone*"), Author(id="2", name="Ben")
GUILD = "7"


def published(old: str, new: str, change: Change = Change.PUBLISHED, **more: Any) -> Published:
    note = more.pop("note", "")
    version = Version(
        slug="sample",
        n=3,
        change=change,
        live=True,
        title="A `sample`",
        author=BEN,
        note=note,
        at=AT,
        body=new,
    )
    changes = difference("version 2", old, "version 3", new)
    return Published(version=version, before=old, after=new, difference=changes, by=ADA, **more)


class Client:
    """A client with one channel, which takes what it is let."""

    def __init__(self, audit_channel: str | None = "5", guilds: int = 1) -> None:
        self.hub = MagicMock()
        self.hub.settings_at = AsyncMock(return_value=GuildSettings(audit_channel=audit_channel))
        self.guilds = [MagicMock(id=int(GUILD) + number) for number in range(guilds)]
        self.send = AsyncMock()
        self.places: list[tuple[int, int]] = []
        self.get_channel = MagicMock(spec=BackchatClient.get_channel, return_value=None)

    def get_partial_messageable(self, id_: int, *, guild_id: int) -> Any:
        self.places.append((id_, guild_id))
        return MagicMock(send=self.send)

    @property
    def text(self) -> str:
        """What was sent last."""
        assert self.send.await_args is not None
        return text_of(Card(view=self.send.await_args.kwargs["view"]))


@pytest.fixture(autouse=True)
def nothing_told_yet() -> None:
    audit.told_closed.clear()


async def test_a_change_says_who_what_why_before_and_after_and_how_to_undo_it() -> None:
    client: Any = Client()
    await audit.post_change(client, GUILD, published("old line", "new line", note="Typo, thanks to @here"))
    assert client.places == [(5, 7)]
    for words in (
        "Ben",
        "version 3",
        "Typo, thanks to @\u200bhere",
        "-old line",
        "+new line",
        "/answer restore",
    ):
        assert words in client.text
    assert "@everyone" not in client.text
    assert "*@" not in client.text.replace("\\*@", "")
    sent = client.send.await_args.kwargs
    assert sent["allowed_mentions"].to_dict() == {"parse": []}
    assert sent["files"] == []


@pytest.mark.parametrize(
    ("change", "undo"),
    [
        (Change.DISABLED, "/answer enable"),
        (Change.ENABLED, "/answer disable"),
        (Change.RESTORED, "/answer restore"),
    ],
)
def test_every_change_says_its_own_undo(change: Change, undo: str) -> None:
    assert f"Undo: `{undo}`" in text_of(audit.change_card(published("a", "b", change)))


def test_what_was_nothing_before_is_undone_by_hiding_it() -> None:
    assert "Undo: `/answer disable`" in text_of(audit.change_card(published("", "b")))


@pytest.mark.parametrize(
    ("how", "words"),
    [(How.PHRASING, "asking for `sample` from now on"), (How.NEGATIVE, "does not mean `sample` any more")],
)
async def test_what_the_inbox_taught_is_told_without_anybodys_words(how: How, words: str) -> None:
    client: Any = Client()
    decision = Decision(id=3, how=how, slug="sample", author=ADA, at=AT)
    outcome = Decided(decision=decision, question="my own secret words", asked=2, title="Sample")
    await audit.post_decision(client, GUILD, outcome, BEN)
    assert words in client.text
    assert "Ben decided" in client.text
    assert "secret" not in client.text
    await audit.post_decision(client, GUILD, Undone(decision=decision), BEN)
    assert "Ben took back" in client.text


async def test_what_was_only_put_away_is_not_told() -> None:
    client: Any = Client()
    decision = Decision(id=3, how=How.IGNORE, slug=None, author=ADA, at=AT)
    await audit.post_decision(client, GUILD, Decided(decision=decision, question="?", asked=1), BEN)
    assert client.send.await_count == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "\n".join(f"line {number} " + "x" * 50 for number in range(900))),
        ("a", "y" * 39_000),
        ("", "````" * 4_000),
        ("a", "a"),
    ],
)
def test_whatever_changed_the_card_is_within_the_limits_and_nothing_is_lost(old: str, new: str) -> None:
    made = published(old, new, note="n" * 500)
    card = audit.change_card(made)
    attachments = [{"id": str(n), "filename": one.name} for n, one in enumerate(card.scripts)]
    uploads = [Upload(index=n, name=one.name, data=one.text.encode()) for n, one in enumerate(card.scripts)]
    body = to_json(card) | {"attachments": attachments}
    assert message_problems(body, uploads, edited=None, held=[]) == []
    if card.scripts:
        assert card.scripts[0].text.strip() == made.difference.lines.strip()
    else:
        assert all(line in text_of(card) for line in made.difference.lines.splitlines())


async def test_many_changes_at_once_are_one_post_with_all_of_them_in_a_file() -> None:
    client: Any = Client()
    many = [published("a", f"{number}" + "w" * 300) for number in range(60)]
    await audit.post_changes(client, GUILD, many)
    assert client.send.await_count == 1
    assert "changed 60 answers" in client.text
    [file] = client.send.await_args.kwargs["files"]
    text = file.fp.read().decode()
    assert all(f"+{number}w" in text for number in range(60))
    assert len(client.text) <= 4_000
    await audit.post_changes(client, GUILD, many[:2])
    assert client.send.await_count == 3


def test_words_cannot_leave_their_block() -> None:
    block = fenced("a\n```\n# Big @everyone\n`````", "diff")
    assert block.count("```") == 2
    shown = f"\\*\\*a\\*\\* \\<@\u200b{INSTRUCTOR}> @\u200bhere b"
    assert quiet(f"**a** <@{INSTRUCTOR}> @here\nb") == shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("[a](b) *c* [d](https://e.f)", r"\[a](b) \*c\* \[d](https://e.f)"),
        ("https://a.b/[c](https://d.e)", r"https://a.b/\[c](https://d.e)"),
        ("<x:/[a](https://b.c)>", r"\<x:/\[a](https://b.c)>"),
        ("<#123> </ask:1> <t:1:R>", r"\<#123> \</ask:1> \<t:1:R>"),
        ("||a|| - # b", r"\|\|a\|\| - # b"),
        ("- a", r"\- a"),
        ("see https://a.b/c_d_e?f=g#h.", "see https://a.b/c_d_e?f=g#h."),
    ],
)
def test_other_peoples_words_make_no_link_mark_or_mention(words: str, shown: str) -> None:
    assert quiet(words) == shown


async def test_a_suggestion_names_the_draft_and_what_to_do() -> None:
    client: Any = Client()
    await audit.post_suggestion(client, GUILD, Draft(slug="sample", author=BEN, base=0, at=AT, body="secret"))
    assert "Ben suggests an answer: `sample`" in client.text
    assert "/answer preview" in client.text
    assert "secret" not in client.text


async def test_no_other_server_is_told(caplog: pytest.LogCaptureFixture) -> None:
    client: Any = Client()
    for guild, sent in ((int(GUILD) + 1, 0), (int(GUILD), 1)):
        channel = MagicMock(spec=discord.TextChannel, guild=MagicMock(spec=discord.Guild, id=guild))
        client.get_channel.return_value = channel
        await audit.post_fault(client, GUILD, "Something is wrong.")
        assert client.send.await_count == sent
    assert "the audit channel 5 is one of another server" in caplog.text


async def test_without_a_channel_or_where_it_is_closed_the_log_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    none, closed = Client(None), Client()
    closed.send.side_effect = refusal(403, 50013)
    for client in (none, closed):
        caplog.clear()
        for _ in range(3):
            await audit.post_fault(client, GUILD, "It broke.")  # pyright: ignore[reportArgumentType]
        assert caplog.text.count("/settings") == 1
    closed.send.side_effect = None
    await audit.post_fault(closed, GUILD, "It broke.")  # pyright: ignore[reportArgumentType]
    closed.send.side_effect = refusal(403, 50013)
    caplog.clear()
    await audit.post_fault(closed, GUILD, "It broke.")  # pyright: ignore[reportArgumentType]
    assert "/settings" in caplog.text  # it was open again meanwhile


@pytest.mark.parametrize("error", [refusal(500), refusal(400), OSError("away")])
async def test_what_discord_does_not_take_is_no_failure_of_what_was_done(error: Exception) -> None:
    client: Any = Client()
    client.send.side_effect = error
    await audit.post_change(client, GUILD, published("a", "b"))


async def test_what_belongs_to_the_folders_is_told_where_there_is_one_server() -> None:
    problem = Problem(code="schema", message="no title", line=3, path="a_b.md")
    alone: Any = Client()
    await audit.note_problems(alone, None, [problem] * 12)
    assert "a\\_b.md:3: no title" in alone.text
    assert "and 2 more" in alone.text
    assert "Mend the file" in alone.text
    several: Any = Client(guilds=2)
    await audit.note_problems(several, None, [problem])
    several.send.assert_not_awaited()
    await audit.note_problems(several, "8", [problem])
    assert several.places == [(5, 8)]
    assert "/answer edit" in several.text


async def test_an_answer_that_fails_in_use_is_told_and_a_lost_database_is_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    client: Any = Client()
    fault = FaultInUse(guild=GUILD, slug="sample", n=3, problems=("It is broken.",))
    client.hub.desk.in_use.note = AsyncMock(return_value=fault)
    await audit.note_use(client, GUILD, MagicMock(id="sample"))
    assert "The answer sample (version 3) could not be told as it is written" in client.text
    client.hub.desk.in_use.note = AsyncMock(return_value=None)
    await audit.note_use(client, GUILD, MagicMock(id="sample"))
    assert client.send.await_count == 1
    client.hub.desk.in_use.note = AsyncMock(side_effect=StorageUnavailable("away"))
    await audit.note_use(client, GUILD, MagicMock(id="sample"))
    assert "nobody could be told that sample failed" in caplog.text


async def test_the_client_tells_instructors_what_its_libraries_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = MagicMock(reports=Reports())
    told: list[tuple[str | None, int]] = []

    async def note(_client: object, guild: str | None, problems: Sequence[Problem]) -> None:
        told.append((guild, len(problems)))

    monkeypatch.setattr("bot.discord.client.note_problems", note)
    client = BackchatClient(hub, tmp_path)
    hub.reports("7", [Problem(code="schema", message="no title")])
    await asyncio.sleep(0)
    await client.close()
    hub.reports("8", [Problem(code="schema", message="no title")])
    await asyncio.sleep(0)
    assert told == [("7", 1)]


def test_problems_are_logged_and_passed_on_until_the_listener_goes(caplog: pytest.LogCaptureFixture) -> None:
    reports = Reports()
    heard: list[tuple[str | None, tuple[Problem, ...]]] = []
    problem = Problem(code="schema", message="no title")

    def broken(_guild: str | None, _problems: object) -> None:
        raise LookupError

    reports.listen(broken)
    stop = reports.listen(lambda guild, problems: heard.append((guild, tuple(problems))))
    with caplog.at_level(logging.WARNING):
        reports("7", [problem])
    assert heard == [("7", (problem,))]
    assert "no title" in caplog.text
    stop()
    reports("7", [problem])
    assert len(heard) == 1
