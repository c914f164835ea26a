"""What can be seen of an entry without running it."""

from dataclasses import replace

from answers.catalog import Catalog
from answers.checking.digits import check_digits
from answers.checking.markup import check_markup
from answers.checking.prose import check_marks, check_prose
from answers.checking.structure import check_simulation, check_structure
from answers.draft import Draft
from answers.entry import Entry
from answers.problem import Problem
from sim.cost import Allowance

_BLOCKING = frozenset({"experiment", "spec"})


def check_entry(entry: Entry, catalog: Catalog, allowance: Allowance) -> list[Problem]:
    """Find what is wrong with an entry that can be seen without running it.

    Args:
        entry: the answer.
        catalog: the library it will be part of.
        allowance: what one run may take.
    """
    return check_draft(Draft(entry=entry), catalog, allowance)


def check_draft(draft: Draft, catalog: Catalog, allowance: Allowance) -> list[Problem]:
    """Find the same in what can be read of a file, beside what keeps the rest from being read."""
    if draft.entry is None:
        return list(draft.problems)
    found = [
        *draft.problems,
        *check_structure(draft, draft.entry, catalog, allowance),
        *check_digits(draft.entry),
        *check_prose(draft.entry),
        *check_markup(draft.entry),
        *check_marks(draft),
    ]
    return sorted(found, key=lambda problem: problem.line)


def runnable(entry: Entry, allowance: Allowance) -> Entry:
    """Return the entry with those of its simulations that can be run, to find what else is wrong at once."""
    names = [name for one in entry.simulations for name in {one.name, *one.variants}]
    clear = [
        one
        for one in entry.simulations
        if not any(problem.code in _BLOCKING for problem in check_simulation(entry, one, allowance))
        and all(names.count(name) == 1 for name in (one.name, *one.variants))
    ]
    return replace(entry, simulations=tuple(clear))
