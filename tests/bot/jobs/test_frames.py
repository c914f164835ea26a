"""What the bot makes of bytes on a job's pipe that are no message."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pytest

from bot.jobs import launch
from bot.jobs.errors import JobCrashed
from bot.jobs.job import Job
from bot.jobs.supervise import Supervisor


@pytest.mark.parametrize("frame", [b"", b"X{}", b"R{}", b"P[1]", b"Pnot json", b'F{"trouble": "unheard of"}'])
def test_what_is_no_message_is_a_crash_and_no_error_of_python(
    frame: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def launch_junk(
        _entry: Callable[[Connection, bytes], None], _message: bytes
    ) -> tuple[BaseProcess, Connection]:
        receiver, sender = multiprocessing.Pipe(duplex=False)
        with sender:
            sender.send_bytes(frame)
        process = multiprocessing.get_context("spawn").Process(target=print)
        process.start()
        return process, receiver

    monkeypatch.setattr(launch, "launch", launch_junk)
    with pytest.raises(JobCrashed, match="The run crashed"):
        Supervisor(Job(task="measure", request={}), {}, lambda _: None).run()
