"""From the text of a file to an `Entry`, or to everything that is wrong with it at once."""

import contextlib
import re
from collections.abc import Mapping
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from answers import strict_yaml
from answers.entry import Claim, Entry, Simulation, Source
from answers.errors import EntryRejected
from answers.problem import Problem
from answers.schema import EntryForm, SimulationForm
from answers.strict_yaml import Lines
from answers.variants import WrongVariant, variants
from sim.knobs import nearest

MAX_SOURCE = 40_000
MORE = "<!-- more -->"
"""What stands below this line of the body is shown only to who asks for more."""

_FRONT_MATTER = re.compile(r"\A---\r?\n(.*?)^---[ \t]*\r?$\n?(.*)\Z", re.DOTALL | re.MULTILINE)


def read(text: str, path: str = "") -> Entry:
    """Read an entry.

    Raises:
        EntryRejected: with every problem found, each with its line.
    """
    if len(text) > MAX_SOURCE:
        message = f"An answer has at most {MAX_SOURCE} characters; got {len(text)}; shorten it."
        raise EntryRejected([Problem(code="too-long", message=message, path=path)])
    parts = _FRONT_MATTER.match(text.removeprefix("\ufeff"))
    if parts is None:
        message = "An answer starts with a line ---, front matter in YAML, a line ---, then Markdown."
        raise EntryRejected([Problem(code="front-matter", message=message, path=path)])
    header, body = parts.groups()
    data, lines = _load(header, path)
    try:
        form = EntryForm.model_validate(data)
    except ValidationError as error:
        found = [_explain(detail, lines, path) for detail in error.errors(include_url=False)]
        found += _wrong_specs(_readable(data), lines, path)
        raise EntryRejected(sorted(found, key=lambda problem: problem.line)) from None
    return _assemble(form, body.strip(), {**lines, ("body",): _body_line(text, header, body)}, path)


def _body_line(text: str, header: str, body: str) -> int:
    """Return the line of the body's first word: behind the header, its two dashed lines and blank lines."""
    blank = len(body) - len(body.lstrip())
    start = text.index(header) + len(header)
    return text[: text.index(body, start) + blank].count("\n") + 1 if body.strip() else 1


def _load(header: str, path: str) -> tuple[Any, Lines]:
    """Read the front matter, which starts on line 2 of the file."""
    try:
        data, lines = strict_yaml.load(header)
    except strict_yaml.YamlError as error:
        message = f"The front matter is not valid YAML: {error}."
        raise EntryRejected([Problem(code="yaml", message=message, line=error.line + 1, path=path)]) from None
    return data, {place: line + 1 for place, line in lines.items()}


def _explain(detail: ErrorDetails, lines: Lines, path: str) -> Problem:
    place = detail["loc"]
    name = ".".join(str(part) for part in place) or "front matter"
    kind, reason = detail["type"], detail["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        known = sorted(_fields_at(place))
        message = f"{name} is not a key of an answer; {nearest(str(place[-1]), known)}"
    elif kind == "missing":
        message = f"{name} is missing; add it."
    else:
        message = f"{name}: {reason[0].lower()}{reason[1:]}; got {_shown(detail['input'])}."
    line = next((lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in lines), 1)
    return Problem(code="schema", message=message, line=line, path=path)


def _shown(value: Any) -> str:
    try:
        return f"{value!r:.60}"
    except ValueError:  # Python does not write out a number of thousands of digits
        return "a number that is too long"


def _fields_at(place: tuple[str | int, ...]) -> set[str]:
    if place[0] == "simulations":
        return set(SimulationForm.model_fields)
    if len(place) > 1:
        return (
            {"id", "text", "holds", "otherwise"}
            if place[0] == "claims"
            else {"title", "authors", "year", "arxiv", "doi", "url"}
        )
    return set(EntryForm.model_fields)


def _assemble(form: EntryForm, body: str, lines: Lines, path: str) -> Entry:
    if problems := _wrong_specs(form.simulations, lines, path):
        raise EntryRejected(problems)
    front, _, more = body.partition(MORE)
    above = body[: len(body) - len(more.lstrip())]
    return Entry(
        id=form.id,
        title=form.title,
        phrasings=tuple(form.phrasings),
        short=form.short,
        misconception=form.misconception,
        body=front.strip(),
        more=more.strip(),
        simulations=tuple(_simulation(name, one) for name, one in form.simulations.items()),
        claims=tuple(Claim(**claim.model_dump()) for claim in form.claims),
        try_next=tuple(form.try_next),
        related=tuple(form.related),
        sources=tuple(Source(**source.model_dump()) for source in form.sources),
        author=form.author,
        license=form.license,
        date=form.date,
        constants=form.constants,
        path=path,
        lines=_entry_lines(form, lines) | {"more": lines["body",] + above.count("\n")},
    )


def _readable(data: Any) -> dict[str, SimulationForm]:
    """Return the simulations of a front matter that can be read by themselves, whatever else is wrong."""
    given: Any = cast("dict[str, Any]", data).get("simulations") if isinstance(data, dict) else None
    found: dict[str, SimulationForm] = {}
    if isinstance(given, dict):
        for name, simulation in cast("dict[str, Any]", given).items():
            with contextlib.suppress(ValidationError):
                found[name] = SimulationForm.model_validate(simulation)
    return found


def _wrong_specs(simulations: Mapping[str, SimulationForm], lines: Lines, path: str) -> list[Problem]:
    problems: list[Problem] = []
    for name, simulation in simulations.items():
        try:
            _simulation(name, simulation)
        except WrongVariant as error:
            place = ("simulations", name, *(["variants", error.variant] if simulation.variants else []))
            line = lines.get(place, 1)
            problems.append(Problem(code="spec", message=f"{name}: {error}", line=line, path=path))
    return problems


def _entry_lines(form: EntryForm, lines: Lines) -> dict[str, int]:
    """Keep the lines that a check needs, by words such as "claim shrinks" or "simulation main"."""
    kept = {key: lines[key,] for key in (*EntryForm.model_fields, "body") if (key,) in lines}
    for index, claim in enumerate(form.claims):
        kept[f"claim {claim.id}"] = lines.get(("claims", index, "text"), 1)
        kept[f"otherwise {claim.id}"] = lines.get(("claims", index, "otherwise"), 1)
        kept[f"holds {claim.id}"] = lines.get(("claims", index, "holds"), 1)
    for index, text in enumerate(form.phrasings):
        kept[f"phrasing {text}"] = lines.get(("phrasings", index), 1)
    for index, text in enumerate(form.try_next):
        kept[f"try_next {text}"] = lines.get(("try_next", index), 1)
    for name in form.simulations:
        kept[f"simulation {name}"] = lines.get(("simulations", name), 1)
        kept[f"knobs {name}"] = lines.get(("simulations", name, "knobs"), 1)
        kept[f"experiment {name}"] = lines.get(("simulations", name, "experiment"), 1)
    return kept


def _simulation(name: str, form: SimulationForm) -> Simulation:
    texts = form.variants or {name: form.spec or ""}
    return Simulation(
        name=name,
        experiment=form.experiment,
        variants=variants(texts),
        knobs=tuple(form.knobs),
        texts=texts,
    )
