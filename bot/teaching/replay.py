"""The card of an answer from results that are there already: the very one that students will see."""

from collections.abc import Sequence
from dataclasses import dataclass

from answers.entry import Entry
from bot.jobs.asker import Asker
from bot.jobs.job import Result
from bot.jobs.status import OnStatus, ignore
from bot.laboratory import Laboratory, Run
from bot.reply import AnswerReply
from bot.service import Service
from bot.teaching.library import Library, joined


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done(Laboratory):
    """A laboratory in which everything was run before."""

    results: tuple[Result, ...]

    async def run(
        self, runs: Sequence[Run], asker: Asker | None = None, on_status: OnStatus = ignore
    ) -> list[Result]:
        del asker, on_status
        if len(runs) != len(self.results):
            msg = f"{len(self.results)} runs were kept; {len(runs)} are wanted"
            raise LookupError(msg)
        return list(self.results)


async def card(
    entry: Entry, results: Sequence[Result], theme: str, library: Library, laboratory: Laboratory
) -> AnswerReply:
    """Answer a question with the title's words from what its simulations found.

    Args:
        entry: the answer.
        results: of its simulations as they are written, drawn in the theme.
        theme: of the plots.
        library: that the answer will be part of.
        laboratory: whose limits count.
    """
    done = _Done(
        jobs=laboratory.jobs, limits=laboratory.limits, machine=laboratory.machine, results=tuple(results)
    )
    catalog = joined(library.catalog, [entry])
    service = Service(catalog=catalog, matcher=library.matcher, laboratory=done)
    return await service.answer(entry, entry.title, theme=theme)
