"""The one gate that every message passes on its way to Discord, whoever sends it."""

from bot.discord.guard.gate import guard
from bot.discord.guard.requests import Part, mend

__all__ = ["Part", "guard", "mend"]
