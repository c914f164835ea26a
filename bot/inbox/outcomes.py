"""What became of a decision on questions of the inbox; each is shown by the front in its own way."""

from dataclasses import dataclass

from bot.storage.inbox import Decision, How

_LATER = " Students get it when the database can be reached again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Questions are out of the inbox; `decision.id` takes them back."""

    decision: Decision
    question: str
    """What spoke for the group, or the wording that was chosen in its place."""
    asked: int
    title: str | None = None
    """Of the answer that it is about."""
    live: bool = True
    """Whether everybody has it already."""

    def __str__(self) -> str:
        what, title = f"“{self.question}”", f"“{self.title}”" if self.title else "an answer"
        said = {
            How.PHRASING: f"{what} is a way of asking for {title} now.",
            How.NEGATIVE: f"{what} does not mean {title} any more."
            if self.title
            else f"{what} is let be now.",
            How.ANSWER: f"{what} has an answer of its own.",
            How.IGNORE: f"{what} is out of the inbox.",
        }
        return said[self.decision.how] + ("" if self.live else _LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harmful:
    """Nothing was decided, for it would have done harm; the message says which."""

    reason: str
    messages: tuple[str, ...]
    """Up to three messages that it would have harmed."""

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """A decision was taken back, and its questions are open again."""

    decision: Decision
    live: bool = True

    def __str__(self) -> str:
        again = "Its questions are in the inbox again"
        taught = self.decision.how in {How.PHRASING, How.NEGATIVE}
        return f"{again}{', and the wording is gone' if taught else ''}.{'' if self.live else _LATER}"
