"""What to do with a message, given the answer that was given before."""

from collections.abc import Mapping

from answers.catalog import Catalog
from answers.entry import Entry
from answers.followups.about import about
from answers.followups.reading import Reading, read
from answers.followups.requests import requested
from answers.followups.turn import Anew, Rerun, Say, Step, Switch, Turn
from answers.matching.text import literal
from answers.parameters import normal
from answers.tailoring import offered
from sim.errors import SpecError
from sim.knobs import Choice, Number
from sim.spec import Spec
from sim.vocabulary import BY_KEY, RECURRENT

_MAX_CHARACTERS = 160
"""What says more than that stands alone."""


def follow(question: str, previous: Turn, catalog: Catalog) -> Step:
    """Decide what a message asks for, after an answer.

    Only what cannot stand alone is taken for a follow-up: a wish such as "source?", or a few words of which
    every one says something of a knob.

    Args:
        question: the message.
        previous: the answer before it.
        catalog: the answers there are.
    """
    entry = catalog.entries.get(previous.answer)
    if entry is None or "```" in question:
        return Anew()
    text = normal(question)
    if len(text) > _MAX_CHARACTERS:
        return Anew()
    if (wish := requested(text)) is not None:
        return wish
    if entry.id in previous.refused:
        return Anew()
    specs = _specs(entry)
    reading = read(text, recurrent=bool(specs) and all(spec.arch in RECURRENT for spec in specs))
    if reading is None or (not reading.led and reading.topical) or _in_full(question, catalog):
        return Anew()
    return _changed(reading, entry, previous, catalog)


def _in_full(question: str, catalog: Catalog) -> bool:
    """Tell whether these are the very words of a title or phrasing: then they stand alone."""
    said = literal(question)
    return any(literal(text) == said for entry in catalog for text in (entry.title, *entry.phrasings))


def _changed(reading: Reading, entry: Entry, previous: Turn, catalog: Catalog) -> Step:
    values: dict[str, list[str]] = {}
    for key, word in _settled(reading, entry, previous):
        words = values.setdefault(key, [])
        if word not in words:
            words.append(word)
    if several := next((key for key, words in values.items() if len(words) > 1), None):
        if not reading.led:
            return Anew()
        listed = " and ".join(values[several])
        return Say(
            text=f"One run takes one {several}; got {listed}; ask for one of them, then for the other."
        )
    wanted = {key: words[0] for key, words in values.items()}
    try:
        for key, word in wanted.items():
            BY_KEY[key].parse(word)
    except SpecError as error:
        return Say(text=_sentence(str(error)))
    return _rerun(reading, wanted, entry, previous) or _elsewhere(reading, wanted, entry, previous, catalog)


def _rerun(reading: Reading, wanted: Mapping[str, str], entry: Entry, previous: Turn) -> Step | None:
    """Change what the answer lets a question change."""
    unwanted = {key for key, word in reading.drops if previous.knobs.get(key) == word}
    possible = offered(entry, wanted)
    if not possible and not unwanted:
        return None
    kept = {key: word for key, word in previous.knobs.items() if key not in unwanted}
    rest = {
        key: word
        for key, word in wanted.items()
        if key not in possible and not _has_already(entry, key, word)
    }
    note = _cannot(entry, rest) if rest else ""
    return Rerun(knobs={**kept, **possible}, note=note)


def _elsewhere(
    reading: Reading, wanted: Mapping[str, str], entry: Entry, previous: Turn, catalog: Catalog
) -> Step:
    """Find the answer about what this one cannot be run with, or say what it can be run with."""
    if wanted and all(_has_already(entry, key, word) for key, word in wanted.items()):
        return Say(text=f"This answer is run with {_listed(wanted)} anyway. {_can(entry)}")
    if wanted and all(_compares(entry, key, word) for key, word in wanted.items()):
        return Say(
            text=f"This answer was run with {_listed(wanted)} too, beside its other networks. {_can(entry)}"
        )
    things = [*((key, word) for key, word in wanted.items()), *((key, None) for key in reading.named)]
    for key, word in things:
        id_ = about(catalog, key, word if isinstance(BY_KEY[key], Choice) else None, entry)
        if id_ is not None and id_ != entry.id and word != "none":
            carried = _carried(entry, catalog.entries[id_], previous)
            return Switch(answer=id_, knobs={**carried, **wanted})
    if wanted:
        return Say(text=_cannot(entry, wanted))
    if reading.named:
        key = reading.named[0]
        knobs = _knobs(entry)
        if key in knobs:
            return Say(text=f"Which {key}? Name a value, for example: and with {_example(entry, key)}?")
        return Say(text=f"This answer cannot be run with another {key}. {_can(entry)}")
    if reading.bare:
        return Say(text=f"A number needs its knob; got {reading.bare[0]} alone. {_can(entry)}")
    dropped = _listed(dict(reading.drops))
    return Say(text=f"Nobody asked for {dropped} here, so there is nothing to take back. {_can(entry)}")


def _settled(reading: Reading, entry: Entry, previous: Turn) -> list[tuple[str, str]]:
    """Give every change a value: a factor multiplies what was run before, a bare number goes to its knob."""
    found = list(reading.sets)
    found += [
        (key, _times(key, factor, _present(key, entry, previous))) for key, factor in reading.factors.items()
    ]
    numeric = [key for key in previous.knobs if isinstance(BY_KEY[key], Number)]
    if len(numeric) == 1 and len(reading.bare) == 1 and reading.led:
        found.append((numeric[0], reading.bare.pop()))
    return found


def _present(key: str, entry: Entry, previous: Turn) -> float:
    """Return what a knob was in the run before, in the first network that a question may change."""
    if key in previous.knobs:
        return float(BY_KEY[key].parse(previous.knobs[key]) or 0)
    for simulation in sorted(entry.simulations, key=lambda one: key not in one.knobs):
        for spec in simulation.variants.values():
            return float(getattr(spec, key) or 0)
    return float(getattr(Spec(), key) or 0)


def _times(key: str, factor: float, value: float) -> str:
    knob = BY_KEY[key]
    if not isinstance(knob, Number):
        return str(value)
    changed = value * factor
    if knob.whole:
        changed = round(changed)
        changed += int(knob.odd and changed % 2 == 0)
    if not knob.low <= value * factor <= knob.high:
        # Up to the bound, but not past it; from the bound itself the grammar says what it takes.
        bound = knob.low if changed < knob.low else knob.high
        changed = changed if value == bound else bound
    return knob.format(float(f"{changed:.6g}"))


def _carried(entry: Entry, other: Entry, previous: Turn) -> Mapping[str, str]:
    """Keep what was changed before if the other answer runs the same kind: layers are no time steps."""
    kinds = [{(spec.arch in RECURRENT, spec.arch) for spec in _specs(one)} for one in (entry, other)]
    return previous.knobs if kinds[0] == kinds[1] else {}


def _specs(entry: Entry) -> list[Spec]:
    return [spec for simulation in entry.simulations for spec in simulation.variants.values()]


def _knobs(entry: Entry) -> list[str]:
    return list(dict.fromkeys(knob for simulation in entry.simulations for knob in simulation.knobs))


def _has_already(entry: Entry, key: str, word: str) -> bool:
    value = BY_KEY[key].parse(word)
    return all(getattr(spec, key) == value for spec in _specs(entry))


def _compares(entry: Entry, key: str, word: str) -> bool:
    value = BY_KEY[key].parse(word)
    return isinstance(BY_KEY[key], Choice) and any(getattr(spec, key) == value for spec in _specs(entry))


def _cannot(entry: Entry, wanted: Mapping[str, str]) -> str:
    return f"This answer cannot be run with {_listed(wanted)}. {_can(entry)}"


def _listed(wanted: Mapping[str, str]) -> str:
    return " and ".join(f"{key}={word}" for key, word in wanted.items())


def _can(entry: Entry) -> str:
    knobs = _knobs(entry)
    if not knobs:
        return "Its runs are fixed; simulate runs any other network."
    listed = " or ".join([", ".join(knobs[:-1]), knobs[-1]] if len(knobs) > 1 else knobs)
    return f"It takes another {listed}, for example: and with {_example(entry, knobs[0])}?"


def _example(entry: Entry, key: str) -> str:
    """Name a value of a knob that the answer was not written with."""
    present = {getattr(spec, key) for spec in _specs(entry)}
    knob = BY_KEY[key]
    if isinstance(knob, Choice):
        return next(word for word in (*knob.words, knob.default) if word not in present and word != "none")
    return f"{key}={_times(key, 2, float(next(iter(present)) or 0))}"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
