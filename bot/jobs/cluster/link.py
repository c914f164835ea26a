"""The bot's connection to the scheduler, made again whenever it breaks."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.jobs.cluster.client import DaskClient, client_of
from bot.jobs.cluster.names import TOPIC
from bot.jobs.cluster.security import TlsFiles

CONNECT_SECONDS = 10.0
_LOOK_EVERY_SECONDS = 1.0
_CLOSE_SECONDS = 1.5

_log = logging.getLogger(__name__)

OnIdentity = Callable[[Mapping[str, Any]], None]
OnProgress = Callable[[Mapping[str, Any]], None]


class Link:
    """Keeps a client connected, and looks every second which workers there are.

    dask's client reconnects by itself for a while and then gives up; it forgets the topics it listened to.
    """

    def __init__(
        self, scheduler: str, files: TlsFiles | None, on_identity: OnIdentity, on_progress: OnProgress
    ) -> None:
        self._scheduler = scheduler
        self._files = files
        self._on_identity = on_identity
        self._on_progress = on_progress
        self._client: DaskClient | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._connected = False

    async def open(self) -> None:
        """Connect for the first time.

        Raises:
            OSError: If there is no scheduler, or it does not let us in.
        """
        first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._keeping = asyncio.create_task(self._keep(first))
        await first

    async def client(self) -> DaskClient:
        """Wait until there is a connection."""
        while self._client is None or self._client.status != "running":  # noqa: ASYNC110 it has no event
            await asyncio.sleep(0.05)
        return self._client

    async def aclose(self) -> None:
        """Leave; the scheduler drops what only this client wanted."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])

    async def _keep(self, first: asyncio.Future[None]) -> None:
        try:
            while True:
                try:
                    await self._live(first)
                except Exception as error:  # noqa: BLE001 the next client may do better
                    if not first.done():
                        first.set_exception(error)
                        return
                    if not isinstance(error, OSError):
                        _log.exception("The connection to the scheduler broke")
                await asyncio.sleep(_LOOK_EVERY_SECONDS)
        finally:
            first.cancel()

    async def _live(self, first: asyncio.Future[None]) -> None:
        """Use one client from its birth to its end."""
        client = client_of(self._scheduler, self._files, seconds=CONNECT_SECONDS)
        try:
            await client
            await self._look(client)
            self._client = client
            if not first.done():
                first.set_result(None)
            await self._watch(client)
        finally:
            self._client = None
            await _close(client)

    async def _watch(self, client: DaskClient) -> None:
        while client.status != "closed":
            self._tell(connected=client.status == "running")
            if client.status == "running":
                with contextlib.suppress(OSError):  # it will reconnect, or is slow
                    await self._look(client)
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    def _tell(self, *, connected: bool) -> None:
        if connected != self._connected:
            self._connected = connected
            if connected:
                _log.info("Connected to the scheduler %s", self._scheduler)
            else:
                _log.warning("The connection to the scheduler %s is lost; trying again", self._scheduler)

    async def _look(self, client: DaskClient) -> None:
        client.subscribe_topic(TOPIC, self._hear)  # again, because a new scheduler knows nothing of it
        async with asyncio.timeout(CONNECT_SECONDS):
            self._on_identity(await client.scheduler.identity(n_workers=-1))

    def _hear(self, event: tuple[float, Mapping[str, Any]]) -> None:
        _, message = event
        self._on_progress(message)


async def _close(client: DaskClient) -> None:
    with contextlib.suppress(OSError):  # a timeout, too: somebody does not read what we send
        await client.close(timeout=_CLOSE_SECONDS)
