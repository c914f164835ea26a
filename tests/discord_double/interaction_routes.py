"""The routes that answer an interaction: the callback, and the webhook that lives for its 15 minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import call as codes
from . import components, messages
from .call import ApiError, Call
from .ids import APPLICATION_ID
from .world import now_text

if TYPE_CHECKING:
    from .handles import Interaction
    from .payloads import Json

_COMMAND, _COMPONENT, _AUTOCOMPLETE, _MODAL = 2, 3, 4, 5
_SHOWING = frozenset({components.CALLBACK_MESSAGE, components.CALLBACK_DEFER})
_CHANGING = frozenset({components.CALLBACK_DEFER_UPDATE, components.CALLBACK_UPDATE})


async def callback(call: Call) -> tuple[int, Any]:
    """Acknowledge an interaction."""
    interaction_id, token = call.params
    interaction = call.world.interactions.get(token)
    late = interaction is not None and call.request.at > interaction.sent_at + call.world.acknowledge_within
    if (
        interaction is None
        or interaction.payload["id"] != interaction_id
        or (late and interaction.callback is None)
    ):
        raise ApiError(404, codes.UNKNOWN_INTERACTION, "Unknown interaction")
    if interaction.callback is not None:
        raise ApiError(400, codes.ALREADY_ACKNOWLEDGED, "Interaction has already been acknowledged.")
    kind: int = call.data["type"]
    data: Json = call.data.get("data") or {}
    if kind not in _possible(interaction):
        raise ApiError(400, codes.INVALID_FORM_BODY, f"Invalid Form Body: type {kind} is no answer to this")
    interaction.callback, interaction.callback_body = kind, call.data
    interaction.acknowledged_at = call.request.at
    message = await _respond(call, interaction, kind, data)
    if call.request.query.get("with_response", "") not in ("1", "true", "True"):
        return 204, None
    return 200, _callback_response(interaction, kind, message)


def _possible(interaction: Interaction) -> frozenset[int]:
    """Say which callbacks answer it: no modal follows a modal, and only what has a message changes it."""
    kind = interaction.payload["type"]
    if kind == _AUTOCOMPLETE:
        return frozenset({components.CALLBACK_CHOICES})
    possible = _SHOWING if kind == _MODAL else _SHOWING | {components.CALLBACK_MODAL}
    return possible | _CHANGING if "message" in interaction.payload else possible


async def _respond(call: Call, interaction: Interaction, kind: int, data: Json) -> Json | None:
    if kind in (components.CALLBACK_MESSAGE, components.CALLBACK_DEFER):
        message = messages.create(call.world, _place(interaction), data, call.uploads, **_origin(interaction))
        interaction.original_id = message["id"]
        interaction.loading = kind == components.CALLBACK_DEFER
        if interaction.loading:
            message["flags"] |= components.LOADING
        else:
            interaction.show(await call.publish("MESSAGE_CREATE", message), inside_callback=True)
        return message
    if kind in (components.CALLBACK_DEFER_UPDATE, components.CALLBACK_UPDATE):
        interaction.original_id = (
            interaction.payload["message"]["id"] if "message" in interaction.payload else None
        )
        message = call.message(interaction.original_id)
        if kind == components.CALLBACK_UPDATE:
            messages.edit(call.world, message, data, call.uploads)
            interaction.show(await call.publish("MESSAGE_UPDATE", message), inside_callback=True)
        return message
    return None


async def execute(call: Call) -> tuple[int, Any]:
    """Send a follow-up; the first one after a deferral fills the waiting message."""
    interaction = _webhook(call)
    if interaction.loading and interaction.original_id in call.world.messages:
        message = await _fill(call, interaction)
    else:
        message = messages.create(
            call.world, _place(interaction), call.data, call.uploads, **_origin(interaction)
        )
        interaction.show(await call.publish("MESSAGE_CREATE", message), inside_callback=False)
    return (200, message) if call.request.query.get("wait", "") in ("1", "true", "True") else (204, None)


async def edit(call: Call) -> tuple[int, Any]:
    """Change @original or a follow-up."""
    interaction, message = _webhook_message(call)
    if interaction.loading and message["id"] == interaction.original_id:
        return 200, await _fill(call, interaction)
    messages.edit(call.world, message, call.data, call.uploads)
    interaction.show(await call.publish("MESSAGE_UPDATE", message), inside_callback=False)
    return 200, message


async def _fill(call: Call, interaction: Interaction) -> Json:
    message = call.message(interaction.original_id)
    ephemeral = message["flags"] & components.EPHEMERAL
    messages.apply(call.world, message, call.data, call.uploads)
    # Who can see the answer was decided by the deferral.
    message["flags"] = message["flags"] & ~components.EPHEMERAL | ephemeral
    interaction.loading = False
    interaction.show(await call.publish("MESSAGE_UPDATE", message), inside_callback=False)
    return message


async def read(call: Call) -> tuple[int, Any]:
    """Return @original or a follow-up."""
    return 200, _webhook_message(call)[1]


async def delete(call: Call) -> tuple[int, Any]:
    """Delete @original or a follow-up."""
    message = _webhook_message(call)[1]
    messages.delete(call.world, message["id"])
    return 204, None


def _webhook(call: Call) -> Interaction:
    interaction = call.world.interactions.get(call.params[1])
    if interaction is None or call.params[0] != APPLICATION_ID or interaction.callback is None:
        raise ApiError(404, codes.UNKNOWN_WEBHOOK, "Unknown Webhook")
    if interaction.expired:
        raise ApiError(401, codes.INVALID_WEBHOOK_TOKEN, "Invalid Webhook Token")
    return interaction


def _webhook_message(call: Call) -> tuple[Interaction, Json]:
    interaction = _webhook(call)
    wanted = call.params[2]
    return interaction, call.message(interaction.original_id if wanted == "@original" else wanted)


def _place(interaction: Interaction) -> str:
    return interaction.payload["channel"]["id"]


def _origin(interaction: Interaction) -> Json:
    """Say where a message comes from."""
    return {
        "type": 20 if interaction.payload["type"] == _COMMAND else 0,
        "application_id": APPLICATION_ID,
        "webhook_id": APPLICATION_ID,
        "interaction_metadata": _metadata(interaction),
        "timestamp": now_text(),
    }


def _metadata(interaction: Interaction) -> Json:
    metadata: Json = {
        "id": interaction.payload["id"],
        "type": interaction.payload["type"],
        "user": interaction.payload.get("user") or interaction.payload["member"]["user"],
        "authorizing_integration_owners": interaction.payload["authorizing_integration_owners"],
    }
    if interaction.payload["type"] == _COMPONENT:
        metadata["interacted_message_id"] = interaction.payload["message"]["id"]
    if interaction.opened_by is not None:
        metadata["triggering_interaction_metadata"] = _metadata(interaction.opened_by)
    return metadata


def _callback_response(interaction: Interaction, kind: int, message: Json | None) -> Json:
    said: Json = {"id": interaction.payload["id"], "type": interaction.payload["type"]}
    body: Json = {"interaction": said}
    if message is not None:
        said["response_message_id"] = message["id"]
        said["response_message_loading"] = interaction.loading
        said["response_message_ephemeral"] = bool(message["flags"] & components.EPHEMERAL)
        if kind in (components.CALLBACK_MESSAGE, components.CALLBACK_UPDATE):
            body["resource"] = {"type": kind, "message": message}
    return body
