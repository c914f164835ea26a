"""What people press, choose from and fill in."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from discord_double.components import dicts, text

if TYPE_CHECKING:
    from .seen import Seen

    Json = dict[str, Any]

_STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "outside", 6: "outside"}
_ANY = {5: "Choose people", 6: "Choose roles", 7: "Choose people or roles", 8: "Choose channels"}
_LONG = 2


def button(item: Json, seen: Seen) -> str:
    """Draw a button: its picture sign and its label; a link leads outside."""
    del seen
    words = [
        emoji(item.get("emoji")),
        escape(text(item.get("label"))),
        "↗" if item["style"] in (5, 6) else "",
    ]
    off = " off" if item.get("disabled") else ""
    return f'<span class="button {_STYLES[item["style"]]}{off}">{" ".join(filter(None, words))}</span>'


def menu(item: Json, seen: Seen) -> str:
    """Draw a closed menu: what is chosen, or else what it says of itself."""
    options = dicts(item.get("options"))
    chosen = [_label(one) for one in options if one.get("default")]
    names = [seen.names.get(str(one["id"]), str(one["id"])) for one in dicts(item.get("default_values"))]
    said = [*chosen, *map(escape, names)]
    empty = escape(text(item.get("placeholder")) or _ANY.get(item["type"], "Choose"))
    shown = ", ".join(said) if said else f'<span class="muted">{empty}</span>'
    off = " off" if item.get("disabled") else ""
    return f'<div class="menu{off}"><span>{shown}</span><span class="muted">▾</span></div>'


def opened(item: Json) -> str:
    """Draw what an opened menu offers."""
    rows = [f"<li>{_label(one)}{_described(one)}</li>" for one in dicts(item.get("options"))]
    return f'<ul class="options">{"".join(rows)}</ul>'


def text_input(item: Json, seen: Seen) -> str:
    """Draw a field with what is in it, or with what it suggests."""
    del seen
    value = escape(text(item.get("value")))
    shown = value or f'<span class="muted">{escape(text(item.get("placeholder")))}</span>'
    # In modals of the older kind a field carries its own label.
    label = _labelled(item) if item.get("label") else ""
    size = " long" if item["style"] == _LONG else ""
    return f'{label}<div class="field{size}">{shown or "&nbsp;"}</div>'


def label(item: Json, field: str) -> str:
    """Draw what is said above a field of a modal."""
    return f"{_labelled(item, required=_required(item))}{field}"


def upload(item: Json, seen: Seen) -> str:
    """Draw a place for files."""
    del seen
    most = item.get("max_values") or 1
    return f'<div class="field muted">Choose {"a file" if most == 1 else f"up to {most} files"}</div>'


def choices(item: Json, seen: Seen) -> str:
    """Draw a group of which one or several can be marked."""
    del seen
    marks = ("●", "○") if item["type"] == 21 else ("☑", "☐")
    return "".join(_marked(one, marks) for one in dicts(item.get("options")))


def checkbox(item: Json, seen: Seen) -> str:
    """Draw one box to mark."""
    del seen
    return _marked(item, ("☑", "☐"))


def emoji(value: Any) -> str:
    """Draw a picture sign; one of a server's own is only its name."""
    found = dicts([value])
    if not found:
        return ""
    name = escape(text(found[0].get("name")))
    return f":{name}:" if found[0].get("id") else name


def _marked(item: Json, marks: tuple[str, str]) -> str:
    return (
        f'<div class="choice">{marks[0 if item.get("default") else 1]} {_label(item)}{_described(item)}</div>'
    )


def _label(item: Json) -> str:
    return " ".join(filter(None, (emoji(item.get("emoji")), escape(text(item.get("label"))))))


def _described(item: Json) -> str:
    said = escape(text(item.get("description")))
    return f'<div class="small muted">{said}</div>' if said else ""


def _labelled(item: Json, *, required: bool | None = None) -> str:
    needed = item.get("required") is not False if required is None else required
    star = ' <span class="star">*</span>' if needed else ""
    return f'<div class="label">{escape(text(item["label"]))}{star}</div>{_described(item)}'


def _required(item: Json) -> bool:
    field = dicts([item.get("component")])
    return bool(field) and field[0]["type"] != 23 and field[0].get("required") is not False
