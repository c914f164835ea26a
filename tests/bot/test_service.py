"""The service: what it refuses before a job starts, and what it hands on."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from answers.catalog import load
from answers.matching import Matcher
from bot.errors import BadRequest
from bot.jobs.errors import JobTimedOut
from bot.jobs.job import Engine, Job, Limits, OnProgress, Result
from bot.reply import OfferReply, SilentReply
from bot.service import Service
from sim.errors import SpecError, TooExpensive


class Refusing(Engine):
    """An engine on which every job runs out of time."""

    capacity = 1

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    async def start(self) -> None:
        """Do nothing."""

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        del on_progress
        self.jobs.append(job)
        await asyncio.sleep(0)
        raise JobTimedOut.after(job.limits.wall_seconds)

    async def aclose(self) -> None:
        """Do nothing."""


@pytest.fixture
def engine() -> Refusing:
    return Refusing()


@pytest.fixture
def service(engine: Refusing) -> Service:
    catalog = load()
    return Service(catalog=catalog, matcher=Matcher(catalog), engine=engine, limits=Limits(wall_seconds=9))


@contextmanager
def no_job(engine: Refusing) -> Generator[None]:
    yield
    assert engine.jobs == []


async def test_nothing_runs_for_a_question_without_an_answer(service: Service, engine: Refusing) -> None:
    with no_job(engine):
        assert isinstance(await service.ask("when is lunch?"), SilentReply)
        assert isinstance(await service.ask("vanishing gradient"), OfferReply)
        with pytest.raises(BadRequest):
            await service.ask("  \n ")


async def test_nothing_runs_for_a_refused_configuration(service: Service, engine: Refusing) -> None:
    with no_job(engine):
        with pytest.raises(SpecError, match="did you mean 'sigmoid'"):
            await service.simulate("sigmod")
        with pytest.raises(SpecError, match="has at least one word; got none"):
            await service.simulate(" ")
        with pytest.raises(TooExpensive, match="the limit is 9 s"):
            await service.simulate("100x1024 steps=10000")


async def test_the_operators_limits_reach_the_job_and_its_error_the_asker(
    service: Service, engine: Refusing
) -> None:
    with pytest.raises(JobTimedOut, match="stopped after 9 s"):
        await service.simulate("3x8 vs relu he")
    assert engine.jobs[0].limits.wall_seconds == 9
    assert engine.jobs[0].request["experiment"] == "gradients"
    assert [spec["activation"] for spec in engine.jobs[0].request["specs"]] == ["sigmoid", "relu"]
