"""What was fitted to the shipped library, by the command `python -m answers.matching.fit`."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from answers.matching.gate import Gate
from answers.matching.ranking import Ranking

PATH = Path(__file__).with_name("fitted.json")
PREPARED = Path(__file__).with_name("prepared.npz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The weights of each method, and the library that they were fitted to.

    `titles` are its titles by id; `texts` is the digest of everything that was indexed.
    """

    titles: Mapping[str, str]
    texts: str
    ranking: Mapping[str, Ranking]
    gate: Mapping[str, Gate]


def load_fitted(path: Path = PATH) -> Fitted:
    """Load the shipped weights."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Fitted(
        titles=data["titles"],
        texts=data["texts"],
        ranking={name: Ranking(**_tuples(values)) for name, values in data["ranking"].items()},
        gate={name: Gate(**_tuples(values)) for name, values in data["gate"].items()},
    )


def save_fitted(fitted: Fitted, path: Path = PATH) -> None:
    """Write the weights of every method."""
    path.write_text(json.dumps(asdict(fitted), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _tuples(values: Mapping[str, list[float]]) -> dict[str, tuple[float, ...]]:
    return {key: tuple(value) for key, value in values.items()}
