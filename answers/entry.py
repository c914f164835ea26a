"""One curated answer, as its author wrote it: a Markdown file with YAML front matter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sim.spec import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A run that an answer needs: an experiment on one or more named configurations.

    `variants` maps names to specs; templates and claims use the names: `sigmoid.factor_per_layer`.
    `knobs` are the keys of the grammar that a question may set, as in "with 50 layers"; `texts` are the
    variants as they were written, each in terms of the first.
    """

    name: str
    experiment: str
    variants: Mapping[str, Spec]
    knobs: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A sentence that is shown only if its expression holds for what was measured; else `otherwise` is."""

    id: str
    text: str
    holds: str
    otherwise: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a statement comes from; at least one of arxiv, doi and url is given."""

    title: str
    authors: str
    year: int
    arxiv: str | None = None
    doi: str | None = None
    url: str | None = None

    @property
    def link(self) -> str:
        """The address a reader can open."""
        if self.arxiv:
            return f"https://arxiv.org/abs/{self.arxiv}"
        return f"https://doi.org/{self.doi}" if self.doi else self.url or ""

    def __str__(self) -> str:
        where = f"arXiv:{self.arxiv}" if self.arxiv else f"doi:{self.doi}" if self.doi else self.url
        return f"{self.authors} ({self.year}). {self.title}. {where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A curated answer.

    `short`, `misconception`, `body`, `more` and the claims' texts are templates over the measurements.
    `constants` are the numbers that the texts may state without measuring them, each with its reason.
    """

    id: str
    title: str
    phrasings: tuple[str, ...]
    short: str
    misconception: str
    body: str
    more: str
    simulations: tuple[Simulation, ...]
    claims: tuple[Claim, ...]
    try_next: tuple[str, ...]
    related: tuple[str, ...]
    sources: tuple[Source, ...]
    author: str
    license: str
    date: date
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    part_of: str | None = None
    """The id of the broader answer that is given where a question could mean either."""
    path: str = ""
    lines: Mapping[str, int] = field(default_factory=dict[str, int], compare=False)
    """The line of each part in the file, for the sentences about it."""

    @property
    def names(self) -> frozenset[str]:
        """The top-level names that its templates and claims may use."""
        names = {simulation.name for simulation in self.simulations}
        return frozenset(names.union(*(simulation.variants for simulation in self.simulations)))
