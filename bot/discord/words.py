"""Other people's words inside the bot's own text: they are shown, and do nothing."""

import re
from datetime import datetime

import discord

from bot.discord.limits import cut

_FENCE = re.compile("`{3,}")
_APART = "\N{ZERO WIDTH SPACE}"
_PART = re.compile(r"(https?://[\w./:?=&%+,;@#-]+)|([\\*_~|`<[]|^[-+#>])", re.ASCII)
"""An address, up to what could make a link with other words of it; or a mark, each by itself.

discord.py's own function takes a whole link for one mark, and all between two links with it.
"""


def quiet(text: str, limit: int = 300) -> str:
    """Show words without their Markdown or mentions, in one line; a plain address can still be followed."""
    # Cut first: a cut behind the escaping could take its backslash from a character.
    words = cut(" ".join(text.split()), limit)
    return discord.utils.escape_mentions(_PART.sub(lambda part: part[1] or f"\\{part[2]}", words))


def fenced(text: str, language: str = "") -> str:
    """Put a text into a block of code that it cannot end."""
    inside = _FENCE.sub(lambda fence: _APART.join(fence.group()), text)
    return f"```{language}\n{inside}\n```"


def when(at: datetime, style: discord.utils.TimestampStyle = "f") -> str:
    """Write a time so that Discord shows it in each reader's own language and time zone."""
    return discord.utils.format_dt(at, style)
