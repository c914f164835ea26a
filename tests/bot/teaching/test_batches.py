"""Short runs share a process, find what they find alone, and one that fails is known by name."""

import json

from bot.jobs.asker import Asker
from bot.jobs.errors import JobFailed
from bot.jobs.job import Job
from bot.jobs.status import ignore
from bot.laboratory import Laboratory, Run
from bot.teaching.batches import Found, batches, measure, seconds
from sim.measurements import Measurements
from sim.spec import parse_variants


def small(seed: int, experiment: str = "gradients") -> Run:
    specs = parse_variants(f"depth=4 width=8 seeds=2 seed={seed}")
    return Run(experiment=experiment, specs=tuple(specs))


def numbers(found: Found) -> str:
    assert isinstance(found, Measurements)
    document = found.to_json()
    del document["provenance"]["seconds"]
    return json.dumps(document)  # in which NaN is like NaN


class Ran:
    """What the engine of these tests remembers."""

    jobs: list[Job]
    refusing: set[str]


def large() -> Run:
    return Run(experiment="training", specs=tuple(parse_variants("depth=30 width=64 seeds=16 steps=300")))


def test_a_batch_holds_short_runs_of_one_group_in_their_order() -> None:
    runs = [*map(small, range(6)), large(), small(6), small(7)]
    assert batches(runs, ["a"] * 3 + ["b"] * 6) == [[0, 1, 2], [3, 4, 5], [6], [7, 8]]
    assert batches([], []) == []


def test_no_batch_is_long(laboratory: Laboratory) -> None:
    runs = list(map(small, range(2_000)))
    found = batches(runs, ["a"] * len(runs))
    assert [place for batch in found for place in batch] == list(range(len(runs)))
    assert len(found) > 1
    assert all(seconds([runs[place] for place in batch], laboratory) < 1.5 for batch in found)


async def test_a_batch_is_one_job_and_finds_what_its_runs_find_alone(
    laboratory: Laboratory, engine: Ran
) -> None:
    runs = [small(3), small(4, "parameters"), small(3)]
    found = await measure(runs, laboratory, Asker(), ignore)
    assert [job.task for job in engine.jobs] == ["measure-all"]
    alone = [(await measure([run], laboratory, Asker(), ignore))[0] for run in runs]
    assert [job.task for job in engine.jobs[1:]] == ["measure"] * 2  # the third is remembered
    first, other, again = map(numbers, found)
    assert [first, other, again] == list(map(numbers, alone))
    assert first == again != other


async def test_of_a_batch_that_fails_the_good_runs_are_known(laboratory: Laboratory, engine: Ran) -> None:
    engine.refusing.add("parameters")
    good, bad, other = await measure(
        [small(3), small(4, "parameters"), small(5)], laboratory, Asker(), ignore
    )
    assert isinstance(good, Measurements)
    assert isinstance(bad, JobFailed)
    assert isinstance(other, Measurements)
    assert [job.task for job in engine.jobs] == ["measure-all"] + ["measure"] * 3
