"""What an entry says about what was measured: claims on every set of seeds, and texts at their longest."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Any, cast

from answers import claims
from answers.entry import Entry
from answers.errors import AnswerError
from answers.pipeline import Rendered, facts_by_name, finish, render
from answers.problem import Problem
from sim.measurements import Measurements

CARD_TEXT = 4_000
"""Discord's limit on the text of one Components V2 message."""

SHORT = 420
"""Characters that the short answer may have: a phone shows about ten lines of forty."""

NARROW, DEVIATIONS = 0.02, 3.0
"""A claim that holds by less than this share of the larger side, and on average by fewer standard deviations
over the seeds, may fail for the next reader."""

# Stands for any number where the longest rendering is wanted: digits, sign and exponent.
_LONGEST = -1.23456789e-188


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """How narrowly a claim held over several sets of seeds; `least` is None where nothing was compared."""

    claim: str
    held: int
    rounds: int
    least: float | None


def check_measured(entry: Entry, measured: Sequence[Measurements]) -> list[Problem]:
    """Find claims that do not hold, templates that fail and texts that do not fit a card."""
    rendered = finish(entry, measured)
    problems = list(rendered.problems)
    longest = max(card_length(one) for one in (rendered, *extremes(entry, measured)))
    if longest > CARD_TEXT:
        message = f"A card holds {CARD_TEXT} characters; got {longest} with sources; shorten the body."
        problems.append(Problem(code="too-long", message=message, path=entry.path))
    if len(rendered.short) > SHORT:
        message = f"short: at most {SHORT} characters when rendered; got {len(rendered.short)}; say less."
        problems.append(
            Problem(code="short-long", message=message, line=entry.lines.get("short", 1), path=entry.path)
        )
    return problems


def check_rounds(
    entry: Entry, measured: Sequence[Sequence[Measurements]]
) -> tuple[list[Problem], list[Margin]]:
    """Find claims that fail or nearly fail on any of several sets of seeds.

    Args:
        entry: the answer.
        measured: the results of each of `seeds.rounds(entry)`; the first are of the shipped seeds.
    """
    problems: list[Problem] = []
    margins: list[Margin] = []
    facts = [facts_by_name(entry, results) for results in measured]
    for claim in entry.claims:
        line = entry.lines.get(f"holds {claim.id}", 1)
        outcomes: list[claims.Outcome] = []
        for one in facts:
            try:
                outcomes.append(claims.evaluate(claim.holds, one))
            except AnswerError:
                break  # check_measured has said why
        if len(outcomes) < len(facts):
            continue
        failed = [number for number, outcome in enumerate(outcomes) if not outcome.holds]
        sizes = [outcome.margin for outcome in outcomes if outcome.margin is not None]
        least = min(sizes, default=None)
        margins.append(
            Margin(claim=claim.id, held=len(outcomes) - len(failed), rounds=len(outcomes), least=least)
        )
        fresh = [number for number in failed if number]
        if fresh:
            values = _listing(outcomes[fresh[0]].measured)
            message = (
                f"claim {claim.id} does not hold on {len(fresh)} of {len(outcomes) - 1} sets of fresh seeds, "
                f"where {values}; say less, or measure more replicas."
            )
            problems.append(Problem(code="claim-fails", message=message, line=line, path=entry.path))
        elif not failed and least is not None and least < NARROW and _varies(sizes):
            message = (
                f"claim {claim.id} holds by only {least:.1%} on some seeds; leave more room: {claim.holds!r}."
            )
            problems.append(Problem(code="claim-narrow", message=message, line=line, path=entry.path))
    return problems, margins


def _varies(margins: Sequence[float]) -> bool:
    """Tell whether margins differ so much between seeds that the next may be negative."""
    return len(margins) > 1 and mean(margins) < DEVIATIONS * stdev(margins)


def card_length(rendered: Rendered) -> int:
    """Count the characters of a card: title, texts and sources."""
    entry = rendered.entry
    return len("".join([entry.title, rendered.markdown, *(str(source) for source in entry.sources)]))


def extremes(entry: Entry, measured: Sequence[Measurements]) -> list[Rendered]:
    """Render an entry with the longest numbers, once with every claim true and once with none."""
    facts = _lengthen(facts_by_name(entry, measured))
    ids = [claim.id for claim in entry.claims]
    return [render(entry, facts, dict.fromkeys(ids, holds)) for holds in (True, False)]


def _lengthen(value: Any) -> Any:
    """Replace every measured number that is not a count by one that is as long as numbers get."""
    if isinstance(value, Mapping):
        return {key: _lengthen(item) for key, item in cast("Mapping[str, Any]", value).items()}
    return _LONGEST if isinstance(value, float) and not math.isnan(value) else value


def _listing(measured: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} = {value:.6g}" if isinstance(value, float) else f"{name} = {value}"
        for name, value in measured.items()
    )
