"""Which texts the code marks for translation, read off its syntax."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = "bot.discord.translating"
_TEXTS = {"say": 1, "marked": 1, "say_many": 2}
"""How many texts each of the functions begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One text of the code, or what is wrong with how it is given."""

    path: Path
    line: int
    text: str = ""
    plural: str = ""
    fault: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.fault or self.text}"


def marks(root: Path) -> Iterator[Mark]:
    """Return all of a folder's."""
    for path in sorted(root.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if _PACKAGE in {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} or (
            path.parent.name == "translating"
        ):
            yield from _of(tree, path.relative_to(root))


def places(text: str) -> list[str]:
    """Return the names of a text's places, in alphabetical order.

    Raises:
        ValueError: its braces do not pair.
    """
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _of(tree: ast.Module, path: Path) -> Iterator[Mark]:
    for node in ast.walk(tree):
        if (
            not isinstance(node, ast.Call)
            or not isinstance(node.func, ast.Name)
            or node.func.id not in _TEXTS
        ):
            continue
        name, line = node.func.id, node.lineno
        given = node.args[: _TEXTS[name]]
        texts = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if len(texts) == len(given) == _TEXTS[name] and all(texts):
            fault = _fault(node, texts, name)
            plural = texts[1] if name == "say_many" else ""
            yield Mark(path=path, line=line, text=texts[0], plural=plural, fault=fault)
        elif name == "marked" or not all(map(_is_constant, given)):
            fault = f"{name}() takes texts as they are, or constants of marked ones; got something made up"
            yield Mark(path=path, line=line, fault=fault)


def _is_constant(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_constant(node.body) and _is_constant(node.orelse)
    return isinstance(node, ast.Name | ast.Subscript)


def _fault(node: ast.Call, texts: list[str], name: str) -> str:
    try:
        wanted = {place for text in texts for place in places(text)}
    except ValueError as error:
        return f"the braces of {texts[0]!r:.60} do not pair: {error}"
    if name == "marked" or any(keyword.arg is None for keyword in node.keywords):
        return ""
    given = {str(keyword.arg) for keyword in node.keywords} | (
        {"number"} if name == "say_many" else set[str]()
    )
    if name == "say_many":
        wanted.add("number")  # one of the two may say it in words
    return "" if wanted == given else f"the places {sorted(wanted)} were wanted; got {sorted(given)}"
