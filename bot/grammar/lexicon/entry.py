"""The explanation of one word, and the strict form in which it is written."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from answers.entry import Source
from answers.schema import Form, SourceForm

KEY = r"^[a-z][a-z0-9_]*(=[a-z0-9_]+)?$"
"""A word's own name: a key, a key with its value, or "vs"."""
LONGEST_TRY = 100
"""So that a text to try can be offered while somebody types."""
MOST_RELATED, _MOST_SOURCES, _MOST_VARIANTS = 4, 3, 6

Key = Annotated[str, StringConstraints(pattern=KEY, max_length=40)]
_Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=30, max_length=420)]
# It is shown in a code span, which a back-tick would end.
_Formula = Annotated[str, StringConstraints(min_length=3, max_length=120, pattern=r"^[^`\n]+$")]
_Try = Annotated[str, StringConstraints(min_length=3, max_length=LONGEST_TRY, pattern=r"^[^`\n]+$")]
Regime = Literal["vanishes", "steady", "explodes"]
Sources = dict[Annotated[str, StringConstraints(pattern=r"^[a-z]+\d{4}[a-z]?$")], SourceForm]


class ExplanationForm(Form):
    """One word in a data file."""

    name: Annotated[str, StringConstraints(min_length=2, max_length=60)] = Field(
        description="what it is called in a lecture"
    )
    text: _Paragraph = Field(description="what it is, in a few sentences")
    gradient: _Paragraph = Field(description="what it does to the gradient")
    formula: _Formula = Field(default="", description="in characters that Discord can show")
    try_: _Try = Field(alias="try", description="a cheap text for /simulate that shows just this")
    shows: list[Regime | None] = Field(
        default_factory=list[Regime | None],
        max_length=_MOST_VARIANTS,
        description="what becomes of the gradient in each of its configurations, which the tests measure",
    )
    sources: list[str] = Field(default_factory=list[str], max_length=_MOST_SOURCES)
    related: list[Key] = Field(min_length=1, max_length=MOST_RELATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a word means, what it does to the gradient, and what to run to see it."""

    key: str
    name: str
    text: str
    gradient: str
    formula: str
    try_: str
    shows: tuple[Regime | None, ...]
    sources: tuple[Source, ...]
    related: tuple[str, ...]

    @property
    def word(self) -> str:
        """The word alone, as it is said: "relu" of "activation=relu"."""
        return self.key.rpartition("=")[2]
