"""Work goes on, and what it changed is told, whatever becomes of the cards that show it."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from unittest.mock import AsyncMock, create_autospec

import aiohttp
import discord
import pytest

from bot.discord.teaching import porting, publishing, watching
from bot.discord.teaching.at import At
from bot.discord.teaching.buttons import Target
from bot.discord.teaching.index import Index
from bot.discord.teaching.keeping import Keeping
from bot.storage.answers import Change, Version
from bot.storage.people import Author
from bot.teaching.desk import Desk
from bot.teaching.differences import difference
from bot.teaching.outcomes import Published
from bot.teaching.porting.plans import Applied, Became, Imported, Plan
from bot.teaching.porting.porting import Porting
from bot.teaching.publishing import Publishing
from bot.teaching.review import Client, Review
from bot.teaching.roles import Person, Role

ADA = Author(id="1", name="Ada")


class Place:
    """Somebody who waits, as `watched` and those who publish know them."""

    def __init__(self) -> None:
        self.interaction = create_autospec(discord.Interaction, instance=True)
        self.interaction.id, self.interaction.guild_id = 7, 8
        self.interaction.user.id = 9
        self.keeping = Keeping(index=create_autospec(Index, instance=True))
        self.guild, self.person = "8", Person(author=ADA, role=Role.INSTRUCTOR)
        self.client = create_autospec(discord.Client, instance=True)
        self.finish = AsyncMock(spec=At.finish)
        self.desk = create_autospec(Desk, instance=True)

    def changed(self) -> None:
        """Renew nothing."""


def disabled(slug: str) -> Published:
    version = Version(
        slug=slug,
        n=2,
        change=Change.DISABLED,
        live=False,
        title="A sample",
        author=ADA,
        note="",
        at=datetime(2026, 1, 1, tzinfo=UTC),
        body="old",
    )
    return Published(
        version=version, before="old", after="", difference=difference("1", "old", "2", ""), by=ADA
    )


@pytest.mark.parametrize("error", [aiohttp.ClientConnectionError("gone"), ConnectionResetError("reset")])
async def test_work_goes_on_while_its_progress_cannot_be_shown(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_FIRST_SECONDS", 0.0)
    monkeypatch.setattr(watching, "_LOOK_SECONDS", 0.01)
    at: Any = Place()
    tried = asyncio.Event()

    async def refuse(**_shown: object) -> None:
        tried.set()
        raise error

    at.interaction.edit_original_response = refuse

    async def work(_client: object) -> str:
        await tried.wait()
        await asyncio.sleep(0.05)
        return "done"

    assert await watching.watched(at, work, lambda _found: "Working…") == "done"


async def test_what_is_known_is_drawn_once_however_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_LOOK_SECONDS", 0.005)
    at: Any = Place()
    found = Review(entry=None, problems=())
    drawn: list[Review | None] = []

    async def work(client: Client) -> None:
        await asyncio.sleep(0.1)
        client.on_found(found)
        await asyncio.sleep(0.1)

    def draw(known: Review | None) -> str:
        drawn.append(known)
        return "Working…"

    await watching.watched(at, work, draw)
    assert drawn == [None, found]


async def test_what_was_published_is_told_although_its_card_cannot_be_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at: Any = Place()
    at.finish.side_effect = RuntimeError("Discord was away all the time")
    done = disabled("sample")
    at.desk.publishing = create_autospec(Publishing, instance=True)
    at.desk.publishing.disable.return_value = done
    told = AsyncMock()
    monkeypatch.setattr(publishing, "post_change", told)
    with pytest.raises(RuntimeError):
        await publishing.disable(at, "sample", head=1)
    told.assert_awaited_once_with(at.client, "8", done)


async def test_an_import_of_many_answers_is_told_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    at: Any = Place()
    at.go_on = AsyncMock(spec=At.go_on)
    made = [disabled(f"answer_{number}") for number in range(30)]
    rows = [Applied(slug=one.version.slug, became=Became.DISABLED, version=one.version) for one in made]
    kept = Applied(slug="kept", became=Became.KEPT)
    plan = Plan(source="a.zip", rows=())
    at.desk.porting = create_autospec(Porting, instance=True)
    at.desk.porting.plan.return_value = at.desk.porting.review.return_value = plan
    at.desk.porting.apply.return_value = Imported(rows=(*rows, kept))
    at.desk.publishing = create_autospec(Publishing, instance=True)
    at.desk.publishing.described.side_effect = made
    monkeypatch.setattr(porting, "read_back", AsyncMock(return_value=b"PK"))
    told = AsyncMock()
    monkeypatch.setattr(porting, "post_changes", told)
    await porting.apply(at, Target(action="apply", parts=("1",)))
    told.assert_awaited_once_with(at.client, "8", made)
