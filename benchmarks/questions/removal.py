"""Take an answer away and ask its questions again: the bot should notice that nothing covers them now."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from answers.catalog import Catalog
from answers.matching import Matcher
from benchmarks.questions.asking import Asked, ask
from benchmarks.questions.labelled import Question


def without(catalog: Catalog, id_: str) -> Catalog:
    """Return a library that lacks one answer."""
    return only(catalog, catalog.entries.keys() - {id_})


def only(catalog: Catalog, ids: Collection[str]) -> Catalog:
    """Return a library that has no other answers than these."""
    return Catalog(entries={id_: entry for id_, entry in catalog.entries.items() if id_ in ids})


def ask_without(matcher: Matcher, catalog: Catalog, inside: Sequence[Question]) -> Sequence[Asked]:
    """Ask every question of a library that lacks the answer it is labelled with."""
    by_label: dict[str, list[Question]] = defaultdict(list)
    for question in inside:
        by_label[question.label].append(question)
    return [
        one
        for label, questions in by_label.items()
        for one in ask(matcher.updated(without(catalog, label)), questions)
    ]
