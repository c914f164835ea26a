"""Each kind of component as HTML, in the order in which the message has them."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from discord_double import components as kinds
from discord_double.components import dicts, text

from . import controls
from .markdown import markdown

if TYPE_CHECKING:
    from collections.abc import Callable

    from .seen import Seen

    Json = dict[str, Any]

_UNITS = (("MB", 1_000_000), ("kB", 1_000))


def draw(items: Any, seen: Seen) -> str:
    """Draw components one after the other; of one that is not known, say so."""
    return "".join(DRAWN.get(item["type"], _unknown)(item, seen) for item in dicts(items))


def attached(item: Json, seen: Seen) -> str:
    """Draw a file that is attached to a message: a picture as itself, anything else by its name."""
    if str(item.get("content_type", "")).startswith("image/"):
        return _picture(item, text(item.get("description")), seen)
    return _named(item["filename"], item.get("size"))


def _container(item: Json, seen: Seen) -> str:
    colour = item.get("accent_color")
    edge = f' style="border-left: 4px solid #{colour:06x}"' if isinstance(colour, int) else ""
    return f'<div class="box"{edge}>{draw(item["components"], seen)}</div>'


def _row(item: Json, seen: Seen) -> str:
    return f'<div class="row">{draw(item["components"], seen)}</div>'


def _section(item: Json, seen: Seen) -> str:
    beside = draw([item["accessory"]], seen)
    return f'<div class="section"><div>{draw(item["components"], seen)}</div><div>{beside}</div></div>'


def _text(item: Json, seen: Seen) -> str:
    return f'<div class="text">{markdown(item["content"], seen)}</div>'


def _thumbnail(item: Json, seen: Seen) -> str:
    return f'<div class="thumbnail">{_picture(item["media"], text(item.get("description")), seen)}</div>'


def _gallery(item: Json, seen: Seen) -> str:
    pictures = [_picture(one["media"], text(one.get("description")), seen) for one in dicts(item["items"])]
    return f'<div class="gallery">{"".join(pictures)}</div>'


def _file(item: Json, seen: Seen) -> str:
    address = text(item["file"]["url"])
    data = seen.files.get(str(item["file"].get("attachment_id")))
    return _named(unquote(address.rpartition("/")[2]), len(data) if data is not None else item.get("size"))


def _separator(item: Json, seen: Seen) -> str:
    del seen
    wide = " wide" if item.get("spacing") == 2 else ""
    return f'<hr class="{"line" if item.get("divider") is not False else "space"}{wide}">'


def _label(item: Json, seen: Seen) -> str:
    return controls.label(item, draw([item["component"]], seen))


def _picture(media: Json, alternative: str, seen: Seen) -> str:
    return f'<img src="{escape(seen.address(media))}" alt="{escape(alternative)}">'


def _named(name: str, size: Any) -> str:
    said = f' <span class="muted">{_size(size)}</span>' if isinstance(size, int) else ""
    return f'<div class="file">{escape(name)}{said}</div>'


def _size(count: int) -> str:
    unit, scale = next(((unit, scale) for unit, scale in _UNITS if count >= scale), ("bytes", 1))
    return f"{count / scale:.3g} {unit}" if scale > 1 else f"{count} {unit}"


def _unknown(item: Json, seen: Seen) -> str:
    del seen
    return f'<div class="file">a component of type {escape(str(item["type"]))}, which is not drawn</div>'


DRAWN: dict[int, Callable[[Json, Seen], str]] = {
    kinds.ROW: _row,
    kinds.BUTTON: controls.button,
    **dict.fromkeys(kinds.SELECTS, controls.menu),
    kinds.TEXT_INPUT: controls.text_input,
    kinds.SECTION: _section,
    kinds.TEXT: _text,
    kinds.THUMBNAIL: _thumbnail,
    kinds.GALLERY: _gallery,
    kinds.FILE: _file,
    kinds.SEPARATOR: _separator,
    kinds.CONTAINER: _container,
    kinds.LABEL: _label,
    19: controls.upload,
    21: controls.choices,
    22: controls.choices,
    23: controls.checkbox,
}
