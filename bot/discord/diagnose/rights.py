"""What the bot may do in a channel, and what it cannot do without.

Discord answers a refused request without saying which permission is missing; they are computed here.
"""

from collections.abc import Iterator, Mapping

import discord

from bot.discord.diagnose.finding import Finding, fine, note, wrong
from bot.discord.translating import marked, say

NAMES: Mapping[str, str] = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
    "embed_links": "Embed Links",
}
"""As Discord's own settings call them."""

_WITHOUT = {
    "view_channel": marked("I do not see what is said here"),
    "send_messages": marked("I cannot answer mentions here"),
    "send_messages_in_threads": marked("I cannot answer in threads and posts here"),
    "attach_files": marked("my answers to mentions come without their plots"),
    "read_message_history": marked("I cannot reply to messages here"),
}
_CURE = marked(
    "Channel settings → Permissions → add my role → allow it. Commands such as `/ask` work without."
)
_NO_COMMANDS = marked(
    "Students may not use commands here: @everyone is missing **Use Application Commands**."
)
_NO_COMMANDS_CURE = marked("Channel settings → Permissions → @everyone → allow it; mentions work without.")

Place = discord.abc.GuildChannel | discord.Thread


def needed(place: Place) -> tuple[str, ...]:
    """Return what the bot needs for answers in a channel, a forum or a thread."""
    in_threads = isinstance(place, discord.Thread | discord.ForumChannel)
    send = "send_messages_in_threads" if in_threads else "send_messages"
    return ("view_channel", send, "attach_files", "read_message_history")


def right_findings(place: Place, may: discord.Permissions) -> Iterator[Finding]:
    """Say what the bot may do there."""
    wanted = needed(place)
    missing = [right for right in wanted if not getattr(may, right)]
    for right in missing:
        text = say("I am missing **{name}**: {without}.", name=NAMES[right], without=say(_WITHOUT[right]))
        yield wrong(text, say(_CURE))
    if not missing:
        yield fine(say("I have the permissions: {names}.", names=", ".join(NAMES[right] for right in wanted)))
    if isinstance(place, discord.TextChannel) and not may.send_messages_in_threads:
        yield note(
            say("In threads of this channel I cannot answer: **Send Messages in Threads** is missing.")
        )
    if not may.embed_links:
        yield note(say("**Embed Links** is missing; my cards do without it."))


def student_findings(place: Place) -> Iterator[Finding]:
    """Say whether everybody may use commands, where everybody may read."""
    channel = place.parent if isinstance(place, discord.Thread) else place
    if channel is None:
        return
    everyone = channel.permissions_for(channel.guild.default_role)
    if everyone.view_channel and not everyone.use_application_commands:
        yield wrong(say(_NO_COMMANDS), say(_NO_COMMANDS_CURE))
