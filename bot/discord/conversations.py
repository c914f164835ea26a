"""Which answer a message is about: the one it replies to, or the last where people talk to the bot."""

from collections.abc import Iterator

import discord

from answers.followups import Turn
from bot.discord.turns import Turns


class Conversations:
    """The answers that were given lately, by the message that shows them and by person and place."""

    def __init__(self) -> None:
        self._cards: Turns[int] = Turns()
        self._people: Turns[tuple[int, int]] = Turns()

    def remember(self, sent: discord.Message | None, asker: int, turn: Turn | None) -> None:
        """Note which answer a message shows, and to whom it was given."""
        if sent is not None:
            self._cards.remember(sent.id, turn)
            self._people.remember((sent.channel.id, asker), turn)

    def before(self, message: discord.Message, bot: discord.abc.User | None) -> Turn | None:
        """Return the answer that a message refers to, if there is one."""
        return next((turn for turn in self._referred(message, bot) if turn is not None), None)

    def _referred(self, message: discord.Message, bot: discord.abc.User | None) -> Iterator[Turn | None]:
        if message.reference is not None:
            yield self._cards.at(message.reference.message_id)
        elif is_private(message, bot):
            yield self._people.at((message.channel.id, message.author.id))


def is_private(message: discord.Message, bot: discord.abc.User | None) -> bool:
    """Tell whether people come here to talk to the bot: to a direct message, or a thread that it opened."""
    if message.guild is None:
        return True
    thread = message.channel
    return isinstance(thread, discord.Thread) and bot is not None and thread.owner_id == bot.id
