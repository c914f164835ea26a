"""A waiting card says where a request stands, and nothing after the answer."""

import asyncio

import pytest
from discord_double.fakes import FakeCourier, FakeDelivery

from bot.discord import progress
from bot.discord.one_try import Outcome
from bot.discord.pace import Rank
from bot.discord.progress import Progress
from bot.jobs.status import Queued, Running, Status

QUEUED = Queued(ahead=3, seconds=20.0)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_FIRST_SECONDS", 0.0)
    monkeypatch.setattr(progress, "_SECONDS", 0.0)


def running(fraction: float = 0.1, seconds: float = 9.0) -> Status:
    return Running(fraction=fraction, text="step 1", seconds=seconds)


class Watched:
    """A card that is being shown."""

    def __init__(self, delivery: FakeDelivery) -> None:
        self.delivery = delivery
        self.courier = FakeCourier()
        self.ids: list[int] = []
        self.card = Progress(7, delivery, self.courier.as_courier(), self.ids.append)
        self.card.begin()

    async def shows(self, count: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self.delivery.shown) < count:  # noqa: ASYNC110  nothing wakes it
                await asyncio.sleep(0.001)
        return self.delivery.shown


async def test_what_changes_is_shown_once_each_and_the_message_is_known() -> None:
    watched = Watched(FakeDelivery())
    for status in (QUEUED, QUEUED, running()):
        watched.card.update(status)
        await asyncio.sleep(0.01)
    shown = await watched.shows(2)
    assert "3 runs before yours" in shown[0]
    assert "10 %" in shown[1]
    assert watched.ids == [99]
    await watched.card.end()
    watched.card.update(running(0.9))
    await asyncio.sleep(0.01)
    assert len(shown) == 2


async def test_a_run_that_begins_outranks_a_first_card_and_that_what_only_goes_on() -> None:
    watched = Watched(FakeDelivery())
    for number, status in enumerate((QUEUED, Queued(ahead=1, seconds=5.0), running(), running(0.5)), 1):
        watched.card.update(status)
        await watched.shows(number)
    assert watched.courier.ranks == [Rank.FIRST, Rank.DETAIL, Rank.TURN_CAME, Rank.DETAIL]
    await watched.card.end()


async def test_typing_goes_on_until_a_card_is_there() -> None:
    watched = Watched(FakeDelivery())
    await asyncio.sleep(0)
    assert watched.delivery.typing
    watched.card.update(QUEUED)
    await watched.shows(1)
    await asyncio.sleep(0.01)
    assert not watched.delivery.typing
    await watched.card.end()


async def test_what_is_nearly_done_gets_no_card() -> None:
    watched = Watched(FakeDelivery())
    watched.card.update(running(seconds=0.4))
    await asyncio.sleep(0.02)
    assert watched.delivery.shown == []
    await watched.card.end()


@pytest.mark.parametrize("status", [0, 429, 500])
async def test_what_could_not_be_shown_is_shown_later(status: int) -> None:
    watched = Watched(FakeDelivery(outcomes=[Outcome(status=status)] * 2))
    watched.card.update(QUEUED)
    assert len(await watched.shows(1)) == 1
    assert len(watched.courier.ranks) == 3
    await watched.card.end()


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_where_it_is_refused_it_is_not_tried_again(status: int) -> None:
    watched = Watched(FakeDelivery(outcomes=[Outcome(status=status)]))
    watched.card.update(QUEUED)
    await asyncio.sleep(0.01)
    watched.card.update(running())
    await asyncio.sleep(0.01)
    assert watched.delivery.shown == []
    assert len(watched.courier.ranks) == 1
    await watched.card.end()


async def test_the_end_waits_for_the_edit_on_its_way() -> None:
    delivery = FakeDelivery()
    delivery.may_arrive.clear()
    watched = Watched(delivery)
    watched.card.update(QUEUED)
    await delivery.arriving.wait()
    ending = asyncio.create_task(watched.card.end())
    await asyncio.sleep(0.01)
    assert not ending.done()
    delivery.may_arrive.set()
    await ending
    assert len(delivery.shown) == 1
    assert watched.ids == [99]


async def test_it_can_end_before_it_shows_anything_and_twice() -> None:
    watched = Watched(FakeDelivery())
    await watched.card.end()
    await watched.card.end()
    assert not watched.delivery.typing
