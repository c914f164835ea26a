"""The routes of channels, messages, reactions and threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import call as codes
from . import messages, payloads
from .call import ApiError, Call
from .gateway import GUILDS
from .world import now_text

if TYPE_CHECKING:
    from .payloads import Json

_REPLY = 19


async def channel(call: Call) -> tuple[int, Any]:
    """Describe a channel."""
    return 200, call.channel(call.params[0])


async def change_channel(call: Call) -> tuple[int, Any]:
    """Change a channel or a thread: archive, lock, rename, tag."""
    place = call.channel(call.params[0])
    metadata = {key: call.data.pop(key) for key in ("archived", "locked") if key in call.data}
    place.update(call.data)
    if "thread_metadata" in place:
        place["thread_metadata"].update(metadata)
        await call.gateway.dispatch("THREAD_UPDATE", place, intents=GUILDS)
    return 200, place


async def history(call: Call) -> tuple[int, Any]:
    """List the messages of a channel, newest first."""
    place = call.channel(call.params[0])["id"]
    found = [message for message in call.world.messages.values() if message["channel_id"] == place]
    return 200, found[::-1][: int(call.request.query.get("limit", "50"))]


async def post(call: Call) -> tuple[int, Any]:
    """Write a message."""
    place = call.channel(call.params[0])
    nonce = str(call.data.get("nonce", ""))
    if call.data.get("enforce_nonce") and (made := call.world.nonces.get(nonce)) is not None:
        # Discord remembers a nonce for some minutes: of the same one there is one message.
        return 200, made
    message = messages.create(
        call.world, place["id"], call.data, call.uploads, **_reference(call, place["id"])
    )
    if nonce:
        message["nonce"] = call.data["nonce"]
        call.world.nonces[nonce] = message
    place["last_message_id"] = message["id"]
    await call.publish("MESSAGE_CREATE", message)
    return 200, message


def _reference(call: Call, channel_id: str) -> Json:
    asked = call.data.get("message_reference")
    if not asked:
        return {}
    answered = call.world.messages.get(str(asked["message_id"]))
    if answered is None:
        if asked.get("fail_if_not_exists", True):
            raise ApiError(400, codes.INVALID_FORM_BODY, "Invalid Form Body: Unknown message")
        return {}
    reference = {
        "type": 0,
        "channel_id": channel_id,
        "message_id": answered["id"],
        "guild_id": payloads.GUILD_ID,
    }
    return {"type": _REPLY, "message_reference": reference, "referenced_message": answered}


async def message(call: Call) -> tuple[int, Any]:
    """Read a message."""
    call.channel(call.params[0])
    return 200, call.message(call.params[1])


async def edit(call: Call) -> tuple[int, Any]:
    """Change a message of the bot."""
    call.channel(call.params[0])
    found = call.message(call.params[1])
    if found["author"]["id"] != payloads.APPLICATION_ID:
        raise ApiError(403, 50005, "Cannot edit a message authored by another user")
    messages.edit(call.world, found, call.data, call.uploads)
    await call.publish("MESSAGE_UPDATE", found)
    return 200, found


async def delete(call: Call) -> tuple[int, Any]:
    """Delete a message."""
    call.channel(call.params[0])
    messages.delete(call.world, call.message(call.params[1])["id"])
    return 204, None


async def known_message(call: Call) -> tuple[int, Any]:
    """Accept what only needs its message to exist: reactions."""
    call.channel(call.params[0])
    call.message(call.params[1])
    return 204, None


async def known_channel(call: Call) -> tuple[int, Any]:
    """Accept what only needs its channel to exist: typing, thread membership."""
    call.channel(call.params[0])
    return 204, None


async def thread_from_message(call: Call) -> tuple[int, Any]:
    """Start a thread from a message: it gets the message's id."""
    place = call.channel(call.params[0])
    return 201, await _start(call, call.message(call.params[1])["id"], place["id"])


async def thread(call: Call) -> tuple[int, Any]:
    """Start a thread, in a forum with its first message."""
    place = call.channel(call.params[0])
    made = await _start(call, call.world.new_id(), place["id"])
    first = call.data.get("message")
    if first is None:
        return 201, made
    written = messages.create(call.world, made["id"], first, call.uploads, id=made["id"])
    await call.publish("MESSAGE_CREATE", written)
    return 201, made | {"message": written}


async def _start(call: Call, thread_id: str, parent_id: str) -> Json:
    name = call.data["name"]
    made = payloads.thread(thread_id, parent_id, name, payloads.APPLICATION_ID, now_text())
    call.world.channels[made["id"]] = made
    await call.gateway.dispatch("THREAD_CREATE", made | {"newly_created": True}, intents=GUILDS)
    return made


async def direct_channel(call: Call) -> tuple[int, Any]:
    """Open a private conversation."""
    return 200, call.world.direct_channel(call.data["recipient_id"])
