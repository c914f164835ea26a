"""Walking through what a message shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .payloads import Json

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15

CALLBACK_MESSAGE, CALLBACK_DEFER, CALLBACK_DEFER_UPDATE, CALLBACK_UPDATE = 4, 5, 6, 7
CALLBACK_CHOICES, CALLBACK_MODAL = 8, 9

ROW, BUTTON, SELECT, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = (
    1,
    2,
    3,
    9,
    10,
    11,
    12,
    13,
    14,
    17,
)
TEXT_INPUT, LABEL = 4, 18
SELECTS = frozenset({3, 5, 6, 7, 8})
ONLY_V2 = frozenset({SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER})
LINK_STYLE, PREMIUM_STYLE = 5, 6


def dicts(value: Any) -> list[Json]:
    """Keep the objects of a list, and nothing of what is not a list: requests may hold anything."""
    items = cast("list[Any]", value) if isinstance(value, list) else []
    return [cast("Json", item) for item in items if isinstance(item, dict)]


def inside(value: Any) -> Iterator[Any]:
    """Visit what a JSON value directly contains."""
    if isinstance(value, dict):
        yield from cast("Json", value).values()
    elif isinstance(value, list):
        yield from cast("list[Any]", value)


def text(value: Any) -> str:
    """Take a string as it is and anything else as empty: requests may hold anything."""
    return value if isinstance(value, str) else ""


def walk(items: Any) -> Iterator[Json]:
    """Visit every component, the nested ones and accessories too, in reading order."""
    for item in dicts(items):
        yield item
        yield from walk(item.get("components"))
        yield from walk([item.get("accessory"), item.get("component")])


def media(items: Any) -> Iterator[tuple[Json, Json]]:
    """Visit every picture or file of the components as (its holder, its media)."""
    for item in walk(items):
        holders = dicts(item.get("items")) if item.get("type") == GALLERY else [item]
        for holder in holders:
            for key in ("media", "file"):
                if isinstance(found := holder.get(key), dict):
                    yield holder, found


def embed_media(embeds: Any) -> Iterator[Json]:
    """Visit every object of the embeds that may point to a file."""
    for embed in dicts(embeds):
        yield from dicts([embed.get(key) for key in ("image", "thumbnail", "author", "footer")])


def embed_texts(embeds: Any) -> Iterator[str]:
    """Visit every string that counts towards the 6,000 characters of a message's embeds."""
    for embed in dicts(embeds):
        yield from (text(embed.get("title")), text(embed.get("description")))
        for part, key in ((embed.get("author"), "name"), (embed.get("footer"), "text")):
            yield from (text(found.get(key)) for found in dicts([part]))
        for field in dicts(embed.get("fields")):
            yield from (text(field.get("name")), text(field.get("value")))


def text_displays(items: Any) -> Iterator[str]:
    """Visit the text of every text display."""
    return (text(item.get("content")) for item in walk(items) if item.get("type") == TEXT)


def texts(message: Json) -> Iterator[str]:
    """Visit everything a reader sees as text, except labels."""
    yield text(message.get("content"))
    yield from embed_texts(message.get("embeds"))
    yield from text_displays(message.get("components"))


def descriptions(message: Json) -> list[str]:
    """List the alternative texts of pictures and files."""
    holders: Iterable[Json] = [holder for holder, _ in media(message.get("components"))]
    return [
        text(found["description"])
        for found in [*holders, *dicts(message.get("attachments"))]
        if found.get("description")
    ]


def visible(message: Json) -> bool:
    """Say whether there is anything to see in a message yet."""
    return any(
        message.get(key) for key in ("content", "embeds", "components", "attachments", "poll", "sticker_ids")
    )
