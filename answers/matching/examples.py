"""The questions that were written for the shipped answers: what the matcher learns from, and is tuned on.

`phrasings/ID.txt` hold ways of asking for one answer, beyond those in its file; `negatives/KIND.txt` hold
messages that no answer covers. `calibration.jsonl` holds messages with the ids that may answer them; it is
never indexed, only used to learn how far a score can be trusted.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).parents[1] / "questions"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and the ids of the answers that are right for it, the best first; none for other messages."""

    text: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Written questions: by answer, about something else, and labelled ones to calibrate with."""

    phrasings: Mapping[str, tuple[str, ...]]
    negatives: tuple[str, ...]
    calibration: tuple[Labelled, ...]


def load_examples(folder: Path = SHIPPED) -> Examples:
    """Load the shipped questions, or those of another folder of the same form."""
    return Examples(
        phrasings={path.stem: _lines(path) for path in sorted((folder / "phrasings").glob("*.txt"))},
        negatives=tuple(
            text for path in sorted((folder / "negatives").glob("*.txt")) for text in _lines(path)
        ),
        calibration=read_labelled(folder / "calibration.jsonl"),
    )


def read_labelled(path: Path) -> tuple[Labelled, ...]:
    """Read lines of {"text": …, "label": an id or another word, "also": [more ids]}."""
    with path.open(encoding="utf-8") as file:
        return tuple(_labelled(json.loads(line)) for line in file if line.strip())


def _labelled(line: Mapping[str, Any]) -> Labelled:
    return Labelled(line["text"], (line["label"], *line.get("also", ())))


def _lines(path: Path) -> tuple[str, ...]:
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))
