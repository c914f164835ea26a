"""Changing one part of a server's settings, unless somebody else has just changed it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.discord.here import Here
from bot.discord.settings.facets import Facet, Values, digest
from bot.storage.guild_settings import GuildSettings
from bot.storage.people import Author, Signed
from bot.storage.settings import SettingConflict

_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A part has a new value."""

    facet: Facet
    channel: str
    before: Values
    settings: GuildSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Beaten:
    """Somebody else changed the same part after it was shown; nothing was saved."""

    facet: Facet
    channel: str
    settings: GuildSettings
    winner: Author | None
    at: datetime | None


async def change(where: Here, facet: Facet, channel: str, *, seen: str, values: Values) -> Changed | Beaten:
    """Give one part of the settings a new value.

    Args:
        where: the server, and who changes it.
        facet: the part.
        channel: whose it is; empty where it belongs to the server.
        seen: the digest of what was shown.
        values: the new value.

    Raises:
        StorageError: nothing was saved.
    """
    stored = where.hub.storage.settings
    for _ in range(_TRIES):
        now = await stored.get(where.guild)
        before = facet.read(now, channel)
        if digest(before) != seen and before != values:
            break
        signed = Signed(author=where.person.author, at=datetime.now(UTC))
        try:
            after = await where.hub.change_settings(
                where.guild, {facet.setting: facet.change(now, channel, values)}, seen=now, by=signed
            )
        except SettingConflict:
            continue  # perhaps another channel's
        return Changed(facet=facet, channel=channel, before=before, settings=after)
    now = await stored.get(where.guild)
    last = next((one for one in await stored.changed(where.guild) if one.name == facet.setting), None)
    return Beaten(
        facet=facet,
        channel=channel,
        settings=now,
        winner=last.author if last else None,
        at=last.at if last else None,
    )
