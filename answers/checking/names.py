"""The dotted names that texts and claims use, each with its line."""

import ast
from collections.abc import Iterator

from jinja2 import TemplateSyntaxError, nodes

from answers import claims
from answers.checking.readable import examine
from answers.checking.texts import Text
from answers.errors import ClaimRejected
from answers.templates.environment import Environment

Path = tuple[str, ...]

_ENVIRONMENT = Environment()
_GUARDS = frozenset({"defined", "undefined"})


def names_of_text(text: Text) -> list[tuple[Path, int]]:
    """Return the names of a template and their lines, without what is at fault in other ways."""
    try:
        tree = _ENVIRONMENT.parse(examine(text)[1])
    except (TemplateSyntaxError, RecursionError, ValueError, OverflowError, MemoryError):
        return []
    found = [(path, text.line_in_file(line)) for path, line in _paths(tree, frozenset())]
    return list(dict.fromkeys(found))


def names_of_claim(text: str) -> list[Path]:
    """Return the names of a claim's expression; none of one that cannot be read."""
    try:
        tree = claims.parse(text)
    except ClaimRejected:
        return []
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    outer = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute) and id(node) not in functions | inner
    ]
    return list(dict.fromkeys(tuple(ast.unparse(node).split(".")) for node in outer))


def _paths(node: nodes.Node, bound: frozenset[str]) -> Iterator[tuple[Path, int]]:
    if isinstance(node, nodes.Test) and node.name in _GUARDS:
        return  # asks whether the name exists
    if isinstance(node, nodes.For):
        item = node.target.name if isinstance(node.target, nodes.Name) else ""
        bound = bound | {"loop", item}
    path = _path(node)
    if path:
        if path[0] not in bound and not (isinstance(node, nodes.Name) and node.ctx != "load"):
            yield path, node.lineno
        return
    for child in node.iter_child_nodes():
        yield from _paths(child, bound)


def _path(node: nodes.Node) -> Path:
    match node:
        case nodes.Name():
            return (node.name,)
        case nodes.Getattr():
            inner = _path(node.node)
            return (*inner, node.attr) if inner else ()
        case nodes.Getitem(arg=nodes.Const(value=str() as key)):
            inner = _path(node.node)
            return (*inner, key) if inner else ()
        case _:
            return ()
