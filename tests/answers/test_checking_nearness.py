"""A phrasing that means what another answer's phrasing means is announced before students find out."""

from dataclasses import replace

from answer_samples import library_of, sample

from answers.catalog import Catalog
from answers.checking import check_nearness
from answers.matching import Matcher


def test_a_phrasing_near_another_answers_is_a_warning(matcher: Matcher, shipped: Catalog) -> None:
    phrasing = "why does ReLU solve the vanishing gradients"
    entry = replace(sample(), phrasings=(*sample().phrasings, phrasing), lines={f"phrasing {phrasing}": 12})
    (problem,) = check_nearness([entry], matcher.updated(library_of(*shipped, entry)))
    assert (problem.code, problem.line, problem.warning) == ("near", 12, True)
    assert problem.message.startswith(f"{phrasing!r} is nearly what leads to relu ('")


def test_a_narrow_answer_may_be_near_its_broad_one(matcher: Matcher, shipped: Catalog) -> None:
    phrasing = "why does ReLU solve the vanishing gradients"
    entry = replace(sample(), phrasings=(*sample().phrasings, phrasing), part_of="relu")
    assert check_nearness([entry], matcher.updated(library_of(*shipped, entry))) == []


def test_the_same_words_are_left_to_the_check_of_collisions(matcher: Matcher, shipped: Catalog) -> None:
    entry = replace(sample(), phrasings=(*sample().phrasings, shipped.entries["relu"].phrasings[0].upper()))
    assert check_nearness([entry], matcher.updated(library_of(*shipped, entry))) == []


def test_an_answer_about_something_else_is_not_near(matcher: Matcher, shipped: Catalog) -> None:
    assert check_nearness([sample()], matcher.updated(library_of(*shipped, sample()))) == []
