"""One job on its way to everybody who waits for it."""

import asyncio
import logging

from bot.jobs.asker import Asker, Priority
from bot.jobs.errors import JobCancelled, JobError
from bot.jobs.forecast import LONG_SECONDS
from bot.jobs.job import Job, Progress, Result
from bot.jobs.status import OnStatus, Status

_log = logging.getLogger(__name__)


class Flight:
    """A job, the people who wait for it, and how far it is."""

    def __init__(self, job: Job, key: str, expected: float) -> None:
        self.job = job
        self.key = key
        self.expected = expected
        self.long = expected > LONG_SECONDS
        self.waiting: dict[object, tuple[Asker, OnStatus]] = {}
        self.done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        # Nobody may be left to see how it ended.
        self.done.add_done_callback(lambda done: done.cancelled() or done.exception())
        self.task: asyncio.Task[Result] | None = None
        self.began = 0.0
        self.progress = Progress(fraction=0.0, text="")
        self.payer: object = None  # whose turn it took
        self.reason: JobError = JobCancelled.by_asker()
        """What those who wait are told if it is killed."""

    @property
    def warming(self) -> bool:
        """Whether nobody but the bot waits for it."""
        return all(asker.warming for asker, _ in self.waiting.values())

    @property
    def priority(self) -> Priority:
        """How urgent it is."""
        if self.warming:
            return Priority.WARMING
        return Priority.LONG if self.long else Priority.ANSWER

    def land(self, result: Result) -> None:
        """Hand out the result."""
        if not self.done.done():
            self.done.set_result(result)

    def fail(self, error: JobError) -> None:
        """Tell everybody why there is none."""
        if not self.done.done():
            self.done.set_exception(error)

    def kill(self, reason: JobError) -> None:
        """End it, wherever it is, and tell everybody why."""
        self.reason = reason
        self.fail(reason)
        if self.task is not None:
            self.task.cancel()

    def tell(self, status: Status) -> None:
        """Say where it stands, unless it has arrived."""
        if not self.done.done():
            for _, on_status in list(self.waiting.values()):
                try:
                    on_status(status)
                except Exception:  # noqa: BLE001  a front's mistake is not the job's
                    _log.exception("could not say where a job stands")
