"""Questions with the answers they should get, one JSON object a line."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

_ROOT = Path(__file__).parents[2]
_OWN = _ROOT / "tests" / "answers" / "questions.jsonl"
_OTHERS = "questions_dev.jsonl"


class NotLabelled(ValueError):
    """A file does not hold labelled questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person wrote, the answer it should get, and others that would do as well.

    A label that is no answer's id, such as `off_topic`, means that silence is right.
    """

    text: str
    label: str
    also: frozenset[str] = frozenset()


def defaults() -> Sequence[Path]:
    """Return the files of questions that are there."""
    shared = Path(os.environ.get("BACKCHAT_SHARED") or _ROOT.parent / "shared")
    return [path for path in (_OWN, shared / _OTHERS) if path.is_file()]


def read(path: Path) -> Sequence[Question]:
    """Read a file; raise NotLabelled at the first line that is not a question with its label."""
    lines = path.read_text(encoding="utf-8").split("\n")
    found = [_question(line, f"{path}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise NotLabelled(f"{path}: a file holds one question at least; got none.")
    return found


def _question(line: str, place: str) -> Question:
    try:
        row: Any = json.loads(line)
    except json.JSONDecodeError as error:
        raise NotLabelled(f"{place}: a line is one JSON object; got {error.msg.lower()}.") from None
    if not isinstance(row, dict):
        raise NotLabelled(f'{place}: a line is {{"text": …, "label": …}}; got {line[:40]}.')
    fields = cast("dict[str, Any]", row)
    for key in ("text", "label"):
        if not isinstance(fields.get(key), str):
            raise NotLabelled(f"{place}: {key} is a text; got {fields.get(key)!r}.")
    also: Any = fields.get("also", [])
    if not isinstance(also, list) or not all(isinstance(word, str) for word in cast("list[Any]", also)):
        raise NotLabelled(f"{place}: also is a list of ids; got {also!r}.")
    return Question(text=fields["text"], label=fields["label"], also=frozenset(cast("list[str]", also)))
