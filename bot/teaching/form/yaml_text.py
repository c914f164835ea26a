"""Values as YAML that reads back as the same values, laid out as people lay it out."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, cast

import yaml

_WIDTH = 100
_PLAIN_LINE = re.compile(r"[^\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff]+")


def block(key: str, value: Any, indent: int = 0) -> str:
    """Write a key with its value, ending with a line break."""
    pad = " " * indent
    if isinstance(value, Mapping):
        inner = cast("Mapping[str, Any]", value)
        return f"{pad}{scalar(key)}:\n" + "".join(block(name, one, indent + 2) for name, one in inner.items())
    if isinstance(value, str):
        return f"{pad}{scalar(key)}: {_text(value, indent)}\n"
    items = cast("Sequence[Any]", value)
    if items and isinstance(items[0], Mapping):
        return f"{pad}{scalar(key)}:\n" + "".join(_item(one, indent + 2) for one in items)
    if key == "knobs":
        return f"{pad}{key}: [{', '.join(scalar(one, flow=True) for one in items)}]\n"
    return f"{pad}{scalar(key)}:\n" + "".join(f"{pad}  - {scalar(one)}\n" for one in items)


def _item(value: Mapping[str, Any], indent: int) -> str:
    written = "".join(block(name, one, indent + 2) for name, one in value.items())
    return f"{' ' * indent}- {written[indent + 2 :]}"


def _text(value: str, indent: int) -> str:
    """Write a text on one line, or fold it over several."""
    if len(value) + indent <= _WIDTH or not _PLAIN_LINE.fullmatch(value) or value != " ".join(value.split()):
        return scalar(value)
    lines = textwrap.wrap(value, _WIDTH - indent, break_long_words=False, break_on_hyphens=False)
    if " ".join(lines) != value:
        return scalar(value)
    pad = " " * (indent + 2)
    return ">-\n" + "\n".join(pad + line for line in lines)


def scalar(text: str, *, flow: bool = False) -> str:
    """Write a text on one line, in quotes where YAML would read something else."""
    return text if _is_plain(text, flow=flow) else _quoted(text)


def _is_plain(text: str, *, flow: bool) -> bool:
    if not _PLAIN_LINE.fullmatch(text) or (flow and re.search(r"[,\[\]{}]", text)):
        return False
    try:
        return yaml.safe_load(f"k: {text}\n") == {"k": text} and yaml.safe_load(f"- {text}\n") == [text]
    except (yaml.YAMLError, ValueError, ArithmeticError):
        return False


def _quoted(text: str) -> str:
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(letter: str) -> str:
    if letter in {'"', "\\"}:
        return f"\\{letter}"
    if _PLAIN_LINE.fullmatch(letter):
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004  two hexadecimal digits
