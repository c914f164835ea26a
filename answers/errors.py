"""What can go wrong with an answer, as one small tree.

AnswerError               the message is one sentence for the person who wrote or asked
├─ EntryRejected          a file is not a valid entry; `problems` lists everything wrong with it
├─ TemplateRejected       a template uses what templates may not use
├─ TemplateFailed         a template could not be rendered with these measurements
└─ ClaimRejected          a claim's expression cannot be read or names what was not measured
"""

from collections.abc import Sequence

from answers.problem import Problem


class AnswerError(Exception):
    """Something the author of an answer can mend; the message says how."""


class EntryRejected(AnswerError):
    """A file is not a valid entry."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class TemplateRejected(AnswerError):
    """A template uses something outside the allowed subset of Jinja2."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


class TemplateFailed(AnswerError):
    """A template is allowed but cannot be rendered with these values."""


class ClaimRejected(AnswerError):
    """A claim's expression cannot be read, or names something that was not measured."""


class NoWeights(AnswerError):
    """The encoder's weights are not there or are not the ones that were examined."""
