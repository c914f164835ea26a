"""What of an answer's Markdown is prose, and how its stars are left out."""

import pytest

from answers import markdown


@pytest.mark.parametrize(
    ("source", "prose"),
    [
        ("a {{ x | num }} b", "a  b"),
        ("a {% if x %}b{% endif %}", "a b"),
        ("a {# 12 #}b", "a b"),
        ("a `1 < 2` b", "a  b"),
        ("a ``x ` 1`` b", "a  b"),
        ("a\n```py\n1 + 1\n```\nb", "a\n\nb"),
        ("a\n  ~~~\n12\n  ~~~\nb", "a\n\nb"),
    ],
)
def test_templates_and_code_are_no_prose(source: str, prose: str) -> None:
    assert markdown.NOT_PROSE.sub("", source) == prose


def test_each_part_is_found_by_itself() -> None:
    text = "`a` {{ b }} {% if c %}\n```\nd\n```\n1. e"
    found = {
        name: [match.group().strip() for match in getattr(markdown, name).finditer(text)]
        for name in ("CODE_SPAN", "TEMPLATE_VALUE", "TEMPLATE_TAG", "CODE_BLOCK", "NUMBERED_ITEM")
    }
    assert found["TEMPLATE_VALUE"] == ["{{ b }}"]
    assert found["TEMPLATE_TAG"] == ["{% if c %}"]
    assert found["CODE_BLOCK"] == ["```\nd\n```"]
    assert found["CODE_SPAN"][0] == "`a`"
    assert found["NUMBERED_ITEM"] == ["1."]


@pytest.mark.parametrize(
    ("text", "plain"), [("**bold** and *so*", "bold and so"), ("2 * 3", "2 * 3"), ("**a** *b", "a *b")]
)
def test_emphasis_is_left_out(text: str, plain: str) -> None:
    assert markdown.without_emphasis(text) == plain
