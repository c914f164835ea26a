"""What answers one server."""

from dataclasses import dataclass

from answers.catalog import Catalog
from answers.matching import Caution, Matcher
from answers.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Answers, how they are found, and what of them could not be read."""

    catalog: Catalog
    matcher: Matcher
    problems: tuple[Problem, ...] = ()
    caution: Caution = Caution.BALANCED
    """How sure this server wants the bot to be."""
