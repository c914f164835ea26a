"""From a question to a rendered answer, split at the only slow step: running the simulations."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from answers import claims, templates
from answers.entry import Claim, Entry, Simulation
from answers.errors import AnswerError
from answers.markdown import one_line, paragraphs
from answers.problem import Problem
from answers.templates.unmeasured import WORDS
from sim.measurements import Measurements
from sim.plots.names import phrase

_NAMED = ("arch", "activation", "init", "norm", "optimizer", "precision")

HOLDING = "Measured by running it:"
"""Stands above the claims that hold."""
INSTEAD = "Different in this run:"
"""Stands above what was measured instead of a claim that does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A claim after measuring: the sentence to show, what it looked at, and whether it holds.

    Where it does not hold, `text` says what was measured instead. Where what it needs was not measured,
    `holds` is None: there is nothing to say, and `text` is empty.
    """

    id: str
    text: str
    measured: str
    holds: bool | None


def holding(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Return the claims that may be shown."""
    return tuple(verdict for verdict in verdicts if verdict.text and verdict.holds is True)


def failing(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Return what was measured instead of the claims that do not hold."""
    return tuple(verdict for verdict in verdicts if verdict.text and verdict.holds is False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """An answer in words, every number in it measured in the runs it was rendered from."""

    entry: Entry
    short: str
    body: str
    more: str
    misconception: str
    verdicts: tuple[Verdict, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def holding(self) -> tuple[Verdict, ...]:
        """The claims that may be shown."""
        return holding(self.verdicts)

    @property
    def failing(self) -> tuple[Verdict, ...]:
        """What was measured instead of the claims that do not hold."""
        return failing(self.verdicts)

    @property
    def markdown(self) -> str:
        """The answer as Markdown: short answer, what was measured, explanation; not what `more` holds."""
        parts = [f"**{self.short}**"]
        for title, verdicts in ((HOLDING, self.holding), (INSTEAD, self.failing)):
            if verdicts:
                parts.append("\n".join([title, *(f"- {verdict.text}" for verdict in verdicts)]))
        parts.append(self.body)
        if self.misconception:
            parts.append(f"**A common misconception.** {self.misconception}")
        return "\n\n".join(part for part in parts if part)


def plan(entry: Entry) -> tuple[Simulation, ...]:
    """Return the simulations that an entry needs, in order."""
    return entry.simulations


def finish(entry: Entry, measured: Sequence[Measurements]) -> Rendered:
    """Decide the claims and render the texts of an entry.

    A template that fails costs its text, never the answer: the failure is reported in `problems`.

    Args:
        entry: the answer.
        measured: one result per simulation of `plan(entry)`, in the same order.
    """
    return render(entry, facts_by_name(entry, measured))


def render(entry: Entry, facts: Mapping[str, Any], decided: Mapping[str, bool] | None = None) -> Rendered:
    """Render the texts of an entry on facts by name, with its claims evaluated on them or `decided`."""
    problems: list[Problem] = []
    verdicts = tuple(_verdict(entry, claim, facts, problems, decided) for claim in entry.claims)
    values = {**facts, "claims": {verdict.id: verdict.holds for verdict in verdicts}}
    return Rendered(
        entry=entry,
        short=one_line(_render(entry, "short", values, problems)) or entry.title,
        body=paragraphs(_render(entry, "body", values, problems)),
        more=paragraphs(_render(entry, "more", values, problems)),
        misconception=one_line(_render(entry, "misconception", values, problems)),
        verdicts=verdicts,
        problems=tuple(problems),
    )


def facts_by_name(entry: Entry, measured: Sequence[Measurements]) -> dict[str, Any]:
    """Return the facts that templates and claims see, by the names of simulations and variants."""
    facts: dict[str, Any] = {}
    for simulation, measurements in zip(entry.simulations, measured, strict=True):
        facts[simulation.name] = {**measurements.facts, "seconds_of_run": measurements.provenance.seconds}
        for name, variant in zip(simulation.variants, measurements.variants, strict=True):
            own = {
                **variant.facts,
                "label": variant.label,
                "spec": variant.spec.to_json(),
                "named": {key: phrase(key, getattr(variant.spec, key)) for key in _NAMED},
            }
            facts[name] = {**facts.get(name, {}), **own}
    return facts


def _verdict(
    entry: Entry,
    claim: Claim,
    facts: Mapping[str, Any],
    problems: list[Problem],
    decided: Mapping[str, bool] | None,
) -> Verdict:
    def report(code: str, message: str, line: str) -> None:
        problems.append(Problem(code=code, message=message, line=entry.lines.get(line, 1), path=entry.path))

    try:
        outcome = claims.evaluate(claim.holds, facts)
    except AnswerError as error:
        report("claim", f"claim {claim.id}: {error}", f"holds {claim.id}")
        return Verdict(id=claim.id, text="", measured=f"could not be decided: {error}", holds=None)
    measured = ", ".join(f"{name} = {_plain(value)}" for name, value in outcome.measured.items())
    holds = outcome.holds if decided is None else decided[claim.id]
    if holds is None:
        report("claim-fails", f"claim {claim.id} could not be decided: {measured}.", f"holds {claim.id}")
        return Verdict(id=claim.id, text="", measured=measured, holds=None)
    template = claim.text if holds else claim.otherwise
    try:
        text = one_line(templates.render(template, facts))
    except AnswerError as error:
        report("template", f"claim {claim.id}: {error}", f"claim {claim.id}")
        return Verdict(id=claim.id, text="", measured=measured, holds=holds)
    if not holds:
        report("claim-fails", f"claim {claim.id} does not hold: {measured}.", f"holds {claim.id}")
        text = text or f"Measured: {measured}; the answer speaks of `{claim.holds}`."
    return Verdict(id=claim.id, text=text, measured=measured, holds=holds)


def _render(entry: Entry, part: str, values: Mapping[str, Any], problems: list[Problem]) -> str:
    try:
        return templates.render(getattr(entry, part), values)
    except AnswerError as error:
        line = entry.lines.get(part, 1)
        problems.append(Problem(code="template", message=f"{part}: {error}", line=line, path=entry.path))
        return ""


def _plain(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return WORDS
    return f"{value:.6g}" if isinstance(value, float) else str(value)
