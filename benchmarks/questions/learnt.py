"""Which questions the matcher has learnt: to find those proves nothing."""

from collections.abc import Sequence

from answers.catalog import Catalog
from answers.matching.examples import load_examples
from answers.matching.text import literal
from benchmarks.questions.labelled import Question


def learnt(catalog: Catalog, questions: Sequence[Question]) -> Sequence[Question]:
    """Return those that are, to the letter, a title, a phrasing or one of the written examples."""
    examples = load_examples()
    known = {literal(text) for entry in catalog for text in (entry.title, *entry.phrasings)}
    known |= {literal(text) for texts in examples.phrasings.values() for text in texts}
    known |= {literal(text) for text in examples.negatives}
    known |= {literal(one.text) for one in examples.calibration}
    return [question for question in questions if literal(question.text) in known]
