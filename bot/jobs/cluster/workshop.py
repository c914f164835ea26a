"""The plugin of a worker that runs jobs, and kills those that nobody wants any more."""

import threading
from collections.abc import Mapping
from typing import Any

from distributed import Worker, WorkerPlugin

from bot.jobs.cluster import wire
from bot.jobs.cluster.names import PLUGIN, TOPIC
from bot.jobs.cluster.wire import Errand
from bot.jobs.errors import JobCancelled, JobError, JobFailed
from bot.jobs.job import Progress
from bot.jobs.supervise import Supervisor


class Workshop(WorkerPlugin):
    """Runs jobs in processes of their own; a worker's threads call `carry_out`, its event loop the rest."""

    name = PLUGIN

    def __init__(self, worker: Worker, tasks: Mapping[str, str], code: str) -> None:
        self._worker = worker
        self._tasks = dict(tasks)
        self._code = code
        self._tickets: dict[object, _Ticket] = {}

    def transition(self, key: object, start: str, finish: str, **_: Any) -> None:
        """Follow which jobs are to run: dask itself cannot end a task that runs."""
        if finish == "executing":
            self._tickets[key] = _Ticket()
        elif start == "executing" and (ticket := self._tickets.pop(key, None)):
            ticket.stop()  # nothing happens where it ended by itself

    def teardown(self, worker: Worker) -> None:
        """Kill everything: the worker is leaving, and the scheduler gives its jobs to others."""
        del worker
        for ticket in list(self._tickets.values()):
            ticket.stop()

    def carry_out(self, key: object, packed: bytes) -> bytes:
        """Run a job to its end, and return the packed answer."""
        errand = Errand.unpack(packed)
        job = errand.job
        if errand.code != self._code:
            return wire.pack_again(f"it runs version {self._code} of the code, not {errand.code}")
        if job.task not in self._tasks:
            return wire.pack_error(
                JobFailed("LookupError", f"{job.task!r} is not on the worker's allow-list of tasks")
            )
        ticket = self._tickets.get(key)
        if ticket is None:
            return wire.pack_again("it was told to drop the job before it began")

        def report(progress: Progress) -> None:
            message = {"key": key, "fraction": progress.fraction, "text": progress.text}
            self._worker.log_event(TOPIC, message)

        supervisor = Supervisor(job, self._tasks, report)
        ticket.hold(supervisor)
        try:
            return wire.pack_result(supervisor.run())
        except JobCancelled:
            return wire.pack_again("it was told to drop the job")
        except JobError as error:
            return wire.pack_error(error)


class _Ticket:
    """The right of one job to run, which may be lost before its thread has begun."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._supervisor: Supervisor | None = None
        self._stopped = False

    def hold(self, supervisor: Supervisor) -> None:
        with self._lock:
            self._supervisor = supervisor
            if self._stopped:
                supervisor.stop(JobCancelled.by_asker())

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._supervisor is not None:
                self._supervisor.stop(JobCancelled.by_asker())
