"""What a reply to a card is about, read from the card itself: the bot may have been restarted since."""

import discord

from answers.catalog import Catalog
from answers.followups import Turn
from bot.discord.playing.reading import control_in
from bot.discord.playing.state import PREFIX, TEMPLATE, state_of
from sim.errors import SpecError

_CONTROL = rf"{PREFIX}[a-z]+:{TEMPLATE}"


def recall(message: discord.Message, bot: discord.abc.User | None, catalog: Catalog) -> Turn | None:
    """Return the answer that a message replies to, if that is a card of the bot's."""
    card = message.reference.resolved if message.reference is not None else None
    if not isinstance(card, discord.Message) or bot is None or card.author.id != bot.id:
        return None
    if (match := control_in(card, _CONTROL)) is None or (state := state_of(match, card)) is None:
        return None
    if (entry := catalog.entries.get(state.answer)) is None:
        return None
    try:
        return Turn(answer=entry.id, question=entry.title, knobs=state.knobs)
    except SpecError:
        return None
