"""The five fields of the form and how each is written.

title        one line
phrasings    one on each line
body         the short answer, a blank line, perhaps a paragraph that begins with "Misconception:", then the
             explanation, in which a line <!-- more --> parts what is shown only on request
simulations  main: gradients (depth, width)       a name, what is measured, the knobs a question may turn
             - sigmoid: 12x64 sigmoid glorot      a variant with its name and configuration
             - relu: relu he
             or all on one line: main: depth=30 sigmoid vs relu he
claims       shrinks: Each layer shrinks …        a name and the sentence, over several lines if need be
             holds: sigmoid.factor_per_layer < 0.3
             otherwise: Here …                    where there is one; a blank line ends the claim
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from bot.errors import BadRequest

LONGEST = 4_000
"""Characters of one field: Discord takes no more."""

AS_A_FILE = "edit it as a file"


class Field(StrEnum):
    """One field of the form."""

    TITLE = "title"
    PHRASINGS = "phrasings"
    BODY = "body"
    SIMULATIONS = "simulations"
    CLAIMS = "claims"


class NotInForm(BadRequest):
    """The answer, or what was typed, does not fit the form; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What stands in the form."""

    title: str
    phrasings: str
    body: str
    simulations: str
    claims: str

    @property
    def by_name(self) -> Mapping[Field, str]:
        """The texts by their fields."""
        return {Field(name): text for name, text in asdict(self).items()}


def require_fits(fields: Fields) -> None:
    """Raise NotInForm if a field is longer than the form takes."""
    for field, text in fields.by_name.items():
        if len(text) > LONGEST:
            msg = f"The form takes {LONGEST} characters of {field}; got {len(text)}; {AS_A_FILE}."
            raise NotInForm(msg)
