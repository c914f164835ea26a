"""The strict form of an entry's front matter: unknown keys, wrong types and sizes are refused.

The sizes are Discord's where Discord shows the text: 100 characters for a title that becomes a choice.
"""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

WORD = r"^[a-z][a-z0-9_]{0,39}$"
"""The rule of ids and names."""
ARXIV = r"^(\d{4}\.\d{4,5}|[a-z-]+/\d{7})$"
DOI = r"^10\.\d{4,9}/\S+$"
HTTPS = r"^https://\S+$"

Word = Annotated[str, StringConstraints(pattern=WORD)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\n]+$")
]


class Form(BaseModel):
    """Settings of every form: nothing unknown, nothing guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SimulationForm(Form):
    """One experiment on one `spec`, or on several named `variants`; later ones inherit from the first."""

    experiment: Word = Field(description="what is measured, see below", examples=["gradients"])
    spec: Line | None = Field(
        default=None, description="one configuration", examples=["12x64 sigmoid glorot"]
    )
    variants: dict[Word, Line] | None = Field(
        default=None,
        min_length=1,
        max_length=6,
        description="several configurations by name; later ones inherit from the first",
        examples=["{sigmoid: 12x64 sigmoid glorot, relu: relu he}"],
    )
    knobs: list[Word] = Field(
        default_factory=list[str],
        max_length=8,
        description='keys of the grammar that a question may set, as in "with 50 layers"',
        examples=["[depth, width]"],
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> "SimulationForm":
        if (self.spec is None) == (self.variants is None):
            msg = "give either spec or variants"
            raise ValueError(msg)
        return self


class ClaimForm(Form):
    """A sentence, the expression it depends on, and what to say where that does not hold."""

    id: Word = Field(
        description="its name: `claims.ID` in a template tells whether it holds", examples=["shrinks"]
    )
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)] = Field(
        description="the sentence, a template"
    )
    holds: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)] = Field(
        description="a comparison of measured names and numbers", examples=["sigmoid.factor_per_layer < 0.3"]
    )
    otherwise: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = Field(
        default="", description="what to say instead in a run where it does not hold, a template"
    )


class SourceForm(Form):
    """A paper or page, with a way to find it."""

    title: Line = Field(description="as published", examples=['"A title: its subtitle"'])
    authors: Line = Field(description="initials and surnames", examples=["X. Glorot, Y. Bengio"])
    year: int = Field(ge=1600, le=2100, description="of publication", examples=["2015"])
    arxiv: Annotated[str, StringConstraints(pattern=ARXIV)] | None = Field(
        default=None, description="its number on arXiv, in quotes", examples=['"1502.01852"']
    )
    doi: Annotated[str, StringConstraints(pattern=DOI)] | None = Field(
        default=None, description="its DOI", examples=["10.1038/323533a0"]
    )
    url: Annotated[str, StringConstraints(pattern=HTTPS, max_length=300)] | None = Field(
        default=None, description="its address, where it has neither", examples=["https://example.org/paper"]
    )

    @model_validator(mode="after")
    def _findable(self) -> "SourceForm":
        if not (self.arxiv or self.doi or self.url):
            msg = "give arxiv, doi or url"
            raise ValueError(msg)
        return self


class EntryForm(Form):
    """The front matter of an entry."""

    id: Word = Field(description="also the file's name", examples=["why_relu"])
    title: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=5, max_length=100, pattern=r"^[^\n]+$")
    ] = Field(description="the question", examples=["Why does everybody use ReLU?"])
    phrasings: list[Line] = Field(
        min_length=3,
        max_length=500,
        description="other ways in which students ask it",
        examples=["[why relu, is relu better, relu or sigmoid]"],
    )
    short: Annotated[str, StringConstraints(strip_whitespace=True, min_length=20, max_length=1000)] = Field(
        description="two sentences that stand alone on a phone, a template"
    )
    misconception: Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)] = Field(
        default="", description="the common mistake, named and met, a template"
    )
    simulations: dict[Word, SimulationForm] = Field(
        min_length=1,
        max_length=3,
        description="runs by name",
        examples=["{main: {experiment: gradients, spec: 12x64 sigmoid}}"],
    )
    claims: list[ClaimForm] = Field(
        min_length=1, max_length=8, description="sentences with the expression each depends on"
    )
    try_next: list[Line] = Field(
        default_factory=list[str],
        max_length=4,
        description="configurations to run next",
        examples=["[30x64 sigmoid vs relu he]"],
    )
    related: list[Word] = Field(
        default_factory=list[str],
        max_length=6,
        description="ids of other answers",
        examples=["[relu, sigmoid]"],
    )
    part_of: Word | None = Field(
        default=None,
        description="id of the broader answer that is given where a question could mean either",
        examples=["init"],
    )
    sources: list[SourceForm] = Field(min_length=1, max_length=10, description="papers and pages")
    author: Line = Field(description="who wrote it", examples=["Ada Lovelace"])
    license: Line = Field(description="under which licence", examples=["CC-BY-4.0"])
    date: dt.date = Field(description="when, as in 2026-01-31", examples=["2026-01-31"])
    constants: dict[Line, Line] = Field(
        default_factory=dict[str, str],
        max_length=20,
        description="numbers that the texts may state without measuring them, each with its reason",
        examples=['{"3 × 3": the size of a kernel}'],
    )
