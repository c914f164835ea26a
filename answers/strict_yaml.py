"""YAML without its traps: no key twice, no aliases, and the line of every value.

PyYAML's stubs leave its loader half typed, hence the switches below.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

Place = tuple[str | int, ...]
"""The way to a value: keys and positions."""

Lines = Mapping[Place, int]
"""The line of every value by its path, counted from 1."""

Breaks = Mapping[Place, tuple[tuple[int, int], ...]]
"""Of every text on several lines: the offset at which each further line starts, and that line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Plain data, where its parts stand, and the keys that are given twice, of which the last counts."""

    data: Any
    lines: Lines
    breaks: Breaks
    twice: tuple[tuple[str, int], ...] = ()


class YamlError(Exception):
    """The text is not YAML of this kind; lines count from 1, the column from 0.

    `opened` is the line on which the unfinished part begins, `outside` the column of what is around it.
    """

    def __init__(
        self, message: str, line: int = 1, column: int = 0, opened: int | None = None, outside: int = 0
    ) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.opened = opened
        self.outside = outside


class _Loader(yaml.SafeLoader):
    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.twice: list[tuple[str, int]] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  PyYAML's signature
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                # yes, no, on and off are truth values to YAML, 1 is a number, [a] a list.
                written = key_node.value if isinstance(key_node, yaml.ScalarNode) else key
                problem = f"a key is a word; got {written!s:.40}; put it into quotes"
                raise ConstructorError(None, None, problem, key_node.start_mark)
            if key in seen:
                # YAML itself would silently keep the last one.
                self.twice.append((key, key_node.start_mark.line + 1))
            seen.add(key)
        return cast("dict[Any, Any]", super().construct_mapping(node, deep))

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002  PyYAML's signature
        try:
            return super().construct_object(node, deep)
        except (ArithmeticError, TypeError, ValueError) as error:
            if isinstance(node, yaml.ScalarNode):
                return node.value  # a date or number that looks right and is not: the schema says what is
            raise ConstructorError(None, None, str(error), node.start_mark) from None

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            # An alias of an alias of … grows without bound.
            mark = self.peek_event().start_mark
            raise ComposerError(None, None, "aliases (*name) are not available", mark)
        return super().compose_node(parent, index)


def load(text: str) -> Document:
    """Read one document of plain data; raise YamlError if there is none to be had."""
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            lines: dict[Place, int] = {}
            breaks: dict[Place, tuple[tuple[int, int], ...]] = {}
            if node is None:
                return Document(data={}, lines=lines, breaks=breaks)
            _note(node, (), text, lines, breaks)
            data = cast("Any", loader.construct_document(node))
            return Document(data=data, lines=lines, breaks=breaks, twice=tuple(loader.twice))
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark, context = error.problem_mark, error.context_mark
        raise YamlError(
            str(error.problem),
            mark.line + 1 if mark else 1,
            mark.column if mark else 0,
            context.line + 1 if context else None,
            context.column if context else 0,
        ) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlError("special characters are not allowed", line) from None
    except RecursionError:
        raise YamlError("nested too deeply") from None
    except (yaml.YAMLError, ArithmeticError, ValueError, TypeError) as error:
        raise YamlError((str(error).splitlines() or ["unreadable"])[0]) from None


def _note(
    node: yaml.Node,
    place: Place,
    text: str,
    lines: dict[Place, int],
    breaks: dict[Place, tuple[tuple[int, int], ...]],
) -> None:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _note(value, (*place, str(key.value)), text, lines, breaks)
            lines[*place, str(key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _note(item, (*place, index), text, lines, breaks)
    elif isinstance(node, yaml.ScalarNode) and node.end_mark.line > node.start_mark.line:
        start = node.start_mark.index
        if node.style in {"|", ">"}:
            start = text.find("\n", start)  # what stands behind | and > is no part of the text
        first = text.count("\n", 0, start) + 1
        breaks[place] = _breaks(node.value, text[start : node.end_mark.index], first)


def _breaks(value: str, source: str, line: int) -> tuple[tuple[int, int], ...]:
    """Find each letter of a text in the lines it was read from; those of an escape are passed over."""
    found: list[tuple[int, int]] = []
    at = 0
    for offset, letter in enumerate(value):
        place = -1 if letter.isspace() else source.find(letter, at)
        if place < 0:
            continue
        if passed := source.count("\n", at, place):
            line += passed
            found.append((offset, line))
        at = place + 1
    return tuple(found)
