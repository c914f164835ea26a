"""A message, a form or an opened menu as one HTML file that needs no other."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from discord_double.components import EPHEMERAL, dicts, text, walk

from .controls import opened
from .items import attached, draw
from .markdown import markdown
from .seen import Seen

if TYPE_CHECKING:
    Json = dict[str, Any]

WIDTH = 390
"""How many CSS pixels wide a common phone is."""

THEMES = {
    "dark": {
        "page": "#101519", "box": "#1a2127", "edge": "#3a4650", "text": "#eef2f4", "muted": "#a9b5bd",
        "link": "#7cc4e0", "primary": "#2b6f8c", "success": "#2f7350", "danger": "#9a3b3b", "on": "#ffffff",
    },
    "light": {
        "page": "#f3f5f6", "box": "#ffffff", "edge": "#c6d0d6", "text": "#1a2228", "muted": "#566370",
        "link": "#0b6284", "primary": "#1f6480", "success": "#256645", "danger": "#933434", "on": "#ffffff",
    },
}  # fmt: skip
"""Colours that are nobody's; text at least 4.5:1 on what is behind it."""

_STYLE = """
* { box-sizing: border-box; margin: 0; }
body { width: 390px; padding: 12px; background: var(--page); color: var(--text);
  font: 15px/1.4 "Liberation Sans", "DejaVu Sans", "Noto Color Emoji", sans-serif; overflow-wrap: anywhere; }
.who { font-weight: bold; margin-bottom: 6px; }
.who span { font-weight: normal; }
.box { border: 1px solid var(--edge); border-radius: 6px; background: var(--box); padding: 12px;
  margin-bottom: 8px; }
.box > * + *, .label + *, .choice, form > * + * { margin-top: 8px; }
.text + .text { margin-top: 8px; }
h1 { font-size: 21px; } h2 { font-size: 18px; } h3 { font-size: 16px; }
h1, h2, h3 { line-height: 1.25; margin: 4px 0; }
.text > * + * { margin-top: 6px; }
ul, ol { padding-left: 20px; }
blockquote { border-left: 3px solid var(--edge); padding-left: 8px; }
code { font: 13px/1.35 "Liberation Mono", "DejaVu Sans Mono", monospace; background: var(--page);
  padding: 0 3px; border-radius: 3px; }
pre { background: var(--page); border: 1px solid var(--edge); border-radius: 4px; padding: 8px;
  margin: 6px 0; white-space: pre-wrap; }
pre code { padding: 0; }
a, .link { color: var(--link); text-decoration: none; }
.mention { color: var(--link); }
.small { font-size: 12.5px; color: var(--muted); }
.muted { color: var(--muted); }
img { display: block; width: 100%; height: auto; border-radius: 4px; }
.gallery img + img { margin-top: 6px; }
.section { display: flex; gap: 8px; justify-content: space-between; align-items: flex-start; }
.thumbnail { width: 80px; }
.row { display: flex; flex-wrap: wrap; gap: 6px; margin-bottom: 8px; }
.button { border: 1px solid var(--edge); border-radius: 5px; padding: 6px 10px; font-size: 14px;
  background: var(--box); }
.primary { background: var(--primary); } .success { background: var(--success); }
.danger { background: var(--danger); }
.primary, .success, .danger { color: var(--on); border-color: transparent; }
.off { opacity: 0.5; }
.menu, .field, .file { width: 100%; border: 1px solid var(--edge); border-radius: 5px; padding: 8px 10px;
  background: var(--box); }
.menu { display: flex; justify-content: space-between; gap: 8px; }
.options { list-style: none; padding: 0; border: 1px solid var(--edge); border-radius: 5px;
  background: var(--box); }
.options li { padding: 7px 10px; }
.options li + li { border-top: 1px solid var(--edge); }
.field { white-space: pre-wrap; background: var(--page); }
.long { min-height: 72px; }
.label { font-weight: bold; margin-top: 14px; }
.star { color: var(--link); }
hr { border: 0; margin: 8px 0; } .line { border-top: 1px solid var(--edge); } .wide { margin: 16px 0; }
footer { font-size: 10.5px; color: var(--muted); margin-top: 8px; }
"""


def message_page(message: Json, seen: Seen | None = None, *, theme: str = "dark") -> str:
    """Draw a message with everything that it shows."""
    seen = seen or Seen()
    hidden = message.get("flags", 0) & EPHEMERAL
    only = ' <span class="small muted">· only who asked sees this</span>' if hidden else ""
    author = escape(text(message.get("author", {}).get("username")))
    who = f'<div class="who">{author}{only}</div>' if author else ""
    said = text(message.get("content"))
    parts = [
        who,
        f'<div class="text">{markdown(said, seen)}</div>' if said else "",
        *(attached(one, seen) for one in dicts(message.get("attachments"))),
        *(_embedded(one, seen) for one in dicts(message.get("embeds"))),
        draw(message.get("components"), seen),
    ]
    return _page("".join(parts), theme, "drawn from the message's data")


def modal_page(modal: Json, seen: Seen | None = None, *, theme: str = "dark") -> str:
    """Draw a form with what is filled in already."""
    fields = draw(modal["components"], seen or Seen())
    body = f'<div class="box"><h2>{escape(text(modal["title"]))}</h2>{fields}</div>'
    return _page(body, theme, "drawn from the form's data")


def menu_page(message: Json, custom_id: str, *, theme: str = "dark") -> str:
    """Draw what one menu of a message offers."""
    ids = [item.get("custom_id") for item in walk(message["components"])]
    found = next((one for one in walk(message["components"]) if one.get("custom_id") == custom_id), None)
    if found is None:
        raise LookupError(f"no menu {custom_id!r}; there are {[id_ for id_ in ids if id_]}")
    title = escape(text(found.get("placeholder")))
    return _page(f'<div class="who">{title}</div>{opened(found)}', theme, "drawn from the menu's data")


def _embedded(embed: Json, seen: Seen) -> str:
    """Draw the texts of an embed, as far as this bot could use one."""
    fields = [f"**{one['name']}**\n{one['value']}" for one in dicts(embed.get("fields"))]
    title = f"**{embed['title']}**" if embed.get("title") else ""
    small = [f"-# {one['text']}" for one in dicts([embed.get("footer")])]
    said = "\n".join(filter(None, (title, text(embed.get("description")), *fields, *small)))
    return f'<div class="box text">{markdown(said, seen)}</div>'


def _page(body: str, theme: str, footer: str) -> str:
    if theme not in THEMES:
        raise ValueError(f"a theme is {' or '.join(THEMES)}; got {theme!r}")
    colours = "".join(f"--{name}: {value};" for name, value in THEMES[theme].items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{theme}</title>'
        f"<style>:root {{ {colours} }}{_STYLE}</style><body>{body}<footer>{footer}</footer></body></html>"
    )
