"""Claims in the form: a name and a sentence, what it depends on, and what to say otherwise."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.teaching.form.fields import AS_A_FILE, NotInForm

_PART = re.compile(r"[ \t]*(holds|otherwise|if|else)[ \t]*:[ \t]*(.*)")
_SYNONYMS = {"if": "holds", "else": "otherwise"}
_NAMED = re.compile(r"[ \t]*([a-z][a-z0-9_]{0,39})[ \t]*:(?:[ \t]+(.*)|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A claim as it was typed, and the lines of its parts."""

    id: str
    text: str
    holds: str = ""
    otherwise: str = ""
    lines: tuple[int, int, int] = field(default=(0, 0, 0), compare=False)
    """Of the sentence, of what it depends on, and of what is said otherwise."""

    def data(self) -> dict[str, str]:
        """Return what stands in the front matter."""
        parts = {"id": self.id, "text": self.text, "holds": self.holds, "otherwise": self.otherwise}
        return {key: value for key, value in parts.items() if value}


def write(claims: Sequence[Written]) -> str:
    """Put each part on a line, and a blank line between claims."""
    blocks: list[str] = []
    for claim in claims:
        lines = [f"{claim.id}: {claim.text}", f"holds: {claim.holds}"]
        lines += [f"otherwise: {claim.otherwise}"] if claim.otherwise else []
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def read(text: str) -> list[Written]:
    """Read the claims; one without a name gets a number.

    Raises:
        NotInForm: a line belongs to no claim.
    """
    found: list[Written] = []
    block: list[tuple[int, str]] = []
    for number, line in [*enumerate(text.splitlines(), start=1), (0, "")]:
        if line.strip():
            block.append((number, line))
        elif block:
            found.append(_claim(block, len(found) + 1))
            block = []
    return found


def _claim(block: Sequence[tuple[int, str]], number: int) -> Written:
    first, line = block[0]
    if _PART.fullmatch(line):
        got = f"got {line.strip()!r:.60}"
        raise NotInForm(f"claims, line {first}: a claim begins with its sentence; {got}; write it above.")
    named = _NAMED.fullmatch(line)
    id_, start = (named[1], named[2] or "") if named else (f"claim_{number}", line)
    parts: dict[str, list[str]] = {"text": [start]}
    lines = {"text": first, "holds": first, "otherwise": first}
    current = "text"
    for at, rest in block[1:]:
        part = _PART.fullmatch(rest)
        if part is None:
            parts[current].append(rest)
            continue
        current = _SYNONYMS.get(part[1], part[1])
        if current in parts:
            msg = f"claims, line {at}: {id_} has two lines {current}:; leave a blank line between claims."
            raise NotInForm(msg)
        parts[current] = [part[2]]
        lines[current] = at
    joined = {key: " ".join(" ".join(texts).split()) for key, texts in parts.items()}
    return Written(
        id=id_,
        text=joined["text"],
        holds=joined.get("holds", ""),
        otherwise=joined.get("otherwise", ""),
        lines=(lines["text"], lines["holds"], lines["otherwise"]),
    )


def require_writable(claim: Written) -> None:
    """Raise NotInForm if a claim does not come back as it is."""
    try:
        again = read(write([claim]))
    except NotInForm:
        again = []
    if again != [claim]:
        raise NotInForm(f"The claim {claim.id!r} cannot be written on lines of the form; {AS_A_FILE}.")
