"""What runs in a job's own process."""

import contextlib
import errno
import os
import sys
import time
import traceback
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

from bot.jobs import confine, cpu, environment, wire
from bot.jobs.job import Progress
from bot.jobs.tasks import resolve
from bot.jobs.wire import Failure, Order, Trouble
from sim.errors import SimulationError

_REPORT_EVERY_SECONDS = 0.1
_TEXT_LENGTH = 200
"""A progress message in characters: short enough for the pipe to take it whole."""

_FAILURE_LENGTH = 4000


def main(connection: Connection, packed: bytes) -> None:
    """Carry out one order and leave without looking back."""
    failure = _attempt(connection, packed)
    # Here the task's frames, and the memory they held, are gone.
    if failure is not None:
        _flush()
        with contextlib.suppress(OSError):  # the bot has hung up
            wire.send_failure(connection, failure)
    os._exit(0)  # skips the tear-down of torch, which has nothing to save


def preloaded(request: Mapping[str, Any], _report: object) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Say which of the modules named in the request this process was not born with: a task for `start`."""
    return {"missing": [name for name in request["modules"] if name not in sys.modules]}, {}


def _attempt(connection: Connection, packed: bytes) -> Failure | None:
    try:
        _work(connection, Order.unpack(packed))
    except BaseException as error:  # noqa: BLE001 whatever a task raises, SystemExit too, is the bot's to judge
        return _explain(error)
    return None


def _work(connection: Connection, order: Order) -> None:
    confine.confine(cpu.allowed_seconds(order.limits))
    # The forkserver never had secrets; a spawned process has, and a forkserver that replaced a dead one.
    environment.remove_secrets()
    os.environ.update(environment.ONE_THREAD)
    task = resolve(order.task, order.tasks)
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(1)
    confine.limit_memory(order.limits.memory_mb)  # only now: importing the task's libraries is not its doing
    data, files = task(order.request, _Reporter(connection))
    _flush()
    wire.send_result(connection, data, files, cap=order.limits.output_bytes)


class _Reporter:
    """What a task calls to say how far it is; calls in quick succession are dropped."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._next = 0.0

    def __call__(self, fraction: float, text: str) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _REPORT_EVERY_SECONDS
            clipped = min(1.0, max(0.0, float(fraction)))
            wire.send_progress(self._connection, Progress(fraction=clipped, text=text[:_TEXT_LENGTH]))


def _explain(error: BaseException) -> Failure:
    match error:
        case SimulationError():
            return Failure(trouble=Trouble.REFUSED, text=str(error)[:_FAILURE_LENGTH])
        case MemoryError():
            return Failure(trouble=Trouble.MEMORY)
        case RuntimeError() if _is_torch_out_of_memory(str(error)):
            return Failure(trouble=Trouble.MEMORY)
        case wire.ResultTooLargeError():
            return Failure(trouble=Trouble.TOO_LARGE)
        case OSError() if error.errno == errno.EFBIG:
            return Failure(trouble=Trouble.FILE_TOO_LARGE)
        case _:
            return Failure(
                trouble=Trouble.BUG,
                text="".join(traceback.format_exception_only(error)).strip()[:_FAILURE_LENGTH],
                exception_type=type(error).__name__,
                trace="".join(traceback.format_exception(error))[-_FAILURE_LENGTH:],
            )


def _is_torch_out_of_memory(text: str) -> bool:
    return "can't allocate memory" in text or "not enough memory" in text or "bad_alloc" in text


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # closed by the task, or a pipe without a reader
            stream.flush()
