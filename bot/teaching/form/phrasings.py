"""Phrasings in the form: one on each line."""

from collections.abc import Sequence


def write(phrasings: Sequence[str]) -> str:
    """Put each on a line."""
    return "\n".join(" ".join(one.split()) for one in phrasings)


def read(text: str) -> list[str]:
    """Return the lines that hold something; a dash in front of one is no part of it."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [one for one in (line.removeprefix("- ").strip() for line in lines) if one and one != "-"]
