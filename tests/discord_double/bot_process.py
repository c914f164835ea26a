"""The real command `backchat run` in a process of its own, with a double for Discord."""

# The timeouts are part of the interface: every wait of a test says how long it may last.
# ruff: noqa: ASYNC109

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import components
from .ids import APPLICATION_ID

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from .handles import Sent
    from .payloads import Json
    from .server import DiscordDouble

CANCEL = "backchat:1:cancel:"

_RUN = "8x64 data=blobs lr=0.1 seeds=8 steps="
SHORT, MEDIUM, LONG = f"{_RUN}800", f"{_RUN}3000", f"{_RUN}20000"
"""Runs of about a second, of a few, and of so long that nobody waits for its end."""


class BotProcess:
    """A bot that runs from `async with` to its end; what it keeps in its folder outlives it."""

    process: asyncio.subprocess.Process

    def __init__(self, folder: Path, double: DiscordDouble, **environment: str) -> None:
        self.double = double
        self.folder = folder
        self.log = folder / "log.txt"
        self._environment = os.environ | {
            "BACKCHAT_DISCORD_API": double.api,
            "DISCORD_TOKEN": double.token,
            "BACKCHAT_DATA": str(folder / "data"),
            # Nobody's jobs would only take time from those that a test is about.
            "BACKCHAT_WARMING": "false",
            # Tests ask faster than people.
            "BACKCHAT_PERSON_PER_MINUTE": "100000",
            **environment,
        }

    async def __aenter__(self) -> Self:
        known = self.double.sessions["IDENTIFY"]
        script = Path(sys.executable).with_name("backchat")
        with self.log.open("ab") as stream:
            self.process = await asyncio.create_subprocess_exec(
                str(script), "run", env=self._environment, cwd=self.folder, stdout=stream, stderr=stream
            )
        ended = asyncio.create_task(self.process.wait())
        there = asyncio.create_task(
            self.double.until(lambda: self.double.sessions["IDENTIFY"] > known, timeout=60)
        )
        await asyncio.wait({ended, there}, return_when=asyncio.FIRST_COMPLETED)
        if not there.done():
            there.cancel()
            raise RuntimeError(f"the bot ended with {ended.result()}: {self.said()[-1_000:]}")
        ended.cancel()
        await there
        await self.double.ready(timeout=60)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self.process.wait(), 30)
            except TimeoutError:
                await self.kill()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        self.process.send_signal(number)

    async def ended(self, timeout: float = 30) -> int:
        """Wait for the end and return the exit code."""
        return await asyncio.wait_for(self.process.wait(), timeout)

    async def kill(self) -> None:
        """End it without giving it time for anything, and let the double notice."""
        self.process.kill()
        await self.process.wait()
        await self.double.until(lambda: not self.double.sessions_open, wanted="the connection to end")

    @staticmethod
    def for_long_runs(folder: Path, double: DiscordDouble, jobs: int) -> BotProcess:
        """Return a bot that refuses no run for its length."""
        return BotProcess(folder, double, BACKCHAT_JOBS=str(jobs), BACKCHAT_JOB_SECONDS="600")

    @property
    def pending(self) -> list[Json]:
        """The requests that it notes as under way."""
        found: list[Json] = []
        for path in (self.folder / "data" / "pending").glob("*.json"):
            with contextlib.suppress(FileNotFoundError):  # answered meanwhile
                found.append(json.loads(path.read_text(encoding="utf-8")))
        return found

    async def settled(self, timeout: float = 20) -> None:
        """Wait until it notes no request as under way."""
        deadline = time.monotonic() + timeout
        while self.pending:
            if time.monotonic() > deadline:
                raise TimeoutError(f"still noted as under way: {[one['id'] for one in self.pending]}")
            await asyncio.sleep(0.05)

    async def says(self, words: str, timeout: float = 20) -> None:
        """Wait until its log holds these words."""
        deadline = time.monotonic() + timeout
        while words not in self.said():
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {timeout:g} s for {words!r} in the log")
            await asyncio.sleep(0.05)

    def said(self) -> str:
        """Return its log."""
        return self.log.read_text(encoding="utf-8")


def is_waiting(sent: Sent) -> bool:
    """Tell whether a message says to wait."""
    return any(id_.startswith(CANCEL) for id_ in sent.custom_ids)


def is_final(sent: Sent) -> bool:
    """Tell whether a message is an answer, or says why there is none."""
    return not is_waiting(sent)


def waiting_messages(double: DiscordDouble) -> list[Any]:
    """List the bot's messages that tell somebody to wait."""
    return [
        message
        for message in double.world.messages.values()
        if message["author"]["id"] == APPLICATION_ID
        and any(
            str(item.get("custom_id", "")).startswith(CANCEL)
            for item in components.walk(message["components"])
        )
    ]
