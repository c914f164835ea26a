"""Whether an answer stands what its knobs allow: a question may ask for fewer layers, or for more."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from answers.checking.rendering import check_changed
from answers.entry import Entry, Simulation
from answers.problem import Problem
from answers.variants import WrongVariant, variants
from sim.cost import Allowance, require_affordable
from sim.errors import SimulationError
from sim.knobs import Choice, Knob, Number
from sim.measurements import Measurements
from sim.support import require_runnable
from sim.vocabulary import BY_KEY

_SEEDS = 2
"""Networks of one try: whether a text can be rendered does not depend on how many there are."""

_SMALLER, _LARGER = 0.5, 1.5
"""What a question asks for is near what an answer has: half of it, or as much again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One simulation of an entry with one knob set to another value."""

    entry: Entry
    simulation: Simulation
    words: str


def trials(entry: Entry, allowance: Allowance) -> tuple[list[Trial], list[Problem]]:
    """Set each knob of each simulation to a small and to a large value.

    Returns:
        What can be run, with few seeds; and a problem for every knob that cannot be turned.
    """
    found: list[Trial] = []
    problems: list[Problem] = []
    for simulation in entry.simulations:
        for key in simulation.knobs:
            if key not in BY_KEY or not simulation.variants:
                continue  # said already
            tried = [
                _try(entry, simulation, key, word, allowance) for word in _words(simulation, BY_KEY[key])
            ]
            refused = [one for one in tried if isinstance(one, str)]
            # Not every word of a choice has a meaning here; one that has is enough.
            if refused and (isinstance(BY_KEY[key], Number) or len(refused) == len(tried)):
                reason = refused[0].rstrip(".?")
                message = f"{simulation.name}: with {reason}; remove the knob {key}, or change the spec."
                line = entry.lines.get(f"knobs {simulation.name}", 1)
                problems.append(Problem(code="knobs", message=message, line=line, path=entry.path))
            found += [one for one in tried if isinstance(one, Trial)]
    return found, problems


def check_trials(
    entry: Entry, measured: Sequence[Measurements], tried: Sequence[tuple[Trial, Measurements]]
) -> list[Problem]:
    """Find texts that can be rendered with the answer's own networks and not with those of the trials."""
    changed = {
        f"{trial.simulation.name}: {trial.words}" if len(entry.simulations) > 1 else trial.words: [
            result if one.name == trial.simulation.name else own
            for one, own in zip(entry.simulations, measured, strict=True)
        ]
        for trial, result in tried
    }
    return check_changed(entry, measured, changed)


def _words(simulation: Simulation, knob: Knob) -> list[str]:
    """Return words for a knob, other than what the variants have."""
    first = next(iter(simulation.variants.values()))
    value = getattr(first, knob.key)
    if isinstance(knob, Choice):
        used = {getattr(spec, knob.key) for spec in simulation.variants.values()}
        others = [word for word in knob.words if word not in used]
        return list(dict.fromkeys([*others[:1], *others[-1:]]))
    near = value or knob.default or 1.0
    wanted = [near - 2, near + 2] if knob.odd else [near * _SMALLER, near * _LARGER]
    if knob.whole:
        wanted = [float(round(one)) for one in wanted]
    inside = [one for one in wanted if knob.low <= one <= knob.high and one != value]
    return [knob.format(one) for one in inside]


def _try(entry: Entry, simulation: Simulation, key: str, word: str, allowance: Allowance) -> Trial | str:
    """Return what can be run, or why it cannot."""
    words = f"{key}={word}"
    try:
        changed = variants(simulation.texts, {key: word})
        specs = list(changed.values())
        if len(set(specs)) == len(specs):
            require_runnable(simulation.experiment, specs)
            require_affordable(simulation.experiment, specs, allowance)
    except (SimulationError, WrongVariant) as error:
        return f"{words}: {error}"
    few = {name: replace(spec, seeds=min(spec.seeds, _SEEDS)) for name, spec in changed.items()}
    return Trial(entry=entry, simulation=replace(simulation, variants=few), words=words)
