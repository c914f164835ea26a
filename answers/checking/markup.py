"""Markdown that Discord does not show as it is meant, wherever it would reach a card."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from answers.checking.texts import Text, texts
from answers.entry import Entry
from answers.markdown import NOT_PROSE
from answers.problem import Problem

_TAGS = (
    "a|abbr|b|big|blockquote|br|button|center|code|dd|del|details|div|dl|dt|em|embed|font|form|h[1-6]|hr|i|"
    "iframe|img|input|ins|kbd|li|link|mark|meta|object|ol|p|pre|q|s|samp|script|section|small|span|strike|"
    "strong|style|sub|summary|sup|svg|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var|video|audio"
)
_LATEX = r"begin|end|frac|sqrt|sum|prod|partial|nabla|cdot|times|left|right|mathbf|mathrm|text|sigma"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """Something that is not shown as meant: how it is found, what it is called, and what to do instead."""

    pattern: re.Pattern[str]
    name: str
    cure: str


def _kind(pattern: str, name: str, cure: str) -> _Kind:
    return _Kind(pattern=re.compile(pattern, re.MULTILINE | re.IGNORECASE), name=name, cure=cure)


_MENTIONS = _kind(r"(?<![\w.])@(?:everyone|here)\b|<@[!&]?\d+>|<#\d+>", "mentions", "leave it out")
_MORE = _kind(
    r"^[ \t]*<!--\s*more\s*-->[ \t]*$", "a second line <!-- more -->", "one line parts the text; remove this"
)
_KINDS = (
    _kind(
        r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+\|?[ \t]*$|^[ \t]*\|.*\|[ \t]*$",
        "tables",
        "write a list, or put it into a block of code",
    ),
    _kind(
        rf"\$\$|\\[()\[\]]|\\(?:{_LATEX})(?![a-z])|(?<![\w$\\])\$[^\s$][^$\n]*?(?<![\s\\])\$(?![\w$])",
        "LaTeX",
        "write the formula as `code`",
    ),
    _kind(r"!\[[^\]\n]*\]", "images in a text", "a simulation draws what an answer shows; link to others"),
    _kind(
        rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|<!--|&(?:[a-z]{{2,8}}|#x?[0-9a-f]{{1,6}});",
        "HTML",
        "write Markdown, such as **bold**",
    ),
    _MENTIONS,
    _kind(r"^[ \t]*#{4,}[ \t]", "headings below ###", "write a heading in **bold**"),
    _kind(r"^[ \t]*(?:-[ \t]*){3,}$|^[ \t]*(?:\*[ \t]*){3,}$|^[ \t]*_{3,}[ \t]*$", "rules", "leave it out"),
    _kind(r"\[\^[^\]\n]+\]", "footnotes", "say it in the text, or name it under sources"),
    _kind(r"(?<!!)\[[^\]\n]+\]\((?!https?://)[^)\n]*\)", "links to other places", "link to https://…"),
)
_TEMPLATE = re.compile(r"\{\{|\{%|\{#")


def check_markup(entry: Entry) -> list[Problem]:
    """Find what Discord would show as raw signs, or not at all, and what would call people."""
    return [*_plain(entry), *(problem for text in texts(entry) for problem in _check(entry, text))]


def _check(entry: Entry, text: Text) -> Iterator[Problem]:
    # Formulas as code are shown as they are, and so is whatever a block of code holds.
    prose = NOT_PROSE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text.unfolded)
    kinds = (_MORE, *_KINDS) if text.name == "more" else _KINDS
    for kind in kinds:
        seen = -1
        for match in kind.pattern.finditer(prose):
            line = prose.count("\n", 0, match.start()) + 1
            # Each line of a table is one; they are one fault.
            if kind.name == "tables" and seen in {line, line - 1}:
                seen = line
                continue
            seen = line
            if kind is not _MORE and _MORE.pattern.match(prose, prose.rfind("\n", 0, match.start()) + 1):
                continue
            yield _problem(entry, kind, text, match)


def _problem(entry: Entry, kind: _Kind, text: Text, match: re.Match[str]) -> Problem:
    shown = " ".join(match.group().split())
    message = f"{text.name}: Discord shows no {kind.name}; got {shown!r:.60}; {kind.cure}."
    if kind is _MENTIONS:
        message = f"{text.name}: an answer calls nobody; got {shown!r:.60}; {kind.cure}."
    elif kind is _MORE:
        message = f"An answer has one line <!-- more -->; got another; {kind.cure} one."
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    # The file's own column is known below the front matter, where a line is as it stands.
    whole = text.name in {"body", "more"}
    column = start - text.source.rfind("\n", 0, start) if whole else 0
    return Problem(code="markdown", message=message, line=text.line_of(start), path=entry.path, column=column)


def _plain(entry: Entry) -> Iterator[Problem]:
    """Look at what is shown as it stands, and is no template."""
    lines = [("title", entry.title, entry.lines.get("title", 1))]
    lines += [
        ("phrasings", phrasing, entry.lines.get(f"phrasing {phrasing}", 1)) for phrasing in entry.phrasings
    ]
    for name, text, line in lines:
        if _TEMPLATE.search(text):
            sentence = "nothing is measured for it, so it takes no {{ … }}"
            message = f"{name}: {sentence}; got {text!r:.60}; say it in words."
            yield Problem(code="template", message=message, line=line, path=entry.path)
        if name == "title":
            for kind in _KINDS:
                if match := kind.pattern.search(text):
                    shown = match.group().strip()
                    message = f"{name}: it is shown as plain text; got {shown!r:.60}; leave it out."
                    yield Problem(code="markdown", message=message, line=line, path=entry.path)
                    break
