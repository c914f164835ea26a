"""Turns come some time apart, and to whom they mean most."""

import asyncio
import time
from itertools import pairwise

from bot.discord.pace import Pace, Paces, Rank

SECONDS = 0.03


async def test_turns_are_apart_and_in_order() -> None:
    pace = Pace(SECONDS)
    came: list[tuple[int, float]] = []

    async def go(number: int) -> None:
        await pace.turn()
        came.append((number, time.monotonic()))

    start = time.monotonic()
    await asyncio.gather(*(go(number) for number in range(4)))
    assert [number for number, _ in came] == [0, 1, 2, 3]
    assert came[0][1] - start < SECONDS
    # The timers of an event loop may be a clock's tick early.
    assert all(after - before > 0.9 * SECONDS for (_, before), (_, after) in pairwise(came))


async def test_a_run_that_begins_goes_first_also_if_it_begins_while_it_waits() -> None:
    pace = Pace(SECONDS)
    ranks = dict.fromkeys(range(5), Rank.DETAIL) | {3: Rank.FIRST}
    came: list[int] = []

    async def go(number: int) -> None:
        await pace.turn(lambda: ranks[number])
        came.append(number)

    tasks = [asyncio.create_task(go(number)) for number in range(5)]
    await asyncio.sleep(0)
    ranks[4] = Rank.TURN_CAME
    await asyncio.gather(*tasks)
    assert came == [0, 4, 3, 1, 2]


async def two_who_wait(pace: Pace) -> tuple[asyncio.Task[None], asyncio.Task[None]]:
    await pace.turn()
    first, second = (asyncio.create_task(pace.turn()) for _ in range(2))
    await asyncio.sleep(0)
    return first, second


def give_a_turn(pace: Pace) -> None:
    """Do what the timer does at its time."""
    pace._next = 0.0  # pyright: ignore[reportPrivateUsage]
    pace._grant()  # pyright: ignore[reportPrivateUsage]


async def test_who_gives_up_costs_the_others_no_time() -> None:
    start = time.monotonic()
    first, second = await two_who_wait(Pace(0.2))
    first.cancel()
    await second
    assert time.monotonic() - start < 0.35
    assert first.cancelled()


async def test_a_turn_that_is_given_to_who_gave_up_meanwhile_goes_to_the_next() -> None:
    pace = Pace(60.0)
    first, second = await two_who_wait(pace)
    give_a_turn(pace)
    first.cancel()
    await asyncio.wait_for(second, 1)
    assert first.cancelled()


async def test_a_turn_is_not_given_to_who_is_giving_up() -> None:
    pace = Pace(60.0)
    first, second = await two_who_wait(pace)
    first.cancel()
    give_a_turn(pace)
    await asyncio.wait_for(second, 1)
    assert first.cancelled()


async def test_a_pause_holds_back_who_waits_already() -> None:
    pace = Pace(0.0)
    pace.pause(0.1)
    waiting = asyncio.create_task(pace.turn())
    await asyncio.sleep(0.03)
    pace.pause(0.1)
    await asyncio.sleep(0.08)
    assert not waiting.done()
    await asyncio.wait_for(waiting, 1)


async def test_a_lane_lasts_as_long_as_somebody_holds_it() -> None:
    paces = Paces()
    held = paces.lane(1)
    assert paces.lane(1) is held
    assert paces.lane(2) is not held
