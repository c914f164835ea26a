"""One page with every answer as a student sees it."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from answers.entry import Entry

INTRODUCTION = """\
# Gallery

Every answer of the library with its plots, as measured when `backchat gallery` wrote this page. Elsewhere
the last digits may differ.
"""

_PICTURE = re.compile(r"[a-z0-9_]+-[a-z0-9_]+-[a-z_]+-\d+-(?:dark|light)\.png")
_MARK = re.compile(r"^<!-- answer (\w+) ([0-9a-f]{16}) -->$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A plot of an answer: its file, relative to the page, and the text that says the same."""

    file: str
    alt: str


def fingerprint(entry: Entry) -> str:
    """Hash what an author wrote: a page with another hash shows another version."""
    return hashlib.sha256(Path(entry.path).read_bytes()).hexdigest()[:16]


def section(entry: Entry, markdown: str, more: str, pictures: Sequence[Picture]) -> str:
    """Return one answer as Markdown."""
    shown = [f"![{_quiet(picture.alt)}]({picture.file})" for picture in pictures]
    parts = [f"<!-- answer {entry.id} {fingerprint(entry)} -->", f"## {entry.title}", *shown, markdown]
    if more:
        parts += ["<details><summary>More</summary>", more, "</details>"]
    if entry.try_next:
        parts.append("\n".join(["Try next:", "", *(f"- `{text}`" for text in entry.try_next)]))
    parts.append("\n".join(["Sources:", "", *(f"- [{source}]({source.link})" for source in entry.sources)]))
    return "\n\n".join(parts)


def page(sections: Iterable[str], titles: Iterable[str]) -> str:
    """Return the page: an introduction, the list of the answers, then each."""
    contents = "\n".join(f"- [{title}](#{_anchor(title)})" for title in titles)
    return "\n\n".join([INTRODUCTION.rstrip(), contents, *sections]) + "\n"


def stale(text: str, entries: Iterable[Entry]) -> list[str]:
    """Return the ids of answers that a page lacks, shows in another version, or shows after their end."""
    shown = dict(_MARK.findall(text))
    written = {entry.id: fingerprint(entry) for entry in entries}
    return sorted(id_ for id_ in {*shown, *written} if shown.get(id_) != written.get(id_))


def pictures(text: str) -> list[str]:
    """Return the files that a page shows."""
    return re.findall(r"\]\(([^)\s]+\.png)\)", text)


def is_picture(name: str) -> bool:
    """Tell whether a file is named as a gallery names its pictures."""
    return bool(_PICTURE.fullmatch(name))


def _anchor(title: str) -> str:
    """Return the anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _quiet(text: str) -> str:
    return text.replace("[", "(").replace("]", ")").replace("\n", " ")
