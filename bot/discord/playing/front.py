"""Everything with which a card can be played, registered."""

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.discord.playing.humans import add_humans
from bot.discord.playing.menu import NAME, answer_this
from bot.discord.playing.pressing import ChangeSelect, HumanButton, MoreSelect, UndoButton

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient

_EVERYWHERE = ("ask", "simulate", "compare", "explain")


def add_playing(client: "BackchatClient") -> None:
    """Let the controls of cards work whenever they were sent, and let people take the bot along.

    To be called after the commands were registered: those that need no server can be used wherever somebody
    has installed the bot for themselves.
    """
    client.add_dynamic_items(ChangeSelect, UndoButton, MoreSelect, HumanButton)
    add_humans(client)
    menu: app_commands.ContextMenu = app_commands.ContextMenu(name=NAME, callback=answer_this)
    client.tree.add_command(menu)
    for command in (menu, *(client.tree.get_command(name) for name in _EVERYWHERE)):
        if command is not None:
            _allow_everywhere(command)


def _allow_everywhere(command: Any) -> None:
    command.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
    command.allowed_contexts = app_commands.AppCommandContext(
        guild=True, dm_channel=True, private_channel=True
    )
