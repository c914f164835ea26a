"""What is wrong with answers, as far as it can be seen without running them: known in milliseconds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from answers.catalog import Catalog
from answers.checking import check_draft, check_ids, check_nearness, check_phrasings, draft_file
from answers.checking.prose import check_marks
from answers.draft import Draft
from answers.entry import Entry
from answers.problem import Problem
from answers.reading import draft
from bot.teaching.library import Library, joined
from sim.cost import Allowance

__all__ = ["Look", "draft_file", "draft_text", "look", "nearness"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A text as it was read, and what is wrong with it at first sight."""

    draft: Draft
    problems: tuple[Problem, ...]

    @property
    def entry(self) -> Entry | None:
        """What could be read."""
        return self.draft.entry


def draft_text(text: str, slug: str, path: str = "") -> Draft:
    """Read what can be read of the text of an answer that is to have this id."""
    found = draft(text, path)
    if found.entry is None or found.entry.id in {"", slug}:
        return found
    message = f"This is the text of {slug!r}; got id {found.entry.id!r}; an id stays: write id: {slug}."
    line = found.entry.lines.get("id", 1)
    problem = Problem(code="file-name", message=message, line=line, path=path)
    return replace(found, problems=(*found.problems, problem))


def look(
    drafts: Sequence[Draft], catalog: Catalog, allowance: Allowance, shipped: Path | None = None
) -> list[Look]:
    """Look at several answers that come into a library together.

    Args:
        drafts: the answers.
        catalog: the library; where it has an answer with the same id, that one is replaced.
        allowance: what one run may take.
        shipped: the folder of the shipped answers, where it is worth a word that one is replaced.
    """
    entries = [one.entry for one in drafts if one.entry is not None]
    whole = joined(catalog, entries)
    together = _together(catalog, entries, shipped)
    return [
        Look(
            draft=one,
            problems=_ordered(
                [
                    *(
                        check_draft(one, whole, allowance)
                        if one.entry
                        else [*one.problems, *check_marks(one)]
                    ),
                    *(
                        problem
                        for problem in together
                        if one.entry is not None and problem.path == one.entry.path
                    ),
                ]
            ),
        )
        for one in drafts
    ]


def nearness(entries: Sequence[Entry], library: Library) -> list[Problem]:
    """Warn of phrasings that mean nearly what one of another answer means."""
    if not entries:
        return []
    return check_nearness(entries, library.matcher.updated(joined(library.catalog, entries)))


def _together(catalog: Catalog, entries: Sequence[Entry], shipped: Path | None) -> list[Problem]:
    """Find what keeps answers from standing beside each other and those of the library."""
    ids = {entry.id for entry in entries}
    paths = {entry.path for entry in entries}
    others = [entry for entry in catalog if entry.id not in ids]
    found = check_ids([*others, *entries], shipped) + check_phrasings([*others, *entries])
    return [problem for problem in found if problem.path in paths]


def _ordered(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.line))
