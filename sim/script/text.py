"""How the lines of a script are written down."""

from collections.abc import Iterable

from sim.spec import Spec

INDENT = " " * 4
_CASTS = {"float64": ".double()", "bfloat16": ".bfloat16()", "float16": ".half()"}


def indented(lines: Iterable[str]) -> list[str]:
    """Move lines one level to the right; empty ones stay empty."""
    return [f"{INDENT}{line}" if line else "" for line in lines]


def number(value: float) -> str:
    """Write a number as briefly as Python reads it back."""
    whole = value == int(value) and abs(value) < 1e9  # noqa: PLR2004  longer ones are easier to read as 1e+09
    return str(int(value)) if whole else repr(float(value))


def times(factor: float, expression: str) -> str:
    """Write factor · expression; an expression alone needs no factor of 1."""
    return expression if factor == 1 else f"{number(factor)} * {expression}"


def cast(spec: Spec) -> str:
    """Write the call that brings a tensor or a module, drawn as float32, to the precision of a spec."""
    return _CASTS.get(spec.precision, "")


def module(name: str, init: Iterable[str], *methods: Iterable[str]) -> list[str]:
    """Write an `nn.Module`; a method is its whole text, from `def` on."""
    lines = [
        f"class {name}(nn.Module):",
        *indented(["def __init__(self):", *indented(["super().__init__()"])]),
    ]
    lines += indented(indented(init))
    for method in methods:
        lines += ["", *indented(method)]
    return lines


def method(signature: str, body: Iterable[str]) -> list[str]:
    """Write a function."""
    return [f"def {signature}:", *indented(body)]
