"""What the matcher decides about a message."""

from dataclasses import dataclass
from enum import Enum


class Mode(Enum):
    """Whom a message is for."""

    ADDRESSED = "addressed"
    """The bot was asked: it answers, offers or says that it has no answer."""
    CHANNEL = "channel"
    """People talk to each other: the bot speaks only if it is sure, and only to questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An answer and how likely it is the right one, from 0 to 1."""

    id: str
    title: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer is right; `narrower` is a more special one that belongs to it."""

    id: str
    confidence: float
    candidates: tuple[Candidate, ...]
    narrower: Candidate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Two or three might; the person chooses."""

    confidence: float
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """None is right."""

    confidence: float
    candidates: tuple[Candidate, ...]


Match = Answer | Offer | Silent
