"""What an entry says about what was measured: texts at their longest, and claims on every set of seeds."""

from collections.abc import Sequence

from answers.checking.rendering import check_names, check_rendering, lengthened
from answers.entry import Entry
from answers.pipeline import Rendered, facts_by_name, finish, render
from answers.problem import Problem
from sim.measurements import Measurements

CARD_TEXT = 4_000
"""Discord's limit on the text of one Components V2 message."""

SHORT = 420
"""Characters that the short answer may have: a phone shows about ten lines of forty."""


def check_measured(entry: Entry, measured: Sequence[Measurements]) -> list[Problem]:
    """Find names that were not measured, templates that fail and texts that do not fit a card."""
    problems = [*check_names(entry, measured), *check_rendering(entry, measured)]
    rendered = finish(entry, measured)
    longest = max(card_length(one) for one in (rendered, *extremes(entry, measured)))
    if longest > CARD_TEXT:
        message = (
            f"body: a card holds at most {CARD_TEXT} characters; got {longest} with claims and sources; "
            "shorten the body, or move part of it below <!-- more -->."
        )
        line = entry.lines.get("body", 1)
        problems.append(Problem(code="too-long", message=message, line=line, path=entry.path))
    if len(rendered.short) > SHORT:
        message = f"short: at most {SHORT} characters when rendered; got {len(rendered.short)}; say less."
        line = entry.lines.get("short", 1)
        problems.append(Problem(code="too-long", message=message, line=line, path=entry.path))
    return problems


def card_length(rendered: Rendered) -> int:
    """Count the characters of a card: title, texts and sources."""
    entry = rendered.entry
    return len("".join([entry.title, rendered.markdown, *(str(source) for source in entry.sources)]))


def extremes(entry: Entry, measured: Sequence[Measurements]) -> list[Rendered]:
    """Render an entry with the longest numbers, once with every claim true and once with none."""
    facts = lengthened(facts_by_name(entry, measured))
    ids = [claim.id for claim in entry.claims]
    return [render(entry, facts, dict.fromkeys(ids, holds)) for holds in (True, False)]
