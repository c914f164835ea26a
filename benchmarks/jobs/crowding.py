"""300 people at the real service, on this machine's engine or on the pool; run apart."""

import asyncio
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import cast

from answers.matching import Matcher
from answers.matching.glossary import load_glossary
from benchmarks.jobs import lag
from benchmarks.jobs.crowd_requests import WITHIN_SECONDS, Asking, crowd
from benchmarks.jobs.pool import PoolJobs
from benchmarks.jobs.watched_engine import Found, Watched, key_of
from bot import config
from bot.cli.session import load_catalog
from bot.jobs.asker import Asker
from bot.jobs.cache import FileCache
from bot.jobs.job import Job, Result
from bot.jobs.local import LocalEngine
from bot.jobs.service import JobService
from bot.jobs.status import OnStatus, Queued, Running, Status, ignore
from bot.jobs.tasks import TASKS
from bot.laboratory import Laboratory
from bot.service import Service
from bot.warming import warm
from sim.cost import this_machine

SLOTS = 2
_SEED = 1
_MOST_SECONDS = 130.0


@dataclass(slots=True, kw_only=True)
class Served:
    """What became of one request; times are seconds since the first could be made."""

    asking: Asking
    began: float
    ended: float = float("inf")
    error: str = ""
    jobs: list[str] = field(default_factory=list[str])
    """The keys of its jobs."""
    promised: float | None = None
    """When it was first said to begin."""
    told: float | None = None
    """When that was said."""
    runs: float | None = None
    """When it was first said to run."""


class _Noting:
    """Notes which jobs each request needs, on their way to somebody's jobs."""

    def __init__(self, jobs: JobService) -> None:
        self._jobs = jobs
        self.asked: dict[Asker, list[str]] = {}

    @property
    def engine(self) -> object:
        return self._jobs.engine

    async def start(self) -> None:
        await self._jobs.start()

    async def run(self, job: Job, asker: Asker, on_status: OnStatus = ignore) -> Result:
        self.asked.setdefault(asker, []).append(key_of(job))
        return await self._jobs.run(job, asker, on_status)


async def measure(on: str) -> Found:
    """Warm the answers, let the crowd in, and wait until it is served."""
    settings = config.load({})
    with tempfile.TemporaryDirectory() as folder:
        cache = FileCache(Path(folder, "results.sqlite3"))
        if on == "pool":
            pool = PoolJobs(SLOTS, TASKS, cache)
            jobs, spans = cast("JobService", pool), pool.spans
            await pool.start()
        else:
            engine = Watched(LocalEngine(SLOTS))
            jobs, spans = JobService(engine, cache, quotas=settings.quotas), engine.spans
            await jobs.start()
        noting = _Noting(jobs)
        catalog = load_catalog(settings)
        matcher = Matcher(catalog, glossary=load_glossary(settings.answers))
        laboratory = Laboratory(
            jobs=cast("JobService", noting),
            limits=settings.limits,
            machine=await asyncio.to_thread(this_machine),
        )
        service = Service(catalog=catalog, matcher=matcher, laboratory=laboratory)
        matcher.warm()
        await _warm(service, on)
        spans.clear()
        noting.asked.clear()
        people = crowd(service, _SEED)
        found = await _serve(service, noting, people)
        await jobs.aclose()
    start = found.pop("start")
    return {
        **found,
        "spans": [
            {**asdict(span), "began": span.began - start, "ended": span.ended - start} for span in spans
        ],
    }


async def _warm(service: Service, on: str) -> None:
    if on != "pool":
        await warm(service.catalog, service.laboratory)
        return
    for entry in service.catalog:
        await service.answer(entry, "")


async def _serve(service: Service, noting: _Noting, people: list[Asking]) -> Found:
    start = time.perf_counter()

    def clock() -> float:
        return time.perf_counter() - start

    served: list[Served] = []

    async def one(asking: Asking) -> None:
        await asyncio.sleep(asking.at - clock())
        asker = Asker(person=asking.person, place="a server")
        own = Served(asking=asking, began=clock())
        served.append(own)

        def hear(status: Status) -> None:
            if isinstance(status, Queued) and own.promised is None and own.runs is None:
                own.told, own.promised = clock(), clock() + status.seconds
            if isinstance(status, Running) and own.runs is None:
                own.runs = clock()

        try:
            if asking.experiment is None:
                await service.ask(asking.text, asker=asker, on_status=hear)
            else:
                await service.simulate(asking.text, experiment=asking.experiment, asker=asker, on_status=hear)
            own.ended = clock()
        except Exception as error:  # noqa: BLE001  to be shown
            own.error = f"{type(error).__name__}: {error}"
        own.jobs = noting.asked.get(asker, [])

    async with lag.watched() as late:
        used = time.process_time()
        tasks = [asyncio.create_task(one(asking)) for asking in people]
        await asyncio.wait(tasks, timeout=WITHIN_SECONDS)
        used = time.process_time() - used
        rush = len(late)  # afterwards nobody asks, and the loop has little to do
        await asyncio.wait(tasks, timeout=_MOST_SECONDS)
        left = [task for task in tasks if not task.done()]
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)
    return {
        "served": [asdict(own) for own in served],
        "late": late[:rush],
        "late_afterwards": late[rush:],
        "seconds": clock(),
        "processor": used,
        "start": start,
    }
