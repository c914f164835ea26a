"""Forms and suggestions within Discord's limits."""

from bot.discord.guard.controls import MENUS, Controls
from bot.discord.guard.mended import Json, Notes
from bot.discord.guard.texts import shorten
from bot.discord.limits import (
    CHOICE,
    CHOICES,
    CUSTOM_ID,
    INPUT,
    INPUT_PLACEHOLDER,
    LABEL,
    LABEL_DESCRIPTION,
    MODAL_PARTS,
    MODAL_TITLE,
)
from bot.errors import BadRequest

_INPUT, _LABEL = 4, 18


def mend_form(form: Json, notes: Notes) -> Json:
    """Return a form that Discord takes.

    Raises:
        BadRequest: what it begins with is too long: sent back shortened, it would replace the whole.
    """
    controls = Controls(notes)
    mended = dict(form)
    shorten(mended, "title", MODAL_TITLE, notes)
    parts = [part for part in (_part(one, controls, notes) for one in form.get("components", ())) if part]
    mended["components"] = parts[:MODAL_PARTS]
    if len(parts) > MODAL_PARTS or not 0 < len(str(form.get("custom_id") or "")) <= CUSTOM_ID or not parts:
        msg = f"form {form.get('custom_id')!r:.120} with {len(parts)} parts is none that Discord shows"
        raise ValueError(msg)
    return mended


def mend_choices(data: Json, notes: Notes) -> Json:
    """Return suggestions that Discord takes."""
    kept: list[Json] = []
    for given in data.get("choices", ()):
        choice = dict(given)
        shorten(choice, "name", CHOICE, notes)
        value = choice.get("value")
        if not str(choice.get("name") or "").strip() or len(kept) == CHOICES:
            continue
        if isinstance(value, str) and len(value) > CHOICE:
            notes.add(f"a suggestion of {len(value):,} characters was left out")
            continue
        kept.append(choice)
    return {**data, "choices": kept}


def _part(part: Json, controls: Controls, notes: Notes) -> Json | None:
    mended = dict(part)
    if part.get("type") == _LABEL:
        shorten(mended, "label", LABEL, notes)
        shorten(mended, "description", LABEL_DESCRIPTION, notes)
        inside = _part(part["component"], controls, notes)
        mended["component"] = inside
        return mended if inside else None
    if "components" in part:
        inside = [found for found in (_part(one, controls, notes) for one in part["components"]) if found]
        mended["components"] = inside
        return mended if inside else None
    if part.get("type") == _INPUT:
        return _input(mended, controls, notes)
    return controls.menu(mended) if part.get("type") in MENUS else mended


def _input(field: Json, controls: Controls, notes: Notes) -> Json | None:
    shorten(field, "placeholder", INPUT_PLACEHOLDER, notes)
    shorten(field, "label", LABEL, notes)
    begun = len(str(field.get("value") or ""))
    if begun > INPUT:
        raise BadRequest(
            f"A form holds {INPUT:,} characters in each field; got a text of {begun:,}; change it as a file."
        )
    most = min(int(field.get("max_length") or INPUT), INPUT)
    if begun > most:
        notes.add(f"a field of at most {most:,} characters begins with {begun:,}")
        field["max_length"] = begun
    return field if controls.unique(field) else None
