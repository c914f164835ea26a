"""Files that people attach: of whatever they are there is one sentence; the bot's own are read back."""

import codecs
import logging
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import aiohttp
import discord
from discord import ui

from answers.reading import MAX_SOURCE
from bot.discord.words import quiet
from bot.errors import BadRequest
from bot.reply import Script
from bot.storage.drafts import MAX_DRAFT
from bot.teaching.porting.archive import MOST_BYTES

_log = logging.getLogger(__name__)

_MOST = 4 * MAX_DRAFT
"""Bytes: more than any text of so many characters has."""
_SUFFIXES = (".md", ".markdown", ".txt")
_VERSION = re.compile(r"\.v(\d{1,9})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A Markdown file."""

    name: str
    text: str

    @property
    def version(self) -> int | None:
        """The version that it was made from, if its name says so as those that the bot hands out do."""
        match = _VERSION.search(self.name)
        return int(match[1]) if match else None


def handed_out(slug: str, n: int, text: str) -> Script:
    """Make a file of a text, whose name says which version it is."""
    return Script(name=f"{slug}.v{n}.md", text=text)


async def read_answer(attachment: discord.Attachment) -> Attached:
    """Read the Markdown file of one answer.

    Raises:
        BadRequest: it is no such file, or cannot be read.
    """
    name = quiet(attachment.filename, 80)
    if attachment.filename.lower().endswith(".zip"):
        raise BadRequest(f"An answer is one Markdown file (.md); got {name}; use `/answer import` for a zip.")
    if not attachment.filename.lower().endswith(_SUFFIXES):
        raise BadRequest(f"An answer is a Markdown file (.md); got {name}; attach the .md file.")
    data = await _read(attachment, _MOST, f"An answer has at most {MAX_SOURCE} characters")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest(
            f"An answer is UTF-8 text; {name} is {_told(data, error.start)}; save it as UTF-8 and attach it."
        ) from None
    if len(text) > MAX_DRAFT:
        raise BadRequest(
            f"An answer has at most {MAX_SOURCE} characters; {name} has {len(text)}; shorten it."
        )
    if not text.strip():
        raise BadRequest(f"The file {name} is empty; nothing was saved; attach the text of the answer.")
    return Attached(name=attachment.filename, text=text)


async def read_archive(attachment: discord.Attachment, limit: int) -> bytes:
    """Read a zip of answers, which the bot must be able to attach again.

    Raises:
        BadRequest: it is too large, or cannot be read.
    """
    most = min(MOST_BYTES, limit)
    return await _read(attachment, most, f"A zip has at most {most // 2**20} MiB here")


async def read_back(interaction: discord.Interaction, *suffixes: str) -> bytes:
    """Read what the bot attached to the message that something was pressed on.

    Discord lists a file that a component shows with the component, not with the attachments.

    Raises:
        BadRequest: it is gone.
    """
    message = interaction.message
    view = ui.LayoutView.from_message(message, timeout=None) if message is not None else ui.LayoutView()
    for item in view.walk_children():
        if isinstance(item, ui.File) and _name(item).endswith(suffixes):
            try:
                return await interaction.client.http.get_from_cdn(item.media.url)
            except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
                _log.warning("a file of the bot's own could not be read back: %r", error)
                break
    raise BadRequest("The file of this message is gone; nothing was changed; begin again with the command.")


def _told(data: bytes, start: int) -> str:
    """Say what a file is that is no UTF-8 text, of which this byte is the first sign."""
    if data.startswith(b"PK"):
        return "a zip or an office document"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16, which some editors call Unicode"
    line = data[:start].count(b"\n") + 1
    return f"not, from line {line} on"


def _name(item: ui.File[ui.LayoutView]) -> str:
    return PurePosixPath(urlsplit(item.media.url).path).name


async def _read(attachment: discord.Attachment, most: int, rule: str) -> bytes:
    name = quiet(attachment.filename, 80)
    if attachment.size > most:
        raise BadRequest(f"{rule}; {name} has {attachment.size} bytes; nothing was read.")
    try:
        data = await attachment.read()
    except discord.NotFound:
        raise BadRequest(f"Discord does not have {name} any more; attach it again.") from None
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError):
        raise BadRequest(f"Discord did not hand over {name}; nothing was changed; try again.") from None
    if len(data) > most:  # what is said of a file's size may be a lie
        raise BadRequest(f"{rule}; {name} has {len(data)} bytes; nothing was read.")
    return data
