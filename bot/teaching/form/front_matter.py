"""The parts of a file by their place, so that one can be replaced and all others stay byte for byte."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import yaml

from answers import strict_yaml
from answers.reading import MAX_SOURCE
from bot.teaching.form.fields import AS_A_FILE, NotInForm

_PARTS = re.compile(r"\A(\ufeff?---[ \t]*\r?\n)(.*?)(^---[ \t]*\r?$\n?)(.*)\Z", re.DOTALL | re.MULTILINE)
_COMMENTS = re.compile(r"(?:^[ \t]*(?:#[^\n]*)?\n)+\Z", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file in three parts: its front matter between dashes, and what is below."""

    opening: str
    header: str
    closing: str
    body: str
    data: Mapping[str, Any]
    spans: Mapping[str, tuple[int, int]]
    """Where each key begins in the header, and where the next one does."""

    def replaced(self, parts: Mapping[str, str], body: str | None = None) -> str:
        """Return the text with some keys written anew; "" removes one, a new one follows `short`."""
        cut: list[tuple[int, int, str]] = []
        for key, text in parts.items():
            if key in self.spans:
                start, end = self.spans[key]
                kept = _COMMENTS.search(self.header[start:end]) if text else None
                cut.append((start, end, text + (kept.group() if kept else "")))
            elif text:
                place = self.spans.get("short", (0, 0))[1]
                cut.append((place, place, text))
        header = self.header
        for start, end, text in sorted(cut, reverse=True):
            header = header[:start] + text + header[end:]
        return self.opening + header + self.closing + (self.body if body is None else body)


def split(text: str) -> File:
    """Find the parts of a file.

    Raises:
        NotInForm: it cannot be read so well that every part is known.
    """
    match = _PARTS.match(text) if len(text) <= MAX_SOURCE else None
    if match is None:
        raise NotInForm(f"This file has no front matter that the form could show; {AS_A_FILE}.")
    opening, header, closing, body = match.groups()
    try:
        document = strict_yaml.load(header)
        node = cast("Any", yaml).compose(header, Loader=yaml.SafeLoader)
    except (strict_yaml.YamlError, yaml.YAMLError) as error:
        raise NotInForm(
            f"The front matter cannot be read: {str(error).splitlines()[0]}; {AS_A_FILE}."
        ) from None
    data: Any = document.data
    if not isinstance(data, dict) or not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise NotInForm(f"The front matter is no list of keys, each on its line; {AS_A_FILE}.")
    if document.twice:
        raise NotInForm(f"The key {document.twice[0][0]!r} stands twice; {AS_A_FILE}.")
    pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
    starts = [(str(cast("Any", key).value), cast("Any", key).start_mark.index) for key, _ in pairs]
    ends = [start for _, start in starts[1:]] + [len(header)]
    spans = {key: (start, end) for (key, start), end in zip(starts, ends, strict=True)}
    return File(
        opening=opening,
        header=header,
        closing=closing,
        body=body,
        data=cast("dict[str, Any]", data),
        spans=spans,
    )
