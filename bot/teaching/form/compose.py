"""From the file of an answer to the fields of the form and back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from answers.draft import UNFINISHED
from bot.teaching.form import claims, phrasings, prose, simulations
from bot.teaching.form.claims import Written
from bot.teaching.form.fields import AS_A_FILE, LONGEST, Fields, NotInForm, require_fits
from bot.teaching.form.front_matter import File, split
from bot.teaching.form.prose import Prose
from bot.teaching.form.simulations import Run
from bot.teaching.form.yaml_text import block

_SHOWN = "phrasings|short|misconception|simulations|claims"
_MARK = re.compile(rf"^({_SHOWN}):([ \t]*[>|]-?)?[ \t]+#[^\r\n]*\b{UNFINISHED}\b[^\r\n]*", re.MULTILINE)
"""A comment behind a key that begins a block, where the form does not show it."""
_MORE = re.compile(r"^[ \t]*<!--\s*more\s*-->[ \t]*$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the form shows of a file."""

    title: str
    phrasings: tuple[str, ...]
    prose: Prose
    runs: tuple[Run, ...]
    claims: tuple[Written, ...]
    kept: str = ""
    """What stands below `<!-- more -->`, where it is too long for the form and stays as it is."""


def decompose(text: str) -> Fields:
    """Return an answer as the form shows it.

    What stands below `<!-- more -->` is left out where it would not fit; it stays in the file.

    Raises:
        NotInForm: the form cannot show it.
    """
    return _fields(_parts(split(text)))


def compose(fields: Fields, base: str) -> str:
    """Return the file that the fields make of another one: what they do not change stays byte for byte.

    Only the marks of what is still to be written go, where the form does not show them: whoever sends a field
    in has seen it, and could not take its mark away.

    Args:
        fields: as they were filled in.
        base: the file that they were taken from.

    Raises:
        NotInForm: a field cannot be read; the message names it and the line.
    """
    require_fits(fields)
    file = _unmarked(split(base))
    old = _parts(file)
    was = _fields(old)
    new = _read(fields)
    parts: dict[str, str] = {}
    if new.title != old.title:
        parts["title"] = block("title", new.title)
    if new.phrasings != old.phrasings:
        parts["phrasings"] = block("phrasings", new.phrasings)
    for key in ("short", "misconception"):
        value = getattr(new.prose, key)
        if value != getattr(prose.read(was.body), key):
            parts[key] = block(key, value) if value else ""
    if new.runs != old.runs:
        parts["simulations"] = block("simulations", {run.name: run.data() for run in new.runs})
    if new.claims != old.claims:
        parts["claims"] = block("claims", [claim.data() for claim in new.claims])
    body = None
    if new.prose.body != old.prose.body:
        below = f"\n\n{old.kept}" if old.kept else ""
        body = f"{new.prose.body}{below}\n"
    return file.replaced(parts, body)


def _unmarked(file: File) -> File:
    header = _MARK.sub(r"\1:\2", file.header)
    return file if header == file.header else split(file.opening + header + file.closing + file.body)


def _read(fields: Fields) -> Parts:
    runs = simulations.read(fields.simulations)
    names = [run.name for run in runs]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise NotInForm(f"simulations: each has a name of its own; got {twice!r} twice; rename one.")
    return Parts(
        title=" ".join(fields.title.split()),
        phrasings=tuple(phrasings.read(fields.phrasings)),
        prose=prose.read(fields.body),
        runs=tuple(runs),
        claims=tuple(claims.read(fields.claims)),
    )


def _fields(parts: Parts) -> Fields:
    fields = Fields(
        title=parts.title,
        phrasings=phrasings.write(parts.phrasings),
        body=prose.write(parts.prose),
        simulations=simulations.write(parts.runs),
        claims=claims.write(parts.claims),
    )
    require_fits(fields)
    # What one would have to type is what one sees, or else it is no form.
    again = _read(fields)
    if replace(again, kept=parts.kept) != parts:
        raise NotInForm(f"The answer has parts that the form would change; {AS_A_FILE}.")
    return fields


def _parts(file: File) -> Parts:
    body, kept = file.body.replace("\r\n", "\n").strip(), ""
    short, misconception = _text(file.data, "short"), _text(file.data, "misconception")
    if len(body) + len(short) + len(misconception) > LONGEST - 100 and (more := _MORE.search(body)):
        body, kept = body[: more.start()].strip(), body[more.start() :].strip()
    runs = tuple(
        _run(name, form) for name, form in _mapping(file.data.get("simulations"), "simulations").items()
    )
    found = tuple(_claim(form) for form in _list(file.data, "claims"))
    for run in runs:
        simulations.require_writable(run)
    for claim in found:
        claims.require_writable(claim)
    own = Prose(short=" ".join(short.split()), misconception=" ".join(misconception.split()), body=body)
    return Parts(
        title=" ".join(_text(file.data, "title").split()),
        phrasings=tuple(" ".join(_string(one, "phrasings").split()) for one in _list(file.data, "phrasings")),
        prose=own,
        runs=runs,
        claims=found,
        kept=kept,
    )


def _run(name: str, form: Any) -> Run:
    data = _mapping(form, name)
    if unknown := set(data) - {"experiment", "spec", "variants", "knobs"}:
        raise NotInForm(f"simulations: {name} has a key {min(unknown)!r}; {AS_A_FILE}.")
    variants = _mapping(data.get("variants") or {}, name)
    spec = data.get("spec")
    return Run(
        name=name,
        experiment=_text(data, "experiment"),
        knobs=tuple(_string(one, "knobs") for one in _list(data, "knobs")),
        spec=None if spec is None else " ".join(_string(spec, "spec").split()),
        variants={key: " ".join(_string(one, key).split()) for key, one in variants.items()},
    )


def _claim(form: Any) -> Written:
    data = _mapping(form, "claims")
    if unknown := set(data) - {"id", "text", "holds", "otherwise"}:
        raise NotInForm(f"claims: there is a key {min(unknown)!r}; {AS_A_FILE}.")
    texts = {key: " ".join(_text(data, key).split()) for key in ("id", "text", "holds", "otherwise")}
    return Written(id=texts["id"], text=texts["text"], holds=texts["holds"], otherwise=texts["otherwise"])


def _mapping(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise NotInForm(f"{name} has no keys that the form could show; {AS_A_FILE}.")
    return cast("dict[str, Any]", value)


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise NotInForm(f"{key} is no list; {AS_A_FILE}.")
    return cast("list[Any]", value)


def _text(data: Mapping[str, Any], key: str) -> str:
    return _string(data.get(key, ""), key).strip()


def _string(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise NotInForm(f"{key} is no text; got {value!r:.40}; {AS_A_FILE}.")
    return value
