"""The routes of channels, messages, reactions and threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import call as codes
from . import messages, payloads
from .call import ApiError, Call
from .gateway import GUILDS
from .guilds import FORUM, THREADS
from .ids import APPLICATION_ID
from .permissions import (
    ADD_REACTIONS,
    ATTACH_FILES,
    CREATE_PUBLIC_THREADS,
    EMBED_LINKS,
    MANAGE_CHANNELS,
    MANAGE_MESSAGES,
    MANAGE_THREADS,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
)
from .posts import applied
from .world import now_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .payloads import Json

_REPLY = 19


async def channel(call: Call) -> tuple[int, Any]:
    """Describe a channel."""
    return 200, call.channel(call.params[0])


async def change_channel(call: Call) -> tuple[int, Any]:
    """Change a channel or a thread: archive, lock, rename, tag."""
    place = call.channel(call.params[0])
    if "thread_metadata" not in place:
        call.channel(place["id"], MANAGE_CHANNELS)
    elif place["owner_id"] != APPLICATION_ID and call.data != {"archived": False}:
        call.channel(place["id"], MANAGE_THREADS)
    if "applied_tags" in call.data:
        call.data["applied_tags"] = _tags(call, call.world.parent(place), call.data["applied_tags"])
    metadata = {key: call.data.pop(key) for key in ("archived", "locked") if key in call.data}
    place.update(call.data)
    if "thread_metadata" in place:
        place["thread_metadata"] = place["thread_metadata"] | metadata
        await call.gateway.dispatch("THREAD_UPDATE", dict(place), intents=GUILDS)
    return 200, place


def _tags(call: Call, forum: Json, tags: Sequence[str]) -> list[str]:
    try:
        return applied(forum, tags, call.may(forum["id"]))
    except (LookupError, ValueError) as error:
        raise ApiError(400, codes.INVALID_FORM_BODY, f"Invalid Form Body: {error}") from None


async def history(call: Call) -> tuple[int, Any]:
    """List the messages of a channel, newest first: none where the bot may not read what was before."""
    place = call.channel(call.params[0])["id"]
    if not call.may(place) & READ_MESSAGE_HISTORY:
        return 200, []
    found = [message for message in call.world.messages.values() if message["channel_id"] == place]
    shown = found[::-1][: int(call.request.query.get("limit", "50"))]
    return 200, [call.world.for_bot(one, content=call.world.allow_message_content) for one in shown]


async def post(call: Call) -> tuple[int, Any]:
    """Write a message."""
    place = call.channel(call.params[0])
    call.channel(place["id"], _needed_to_post(call, place))
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
    call.world.note_message(message)
    await call.publish("MESSAGE_CREATE", message)
    return 200, message


def _needed_to_post(call: Call, place: Json) -> int:
    needed = SEND_MESSAGES_IN_THREADS if place["type"] in THREADS else SEND_MESSAGES
    if call.uploads:
        needed |= ATTACH_FILES
    return needed | EMBED_LINKS if call.data.get("embeds") else needed


def _reference(call: Call, channel_id: str) -> Json:
    asked = call.data.get("message_reference")
    if not asked:
        return {}
    if not call.may(channel_id) & READ_MESSAGE_HISTORY:
        text = "Cannot reply without permission to read message history"
        raise ApiError(400, codes.REPLY_NEEDS_HISTORY, text)
    answered = call.world.messages.get(str(asked["message_id"]))
    if answered is None:
        if asked.get("fail_if_not_exists", True):
            raise ApiError(400, codes.INVALID_FORM_BODY, "Invalid Form Body: Unknown message")
        return {}
    reference = {"type": 0, "channel_id": channel_id, "message_id": answered["id"]}
    if (guild_id := call.world.channels[channel_id].get("guild_id")) is not None:
        reference["guild_id"] = guild_id
    return {"type": _REPLY, "message_reference": reference, "referenced_message": answered}


async def message(call: Call) -> tuple[int, Any]:
    """Read a message."""
    call.channel(call.params[0], READ_MESSAGE_HISTORY)
    found = call.message(call.params[1])
    return 200, call.world.for_bot(found, content=call.world.allow_message_content)


async def edit(call: Call) -> tuple[int, Any]:
    """Change a message of the bot."""
    call.channel(call.params[0])
    found = call.message(call.params[1])
    if found["author"]["id"] != APPLICATION_ID:
        raise ApiError(403, 50005, "Cannot edit a message authored by another user")
    messages.edit(call.world, found, call.data, call.uploads)
    await call.publish("MESSAGE_UPDATE", found)
    return 200, found


async def delete(call: Call) -> tuple[int, Any]:
    """Delete a message."""
    found = call.message(call.params[1])
    call.channel(call.params[0], 0 if found["author"]["id"] == APPLICATION_ID else MANAGE_MESSAGES)
    messages.delete(call.world, found["id"])
    return 204, None


async def react(call: Call) -> tuple[int, Any]:
    """Accept a reaction to a message that exists."""
    call.channel(call.params[0], ADD_REACTIONS | READ_MESSAGE_HISTORY)
    call.message(call.params[1])
    return 204, None


async def unreact(call: Call) -> tuple[int, Any]:
    """Accept that a reaction goes from a message that exists."""
    call.channel(call.params[0])
    call.message(call.params[1])
    return 204, None


async def known_channel(call: Call) -> tuple[int, Any]:
    """Accept what only needs its channel to exist: typing, thread membership."""
    call.channel(call.params[0])
    return 204, None


async def thread_from_message(call: Call) -> tuple[int, Any]:
    """Start a thread from a message: it gets the message's id."""
    place = call.channel(call.params[0], CREATE_PUBLIC_THREADS)
    return 201, await _start(call, call.message(call.params[1])["id"], place)


async def thread(call: Call) -> tuple[int, Any]:
    """Start a thread, in a forum with its first message."""
    place = call.channel(call.params[0])
    if place["type"] != FORUM:
        call.channel(place["id"], CREATE_PUBLIC_THREADS)
        return 201, await _start(call, call.world.new_id(), place)
    call.channel(place["id"], SEND_MESSAGES)
    tags = _tags(call, place, call.data.get("applied_tags") or [])
    made = await _start(call, call.world.new_id(), place, tags)
    written = messages.create(call.world, made["id"], call.data["message"], call.uploads, id=made["id"])
    call.world.note_message(written)
    await call.publish("MESSAGE_CREATE", written)
    return 201, made | {"message": written}


async def _start(call: Call, thread_id: str, parent: Json, tags: Sequence[str] = ()) -> Json:
    made = payloads.thread(
        thread_id, parent, call.data["name"], owner_id=APPLICATION_ID, at=now_text(), tags=tags
    )
    call.world.channels[made["id"]] = made
    parent["last_message_id"] = made["id"] if parent["type"] == FORUM else parent["last_message_id"]
    await call.gateway.dispatch("THREAD_CREATE", made | {"newly_created": True}, intents=GUILDS)
    return made


async def direct_channel(call: Call) -> tuple[int, Any]:
    """Open a private conversation."""
    return 200, call.world.direct_channel(call.data["recipient_id"])
