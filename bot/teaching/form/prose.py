"""The short answer, the misconception and the explanation, in one field."""

import re
from dataclasses import dataclass

from bot.teaching.form.fields import AS_A_FILE, NotInForm

_MISCONCEPTION = "Misconception:"
_BLANK = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """The three texts."""

    short: str
    misconception: str
    body: str


def write(prose: Prose) -> str:
    """Put the short answer first, then the misconception, then the explanation."""
    short, misconception = " ".join(prose.short.split()), " ".join(prose.misconception.split())
    if not short:
        raise NotInForm(f"The form begins with the short answer, and there is none; {AS_A_FILE}.")
    body = prose.body.strip()
    if short.startswith(_MISCONCEPTION) or (not misconception and body.startswith(_MISCONCEPTION)):
        raise NotInForm(f"A paragraph that begins with {_MISCONCEPTION} means another field; {AS_A_FILE}.")
    parts = [short, f"{_MISCONCEPTION} {misconception}" if misconception else "", body]
    return "\n\n".join(part for part in parts if part)


def read(text: str) -> Prose:
    """Return the three texts."""
    short, rest = _first(text.replace("\r\n", "\n").strip())
    misconception = ""
    if rest.startswith(_MISCONCEPTION):
        misconception, rest = _first(rest)
    return Prose(
        short=" ".join(short.split()),
        misconception=" ".join(misconception.removeprefix(_MISCONCEPTION).split()),
        body=rest.strip(),
    )


def _first(text: str) -> tuple[str, str]:
    parts = _BLANK.split(text, maxsplit=1)
    return parts[0], parts[1].strip("\n") if len(parts) > 1 else ""
