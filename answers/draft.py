"""What can be read of an answer that is not right yet, so that everything else is checked all the same."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from pydantic import ValidationError

from answers.entry import Claim, Entry, Simulation, Source
from answers.problem import Problem
from answers.schema import SimulationForm, SourceForm
from answers.variants import WrongVariant, variants

UNFINISHED = "TODO"
"""Marks what is still to be written; an answer with this word is not finished."""

_NEEDED = ("experiment", "spec", "variants")
_DIGITS, _LATEST = 4, 9999


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry in which what cannot be read is empty, and what is wrong with the file as such.

    `unreadable` are the names of simulations and variants that cannot be run; `nameless` tells that not even
    the names are known. `entry` is None where nothing can be read. `marked` are the lines of the front matter
    with a comment that says what is still to be written.
    """

    entry: Entry | None
    problems: tuple[Problem, ...] = ()
    unreadable: frozenset[str] = frozenset()
    nameless: bool = False
    marked: tuple[int, ...] = ()

    @property
    def names(self) -> frozenset[str] | None:
        """The names that texts and claims may use; None where they are not known."""
        if self.entry is None or self.nameless:
            return None
        return self.entry.names | self.unreadable


def simulation(name: str, form: SimulationForm) -> Simulation:
    """Read the configurations of a simulation; raise WrongVariant if one is wrong."""
    texts = form.variants or {name: form.spec or ""}
    return Simulation(
        name=name,
        experiment=form.experiment,
        variants=variants(texts),
        knobs=tuple(form.knobs),
        texts=texts,
    )


def salvage(data: Any, path: str) -> Draft:
    """Read the parts of a front matter that are right by themselves; its body and lines are left out."""
    given = _mapping(data)
    runs, unreadable = _simulations(given)
    entry = Entry(
        id=_text(given, "id"),
        title=_text(given, "title"),
        phrasings=_texts(given, "phrasings"),
        short=_text(given, "short"),
        misconception=_text(given, "misconception"),
        body="",
        more="",
        simulations=runs,
        claims=_claims(given),
        try_next=_texts(given, "try_next"),
        related=_texts(given, "related"),
        part_of=_text(given, "part_of") or None,
        sources=_sources(given),
        author=_text(given, "author"),
        license=_text(given, "license"),
        date=date.min,
        constants=dict.fromkeys(_mapping(given.get("constants")), ""),
        path=path,
    )
    nameless = not runs and not unreadable
    return Draft(entry=entry, unreadable=unreadable, nameless=nameless)


def readable(data: Any) -> dict[str, SimulationForm]:
    """Return the simulations of a front matter that can be run, whatever else their forms hold."""
    found: dict[str, SimulationForm] = {}
    for name, form in _mapping(_mapping(data).get("simulations")).items():
        needed = {key: value for key, value in _mapping(form).items() if key in _NEEDED}
        for parts in (form, needed):
            with contextlib.suppress(ValidationError):
                found.setdefault(name, SimulationForm.model_validate(parts))
    return found


def _simulations(given: Mapping[str, Any]) -> tuple[tuple[Simulation, ...], frozenset[str]]:
    forms = readable(given)
    runs: list[Simulation] = []
    unreadable: set[str] = set()
    for name, written in _mapping(given.get("simulations")).items():
        try:
            runs.append(simulation(name, forms[name]))
        except (KeyError, WrongVariant):
            unreadable |= {name, *_mapping(_mapping(written).get("variants"))}
    return tuple(runs), frozenset(unreadable)


def _claims(given: Mapping[str, Any]) -> tuple[Claim, ...]:
    forms = [_mapping(form) for form in _items(given, "claims")]
    return tuple(
        Claim(
            id=_text(form, "id") or f"number {number}",
            text=_text(form, "text"),
            holds=_text(form, "holds"),
            otherwise=_text(form, "otherwise"),
        )
        for number, form in enumerate(forms, start=1)
    )


def _sources(given: Mapping[str, Any]) -> tuple[Source, ...]:
    found: list[Source] = []
    for form in _items(given, "sources"):
        try:
            found.append(Source(**SourceForm.model_validate(form).model_dump()))
        except ValidationError:
            year = _mapping(form).get("year")
            if isinstance(year, str) and year.isdecimal() and len(year) == _DIGITS:
                year = int(year)
            if isinstance(year, int):  # the texts may name it, however wrong the rest is
                found.append(Source(title="", authors="", year=min(max(year, 0), _LATEST)))
    return tuple(found)


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _items(given: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = given.get(key)
    return cast("Sequence[Any]", value) if isinstance(value, list) else ()


def _text(given: Mapping[str, Any], key: str) -> str:
    value = given.get(key)
    return value.strip() if isinstance(value, str) else ""


def _texts(given: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in _items(given, key) if isinstance(item, str))
