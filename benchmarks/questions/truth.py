"""Which answers a question may get."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from answers.catalog import Catalog
from benchmarks.questions.labelled import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The ids that there are, which of them belong to another, and which of them the labels know."""

    ids: frozenset[str]
    part_of: Mapping[str, str]
    known: frozenset[str]

    @classmethod
    def of(cls, catalog: Catalog, questions: Iterable[Question]) -> "Truth":
        """Take the ids from the library, and from the questions which of them their author had in mind."""
        named = {word for question in questions for word in (question.label, *question.also)}
        ids = frozenset(catalog.entries)
        part_of = {entry.id: entry.part_of for entry in catalog if entry.part_of}
        return cls(ids=ids, part_of=part_of, known=ids & named)

    def split(self, questions: Sequence[Question]) -> tuple[Sequence[Question], Sequence[Question]]:
        """Return the questions that some answer is about, and the other messages."""
        inside = [question for question in questions if question.label in self.ids]
        return inside, [question for question in questions if question.label not in self.ids]

    def accepted(self, question: Question) -> frozenset[str]:
        """Return the answers that are right."""
        return self.ids & {question.label, *question.also}

    def family(self, question: Question) -> frozenset[str]:
        """Return those, what each of them is a part of, and its parts."""
        right = self.accepted(question)
        wholes = {self.part_of[id_] for id_ in right if id_ in self.part_of}
        return right | wholes | {part for part, whole in self.part_of.items() if whole in right}

    def may_be_silent(self, question: Question) -> bool:
        """Say whether the labels allow that nothing is answered."""
        return not self.ids.issuperset({question.label, *question.also})
