"""The engine for many machines."""

import asyncio
import logging
import traceback
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import uuid4

from distributed import CancelledError as Dropped
from distributed import KilledWorker
from distributed.client import ClosedClientError

from bot.errors import ConfigurationError
from bot.jobs.cluster.client import DaskClient
from bot.jobs.cluster.code import code_version
from bot.jobs.cluster.crew import Crew, read_crew
from bot.jobs.cluster.link import CONNECT_SECONDS, Link
from bot.jobs.cluster.names import PREFIX, slots_of
from bot.jobs.cluster.security import SCHEDULER, TlsFiles, require_trusted
from bot.jobs.cluster.task import carry_out
from bot.jobs.cluster.wire import Again, Errand, unpack_answer
from bot.jobs.errors import JobCancelled, JobCrashed, JobError, JobFailed
from bot.jobs.job import Engine, Job, OnProgress, Progress, Result
from bot.jobs.key import content_key
from bot.jobs.tasks import TASKS

_ATTEMPTS = 5
"""How often a job is begun that ended for no reason of its own: its worker or the scheduler went away."""

GRACE_SECONDS = 60.0
"""How much longer than twice its own limit a job may stay without an answer."""

_log = logging.getLogger(__name__)


class DaskEngine(Engine):
    """Runs jobs on the workers of a dask scheduler, each in a process of its own there.

    `start` it before the first job and `aclose` it after the last, in the same event loop.
    """

    def __init__(
        self, scheduler: str, files: TlsFiles | None = None, *, tasks: Collection[str] = TASKS
    ) -> None:
        require_trusted(scheduler, files)
        self.capacity = 1
        self._code = code_version()
        self.build = f"code {self._code} on no worker yet"
        self._scheduler = scheduler
        self._tasks = frozenset(tasks)
        self._crew = Crew()
        self._link = Link(scheduler, files, self._count, self._hear)
        self._listeners: defaultdict[str, list[OnProgress]] = defaultdict(list)
        self._jobs: set[asyncio.Task[Result]] = set()
        self._answers: set[asyncio.Future[bytes]] = set()
        self._closed = False
        _leave_logging_to_the_bot()

    async def start(self) -> None:
        """Connect to the scheduler and count its workers.

        Raises:
            ConfigurationError: If it does not answer.
        """
        try:
            await self._link.open()
        except (OSError, ImportError) as error:
            raise ConfigurationError(
                f"{SCHEDULER} names a scheduler that lets the bot in; {self._scheduler} did not within "
                f"{CONNECT_SECONDS:g} s ({error}); start it, or correct the address or the certificates "
                "(docs/cluster.md)."
            ) from None
        if not self._crew.slots:
            _log.warning(
                "The scheduler %s has no worker for this bot yet; jobs wait for one", self._scheduler
            )

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        """Run a job on whichever worker is free; cancelling the awaiting task kills it.

        Args:
            job: What to run.
            on_progress: Called in the event loop, at most ten times a second, never after the job's end.

        Raises:
            JobError: Its message is the sentence for the person who asked.
        """
        if job.task not in self._tasks:
            raise JobFailed("LookupError", f"{job.task!r} is not on the allow-list of tasks")
        if self._closed:
            raise JobCancelled.by_shutdown()
        work = asyncio.create_task(self._within_bounds(job, on_progress))
        self._jobs.add(work)
        try:
            return await work
        except asyncio.CancelledError:
            asker = asyncio.current_task()
            if self._closed and not (asker and asker.cancelling()):
                raise JobCancelled.by_shutdown() from None
            raise
        finally:
            self._jobs.discard(work)

    async def aclose(self) -> None:
        """Kill what runs, turn away what waits, and leave the scheduler."""
        self._closed = True
        jobs = list(self._jobs)
        for work in jobs:
            work.cancel()
        if jobs:
            await asyncio.wait(jobs)
        await self._link.aclose()
        for answer in self._answers:
            answer.cancel()
        if self._answers:
            await asyncio.wait(self._answers)

    async def _within_bounds(self, job: Job, on_progress: OnProgress) -> Result:
        """Give up on a cluster that does not answer: a worker keeps to the job's own limit by itself."""
        patience = 2 * job.limits.wall_seconds + GRACE_SECONDS
        try:
            async with asyncio.timeout(patience):
                return await self._persevere(job, on_progress)
        except TimeoutError:
            raise JobCrashed(
                f"No computer of the cluster answered for {patience:g} s; ask again in a few minutes."
            ) from None

    async def _persevere(self, job: Job, on_progress: OnProgress) -> Result:
        """Begin anew wherever the job did not come to an end of its own."""
        errand = Errand(code=self._code, job=job).pack()
        key = _key(job, self._code)
        name = key
        for _ in range(_ATTEMPTS):
            client = await self._link.client()
            try:
                return unpack_answer(await self._answer(client, name, errand, on_progress))
            except JobError:
                raise
            except (Again, Dropped, ClosedClientError, OSError) as error:
                _log.info("A job is begun again, because its run was lost: %s", error)
            except KilledWorker:
                raise JobCrashed(
                    "The run crashed (one computer after the other that ran it died); "
                    "tell the course team, or ask for something smaller."
                ) from None
            except Exception as error:
                raise JobFailed(type(error).__name__, str(error), traceback.format_exc()) from error
            name = f"{key}-{uuid4().hex}"  # what is left of the lost run must not answer
        raise JobCrashed.by(None)

    async def _answer(self, client: DaskClient, key: str, errand: bytes, on_progress: OnProgress) -> bytes:
        """Have a worker carry out an errand; when nobody waits for it any more, the scheduler drops it."""
        # The key is the same in every bot that wants the same: the scheduler then runs one job for all.
        future = client.submit(carry_out, errand, key=key, resources={slots_of(self._code): 1})
        # dask fetches several answers in one go, and cancelling one who waits for it would cancel it for all.
        answer = asyncio.ensure_future(future.result())
        self._answers.add(answer)
        answer.add_done_callback(self._forget)
        self._listeners[key].append(on_progress)
        try:
            return await asyncio.shield(answer)
        finally:
            self._listeners[key].remove(on_progress)
            if not self._listeners[key]:
                del self._listeners[key]
            future.release()

    def _forget(self, answer: asyncio.Future[bytes]) -> None:
        self._answers.discard(answer)
        if not answer.cancelled():
            answer.exception()  # seen, so that asyncio does not log it

    def _hear(self, message: Mapping[str, Any]) -> None:
        progress = Progress(fraction=message["fraction"], text=message["text"])
        for on_progress in tuple(self._listeners.get(message["key"], ())):
            on_progress(progress)

    def _count(self, identity: Mapping[str, Any]) -> None:
        crew = read_crew(identity, self._code)
        if crew.strangers - self._crew.strangers:
            _log.warning(
                "These workers get no jobs, because they run another version than the bot's (%s), or were "
                "started without --preload bot.jobs.cluster.worker: %s",
                self._code,
                ", ".join(sorted(crew.strangers)),
            )
        if crew.slots != self._crew.slots:
            _log.info("The cluster has %d slots", crew.slots)
        if len(crew.builds) > 1 and crew.builds != self._crew.builds:
            _log.warning("Last digits depend on the worker, since these differ: %s", crew.build)
        self._crew = crew
        self.capacity = max(1, crew.slots)
        if crew.builds:
            self.build = crew.build


def _key(job: Job, code: str) -> str:
    limits = job.limits  # in the key, because they decide on how the job fails
    return "-".join(
        [
            PREFIX,
            content_key(job, code),
            *(f"{limit:g}" for limit in (limits.wall_seconds, limits.memory_mb, limits.output_bytes)),
        ]
    )


def _leave_logging_to_the_bot() -> None:
    """Undo what importing dask.distributed does: handlers of its own, and talk about everything."""
    for name in ("distributed", "distributed.client", "distributed.gc", "tornado", "tornado.application"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(max(logger.level, logging.WARNING))
