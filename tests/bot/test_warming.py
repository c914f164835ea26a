"""The answers' plots are computed before anybody asks, and give way to who asks."""

import asyncio

from engines import Refusing

from answers.catalog import Catalog, load
from answers.matching import Matcher
from bot.jobs.asker import Asker
from bot.jobs.errors import JobTimedOut
from bot.jobs.job import Engine, Job, Limits, OnProgress, Result
from bot.jobs.local import LocalEngine
from bot.jobs.service import JobService
from bot.laboratory import Laboratory, Run
from bot.service import Service
from bot.warming import in_demand, rehearse, warm


class Counting(Engine):
    """An engine that notes what it was asked for."""

    capacity = 2
    build = "any"

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.hold = asyncio.Event()
        self.hold.set()

    async def start(self) -> None:
        """Do nothing."""

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        del on_progress
        await self.hold.wait()
        self.jobs.append(job)
        if job.request["experiment"] == "collapse":
            raise JobTimedOut.after(1)
        return Result(data={}, files={})

    async def aclose(self) -> None:
        """Do nothing."""


def some(catalog: Catalog, *ids: str) -> Catalog:
    return Catalog(entries={id_: catalog.entries[id_] for id_ in ids})


def runs(catalog: Catalog) -> int:
    """Count what is worth preparing: not how fast the machine was."""
    return sum(one.experiment != "speed" for entry in catalog for one in entry.simulations)


async def test_every_run_of_every_answer_is_made_once_though_one_fails() -> None:
    catalog, engine = load(), Counting()
    jobs = JobService(engine)
    await warm(catalog, Laboratory(jobs=jobs, limits=Limits()))
    assert len(engine.jobs) == runs(catalog) > 50
    assert {tuple(job.request["themes"]) for job in engine.jobs} == {("dark",)}
    await jobs.aclose()


async def test_what_made_room_for_a_person_is_run_again() -> None:
    catalog, engine = some(load(), "sigmoid", "depth"), Counting()
    jobs = JobService(engine)
    laboratory = Laboratory(jobs=jobs, limits=Limits())
    engine.hold.clear()
    warming = asyncio.create_task(warm(catalog, laboratory))
    await asyncio.sleep(0.01)
    run = Run.of(load().entries["gpu"].simulations[0], "light")
    asked = asyncio.create_task(laboratory.run([run], Asker(person="ann")))
    await asyncio.sleep(0.01)
    engine.hold.set()
    await asked
    assert "light" in engine.jobs[0].request["themes"] or "light" in engine.jobs[1].request["themes"]
    await warming
    assert len(engine.jobs) == runs(catalog) + 1
    await jobs.aclose()


async def test_what_was_rehearsed_is_shown_at_once() -> None:
    catalog = some(load(), "what_is_vanishing")
    engine = LocalEngine(slots=2, preload=["bot.jobs.preload", "bot.jobs.child", "sim.tasks"])
    jobs = JobService(engine)
    await jobs.start()
    laboratory = Laboratory(jobs=jobs, limits=Limits())
    service = Service(catalog=catalog, matcher=Matcher(catalog, method="lexical"), laboratory=laboratory)
    await rehearse(service)
    entry = catalog.entries["what_is_vanishing"]
    assert service.recently.get(entry, "dark", engine.build) is not None
    assert service.recently.get(entry, "light", engine.build) is None
    await jobs.aclose()


async def test_what_cannot_be_shown_is_no_reason_to_stop() -> None:
    catalog, engine = some(load(), "sigmoid", "depth"), Refusing()
    jobs = JobService(engine)
    laboratory = Laboratory(jobs=jobs, limits=Limits())
    service = Service(catalog=catalog, matcher=Matcher(catalog, method="lexical"), laboratory=laboratory)
    await rehearse(service)
    assert len(engine.jobs) >= 2
    await jobs.aclose()


def test_the_answers_that_others_lead_to_come_first() -> None:
    catalog = load()
    order = in_demand(catalog)
    led_to = [sum(entry.id in other.related for other in catalog) for entry in order]
    assert led_to == sorted(led_to, reverse=True)
    assert len(order) == len(catalog)
