"""From a question to a rendered answer, split at the only slow step: running the simulations."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from answers import claims, templates
from answers.entry import Claim, Entry, Simulation
from answers.errors import AnswerError, TemplateFailed
from sim.measurements import Measurements


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A claim after measuring: its sentence, what it looked at, and whether it holds."""

    id: str
    text: str
    measured: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """An answer in words, every number in it measured in the runs it was rendered from."""

    entry: Entry
    short: str
    body: str
    misconception: str
    verdicts: tuple[Verdict, ...]
    problems: tuple[str, ...] = ()

    @property
    def holding(self) -> tuple[Verdict, ...]:
        """The claims that may be shown."""
        return tuple(verdict for verdict in self.verdicts if verdict.holds)

    @property
    def markdown(self) -> str:
        """The whole answer as Markdown: short answer, what was measured, explanation, sources."""
        parts = [f"**{self.short}**"]
        if self.holding:
            parts.append(
                "\n".join(["Measured just now:", *(f"- {verdict.text}" for verdict in self.holding)])
            )
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
    facts = facts_by_name(entry, measured)
    problems: list[str] = []
    verdicts = tuple(_verdict(claim, facts, problems) for claim in entry.claims)
    problems += [
        f"claim {verdict.id} does not hold: {verdict.measured}" for verdict in verdicts if not verdict.holds
    ]
    values = {**facts, "claims": {verdict.id: verdict.holds for verdict in verdicts}}
    return Rendered(
        entry=entry,
        short=_render("short", entry.short, values, problems) or entry.title,
        body=_render("body", entry.body, values, problems),
        misconception=_render("misconception", entry.misconception, values, problems),
        verdicts=verdicts,
        problems=tuple(problems),
    )


def facts_by_name(entry: Entry, measured: Sequence[Measurements]) -> dict[str, Any]:
    """Return the facts that templates and claims see, by the names of simulations and variants."""
    facts: dict[str, Any] = {}
    for simulation, measurements in zip(entry.simulations, measured, strict=True):
        facts[simulation.name] = {**measurements.facts, "seconds_of_run": measurements.provenance.seconds}
        for name, variant in zip(simulation.variants, measurements.variants, strict=True):
            own = {**variant.facts, "label": variant.label, "spec": variant.spec.to_json()}
            facts[name] = {**facts.get(name, {}), **own}
    return facts


def _verdict(claim: Claim, facts: Mapping[str, Any], problems: list[str]) -> Verdict:
    try:
        outcome = claims.evaluate(claim.holds, facts)
        text = _one_line(templates.render(claim.text, facts))
    except AnswerError as error:
        problems.append(f"claim {claim.id}: {error}")
        return Verdict(id=claim.id, text="", measured=f"could not be decided: {error}", holds=False)
    measured = ", ".join(f"{name} = {_plain(value)}" for name, value in outcome.measured.items())
    return Verdict(id=claim.id, text=text, measured=measured, holds=outcome.holds)


def _render(part: str, source: str, values: Mapping[str, Any], problems: list[str]) -> str:
    try:
        text = templates.render(source, values)
    except TemplateFailed as error:
        problems.append(f"{part}: {error}")
        return ""
    return _one_line(text) if part != "body" else _paragraphs(text)


def _one_line(text: str) -> str:
    """Undo the line breaks of the file: platforms show them as breaks."""
    return " ".join(text.split())


def _paragraphs(text: str) -> str:
    """Join the lines of each paragraph; code blocks, lists, headings and tables keep theirs."""
    blocks = re.split(r"(^```.*?^```[ \t]*$)", text, flags=re.DOTALL | re.MULTILINE)
    joined: list[str] = []
    for block in blocks:
        if block.startswith("```"):
            joined.append(block)
            continue
        for paragraph in re.split(r"\n\s*\n", block.strip()):
            kept = re.search(r"^\s*([-*#>|]|\d+[.)]) ?", paragraph, flags=re.MULTILINE)
            joined.append(paragraph.strip() if kept else _one_line(paragraph))
    return "\n\n".join(block for block in joined if block)


def _plain(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
