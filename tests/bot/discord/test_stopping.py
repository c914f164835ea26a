"""However long anything takes, stopping has one end."""

import asyncio
import time
from typing import TYPE_CHECKING, cast

import pytest

from bot.discord import stopping
from bot.discord.stopping import leave

if TYPE_CHECKING:
    from bot.discord.requests import Requests
    from bot.jobs.service import JobService


class FakeJobs:
    """Jobs that are killed when their time is over and then are not gone for long."""

    def __init__(self, burial: float = 60.0) -> None:
        self.given_up = asyncio.Event()
        self.drained: list[float] = []
        self._burial = burial

    async def drain(self, seconds: float) -> None:
        self.drained.append(seconds)
        await asyncio.sleep(seconds)
        self.given_up.set()
        await asyncio.sleep(self._burial)


class FakeRequests:
    """Requests that are told `telling` seconds after the jobs were given up."""

    def __init__(self, jobs: FakeJobs, telling: float) -> None:
        self.closing = False
        self.told = False
        self._jobs = jobs
        self._telling = telling

    def __len__(self) -> int:
        return 1

    async def settle(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._jobs.given_up.wait()
                await asyncio.sleep(self._telling)
                self.told = True
        except TimeoutError:
            pass


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_SECONDS", 0.4)
    monkeypatch.setattr(stopping, "_RUNNING_SECONDS", 0.1)
    monkeypatch.setattr(stopping, "_FORCED_SECONDS", 0.2)


async def seconds_to_leave(requests: FakeRequests, jobs: FakeJobs, now: asyncio.Event) -> float:
    start = time.monotonic()
    await leave(cast("Requests", requests), cast("JobService", jobs), now)
    assert requests.closing
    return time.monotonic() - start


async def test_telling_begins_when_the_jobs_are_given_up_and_not_when_they_are_gone() -> None:
    jobs = FakeJobs()
    requests = FakeRequests(jobs, telling=0.05)
    assert 0.15 <= await seconds_to_leave(requests, jobs, asyncio.Event()) < 0.35
    assert requests.told


async def test_it_ends_in_time_though_nobody_can_be_told() -> None:
    jobs = FakeJobs()
    requests = FakeRequests(jobs, telling=60)
    assert 0.35 <= await seconds_to_leave(requests, jobs, asyncio.Event()) < 1
    assert not requests.told


async def test_a_second_signal_kills_at_once_and_still_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_RUNNING_SECONDS", 60.0)
    monkeypatch.setattr(stopping, "_SECONDS", 90.0)
    jobs = FakeJobs()
    requests = FakeRequests(jobs, telling=0.05)
    now = asyncio.Event()
    asyncio.get_running_loop().call_later(0.05, now.set)
    assert await seconds_to_leave(requests, jobs, now) < 0.5
    assert requests.told
    assert jobs.drained == [60.0, 0]


async def test_a_second_signal_has_an_end_too() -> None:
    jobs = FakeJobs()
    requests = FakeRequests(jobs, telling=60)
    now = asyncio.Event()
    now.set()
    assert await seconds_to_leave(requests, jobs, now) < 0.6
    assert not requests.told


async def test_a_run_and_its_telling_fit_into_twenty_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    given: list[float] = []
    jobs = FakeJobs()
    requests = FakeRequests(jobs, telling=0)

    async def settle(seconds: float) -> None:
        given.append(seconds)
        await asyncio.sleep(0)

    monkeypatch.setattr(requests, "settle", settle)
    await seconds_to_leave(requests, jobs, asyncio.Event())
    # One request to Discord may take five seconds.
    assert jobs.drained[0] + 5 <= given[0] < 20
