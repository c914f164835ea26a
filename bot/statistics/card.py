"""The numbers as Markdown for a card: what matters most first, cut where there is no more room."""

import re
from collections.abc import Sequence
from datetime import date

from answers.matching.text import strip_markup
from bot.statistics.privacy import FEW
from bot.statistics.report import Counts, Report, Unanswered, Used, Week

MOST = 4_000
"""Characters; Discord's limit for all texts of a message is just above."""
_LONGEST = 90
_WEEKS = 12
_MARKS = re.compile(r"([\\*_~|`<>\[\]#])")
_SILENT = "without an answer"


def to_text(report: Report, most: int = MOST) -> str:
    """Write a report in at most so many characters."""
    if not report.total.asked:
        return f"**No questions since {_day(report.since)}.**"
    parts = [_head(report), _answers(report.answers), _unanswered(report.unanswered), _weeks(report.weeks)]
    text = ""
    for part in parts:
        for number, line in enumerate(part):
            space = "\n\n" if text and not number else "\n" if text else ""
            if len(text) + len(space) + len(line) > most:
                return text
            text += space + line
    return text


def _head(report: Report) -> list[str]:
    total = report.total
    span = f"{_times(len(report.weeks), 'week')}, {_day(report.weeks[0].monday)} to {_day(report.today)}"
    lines = [
        f"**{_times(total.asked, 'question')}** in {span}",
        f"- answered: {_share(total.answered, total.asked)}",
        f"- several offered: {_share(total.offered, total.asked)}",
        f"- {_SILENT}: {_share(total.silent, total.asked)}",
    ]
    votes = total.votes
    if votes is None:
        return [*lines, f"- votes: fewer than {FEW}, too few to be shown"]
    told = f"{votes.helpful} helpful, {votes.unhelpful} not helpful, {votes.mismatch} not what was asked"
    return [*lines, f"- votes: {told}"]


def _answers(answers: Sequence[Used]) -> list[str]:
    lines = [f"{n}. {plain(one.title)}: {_use(one.counts)}" for n, one in enumerate(answers, start=1)]
    return ["**Asked most**", *lines] if lines else []


def _use(counts: Counts) -> str:
    given = f"{counts.answered}×" if counts.answered else ""
    offered = f"{counts.offered}× offered" if counts.offered else ""
    return ", ".join([*filter(None, [given, offered]), _helpful(counts)])


def _unanswered(unanswered: Sequence[Unanswered] | None) -> list[str]:
    head = "**Nobody answers**"
    if unanswered is None:
        return [head, "This server keeps no words of questions; the settings say so."]
    if not unanswered:
        return []
    return [
        head,
        *(f"{n}. “{plain(one.question)}”: {one.asked}×" for n, one in enumerate(unanswered, start=1)),
    ]


def _weeks(weeks: Sequence[Week]) -> list[str]:
    """Write the last weeks, the newest first: where room is short the oldest are left out."""
    lines = [f"- {_day(one.monday, year=False)}: {_line(one.counts)}" for one in reversed(weeks[-_WEEKS:])]
    return ["**By week**", *lines]


def _line(counts: Counts) -> str:
    if not counts.asked:
        return "none"
    parts = [(counts.answered, "answered"), (counts.offered, "offered"), (counts.silent, _SILENT)]
    told = ", ".join(f"{number} {word}" for number, word in parts if number)
    return f"{counts.asked} ({told}; {_helpful(counts)})"


def _helpful(counts: Counts) -> str:
    votes = counts.votes
    return f"{votes.helpful} of {votes.all} votes helpful" if votes else f"< {FEW} votes"


def plain(text: str) -> str:
    """Return somebody's words on one short line, in which nothing is a mark or calls anybody."""
    words = "".join(filter(str.isprintable, strip_markup(text)))
    short = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1].rstrip()}…"
    return _MARKS.sub(r"\\\1", short).replace("@", "@\u200b")


def _share(part: int, whole: int) -> str:
    return f"{part} ({100 * part / whole:.0f} %)"


def _times(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _day(day: date, *, year: bool = True) -> str:
    return f"{day.day} {day:%b %Y}" if year else f"{day.day} {day:%b}"
