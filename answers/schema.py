"""The strict form of an entry's front matter: unknown keys, wrong types and sizes are refused.

The sizes are Discord's where Discord shows the text: 100 characters for a title that becomes a choice.
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\n]+$")
]


class Form(BaseModel):
    """Settings of every form: nothing unknown, nothing guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SimulationForm(Form):
    """One experiment on one `spec`, or on several named `variants`; later ones inherit from the first."""

    experiment: Word
    spec: Line | None = None
    variants: dict[Word, Line] | None = Field(default=None, min_length=1, max_length=6)
    knobs: list[Word] = Field(default_factory=list[str], max_length=8)

    @model_validator(mode="after")
    def _one_of_both(self) -> "SimulationForm":
        if (self.spec is None) == (self.variants is None):
            msg = "give either spec or variants"
            raise ValueError(msg)
        return self


class ClaimForm(Form):
    """A sentence, the expression it depends on, and what to say where that does not hold."""

    id: Word
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    holds: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
    otherwise: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class SourceForm(Form):
    """A paper or page, with a way to find it."""

    title: Line
    authors: Line
    year: int = Field(ge=1600, le=2100)
    arxiv: Annotated[str, StringConstraints(pattern=r"^(\d{4}\.\d{4,5}|[a-z-]+/\d{7})$")] | None = None
    doi: Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$", max_length=300)] | None = None

    @model_validator(mode="after")
    def _findable(self) -> "SourceForm":
        if not (self.arxiv or self.doi or self.url):
            msg = "give arxiv, doi or url"
            raise ValueError(msg)
        return self


class EntryForm(Form):
    """The front matter of an entry."""

    id: Word
    title: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=5, max_length=100, pattern=r"^[^\n]+$")
    ]
    phrasings: list[Line] = Field(min_length=3, max_length=500)
    short: Annotated[str, StringConstraints(strip_whitespace=True, min_length=20, max_length=600)]
    misconception: Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)] = ""
    simulations: dict[Word, SimulationForm] = Field(min_length=1, max_length=3)
    claims: list[ClaimForm] = Field(min_length=1, max_length=8)
    try_next: list[Line] = Field(default_factory=list[str], max_length=4)
    related: list[Word] = Field(default_factory=list[str], max_length=6)
    sources: list[SourceForm] = Field(min_length=1, max_length=10)
    author: Line
    license: Line
    date: date
    constants: dict[Line, Line] = Field(default_factory=dict[str, str], max_length=20)
