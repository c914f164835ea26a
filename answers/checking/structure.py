"""Specs that cannot run, names that clash, templates and claims that cannot be read, dead links."""

import keyword

from answers import claims
from answers.catalog import Catalog
from answers.checking.names import names_of_text
from answers.checking.readable import faults
from answers.checking.texts import texts
from answers.draft import Draft
from answers.entry import Entry, Simulation
from answers.errors import ClaimRejected
from answers.misnamed import misnamed
from answers.problem import Problem
from sim.asked import read_simulation
from sim.cost import Allowance, require_affordable
from sim.errors import SimulationError
from sim.knobs import nearest
from sim.support import EXPERIMENTS, require_runnable

# Words of the templates' own language, of which `faults` speaks.
_RESERVED = frozenset({"loop", "self"})

_TAKEN = frozenset({*keyword.kwlist, "true", "false", "none", "abs", "min", "max", "log10", *_RESERVED})
"""Words of the languages in which claims and templates are written: there they name nothing else."""


def check_structure(draft: Draft, entry: Entry, catalog: Catalog, allowance: Allowance) -> list[Problem]:
    """Find the parts of an entry that cannot be read, run or followed."""
    return [
        *(problem for one in entry.simulations for problem in check_simulation(entry, one, allowance)),
        *_check_next(entry, allowance),
        *_check_related(entry, catalog),
        *_check_repeated(entry),
        *_check_names(entry),
        *_check_templates(draft, entry),
        *_check_claims(draft, entry),
    ]


def check_simulation(entry: Entry, simulation: Simulation, allowance: Allowance) -> list[Problem]:
    """Find what keeps a simulation from being run, or its knobs from being turned."""
    name, line = simulation.name, f"simulation {simulation.name}"
    problems = [
        _problem(entry, one.key, one.message, f"{one.key} {name}")
        for one in misnamed(name, simulation.experiment, simulation.knobs)
    ]
    if simulation.experiment not in EXPERIMENTS:
        return problems
    specs = list(simulation.variants.values())
    if len(set(specs)) < len(specs):
        message = f"{name}: two variants are the same; change a knob of one."
        problems.append(_problem(entry, "spec", message, line))
    try:
        require_runnable(simulation.experiment, specs)
        require_affordable(simulation.experiment, specs, allowance)
    except SimulationError as error:
        problems.append(_problem(entry, "spec", f"{name}: {error}", line))
    if simulation.experiment == "precision" and len(specs) == 1:
        # Alone it would be measured in every type, and its one name could not stand for them all.
        message = (
            f"{name}: the experiment 'precision' compares variants; got one; "
            "add another, for example half: precision=float16."
        )
        problems.append(_problem(entry, "spec", message, line))
    return problems


def _check_next(entry: Entry, allowance: Allowance) -> list[Problem]:
    problems: list[Problem] = []
    for text in entry.try_next:
        try:
            experiment, specs = read_simulation(text)
            require_runnable(experiment, specs)
            require_affordable(experiment, specs, allowance)
        except SimulationError as error:
            message = f"try_next {text!r}: {error}"
            problems.append(_problem(entry, "try-next", message, f"try_next {text}"))
    return problems


def _check_related(entry: Entry, catalog: Catalog) -> list[Problem]:
    problems: list[Problem] = []
    for other in entry.related:
        if other not in catalog.entries or other == entry.id:
            hint = nearest(other, sorted(set(catalog.entries) - {entry.id}))
            message = f"related names other answers; got {other!r}; {hint}"
            line = f"related {other}" if f"related {other}" in entry.lines else "related"
            problems.append(_problem(entry, "related", message, line))
    broader = catalog.entries.get(entry.part_of or "")
    if entry.part_of and (broader is None or broader.id == entry.id):
        hint = nearest(entry.part_of, sorted(set(catalog.entries) - {entry.id}))
        message = f"part_of names another answer; got {entry.part_of!r}; {hint}"
        problems.append(_problem(entry, "related", message, "part_of"))
    elif broader and broader.part_of:
        message = f"part_of names a broad answer; {broader.id} is part of {broader.part_of}; name that."
        problems.append(_problem(entry, "related", message, "part_of"))
    return problems


def _check_repeated(entry: Entry) -> list[Problem]:
    lists = [("try_next", "try_next", entry.try_next), ("related", "related", entry.related)]
    lists += [(f"{one.name}: knobs", f"knobs {one.name}", one.knobs) for one in entry.simulations]
    return [
        _problem(entry, "duplicate", f"{name} gives {item!r} twice; remove one.", line)
        for name, line, items in lists
        for item in dict.fromkeys(items)
        if items.count(item) > 1
    ]


def _problem(entry: Entry, code: str, message: str, line: str) -> Problem:
    return Problem(code=code, message=message, line=entry.lines.get(line, 1), path=entry.path)


def _check_names(entry: Entry) -> list[Problem]:
    seen: set[str] = set()
    problems: list[Problem] = []
    for simulation in entry.simulations:
        line = f"simulation {simulation.name}"
        for name in dict.fromkeys([simulation.name, *simulation.variants]):
            if name == "claims":
                message = "The name claims is taken: templates ask it which claims hold; rename the variant."
                problems.append(_problem(entry, "names", message, line))
            elif name in _TAKEN:
                message = (
                    f"The name {name} is a word of the language of claims and templates; "
                    f"rename it, for example to {name}_net."
                )
                problems.append(_problem(entry, "names", message, line))
            elif name in seen:
                message = f"Simulations and variants have different names; got {name!r} twice; rename one."
                problems.append(_problem(entry, "names", message, line))
            seen.add(name)
    ids = [claim.id for claim in entry.claims]
    for repeated in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        message = f"Claims have different ids; got {repeated!r} twice; rename one."
        problems.append(_problem(entry, "names", message, f"claim {repeated}"))
    return problems


def _check_templates(draft: Draft, entry: Entry) -> list[Problem]:
    problems: list[Problem] = []
    ids = [claim.id for claim in entry.claims]
    for text in texts(entry):
        found = faults(text)
        for path, line in names_of_text(text):
            if message := _wrong_name(draft, ids, text.name, path):
                found.append((line, message))
        problems += [
            Problem(code="template", message=f"{text.name}: {message}", line=line, path=entry.path)
            for line, message in found
        ]
    return problems


def _wrong_name(draft: Draft, ids: list[str], part: str, path: tuple[str, ...]) -> str:
    """Say why a text cannot use a name, or nothing."""
    name = ".".join(path)
    if path[0] == "claims":
        if " " in part:
            return (
                f"A claim's own texts are written before it is known which claims hold; got {name}; "
                "ask for it in short, in misconception or below the front matter."
            )
        if len(path) > 1 and path[1] not in ids:
            known = [f"claims.{id_}" for id_ in ids]
            return f"{name} does not exist; {nearest('.'.join(path[:2]), known)}"
        return ""
    if draft.names is None or path[0] in draft.names or path[0].startswith("_") or path[0] in _RESERVED:
        return ""
    return f"{path[0]} does not exist; {nearest(path[0], sorted({*draft.names, 'claims'}))}"


def _check_claims(draft: Draft, entry: Entry) -> list[Problem]:
    problems: list[Problem] = []
    for claim in entry.claims:
        if not claim.holds:
            continue  # the schema has said so
        line = f"holds {claim.id}"
        try:
            names = claims.names(claim.holds)
        except ClaimRejected as error:
            problems.append(_problem(entry, "claim", f"{claim.id}: {error}", line))
            continue
        if not names:
            message = f"{claim.id}: a claim speaks of something measured; got {claim.holds!r}; name it."
            problems.append(_problem(entry, "claim", message, line))
        if "claims" in names:
            message = f"{claim.id}: a claim compares what was measured; got claims; repeat the comparison."
            problems.append(_problem(entry, "claim", message, line))
        for name in sorted(names - {"claims"} - (draft.names or names)):
            hint = nearest(name, sorted(draft.names or ()))
            message = f"{claim.id}: {name} is no simulation or variant; {hint}"
            problems.append(_problem(entry, "claim", message, line))
    return problems
