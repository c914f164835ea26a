"""What changed is said in a few words that are true."""

import pytest
from answer_samples import SAMPLE, changed

from bot.teaching.differences import difference, summary


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([("title: A sample answer for tests", "title: Another title")], "title changed"),
        ([("  - kettle temperature", "  - kettle temperature\n  - is it hot")], "1 phrasing added"),
        (
            [("factor_per_layer < 0.5", "factor_per_layer < 0.4"), ("factor_per_layer > 1", "depth > 1")],
            "2 claims changed",
        ),
        (
            [("factor_per_layer < 0.5", "factor_per_layer < 0.4"), ("kettle temperature", "how hot")],
            "1 phrasing added, 1 phrasing removed, 1 claim changed",
        ),
        ([("misconception: Kettles are cold.\n", "")], "misconception removed"),
        ([("4x8 sigmoid", "5x8 sigmoid")], "1 simulation changed"),
        ([("The body.", "The body.\n<!-- more -->\nMore.")], "further reading added"),
        ([("title: A", "title:   A")], "only the layout of the file changed"),
        ([("id: sample", "id: [")], "the text changed, and one of both cannot be read as an answer"),
    ],
)
def test_a_change_has_words(changes: list[tuple[str, str]], words: str) -> None:
    assert summary(SAMPLE, changed(*changes)) == words


def test_no_change_and_a_first_text_have_words() -> None:
    assert summary(SAMPLE, SAMPLE) == "nothing changed"
    assert summary("", SAMPLE) == "a new answer"


def test_lines_are_shown_with_what_is_around_them() -> None:
    found = difference("version 1", SAMPLE, "version 2", changed(("The body.", "Another.")))
    assert found.lines.splitlines() == [
        "--- version 1",
        "+++ version 2",
        "@@ -29,4 +29,4 @@",
        " license: CC-BY-4.0",
        " date: 2026-01-02",
        " ---",
        "-The body.",
        "+Another.",
    ]
    assert difference("a", SAMPLE, "b", SAMPLE).lines == ""
