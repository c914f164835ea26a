"""What Discord refuses in a message although its OpenAPI description allows it, and two rules of our own."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from . import components
from .ids import HELPER_ROLE_ID
from .payloads import MAX_FILE
from .problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .body import Upload
    from .payloads import Json

# Sources: Discord's documentation of messages, embeds and components.
MAX_CONTENT, MAX_EMBED_TEXT, MAX_DISPLAY_TEXT = 2000, 6000, 4000
MAX_COMPONENTS, MAX_ROWS, MAX_CUSTOM_ID, MAX_LABEL, MAX_DESCRIPTION = 40, 5, 100, 80, 1024
MAX_PLACEHOLDER, MAX_OPTIONS, MAX_OPTION_TEXT, MAX_BUTTONS = 150, 25, 100, 5
MAX_FILES, MAX_REQUEST = 10, 25 * 1024 * 1024


def message_problems(
    data: Json, uploads: list[Upload], *, edited: Json | None, held: list[Json]
) -> list[Problem]:
    """Judge the message that a request would make, given the stored one it edits and the files it holds."""
    old_flags = 0 if edited is None else edited["flags"]
    flags = data["flags"] if isinstance(data.get("flags"), int) else 0
    # The flag stays once it is set, so an edit need not repeat it.
    v2 = bool((flags | old_flags) & components.COMPONENTS_V2)
    after = data if edited is None or old_flags & components.LOADING else edited | data
    return [
        *_lengths(data),
        *_layout(data, after, v2=v2),
        *_controls(data),
        *_files(data, uploads, held, v2=v2),
        *_emptiness(after, uploads),
        *_mentions(data),
    ]


def over(what: str, length: int, limit: int) -> Iterator[Problem]:
    """Complain about what is too long."""
    if length > limit:
        yield Problem(f"{what} is {length:,} characters long; at most {limit:,} are allowed")


def _lengths(data: Json) -> Iterator[Problem]:
    yield from over("content", len(components.text(data.get("content"))), MAX_CONTENT)
    embeds = sum(map(len, components.embed_texts(data.get("embeds"))))
    yield from over("the text of all embeds together", embeds, MAX_EMBED_TEXT)
    displays = sum(map(len, components.text_displays(data.get("components"))))
    yield from over("the text of all text displays together", displays, MAX_DISPLAY_TEXT)
    for holder, _ in components.media(data.get("components")):
        yield from over(
            "the description of a picture", len(components.text(holder.get("description"))), MAX_DESCRIPTION
        )
    for item in components.dicts(data.get("attachments")):
        yield from over(
            "the description of an attachment", len(components.text(item.get("description"))), MAX_DESCRIPTION
        )


def _layout(data: Json, after: Json, *, v2: bool) -> Iterator[Problem]:
    everything = list(components.walk(data.get("components")))
    kinds = {item.get("type") for item in everything}
    if v2:
        for key in ("content", "embeds", "poll", "sticker_ids"):
            if after.get(key):
                yield Problem(f"a Components V2 message cannot have {key}")
        if len(everything) > MAX_COMPONENTS:
            yield Problem(
                f"{len(everything)} components, nested ones counted; at most {MAX_COMPONENTS} are allowed"
            )
        return
    if kinds & components.ONLY_V2:
        yield Problem("components of types 9 to 17 need the Components V2 flag (1 << 15)")
    elif len(components.dicts(data.get("components"))) > MAX_ROWS:
        yield Problem(f"more than {MAX_ROWS} action rows")


def _controls(data: Json) -> Iterator[Problem]:
    controls = list(components.walk(data.get("components")))
    ids = Counter(
        components.text(item.get("custom_id")) for item in controls if item.get("custom_id") is not None
    )
    for custom_id, times in ids.items():
        if times > 1:
            yield Problem(f"custom_id {custom_id!r} is used {times} times")
        yield from over(f"custom_id {custom_id[:20]!r}…", len(custom_id), MAX_CUSTOM_ID)
    for item in controls:
        if item.get("type") == components.BUTTON:
            yield from _button(item)
        elif item.get("type") in components.SELECTS:
            yield from select_problems(item)
        elif (
            item.get("type") == components.ROW and len(components.dicts(item.get("components"))) > MAX_BUTTONS
        ):
            yield Problem(f"an action row with more than {MAX_BUTTONS} buttons")


def _button(item: Json) -> Iterator[Problem]:
    label = components.text(item.get("label"))
    yield from over(f"button label {label[:20]!r}…", len(label), MAX_LABEL)
    needed = {components.LINK_STYLE: "url", components.PREMIUM_STYLE: "sku_id"}.get(
        item.get("style", 0), "custom_id"
    )
    if not item.get(needed):
        yield Problem(f"button {label!r} of style {item.get('style')} has no {needed}")
    if needed != "custom_id" and item.get("custom_id"):
        yield Problem(f"button {label!r} of style {item.get('style')} cannot have a custom_id")


def select_problems(item: Json) -> Iterator[Problem]:
    """Judge a menu of a message or of a modal."""
    yield from over("a placeholder", len(components.text(item.get("placeholder"))), MAX_PLACEHOLDER)
    options = components.dicts(item.get("options"))
    if len(options) > MAX_OPTIONS:
        yield Problem(f"a menu with {len(options)} options; at most {MAX_OPTIONS} are allowed")
    if item.get("type") == components.SELECT:
        yield from _options(item, options)
    for option in options:
        for key in ("label", "value", "description"):
            yield from over(f"the {key} of an option", len(components.text(option.get(key))), MAX_OPTION_TEXT)


def _options(item: Json, options: list[Json]) -> Iterator[Problem]:
    name = components.text(item.get("custom_id"))
    if not options:
        yield Problem(f"menu {name!r} has no options")
    values = Counter(components.text(option.get("value")) for option in options)
    for value, times in values.items():
        if times > 1:
            yield Problem(f"menu {name!r} offers {value!r} {times} times")
    least, most = (1 if item.get(key) is None else item[key] for key in ("min_values", "max_values"))
    chosen = sum(bool(option.get("default")) for option in options)
    if options and not least <= most <= len(options):
        yield Problem(f"menu {name!r} takes {least} to {most} of {len(options)} options")
    if chosen > most:
        yield Problem(f"menu {name!r} begins with {chosen} options chosen; at most {most} can be")


def _references(data: Json) -> Iterator[str]:
    urls: list[Any] = [found.get("url") for _, found in components.media(data.get("components"))]
    urls += [
        found.get(key) for found in components.embed_media(data.get("embeds")) for key in ("url", "icon_url")
    ]
    return (
        name for url in urls if (name := components.text(url).removeprefix("attachment://")) != url and url
    )


def _files(data: Json, uploads: list[Upload], held: list[Json], *, v2: bool) -> Iterator[Problem]:
    described = {str(item.get("id")): item for item in components.dicts(data.get("attachments"))}
    old = {item["id"]: item["filename"] for item in held}
    indices = {str(upload.index) for upload in uploads}
    for number in sorted(described.keys() - indices - old.keys()):
        yield Problem(f"attachment {number} is neither uploaded as files[{number}] nor part of the message")
    for number in sorted(indices - described.keys()) if data.get("attachments") is not None else []:
        yield Problem(f"files[{number}] is uploaded but not in attachments")
    named: set[str] = set()
    for upload in uploads:
        name = components.text(described.get(str(upload.index), {}).get("filename")) or upload.name
        if name in named:
            yield Problem(f"two files are called {name!r}")
        named.add(name)
        if len(upload.data) > MAX_FILE:
            yield Problem(f"{name} has {len(upload.data):,} bytes; at most {MAX_FILE:,} are allowed")
    if len(uploads) > MAX_FILES or sum(len(upload.data) for upload in uploads) > MAX_REQUEST:
        yield Problem(f"more than {MAX_FILES} files or {MAX_REQUEST:,} bytes in one request")
    shown = set(_references(data))
    kept = {name for number, name in old.items() if "attachments" not in data or number in described}
    for name in sorted(shown - named - kept):
        yield Problem(f"attachment://{name} matches no file of the message")
    for name in sorted(named - shown) if v2 else []:
        yield Problem(f"{name} is uploaded, but no component shows it: nobody will see it", refused=False)


def _emptiness(after: Json, uploads: list[Upload]) -> Iterator[Problem]:
    if not uploads and not components.visible(after):
        yield Problem("the message is empty")


def _mentions(data: Json) -> Iterator[Problem]:
    # Discord accepts these; but answers quote what people wrote, and a quoted @everyone must ping nobody.
    if not any(components.texts(data)):
        return
    allowed = next(iter(components.dicts([data.get("allowed_mentions")])), None)
    if allowed is None:
        yield Problem(
            "the message has text but no allowed_mentions: a quoted @everyone would ping", refused=False
        )
        return
    pinged: Json = {key: allowed[key] for key in ("parse", "users", "roles") if allowed.get(key)}
    # The one exception: who asks a human calls those who help, and nobody else.
    if pinged.get("roles") == [HELPER_ROLE_ID]:
        del pinged["roles"]
    if pinged or allowed.get("parse") is None:
        yield Problem(
            f"allowed_mentions lets a quoted mention ping: {pinged or 'parse is missing'}", refused=False
        )
