"""What a person who writes YAML by hand did, and what to do about it, instead of the parser's jargon."""

import re
from dataclasses import dataclass

from answers.strict_yaml import YamlError

# The key or dash of a line, and what stands behind it.
_LINE = re.compile(r"(?P<head>\s*(?:- +)*(?:[\w.-]+:\s+)?)(?P<value>.*?)\s*")
_BEFORE_KEY = re.compile(r"^\s*(?:- +)*")
_TEMPLATE = ("{{", "{%")
_SPECIAL = tuple("*&!@`%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A sentence with its line, counted from 1; `mended` is that line as it was meant, where one can tell."""

    line: int
    message: str
    mended: str | None = None


def explain(error: YamlError, text: str) -> Fault:
    """Say what is wrong with a line that the parser stumbled over."""
    lines = text.replace("\r\n", "\n").split("\n")
    number = min(error.line, len(lines))
    line = lines[number - 1]
    problem = str(error)
    head, value = _parts(line)
    if "found character '\\t'" in problem or "\t" in line[: len(line) - len(line.lstrip())]:
        return Fault(
            line=number,
            message="Front matter is indented with spaces; got a tab; replace it by spaces.",
            mended=_untabbed(lines, number),
        )
    if (lone := _lone_value(lines, number, error)) is not None:
        return lone
    if problem.startswith("mapping values are not allowed"):
        if head.strip() and error.column >= len(head) and value[:1] not in {'"', "'"}:
            message = "A text with a colon and a space in it stands in quotes"
            return _quotes(message, lines, number)
        return _no_key_here(lines, number)
    if "found '<scalar>'" in problem and value[:1] in {'"', "'"}:
        return _quotes("A text in quotes ends at its closing quote", lines, number)
    return _unfinished(lines, error) or Fault(line=number, message=_other(error, line))


def _unfinished(lines: list[str], error: YamlError) -> Fault | None:
    """Explain what is opened on one line and missed on a later one."""
    problem, opened = str(error), min(error.opened or error.line, len(lines))
    if "end of stream" in problem or "document separator" in problem:
        message = f"A quote is opened and not closed; got {_shown(lines[opened - 1])}; close it."
        return Fault(line=opened, message=message)
    if "',' or" in problem:
        message = (
            f"A list in brackets is closed; got {_shown(lines[opened - 1])}; close it, as in [depth, width]."
        )
        return Fault(line=opened, message=message)
    if "could not find expected ':'" in problem:
        return _no_colon(lines, opened)
    return None


def _lone_value(lines: list[str], number: int, error: YamlError) -> Fault | None:
    """Explain a value whose first letters mean something else to YAML."""
    for at in dict.fromkeys([number, error.opened or number]):
        head, value = _parts(lines[at - 1])
        start = next((mark for mark in (*_TEMPLATE, *_SPECIAL) if value.startswith(mark)), None)
        if start is not None and head.strip():
            return _quotes(f"A text that begins with {start} stands in quotes", lines, at)
    return None


def _quotes(wanted: str, lines: list[str], number: int) -> Fault:
    head, value = _parts(lines[number - 1])
    if value[:1] in {'"', "'"} and value[-1:] == value[:1]:
        value = value[1:-1]
    following = next((line for line in lines[number:] if line.strip()), "")
    if _indent(following) > len(head) - len(_BEFORE_KEY.sub("", head)):
        message = (
            f"{wanted}; got {_shown(lines[number - 1])}; put >- behind its key and the text below, indented."
        )
        return Fault(line=number, message=message)
    message = f"{wanted}; write {head.strip()} {_quoted(value, 60)}."
    return Fault(line=number, message=message, mended=head + _quoted(value))


def _no_key_here(lines: list[str], number: int) -> Fault:
    """Explain a key that the parser took for the rest of the text above it."""
    above = next((at for at in range(number - 1, 0, -1) if lines[at - 1].strip()), number)
    if (
        above != number
        and ":" not in lines[above - 1]
        and _indent(lines[above - 1]) <= _indent(lines[number - 1])
    ):
        return _no_colon(lines, above)
    line = lines[number - 1]
    message = (
        f"Keys that belong together have the same indentation; got {_spaces(line)} before {_shown(line)}; "
        "indent it like its neighbours, or, where a text goes on, put >- behind its key."
    )
    return Fault(line=number, message=message)


def _no_colon(lines: list[str], number: int) -> Fault:
    above = lines[number - 2].split("#")[0].rstrip() if number > 1 else ""
    if above.endswith((">", ">-", "|", "|-")):
        got = _shown(lines[number - 1])
        message = f"A text below {above.split()[-1]} is indented; got {got}; indent it more than its key."
        return Fault(line=number, message=message)
    message = f"A line is key: value; got {_shown(lines[number - 1])} without a colon; add it."
    return Fault(line=number, message=message)


def _other(error: YamlError, line: str) -> str:
    problem = str(error)
    if "expected <block end>" in problem:
        wanted = f", by {error.outside}" if error.outside != _indent(line) else ""
        return (
            "Lines that belong together have the same indentation; "
            f"got {_spaces(line)} before {_shown(line)}; indent it like its neighbours{wanted}."
        )
    if "expected a comment or a line break" in problem:
        return f"A text behind > or | starts on the next line, indented; got {_shown(line)}; move it there."
    if "special characters" in problem:
        return "Front matter is text; got a control character; remove it."
    if "nested too deeply" in problem:
        return "Front matter has a few levels; got lists in lists in lists; write one item per line."
    if problem.startswith("a key is a word"):
        return f"{problem[0].upper()}{problem[1:]}."
    if "another document" in problem:
        return f"Front matter is one document; got {_shown(line)}; remove the line of dots or dashes above."
    return f"Front matter is YAML; got {_shown(line)} ({problem}); put the value into quotes."


def _untabbed(lines: list[str], number: int) -> str:
    """Replace the tabs of a line; the line below shows how far it was meant to be indented."""
    line = lines[number - 1]
    rest = line.lstrip()
    if "\t" not in line[: len(line) - len(rest)]:
        return line.replace("\t", "  ")
    below = next((one for one in lines[number:] if one.strip() and not one.startswith("\t")), "")
    return " " * _indent(below) + rest.replace("\t", "  ")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _spaces(line: str) -> str:
    indent = _indent(line)
    return "no space" if not indent else f"{indent} space{'s' * (indent > 1)}"


def _parts(line: str) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    return (found["head"], found["value"]) if found else ("", line)


def _quoted(value: str, most: int | None = None) -> str:
    """Put a value into single quotes, in which only they themselves mean anything."""
    text = value if most is None or len(value) <= most else f"{value[: most - 1]}…"
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _shown(line: str) -> str:
    return f"{line.strip()!r:.60}"
