"""Every knob is tried with a smaller and a larger value, and what does not stand that is found."""

from dataclasses import replace

import pytest
from answer_samples import COLD, WARM, measured, sample

from answers.checking import check_trials, trials
from answers.entry import Entry
from sim.cost import Allowance


def turnable(*knobs: str, spec: str = "4x8 sigmoid batch=4 seeds=2", body: str = "The body.") -> Entry:
    return sample(
        ("    variants:", f"    knobs: [{', '.join(knobs)}]\n    variants:"),
        ("4x8 sigmoid batch=4 seeds=2", spec),
        ("The body.", body),
    )


@pytest.mark.parametrize(
    ("knob", "words"),
    [
        ("depth", ["depth=2", "depth=6"]),
        ("gain", ["gain=0.5", "gain=1.5"]),
        ("activation", ["activation=linear", "activation=noisy_relu"]),
    ],
)
def test_a_knob_is_turned_down_and_up(knob: str, words: list[str]) -> None:
    tried, problems = trials(turnable(knob), Allowance())
    assert problems == []
    assert [trial.words for trial in tried] == words
    value = words[0].split("=")[1]
    assert str(getattr(tried[0].simulation.variants["warm"], knob)) == value


def test_a_try_costs_little() -> None:
    tried, _ = trials(turnable("depth", spec="4x8 sigmoid batch=4 seeds=64"), Allowance())
    assert [spec.seeds for spec in tried[0].simulation.variants.values()] == [2, 2]


def test_a_value_outside_the_range_of_a_knob_is_not_tried() -> None:
    tried, problems = trials(turnable("depth", spec="1x8 sigmoid"), Allowance())
    assert [trial.words for trial in tried] == ["depth=2"]
    assert problems == []


def test_a_knob_that_cannot_be_turned_is_a_problem_on_its_line() -> None:
    _, [problem] = trials(turnable("lr"), Allowance())
    assert (problem.code, problem.line) == ("knobs", 13)
    assert problem.message == (
        "main: with lr=0.05: lr=0.05 acts only while training; got steps=0; add steps=200, or remove lr; "
        "remove the knob lr, or change the spec."
    )


def test_a_choice_may_have_words_that_make_no_sense_here() -> None:
    _, problems = trials(turnable("arch"), Allowance())
    assert problems == []
    _, [problem] = trials(turnable("padding"), Allowance())
    assert "padding acts only with arch=cnn" in problem.message


def test_a_text_that_another_network_breaks_is_found() -> None:
    entry = turnable("depth", body="{{ cold.loss.last | num }}")
    own = measured(entry, (WARM, COLD | {"loss": {"last": 0.5}}))
    tried, _ = trials(entry, Allowance())
    [changed] = measured(entry, (WARM, COLD))
    [problem] = check_trials(entry, own, [(tried[0], changed)])
    assert (problem.code, problem.line) == ("knobs", 33)
    assert problem.message.startswith("body, with depth=2: ")
    assert check_trials(entry, own, [(tried[0], own[0])]) == []


def test_one_fault_is_reported_once_however_many_values_show_it() -> None:
    entry = turnable("depth", body="{{ cold.loss.last | num }}")
    own = measured(entry, (WARM, COLD | {"loss": {"last": 0.5}}))
    tried, _ = trials(entry, Allowance())
    [changed] = measured(entry, (WARM, COLD))
    [problem] = check_trials(entry, own, [(trial, changed) for trial in tried])
    assert len(tried) == 2
    assert problem.message.startswith(f"body, with {tried[0].words} or with {tried[1].words}: ")


def test_a_text_that_is_wrong_anyway_is_not_reported_again() -> None:
    entry = turnable("depth", body="{{ cold.lost }}")
    tried, _ = trials(entry, Allowance())
    own = measured(entry)
    assert check_trials(entry, own, [(tried[0], own[0])]) == []


def test_a_knob_that_does_not_exist_is_left_to_the_check_of_the_structure() -> None:
    assert trials(turnable("dpeth"), Allowance()) == ([], [])
    assert trials(replace(sample(), simulations=()), Allowance()) == ([], [])
