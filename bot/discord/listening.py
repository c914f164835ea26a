"""Noticing who talks where: the bot keeps out of what people say to each other."""

from collections import OrderedDict, deque
from typing import NamedTuple

import discord

TALK_SECONDS = 120.0
"""After somebody else's last words, a question is taken for a part of that conversation for so long."""
_CHANNELS = 2_000
_WORDS = 8


class _Heard(NamedTuple):
    message: int
    author: int
    at: float


class Listening:
    """Who wrote lately in which channel; no words are kept, and nothing outlives the program."""

    def __init__(self) -> None:
        self._heard: OrderedDict[int, deque[_Heard]] = OrderedDict()

    def hear(self, message: discord.Message) -> None:
        """Note that somebody wrote."""
        heard = self._heard.setdefault(message.channel.id, deque(maxlen=_WORDS))
        heard.append(_Heard(message.id, message.author.id, message.created_at.timestamp()))
        self._heard.move_to_end(message.channel.id)
        if len(self._heard) > _CHANNELS:
            self._heard.popitem(last=False)

    def is_among_others(self, message: discord.Message) -> bool:
        """Tell whether others were talking in the channel just before a message."""
        since = message.created_at.timestamp() - TALK_SECONDS
        return any(
            one.author != message.author.id and one.at >= since and one.message < message.id
            for one in self._heard.get(message.channel.id, ())
        )

    def has_reply(self, message: discord.Message) -> bool:
        """Tell whether somebody else wrote after a message: they may have answered it."""
        return any(
            one.author != message.author.id and one.message > message.id
            for one in self._heard.get(message.channel.id, ())
        )
