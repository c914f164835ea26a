"""Negation of what could not be measured: neither it nor its opposite is true.

Python's `not` makes true of whatever is false. Here negations are moved inwards to single values, where a
filter can tell false from unmeasured; "and", "or" and "if" then are right as they are.
"""

from typing import Any, cast

from jinja2 import nodes

NOT = " not"
"""The filter that negates one value; no template can spell its name."""


def mark(node: nodes.Node) -> nodes.Node:
    """Return a tree whose negations are filters on single values."""
    for field, value in node.iter_fields():
        if isinstance(value, nodes.Node):
            setattr(node, field, mark(value))
        elif isinstance(value, list):
            parts = cast("list[Any]", value)
            setattr(node, field, [mark(part) if isinstance(part, nodes.Node) else part for part in parts])
    if isinstance(node, nodes.Not):
        return _opposite(node.node)
    if isinstance(node, nodes.Compare) and len(node.ops) == 1 and node.ops[0].op in {"in", "notin"}:
        inside = nodes.Test(node.expr, "in", [node.ops[0].expr], [], None, None, lineno=node.lineno)
        return inside if node.ops[0].op == "in" else _opposite(inside)
    return node


def _opposite(node: nodes.Expr) -> nodes.Expr:
    match node:
        case nodes.And():
            return nodes.Or(_opposite(node.left), _opposite(node.right), lineno=node.lineno)
        case nodes.Or():
            return nodes.And(_opposite(node.left), _opposite(node.right), lineno=node.lineno)
        case _:
            return nodes.Filter(node, NOT, [], [], None, None, lineno=node.lineno)
