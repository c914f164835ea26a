"""A small bot in the style of ours, with which the double itself is tested."""

from __future__ import annotations

import asyncio
import io
import warnings
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import yarl
from PIL import Image

with warnings.catch_warnings():
    # Python 3.11 and 3.12 warn of the audioop that discord.py imports.
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord
    import discord.gateway
    import discord.http
    from discord import app_commands, ui

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import pytest

    from .server import DiscordDouble

NOBODY = discord.AllowedMentions.none()


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (7, 5)).save(buffer, "PNG")
    return buffer.getvalue()


PNG = _png()


class Redraw(ui.DynamicItem[ui.Button[Any]], template=r"redraw:v1:(?P<depth>\d+)"):
    def __init__(self, depth: int) -> None:
        super().__init__(ui.Button(label="Redraw", custom_id=f"redraw:v1:{depth}"))
        self.depth = depth

    @classmethod
    async def from_custom_id(cls, _interaction: Any, _item: Any, match: Any, /) -> Redraw:
        return cls(int(match["depth"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.edit_message(view=Card(f"redrawn at depth {self.depth}", self.depth))


class Card(ui.LayoutView):
    def __init__(self, text: str, depth: int = 3, file: discord.File | None = None) -> None:
        super().__init__(timeout=None)
        box: ui.Container[Any] = ui.Container(ui.TextDisplay(text))
        if file is not None:
            box.add_item(ui.MediaGallery(discord.MediaGalleryItem(file, description="a black picture")))
        row: ui.ActionRow[Any] = ui.ActionRow()
        box.add_item(row.add_item(Redraw(depth)))
        self.add_item(box)


class Comment(ui.Modal, title="Comment"):
    words = ui.Label(text="What is wrong?", component=ui.TextInput[Any](custom_id="words"))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        field = self.words.component
        assert isinstance(field, ui.TextInput)
        await interaction.response.send_message(f"noted: {field.value}", ephemeral=True)


async def _ask(interaction: discord.Interaction[Any], question: str, depth: int = 3) -> None:
    await interaction.response.defer()
    file = discord.File(io.BytesIO(PNG), "plot.png")
    await interaction.followup.send(view=Card(f"You asked: {question}", depth, file), file=file)


async def _choices(_interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{current}?", value=current)]


async def _edited(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.edit_original_response(content="running …")
    file = discord.File(io.BytesIO(PNG), "plot.png", description="alt")
    await interaction.edit_original_response(content="done", attachments=[file])


async def _comment(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_modal(Comment())


async def _explain(interaction: discord.Interaction[Any], message: discord.Message) -> None:
    await interaction.response.send_message(f"{len(message.content)} characters")


class Bot(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default(), allowed_mentions=NOBODY)
        self.tree = app_commands.CommandTree(self)
        ask: app_commands.Command[Any, ..., None] = app_commands.Command(
            name="ask", description="Ask.", callback=_ask
        )
        ask.autocomplete("question")(_choices)
        answers = app_commands.Group(name="answer", description="Answers.")
        answers.add_command(app_commands.Command(name="edited", description="Edits.", callback=_edited))
        answers.add_command(app_commands.Command(name="comment", description="Comments.", callback=_comment))
        for command in (ask, answers, app_commands.ContextMenu(name="Explain", callback=_explain)):
            self.tree.add_command(command)
        self.heard: asyncio.Queue[str] = asyncio.Queue()

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Redraw)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify again without the five seconds that discord.py waits."""

    async def on_message(self, message: discord.Message) -> None:
        self.heard.put_nowait(message.content)
        if self.user in message.mentions or message.guild is None:
            async with message.channel.typing():
                await message.reply(
                    f"{message.author.display_name} in {message.channel}", mention_author=False
                )


def redirect(monkeypatch: pytest.MonkeyPatch, double: DiscordDouble) -> None:
    """Let discord.py in this process take the double for Discord."""
    monkeypatch.setattr(discord.http.Route, "BASE", double.api)
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(double.gateway_url))


@asynccontextmanager
async def running(client: Any, double: DiscordDouble) -> AsyncGenerator[None]:
    """Let a client run while something is tried with it; one that ends early fails with its own error."""
    run = asyncio.create_task(client.start(double.token))
    waiting = asyncio.create_task(double.ready())
    await asyncio.wait({run, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if run.done():
        waiting.cancel()
        await run
    await waiting
    yield
    await client.close()
    await run
