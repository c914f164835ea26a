"""Who may do what with the answers of a server."""

from dataclasses import dataclass
from enum import IntEnum

from bot.errors import BackchatError
from bot.storage.people import Author

_SET = "whom this server's settings name"
DRAFT_INSTEAD = "save it as a draft: they see it in their list and can publish it"
"""What assistants do where instructors publish."""


class Role(IntEnum):
    """What somebody is in one server; each may do what those before may."""

    STUDENT = 0
    ASSISTANT = 1
    INSTRUCTOR = 2


_NAMES = {Role.STUDENT: "a student", Role.ASSISTANT: "an assistant", Role.INSTRUCTOR: "an instructor"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who works on the answers, as the front knows them."""

    author: Author
    role: Role


class Refused(BackchatError):
    """Somebody may not do this; the message says who may, and where."""


def require_instructor(person: Person, what: str, instead: str = "ask one of them") -> None:
    """Refuse what only instructors do, such as "Publishing an answer"; `instead` is for assistants."""
    if person.role < Role.INSTRUCTOR:
        cure = instead if person.role == Role.ASSISTANT else "ask one of them"
        raise Refused(f"{what} is for instructors, {_SET}; you are {_NAMES[person.role]} here, so {cure}.")


def require_assistant(person: Person, what: str) -> None:
    """Refuse what students do not do, such as "Writing an answer"."""
    if person.role < Role.ASSISTANT:
        raise Refused(
            f"{what} is for instructors and teaching assistants, {_SET}; "
            f"you are {_NAMES[person.role]} here, so ask one of them."
        )
