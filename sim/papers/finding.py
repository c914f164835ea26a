"""What a paper says beside what this run measured."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sim.quantiles import quantile


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Where the numbers come from."""

    authors: str
    year: int
    title: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """From where to where a measurement agrees."""

    least: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One number of a paper, predicted and measured.

    `paper` is the number the paper gives, if it gives one; `theory` what is predicted for the networks that
    were measured, which may be of another width or see other inputs; `values` has one number per replica.
    They agree if the median is within the bounds; `why` says why so far and no further.
    """

    what: str
    place: str
    """Figure, equation, theorem or section; "from memory" where the text was not at hand to check."""
    says: str
    values: tuple[float, ...]
    bounds: Bounds
    why: str
    paper: float | None = None
    theory: float | None = None
    differs: str = ""
    """Where the paper's words say something else than theory and measurement do here."""

    @property
    def measured(self) -> float:
        """The median over the replicas."""
        return self._quantile(0.5)

    @property
    def spread(self) -> tuple[float, float]:
        """The 10 % and 90 % quantiles over the replicas."""
        return self._quantile(0.1), self._quantile(0.9)

    @property
    def agrees(self) -> bool:
        """Whether the measurement is as close as `why` asks."""
        return bool(self.bounds.least <= self.measured <= self.bounds.most)

    def _quantile(self, share: float) -> float:
        return float(quantile(np.array(self.values), share))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """One paper, measured again; `runs` are configurations for `backchat simulate` that show the same."""

    name: str
    paper: Paper
    findings: tuple[Finding, ...]
    runs: tuple[str, ...]
    seconds: float

    @property
    def agrees(self) -> bool:
        """Whether every finding agrees."""
        return all(finding.agrees for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Return everything, derived numbers too, as a JSON object that `from_json` reads back."""
        data = asdict(self)
        for written, finding in zip(data["findings"], self.findings, strict=True):
            low, high = finding.spread
            written |= {"measured": finding.measured, "p10": low, "p90": high, "agrees": finding.agrees}
        return data | {"agrees": self.agrees}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Reproduction":
        """Rebuild a reproduction from `to_json`."""
        return cls(
            name=data["name"],
            paper=Paper(**data["paper"]),
            findings=tuple(_finding(finding) for finding in data["findings"]),
            runs=tuple(data["runs"]),
            seconds=data["seconds"],
        )


def _finding(data: Mapping[str, Any]) -> Finding:
    written: dict[str, Any] = {key: data[key] for key in Finding.__dataclass_fields__}
    written |= {"values": tuple(data["values"]), "bounds": Bounds(**data["bounds"])}
    return Finding(**written)


def within(expected: float, share: float) -> Bounds:
    """Return the bounds of a number that may be off by this share of what is expected."""
    return Bounds(least=expected * (1 - share), most=expected * (1 + share))


def per_replica(values: Sequence[float] | np.ndarray[Any, Any]) -> tuple[float, ...]:
    """Return one number per replica as a finding keeps them."""
    return tuple(float(value) for value in values)
