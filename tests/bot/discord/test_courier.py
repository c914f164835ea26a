"""Requests for progress are made once, in turns, and never raise."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any
from unittest.mock import MagicMock

import pytest
from aiohttp import web
from discord.http import Route

from bot.discord import courier as module
from bot.discord.courier import Courier
from bot.discord.one_try import Outcome
from bot.discord.pace import Rank


class Server:
    """Answers as it is told, and notes what comes."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, str | None]] = []
        self.status = 200
        self.body = "{}"
        self.gate = asyncio.Event()
        self.gate.set()

    async def handle(self, request: web.Request) -> web.Response:
        self.seen.append((request.method, request.path, request.headers.get("Authorization")))
        await self.gate.wait()
        if self.status == 0:
            assert request.transport is not None
            request.transport.close()
        return web.Response(status=self.status or 200, text=self.body)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    made = Server()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{runner.addresses[0][1]}")
    yield made
    made.gate.set()
    await runner.cleanup()


@pytest.fixture
async def courier(server: Server) -> AsyncIterator[Courier]:
    del server
    client = MagicMock()
    client.http.token, client.http.user_agent = "secret", "Backchat"
    made = Courier(client)
    yield made
    await made.aclose()


async def test_it_signs_only_what_holds_no_token(server: Server, courier: Courier) -> None:
    assert (await courier.show("PATCH", "/a", {}, signed=True)).done
    assert (await courier.show("POST", "/b", {}, signed=False)).done
    assert server.seen == [("PATCH", "/a", "Bot secret"), ("POST", "/b", None)]


@pytest.mark.parametrize(
    ("status", "done", "refused"),
    [(200, True, False), (204, True, False), (0, False, False), (400, False, True), (403, False, True),
     (404, False, True), (413, False, True), (429, False, False), (500, False, False)],
)  # fmt: skip
async def test_whatever_comes_back_is_an_outcome_of_one_request(
    server: Server, courier: Courier, *, status: int, done: bool, refused: bool
) -> None:
    server.status, server.body = status, "<html>"
    outcome = await courier.show("PATCH", "/a", {}, signed=True)
    assert (outcome.status, outcome.done, outcome.refused) == (status, done, refused)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("body", "seconds"), [({"retry_after": 1.5}, 1.5), ({}, 0.0), ({"retry_after": "soon"}, 0.0)]
)
def test_only_too_many_says_how_long_to_wait(body: Mapping[str, Any], seconds: float) -> None:
    assert Outcome(status=429, body=body).retry_after == seconds
    assert Outcome(status=500, body=body).retry_after == 0.0


async def test_a_request_that_is_cancelled_is_no_outcome_and_spoils_nothing(
    server: Server, courier: Courier
) -> None:
    server.gate.clear()
    task = asyncio.create_task(courier.show("PATCH", "/a", {}, signed=True))
    while not server.seen:  # noqa: ASYNC110  nothing wakes it
        await asyncio.sleep(0.001)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    server.gate.set()
    assert (await courier.show("PATCH", "/b", {}, signed=True)).done


async def test_after_the_end_a_request_is_none_at_all(courier: Courier) -> None:
    await courier.show("PATCH", "/a", {}, signed=True)
    await courier.aclose()
    assert (await courier.show("PATCH", "/b", {}, signed=True)).status == 0


async def test_a_limit_on_everything_holds_everybody_back(server: Server, courier: Courier) -> None:
    server.status, server.body = 429, '{"retry_after": 0.15, "global": true}'
    await courier.show("PATCH", "/a", {}, signed=True)
    start = asyncio.get_running_loop().time()
    await courier.turn(None)
    assert asyncio.get_running_loop().time() - start >= 0.12


async def test_a_lane_has_its_own_turns_and_the_rank_holds_in_both(courier: Courier) -> None:
    asked: list[str] = []

    def rank() -> Rank:
        asked.append("rank")
        return Rank.TURN_CAME

    lane = courier.lane(1)
    await asyncio.wait_for(courier.turn(lane, rank), 1)
    assert asked == ["rank", "rank"]
    waiting = asyncio.create_task(courier.turn(lane))
    await asyncio.wait_for(courier.turn(courier.lane(2)), 1)
    assert not waiting.done()
    waiting.cancel()


async def test_typing_is_sent_once_in_a_while_for_a_whole_channel(
    server: Server, courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TYPING_SECONDS", 0.2)
    await asyncio.gather(*(courier.type(3) for _ in range(4)), courier.type(4))
    assert sorted(path for _, path, _ in server.seen) == ["/channels/3/typing", "/channels/4/typing"]
