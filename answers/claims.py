"""Claims: small expressions over what was measured, read with Python's grammar and never executed by it.

Allowed: numbers, words in quotes, dotted names, + - * /, comparisons (chains too), and, or, not, and the
functions abs, min, max, log10. `sigmoid.factor_per_layer < 0.3` is one.
"""

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from answers.errors import ClaimRejected
from sim.knobs import nearest

MAX_LENGTH = 300

_SIGNS: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_COMMA = r"\d,\d"
# Signs of other languages, and what claims have instead.
_MISTAKEN = {
    r"=<|≤": "<=",
    r"=>|≥": ">=",
    r"<>|≠": "!=",
    r"(?<![<>=!])=(?!=)": "==",
    r"&": "and",
    r"\|": "or",
    r"!(?!=)": "not",
    r"×|·": "*",
    _COMMA: "a point, as in 0.3",
}
_FUNCTIONS = ("abs", "min", "max", "log10")
_NODES = (
    *(ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.BinOp, ast.Compare),
    *(ast.Name, ast.Attribute, ast.Constant, ast.Call, ast.Load, *_SIGNS, *_COMPARE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Whether an expression holds, and the measured values it looked at by their dotted names.

    `holds` is None where it cannot be decided, because something it needs was not measured. `margin` is how
    far the sides of its tightest comparison are apart, as a share of the larger: negative where it does not
    hold, None where nothing that can be nearly true decides it.
    """

    holds: bool | None
    measured: Mapping[str, Any]
    margin: float | None = None


def parse(text: str) -> ast.Expression:
    """Read an expression; raise ClaimRejected if it uses anything that is not allowed."""
    if len(text) > MAX_LENGTH:
        msg = f"A claim has at most {MAX_LENGTH} characters; got {len(text)}; split it in two."
        raise ClaimRejected(msg)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of '\\d' is not the author's concern
            tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        msg = f"A claim is a comparison such as main.factor_per_layer < 0.3; got {text!r}; {_mended(text)}."
        raise ClaimRejected(msg) from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple) and re.search(_COMMA, text):
            msg = f"A claim is one comparison; got {text!r}; {_mended(text)}."
            raise ClaimRejected(msg)
        if not isinstance(node, _NODES):
            word = type(node).__name__.lower()
            msg = f"A claim uses numbers, names, + - * /, comparisons, and/or/not; got {word} in {text!r}."
            raise ClaimRejected(msg)
        if isinstance(node, ast.Constant) and not isinstance(node.value, int | float | str):
            msg = f"A constant in a claim is a number or a quoted word; got {node.value!r} in {text!r}."
            raise ClaimRejected(msg)
        if isinstance(node, ast.Call):
            _check_call(node, text)
    if not _is_statement(tree.body):
        msg = f"A claim says something that is true or false; got {text!r}; add a comparison such as < 0.3."
        raise ClaimRejected(msg)
    return tree


def evaluate(text: str, facts: Mapping[str, Any]) -> Outcome:
    """Decide a claim on measured facts.

    A comparison with something that could not be measured (None, NaN) is neither true nor false, and so is
    what depends on it, its negation included (Kleene's three-valued logic).

    Raises:
        ClaimRejected: the expression is not allowed, a name does not exist, or it is not a statement.
    """
    looked_at: dict[str, Any] = {}
    tree = parse(text)
    holds = _truth(_value(tree.body, facts, looked_at), tree.body)
    margin = _margin(tree.body, facts)
    return Outcome(holds=holds, measured=looked_at, margin=margin if math.isfinite(margin) else None)


def names(text: str) -> frozenset[str]:
    """Return the first words of the dotted names of an expression; raise ClaimRejected if it is not one."""
    found = {node.id for node in ast.walk(parse(text)) if isinstance(node, ast.Name)}
    return frozenset(found - set(_FUNCTIONS))


def _mended(text: str) -> str:
    """Say what to write instead of a sign that claims do not have."""
    for wrong, right in _MISTAKEN.items():
        if re.search(wrong, text):
            return f"use {right}"
    return "write a name, a sign such as < and a number"


def _check_call(node: ast.Call, text: str) -> None:
    if not isinstance(node.func, ast.Name) or node.func.id not in _FUNCTIONS or node.keywords:
        msg = f"A claim may call {', '.join(_FUNCTIONS)}; got another call in {text!r}."
        raise ClaimRejected(msg)
    several = node.func.id in {"min", "max"}
    if len(node.args) < 1 or (len(node.args) > 1 and not several):
        wanted = "two or more numbers" if several else "one number"
        msg = f"{node.func.id} takes {wanted}; got {len(node.args)} in {text!r}."
        raise ClaimRejected(msg)


def _is_statement(node: ast.expr) -> bool:
    if isinstance(node, ast.BoolOp):
        return all(_is_statement(value) for value in node.values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _is_statement(node.operand)
    return isinstance(node, ast.Compare | ast.Name | ast.Attribute)


def _value(node: ast.expr, facts: Mapping[str, Any], seen: dict[str, Any]) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name() | ast.Attribute():
            return _look_up(node, facts, seen)
        case ast.BoolOp():
            values = [_truth(_value(value, facts, seen), value) for value in node.values]
            decisive = isinstance(node.op, ast.Or)  # one true side decides an or, one false side an and
            return decisive if decisive in values else None if None in values else not decisive
        case ast.UnaryOp() if isinstance(node.op, ast.Not):
            truth = _truth(_value(node.operand, facts, seen), node.operand)
            return None if truth is None else not truth
        case ast.UnaryOp():
            return _arithmetic("-", [0, _value(node.operand, facts, seen)])
        case ast.BinOp():
            operands = [_value(side, facts, seen) for side in (node.left, node.right)]
            return _arithmetic(_SIGNS[type(node.op)], operands)
        case ast.Call():
            arguments = [_value(argument, facts, seen) for argument in node.args]
            return _arithmetic(cast("ast.Name", node.func).id, arguments)
        case ast.Compare():
            operands = [_value(side, facts, seen) for side in (node.left, *node.comparators)]
            pairs = zip(node.ops, operands, operands[1:], strict=False)
            links = [_compare(_COMPARE[type(op)], left, right) for op, left, right in pairs]
            return False if False in links else None if None in links else True
        case _:  # parse() lets nothing else through
            msg = f"A claim cannot use {type(node).__name__.lower()}."
            raise ClaimRejected(msg)


def _look_up(node: ast.Name | ast.Attribute, facts: Mapping[str, Any], seen: dict[str, Any]) -> Any:
    path = _path(node)
    value: Any = facts
    for depth, key in enumerate(path):
        if not isinstance(value, Mapping) or key not in value:
            known = (
                sorted(str(name) for name in cast("Mapping[Any, Any]", value))
                if isinstance(value, Mapping)
                else []
            )
            name, above = ".".join(path[: depth + 1]), "".join(f"{part}." for part in path[:depth])
            hint = nearest(key, known) if known else f"{above[:-1]} has no parts."
            hint = hint.replace("did you mean '", f"did you mean '{above}")
            msg = f"{name} was not measured; {hint}"
            raise ClaimRejected(msg)
        value = cast("Mapping[str, Any]", value)[key]
    seen[".".join(path)] = value
    return value


def _path(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        return [*_path(node.value), node.attr]
    msg = "A name in a claim is words joined by dots."
    raise ClaimRejected(msg)


def _arithmetic(name: str, operands: Sequence[Any]) -> float:
    """Compute on numbers; anything that is not one, or not defined, is NaN, which no comparison holds for."""
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in operands):
        return math.nan
    try:
        numbers = [float(value) for value in operands]
        return math.nan if any(math.isnan(value) for value in numbers) else _compute(name, numbers)
    except (ArithmeticError, ValueError, TypeError):
        return math.nan


def _compute(name: str, operands: Sequence[float]) -> float:
    match name, operands:
        case "+", [a, b]:
            return a + b
        case "-", [a, b]:
            return a - b
        case "*", [a, b]:
            return a * b
        case "/", [a, b]:
            return a / b
        case "abs", [a]:
            return abs(a)
        case "log10", [a]:
            return math.log10(a)
        case "min", _:
            return min(operands)
        case "max", _:
            return max(operands)
        case _:
            return math.nan


def _compare(function: Callable[[Any, Any], bool], left: Any, right: Any) -> bool | None:
    """Compare two values; None where there is nothing to compare, or a number meets a word."""
    if any(_is_undefined(value) for value in (left, right)):
        return None
    try:
        return function(left, right)
    except TypeError:
        return None


def _margin(node: ast.expr, facts: Mapping[str, Any]) -> float:
    """Return the distance from the other verdict; infinite where nothing is compared by size."""
    match node:
        case ast.BoolOp():
            margins = [_margin(value, facts) for value in node.values]
            return max(margins) if isinstance(node.op, ast.Or) else min(margins)
        case ast.UnaryOp() if isinstance(node.op, ast.Not):
            return -_margin(node.operand, facts)
        case ast.Compare():
            operands = [_value(side, facts, {}) for side in (node.left, *node.comparators)]
            pairs = zip(node.ops, operands, operands[1:], strict=False)
            return min(_distance(op, left, right) for op, left, right in pairs)
        case _:
            return math.inf if _value(node, facts, {}) is True else -math.inf


def _distance(op: ast.cmpop, left: Any, right: Any) -> float:
    holds = _compare(_COMPARE[type(op)], left, right) is True
    sized = not isinstance(op, ast.Eq | ast.NotEq) and all(isinstance(x, int | float) for x in (left, right))
    try:
        distance = abs(left - right) / max(abs(left), abs(right)) if sized else math.inf
    except (ArithmeticError, ValueError):  # both are 0, or a number is too long for a share of it
        distance = math.inf
    distance = math.inf if math.isnan(distance) else distance
    return distance if holds else -distance


def _truth(value: Any, node: ast.expr) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if _is_undefined(value):
        return None
    said = f"{ast.unparse(node)!r:.80} is {value!r:.40}"
    msg = f"A claim is true or false; {said}; add a comparison such as < 0.3."
    raise ClaimRejected(msg)


def _is_undefined(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
