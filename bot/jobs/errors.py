"""How a job can end badly; `str(error)` is one sentence for the person who asked.

JobError
 ├─ JobRefused          the task itself says what to change
 ├─ JobTimedOut         it ran past its wall clock
 │   └─ JobOutOfCpu     or, long before that, used up its processor time
 ├─ JobOutOfMemory      it, or the machine, had no memory left
 ├─ JobOutputTooLarge   its result, or a file that it wrote, was over the cap
 ├─ JobCrashed          its process died without a word
 ├─ JobFailed           a bug in the task
 └─ JobCancelled        the engine was closed while it ran or waited
"""

import signal
from typing import Self


class JobError(Exception):
    """A job that gave no result; the message says what to do next."""


class JobRefused(JobError):
    """The task raised a `SimulationError`, whose sentence this carries."""


class JobTimedOut(JobError):
    """The job used up its time."""

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Say how long it was allowed to run."""
        return cls(f"The run was stopped after {seconds:g} s; ask for fewer steps, layers or seeds.")


class JobOutOfCpu(JobTimedOut):
    """The job's threads and processes together used up its processor time before its wall clock."""

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Say how much processor time it was allowed to use."""
        return cls(f"The run used up {seconds:g} s of processor time; ask for fewer steps, layers or seeds.")


class JobOutOfMemory(JobError):
    """The job, or the machine under it, ran out of memory."""

    @classmethod
    def beyond(cls, memory_mb: int) -> Self:
        """Say how much the job was allowed to use."""
        return cls(
            f"The run needed more than {memory_mb} MB of memory; ask for fewer layers, units or seeds."
        )

    @classmethod
    def of_machine(cls) -> Self:
        """Say that the machine, not the job's own limit, gave out."""
        return cls(
            "The run was killed, most likely because the computer ran out of memory; ask again in a minute, "
            "or for fewer layers, units or seeds."
        )


class JobOutputTooLarge(JobError):
    """The job's result was over the cap."""

    @classmethod
    def beyond(cls, output_bytes: int) -> Self:
        """Say where the cap is."""
        size = f"{output_bytes / 2**20:.3g} MB" if output_bytes >= 2**20 else f"{output_bytes} bytes"
        return cls(f"The run produced more than {size} of results; ask for fewer layers, steps or plots.")

    @classmethod
    def on_disk(cls, file_bytes: int) -> Self:
        """Say how large a file may become while the job runs."""
        size = f"{file_bytes / 2**20:.3g} MB"
        return cls(f"The run wrote a file of more than {size}; ask for fewer layers, steps or plots.")


class JobCrashed(JobError):
    """The job's process died without a word."""

    @classmethod
    def by(cls, exit_code: int | None) -> Self:
        """Name the signal or exit code that it died of, where one is known."""
        if exit_code is None:
            cause = "its process was lost"
        elif -exit_code in set(signal.Signals):
            cause = signal.Signals(-exit_code).name
        else:
            cause = f"exit code {exit_code}"
        return cls(f"The run crashed ({cause}); ask again, and tell the course team if it happens twice.")


class JobFailed(JobError):
    """A bug in the task or around it: the details are for the log, not for the person who asked."""

    def __init__(self, exception_type: str, exception_text: str, trace: str = "") -> None:
        super().__init__(exception_type, exception_text, trace)
        self.exception_type = exception_type
        self.exception_text = exception_text
        self.trace = trace

    def __str__(self) -> str:
        return (
            "The run failed because of a mistake in the bot, not in what you asked; "
            "tell the course team, or try another question."
        )


class JobCancelled(JobError):
    """The job was killed, or never started, because nobody waits for it any more."""

    @classmethod
    def by_asker(cls) -> Self:
        """Say that the awaiting task was cancelled."""
        return cls("The run was cancelled before its end; ask again if you still want its result.")

    @classmethod
    def by_shutdown(cls) -> Self:
        """Say that the engine is being closed."""
        return cls("The bot is shutting down, so the run was stopped; ask again in a minute.")
