"""One request from the asking to the answer, and what it leaves wherever it is cut short."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from pathlib import Path
from unittest.mock import AsyncMock, MagicMock

import discord
import pytest
from discord_double.fakes import FakeCourier, FakeDelivery, refusal

from bot.discord import delivery, progress, recovery, requests
from bot.discord.client import BackchatClient
from bot.discord.conversations import Conversations
from bot.discord.requests import Requests
from bot.jobs.errors import JobCancelled
from bot.jobs.status import Queued, Running, Status
from bot.pending import (
    Configuration,
    InteractionAddress,
    MessageAddress,
    Pending,
    PendingFolder,
    Question,
)
from bot.reply import RemarkReply
from bot.storage.guild_settings import GuildSettings

STUDENT, TOKEN = 5, "t"
ADDRESS = MessageAddress(channel=1, question=7)
Step = Callable[["World"], Awaitable[None]]


def asked(id_: int = 7, *, private: bool = False, attempts: int = 1, when: float | None = None) -> Pending:
    address = InteractionAddress(application=1, token=TOKEN, channel=1, private=True) if private else ADDRESS
    made = Pending(
        id=id_, user=STUDENT, guild=None, address=address, wanted=Question(text="?"), attempts=attempts
    )
    return made if when is None else made.model_copy(update={"when": when})


class World:
    """Requests with a service that answers when it is let, and a Discord that takes what it is let."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self.folder = PendingFolder(folder)
        self.delivery = FakeDelivery()
        self.courier = FakeCourier().as_courier()
        self.requests = Requests(AsyncMock(), self.folder, Conversations(), self.courier)
        self.working, self.may_work = asyncio.Event(), asyncio.Event()
        self.served: list[int] = []
        self.error: Exception | None = None
        self.status: Status = Queued(ahead=1, seconds=5.0)

    def delivery_of(self, _pending: Pending, _courier: object) -> FakeDelivery:
        return self.delivery

    async def carry_out(
        self, _service: object, _wanted: object, asker: object, on_status: object, theme: object
    ) -> RemarkReply:
        assert callable(on_status)
        del asker, theme
        self.working.set()
        on_status(self.status)
        await self.may_work.wait()
        if self.error is not None:
            raise self.error
        return RemarkReply(question="?", text="Answer")

    def serve(self, pending: Pending, again: asyncio.Semaphore | None = None) -> asyncio.Task[None]:
        return asyncio.create_task(self._serve(pending, again))

    async def _serve(self, pending: Pending, again: asyncio.Semaphore | None) -> None:
        self.requests.accept(pending)
        await self.requests.serve(pending, again=again)

    async def kept(self) -> list[str]:
        """List the notes, once everything was written; another may just be begun."""
        await asyncio.wrap_future(self.folder.forget(0))
        return sorted(path.name for path in self.path.glob("*.json"))


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path / "pending")
    monkeypatch.setattr(requests, "carry_out", made.carry_out)
    for module in (requests, recovery):
        monkeypatch.setattr(module, "delivery_of", made.delivery_of)
    monkeypatch.setattr(progress, "_FIRST_SECONDS", 0.0)
    monkeypatch.setattr(delivery, "_PAUSES", (0, 0))
    return made


async def test_it_is_noted_answered_and_forgotten(world: World) -> None:
    task = world.serve(asked())
    await world.working.wait()
    assert await world.kept() == ["7.json"]
    assert len(world.requests) == 1
    world.may_work.set()
    await task
    assert world.delivery.finished == ["Answer"]
    assert await world.kept() == []
    await asyncio.sleep(0)
    assert len(world.requests) == 0


# Where a request can be, in order.


async def waits_for_its_turn(world: World) -> None:
    await asyncio.sleep(0.01)
    assert not world.working.is_set()


async def works(world: World) -> None:
    await world.working.wait()


async def shows_progress(world: World) -> None:
    world.delivery.may_arrive.clear()
    await world.delivery.arriving.wait()


async def waits_for_progress_on_its_way(world: World) -> None:
    await shows_progress(world)
    world.may_work.set()
    await asyncio.sleep(0.01)


async def delivers(world: World) -> None:
    world.delivery.may_finish.clear()
    world.may_work.set()
    await world.delivery.delivering.wait()


BEFORE: list[Step] = [waits_for_its_turn, works, shows_progress]
AFTER: list[Step] = [waits_for_progress_on_its_way, delivers]


async def begun(world: World, step: Step) -> asyncio.Task[None]:
    turn = asyncio.Semaphore(0) if step is waits_for_its_turn else None
    task = world.serve(asked(), turn)
    await step(world)
    return task


def open_gates(world: World) -> None:
    for gate in (world.may_work, world.delivery.may_arrive, world.delivery.may_finish):
        gate.set()


@pytest.mark.parametrize("step", BEFORE)
async def test_its_asker_can_cancel_it_until_it_is_done(world: World, step: Step) -> None:
    task = await begun(world, step)
    assert "Only the person who asked" in (world.requests.cancel(7, STUDENT + 1) or "")
    assert world.requests.cancel(7, STUDENT) is None
    world.delivery.may_arrive.set()
    await asyncio.wait_for(task, 5)
    [said] = world.delivery.finished
    assert said.startswith("Cancelled; nothing is running any more.")
    assert await world.kept() == []
    assert "not running any more" in (world.requests.cancel(7, STUDENT) or "")


async def test_it_can_be_cancelled_before_its_work_has_begun_and_while_it_is_noted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(_pending: Pending) -> Future[None]:
        return Future()

    monkeypatch.setattr(world.folder, "keep", hang)
    task = world.serve(asked(), asyncio.Semaphore(1))
    await asyncio.sleep(0.01)
    assert not world.working.is_set()
    assert world.requests.cancel(7, STUDENT) is None
    await asyncio.wait_for(task, 5)
    assert world.delivery.finished[0].startswith("Cancelled")


@pytest.mark.parametrize("step", AFTER)
async def test_it_is_too_late_to_cancel_what_is_on_its_way(world: World, step: Step) -> None:
    task = await begun(world, step)
    assert "Too late" in (world.requests.cancel(7, STUDENT) or "")
    open_gates(world)
    await asyncio.wait_for(task, 5)
    assert world.delivery.finished == ["Answer"]


@pytest.mark.parametrize("step", [*BEFORE, *AFTER])
async def test_what_is_abandoned_anywhere_is_left_to_the_next_start(world: World, step: Step) -> None:
    task = await begun(world, step)
    ending = asyncio.create_task(world.requests.abandon())
    await asyncio.sleep(0.01)
    world.delivery.may_arrive.set()
    await asyncio.wait_for(ending, 5)
    assert task.cancelled()
    assert await world.kept() == ["7.json"]
    assert world.delivery.finished == []
    assert not world.delivery.typing
    assert len(world.requests) == 0
    world.folder.close()


@pytest.mark.parametrize("step", [*BEFORE, *AFTER])
async def test_settling_waits_for_it_wherever_it_is_and_no_longer_than_that(world: World, step: Step) -> None:
    task = await begun(world, step)
    await world.requests.settle(0.02)
    assert not task.done()
    world.requests.cancel(7, STUDENT)
    open_gates(world)
    await world.requests.settle(5)
    assert task.done()


async def test_what_is_being_acknowledged_is_under_way(world: World) -> None:
    acknowledged = asyncio.Event()

    async def take() -> None:
        world.requests.accept(asked())
        await acknowledged.wait()
        await world.requests.serve(asked())

    task = asyncio.create_task(take())
    await asyncio.sleep(0)
    assert len(world.requests) == 1
    await world.requests.settle(0.02)
    assert not task.done()
    acknowledged.set()
    world.may_work.set()
    await world.requests.settle(5)
    assert world.delivery.finished == ["Answer"]


async def test_who_asks_gets_the_sentence_of_an_error(world: World) -> None:
    world.error = JobCancelled.by_shutdown()
    world.may_work.set()
    await world.serve(asked())
    assert world.delivery.finished == [str(world.error)]


async def test_an_answer_that_discord_never_takes_becomes_a_sentence(world: World) -> None:
    world.delivery = FakeDelivery([refusal(413)])
    world.may_work.set()
    await world.serve(asked())
    assert "Something in the bot broke" in world.delivery.finished[0]
    assert await world.kept() == []


async def test_while_discord_is_away_for_long_it_is_left_to_the_next_start(world: World) -> None:
    world.delivery = FakeDelivery([refusal(503)] * 3)
    world.may_work.set()
    await world.serve(asked())
    assert world.delivery.finished == []
    assert await world.kept() == ["7.json"]


async def test_in_private_there_is_an_end_to_waiting(world: World) -> None:
    await world.serve(asked(private=True, when=0.0))
    assert "14 minutes" in world.delivery.finished[0]


async def test_two_of_one_id_do_not_hurt_each_other(world: World) -> None:
    tasks = [world.serve(asked(), asyncio.Semaphore(1)) for _ in range(2)]
    await world.working.wait()
    world.may_work.set()
    await asyncio.wait_for(asyncio.gather(*tasks), 5)
    assert world.delivery.finished == ["Answer", "Answer"]
    assert await world.kept() == []


# After a restart.


async def test_who_is_too_late_is_told_even_if_discord_is_away_for_a_while(world: World) -> None:
    world.delivery = FakeDelivery([refusal(503), ConnectionResetError()])
    await asyncio.wrap_future(world.folder.keep(asked(when=0.0)))
    await recovery.recover(world.folder.leftovers(), world.requests, world.courier, 1)
    assert "I was restarted while I worked on this" in world.delivery.finished[0]
    assert await world.kept() == []


async def test_who_cannot_be_told_is_told_after_the_next_start(world: World) -> None:
    world.delivery = FakeDelivery([refusal(503)] * 3)
    await asyncio.wrap_future(world.folder.keep(asked(attempts=2)))
    await recovery.recover(world.folder.leftovers(), world.requests, world.courier, 1)
    assert world.delivery.finished == []
    assert await world.kept() == ["7.json"]


@pytest.mark.parametrize("status", [403, 404])
async def test_where_nobody_can_be_told_any_more_it_is_forgotten(world: World, status: int) -> None:
    world.delivery = FakeDelivery([refusal(status)])
    await asyncio.wrap_future(world.folder.keep(asked(when=0.0)))
    await recovery.recover(world.folder.leftovers(), world.requests, world.courier, 1)
    assert await world.kept() == []


@pytest.mark.parametrize(
    ("status", "attempts"),
    [(Queued(ahead=1, seconds=5.0), 1), (Running(fraction=0.1, text="step 1", seconds=5.0), 2)],
)
async def test_what_is_fresh_is_run_again_and_counted_on_disk_once_it_begins(
    world: World, status: Status, attempts: int
) -> None:
    world.status = status
    pending = [asked(1), asked(2)]
    task = asyncio.create_task(recovery.recover(pending, world.requests, world.courier, 1))
    await world.working.wait()
    await asyncio.wrap_future(world.folder.forget(0))
    assert {one.id: one.attempts for one in world.folder.leftovers()}[1] == attempts
    world.may_work.set()
    await asyncio.wait_for(task, 5)
    assert world.delivery.finished == ["Answer", "Answer"]
    assert await world.kept() == []


async def test_recovery_that_is_cut_short_leaves_everything(world: World) -> None:
    world.delivery.may_finish.clear()
    pending = [asked(1), asked(2, when=0.0)]
    for one in pending:
        await asyncio.wrap_future(world.folder.keep(one))
    task = asyncio.create_task(recovery.recover(pending, world.requests, world.courier, 1))
    await world.delivery.delivering.wait()
    task.cancel()
    await asyncio.wait([task])
    assert await world.kept() == ["1.json", "2.json"]


# Where a command comes in.


def an_interaction(defer: Callable[[], Awaitable[object]]) -> MagicMock:
    made = MagicMock(discord.Interaction, id=7, application_id=1, token=TOKEN, channel_id=1, guild_id=None)
    made.user.id = STUDENT

    async def deferred(**_options: object) -> object:
        return await defer()

    made.response.defer = deferred
    return made


def _hub() -> MagicMock:
    made = MagicMock()
    made.settings_at = AsyncMock(return_value=GuildSettings())
    return made


async def test_a_command_that_cannot_be_acknowledged_is_forgotten(tmp_path: Path) -> None:
    async def refuse() -> object:
        raise refusal(404)

    client = BackchatClient(_hub(), tmp_path)
    task = asyncio.create_task(client.take(an_interaction(refuse), Configuration(spec="3x8"), private=False))
    with pytest.raises(discord.NotFound):
        await task
    await client.close()
    assert list((tmp_path / "pending").iterdir()) == []


async def test_a_client_that_closes_while_it_acknowledges_leaves_the_request_and_takes_no_more(
    tmp_path: Path,
) -> None:
    async def hang() -> object:
        return await asyncio.get_running_loop().create_future()

    client = BackchatClient(_hub(), tmp_path)
    task = asyncio.create_task(client.take(an_interaction(hang), Configuration(spec="3x8"), private=False))
    await asyncio.sleep(0)
    assert len(client.requests) == 1
    closing = asyncio.create_task(client.close())
    await asyncio.sleep(0)
    assert client.requests.closing
    await asyncio.wait_for(closing, 5)
    assert task.cancelled()
    assert [path.name for path in (tmp_path / "pending").iterdir()] == ["7.json"]
