"""Other people's words inside the bot's own text: they are shown, and do nothing."""

import re
from datetime import datetime

import discord

from bot.discord.limits import cut

_FENCE = re.compile("`{3,}")
_APART = "\N{ZERO WIDTH SPACE}"


def quiet(text: str, limit: int = 300) -> str:
    """Show words without their Markdown or mentions, in one line."""
    # Cut first: a cut behind the escaping could take its backslash from a character.
    return discord.utils.escape_mentions(discord.utils.escape_markdown(cut(" ".join(text.split()), limit)))


def fenced(text: str, language: str = "") -> str:
    """Put a text into a block of code that it cannot end."""
    inside = _FENCE.sub(lambda fence: _APART.join(fence.group()), text)
    return f"```{language}\n{inside}\n```"


def when(at: datetime, style: discord.utils.TimestampStyle = "f") -> str:
    """Write a time so that Discord shows it in each reader's own language and time zone."""
    return discord.utils.format_dt(at, style)
