"""Discord's Markdown as HTML: a library reads what it has in common with CommonMark, a few rules the rest.

On Discord every line is a line, a list or quote ends with its lines, and there is small text (`-# `),
underlined text (`__`), and what stands in angle brackets: people, roles, channels, commands and times.
Tables, rules, HTML and pictures do not exist there, so here they are shown as the characters that they are.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any, cast

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

    from .seen import Seen

_BLOCKS = ("fence", "blockquote", "heading", "list")
_INLINE = ("backticks", "emphasis", "strikethrough", "link", "autolink", "escape", "newline")
_SMALL = "-# "
_ENTITY = re.compile(r"<(?:(@[!&]?|#)(\d{1,20})|(/)([^:<>\n]+):\d{1,20}|t:(-?\d{1,13})(?::([tTdDfFsSR]))?)>")
_ADDRESS = re.compile(r"https?://[^\s<]+[^\s<.,:;!?)\]'\"]")
_FENCE = re.compile(r"\s*```")
_GROUPED = re.compile(r"\s*(?:[-*+]|\d{1,9}\.) |> ")
_TOO_SMALL_HEADING = re.compile(r"(?=#{4,} )")
_STYLES = {
    "t": "%H:%M",
    "T": "%H:%M:%S",
    "d": "%d/%m/%Y",
    "D": "%d %B %Y",
    "f": "%d %B %Y %H:%M",
    "F": "%A, %d %B %Y %H:%M",
    "s": "%d/%m/%Y %H:%M",
    "S": "%d/%m/%Y %H:%M:%S",
}
_UNITS = ((31_536_000, "year"), (2_592_000, "month"), (86_400, "day"), (3_600, "hour"), (60, "minute"))


def markdown(text: str, seen: Seen) -> str:
    """Return the HTML of a text."""
    return cast("str", _PARSER.render(_by_lines(text), {"seen": seen}))


def _by_lines(text: str) -> str:
    """Put an empty line wherever Discord begins something new and CommonMark would go on."""
    found: list[str] = []
    fenced = quoted = False
    for line in text.split("\n"):
        quoted = quoted or (not fenced and line.startswith(">>> "))
        said = "> " + line.removeprefix(">>> ") if quoted else line
        if not fenced and found and _GROUPED.match(found[-1]):
            # Indented lines belong to the item above them.
            goes_on = _GROUPED.match(said) or said.startswith((" ", "\t"))
            found += [] if goes_on or not said else [""]
        if _FENCE.match(said):
            fenced = not fenced and "```" not in said.strip().removeprefix("```")
        found.append(said if fenced else _TOO_SMALL_HEADING.sub(r"\\", said, count=1))
    return "\n".join(found)


def _small(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's call
    del end
    begin = state.bMarks[start] + state.tShift[start]
    line = state.src[begin : state.eMarks[start]]
    if not line.startswith(_SMALL):
        return False
    if not silent:
        state.push("small_open", "p", 1).attrSet("class", "small")
        inline = state.push("inline", "", 0)
        inline.content, inline.children = line.removeprefix(_SMALL), []
        inline.map = [start, start + 1]
        state.push("small_close", "p", -1)
        state.line = start + 1
    return True


def _entity(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's call
    found = _ENTITY.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("entity", "", 0).meta = {"found": found}
    state.pos = found.end()
    return True


def _draw_entity(_: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    del options
    found: re.Match[str] = tokens[index].meta["found"]
    seen: Seen = env["seen"]
    if found[1]:
        said = seen.name(found[1][0], found[2])
    elif found[3]:
        said = f"/{found[4]}"
    else:
        said = _moment(datetime.fromtimestamp(int(found[5]), UTC), found[6] or "f", seen.now)
    return f'<span class="mention">{escape(said)}</span>'


def _moment(at: datetime, style: str, now: datetime) -> str:
    return (
        at.strftime(_STYLES[style]).lstrip("0") if style != "R" else _away(round((at - now).total_seconds()))
    )


def _away(seconds: int) -> str:
    size, unit = next((one for one in _UNITS if abs(seconds) >= one[0]), (1, "second"))
    count = abs(seconds) // size
    said = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {said}" if seconds > 0 else f"{said} ago"


def _draw_text(_: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    del options, env
    text = escape(tokens[index].content, quote=False)
    return _ADDRESS.sub(lambda found: f'<span class="link">{found[0]}</span>', text)


def _draw_strong(_: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    del options, env
    token = tokens[index]
    tag = "u" if token.markup == "__" else "strong"
    return f"<{tag}>" if token.nesting > 0 else f"</{tag}>"


def _parser() -> MarkdownIt:
    made = MarkdownIt("zero", {"breaks": True}).enable([*_BLOCKS, *_INLINE])
    interrupts = {"alt": ["paragraph", "blockquote", "list"]}
    made.block.ruler.before("list", "small", _small, interrupts)  # pyright: ignore[reportArgumentType]
    made.inline.ruler.before("autolink", "entity", _entity)
    made.add_render_rule("entity", _draw_entity)
    made.add_render_rule("text", _draw_text)
    made.add_render_rule("strong_open", _draw_strong)
    made.add_render_rule("strong_close", _draw_strong)
    return made


_PARSER = _parser()
