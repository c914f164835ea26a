"""From the text of a file to an `Entry`, or to everything that is wrong with it at once."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from pydantic import ValidationError

from answers import schema_faults, strict_yaml, yaml_faults
from answers.draft import UNFINISHED, Draft, readable, salvage, simulation
from answers.entry import Claim, Entry, Source
from answers.errors import EntryRejected
from answers.misnamed import misnamed
from answers.problem import Problem
from answers.schema import ClaimForm, EntryForm, SimulationForm
from answers.strict_yaml import Document, Lines, Place
from answers.variants import WrongVariant
from sim.words import faults

MAX_SOURCE = 40_000
MORE = "<!-- more -->"
"""What stands below this line of the body is shown only to who asks for more."""

_FRONT_MATTER = re.compile(r"\A---\r?\n(.*?)^---[ \t]*\r?$\n?(.*)\Z", re.DOTALL | re.MULTILINE)
_MORE = re.compile(r"^[ \t]*<!--\s*more\s*-->[ \t]*$", re.MULTILINE | re.IGNORECASE)
_MARKED = re.compile(rf"(?:^|[ \t])#[^\n]*?\b{UNFINISHED}\b", re.MULTILINE)
_MOST_MENDED = 10
_TEMPLATES = ("short", "misconception")
_TEMPLATES_OF_A_CLAIM = ("text", "otherwise")


def read(text: str, path: str = "") -> Entry:
    """Read an entry.

    Raises:
        EntryRejected: with every problem found, each with its line.
    """
    found = draft(text, path)
    if found.problems or found.entry is None:
        raise EntryRejected(found.problems)
    return found.entry


def draft(text: str, path: str = "") -> Draft:
    """Read what can be read of an entry, with everything that keeps it from being one."""
    if len(text) > MAX_SOURCE:
        message = f"An answer has at most {MAX_SOURCE} characters; got {len(text)}; shorten it."
        return Draft(entry=None, problems=(Problem(code="too-long", message=message, path=path),))
    parts = _FRONT_MATTER.match(text.removeprefix("\ufeff"))
    if parts is None:
        message = "An answer starts with a line ---, front matter in YAML, a line ---, then Markdown."
        return Draft(entry=None, problems=(Problem(code="front-matter", message=message, path=path),))
    header, body = parts.groups()
    document, problems = _load(header, path)
    if document is None:
        return Draft(entry=None, problems=tuple(problems))
    lines = {place: line + 1 for place, line in document.lines.items()}
    lines["body",] = _body_line(text, header, body)
    try:
        found = Draft(entry=_assemble(EntryForm.model_validate(document.data), path))
    except (ValidationError, WrongVariant) as error:
        details = error.errors(include_url=False) if isinstance(error, ValidationError) else []
        problems += [schema_faults.explain(detail, lines, path) for detail in details]
        problems += _wrong_specs(readable(document.data), lines, path)
        found = salvage(document.data, path)
    entry = found.entry and _with_body(found.entry, body.strip(), lines, document)
    marked = tuple(header.count("\n", 0, match.end()) + 2 for match in _MARKED.finditer(header))
    ordered = tuple(sorted(problems, key=lambda problem: problem.line))
    return replace(found, entry=entry, problems=ordered, marked=marked)


def _load(header: str, path: str) -> tuple[Document | None, list[Problem]]:
    """Read the front matter, which starts on line 2 of the file; mend its lines as they were meant."""
    problems: list[Problem] = []
    mended: set[int] = set()
    while True:
        try:
            document = strict_yaml.load(header)
        except strict_yaml.YamlError as error:
            fault = yaml_faults.explain(error, header)
            column = error.column + 1 if error.line == fault.line and error.column else 0
            problems.append(
                Problem(code="yaml", message=fault.message, line=fault.line + 1, path=path, column=column)
            )
            if fault.mended is None or fault.line in mended or len(mended) == _MOST_MENDED:
                return None, problems
            mended.add(fault.line)
            written = header.split("\n")
            written[fault.line - 1] = fault.mended
            header = "\n".join(written)
            continue
        for key, line in document.twice:
            message = f"A key is given once; got {key!r} twice; remove one."
            problems.append(Problem(code="yaml", message=message, line=line + 1, path=path))
        return document, problems


def _body_line(text: str, header: str, body: str) -> int:
    """Return the line of the body's first word: behind the header, its two dashed lines and blank lines."""
    blank = len(body) - len(body.lstrip())
    start = text.index(header) + len(header)
    return text[: text.index(body, start) + blank].count("\n") + 1 if body.strip() else 1


def _wrong_specs(simulations: Mapping[str, SimulationForm], lines: Lines, path: str) -> list[Problem]:
    problems: list[Problem] = []
    for name, form in simulations.items():
        texts, before = dict(form.variants or {name: form.spec or ""}), len(problems)
        while texts:
            try:
                simulation(name, form.model_copy(update={"spec": None, "variants": texts}))
                break
            except WrongVariant as error:
                place = ("simulations", name, *(["variants", error.variant] if form.variants else ["spec"]))
                line = lines.get(place, 1)
                problems += [
                    Problem(code="spec", message=f"{name}: {message}", line=line, path=path)
                    for message in dict.fromkeys([str(error), *faults(texts[error.variant])])
                ]
                del texts[error.variant]
        if len(problems) > before:  # nothing else will be said of this simulation
            for key, message in misnamed(name, form.experiment, form.knobs):
                line = _line(lines, ("simulations", name, key))
                problems.append(Problem(code=key, message=message, line=line, path=path))
    return problems


def _assemble(form: EntryForm, path: str) -> Entry:
    return Entry(
        id=form.id,
        title=form.title,
        phrasings=tuple(form.phrasings),
        short=form.short,
        misconception=form.misconception,
        body="",
        more="",
        simulations=tuple(simulation(name, one) for name, one in form.simulations.items()),
        claims=tuple(Claim(**claim.model_dump()) for claim in form.claims),
        try_next=tuple(form.try_next),
        related=tuple(form.related),
        part_of=form.part_of,
        sources=tuple(Source(**source.model_dump()) for source in form.sources),
        author=form.author,
        license=form.license,
        date=form.date,
        constants=form.constants,
        path=path,
    )


def _with_body(entry: Entry, body: str, lines: Lines, document: Document) -> Entry:
    parts = _MORE.split(body, maxsplit=1)
    front, more = parts[0], parts[1] if len(parts) > 1 else ""
    above = body[: len(body) - len(more.lstrip())]
    kept = _entry_lines(entry, lines, document)
    kept["more"] = lines["body",] + above.count("\n")
    return replace(entry, body=front.strip(), more=more.strip(), lines=kept)


def _entry_lines(entry: Entry, lines: Lines, document: Document) -> dict[str, int]:
    """Keep the lines that a check needs, by words such as "claim shrinks" or "simulation main".

    Of a text that is written on several lines, "short@57" is the line that starts with its character 57.
    """
    kept = {key: lines[key,] for key in (*EntryForm.model_fields, "body") if (key,) in lines}
    places: dict[str, Place] = {key: (key,) for key in _TEMPLATES}
    for index, claim in enumerate(entry.claims):
        for key in ClaimForm.model_fields:
            part = "claim" if key == "text" else key
            kept[f"{part} {claim.id}"] = _line(lines, ("claims", index, key))
            if key in _TEMPLATES_OF_A_CLAIM:
                places[f"{part} {claim.id}"] = ("claims", index, key)
    for part, place in places.items():
        # Blanks in front of a text are stripped.
        written: Any = _value(document.data, place)
        blank = len(written) - len(written.lstrip()) if isinstance(written, str) else 0
        for offset, line in document.breaks.get(place, ()):
            kept[f"{part}@{offset - blank}"] = line + 1
    for key, word in (("phrasings", "phrasing"), ("try_next", "try_next"), ("related", "related")):
        items: Any = _value(document.data, (key,))
        for index, text in enumerate(cast("list[Any]", items) if isinstance(items, list) else []):
            if isinstance(text, str):
                kept.setdefault(f"{word} {text.strip()}", lines.get((key, index), 1))
    return kept | _simulation_lines(lines)


def _simulation_lines(lines: Lines) -> dict[str, int]:
    kept: dict[str, int] = {}
    for place, line in lines.items():
        match place:
            case ("simulations", name):
                kept[f"simulation {name}"] = line
            case ("simulations", name, ("knobs" | "experiment") as key):
                kept[f"{key} {name}"] = line
            case _:
                pass
    return kept


def _line(lines: Lines, place: Place) -> int:
    """Return the line of a place, or of what it would stand in."""
    return next((lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in lines), 1)


def _value(data: Any, place: Place) -> Any:
    for part in place:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data
