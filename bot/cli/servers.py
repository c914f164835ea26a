"""What the bot needs to serve servers: the database, their libraries and an engine, opened and closed."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import UTC, datetime

from bot.cli.session import open_laboratory
from bot.config import Settings
from bot.hub import Hub
from bot.inbox.post import Post
from bot.libraries import Libraries
from bot.libraries.libraries import log_problems
from bot.reports import Reports
from bot.service import Service
from bot.storage.errors import StorageError
from bot.storage.location import locate
from bot.storage.opening import Storage, open_storage
from bot.storage.retention import purge
from bot.storage.terms import end_old_terms
from bot.teaching.desk import Desk
from bot.teaching.office import Office
from bot.teaching.review import Reviewer

_DAY = 24 * 3600.0
_HOUR = 3600.0

_log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def open_hub(settings: Settings, preload: Sequence[str]) -> AsyncGenerator[Hub]:
    """Open everything, look after it meanwhile, and close it afterwards.

    Args:
        settings: of the operator.
        preload: modules that each job finds imported.

    Raises:
        StorageError: the database cannot be used; the message says what to do.
    """
    async with (
        open_storage(locate(settings), now=datetime.now(UTC)) as storage,
        open_laboratory(settings, preload, remember=True) as laboratory,
    ):
        reports = Reports()
        libraries = await asyncio.to_thread(Libraries, settings.answers, storage, report=reports)
        base = libraries.base
        log_problems(None, base.problems)
        desk = Desk(Office(storage, libraries, Reviewer(laboratory=laboratory)))
        post = Post(storage, libraries, desk.drafting)
        service = Service(catalog=base.catalog, matcher=base.matcher, laboratory=laboratory)
        tasks = [asyncio.create_task(one) for one in (libraries.watch(), purge_daily(storage))]
        try:
            yield Hub(
                service=service,
                storage=storage,
                libraries=libraries,
                desk=desk,
                post=post,
                reports=reports,
            )
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await post.aclose()


async def purge_daily(
    storage: Storage, *, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
) -> None:
    """Throw away what is too old, keys too, now and every day, until cancelled."""
    while True:
        try:
            now = datetime.now(UTC)
            gone = await purge(storage.database, now)
            await end_old_terms(storage.database, storage.keys, now)
        except StorageError as error:
            _log.warning("what is too old could not be thrown away, next try in an hour: %s", error)
            await sleep(_HOUR)
        except Exception:  # noqa: BLE001  what was promised is tried again, whatever went wrong
            _log.exception("what is too old could not be thrown away, next try in an hour")
            await sleep(_HOUR)
        else:
            if gone.questions or gone.texts or gone.decisions:
                _log.info("thrown away for their age: %d questions, %d texts", gone.questions, gone.texts)
            await sleep(_DAY)
