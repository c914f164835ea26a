"""What the form of five fields leaves out: sources, what to try next and related answers, in a form of three.

sources   one on each line: X. Glorot, Y. Bengio | 2010 | Its title | https://… or an arXiv number or a DOI
try_next  one configuration on each line
related   ids of other answers, on lines or with commas
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from answers.schema import ARXIV, DOI
from bot.teaching.form.fields import AS_A_FILE, LONGEST, NotInForm
from bot.teaching.form.front_matter import split
from bot.teaching.form.yaml_text import block, scalar

KEYS = ("sources", "try_next", "related")
_PARTS = ("authors", "year", "title")
_PLACES = ("arxiv", "doi", "url")
_WANTED = "write authors | year | title | address, with https://…, an arXiv number or a DOI"
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_ARXIV = re.compile(r"(?:https?://arxiv\.org/(?:abs|pdf)/|arxiv:\s*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What stands in the form of three fields."""

    sources: str
    try_next: str
    related: str

    @property
    def by_name(self) -> Mapping[str, str]:
        """The texts by their fields."""
        return asdict(self)


def extras_of(text: str) -> Extras:
    """Return the three fields of an answer.

    Raises:
        NotInForm: the form cannot show them.
    """
    data = split(text).data
    sources = [_shown(one) for one in _list(data, "sources")]
    extras = Extras(
        sources="\n".join(sources),
        try_next="\n".join(_texts(data, "try_next")),
        related="\n".join(_texts(data, "related")),
    )
    for name, one in extras.by_name.items():
        if len(one) > LONGEST:
            raise NotInForm(f"The form takes {LONGEST} characters of {name}; got {len(one)}; {AS_A_FILE}.")
    return extras


def with_extras(extras: Extras, base: str) -> str:
    """Return the file that the three fields make of another one: all else stays byte for byte.

    Raises:
        NotInForm: a field cannot be read; the message names it and the line.
    """
    sources = [
        _source(number, line)
        for number, line in enumerate(extras.sources.splitlines(), start=1)
        if line.strip()
    ]
    tries = [" ".join(line.split()) for line in extras.try_next.splitlines() if line.strip()]
    related = [word for word in re.split(r"[\s,]+", extras.related) if word]
    return split(base).replaced(
        {
            "sources": "sources:\n" + "".join(sources) if sources else "",
            "try_next": block("try_next", tries) if tries else "",
            "related": f"related: [{', '.join(scalar(one, flow=True) for one in related)}]\n"
            if related
            else "",
        }
    )


def line_of(text: str, line: int) -> str | None:
    """Return which of the three fields a line of the file is about; None for none of them."""
    try:
        file = split(text)
    except NotInForm:
        return None
    above = file.opening.count("\n")
    for key in KEYS:
        if key in file.spans:
            start, end = file.spans[key]
            first = above + file.header[:start].count("\n") + 1
            if first <= line < first + file.header[start:end].count("\n"):
                return key
    return None


def _source(number: int, line: str) -> str:
    """Write one source as it stands in the front matter."""
    parts = [" ".join(part.split()) for part in line.split(" | ")]
    if len(parts) != len(_PARTS) + 1 or not all(parts) or not re.fullmatch(r"\d{4}", parts[1]):
        raise NotInForm(f"sources, line {number}: got {line.strip()!r:.80}; {_WANTED}.")
    authors, year, title, place = parts
    key, value = _place(place)
    if not key:
        raise NotInForm(f"sources, line {number}: {place!r:.80} says nowhere to find it; {_WANTED}.")
    quoted = f'"{value}"' if key == "arxiv" else scalar(value)
    return (
        f"  - title: {scalar(title)}\n    authors: {scalar(authors)}\n    year: {year}\n    {key}: {quoted}\n"
    )


def _place(text: str) -> tuple[str, str]:
    arxiv, doi = _ARXIV.sub("", text).removesuffix(".pdf"), _DOI.sub("", text)
    if re.fullmatch(ARXIV, arxiv):
        return "arxiv", arxiv
    if re.fullmatch(DOI, doi):
        return "doi", doi
    return ("url", text) if text.startswith("https://") else ("", "")


def _shown(form: Any) -> str:
    """Write one source as a line that reads back as it is."""
    data: Mapping[str, Any] = cast("Mapping[str, Any]", form) if isinstance(form, Mapping) else {}
    places = [key for key in _PLACES if data.get(key)]
    if set(data) - {*_PARTS, *_PLACES} or len(places) != 1 or not all(key in data for key in _PARTS):
        raise NotInForm(f"A source has parts that the form would change; {AS_A_FILE}.")
    texts = [" ".join(str(data[key]).split()) for key in (*_PARTS, *places)]
    line = " | ".join(texts)
    if line.count(" | ") != len(_PARTS) or _place(texts[-1]) != (places[0], texts[-1]):
        raise NotInForm(f"A source has parts that the form would change; {AS_A_FILE}.")
    return line


def _list(data: Mapping[str, Any], key: str) -> Sequence[Any]:
    value: Any = data.get(key) or []
    if not isinstance(value, list):
        raise NotInForm(f"{key} is no list; {AS_A_FILE}.")
    return cast("list[Any]", value)


def _texts(data: Mapping[str, Any], key: str) -> list[str]:
    return [" ".join(str(one).split()) for one in _list(data, key)]
