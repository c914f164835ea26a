"""What a drawing has to look up besides the message itself."""

from __future__ import annotations

import base64
import mimetypes
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from discord_double.payloads import Json
    from discord_double.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The files that a message shows, by name of their id, and what the ids in its texts are called."""

    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    names: dict[str, str] = field(default_factory=dict[str, str])
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def address(self, media: Json) -> str:
        """Return an address that holds the picture itself, so that the page needs no other file."""
        data = self.files.get(str(media.get("attachment_id") or media.get("id")))
        if data is None:
            return str(media["url"])
        kind = media.get("content_type") or mimetypes.guess_type(str(media["url"]))[0] or "image/png"
        return f"data:{kind};base64,{base64.b64encode(data).decode()}"

    def name(self, kind: str, id_: str) -> str:
        """Say what is mentioned: `@` somebody or a role, `#` a channel."""
        return kind + self.names.get(id_, f"unknown {id_}")


def seen_in(world: World, message: Json) -> Seen:
    """Collect what a message of the double refers to; its times are counted from when it was written."""
    roles = {role["id"]: role["name"] for guild in world.guilds.values() for role in guild["roles"]}
    channels = {id_: one["name"] for id_, one in world.channels.items() if "name" in one}
    people = [message["author"], *message["mentions"]] if "author" in message else []
    persons = {one["id"]: one.get("global_name") or one["username"] for one in people}
    written = message.get("edited_timestamp") or message.get("timestamp")
    return Seen(
        files=world.files,
        names=roles | channels | persons,
        now=datetime.fromisoformat(written) if written else datetime.now(UTC),
    )
