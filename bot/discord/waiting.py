"""What somebody sees who waits: where the request stands, how long it takes, and a way out."""

import math
import re
from typing import Protocol, Self, runtime_checkable

import discord
from discord import ui

from bot.discord.cards import Card, boxed
from bot.discord.limits import cut
from bot.discord.translating import say, say_many
from bot.jobs.status import Queued, Running, Status

_CELLS = 16
_TEXT = 200
_EXACT_SECONDS, _SECONDS_STEP, _MINUTE = 10, 5, 60
PREFIX = "backchat:1:cancel:"


@runtime_checkable
class Cancels(Protocol):
    """What the button asks of the client it is pressed on."""

    async def cancel_request(self, interaction: discord.Interaction, id_: int) -> None:
        """End the request of this id, if it is the presser's."""
        ...


class CancelButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=rf"{PREFIX}(?P<id>\d{{1,20}})"):
    """Ends the request with this id."""

    def __init__(self, id_: int) -> None:
        super().__init__(
            ui.Button(label=say("Cancel"), style=discord.ButtonStyle.secondary, custom_id=f"{PREFIX}{id_}")
        )
        self.request_id = id_

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[ui.LayoutView], match: re.Match[str], /
    ) -> Self:
        """Rebuild the button from the id that Discord sends when it is pressed."""
        del interaction, item
        return cls(int(match["id"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        """Hand the press to the client."""
        if isinstance(interaction.client, Cancels):
            await interaction.client.cancel_request(interaction, self.request_id)


def waiting_card(text: str, id_: int) -> Card:
    """Show where a request stands, with a button that cancels it."""
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    row.add_item(CancelButton(id_))
    return Card(view=boxed([ui.TextDisplay(text), row]))


def is_waiting(message: discord.Message) -> bool:
    """Tell whether a message is such a card."""
    view = ui.LayoutView.from_message(message, timeout=None)
    ids = (getattr(item, "custom_id", None) for item in view.walk_children())
    return any(isinstance(id_, str) and id_.startswith(PREFIX) for id_ in ids)


def described(status: Status) -> str:
    """Say where a request stands."""
    about = _about(status.seconds)
    if isinstance(status, Queued):
        return f"{_ahead(status)}{f', {about}' if about else ''}"
    return f"{_bar(status)}{f'{chr(10)}-# ' + say('{about} left', about=about) if about else ''}"


def _ahead(status: Queued) -> str:
    if status.ahead == 0:
        return say("Your run is next")
    return say_many("{number} run before yours", "{number} runs before yours", status.ahead)


def _bar(status: Running) -> str:
    fraction = min(1.0, max(0.0, status.fraction))
    full = math.floor(_CELLS * fraction)
    doing = discord.utils.escape_markdown(cut(" ".join(status.text.split()), _TEXT)) or say("Running")
    return f"`{'█' * full}{'░' * (_CELLS - full)}` {100 * fraction:.0f} % · {doing}"


def _about(seconds: float) -> str:
    """Say how long, no more exactly than an estimate is, and never too short."""
    if not math.isfinite(seconds) or seconds <= 0:
        return ""
    if seconds <= _EXACT_SECONDS:
        return say("about {seconds} s", seconds=math.ceil(seconds))
    if seconds <= _MINUTE:
        return say("about {seconds} s", seconds=_SECONDS_STEP * math.ceil(seconds / _SECONDS_STEP))
    if seconds <= 2 * _MINUTE:
        return say("about {seconds} s", seconds=2 * _SECONDS_STEP * math.ceil(seconds / 2 / _SECONDS_STEP))
    return say("about {minutes} min", minutes=math.ceil(seconds / _MINUTE))
