"""Phrasings that collide, claims that fail on what was measured, and cards that are too long are found."""

from dataclasses import replace
from pathlib import Path

import pytest
from answer_samples import WARM, measured, sample

from answers.checking import (
    FRESH_ROUNDS,
    Margin,
    check_ids,
    check_measured,
    check_phrasings,
    check_rounds,
    rounds,
    with_fresh_seeds,
)
from answers.checking.measured import extremes

PHRASING = "The phrasing 'how warm is the kettle' belongs to {} as well; remove it from one."


def test_a_phrasing_belongs_to_one_answer() -> None:
    other = replace(
        sample(), id="other", title="Another title", phrasings=("How  WARM, is the kettle?", "b", "c")
    )
    problems = check_phrasings([sample(), replace(other, path="other.md")])
    assert [(problem.code, problem.path, problem.message) for problem in problems] == [
        (
            "collision",
            "other.md",
            PHRASING.format("sample (sample.md)"),
        ),
        (
            "collision",
            "sample.md",
            PHRASING.format("other (other.md)"),
        ),
    ]
    assert problems[1].line == 5


def test_a_title_that_is_a_phrasing_of_another_answer_collides() -> None:
    other = replace(sample(), id="other", title="Kettle temperature", phrasings=("a", "b", "c"))
    assert [problem.code for problem in check_phrasings([sample(), other])] == ["collision", "collision"]


@pytest.mark.parametrize(
    "phrasings", [("a b", "A  B", "c"), ("a b", "a, b?", "c"), ("x", "y", "a sample answer for TESTS")]
)
def test_a_phrasing_is_given_once(phrasings: tuple[str, ...]) -> None:
    [problem] = check_phrasings([replace(sample(), phrasings=phrasings)])
    assert problem.code == "duplicate"
    assert problem.message.endswith("is given twice; remove one.")


def test_answers_with_different_words_do_not_collide() -> None:
    other = replace(sample(), id="other", title="Another title", phrasings=("a", "b", "c"))
    assert check_phrasings([sample(), other]) == []


def test_a_claim_that_fails_is_a_problem_with_what_was_measured() -> None:
    runs = [measured(sample(), (WARM, WARM))]
    [problem], _ = check_rounds(sample(), runs)
    assert str(problem) == (
        "sample.md:22: claim grows does not hold on the seeds as shipped, by up to 75%; "
        "got cold.factor_per_layer = 0.25; it never holds, so turn it round, or weaken it to "
        "cold.factor_per_layer > 0.22, or change the networks. [claim-fails]"
    )
    assert check_measured(sample(), runs[0]) == []


@pytest.mark.parametrize("part", ["The kettle is warm", "Kettles are cold.", "The body."])
def test_a_template_that_fails_on_what_was_measured_is_a_problem(part: str) -> None:
    entry = sample((part, "A {{ warm.missing }} kettle"))
    [problem] = check_measured(entry, measured(entry))
    assert problem.message.endswith(
        "warm.missing was not measured; known: warm.factor_per_layer, warm.label, warm.named, warm.spec."
    )


def test_a_card_that_is_too_long_at_its_longest_is_a_problem_to_the_letter() -> None:
    failing = (
        "- Measured: warm.factor_per_layer = -1.23457e-188; "
        "the answer speaks of `warm.factor_per_layer < 0.5`.\n"
        "- Measured: cold.factor_per_layer = -1.23457e-188; "
        "the answer speaks of `cold.factor_per_layer > 1`."
    )
    length = len(
        "A sample answer for tests**The kettle is warm enough in this room.**"
        f"\n\nDifferent in this run:\n{failing}\n\n\n\n"
        "**A common misconception.** Kettles are cold.A. Author (1999). A paper. https://example.org/paper"
    )
    fits, too_long = (sample(("The body.", "x" * (4_000 - length + more))) for more in (0, 1))
    assert check_measured(fits, measured(fits)) == []
    [problem] = check_measured(too_long, measured(too_long))
    assert problem.code == "too-long"
    assert problem.message == (
        "body: a card holds at most 4000 characters; got 4001 with claims and sources; "
        "shorten the body, or move part of it below <!-- more -->."
    )


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
    entry = sample(("It grows to {{ cold.factor_per_layer | num }}.", "It grows."))
    runs = [measured(entry, (WARM, {})), measured(entry)]
    [problem] = check_measured(entry, runs[0])
    assert (problem.code, problem.line) == ("claim", 22)
    assert check_rounds(entry, runs)[0] == []


def test_a_claim_about_what_is_not_a_number_in_some_run_says_so() -> None:
    entry = sample()
    runs = [measured(entry), measured(entry, (WARM, {"factor_per_layer": None}))]
    [problem], [_, margin] = check_rounds(entry, runs)
    assert "got cold.factor_per_layer = 2, n/a; compare what is measured in every run" in problem.message
    assert (margin.held, margin.rounds) == (1, 2)


def test_a_template_that_fails_is_not_called_a_claim_that_fails() -> None:
    entry = sample(("The body.", "{{ warm.missing }}"))
    assert [problem.code for problem in check_measured(entry, measured(entry))] == ["template"]


def test_the_longest_rendering_has_the_longest_numbers_and_every_claim_or_none() -> None:
    entry = sample()
    all_, none = extremes(entry, measured(entry))
    assert [verdict.text for verdict in all_.holding] == [
        "It shrinks to -1.23×10⁻¹⁸⁸.",
        "It grows to -1.23×10⁻¹⁸⁸.",
    ]
    assert (all_.failing, none.holding) == ((), ())


def test_a_claim_has_to_hold_on_every_set_of_seeds() -> None:
    entry = sample()
    runs = [measured(entry, (WARM, {"factor_per_layer": cold})) for cold in (2.0, 1.5, 0.5, 0.25)]
    [problem], margins = check_rounds(entry, runs)
    assert str(problem) == (
        "sample.md:22: claim grows does not hold on 2 of 3 sets of fresh seeds, by up to 75%; "
        "got cold.factor_per_layer = 2, 1.5, 0.5, 0.25; weaken it to cold.factor_per_layer > 0.22, "
        "measure more networks (seeds=…), or choose networks that differ more. [claim-fails]"
    )
    assert margins == [
        Margin(claim="shrinks", held=4, rounds=4, least=0.5),
        Margin(claim="grows", held=2, rounds=4, least=-0.75),
    ]


def test_a_claim_that_nearly_fails_is_a_problem() -> None:
    entry = sample()
    runs = [measured(entry, (WARM, {"factor_per_layer": cold})) for cold in (2.0, 1.01)]
    [problem], _ = check_rounds(entry, runs)
    assert problem.code == "claim-narrow"
    assert problem.message == (
        "claim grows holds by only 1.0% on some seeds; got cold.factor_per_layer = 2, 1.01; "
        "weaken it to cold.factor_per_layer > 0.9, measure more networks (seeds=…), "
        "or choose networks that differ more."
    )


def test_a_claim_that_only_fails_on_the_shipped_seeds_is_reported_once() -> None:
    entry = sample()
    runs = [measured(entry, (WARM, WARM)), measured(entry)]
    [problem], _ = check_rounds(entry, runs)
    assert problem.message.startswith("claim grows does not hold on the seeds as shipped, by up to 75%; ")
    assert check_measured(entry, runs[0]) == []


def test_every_round_has_its_own_networks() -> None:
    seeds = [round_[0].variants["warm"].seed for round_ in rounds(sample())]
    assert len(seeds) == FRESH_ROUNDS + 1 == len(set(seeds))
    assert seeds[0] == 0
    assert min(abs(a - b) for a in seeds for b in seeds if a != b) >= 100


def test_a_narrow_claim_that_hardly_varies_is_none() -> None:
    entry = sample()
    runs = [measured(entry, (WARM, {"factor_per_layer": cold})) for cold in (1.0101, 1.0102, 1.0101)]
    assert check_rounds(entry, runs)[0] == []


@pytest.mark.parametrize(
    ("body", "start"),
    [
        ("{% if claims.grows %}ok{% else %}{{ 'a' | num }}{% endif %}", "body, with no claim true: "),
        (
            "{% if claims.grows and warm.factor_per_layer < 0 %}{{ 'a' | num }}{% endif %}",
            "body, with every claim true: ",
        ),
        (
            "{% if warm.factor_per_layer < 1 %}ok{% else %}{{ 'a' | num }}{% endif %}",
            "body, with nothing measured: ",
        ),
    ],
)
def test_a_text_that_fails_in_another_run_is_a_problem(body: str, start: str) -> None:
    entry = sample(("The body.", body))
    [problem] = check_measured(entry, measured(entry))
    assert (problem.code, problem.line) == ("template", 32)
    assert problem.message.startswith(start)


def test_what_is_said_instead_of_a_claim_is_rendered_too() -> None:
    entry = sample(
        (
            "holds: cold.factor_per_layer > 1",
            "holds: cold.factor_per_layer > 1\n    otherwise: It has {{ 'a' | num }}.",
        )
    )
    [problem] = check_measured(entry, measured(entry))
    assert problem.message.startswith("otherwise grows, with no claim true: ")
    assert problem.line == 23


def test_a_claim_that_fails_on_some_seeds_has_no_bound_to_offer_where_it_compares_two_names() -> None:
    entry = sample(
        ("holds: cold.factor_per_layer > 1", "holds: cold.factor_per_layer > warm.factor_per_layer")
    )
    runs = [measured(entry, (WARM, {"factor_per_layer": cold})) for cold in (2.0, 0.1)]
    [problem], _ = check_rounds(entry, runs)
    assert problem.message == (
        "claim grows does not hold on 1 of 1 sets of fresh seeds, by up to 60%; got "
        "cold.factor_per_layer = 2, 0.1; warm.factor_per_layer = 0.25; weaken the bound, "
        "measure more networks (seeds=…), or choose networks that differ more."
    )


def test_an_id_belongs_to_one_file_and_replacing_a_shipped_answer_is_only_said(tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "sample.md").touch()
    own, mine, yours = (
        replace(sample(), path=str(path))
        for path in (shipped / "sample.md", tmp_path / "a.md", tmp_path / "b.md")
    )
    assert check_ids([own], shipped) == []
    [warning] = check_ids([own, mine], shipped)
    assert (warning.code, warning.warning, warning.line) == ("replaces", True, 2)
    assert f"replaces the shipped one, {shipped / 'sample.md'};" in warning.message
    assert str(warning).startswith(f"{tmp_path / 'a.md'}:2: warning: This answer")
    *_, twice = check_ids([mine, yours], tmp_path)
    assert (twice.code, twice.path, twice.warning) == ("duplicate", yours.path, False)
    assert twice.message == f"An id belongs to one file; got 'sample' in {mine.path} as well; rename one."
