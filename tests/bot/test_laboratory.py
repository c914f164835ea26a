"""Experiments as jobs: what they cost, in which order, and what comes back."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from engines import Refusing, no_job

from answers.catalog import load
from answers.entry import Simulation
from bot.jobs.errors import JobTimedOut
from bot.jobs.job import Limits
from bot.jobs.service import JobService
from bot.laboratory import Laboratory, Run
from sim.cost import Machine
from sim.errors import TooExpensive


@pytest.fixture
def engine() -> Refusing:
    return Refusing()


@pytest.fixture
def laboratory(engine: Refusing) -> Laboratory:
    return Laboratory(jobs=JobService(engine), limits=Limits(wall_seconds=9))


async def test_a_job_says_how_long_it_is_expected_to_take(laboratory: Laboratory, engine: Refusing) -> None:
    short, long = (laboratory.require_simulation(f"20x64 steps={steps}") for steps in (2, 900))
    for run in (short, replace(short, theme="dark"), long):
        with pytest.raises(JobTimedOut):
            await laboratory.run([run])
    bare, drawn, trained = (job.seconds for job in engine.jobs)
    assert 0 < bare < drawn < bare + 0.5
    assert trained > 20 * bare


async def test_only_a_measured_pace_does_not_last(laboratory: Laboratory, engine: Refusing) -> None:
    for experiment in ("speed", "training"):
        with pytest.raises(JobTimedOut):
            await laboratory.run([laboratory.require_simulation("2x4 data=blobs steps=2", experiment)])
    assert [job.lasting for job in engine.jobs] == [False, True]


async def test_a_run_reads_what_an_answer_wants(laboratory: Laboratory, engine: Refusing) -> None:
    simulation = load().entries["what_is_vanishing"].simulations[0]
    with pytest.raises(JobTimedOut):
        await laboratory.run([Run.of(simulation, "light")])
    request = engine.jobs[0].request
    assert (request["experiment"], request["themes"]) == (simulation.experiment, ["light"])
    assert len(request["specs"]) == len(simulation.variants)


async def test_of_several_rounds_the_first_is_drawn_and_the_results_keep_their_places(
    laboratory: Laboratory, engine: Refusing, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulation = load().entries["what_is_vanishing"].simulations[0]
    first, second = replace(simulation, name="first"), replace(simulation, name="second")

    async def measure(_laboratory: Laboratory, one: Simulation, *, draw: bool) -> tuple[str, bool]:
        await asyncio.sleep(0.01 if one is first else 0)  # the later one is done sooner
        return one.name, draw

    monkeypatch.setattr(Laboratory, "measure", measure)
    with no_job(engine):
        found: Any = await laboratory.measure_rounds([[first, second], [second]])
    assert found == [[("first", True), ("second", True)], [("second", False)]]


async def test_a_job_that_fails_ends_all_rounds(laboratory: Laboratory) -> None:
    simulations = load().entries["what_is_vanishing"].simulations
    with pytest.raises(JobTimedOut, match="stopped after 9 s"):
        await laboratory.measure_rounds([simulations, simulations])


async def test_what_is_allowed_depends_on_the_machine_that_was_given(
    laboratory: Laboratory, engine: Refusing
) -> None:
    text = "20x64 steps=1500"
    slow, fast = (
        replace(laboratory, machine=Machine(arithmetic=speed, calls=speed), limits=Limits(wall_seconds=9))
        for speed in (0.25, 4.0)
    )
    assert fast.allowance.machine == Machine(arithmetic=4.0, calls=4.0)
    with no_job(engine), pytest.raises(TooExpensive):
        slow.require_simulation(text)
    with pytest.raises(JobTimedOut):
        await fast.run([fast.require_simulation(text)])
