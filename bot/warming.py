"""Computing the answers' plots before anybody asks for them."""

import asyncio
import logging
from collections import Counter
from contextlib import suppress

from answers.catalog import Catalog
from answers.entry import Entry
from answers.pipeline import plan
from bot.jobs.asker import Asker
from bot.jobs.errors import JobCancelled, JobError
from bot.laboratory import Laboratory, Run
from bot.service import Service

_AGAIN_SECONDS = 2.0
_THEME = "dark"

_log = logging.getLogger(__name__)


async def warm(catalog: Catalog, laboratory: Laboratory) -> None:
    """Run what every answer shows by default, so that the cache has it; give way to whoever asks meanwhile.

    It ends when everything was run once; what made room for a person is run again a little later.
    """
    runs = (Run.of(one, _THEME) for entry in in_demand(catalog) for one in plan(entry))
    waiting = asyncio.Queue[Run]()
    for run in runs:
        if run.lasting:
            waiting.put_nowait(run)

    async def work() -> None:
        while not waiting.empty():
            run = waiting.get_nowait()
            try:
                await laboratory.run([run], Asker(warming=True))
            except JobCancelled:
                waiting.put_nowait(run)
                await asyncio.sleep(_AGAIN_SECONDS)
            except JobError as error:
                _log.warning("could not prepare %s: %s", run.experiment, error)

    async with asyncio.TaskGroup() as group:
        for _ in range(laboratory.jobs.engine.capacity):
            group.create_task(work())
    _log.info("the plots of %d answers are ready", len(catalog))


async def rehearse(service: Service) -> None:
    """Show every answer to nobody, so that its texts are compiled and it is ready to be shown again."""
    for entry in in_demand(service.catalog):
        with suppress(JobError):
            await service.answer(entry, entry.title, theme=_THEME, asker=Asker(warming=True))


def in_demand(catalog: Catalog) -> list[Entry]:
    """Return the answers, first those to which most others lead."""
    led_to = Counter(id_ for entry in catalog for id_ in entry.related)
    return sorted(catalog, key=lambda entry: (-led_to[entry.id], entry.id))
