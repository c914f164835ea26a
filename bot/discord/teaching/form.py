"""The form in which an answer is written; its id says what was opened, so it counts after a restart too."""

import re
from collections.abc import Mapping
from typing import Any

import discord
from discord import ui

from bot.discord.limits import cut
from bot.storage.answers import MAX_TITLE
from bot.teaching.form import LONGEST, Extras, Field, Fields, decompose, extras_of
from bot.teaching.outcomes import Opened

WRITE = (
    r"backchat:1:write:(?P<slug>[a-z0-9_]{1,40}):(?P<base>\d{1,9}):(?P<revision>\d{1,9}):(?P<source>\d{1,20})"
)
MORE = r"backchat:1:more:(?P<slug>[a-z0-9_]{1,40}):(?P<base>\d{1,9}):(?P<revision>\d{1,9})"
_TITLE = 45
_LABELS: Mapping[Field, tuple[str, str]] = {
    Field.TITLE: ("Title", "The question, as a heading."),
    Field.PHRASINGS: ("Phrasings", "How students ask it, one on each line; ten or more find more questions."),
    Field.BODY: ("Answer", "Short answer, a blank line, perhaps Misconception: …, then the explanation."),
    Field.SIMULATIONS: ("Simulations", "main: gradients (depth), then - name: configuration on lines below."),
    Field.CLAIMS: ("Claims", "name: sentence, below it holds: … and otherwise: …; a blank line between two."),
}

_MORE: Mapping[str, tuple[str, str]] = {
    "sources": ("Sources", "One on each line: authors | year | title | https://…, arXiv number or DOI"),
    "try_next": ("Try next", "Configurations to run next, one on each line; or none."),
    "related": ("Related answers", "Ids of answers to read next; or none."),
}


def label_of(field: Field) -> str:
    """Return what stands above a field of the form."""
    return _LABELS[field][0]


def more_label_of(name: str) -> str:
    """Return what stands above a field of the second form."""
    return _MORE[name][0]


def form(opened: Opened, *, source: str = "0", fields: Fields | None = None) -> ui.Modal:
    """Make the form of an answer.

    Args:
        opened: what is edited.
        source: the id of the person whose draft it was taken from, where that is somebody else.
        fields: what stands in it, if not the text that was opened.

    Raises:
        NotInForm: the form cannot show it.
    """
    shown = fields or decompose(opened.text)
    modal = ui.Modal(
        title=cut(f"{'New' if opened.new else 'Edit'}: {opened.slug}", _TITLE),
        custom_id=f"backchat:1:write:{opened.slug}:{opened.base}:{opened.revision}:{source}",
        timeout=3_600,  # for discord.py, which remembers it so long; it counts for ever
    )
    for field, text in shown.by_name.items():
        label, description = _LABELS[field]
        short = field is Field.TITLE
        component: ui.TextInput[ui.Modal] = ui.TextInput(
            style=discord.TextStyle.short if short else discord.TextStyle.paragraph,
            custom_id=str(field),
            default=text or None,
            # What an answer has none of may stay empty; what it has cannot be read if it is.
            required=bool(text),
            max_length=max(MAX_TITLE, len(text)) if short else LONGEST,
        )
        modal.add_item(ui.Label(text=label, description=description, component=component))
    return modal


def more_form(opened: Opened, extras: Extras | None = None) -> ui.Modal:
    """Make the form of what the first one leaves out.

    Raises:
        NotInForm: the form cannot show it.
    """
    shown = extras or extras_of(opened.text)
    modal = ui.Modal(
        title=cut(f"Sources: {opened.slug}", _TITLE),
        custom_id=f"backchat:1:more:{opened.slug}:{opened.base}:{opened.revision}",
        timeout=3_600,
    )
    for name, text in shown.by_name.items():
        label, description = _MORE[name]
        component: ui.TextInput[ui.Modal] = ui.TextInput(
            style=discord.TextStyle.paragraph,
            custom_id=name,
            default=text or None,
            required=name == "sources",
            max_length=LONGEST,
        )
        modal.add_item(ui.Label(text=label, description=description, component=component))
    return modal


def more_filled(values: Mapping[str, Any]) -> Extras:
    """Return what was sent in."""
    return Extras(**{name: str(values.get(name) or "") for name in _MORE})


def filled(values: Mapping[str, Any]) -> Fields:
    """Return what was sent in."""
    texts = {str(field): str(values.get(field) or "") for field in Field}
    return Fields(**texts)


def opened_of(match: re.Match[str]) -> tuple[Opened, str | None]:
    """Return what a form was opened with, without its text, and whose draft it was taken from."""
    opened = Opened(slug=match["slug"], text="", base=int(match["base"]), revision=int(match["revision"]))
    source = match.groupdict().get("source", "0")
    return opened, source if source != "0" else None


def as_text(fields: Fields | Extras) -> str:
    """Write down what was sent in, for whoever wants it back."""
    return "\n\n".join(f"=== {name} ===\n{text}" for name, text in fields.by_name.items())
