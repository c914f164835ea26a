"""Messages within Discord's limits: what is too long is shortened, what cannot be shown is left out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.discord.guard.calling import called
from bot.discord.guard.controls import ROW, Controls
from bot.discord.guard.mended import Json, Notes, Part
from bot.discord.guard.texts import room, shorten
from bot.discord.limits import (
    ALT_TEXT,
    ATTACHMENTS,
    CARD_TEXT,
    COMPONENTS,
    CONTENT,
    FILE_BYTES,
    GALLERY_ITEMS,
    REQUEST_BYTES,
    SECTION_TEXTS,
)

_TEXT, _THUMBNAIL, _SEPARATOR, _CONTAINER = 10, 11, 14, 17
_COMPONENTS_V2 = 1 << 15
_ENVELOPE = 64 * 1024
"""What a request takes besides its files."""
_MISSING: Json = {
    "type": _TEXT,
    "content": "-# Something is missing here: Discord takes no files that large.",
}
_NOTHING: Json = {"type": _TEXT, "content": "There is nothing to show."}


def mend_message(message: Json, files: Sequence[Part], notes: Notes) -> Json:
    """Return a message that Discord takes and that calls nobody."""
    mended: Json = {**message, "allowed_mentions": dict(called())}
    shorten(mended, "content", CONTENT, notes)
    gone = _too_much(files, notes)
    if mended.get("attachments"):
        mended["attachments"] = _attachments(mended["attachments"], notes)
    if mended.get("components"):
        card = bool(mended.get("flags", 0) & _COMPONENTS_V2)
        mended["components"] = _components(mended["components"], gone, notes, card=card)
    return mended


def walk(items: Any) -> Iterator[Json]:
    """Visit every component, nested ones and accessories too."""
    for item in items or ():
        yield item
        yield from walk(item.get("components"))
        yield from walk([item[key] for key in ("accessory", "component") if item.get(key)])


def _too_much(files: Sequence[Part], notes: Notes) -> set[str]:
    """Choose the files that cannot be uploaded; return the names that are gone with them."""
    kept: set[str] = set()
    left = REQUEST_BYTES - _ENVELOPE
    gone: set[str] = set()
    for file in files:
        doubled = file.name in kept
        if doubled or len(kept) == ATTACHMENTS or file.size > min(FILE_BYTES, left):
            notes.left_out.add(file.number)
            notes.add(f"a file was left out: {file.name} with {file.size:,} bytes")
            gone |= set() if doubled else {file.name}
            continue
        kept.add(file.name)
        left -= file.size
    return gone


def _attachments(attachments: Iterable[Json], notes: Notes) -> list[Json]:
    kept = [dict(one) for one in attachments if str(one.get("id")) not in map(str, notes.left_out)]
    for one in kept:
        shorten(one, "description", ALT_TEXT, notes)
    return kept


def _components(items: Sequence[Json], gone: set[str], notes: Notes, *, card: bool) -> list[Json]:
    shown = _Shown(gone, notes)
    if notes.left_out and card:
        items = _with_remark(items)
    texts = [len(item["content"]) for item in walk(items) if _is_text(item)]
    shown.longest = room(texts, CARD_TEXT)
    kept = shown.all(items)
    if (count := sum(1 for _ in walk(kept))) > COMPONENTS:
        notes.add(f"of {count} components {COMPONENTS} were kept")
        kept = _first(list(_without_lines(kept)), COMPONENTS)[0]
    if not kept:
        notes.add("nothing was left to show")
        return [_NOTHING] if card else []
    return kept


def _with_remark(items: Sequence[Json]) -> list[Json]:
    """Say that files are missing, in the box if there is one."""
    for position, item in enumerate(items):
        if item.get("type") == _CONTAINER:
            box = {**item, "components": [*item["components"], _MISSING]}
            return [*items[:position], box, *items[position + 1 :]]
    return [*items, _MISSING]


def _is_text(item: Json) -> bool:
    return item.get("type") == _TEXT and bool(str(item.get("content") or "").strip())


class _Shown:
    """The components of one message, mended one after the other."""

    def __init__(self, gone: set[str], notes: Notes) -> None:
        self.longest = CARD_TEXT
        self._gone = gone
        self._notes = notes
        self._controls = Controls(notes)

    def all(self, items: Iterable[Json]) -> list[Json]:
        """Mend components; one may become none or several."""
        return [mended for item in items for mended in self._one(item)]

    def _one(self, item: Json) -> list[Json]:
        match item.get("type"):
            case 1:
                return self._controls.row(item)
            case 9:
                return self._section(item)
            case 10:
                return self._text(item)
            case 11 | 13:
                return self._pictures([item])
            case 12:
                return self._gallery(item)
            case 17:
                inside = self.all(item.get("components", ()))
                return [{**item, "components": inside}] if inside else []
            case _:
                return [item]

    def _text(self, item: Json) -> list[Json]:
        if not _is_text(item):
            return []
        kept = dict(item)
        shorten(kept, "content", self.longest, self._notes)
        return [kept]

    def _section(self, item: Json) -> list[Json]:
        texts = self.all(item.get("components", ()))
        beside: Json = item.get("accessory") or {}
        found = (
            self._pictures([beside]) if beside.get("type") == _THUMBNAIL else [self._controls.control(beside)]
        )
        if not texts or found in ([], [None]):
            return texts
        section = {**item, "components": texts[:SECTION_TEXTS], "accessory": found[0]}
        return [section, *texts[SECTION_TEXTS:]]

    def _gallery(self, item: Json) -> list[Json]:
        found = self._pictures(item.get("items", ()))
        return [
            {**item, "items": found[start : start + GALLERY_ITEMS]}
            for start in range(0, len(found), GALLERY_ITEMS)
        ]

    def _pictures(self, holders: Iterable[Json]) -> list[Json]:
        """Mend what shows a file, without those whose file is gone."""
        kept: list[Json] = []
        for given in holders:
            holder = dict(given)
            media: Json = holder.get("media") or holder.get("file") or {}
            url = str(media.get("url", ""))
            if url.removeprefix("attachment://") in self._gone:
                continue
            shorten(holder, "description", ALT_TEXT, self._notes)
            if not str(holder.get("description") or "").strip():
                holder.pop("description", None)
            kept.append(holder)
        return kept


def _without_lines(items: Iterable[Json]) -> Iterator[Json]:
    for item in items:
        if item.get("type") == _CONTAINER:
            yield {**item, "components": list(_without_lines(item["components"]))}
        elif item.get("type") != _SEPARATOR:
            yield item


def _first(items: Iterable[Json], most: int) -> tuple[list[Json], int]:
    """Keep components from the front, so many at most, nested ones counted; return them and what is left."""
    kept: list[Json] = []
    for item in items:
        if item.get("type") in (_CONTAINER, ROW):
            inside, left = _first(item["components"], most - 1)
            if inside:
                kept.append({**item, "components": inside})
                most = left
            continue
        size = sum(1 for _ in walk([item]))
        if size <= most:
            kept.append(item)
            most -= size
    return kept, most
