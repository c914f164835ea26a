"""An answer run on the network that the question speaks of, where its simulations allow that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from answers.entry import Entry
from answers.variants import WrongVariant, with_changes
from sim.cost import Allowance, require_affordable
from sim.errors import SimulationError
from sim.labels import labels
from sim.spec import Spec
from sim.support import require_runnable
from sim.vocabulary import BY_KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class Tailored:
    """The entry to run, and a sentence about what the question changed or could not change."""

    entry: Entry
    note: str = ""
    knobs: Mapping[str, str] = field(default_factory=dict[str, str])
    """What was changed: words of the grammar by key."""


def offered(entry: Entry, wanted: Mapping[str, str]) -> dict[str, str]:
    """Return what a question may set in this entry, of the knobs that it sets."""
    knobs = {knob for simulation in entry.simulations for knob in simulation.knobs}
    return {key: word for key, word in wanted.items() if key in knobs}


def tailor(entry: Entry, wanted: Mapping[str, str], allowance: Allowance) -> Tailored:
    """Change the knobs that a question sets and the entry offers.

    What cannot be run or would take too long is left as it was written, and the note says why.

    Args:
        entry: the answer.
        wanted: words of the grammar by key, as `parameters` finds them in a question.
        allowance: what one run may take.
    """
    changes = offered(entry, wanted)
    if not changes:
        return Tailored(entry=entry)
    said = _listed([f"{key}={word}" for key, word in changes.items()])
    try:
        changed = with_changes(entry, changes)
        if changed == entry:
            return Tailored(entry=entry)
        for simulation in changed.simulations:
            specs = list(simulation.variants.values())
            if len(set(specs)) < len(specs):
                return Tailored(
                    entry=entry,
                    note=f"Not run with {said}: networks that this answer compares would be the same.",
                )
            require_runnable(simulation.experiment, specs)
            require_affordable(simulation.experiment, specs, allowance)
    except (SimulationError, WrongVariant) as error:
        return Tailored(entry=entry, note=f"Not run with {said}: {str(error).rstrip('.')}.")
    return Tailored(
        entry=changed, note=f"Run with {_applied(changed, changes)}, as you asked.", knobs=changes
    )


def _applied(entry: Entry, changes: Mapping[str, str]) -> str:
    """Name what was changed, and of what some of the networks keep as it was, those that do not."""
    networks = list(_networks(entry))
    said: list[str] = []
    for key, word in changes.items():
        value = BY_KEY[key].parse(word)
        where = [label for label, spec in networks if getattr(spec, key) == value]
        everywhere = len(where) == len(networks)
        said.append(f"{key}={word}" if everywhere else f"{key}={word} for {_listed(where)} only")
    # What holds for all stands first, or it would be read as part of an exception.
    return _listed(sorted(said, key=lambda words: words.endswith(" only")))


def _networks(entry: Entry) -> Iterator[tuple[str, Spec]]:
    """Name every network as the plots do."""
    for simulation in entry.simulations:
        specs = list(simulation.variants.values())
        yield from zip(labels(specs), specs, strict=True)


def _listed(words: list[str]) -> str:
    words = list(dict.fromkeys(words))
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
