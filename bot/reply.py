"""What the bot says, without a platform: each front turns it into its own form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from answers.entry import Source
from answers.followups import Turn
from answers.matching import Candidate
from answers.pipeline import Verdict, failing, holding
from sim import report
from sim.measurements import Measurements


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A PNG with the text that says the same."""

    name: str
    png: bytes
    alt: str
    leading: bool = True
    """Whether it is the first of its run: the one that shows the point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Another answer to read next."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReply:
    """A question answered."""

    id: str
    question: str
    title: str
    short: str
    body: str
    more: str
    """What is shown only to who asks for more."""
    misconception: str
    markdown: str
    verdicts: tuple[Verdict, ...]
    images: tuple[Image, ...]
    finding: str
    """The title of the first plot: what was found, in a few words."""
    sources: tuple[Source, ...]
    try_next: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    problems: tuple[str, ...]
    """What went wrong behind the scenes: failed claims and templates, for the log."""
    seconds: float
    note: str = ""
    """What the question changed in the simulations, or why it could not."""
    closer: Pointer | None = None
    """A narrower answer that the question may have meant more exactly."""
    see_also: tuple[Pointer, ...] = ()
    """Answers to read next, first the closer one."""
    turn: Turn | None = None
    """What a follow-up refers to."""

    @property
    def holding(self) -> tuple[Verdict, ...]:
        """The claims that may be shown."""
        return holding(self.verdicts)

    @property
    def failing(self) -> tuple[Verdict, ...]:
        """What was measured instead of the claims that do not hold."""
        return failing(self.verdicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferReply:
    """Two or three answers to choose from."""

    question: str
    candidates: tuple[Candidate, ...]
    knobs: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the question sets in each candidate, by its id, as `answers.parameters.written` writes it."""
    turn: Turn | None = None
    """The answer before, where the offer is made in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentReply:
    """No answer; `known` are titles of what can be asked."""

    question: str
    candidates: tuple[Candidate, ...]
    known: tuple[str, ...]
    turn: Turn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A file of code."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReply:
    """Another part of an answer that was given: what `more` holds, its sources or its code."""

    id: str
    question: str
    title: str
    text: str
    sources: tuple[Source, ...] = ()
    scripts: tuple[Script, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    seconds: float = 0.0
    turn: Turn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkReply:
    """A sentence in the place of an answer: what cannot be done, and what can."""

    question: str
    text: str
    candidates: tuple[Candidate, ...] = ()
    turn: Turn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantLine:
    """One configuration of a simulation: what it is called, and what was measured of it, line by line."""

    label: str
    spec: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationReply:
    """A configuration run."""

    title: str
    lines: Sequence[VariantLine]
    images: tuple[Image, ...]
    measured: Measurements
    seconds: float

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of the public interface."""
        return report.to_json(self.measured)


AskReply = AnswerReply | OfferReply | SilentReply | PartReply | RemarkReply
