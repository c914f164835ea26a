"""What an answer has besides what it shows at first: more to read, its sources, its code, its neighbours."""

from collections.abc import Sequence

from answers.catalog import Catalog
from answers.entry import Entry
from answers.followups import Part, Turn
from answers.matching import Candidate
from answers.pipeline import plan
from bot.reply import PartReply, Script
from sim.errors import SpecError
from sim.script import SCRIPTED, require_scripted, script

_CANDIDATES = 3


def part_of(  # noqa: PLR0913  what is shown, and what it belongs to
    entry: Entry, part: Part, more: str, *, question: str, seconds: float, turn: Turn
) -> PartReply:
    """Return one part of an answer.

    Args:
        entry: the answer, with the networks it was run with.
        part: which one.
        more: what it has more to say, rendered.
        question: what was asked.
        seconds: how long it took.
        turn: what a follow-up refers to.
    """
    text, scripts = more, tuple[Script, ...]()
    if part == "code":
        text, scripts = _code(entry)
    elif part == "sources":
        text = "This answer rests on:"
    elif not more:
        text = "All that this answer has to say was shown; its sources say more:"
    sources = entry.sources if part == "sources" or (part == "more" and not more) else ()
    return PartReply(
        id=entry.id, question=question, title=entry.title, text=text, sources=sources, scripts=scripts,
        seconds=seconds, turn=turn,
    )  # fmt: skip


def other_candidates(catalog: Catalog, previous: Turn, ranked: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return what the question might have meant instead: what came close to it, then what is related."""
    gone = {previous.answer, *previous.refused}
    entry = catalog.entries.get(previous.answer)
    related = [
        Candidate(id=id_, title=catalog.entries[id_].title, score=0.0)
        for id_ in (entry.related if entry else ())
        if id_ in catalog.entries
    ]
    found = {candidate.id: candidate for candidate in (*related, *ranked)}
    order = dict.fromkeys(candidate.id for candidate in (*ranked, *related))
    return tuple(found[id_] for id_ in order if id_ not in gone)[:_CANDIDATES]


def _code(entry: Entry) -> tuple[str, tuple[Script, ...]]:
    """Write a script for every network of the first run that can be written as one."""
    for simulation in plan(entry):
        specs = list(simulation.variants.values())
        try:
            require_scripted(simulation.experiment, specs)
        except SpecError:
            continue
        scripts = [Script(name=f"{name}.py", text=script(spec)) for name, spec in simulation.variants.items()]
        return "The networks of this answer as PyTorch scripts; each prints its own numbers:", tuple(scripts)
    used = " and ".join(dict.fromkeys(simulation.experiment for simulation in plan(entry)))
    return f"There are scripts for {', '.join(SCRIPTED)}; this answer measures {used}, so it has none.", ()
