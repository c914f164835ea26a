"""What can be seen of an entry without running it."""

from collections.abc import Sequence

from answers.catalog import Catalog
from answers.checking.digits import check_digits
from answers.checking.prose import check_prose
from answers.checking.structure import check_structure
from answers.entry import Entry
from answers.problem import Problem
from sim.cost import Allowance

_BLOCKING = frozenset({"experiment", "spec", "names", "template", "claim"})


def check_entry(entry: Entry, catalog: Catalog, allowance: Allowance) -> list[Problem]:
    """Find what is wrong with an entry that can be seen without running it.

    Args:
        entry: the answer.
        catalog: the library it will be part of.
        allowance: what one run may take.
    """
    return [*check_structure(entry, catalog, allowance), *check_digits(entry), *check_prose(entry)]


def can_run(problems: Sequence[Problem]) -> bool:
    """Tell whether an entry with these problems can be run all the same, to find the others at once."""
    return not any(problem.code in _BLOCKING for problem in problems)
