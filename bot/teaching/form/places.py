"""Where in the form a problem of the file stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from answers import strict_yaml
from answers.problem import Problem
from answers.strict_yaml import Place
from bot.teaching.form import claims, simulations
from bot.teaching.form.compose import decompose
from bot.teaching.form.fields import Field, NotInForm
from bot.teaching.form.front_matter import File, split


@dataclass(frozen=True, slots=True, kw_only=True)
class InForm:
    """A problem with its place in the form; `field` is None for what the form does not show."""

    problem: Problem
    field: Field | None
    line: int = 1

    def __str__(self) -> str:
        if self.field is None:
            return f"line {self.problem.line} of the file: {self.problem.message}"
        return f"{self.field}, line {self.line}: {self.problem.message}"


def in_form(problems: tuple[Problem, ...], text: str) -> tuple[InForm, ...]:
    """Find the field and its line for every problem of a file that came from the form."""
    try:
        anchors = _anchors(text)
    except NotInForm:
        return tuple(InForm(problem=problem, field=None) for problem in problems)
    return tuple(_placed(problem, anchors) for problem in problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Anchor:
    line: int
    place: int
    field: Field | None
    flows: bool = False
    """Whether further lines of the file are further lines of the field."""


def _placed(problem: Problem, anchors: list[_Anchor]) -> InForm:
    before = [anchor for anchor in anchors if anchor.line <= problem.line]
    if not before:
        return InForm(problem=problem, field=None)
    anchor = before[-1]
    line = anchor.place + (problem.line - anchor.line if anchor.flows else 0)
    return InForm(problem=problem, field=anchor.field, line=line)


def _anchors(text: str) -> list[_Anchor]:
    """Return where parts of the fields begin in the file, in order."""
    file = split(text)
    fields = decompose(text)
    lines = {place: line + 1 for place, line in strict_yaml.load(file.header).lines.items()}
    keys = {"short": Field.BODY, "misconception": Field.BODY}
    keys |= {str(field): field for field in Field if field is not Field.BODY}
    places: list[tuple[Place, Field | None, int]] = [((key,), keys.get(key), 1) for key in file.spans]
    places.append((("misconception",), Field.BODY, 3))
    places += [
        (("phrasings", index), Field.PHRASINGS, index + 1)
        for index in range(len(fields.phrasings.splitlines()))
    ]
    places += [(place, Field.SIMULATIONS, line) for place, line in _of_simulations(fields.simulations)]
    places += [(place, Field.CLAIMS, line) for place, line in _of_claims(fields.claims)]
    found = [
        _Anchor(line=lines[place], place=line, field=field) for place, field, line in places if place in lines
    ]
    return sorted([*found, *_of_body(file, text, fields.body)], key=lambda anchor: anchor.line)


def _of_simulations(text: str) -> Iterator[tuple[Place, int]]:
    for run in simulations.read(text):
        place = ("simulations", run.name)
        yield place, run.line
        yield (*place, "knobs"), run.line
        yield (*place, "spec"), run.line + 1
        for number, name in enumerate(run.variants, start=1):
            yield (*place, "variants", name), run.line + number


def _of_claims(text: str) -> Iterator[tuple[Place, int]]:
    for index, claim in enumerate(claims.read(text)):
        yield ("claims", index), claim.lines[0]
        for key, line in zip(("text", "holds", "otherwise"), claim.lines, strict=True):
            yield ("claims", index, key), line


def _of_body(file: File, text: str, field: str) -> Iterator[_Anchor]:
    body, shown = file.body.strip().replace("\r\n", "\n").splitlines(), field.splitlines()
    if not body:
        return
    above = text[: len(text) - len(file.body.lstrip())].count("\n")
    first = next((at for at in range(len(shown)) if shown[at:] == body[: len(shown) - at]), len(shown))
    yield _Anchor(line=above + 1, place=first + 1, field=Field.BODY, flows=True)
    below = len(shown) - first
    if below < len(body):  # what the form leaves out
        yield _Anchor(line=above + 1 + below, place=1, field=None)
