"""Everything around `/answer`: registered with the client, and handed to whom it is for."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

import discord

from bot.discord.forms import Fields
from bot.discord.teaching import looking, porting, publishing, reviewing, watching, writing
from bot.discord.teaching.at import At, working
from bot.discord.teaching.buttons import ChooseMenu, PressButton, Target
from bot.discord.teaching.commands import answer_group
from bot.discord.teaching.form import MORE, WRITE
from bot.discord.teaching.index import Index, split_id
from bot.discord.teaching.keeping import Keeping

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient

_SECONDS = 3.0

Handler = Callable[[At, Target], Awaitable[None]]


async def _open(at: At, target: Target) -> None:
    """Show the answer, or review the draft, that was chosen from a list."""
    await at.begin()
    slug, author = split_id(target.chosen)
    await (looking.show(at, slug) if author is None else reviewing.review(at, slug, author))


_HANDLERS: Mapping[str, Handler] = {
    "apply": porting.apply,
    "changes": writing.changes,
    "diff": looking.diff_pressed,
    "disable": publishing.switch_pressed,
    "discard": writing.discard_pressed,
    "edit": writing.edit_pressed,
    "enable": publishing.switch_pressed,
    "history": looking.history_pressed,
    "light": reviewing.other_light,
    "live": reviewing.live_in,
    "more": writing.more_pressed,
    "mine": writing.mine_instead,
    "open": _open,
    "page": looking.turn_page,
    "publish": publishing.publish_pressed,
    "putback": writing.put_back,
    "rebase": writing.rebase,
    "restore": publishing.switch_pressed,
    "review": reviewing.again,
    "show": looking.show_pressed,
    "stop": watching.stop,
    "undo": publishing.undo,
    "version": looking.version_chosen,
}


class AnswerFront:
    """The commands, buttons, menus and forms of those who write answers."""

    def __init__(self, client: "BackchatClient") -> None:
        """Register all of it."""
        self.keeping = Keeping(index=Index(client.hub))
        client.tree.add_command(answer_group(self.keeping))
        client.add_dynamic_items(PressButton, ChooseMenu)
        client.forms.add(WRITE, self.send_in)
        client.forms.add(MORE, self.send_more_in)

    async def aclose(self) -> None:
        """End what is running while everybody can still be told."""
        await self.keeping.aclose(_SECONDS)

    async def press(self, interaction: discord.Interaction, target: Target) -> None:
        """Do what a button or a menu is for."""
        async with working(interaction, self.keeping) as at:
            handler = _HANDLERS.get(target.action)
            if handler is not None:
                await handler(at, target)

    async def send_in(self, interaction: discord.Interaction, match: re.Match[str], values: Fields) -> None:
        """Take a form that was sent in."""
        async with working(interaction, self.keeping) as at:
            await writing.send_in(at, match, values)

    async def send_more_in(
        self, interaction: discord.Interaction, match: re.Match[str], values: Fields
    ) -> None:
        """Take the form of sources that was sent in."""
        async with working(interaction, self.keeping) as at:
            await writing.send_more_in(at, match, values)
