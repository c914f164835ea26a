"""What holds in one channel: what the server wants there, what Discord tells the bot, what it may do."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import discord

from bot.discord.diagnose.finding import Finding, fine, note, wrong
from bot.discord.diagnose.rights import Place, right_findings, student_findings
from bot.discord.places import in_charge, mode_in, reads_messages
from bot.discord.settings.telling import posts, tag_names
from bot.discord.settings.warnings import reading_warnings
from bot.discord.translating import marked, say
from bot.storage.guild_settings import GuildSettings, Mode

if TYPE_CHECKING:
    from bot.discord.client import BackchatClient

_OFF = marked("I am switched off here.")
_OFF_CURE = marked("{who} can switch me on: `/settings` → Channels and forums.")
_ADDRESSED = marked(
    "I answer commands, mentions and replies to my answers here; to anything else I say nothing."
)
_BY_MYSELF = marked(
    "I answer questions here by myself, if I am sure and nobody else is talking; else I say nothing."
)
_HIDDEN = marked("I do not see this channel.")
_HIDDEN_CURE = marked("Channel settings → Permissions → add my role → allow **View Channel**.")


def mode_finding(settings: GuildSettings, place: object) -> Finding:
    """Say what the server wants there."""
    mode = mode_in(settings, place)
    if mode is Mode.OFF:
        return wrong(say(_OFF), say(_OFF_CURE, who=in_charge(settings)))
    return fine(say(_BY_MYSELF if mode is Mode.ANSWER else _ADDRESSED))


def place_findings(
    client: "BackchatClient", place: Place, settings: GuildSettings, may: discord.Permissions
) -> Iterator[Finding]:
    """Say everything that holds there.

    Args:
        client: the bot.
        place: where.
        settings: of the server.
        may: what the bot is allowed to do there.
    """
    yield mode_finding(settings, place)
    forum = place.parent if isinstance(place, discord.Thread) else place
    if isinstance(forum, discord.ForumChannel):
        which = posts(settings, str(forum.id), tag_names(forum.guild))
        yield note(say("New posts of this forum: {which}.", which=which))
    yield from _reading(client, settings)
    yield from right_findings(place, may)
    yield from student_findings(place)


def hidden_findings(settings: GuildSettings, place: object) -> Iterator[Finding]:
    """Say what holds in a channel that Discord does not show to the bot."""
    yield mode_finding(settings, place)
    yield wrong(say(_HIDDEN), say(_HIDDEN_CURE))


def _reading(client: "BackchatClient", settings: GuildSettings) -> Iterator[Finding]:
    warnings = list(reading_warnings(client, settings))
    yield from (wrong(warning) for warning in warnings)
    if client.intents.message_content:
        yield fine(say("**Message Content Intent**: on, so I read messages to nobody, too."))
    elif not reads_messages(settings):
        yield note(say("**Message Content Intent**: off. No setting of this server needs it."))
