"""Whatever people do, in whatever order: it is acknowledged, allowed, and private where it should be."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest
from discord_double import DiscordDouble, Judge
from discord_double.bot_process import BotProcess
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from random_people import People

T = TypeVar("T")

KINDS = (
    ("command",) * 5 + ("press",) * 5 + ("typing", "typing", "submit", "submit", "mention", "whisper", "post")
)
RARE = ("delete", "reconnect")
_SETTINGS = settings(
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


class Stage:
    """One bot that goes on from example to example, in an event loop of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.restarts = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._stack = AsyncExitStack()
        self._thread.start()
        self.people: People = self.run(self._open())

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(120)

    async def _open(self) -> People:
        self.double = await self._stack.enter_async_context(DiscordDouble(judge=Judge.load_or_none()))
        return People(await self._stack.enter_async_context(BotProcess(self.folder, self.double)))

    async def restart(self) -> None:
        self.restarts += 1
        await self.people.bot.__aexit__(None, None, None)
        self.people.bot = await self._stack.enter_async_context(BotProcess(self.folder, self.double))

    def close(self) -> None:
        self.run(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


stage: Stage
most_restarts = 0


class Anything(RuleBasedStateMachine):
    @rule(kind=st.sampled_from(KINDS), number=st.integers(0, 2**32))
    def act(self, kind: str, number: int) -> None:
        self._do(kind, number)

    @rule(kind=st.sampled_from(RARE), number=st.integers(0, 2**32))
    def disturb(self, kind: str, number: int) -> None:
        self._do(kind, number)

    @precondition(lambda _: stage.restarts < most_restarts)
    @rule(number=st.integers(0, 9))
    def restart(self, number: int) -> None:
        if number == 0:
            stage.run(stage.restart())

    def _do(self, kind: str, number: int) -> None:
        stage.run(stage.people.act(kind, Random(number)))  # noqa: S311  a number is a test
        assert stage.double.problems() == []
        assert stage.people.bot.process.returncode is None

    def teardown(self) -> None:
        stage.run(stage.people.wait())
        assert stage.double.problems() == []
        for asked in stage.people.private:
            assert all(sent.ephemeral for sent in asked.first), asked.payload
        assert "Traceback" not in stage.people.bot.said()


@pytest.fixture
def on_stage(tmp_path: Path) -> Iterator[None]:
    global stage  # noqa: PLW0603  a state machine takes no arguments
    stage = Stage(tmp_path)
    yield
    stage.close()


@pytest.mark.usefixtures("on_stage")
@pytest.mark.long
def test_anything_for_a_short_time() -> None:
    run_state_machine_as_test(
        Anything, settings=settings(_SETTINGS, max_examples=4, stateful_step_count=25, derandomize=True)
    )


@pytest.mark.long
@pytest.mark.usefixtures("on_stage")
@pytest.mark.timeout(1_800)
def test_anything_for_a_long_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.most_restarts", 5)
    run_state_machine_as_test(Anything, settings=settings(_SETTINGS, max_examples=40, stateful_step_count=50))
