"""Every way in which anything is sent with discord.py leads through the gate, and so do our own requests."""

import ast
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands, ui
from discord_double import GENERAL_ID, DiscordDouble, Interaction
from discord_double.sample_bot import redirect, running

from bot.discord.guard import guard
from bot.discord.one_try import OneTry

BOT = Path(__file__).parents[3] / "bot"
LONG = "word " * 2_000


def card(**more: Any) -> ui.LayoutView:
    """Return a card that is wrong in most ways at once."""
    view = ui.LayoutView(timeout=None)
    gallery: ui.MediaGallery[ui.LayoutView] = ui.MediaGallery()
    gallery.add_item(media="attachment://a.png", description=LONG)
    items: list[Any] = [ui.TextDisplay(LONG), ui.TextDisplay("  "), ui.TextDisplay(LONG)]
    items += [gallery] if more else []
    box: ui.Container[ui.LayoutView] = ui.Container(*items)
    view.add_item(box)
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    for id_ in ("same", "same", "x" * 120):
        row.add_item(ui.Button(label=LONG, custom_id=id_))
    return view.add_item(row)


def file() -> discord.File:
    return discord.File(io.BytesIO(b"a picture"), "a.png", description=LONG)


def form() -> ui.Modal:
    modal = ui.Modal(title="t" * 60, custom_id="form")
    component: ui.TextInput[Any] = ui.TextInput(custom_id="field", placeholder="p" * 200)
    return modal.add_item(ui.Label(text="l" * 60, description="d" * 200, component=component))


async def respond(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(view=card(file=True), file=file(), ephemeral=True)


async def follow_up(interaction: discord.Interaction) -> None:
    await interaction.response.defer()
    await interaction.followup.send(view=card())
    await interaction.followup.send(view=card(file=True), file=file())


async def edit(interaction: discord.Interaction) -> None:
    await interaction.response.defer()
    await interaction.edit_original_response(view=card())
    await interaction.edit_original_response(view=card(file=True), attachments=[file()])


async def show_form(interaction: discord.Interaction) -> None:
    await interaction.response.send_modal(form())


async def post(interaction: discord.Interaction) -> None:
    await interaction.response.defer()
    channel = interaction.client.get_partial_messageable(int(GENERAL_ID))
    sent = await channel.send(view=card(file=True), file=file())
    await sent.reply(view=card())
    await sent.edit(view=card())
    await interaction.edit_original_response(view=card())


async def suggest(_interaction: discord.Interaction, _current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name="n" * 150, value=str(number)) for number in range(30)]


WAYS = {"respond": respond, "follow_up": follow_up, "edit": edit, "form": show_form, "post": post}


class Client(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default())
        self.tree = app_commands.CommandTree(self)
        for name, way in WAYS.items():
            self.tree.command(name=name, description=name)(way)

        @self.tree.command(name="suggest", description="suggest")
        @app_commands.autocomplete(word=suggest)
        async def _suggest(_interaction: discord.Interaction, word: str) -> None:
            del word

    async def setup_hook(self) -> None:
        guard(self)
        await self.tree.sync()


@pytest.fixture
async def client(double: DiscordDouble, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    redirect(monkeypatch, double)
    made = Client()
    async with running(made, double):
        yield made


@pytest.mark.parametrize("way", WAYS)
async def test_what_is_sent_is_within_the_limits(client: Client, double: DiscordDouble, way: str) -> None:
    del client
    used = await double.slash(way)
    await used.acknowledged()
    if way not in {"form", "respond"}:
        await used.followup()
        await double.until(lambda: all(one.status for one in double.requests))
    assert double.problems() == []


async def test_suggestions_too(client: Client, double: DiscordDouble) -> None:
    del client
    typed: Interaction = await double.autocomplete("suggest", {"word": "w"}, focused="word")
    await typed.acknowledged()
    assert typed.callback_body is not None
    assert len(typed.callback_body["data"]["choices"]) == 25
    assert double.problems() == []


async def test_requests_that_are_made_once_too(client: Client, double: DiscordDouble) -> None:
    once = OneTry(client.http)
    body: dict[str, Any] = {"components": card().to_components(), "flags": 1 << 15}
    outcome = await once.send("POST", f"/channels/{GENERAL_ID}/messages", body, signed=True)
    await once.aclose()
    assert outcome.done
    assert double.problems() == []


def test_there_is_no_other_way_to_discord() -> None:
    """`endpoint` and `login` only ask where Discord is and who the bot is; `one_try` mends what it sends."""
    connecting = {
        path.relative_to(BOT).as_posix()
        for path in BOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute | ast.Name)
        and (node.attr if isinstance(node, ast.Attribute) else node.id)
        in {"ClientSession", "urlopen", "SyncWebhook"}
    }
    assert connecting <= {"discord/endpoint.py", "discord/login.py", "discord/one_try.py"}
