"""Everything that can be wrong with an entry: first without running anything, then claim by claim."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from answers import claims, templates
from answers.catalog import Catalog
from answers.entry import Entry, Simulation
from answers.errors import ClaimRejected, TemplateRejected
from answers.pipeline import finish
from answers.problem import Problem
from sim.cost import Allowance, require_affordable
from sim.errors import SimulationError
from sim.knobs import nearest
from sim.measurements import Measurements
from sim.spec import parse_variants
from sim.support import EXPERIMENTS, natural, require_runnable

CARD_TEXT = 4_000
"""Discord's limit on the text of one Components V2 message."""

FRESH_SEED = 1_000
"""Added to the seeds of a simulation for the second round: a claim that only holds for lucky seeds fails."""


def check_entry(entry: Entry, catalog: Catalog, allowance: Allowance) -> list[Problem]:
    """Find what is wrong with an entry that can be seen without running it.

    Args:
        entry: the answer.
        catalog: the library it will be part of.
        allowance: what one run may take.
    """
    problems: list[Problem] = []

    def report(code: str, message: str, line: str) -> None:
        problems.append(_problem(entry, code, message, line))

    for simulation in entry.simulations:
        name = simulation.name
        if simulation.experiment not in EXPERIMENTS:
            hint = nearest(simulation.experiment, list(EXPERIMENTS))
            message = f"{name}: there is no experiment {simulation.experiment!r}; {hint}"
            report("experiment", message, f"experiment {name}")
            continue
        specs = list(simulation.variants.values())
        if len(set(specs)) < len(specs):
            report("spec", f"{name}: two variants are the same; change a knob of one.", f"simulation {name}")
        try:
            require_runnable(simulation.experiment, specs)
            require_affordable(simulation.experiment, specs, allowance)
        except SimulationError as error:
            report("spec", f"{name}: {error}", f"simulation {name}")
    for text in entry.try_next:
        try:
            specs = parse_variants(text)
            require_runnable(natural(specs), specs)
            require_affordable(natural(specs), specs, allowance)
        except SimulationError as error:
            report("try-next", f"try_next {text!r}: {error}", f"try_next {text}")
    for other in entry.related:
        if other not in catalog.entries or other == entry.id:
            hint = nearest(other, sorted(set(catalog.entries) - {entry.id}))
            report("related", f"related names other answers; got {other!r}; {hint}", "related")
    problems += _check_names(entry) + _check_templates(entry) + _check_claims(entry)
    return problems


def check_phrasings(entries: Iterable[Entry]) -> list[Problem]:
    """Find phrasings that two entries claim: a student who types one would get either."""
    owners: dict[str, Entry] = {}
    problems: list[Problem] = []
    for entry in entries:
        own = [" ".join(text.lower().split()) for text in (entry.title, *entry.phrasings)]
        for text in own:
            other = owners.setdefault(text, entry)
            if other is not entry:
                message = f"The phrasing {text!r} belongs to {other.id} as well; remove it from one."
                problems.append(Problem(code="collision", message=message, path=entry.path))
        for text in sorted({text for text in own if own.count(text) > 1}):
            message = f"The phrasing {text!r} is given twice; remove one."
            problems.append(Problem(code="duplicate", message=message, path=entry.path))
    return problems


def with_fresh_seeds(simulation: Simulation) -> Simulation:
    """Return the simulation on other networks and other data."""
    variants = {
        name: replace(spec, seed=(spec.seed + FRESH_SEED) % 2**31)
        for name, spec in simulation.variants.items()
    }
    return replace(simulation, variants=variants)


def check_measured(entry: Entry, measured: Sequence[Measurements]) -> list[Problem]:
    """Find claims that do not hold, templates that fail and texts that do not fit a card."""
    rendered = finish(entry, measured)
    problems = list(rendered.problems)
    text = "".join([entry.title, rendered.markdown, *(str(source) for source in entry.sources)])
    if len(text) > CARD_TEXT:
        message = f"A card holds {CARD_TEXT} characters; got {len(text)} with sources; shorten the body."
        problems.append(Problem(code="too-long", message=message, path=entry.path))
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
    whole = {*entry.names, "claims"}
    # A claim's sentence is rendered before it is known which claims hold.
    texts = [(name, getattr(entry, name), whole) for name in ("short", "misconception", "body", "more")]
    texts += [
        (f"claim {claim.id}", text, {*entry.names})
        for claim in entry.claims
        for text in (claim.text, claim.otherwise)
    ]
    problems: list[Problem] = []
    for name, text, known in texts:
        try:
            templates.check(text, known)
        except TemplateRejected as error:
            line = entry.lines.get(name, 1)
            if name in {"body", "more"}:  # the only texts whose line breaks are those of the file
                line += error.line - 1
            problems.append(Problem(code="template", message=f"{name}: {error}", line=line, path=entry.path))
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
