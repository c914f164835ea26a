"""Texts on what was measured: names that were not measured, and what cannot be rendered in some run."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from answers import claims, templates
from answers.checking.names import Path, names_of_claim, names_of_text
from answers.checking.readable import faults
from answers.checking.texts import Text, texts
from answers.entry import Entry
from answers.errors import AnswerError
from answers.pipeline import facts_by_name
from answers.problem import Problem
from sim.knobs import nearest
from sim.measurements import Measurements

# Stands for any number where the longest rendering is wanted: digits, sign and exponent.
LONGEST = -1.23456789e-188

# What a variant is rather than what was measured of it.
_WORDS = frozenset({"spec", "named", "label"})
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What a run may have found, in words that follow a text's name, and which claims hold in it."""

    words: str
    facts: Mapping[str, Any]
    holds: Callable[[str], bool | None]


def check_names(entry: Entry, measured: Sequence[Measurements]) -> list[Problem]:
    """Find names that lead to nothing that was measured, every one in every text and claim."""
    facts = facts_by_name(entry, measured)
    problems: list[Problem] = []
    for text in texts(entry):
        for path, line in names_of_text(text):
            if message := _missing(path, facts):
                message = f"{text.name}: {message}"
                problems.append(Problem(code="template", message=message, line=line, path=entry.path))
    for claim in entry.claims:
        for path in names_of_claim(claim.holds):
            if message := _missing(path, facts) or _group(path, facts):
                line = entry.lines.get(f"holds {claim.id}", 1)
                message = f"claim {claim.id}: {message}"
                problems.append(Problem(code="claim", message=message, line=line, path=entry.path))
    return problems


def check_rendering(entry: Entry, measured: Sequence[Measurements]) -> list[Problem]:
    """Find texts that cannot be rendered on what was measured, or on what another run may measure."""
    facts = facts_by_name(entry, measured)
    return [
        Problem(code="template", message=message, line=text.line_of(0), path=entry.path)
        for text in _readable(entry, facts)
        if (message := _first_failure(entry, text, _runs(entry, facts)))
    ]


def check_changed(
    entry: Entry, measured: Sequence[Measurements], changed: Mapping[str, Sequence[Measurements]]
) -> list[Problem]:
    """Find texts that can be rendered on the networks of an answer and not on others, each fault once.

    Args:
        entry: the answer.
        measured: the results of its own simulations.
        changed: the results of changed ones, by what was changed.
    """
    before = facts_by_name(entry, measured)
    own = _runs(entry, before)
    # What fails on the answer's own networks has been said.
    readable = [text for text in _readable(entry, before) if not _first_failure(entry, text, own)]
    found: dict[tuple[str, str], tuple[Text, list[str]]] = {}
    for words, results in changed.items():
        after = facts_by_name(entry, results)
        run = _Run(words=words, facts=after, holds=_held(entry, after).get)
        for text in readable:
            if message := _failure(entry, text, run):
                found.setdefault((text.name, message), (text, []))[1].append(words)
    return [
        Problem(
            code="knobs",
            message=f"{name}, with {_listed(words)}: {message}",
            line=text.line_of(0),
            path=entry.path,
        )
        for (name, message), (text, words) in found.items()
    ]


def _listed(words: Sequence[str]) -> str:
    """Name a few of what was changed."""
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return f"{' or with '.join(words[:_SHOWN])}{more}"


def lengthened(facts: Any) -> Any:
    """Replace every measured number that is not a count by one that is as long as numbers get."""
    return _replaced(facts, LONGEST)


def is_measured(path: Path, facts: Mapping[str, Any]) -> bool:
    """Tell whether a dotted name leads to something that was measured, or to claims."""
    return path[0] == "claims" or (path[0] in facts and not _missing(path, facts))


def is_value(path: Path, facts: Mapping[str, Any]) -> bool:
    """Tell whether a dotted name leads to something measured that a claim can compare."""
    return is_measured(path, facts) and not _group(path, facts)


def _readable(entry: Entry, facts: Mapping[str, Any]) -> list[Text]:
    """Return the texts of which nothing is known yet that is wrong, and whose simulations could be run."""
    return [
        text
        for text in texts(entry)
        if not faults(text) and all(is_measured(path, facts) for path, _ in names_of_text(text))
    ]


def _held(entry: Entry, facts: Mapping[str, Any]) -> dict[str, bool | None]:
    held: dict[str, bool | None] = {}
    for claim in entry.claims:
        try:
            held[claim.id] = claims.evaluate(claim.holds, facts).holds
        except AnswerError:
            held[claim.id] = None
    return held


def _runs(entry: Entry, facts: Mapping[str, Any]) -> list[_Run]:
    long, nothing = lengthened(facts), _replaced(facts, math.nan)
    return [
        _Run(words="", facts=facts, holds=_held(entry, facts).get),
        _Run(words=", with every claim true", facts=long, holds=lambda _: True),
        _Run(words=", with no claim true", facts=long, holds=lambda _: False),
        _Run(words=", with nothing measured", facts=nothing, holds=lambda _: None),
    ]


def _first_failure(entry: Entry, text: Text, runs: Sequence[_Run]) -> str:
    failures = ((run, _failure(entry, text, run)) for run in runs)
    return next((f"{text.name}{run.words}: {message}" for run, message in failures if message), "")


def _failure(entry: Entry, text: Text, run: _Run) -> str:
    kind, _, claim = text.name.partition(" ")
    values = dict(run.facts)
    if claim:
        # A claim's text is shown where it holds, what stands for it where it does not.
        if run.holds(claim) is not (kind == "claim"):
            return ""
    else:
        values["claims"] = {one.id: run.holds(one.id) for one in entry.claims}
    try:
        templates.render(text.source, values)
    except AnswerError as error:
        return str(error)
    return ""


def _missing(path: Path, facts: Mapping[str, Any]) -> str:
    """Say that a name leads nowhere and which does, or nothing."""
    place: Any = facts
    for depth, key in enumerate(path):
        if place is None:
            return ""  # nothing was measured, so nothing of it was
        if not isinstance(place, Mapping):
            return f"{'.'.join(path[:depth])} has no parts; got {'.'.join(path)}; leave the rest out."
        known = cast("Mapping[str, Any]", place)
        if key not in known:
            if not depth:
                return ""  # a simulation that could not be run, or one that does not exist: said already
            above = ".".join(path[:depth])
            hint = _nearest(path, above, known, facts[path[0]])
            return f"{'.'.join(path[: depth + 1])} was not measured; {hint}"
        place = known[key]
    return ""


def _group(path: Path, facts: Mapping[str, Any]) -> str:
    """Say that a name stands for many facts, and name some; a claim compares one."""
    place: Any = facts
    for key in path:
        place = cast("Mapping[str, Any]", place).get(key) if isinstance(place, Mapping) else None
    if not isinstance(place, Mapping):
        return ""
    name = ".".join(path)
    leaves = [leaf for leaf in _leaves(cast("Mapping[str, Any]", place)) if leaf.split(".")[0] not in _WORDS]
    some = ", ".join(f"{name}.{leaf}" for leaf in sorted(leaves, key=lambda leaf: leaf.count("."))[:_SHOWN])
    return f"{name} stands for all that was measured of it; name one fact, for example {some}."


def _nearest(path: Path, above: str, known: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    """Name the nearest fact in full; where none is near, look among what lies deeper, too."""
    deeper = _leaves(root)
    for word, names, prefix in (
        (path[len(above.split("."))], list(known), above),
        (".".join(path[1:]), deeper, path[0]),
    ):
        hint = nearest(word, sorted(names))
        if hint.startswith("did you mean '"):
            return hint.replace("did you mean '", f"did you mean '{prefix}.")
    return nearest("", [f"{above}.{name}" for name in sorted(known)])


def _leaves(facts: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for name, value in facts.items():
        if isinstance(value, Mapping) and name not in _WORDS:
            found += [f"{name}.{leaf}" for leaf in _leaves(cast("Mapping[str, Any]", value))]
        else:
            found.append(name)
    return found


def _replaced(value: Any, number: float) -> Any:
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value).items()
        return {key: _replaced(item, number) for key, item in items}
    return number if isinstance(value, float) and not math.isnan(value) else value
