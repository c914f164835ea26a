"""Phrasings that collide, claims that fail on what was measured, and cards that are too long are found."""

from dataclasses import replace

import pytest
from answer_samples import WARM, measured, sample

from answers.checking import check_measured, check_phrasings, with_fresh_seeds


def test_a_phrasing_belongs_to_one_answer() -> None:
    other = replace(
        sample(), id="other", title="Another title", phrasings=("How  WARM is the kettle", "b", "c")
    )
    [problem] = check_phrasings([sample(), other])
    assert problem.code == "collision"
    assert problem.message == (
        "The phrasing 'how warm is the kettle' belongs to sample as well; remove it from one."
    )


def test_a_title_that_is_a_phrasing_of_another_answer_collides() -> None:
    other = replace(sample(), id="other", title="Kettle temperature", phrasings=("a", "b", "c"))
    assert [problem.code for problem in check_phrasings([sample(), other])] == ["collision"]


@pytest.mark.parametrize("phrasings", [("a b", "A  B", "c"), ("x", "y", "a sample answer for TESTS")])
def test_a_phrasing_is_given_once(phrasings: tuple[str, ...]) -> None:
    [problem] = check_phrasings([replace(sample(), phrasings=phrasings)])
    assert problem.code == "duplicate"
    assert problem.message.endswith("is given twice; remove one.")


def test_answers_with_different_words_do_not_collide() -> None:
    other = replace(sample(), id="other", title="Another title", phrasings=("a", "b", "c"))
    assert check_phrasings([sample(), other]) == []


def test_a_claim_that_fails_is_a_problem_with_what_was_measured() -> None:
    [problem] = check_measured(sample(), measured(sample(), (WARM, WARM)))
    assert str(problem) == (
        "sample.md:22: claim grows does not hold: cold.factor_per_layer = 0.25. [claim-fails]"
    )


@pytest.mark.parametrize("part", ["The kettle is warm", "Kettles are cold.", "The body."])
def test_a_template_that_fails_on_what_was_measured_is_a_problem(part: str) -> None:
    entry = sample((part, "A {{ warm.missing }} kettle"))
    [problem] = check_measured(entry, measured(entry))
    assert "missing does not exist" in problem.message


def test_a_card_that_is_too_long_is_a_problem_to_the_letter() -> None:
    length = len(
        "A sample answer for tests**The kettle is warm enough in this room.**"
        "\n\nMeasured just now:\n- It shrinks to 0.25.\n- It grows to 2.\n\n\n\n"
        "**A common misconception.** Kettles are cold.A. Author (1999). A paper. https://example.org/paper"
    )
    fits, too_long = (sample(("The body.", "x" * (4_000 - length + more))) for more in (0, 1))
    assert check_measured(fits, measured(fits)) == []
    [problem] = check_measured(too_long, measured(too_long))
    assert problem.code == "too-long"
    assert problem.message == "A card holds 4000 characters; got 4001 with sources; shorten the body."


def test_a_body_that_is_cut_off_is_a_problem() -> None:
    entry = sample(("The body.", "x" * 3_900))
    [problem] = check_measured(entry, measured(entry))
    assert "longer than 3800 characters" in problem.message


def test_fresh_seeds_are_other_seeds_of_the_same_configurations() -> None:
    simulation = sample(("seeds=2", f"seeds=2 seed={2**31 - 500}")).simulations[0]
    fresh = with_fresh_seeds(simulation)
    for name, spec in simulation.variants.items():
        assert fresh.variants[name] == replace(spec, seed=500)
        drawn = {spec.seed + number for number in range(spec.seeds)}
        assert drawn.isdisjoint(range(500, 500 + spec.seeds))
    assert (fresh.name, fresh.experiment) == (simulation.name, simulation.experiment)


@pytest.mark.parametrize("part", ["The body.", "It grows"])
def test_a_problem_ends_with_one_full_stop(part: str) -> None:
    entry = sample((part, "A {{ warm.missing }} kettle"))
    assert not any(problem.message.endswith("..") for problem in check_measured(entry, measured(entry)))


def test_a_claim_that_cannot_be_decided_is_one_problem() -> None:
    assert len(check_measured(sample(), measured(sample(), (WARM, {})))) == 1


def test_a_template_that_fails_is_not_called_a_claim_that_fails() -> None:
    entry = sample(("The body.", "{{ warm.missing }}"))
    assert [problem.code for problem in check_measured(entry, measured(entry))] == ["template"]
