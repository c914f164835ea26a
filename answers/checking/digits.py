"""Numbers typed by hand: in an answer they come from a measurement, a formula or a source."""

import re
from collections.abc import Iterator

from jinja2 import Environment, TemplateError, nodes

from answers.checking.readable import first_unclosed
from answers.checking.texts import texts
from answers.entry import Entry
from answers.markdown import NOT_PROSE, NUMBERED_ITEM, TEMPLATE_VALUE
from answers.problem import Problem

_WORD_WITH_DIGIT = re.compile(r"[^\s\"“”()\[\]]*\d[^\s\"“”()\[\]]*")
# float16, ResNet-50: the digits are part of a name. Zero and one are definitions ("a slope of 1").
_ALLOWED = re.compile(r"[A-Za-z]+-?\d+[A-Za-z]*(?:['’]s)?|[±−-]?[01]")
_EDGES = ".,;:!?*_'’"


def typed_digits(source: str, allowed: Iterator[str] | list[str]) -> list[tuple[int, str]]:
    """Return the offset and the word of every number that was typed by hand.

    Args:
        source: a template.
        allowed: texts that may stand there as they are, such as the years of the sources.
    """
    literal = [
        (match.start(), match.group().strip("{} "))
        for match in TEMPLATE_VALUE.finditer(source)
        if _is_typed(match.group())
    ]
    prose = _blank(NOT_PROSE, source)
    if (unclosed := first_unclosed(source)) is not None:
        prose = prose[:unclosed]  # who knows where it should have ended
    for text in sorted(allowed, key=len, reverse=True):
        prose = _blank(re.compile(rf"(?<!\d){re.escape(text)}(?!\d)"), prose)
    prose = _blank(NUMBERED_ITEM, prose)
    found = [(match.start(), match.group().strip(_EDGES)) for match in _WORD_WITH_DIGIT.finditer(prose)]
    return sorted(literal + [(offset, word) for offset, word in found if not _ALLOWED.fullmatch(word)])


def check_digits(entry: Entry) -> list[Problem]:
    """Find numbers typed by hand that are neither a source's year nor a constant of the entry."""
    allowed = [*entry.constants, *(str(source.year) for source in entry.sources)]
    problems: list[Problem] = []
    for text in texts(entry):
        for offset, word in typed_digits(text.source, allowed):
            message = (
                f"{text.name}: numbers come from a measurement; got {word!r} typed by hand; write "
                "{{ name.fact | num(2) }}, put a formula into `…`, or list it under constants with a reason."
            )
            line = text.line_of(offset)
            problems.append(Problem(code="typed-number", message=message, line=line, path=entry.path))
    for constant in entry.constants:
        if not any(constant in text.source for text in texts(entry)):
            message = f"constants: {constant!r} stands nowhere in the texts; remove it."
            line = entry.lines.get("constants", 1)
            problems.append(Problem(code="constants", message=message, line=line, path=entry.path))
    return problems


def _is_typed(value: str) -> bool:
    """Tell whether a template writes a number of its own and names nothing that was measured."""
    try:
        tree = Environment(autoescape=True).parse(value)
    except (TemplateError, RecursionError, ValueError, OverflowError, MemoryError):
        return False  # said where templates are read
    if tree.find(nodes.Name) is not None:
        return False
    return any(re.search(r"\d", str(constant.value)) for constant in tree.find_all(nodes.Const))


def _blank(pattern: re.Pattern[str], text: str) -> str:
    """Replace what matches by as many blanks, so that offsets and line breaks stay."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
