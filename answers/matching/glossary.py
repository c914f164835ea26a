"""Abbreviations of the field and of the phone, spelled out as the encoder and the index know them.

The list is a text file that instructors may add to: "lr, learnrate = learning rate".
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

SHIPPED = Path(__file__).parents[1] / "glossary.txt"
FILE = "glossary.txt"
"""The name of an instructor's own list, in a folder of answers."""


class Glossary:
    """Replaces what students write by what it means."""

    def __init__(self, meanings: Mapping[str, str]) -> None:
        self._meanings = {short.lower(): meaning for short, meaning in meanings.items()}
        longest_first = sorted(self._meanings, key=lambda short: (-len(short), short))
        words = "|".join(re.escape(short).replace(r"\ ", r"\s+") for short in longest_first)
        self._pattern = re.compile(
            rf"(?<![\w']){'(?:' + words + ')' if words else '(?!)'}(?![\w'])", re.IGNORECASE
        )

    def expand(self, text: str) -> str:
        """Return the text with every abbreviation spelled out."""
        return self._pattern.sub(self._meaning, text)

    def _meaning(self, match: "re.Match[str]") -> str:
        # Where case is ignored, letters such as ı and İ match an i that lower() does not make of them.
        return self._meanings.get(" ".join(match.group().lower().split()), match.group())


def load_glossary(folders: Iterable[Path] = ()) -> Glossary:
    """Load the shipped list and those of more folders; a line that is no entry is left out."""
    meanings: dict[str, str] = {}
    for path in (SHIPPED, *(folder / FILE for folder in folders)):
        if path.is_file():
            meanings |= parse(path.read_text(encoding="utf-8", errors="replace"))
    return Glossary(meanings)


def parse(text: str) -> dict[str, str]:
    """Read the lines "short, other short = meaning"; `#` begins a comment."""
    meanings: dict[str, str] = {}
    for line in text.splitlines():
        shorts, equals, meaning = line.partition("#")[0].partition("=")
        if equals and meaning.strip():
            meanings |= {
                " ".join(short.split()): " ".join(meaning.split())
                for short in shorts.split(",")
                if short.strip()
            }
    return meanings
