"""A file that follows the rules becomes an entry."""

from datetime import date

import pytest
from answer_samples import SAMPLE, changed, sample

from answers.entry import Claim, Source
from answers.reading import read
from sim.spec import Spec

VARIANTS = "    variants:\n      warm: 4x8 sigmoid batch=4 seeds=2\n      cold: activation=tanh\n"


def test_a_good_file_becomes_an_entry_with_everything_in_it() -> None:
    entry = read(SAMPLE, "sample.md")
    assert (entry.id, entry.title, entry.path) == ("sample", "A sample answer for tests", "sample.md")
    assert entry.phrasings == ("how warm is the kettle", "does the kettle get warmer", "kettle temperature")
    assert entry.short == "The kettle is warm enough in this room."
    assert entry.misconception == "Kettles are cold."
    assert entry.body == "The body."
    assert entry.claims[0] == Claim(
        id="shrinks",
        text="It shrinks to {{ warm.factor_per_layer | num }}.",
        holds="warm.factor_per_layer < 0.5",
    )
    assert entry.sources == (
        Source(title="A paper", authors="A. Author", year=1999, url="https://example.org/paper"),
    )
    assert (entry.author, entry.license, entry.date) == ("Someone", "CC-BY-4.0", date(2026, 1, 2))
    assert (entry.try_next, entry.related) == ((), ())
    assert entry.names == {"main", "warm", "cold"}


def test_later_variants_inherit_from_the_first() -> None:
    simulation = sample().simulations[0]
    warm = Spec(depth=4, width=8, activation="sigmoid", batch=4, seeds=2)
    assert simulation.experiment == "gradients"
    assert dict(simulation.variants) == {
        "warm": warm,
        "cold": Spec.parse("activation=tanh", base=warm),
    }


def test_a_single_spec_is_a_variant_with_the_name_of_its_simulation() -> None:
    assert list(sample((VARIANTS, "    spec: 4x8 relu\n")).simulations[0].variants) == ["main"]


@pytest.mark.parametrize(
    ("source", "link", "text"),
    [
        ("arxiv: '1502.05767'", "https://arxiv.org/abs/1502.05767", "arXiv:1502.05767"),
        ("arxiv: cs/0102030", "https://arxiv.org/abs/cs/0102030", "arXiv:cs/0102030"),
        ("doi: 10.1038/323533a0", "https://doi.org/10.1038/323533a0", "doi:10.1038/323533a0"),
        ("url: https://example.org/x", "https://example.org/x", "https://example.org/x"),
    ],
)
def test_a_source_can_be_opened_and_cited(source: str, link: str, text: str) -> None:
    found = sample(("url: https://example.org/paper", source)).sources[0]
    assert found.link == link
    assert str(found) == f"A. Author (1999). A paper. {text}"


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + SAMPLE,
        SAMPLE.replace("\n", "\r\n"),
        "\ufeff" + SAMPLE.replace("\n", "\r\n"),
        SAMPLE.replace("---\nThe", "---  \nThe"),
        changed(("author: Someone", "author: &anchor Someone")),
    ],
)
def test_byte_order_marks_line_ends_and_trailing_spaces_make_no_difference(text: str) -> None:
    assert read(text) == read(SAMPLE)


def test_a_rule_in_the_body_is_part_of_the_body() -> None:
    assert read(SAMPLE + "\n---\nmore\n---\n").body == "The body.\n\n---\nmore\n---"


def test_an_empty_body_is_allowed() -> None:
    assert sample(("The body.\n", "")).body == ""
