"""The Markdown of answers: what is code or a template in it, and how its lines become paragraphs."""

import re

_BLOCK = r"^[ ]*(?:```|~~~).*?^[ ]*(?:```|~~~)"

CODE_BLOCK = re.compile(_BLOCK, re.DOTALL | re.MULTILINE)
"""A block of code between fences; what stands behind the closing fence is not part of it."""
CODE_SPAN = re.compile(r"(`+)[^`\n](?:(?!\n[ \t]*\n).)*?\1", re.DOTALL)
"""Code within a paragraph; a lone backtick begins none that reaches into the next."""
TEMPLATE_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
TEMPLATE_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
"""What steers a template, or comments on it, and leaves no words behind."""
NOT_PROSE = re.compile(
    rf"{TEMPLATE_VALUE.pattern}|{TEMPLATE_TAG.pattern}|{CODE_BLOCK.pattern}|{CODE_SPAN.pattern}",
    re.DOTALL | re.MULTILINE,
)
"""Templates and code: what they hold is measured, or a formula."""
NUMBERED_ITEM = re.compile(r"^\s*\d+[.)] ", re.MULTILINE)

_FENCED = re.compile(rf"({_BLOCK}[ \t]*$)", re.DOTALL | re.MULTILINE)
# A list item, a heading, a quote or a table row at the start of a line.
_KEEPS_LINES = re.compile(r"^\s*(?:[-*+] |#{1,6} |>|\||\d+[.)] )", re.MULTILINE)
_EMPHASIS = re.compile(r"\*{1,3}(?=\S)([^*]+?)(?<=\S)\*{1,3}")


def one_line(text: str) -> str:
    """Undo the line breaks of the file: platforms show them as breaks."""
    return " ".join(text.split())


def paragraphs(text: str) -> str:
    """Join the lines of a paragraph and of an item; code, quotes, headings and tables keep theirs."""
    joined: list[str] = []
    for block in _FENCED.split(text):
        if _FENCED.fullmatch(block):
            joined.append(block.rstrip())
            continue
        parts = re.split(r"\n\s*\n", block.strip())
        joined += [_items(part) if _KEEPS_LINES.search(part) else one_line(part) for part in parts]
    return "\n\n".join(block for block in joined if block)


def without_emphasis(text: str) -> str:
    """Remove the stars of bold and italic words; those of code stay."""
    parts: list[str] = []
    end = 0
    for span in CODE_SPAN.finditer(text):
        parts += [_EMPHASIS.sub(r"\1", text[end : span.start()]), span.group()]
        end = span.end()
    return "".join([*parts, _EMPHASIS.sub(r"\1", text[end:])])


def _items(part: str) -> str:
    """Join each line that starts nothing of its own to the line before."""
    lines: list[str] = []
    for line in part.strip("\n").splitlines():
        if lines and not _KEEPS_LINES.match(line):
            lines[-1] = f"{lines[-1]} {line.strip()}"
        else:
            lines.append(line.rstrip())
    return "\n".join(lines).strip()
