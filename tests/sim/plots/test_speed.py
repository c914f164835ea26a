"""The card of `speed`: what was seen where no growth is known, and how many steps this machine takes."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from plot_samples import measured, plateau

from sim.measurements import Array, Measurements, Series
from sim.plots import speed
from sim.plots.dealing import deal
from sim.plots.theme import DARK


def with_steps(steps: Array, **facts: Any) -> Measurements:
    """Return networks of which no growth per layer is known."""
    variant = plateau(steps.shape[1]).variants[0]
    nothing = {"growth_per_layer": None, "layers_bought": {"10": None, "100": None}, "budget": 1000}
    series = {**variant.series, "steps": Series(axes=("replica", "depth"), values=steps)}
    return measured("speed", replace(variant, series=series, facts={**variant.facts, **nothing, **facts}))


def with_facts(**facts: Any) -> Measurements:
    variant = plateau().variants[0]
    return measured("speed", replace(variant, facts={**variant.facts, **facts}))


NEVER = np.nan


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([[NEVER, NEVER]], "Not one depth starts to learn in time"),
        ([[5.0, 90.0, NEVER]], "Deeper than 2 layers, it never starts to learn"),
        ([[5.0]], "1 layer: learning starts after 5 steps"),
        ([[5.0, 90.0]], "1–2 layers: learning starts after 5–90 steps"),
        ([[7.0, 7.0]], "1–2 layers: learning starts after 7 steps"),
        ([[NEVER, 90.0]], "2 layers: learning starts after 90 steps"),
        ([[40.0, 60.0, 90.0], [45.0, 60.0, 30.0]], "No clear growth: seeds differ more than depths"),
        ([[40.0, 10.0, 90.0]], "No clear growth with depth"),
    ],
)
def test_without_a_growth_the_title_says_what_was_seen(steps: list[list[float]], expected: str) -> None:
    measurements = with_steps(np.array(steps))
    assert speed.title(measurements) == expected
    assert "more for each layer" not in speed.alt(measurements)
    assert "faster machine" not in speed.alt(measurements)
    assert "faster machine" not in " ".join(words(measurements))


def words(measurements: Measurements) -> list[str]:
    """Return the lines of all labels of a card."""
    (part,) = deal(measurements)
    card = speed.compose(part, DARK)
    return ["".join(run.text for run in row.runs) for label in card.labels for row in label.rows]


PACES = {"one_thread": 12_345.6, "all_threads": 812.4, "cuda": 7.06}


def test_every_pace_that_was_measured_is_on_the_card_and_in_its_description() -> None:
    measurements = with_facts(steps_per_second=PACES, threads_all=16, cuda_name="Imaginary 1")
    assert {"1 thread: 12,000 steps/s", "16 threads: 810 steps/s", "GPU: 7.1 steps/s"} <= set(
        words(measurements)
    )
    said = (
        "in a second it takes as many as 12,000 on 1 thread, 810 on 16 threads, 7.1 on a GPU (Imaginary 1)."
    )
    assert said in speed.alt(measurements)


def test_what_was_not_measured_is_not_claimed() -> None:
    paces = {"one_thread": 500.0, "all_threads": None, "cuda": None}
    measurements = with_facts(steps_per_second=paces, threads_all=4)
    found = words(measurements)
    assert "4 threads: cores are busy" in found
    assert not any("GPU" in line for line in found)
    assert "4 threads had to wait for busy cores" in speed.alt(measurements)


def test_a_lone_thread_is_told_once() -> None:
    paces = {"one_thread": 500.0, "all_threads": 500.0, "cuda": None}
    found = words(with_facts(steps_per_second=paces, threads_all=1))
    assert [line for line in found if "thread" in line] == ["1 thread: 500 steps/s"]


def test_measurements_of_before_have_a_card_too() -> None:
    variant = plateau().variants[0]
    facts = {key: value for key, value in variant.facts.items() if "second" not in key}
    measurements = measured("speed", replace(variant, facts=facts))
    assert not any("steps/s" in line for line in words(measurements))
    assert "One step of the deepest network" not in speed.alt(measurements)
