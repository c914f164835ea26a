"""One thing that was looked at: fine, or not, and then with what to do."""

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How it is; the value stands before it."""

    FINE = "✅"
    WRONG = "❌"
    NOTE = "▫️"
    """Neither: something to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found, and its cure."""

    verdict: Verdict
    text: str
    cure: str = ""

    def __str__(self) -> str:
        return f"{self.verdict.value} {self.text}" + (f"\n-# → {self.cure}" if self.cure else "")


def fine(text: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(verdict=Verdict.FINE, text=text)


def wrong(text: str, cure: str = "") -> Finding:
    """Say that something is not, and what to do."""
    return Finding(verdict=Verdict.WRONG, text=text, cure=cure)


def note(text: str, cure: str = "") -> Finding:
    """Say something that is neither."""
    return Finding(verdict=Verdict.NOTE, text=text, cure=cure)
