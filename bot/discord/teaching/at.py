"""One step of somebody's work on the answers: where it is done, by whom, and how they are answered."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import discord

from bot.discord.cards import NOBODY, Card
from bot.discord.courier import Courier
from bot.discord.delivery import deliver
from bot.discord.here import Here, client_of, here
from bot.discord.interaction_delivery import InteractionDelivery
from bot.discord.placing import Placing
from bot.discord.teaching.keeping import Keeping
from bot.discord.words import quiet
from bot.errors import BadRequest
from bot.pending import InteractionAddress
from bot.teaching.desk import Desk
from bot.teaching.roles import Person, Refused, Role

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient

_T = TypeVar("_T")

_SECONDS = 2.3
"""For what a form shows: Discord takes one only as the first answer, within three seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """Where a step is taken, and by whom."""

    interaction: discord.Interaction
    here: Here
    keeping: Keeping

    @property
    def client(self) -> "BackchatClient":
        """The bot."""
        return client_of(self.interaction)

    @property
    def desk(self) -> Desk:
        """Where the work is done."""
        return self.here.hub.desk

    @property
    def guild(self) -> str:
        """The server."""
        return self.here.guild

    @property
    def person(self) -> Person:
        """Who works."""
        return self.here.person

    @property
    def is_instructor(self) -> bool:
        """Whether they may change what students see."""
        return self.person.role >= Role.INSTRUCTOR

    def changed(self) -> None:
        """Note that there are other answers or drafts than before."""
        self.keeping.index.renew(self.guild)

    async def begin(self) -> None:
        """Acknowledge a command; what comes is seen by this person alone."""
        await self.interaction.response.defer(ephemeral=True, thinking=True)

    async def go_on(self) -> None:
        """Acknowledge a press; what comes takes the place of the card it was on, if only they see that."""
        message = self.interaction.message
        if message is not None and message.flags.ephemeral:
            await self.interaction.response.defer()
        else:
            await self.begin()

    async def finish(self, card: Card) -> None:
        """Show what came of it, in the place that was acknowledged; else as the first answer."""
        if not self.interaction.response.is_done():
            await self.interaction.response.send_message(
                view=card.view, files=card.files(), ephemeral=True, allowed_mentions=NOBODY
            )
            return
        interaction = self.interaction
        address = InteractionAddress(
            application=interaction.application_id,
            token=interaction.token,
            channel=interaction.channel_id,
            private=True,
        )
        await deliver(InteractionDelivery(address, Courier(interaction.client)), card)

    async def add(self, card: Card) -> None:
        """Show something else below it."""

        async def send(card: Card) -> discord.Message:
            return await self.interaction.followup.send(
                view=card.view, files=card.files(), ephemeral=True, allowed_mentions=NOBODY, wait=True
            )

        await Placing(send, send).send(card)

    async def quickly(self, work: Awaitable[_T]) -> _T:
        """Wait for what a form shows.

        Raises:
            BadRequest: it takes too long for a form to be shown.
        """
        try:
            return await asyncio.wait_for(work, _SECONDS)
        except TimeoutError:
            raise BadRequest("The database takes long just now; nothing was changed; try again.") from None


@contextlib.asynccontextmanager
async def working(interaction: discord.Interaction, keeping: Keeping) -> AsyncGenerator[At]:
    """Find out who works where; who may not is told who may.

    Raises:
        BadRequest: this is no server, or the bot is about to end.
        Refused: with the roles that may.
    """
    if client_of(interaction).requests.closing:
        raise BadRequest("I am restarting, and nothing was changed; try again in a minute.")
    keeping.note_task()
    at = At(interaction=interaction, here=await here(interaction), keeping=keeping)
    try:
        yield at
    except Refused as error:
        raise Refused(f"{error} {_who_may(at)}") from None


def _who_may(at: At) -> str:
    roles = at.here.settings.instructors
    guild = at.interaction.guild
    named = [guild.get_role(int(id_)) if guild and id_.isdecimal() else None for id_ in roles]
    names = ", ".join(f"@{quiet(role.name, 60)}" for role in named if role is not None)
    if not names:
        return "No role is set as instructors yet: whoever has Manage Server sets one in `/settings`."
    return f"Instructors here: {names}, and whoever has Manage Server; that is set in `/settings`."
