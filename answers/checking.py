"""Everything that can be wrong with an entry: first without running anything, then claim by claim."""

from collections.abc import Iterable, Mapping, Sequence
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
from sim.support import EXPERIMENTS, require_runnable

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

    def report(code: str, message: str) -> None:
        problems.append(Problem(code=code, message=message, path=entry.path))

    for simulation in entry.simulations:
        if simulation.experiment not in EXPERIMENTS:
            hint = nearest(simulation.experiment, list(EXPERIMENTS))
            report(
                "experiment", f"{simulation.name}: there is no experiment {simulation.experiment!r}; {hint}"
            )
            continue
        specs = list(simulation.variants.values())
        try:
            require_runnable(simulation.experiment, specs)
            require_affordable(simulation.experiment, specs, allowance)
        except SimulationError as error:
            report("spec", f"{simulation.name}: {error}")
    for text in entry.try_next:
        try:
            specs = parse_variants(text)
            require_runnable("gradients", specs)
            require_affordable("gradients", specs, allowance)
        except SimulationError as error:
            report("try-next", f"try_next {text!r}: {error}")
    for other in entry.related:
        if other not in catalog.entries or other == entry.id:
            hint = nearest(other, sorted(set(catalog.entries) - {entry.id}))
            report("related", f"related names other answers; got {other!r}; {hint}")
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
    problems = [
        Problem(code="claim-fails", message=f"{text}.", path=entry.path) for text in rendered.problems
    ]
    text = "".join([entry.title, rendered.markdown, *(str(source) for source in entry.sources)])
    if len(text) > CARD_TEXT:
        message = f"A card holds {CARD_TEXT} characters; got {len(text)} with sources; shorten the body."
        problems.append(Problem(code="too-long", message=message, path=entry.path))
    return problems


def _check_names(entry: Entry) -> list[Problem]:
    seen: dict[str, str] = {}
    problems: list[Problem] = []
    for simulation in entry.simulations:
        for name in {simulation.name, *simulation.variants}:
            if name in seen or name == "claims":
                message = f"Simulations and variants have different names; got {name!r} twice; rename one."
                problems.append(Problem(code="names", message=message, path=entry.path))
            seen[name] = simulation.name
    ids = [claim.id for claim in entry.claims]
    for repeated in sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        message = f"Claims have different ids; got {repeated!r} twice; rename one."
        problems.append(Problem(code="names", message=message, path=entry.path))
    return problems


def _check_templates(entry: Entry) -> list[Problem]:
    texts: Mapping[str, str] = {
        "short": entry.short,
        "misconception": entry.misconception,
        "body": entry.body,
        **{f"claim {claim.id}": claim.text for claim in entry.claims},
    }
    problems: list[Problem] = []
    for name, text in texts.items():
        try:
            templates.check(text, {*entry.names, "claims"})
        except TemplateRejected as error:
            message = f"{name}, its line {error.line}: {error}"
            problems.append(Problem(code="template", message=message, path=entry.path))
    return problems


def _check_claims(entry: Entry) -> list[Problem]:
    problems: list[Problem] = []
    for claim in entry.claims:
        try:
            claims.parse(claim.holds)
        except ClaimRejected as error:
            problems.append(Problem(code="claim", message=f"{claim.id}: {error}", path=entry.path))
    return problems
