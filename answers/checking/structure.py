"""Specs that cannot run, names that clash, templates and claims that cannot be read, dead links."""

from answers import claims, templates
from answers.catalog import Catalog
from answers.checking.texts import texts
from answers.entry import Entry, Simulation
from answers.errors import ClaimRejected, TemplateRejected
from answers.problem import Problem
from sim.cost import Allowance, require_affordable
from sim.errors import SimulationError
from sim.knobs import nearest
from sim.spec import parse_variants
from sim.support import EXPERIMENTS, natural, require_runnable
from sim.vocabulary import BY_KEY


def check_structure(entry: Entry, catalog: Catalog, allowance: Allowance) -> list[Problem]:
    """Find the parts of an entry that cannot be read, run or followed."""
    return [
        *(problem for one in entry.simulations for problem in _check_simulation(entry, one, allowance)),
        *_check_next(entry, allowance),
        *_check_related(entry, catalog),
        *_check_names(entry),
        *_check_templates(entry),
        *_check_claims(entry),
    ]


def _check_simulation(entry: Entry, simulation: Simulation, allowance: Allowance) -> list[Problem]:
    name, line = simulation.name, f"simulation {simulation.name}"
    if simulation.experiment not in EXPERIMENTS:
        hint = nearest(simulation.experiment, list(EXPERIMENTS))
        message = f"{name}: there is no experiment {simulation.experiment!r}; {hint}"
        return [_problem(entry, "experiment", message, f"experiment {name}")]
    problems: list[Problem] = []
    specs = list(simulation.variants.values())
    if len(set(specs)) < len(specs):
        message = f"{name}: two variants are the same; change a knob of one."
        problems.append(_problem(entry, "spec", message, line))
    try:
        require_runnable(simulation.experiment, specs)
        require_affordable(simulation.experiment, specs, allowance)
    except SimulationError as error:
        problems.append(_problem(entry, "spec", f"{name}: {error}", line))
    for knob in simulation.knobs:
        if knob not in BY_KEY:
            message = f"{name}: there is no knob {knob!r}; {nearest(knob, list(BY_KEY))}"
            problems.append(_problem(entry, "knobs", message, f"knobs {name}"))
    return problems


def _check_next(entry: Entry, allowance: Allowance) -> list[Problem]:
    problems: list[Problem] = []
    for text in entry.try_next:
        try:
            specs = parse_variants(text)
            require_runnable(natural(specs), specs)
            require_affordable(natural(specs), specs, allowance)
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
            problems.append(_problem(entry, "related", message, "related"))
    return problems


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
            elif name in seen:
                message = f"Simulations and variants have different names; got {name!r} twice; rename one."
                problems.append(_problem(entry, "names", message, line))
            seen.add(name)
    ids = [claim.id for claim in entry.claims]
    for repeated in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        message = f"Claims have different ids; got {repeated!r} twice; rename one."
        problems.append(_problem(entry, "names", message, f"claim {repeated}"))
    return problems


def _check_templates(entry: Entry) -> list[Problem]:
    problems: list[Problem] = []
    for text in texts(entry):
        # A claim's sentence is rendered before it is known which claims hold.
        known = entry.names if " " in text.name else {*entry.names, "claims"}
        try:
            templates.check(text.source, known)
        except TemplateRejected as error:
            line = text.line + (error.line - 1 if text.whole else 0)
            message = f"{text.name}: {error}"
            problems.append(Problem(code="template", message=message, line=line, path=entry.path))
    return problems


def _check_claims(entry: Entry) -> list[Problem]:
    problems: list[Problem] = []
    for claim in entry.claims:
        try:
            names = claims.names(claim.holds)
        except ClaimRejected as error:
            problems.append(_problem(entry, "claim", f"{claim.id}: {error}", f"holds {claim.id}"))
            continue
        if not names:
            message = f"{claim.id}: a claim speaks of something measured; got {claim.holds!r}; name it."
            problems.append(_problem(entry, "claim", message, f"holds {claim.id}"))
        for name in sorted(names - entry.names):
            message = f"{claim.id}: {name} is no simulation or variant; {nearest(name, sorted(entry.names))}"
            problems.append(_problem(entry, "claim", message, f"holds {claim.id}"))
    return problems
