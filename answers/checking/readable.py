"""Templates that cannot be read, each fault of each on its line."""

import re

from answers import templates
from answers.checking.texts import Text
from answers.errors import TemplateRejected

_OUTPUT = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}


def faults(text: Text) -> list[tuple[int, str]]:
    """Return the line and the sentence of everything that templates may not use."""
    return examine(text)[0]


def examine(text: Text) -> tuple[list[tuple[int, str]], str]:
    """Return the faults of a template, and its unfolded source with what is at fault left blank."""
    source = text.unfolded
    found: list[tuple[int, str]] = []
    if (unclosed := first_unclosed(source)) is not None:
        opening = source[unclosed : unclosed + 2]
        words = " ".join(source[unclosed : unclosed + 40].split())
        message = f"{opening} is closed by {_CLOSING[opening]}; got {words!r}; close it."
        found.append((text.line_of(unclosed), message))
        source = source[:unclosed]
    # Each value by itself first, so that one fault does not hide the next.
    for match in _OUTPUT.finditer(source):
        try:
            templates.check(match.group())
        except TemplateRejected as error:
            found.append((text.line_of(match.start()), str(error)))
            source = source[: match.start()] + _blank(match.group()) + source[match.end() :]
    try:
        templates.check(source)
    except TemplateRejected as error:
        if unclosed is None:  # what is cut off may miss its end
            found.append((text.line_in_file(error.line), str(error)))
    return found, source


def first_unclosed(source: str) -> int | None:
    """Return where a template opens something that it does not close."""
    rest = _TAGS.sub(lambda match: _blank(match.group()), source)
    opened = [offset for opening in _CLOSING if (offset := rest.find(opening)) >= 0]
    return min(opened, default=None)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
