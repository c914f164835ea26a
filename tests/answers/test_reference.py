"""The reference of the format says what the schema says, in the documentation too."""

from pathlib import Path

import pytest

from answers.reference import insert, reference

GUIDE = Path(__file__).parents[2] / "docs" / "writing-an-answer.md"


def test_the_guide_has_the_reference_of_today() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert insert(text) == text, "run: python -m answers.reference docs/writing-an-answer.md"


def test_the_reference_names_keys_sizes_and_meanings() -> None:
    rows = reference().splitlines()
    assert "| `title` | yes | 5–100 characters | the question |" in rows
    assert "| `year` | yes | 1600–2100 | of publication |" in rows
    assert "| `try_next` |  | up to 4 items | configurations to run next |" in rows


def test_a_document_without_marks_is_left_alone() -> None:
    with pytest.raises(ValueError, match="got none"):
        insert("no marks")
