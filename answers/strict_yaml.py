"""YAML without its traps: no key twice, no aliases, and the line of every value.

PyYAML's stubs leave its loader half typed, hence the switches below.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Mapping
from typing import Any, cast

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

Lines = Mapping[tuple[str | int, ...], int]
"""The line of every value by its path, counted from 1."""


class YamlError(Exception):
    """The text is not YAML of this kind; `line` counts from 1."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


class _Loader(yaml.SafeLoader):
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
                raise ConstructorError(None, None, f"the key {key!r} is given twice", key_node.start_mark)
            seen.add(key)
        return cast("dict[Any, Any]", super().construct_mapping(node, deep))

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002  PyYAML's signature
        try:
            return super().construct_object(node, deep)
        except (ArithmeticError, TypeError, ValueError) as error:
            # A date or number that looks right and is not: say on which line.
            problem = "a number is too long" if "digits" in str(error) else str(error)
            raise ConstructorError(None, None, problem, node.start_mark) from None

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            # An alias of an alias of … grows without bound.
            mark = self.peek_event().start_mark
            raise ComposerError(None, None, "aliases (*name) are not available", mark)
        return super().compose_node(parent, index)


def load(text: str) -> tuple[Any, Lines]:
    """Read one document of plain data; raise YamlError if there is none to be had."""
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            lines: dict[tuple[str | int, ...], int] = {}
            if node is None:
                return {}, lines
            _note(node, (), lines)
            return cast("Any", loader.construct_document(node)), lines
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise YamlError(str(error.problem), line) from None
    except (yaml.YAMLError, RecursionError, ArithmeticError, ValueError, TypeError) as error:
        raise YamlError((str(error).splitlines() or ["unreadable"])[0]) from None


def _note(node: yaml.Node, place: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> None:
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _note(value, (*place, str(key.value)), lines)
            lines[*place, str(key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _note(item, (*place, index), lines)
