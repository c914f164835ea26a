"""What was answered before, and what to do with what is said next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Part = Literal["more", "sources", "code"]
"""What an answer has besides what it shows at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An answer that was given."""

    answer: str
    """Its id."""
    question: str
    """What it answered."""
    knobs: Mapping[str, str] = field(default_factory=dict[str, str])
    """What was changed in its simulations: words of the grammar by key."""
    refused: tuple[str, ...] = ()
    """The answers that were not what the question meant; the one above may be among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """It stands alone: ask the matcher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """Run the same answer with these knobs; the note says what of the wish it cannot do."""

    knobs: Mapping[str, str]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Give the answer that is about the thing that was named."""

    answer: str
    knobs: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Show another part of the same answer."""

    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """Offer other answers: this one was not what was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Run nothing; say in a sentence why, and what can be done."""

    text: str


Step = Anew | Rerun | Switch | Show | Others | Say
