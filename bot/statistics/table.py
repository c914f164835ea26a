"""The numbers as a CSV file for a spreadsheet: RFC 4180, UTF-8 with the mark that Excel needs.

No words of students are in it: a file outlives the thirty days for which they are kept.
"""

import csv
import io
import re
from collections.abc import Mapping
from types import MappingProxyType

from bot.statistics.privacy import FEW
from bot.statistics.report import Counts, Report

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "kind": "what the row is about: total, week or answer",
        "week": "the Monday of the week, as 2026-11-16, in UTC; empty for the others",
        "answer": "the id of the answer; empty for the others",
        "title": "the title of the answer; empty for the others",
        "asked": "questions",
        "answered": "of these, how many got an answer",
        "offered": "of these, how many got several answers to choose from",
        "silent": "of these, how many got none",
        "helpful": f"votes that the reply helped; <{FEW} where there are too few to be shown",
        "unhelpful": "votes that it did not, likewise",
        "mismatch": "votes that it was not what was asked, likewise",
    }
)
"""What every column says."""

_FORMULA = re.compile(r"\s*[=+\-@\t\r\n|%\uff1d\uff0b\uff0d\uff20]")


def to_csv(report: Report) -> bytes:
    """Write a report as a file: its total, its weeks and its answers."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, dialect="excel", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerow(["total", "", "", "", *_cells(report.total)])
    for week in report.weeks:
        writer.writerow(["week", week.monday.isoformat(), "", "", *_cells(week.counts)])
    for used in report.answers:
        writer.writerow(["answer", "", harmless(used.id), harmless(used.title), *_cells(used.counts)])
    return file.getvalue().encode("utf-8-sig", "replace")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe."""
    text = text.replace("\0", "")
    return f"'{text}" if _FORMULA.match(text) else text


def _cells(counts: Counts) -> list[str]:
    votes = counts.votes
    shown = (
        [f"<{FEW}"] * 3 if votes is None else [str(votes.helpful), str(votes.unhelpful), str(votes.mismatch)]
    )
    numbers = [counts.asked, counts.answered, counts.offered, counts.silent]
    return [*map(str, numbers), *shown]
