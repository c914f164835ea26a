"""Who may do what with the answers of a server."""

from dataclasses import dataclass
from enum import IntEnum

from bot.errors import BackchatError
from bot.storage.people import Author

_SET = "who that is stands in this server's settings"


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


def require_instructor(person: Person, what: str) -> None:
    """Refuse what only instructors do, such as "Publishing an answer"."""
    if person.role < Role.INSTRUCTOR:
        msg = f"{what} is for instructors, and {_SET}; you are {_NAMES[person.role]} here"
        if person.role == Role.ASSISTANT:
            raise Refused(f"{msg}, so save it as a draft: they see it in their list and can publish it.")
        raise Refused(f"{msg}; ask one of them.")


def require_assistant(person: Person, what: str) -> None:
    """Refuse what students do not do, such as "Writing an answer"."""
    if person.role < Role.ASSISTANT:
        raise Refused(
            f"{what} is for instructors and teaching assistants, and {_SET}; "
            f"you are {_NAMES[person.role]} here; ask one of them."
        )
