"""Storing messages as Discord does: ids for components, addresses for files, flags that stay."""

from __future__ import annotations

import copy
import mimetypes
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from . import components, payloads
from .world import now_text

if TYPE_CHECKING:
    from .body import Upload
    from .payloads import Json
    from .world import World

_PNG = b"\x89PNG\r\n\x1a\n"
_KEPT_FLAGS = components.EPHEMERAL | components.COMPONENTS_V2
# What a bot may set: suppress embeds, ephemeral, suppress notifications, components V2.
_SETTABLE_FLAGS = 1 << 2 | 1 << 6 | 1 << 12 | 1 << 15


def create(world: World, channel_id: str, data: Json, uploads: list[Upload], **more: Any) -> Json:
    """Store a new message of the bot."""
    blank: Json = {
        "id": world.new_id(),
        "channel_id": channel_id,
        "author": payloads.bot_user(),
        "type": 0,
        "content": "",
        "embeds": [],
        "components": [],
        "attachments": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
        "flags": 0,
        "timestamp": now_text(),
        "edited_timestamp": None,
    }
    message = blank | more
    world.messages[message["id"]] = message
    world.attachments[message["id"]] = []
    apply(world, message, data, uploads)
    return message


def edit(world: World, message: Json, data: Json, uploads: list[Upload]) -> None:
    """Change a stored message."""
    apply(world, message, data, uploads)
    message["edited_timestamp"] = now_text()


def apply(world: World, message: Json, data: Json, uploads: list[Upload]) -> None:
    """Put what a request says into a message; what it does not name stays."""
    flags = data.get("flags")
    if isinstance(flags, int):
        message["flags"] = message["flags"] & _KEPT_FLAGS | flags & _SETTABLE_FLAGS
    message["flags"] &= ~components.LOADING
    if "content" in data:
        message["content"] = components.text(data["content"])
    _attach(world, message, data, uploads)
    held = {item["filename"]: item for item in world.attachments[message["id"]]}
    if "embeds" in data:
        message["embeds"] = [
            {"type": "rich"} | embed for embed in copy.deepcopy(components.dicts(data["embeds"]))
        ]
        for found in components.embed_media(message["embeds"]):
            for key in ("url", "icon_url"):
                if (item := _referenced(found.get(key), held)) is not None:
                    found[key] = item["url"]
    if "components" in data:
        message["components"] = copy.deepcopy(components.dicts(data["components"]))
        _complete(message["components"], held)
    shown = _shown(message)
    message["attachments"] = [item for item in held.values() if item["url"] not in shown]


def delete(world: World, message_id: str) -> None:
    """Forget a message."""
    world.messages.pop(message_id, None)
    world.attachments.pop(message_id, None)


def files_of(world: World, message: Json) -> dict[str, bytes]:
    """Collect the bytes of every file that a message holds."""
    return {item["filename"]: world.files[item["id"]] for item in world.attachments.get(message["id"], [])}


def _attach(world: World, message: Json, data: Json, uploads: list[Upload]) -> None:
    # `attachments` names what stays and describes what is uploaded; without it everything stays.
    described = {str(item.get("id")): item for item in components.dicts(data.get("attachments"))}
    old = world.attachments[message["id"]]
    kept = [item for item in old if "attachments" not in data or item["id"] in described]
    for upload in uploads:
        said = described.get(str(upload.index), {})
        kept.append(_attachment(world, message["channel_id"], upload, said))
    world.attachments[message["id"]] = kept


def _attachment(world: World, channel_id: str, upload: Upload, said: Json) -> Json:
    attachment_id, name = world.new_id(), components.text(said.get("filename")) or upload.name
    world.files[attachment_id] = upload.data
    url = f"{world.base}/attachments/{channel_id}/{attachment_id}/{quote(name)}"
    attachment: Json = {
        "id": attachment_id,
        "filename": name,
        "size": len(upload.data),
        "url": url,
        "proxy_url": url,
    }
    kind = mimetypes.guess_type(name)[0]
    if kind is not None:
        attachment["content_type"] = kind
    if upload.data.startswith(_PNG):
        attachment["width"] = int.from_bytes(upload.data[16:20], "big")
        attachment["height"] = int.from_bytes(upload.data[20:24], "big")
    if said.get("description"):
        attachment["description"] = said["description"]
    return attachment


def _referenced(url: Any, held: dict[str, Json]) -> Json | None:
    name = components.text(url).removeprefix("attachment://")
    return held.get(name) if name != url else None


def _complete(items: list[Json], held: dict[str, Json]) -> None:
    """Number the components and say of each file what Discord says in answers."""
    taken = {item["id"] for item in components.walk(items) if item.get("id")}
    free = (number for number in range(1, 1000) if number not in taken)
    for item in components.walk(items):
        item["id"] = item.get("id") or next(free)
        if item["type"] == components.CONTAINER:
            item.setdefault("accent_color", None)
            item.setdefault("spoiler", False)
        if item["type"] in components.SELECTS:
            item.pop("required", None)  # of menus in modals
            for key in ("min_values", "max_values"):
                item[key] = 1 if item.get(key) is None else item[key]
    by_url = {item["url"]: item for item in held.values()}
    for holder, found in components.media(items):
        holder.setdefault("spoiler", False)
        if "media" in holder:
            holder.setdefault("description", None)
        attachment = _referenced(found["url"], held) or by_url.get(found["url"])
        found.update({"id": "0", "proxy_url": found["url"]})
        if attachment is not None:
            keys = ("url", "proxy_url", "width", "height", "content_type")
            found.update({key: attachment[key] for key in keys if key in attachment})
            found.update({"id": attachment["id"], "attachment_id": attachment["id"]})


def _shown(message: Json) -> set[str]:
    """Find the files that embeds or components show: Discord leaves them out of `attachments`."""
    embeds = (
        found.get(key) for found in components.embed_media(message["embeds"]) for key in ("url", "icon_url")
    )
    galleries = (found["url"] for _, found in components.media(message["components"]))
    return {url for url in (*embeds, *galleries) if url}
