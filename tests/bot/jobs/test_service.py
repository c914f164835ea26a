"""Many people on one engine: turns, shared work, the cache, leaving, limits, and the end."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.jobs.asker import Asker
from bot.jobs.cache import Cache
from bot.jobs.errors import JobCancelled, JobFailed, JobRefused, JobTimedOut
from bot.jobs.job import Engine, Job, OnProgress, Progress, Result
from bot.jobs.quotas import Quotas, TooManyRequests
from bot.jobs.service import JobService, Load
from bot.jobs.status import Queued, Running, Status


@dataclass
class Started:
    """A job that runs on the hand-driven engine."""

    name: str
    on_progress: OnProgress
    end: asyncio.Future[Result]


class HandDriven(Engine):
    """An engine whose jobs go on when the test says so."""

    def __init__(self, capacity: int = 1) -> None:
        self.capacity = capacity
        self.build = "build 1"
        self.started: list[Started] = []
        self.killed: list[str] = []
        self.closed = False

    async def start(self) -> None:
        """Do nothing."""

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        running = sum(not one.end.done() for one in self.started)
        assert running < self.capacity, "a job was started without a slot"
        one = Started(job.request["name"], on_progress, asyncio.get_running_loop().create_future())
        self.started.append(one)
        try:
            return await one.end
        except asyncio.CancelledError:
            one.end.cancel()
            self.killed.append(one.name)
            raise

    async def aclose(self) -> None:
        self.closed = True

    @property
    def names(self) -> list[str]:
        return [one.name for one in self.started]

    def end(self, name: str, error: Exception | None = None) -> None:
        one = next(one for one in self.started if one.name == name and not one.end.done())
        if error:
            one.end.set_exception(error)
        else:
            one.end.set_result(Result(data={"name": name}, files={}))

    def report(self, name: str, fraction: float, text: str) -> None:
        one = next(one for one in self.started if one.name == name and not one.end.done())
        one.on_progress(Progress(fraction=fraction, text=text))


class Shelf(Cache):
    """A cache in memory, whose writing can be held up."""

    def __init__(self) -> None:
        self.results: dict[str, Result] = {}
        self.writable = asyncio.Event()
        self.writable.set()

    async def get(self, key: str) -> Result | None:
        await asyncio.sleep(0)
        return self.results.get(key)

    async def put(self, key: str, result: Result) -> None:
        await self.writable.wait()
        self.results[key] = result

    async def aclose(self) -> None:
        """Do nothing."""


@dataclass
class People:
    """A service, its engine, and what became of what people asked."""

    engine: HandDriven
    shelf: Shelf
    service: JobService
    now: list[float]
    seen: dict[str, list[Status]] = field(default_factory=dict[str, list[Status]])

    async def ask(self, name: str, person: str | None = None, **options: Any) -> asyncio.Task[Result]:
        """Ask for a job in a request of its own, and let it get as far as it can."""
        asker = options.pop("asker", None) or Asker(person=person, warming=options.pop("warming", False))
        job = Job(task="any", request={"name": name}, **options)
        seen = self.seen.setdefault(f"{person}: {name}", [])
        task = asyncio.create_task(self.service.run(job, asker, seen.append))
        await settle()
        return task


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
async def people(request: pytest.FixtureRequest) -> AsyncGenerator[People]:
    options = getattr(request, "param", {})
    engine, shelf = HandDriven(options.get("capacity", 1)), Shelf()
    now = [1000.0]
    service = JobService(engine, shelf, quotas=options.get("quotas"), clock=lambda: now[0])
    yield People(engine, shelf, service, now)
    await service.aclose()
    assert engine.closed
    assert service.load == Load(running=0, waiting=0)


def slots(capacity: int, **quotas: int) -> Any:
    options = {"capacity": capacity, "quotas": Quotas(**quotas)}
    return pytest.mark.parametrize("people", [options], indirect=True)


async def test_a_greedy_person_does_not_keep_others_from_their_turn(people: People) -> None:
    for number in range(3):
        await people.ask(f"g{number}", "greedy")
    await people.ask("a", "ann")
    await people.ask("b", "bob")
    for name in ("g0", "g1", "a", "b", "g2"):
        people.engine.end(name)
        await settle()
    # g1 stood in line before ann came.
    assert people.engine.names == ["g0", "g1", "a", "b", "g2"]


async def test_people_who_ask_the_same_share_one_job(people: People) -> None:
    first, second = await people.ask("same", "ann"), await people.ask("same", "bob")
    people.engine.report("same", 0.5, "half")
    third = await people.ask("same", "cid")
    people.engine.end("same")
    assert [(await one).data for one in (first, second, third)] == [{"name": "same"}] * 3
    assert people.engine.names == ["same"]
    for person in ("ann", "bob", "cid"):
        told = people.seen[f"{person}: same"][-1]
        assert isinstance(told, Running)
        assert (told.fraction, told.text) == (0.5, "half")


async def test_what_was_computed_comes_from_the_cache(people: People) -> None:
    first = await people.ask("once")
    people.engine.end("once")
    await first
    await settle()
    assert (await (await people.ask("once"))).data == {"name": "once"}
    assert people.engine.names == ["once"]
    people.engine.build = "build 2"
    await people.ask("once")
    assert people.engine.names == ["once", "once"]


async def test_what_does_not_last_is_computed_each_time_but_shared_meanwhile(people: People) -> None:
    first = await people.ask("pace", "ann", lasting=False)
    second = await people.ask("pace", "bob", lasting=False)
    people.engine.end("pace")
    assert (await first).data == (await second).data == {"name": "pace"}
    await settle()
    assert people.shelf.results == {}
    await people.ask("pace", "ann", lasting=False)
    assert people.engine.names == ["pace", "pace"]


async def test_what_is_being_stored_is_not_computed_again_and_keeps_no_slot(people: People) -> None:
    people.shelf.writable.clear()
    first = await people.ask("slow disk", "ann")
    people.engine.end("slow disk")
    assert (await first).data == {"name": "slow disk"}
    assert (await (await people.ask("slow disk", "bob"))).data == {"name": "slow disk"}
    await people.ask("next", "ann")
    assert people.engine.names == ["slow disk", "next"]
    people.shelf.writable.set()


async def test_a_run_that_was_lost_and_began_again_is_expected_anew(people: People) -> None:
    await people.ask("a", "ann", seconds=10)
    people.now[0] += 9
    people.engine.report("a", 0.9, "step 9")
    people.now[0] += 1
    people.engine.report("a", 0.0, "step 0")
    people.now[0] += 5
    people.engine.report("a", 0.5, "step 5")
    told = people.seen["ann: a"][-1]
    assert isinstance(told, Running)
    assert told.seconds == pytest.approx(5.0)


async def test_the_log_says_what_went_wrong_but_not_what_was_refused(
    people: People, caplog: pytest.LogCaptureFixture
) -> None:
    for name, error in (("slow", JobTimedOut.after(30)), ("odd", JobRefused("Ask for less."))):
        task = await people.ask(name, "ann")
        people.now[0] += 3
        people.engine.end(name, error)
        with pytest.raises(type(error)):
            await task
    [record] = caplog.records
    assert record.getMessage() == 'JobTimedOut after 3.0 s: any {"name": "slow"}'


async def test_a_failure_is_told_to_everybody_and_not_remembered(people: People) -> None:
    first, second = await people.ask("bad", "ann"), await people.ask("bad", "bob")
    people.engine.end("bad", JobTimedOut.after(30))
    for one in (first, second):
        with pytest.raises(JobTimedOut, match="stopped after 30 s"):
            await one
    again = await people.ask("bad", "ann")
    assert people.engine.names == ["bad", "bad"]
    people.engine.end("bad", RuntimeError("the engine has a bug"))
    with pytest.raises(JobFailed) as failed:
        await again
    assert failed.value.exception_text == "the engine has a bug"
    assert "RuntimeError" in failed.value.trace


async def test_the_last_to_leave_kills_the_job_and_frees_the_slot(people: People) -> None:
    first, second = await people.ask("same", "ann"), await people.ask("same", "bob")
    await people.ask("next", "cid")
    first.cancel()
    await settle()
    assert people.engine.killed == []
    second.cancel()
    await settle()
    assert people.engine.killed == ["same"]
    assert people.engine.names == ["same", "next"]


async def test_who_asks_for_a_job_that_is_being_killed_gets_a_new_one(people: People) -> None:
    first = await people.ask("again", "ann")
    first.cancel()
    second = await people.ask("again", "bob")
    people.engine.end("again")
    assert (await second).data == {"name": "again"}
    assert people.engine.killed == ["again"]


async def test_who_leaves_the_queue_is_forgotten(people: People) -> None:
    await people.ask("running", "ann")
    leaving = await people.ask("waiting", "bob")
    assert people.service.load == Load(running=1, waiting=1)
    leaving.cancel()
    await settle()
    assert people.service.load == Load(running=1, waiting=0)
    people.engine.end("running")
    await settle()
    assert people.engine.names == ["running"]


async def test_a_shared_job_in_the_queue_keeps_the_places_of_those_who_stay(people: People) -> None:
    await people.ask("running", "dan")
    leaving = await people.ask("shared", "ann")
    await people.ask("b", "bob")
    await people.ask("shared", "cid")
    leaving.cancel()
    for name in ("running", "b", "shared"):
        await settle()
        people.engine.end(name)
    assert people.engine.names == ["running", "b", "shared"]


async def test_those_who_wait_are_told_their_place_and_when(people: People) -> None:
    await people.ask("running", "ann", seconds=2)
    await people.ask("b", "bob", seconds=2)
    await people.ask("c", "cid", seconds=2)
    people.now[0] += 0.6
    people.service.announce()
    told = [people.seen[key][-1] for key in ("bob: b", "cid: c")]
    assert [isinstance(one, Queued) and one.ahead for one in told] == [0, 1]
    assert 1 < told[0].seconds < 2
    assert 3 < told[1].seconds < 4
    running = people.seen["ann: running"][-1]
    assert isinstance(running, Running)
    assert 1 < running.seconds < 2


async def test_a_listener_that_fails_harms_nobody(people: People, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: Status) -> None:
        raise ZeroDivisionError

    job = Job(task="any", request={"name": "watched"})
    watched = asyncio.create_task(people.service.run(job, Asker(), fail))
    await settle()
    people.engine.report("watched", 0.1, "going on")
    people.engine.end("watched")
    assert (await watched).data == {"name": "watched"}
    assert "ZeroDivisionError" in caplog.text


@slots(2)
async def test_long_jobs_leave_a_slot_to_quick_ones(people: People) -> None:
    await people.ask("long 1", "ann", seconds=20)
    await people.ask("long 2", "bob", seconds=20)
    await people.ask("quick", "cid")
    assert people.engine.names == ["long 1", "quick"]
    people.engine.end("long 1")
    await settle()
    assert people.engine.names == ["long 1", "quick", "long 2"]


@slots(8)
async def test_one_person_s_long_jobs_take_half_of_the_slots_at_most(people: People) -> None:
    for number in range(6):
        await people.ask(f"ann {number}", "ann", seconds=20)
    for number in range(4):
        await people.ask(f"bob {number}", "bob", seconds=20)
    assert people.engine.names == [f"ann {n}" for n in range(4)] + [f"bob {n}" for n in range(3)]


@slots(2)
async def test_a_command_of_nobody_in_particular_may_have_all_slots(people: People) -> None:
    for number in range(2):
        await people.ask(str(number), seconds=20)
    assert people.engine.names == ["0", "1"]


@slots(2)
async def test_warming_makes_room_for_people(people: People) -> None:
    warming = [await people.ask(f"w{number}", warming=True) for number in range(3)]
    assert people.engine.names == ["w0", "w1"]
    await people.ask("a", "ann")
    assert len(people.engine.killed) == 1
    assert people.engine.names == ["w0", "w1", "a"]
    killed = warming[int(people.engine.killed[0][1:])]
    with pytest.raises(JobCancelled, match="made room"):
        await killed
    people.engine.end("a")
    await settle()
    assert people.engine.names == ["w0", "w1", "a", "w2"]


async def test_what_somebody_waits_for_is_not_warming_any_more(people: People) -> None:
    warming = await people.ask("common", warming=True)
    asked = await people.ask("common", "ann")
    await people.ask("other", "bob")
    assert people.engine.killed == []
    people.engine.end("common")
    assert (await asked).data == (await warming).data == {"name": "common"}


async def test_a_waiting_warm_up_that_people_left_is_done_at_last(people: People) -> None:
    await people.ask("running", "ann")
    warming = await people.ask("common", warming=True)
    asked = await people.ask("common", "bob")
    asked.cancel()
    await people.ask("c", "cid")
    people.engine.end("running")
    await settle()
    people.engine.end("c")
    await settle()
    people.engine.end("common")
    assert (await warming).data == {"name": "common"}
    assert people.engine.names == ["running", "c", "common"]


@slots(1, per_person=2)
async def test_one_request_too_many_is_refused_but_not_what_is_remembered(people: People) -> None:
    first = await people.ask("known", "ann")
    people.engine.end("known")
    await first
    await settle()
    for number in range(2):
        await people.ask(str(number), "ann")
    with pytest.raises(TooManyRequests):
        await (await people.ask("too much", "ann"))
    assert (await (await people.ask("known", "ann"))).data == {"name": "known"}
    await people.ask("b", "bob")
    assert people.service.load == Load(running=1, waiting=2)


@slots(1, per_person=1)
async def test_a_request_of_many_jobs_is_one_request(people: People) -> None:
    asker = Asker(person="ann")
    for number in range(4):
        await people.ask(str(number), "ann", asker=asker)
    with pytest.raises(TooManyRequests):
        await (await people.ask("another", "ann"))
    assert people.service.load == Load(running=1, waiting=3)


async def test_when_the_engine_grows_those_who_wait_begin(people: People) -> None:
    await people.ask("a", "ann")
    await people.ask("b", "bob")
    people.engine.capacity = 2
    people.service.announce()
    await settle()
    assert people.engine.names == ["a", "b"]


@slots(2)
async def test_a_long_run_that_may_not_begin_does_not_chase_warming_away(people: People) -> None:
    for number in range(4):
        await people.ask(f"w{number}", warming=True)
    await people.ask("long 1", "ann", seconds=20)
    await people.ask("long 2", "bob", seconds=20)
    assert len(people.engine.killed) == 1  # for the first one
    people.engine.end("long 1")
    await settle()
    assert people.engine.names[-1] in {"long 2", "w2", "w3"}
    for number in range(3):
        await people.ask(f"q{number}", f"p{number}")
    assert "long 2" in people.engine.names
    assert [name for name in people.engine.names if name[0] == "q"] == ["q0"]
    for number in range(3):
        people.engine.end(f"q{number}")
        await settle()
    assert people.service.load.running == 2


@slots(4)
async def test_no_slot_is_lost_when_a_job_is_killed_before_its_first_step(people: People) -> None:
    for number in range(8):
        await people.ask(f"w{number}", warming=True)
    tasks = [
        asyncio.create_task(people.service.run(long(number), Asker(person="ann"))) for number in range(5)
    ]
    await settle()
    for task in tasks:
        task.cancel()
    await settle()
    for number in range(4):
        await people.ask(f"q{number}", f"p{number}")
    assert people.engine.names[-4:] == ["q0", "q1", "q2", "q3"]


def long(number: int) -> Job:
    return Job(task="any", request={"name": f"long {number}"}, seconds=20)


@slots(4)
async def test_who_leaves_a_shared_run_does_not_go_on_paying_for_it(people: People) -> None:
    shared = [await people.ask(f"s{number}", "ann", seconds=20) for number in range(2)]
    for number in range(2):
        await people.ask(f"s{number}", "bob", seconds=20)
    for task in shared:
        task.cancel()
    await people.ask("b", "bob", seconds=20)
    await people.ask("a", "ann", seconds=20)
    assert people.engine.names == ["s0", "s1", "a"]


async def test_who_asks_twice_and_cancels_once_keeps_the_place(people: People) -> None:
    await people.ask("running", "dan")
    await people.ask("a", "ann")
    again = await people.ask("a", "ann")
    await people.ask("b", "bob")
    again.cancel()
    for name in ("running", "a", "b"):
        await settle()
        people.engine.end(name)
    assert people.engine.names == ["running", "a", "b"]


async def test_what_machines_of_another_build_computed_is_not_remembered(people: People) -> None:
    first = await people.ask("moved", "ann")
    people.engine.build = "build 2"
    people.engine.end("moved")
    await first
    await settle()
    assert people.shelf.results == {}


async def test_a_cache_that_fails_harms_nobody(people: People, caplog: pytest.LogCaptureFixture) -> None:
    async def fail(_key: str, _result: Result) -> None:
        raise ValueError("the cache has a bug")

    people.shelf.put = fail  # type: ignore[method-assign]
    first = await people.ask("a", "ann")
    people.engine.end("a")
    await first
    await settle()
    assert "the cache has a bug" in caplog.text
    await people.ask("a", "ann")
    assert people.engine.names == ["a", "a"]


async def test_draining_keeps_what_is_being_stored(people: People) -> None:
    people.shelf.writable.clear()
    first = await people.ask("landed", "ann")
    people.engine.end("landed")
    await first
    draining = asyncio.create_task(people.service.drain(5))
    await settle()
    people.shelf.writable.set()
    await draining
    assert len(people.shelf.results) == 1


async def test_draining_tells_those_who_wait_and_lets_the_others_end(people: People) -> None:
    running, waiting = await people.ask("running", "ann"), await people.ask("waiting", "bob")
    draining = asyncio.create_task(people.service.drain(60))
    await settle()
    with pytest.raises(JobCancelled, match="shutting down"):
        await waiting
    with pytest.raises(JobCancelled, match="shutting down"):
        await (await people.ask("too late", "cid"))
    people.engine.end("running")
    assert (await running).data == {"name": "running"}
    await draining
    assert "running" in str(people.shelf.results.values())


@slots(2)
async def test_draining_kills_warming_at_once_and_others_when_time_is_up(people: People) -> None:
    running = await people.ask("running", "ann")
    await people.ask("warming", warming=True)
    draining = asyncio.create_task(people.service.drain(0.2))
    await settle()
    assert people.engine.killed == ["warming"]
    await draining
    with pytest.raises(JobCancelled, match="shutting down"):
        await running
    assert people.engine.killed == ["warming", "running"]
