"""Many short runs in few jobs: a process of its own costs more than many a run."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.jobs.asker import Asker
from bot.jobs.errors import JobCancelled, JobError
from bot.jobs.job import Job
from bot.jobs.quotas import TooManyRequests
from bot.jobs.status import OnStatus
from bot.laboratory import Laboratory, Run, measurements
from sim.cost import estimate
from sim.measurements import Measurements
from sim.request import request

_BATCH_SECONDS = 0.75
"""Of the reference machine: short enough that two slots end at about the same time."""

Found = Measurements | JobError
"""What a run found, or how it ended."""


def batches(runs: Sequence[Run], groups: Sequence[object]) -> list[list[int]]:
    """Put runs into batches of those that follow each other and belong to one group.

    Neither the machine nor its load decides on them, so that their results are found again.

    Args:
        runs: what is to be run.
        groups: of each run.

    Returns:
        The places of the runs in each batch.
    """
    found: list[list[int]] = []
    for _, places in groupby(range(len(runs)), key=lambda place: groups[place]):
        found += _split(runs, places)
    return found


def seconds(runs: Sequence[Run], laboratory: Laboratory) -> float:
    """Say how long runs are expected to take one after the other."""
    return sum(estimate(run.experiment, run.specs, laboratory.machine).seconds for run in runs)


async def measure(
    runs: Sequence[Run], laboratory: Laboratory, asker: Asker, on_status: OnStatus
) -> list[Found]:
    """Run a batch for its numbers; if it does not end well, each run alone, to know which it was.

    Raises:
        JobCancelled: it is no fault of the runs.
        TooManyRequests: likewise.
    """
    if len(runs) > 1:
        try:
            return list(await _together(runs, laboratory, asker, on_status))
        except (JobCancelled, TooManyRequests):
            raise
        except JobError:
            pass
    return [await _alone(run, laboratory, asker, on_status) for run in runs]


async def _together(
    runs: Sequence[Run], laboratory: Laboratory, asker: Asker, on_status: OnStatus
) -> Iterable[Measurements]:
    job = Job(
        task="measure-all",
        request={"runs": [request(run.experiment, run.specs, []) for run in runs]},
        limits=laboratory.limits,
        seconds=seconds(runs, laboratory),
        lasting=all(run.lasting for run in runs),
    )
    result = await laboratory.jobs.run(job, asker, on_status)
    return map(Measurements.from_json, result.data["measurements"])


async def _alone(run: Run, laboratory: Laboratory, asker: Asker, on_status: OnStatus) -> Found:
    try:
        [result] = await laboratory.run([run], asker, on_status)
    except (JobCancelled, TooManyRequests):
        raise
    except JobError as error:
        return error
    return measurements(result)


def _split(runs: Sequence[Run], places: Iterable[int]) -> list[list[int]]:
    """Begin a new batch where the next run would make one too long."""
    found: list[list[int]] = []
    room = 0.0
    for place in places:
        needed = estimate(runs[place].experiment, runs[place].specs).seconds
        if found and needed <= room:
            found[-1].append(place)
        else:
            found.append([place])
            room = _BATCH_SECONDS
        room -= needed
    return found
