"""What a template may contain, checked on its syntax tree before anything is compiled."""

from collections.abc import Collection
from dataclasses import dataclass, field

from jinja2 import TemplateSyntaxError, nodes

from answers.errors import TemplateRejected
from answers.templates.environment import LOOP, TESTS, Environment
from answers.templates.filters import ARGUMENTS, FILTERS, NUMERIC
from answers.templates.items import MAX_LIST
from sim.knobs import nearest

MAX_SOURCE = 4_000
_MAX_NODES = 600
_MAX_DEPTH = 25
_MAX_LOOPS = 2
_MAX_WORK = 40_000
_MAX_CONSTANT_TEXT = 500
_MAX_ARGUMENT_TEXT = 20
_MAX_CONSTANT = 10**12

_ARITHMETIC = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv)
_ALLOWED = (
    *(
        nodes.Template,
        nodes.Output,
        nodes.TemplateData,
        nodes.Name,
        nodes.Const,
        nodes.Getattr,
        nodes.Getitem,
    ),
    *(nodes.If, nodes.CondExpr, nodes.For, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.Concat, *_ARITHMETIC),
)


def check(environment: Environment, source: str, names: Collection[str] | None = None) -> nodes.Template:
    """Check that a template stays inside the allowed subset and within bounded work, and return its tree.

    Args:
        environment: parses the source; it is not compiled.
        source: the template.
        names: the top-level names it may use; None allows any.

    Raises:
        TemplateRejected: with one sentence for its author and the line.
    """
    if len(source) > MAX_SOURCE:
        msg = f"A template has at most {MAX_SOURCE} characters; got {len(source)}; shorten it."
        raise TemplateRejected(msg)
    if "\0" in source:
        msg = "A template is text; got a NUL character; remove it."
        raise TemplateRejected(msg)
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        msg = f"The template cannot be read: {str(error.message).rstrip('.')}."
        raise TemplateRejected(msg, error.lineno) from None
    except (RecursionError, ValueError, OverflowError, MemoryError):
        msg = "The template is nested too deeply or has a number that is too long."
        raise TemplateRejected(msg) from None
    _Walk(names=None if names is None else frozenset(names)).visit(tree, depth=0, loops=0, bound=frozenset())
    return tree


@dataclass(slots=True, kw_only=True)
class _Walk:
    names: frozenset[str] | None
    seen: int = field(default=0)
    work: int = field(default=0)
    counters: set[int] = field(default_factory=set[int])

    def visit(self, node: nodes.Node, *, depth: int, loops: int, bound: frozenset[str]) -> None:
        self.seen += 1
        self.work += MAX_LIST**loops
        if type(node) not in _ALLOWED:
            _reject(node, f"{type(node).__name__} is not available in templates")
        if self.seen > _MAX_NODES or depth > _MAX_DEPTH:
            _reject(node, "The template is too large or nested too deeply")
        if self.work > _MAX_WORK:
            _reject(node, "The loops do too much work")
        self._check(node, bound)
        if isinstance(node, nodes.For):
            loops += 1
            if loops > _MAX_LOOPS:
                _reject(node, f"Loops are nested at most {_MAX_LOOPS} deep")
            bound = bound | {"loop", node.target.name if isinstance(node.target, nodes.Name) else ""}
        for child in node.iter_child_nodes():
            self.visit(child, depth=depth + 1, loops=loops, bound=bound)

    def _check(self, node: nodes.Node, bound: frozenset[str]) -> None:
        match node:
            case nodes.Name():
                self._check_name(node, bound)
            case nodes.Const():
                _check_constant(node)
            case nodes.Getattr() if node.attr.startswith("_"):
                _reject(node, "Names do not start with an underscore")
            case nodes.Getattr():
                self._check_loop_counter(node)
            case nodes.Getitem():
                _check_item(node)
            case nodes.Filter():
                _check_filter(node)
            case nodes.Test():
                _check_test(node)
            case nodes.For():
                _check_loop(node)
            case nodes.Add() | nodes.Sub() | nodes.Mul() | nodes.Div() | nodes.FloorDiv():
                _check_arithmetic(node)
            case _:
                pass

    def _check_loop_counter(self, node: nodes.Getattr) -> None:
        if isinstance(node.node, nodes.Name) and node.node.name == "loop":
            if node.attr not in LOOP:
                _reject(node, f"loop.{node.attr} does not exist; {nearest(node.attr, sorted(LOOP))}")
            self.counters.add(id(node.node))

    def _check_name(self, node: nodes.Name, bound: frozenset[str]) -> None:
        if node.name.startswith("_"):
            _reject(node, "Names do not start with an underscore")
        if node.ctx == "load" and self.names is not None and node.name not in self.names | bound:
            _reject(node, f"{node.name} does not exist; {nearest(node.name, sorted(self.names))}")
        if node.name == "loop" and id(node) not in self.counters:
            _reject(node, "loop is used with one of its counters, as in loop.index")
        if node.name == "self":
            _reject(node, "self is not available in templates")


def _reject(node: nodes.Node, reason: str) -> None:
    msg = reason if reason[-1] in ".?" else f"{reason}."
    raise TemplateRejected(msg, getattr(node, "lineno", 1) or 1)


def _check_constant(node: nodes.Const) -> None:
    value = node.value
    if not isinstance(value, str | int | float | bool | None):
        _reject(node, "A constant is a number or a text")
    if isinstance(value, str) and len(value) > _MAX_CONSTANT_TEXT:
        _reject(node, f"A text in quotes has at most {_MAX_CONSTANT_TEXT} characters")
    if isinstance(value, int | float) and not abs(value) <= _MAX_CONSTANT:
        _reject(node, "A number is too large")


def _check_item(node: nodes.Getitem) -> None:
    if not isinstance(node.arg, nodes.Const):
        _reject(node, "An item is looked up by a constant, as in list[0]")
    elif isinstance(node.arg.value, str) and node.arg.value.startswith("_"):
        _reject(node, "Names do not start with an underscore")


def _argument_count(name: str) -> str:
    most = ARGUMENTS.get(name, 0)
    return "no argument" if not most else f"at most {most} argument{'s' if most > 1 else ''}"


def _check_filter(node: nodes.Filter) -> None:
    if node.name not in FILTERS:
        _reject(
            node, f"The filter {node.name} does not exist; {nearest(node.name, sorted(FILTERS))}".rstrip(".")
        )
    if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
        _reject(node, f"The filter {node.name} takes plain arguments only")
    if len(node.args) > ARGUMENTS.get(node.name, 0):
        _reject(node, f"The filter {node.name} takes {_argument_count(node.name)}")
    for argument in node.args:
        short = isinstance(argument, nodes.Const) and len(str(argument.value)) <= _MAX_ARGUMENT_TEXT
        if not short:
            _reject(node, "A filter's arguments are short constants")


def _check_test(node: nodes.Test) -> None:
    if node.name not in TESTS:
        _reject(node, f"The test {node.name} does not exist; {nearest(node.name, sorted(TESTS))}")
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        _reject(node, f"The test {node.name} takes plain arguments only")


def _check_loop(node: nodes.For) -> None:
    plain = isinstance(node.target, nodes.Name) and isinstance(node.iter, nodes.Name | nodes.Getattr)
    if not plain or node.recursive:
        _reject(node, "A loop is written {% for item in list %}")
    if isinstance(node.target, nodes.Name) and node.target.name == "loop":
        _reject(node, "loop is the name of the counters; call the item something else")


def _check_arithmetic(node: nodes.BinExpr) -> None:
    for side in (node.left, node.right):
        text = isinstance(side, nodes.Const) and not isinstance(side.value, int | float)
        words = isinstance(side, nodes.Concat) or (
            isinstance(side, nodes.Filter) and side.name not in NUMERIC
        )
        if text or words:
            _reject(node, "Arithmetic is for numbers")
