"""An answer run on the network that the question speaks of, where its simulations allow that."""

from collections.abc import Mapping
from dataclasses import dataclass

from answers.entry import Entry
from answers.parameters import parameters
from answers.variants import WrongVariant, with_changes
from sim.cost import Allowance, require_affordable
from sim.errors import SimulationError
from sim.support import require_runnable


@dataclass(frozen=True, slots=True, kw_only=True)
class Tailored:
    """The entry to run, and a sentence about what the question changed or could not change."""

    entry: Entry
    note: str = ""


def tailor(entry: Entry, question: str, allowance: Allowance) -> Tailored:
    """Change the knobs that the question sets and the entry offers.

    What cannot be run or would take too long is left as it was written, and the note says why.
    """
    wanted = parameters(question)
    offered = {knob for simulation in entry.simulations for knob in simulation.knobs}
    changes = {key: word for key, word in wanted.items() if key in offered}
    if not changes:
        return Tailored(entry=entry)
    said = _said(changes)
    try:
        changed = with_changes(entry, changes)
        if changed == entry:
            return Tailored(entry=entry)
        for simulation in changed.simulations:
            specs = list(simulation.variants.values())
            if len(set(specs)) < len(specs):
                return Tailored(entry=entry, note=f"{said} is what this answer compares with anyway.")
            require_runnable(simulation.experiment, specs)
            require_affordable(simulation.experiment, specs, allowance)
    except (SimulationError, WrongVariant) as error:
        return Tailored(entry=entry, note=f"Not run with {said}: {str(error).rstrip('.')}.")
    return Tailored(entry=changed, note=f"Run with {said}, as you asked.")


def _said(changes: Mapping[str, str]) -> str:
    return " ".join(f"{key}={word}" for key, word in changes.items())
