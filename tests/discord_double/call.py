"""One REST call on its way to its handler, and the errors a handler answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .handles import Sent
from .ids import APPLICATION_ID
from .messages import files_of
from .permissions import ALL_PERMISSIONS, VIEW_CHANNEL

if TYPE_CHECKING:
    from .body import Upload
    from .gateway import Gateway
    from .handles import Request
    from .payloads import Json
    from .world import World

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_USER, UNKNOWN_WEBHOOK = 10003, 10008, 10013, 10015
UNKNOWN_GUILD, UNKNOWN_INTERACTION = 10004, 10062
MISSING_ACCESS, MISSING_PERMISSIONS, REPLY_NEEDS_HISTORY = 50001, 50013, 160002
ALREADY_ACKNOWLEDGED, INVALID_WEBHOOK_TOKEN, INVALID_FORM_BODY = 40060, 50027, 50035


class ApiError(Exception):
    """An answer of Discord that says no."""

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"message": message, "code": code} | more


@dataclass(slots=True, kw_only=True)
class Call:
    """A judged request with everything its handler needs; `data` is its body, or an empty object."""

    world: World
    gateway: Gateway
    request: Request
    params: tuple[str, ...]
    data: Any
    uploads: list[Upload]

    def channel(self, channel_id: str, needed: int = 0) -> Json:
        """Find a channel, or answer 404, or 403 where the bot cannot see it or lacks what is needed."""
        if channel_id not in self.world.channels:
            raise ApiError(404, UNKNOWN_CHANNEL, "Unknown Channel")
        may = self.may(channel_id)
        if not may & VIEW_CHANNEL:
            raise ApiError(403, MISSING_ACCESS, "Missing Access")
        if needed & ~may:
            raise ApiError(403, MISSING_PERMISSIONS, "Missing Permissions")
        return self.world.channels[channel_id]

    def may(self, channel_id: str) -> int:
        """Say what the bot may do in a channel: everything in private."""
        channel = self.world.channels[channel_id]
        return self.world.permissions(channel, APPLICATION_ID) if "guild_id" in channel else ALL_PERMISSIONS

    def message(self, message_id: str | None) -> Json:
        """Find a message or answer 404."""
        if message_id is None or message_id not in self.world.messages:
            raise ApiError(404, UNKNOWN_MESSAGE, "Unknown Message")
        return self.world.messages[message_id]

    async def publish(self, event: str, message: Json) -> Sent:
        """Record what the bot made visible and echo it over the gateway, as Discord does."""
        sent = Sent(message=dict(message), files=files_of(self.world, message), request=self.request)
        self.world.sent.append(sent)
        if not sent.ephemeral:
            await self.gateway.message(event, sent.message)
        return sent
