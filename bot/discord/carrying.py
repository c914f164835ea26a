"""Carrying out what somebody wants, whichever way it was asked."""

from answers.parameters import reread
from bot.discord.limits import cut
from bot.errors import BadRequest
from bot.jobs.asker import Asker
from bot.jobs.status import OnStatus
from bot.pending import Choice, Configuration, Question, Wanted
from bot.reply import AskReply, SimulationReply
from bot.service import Service

_SPEC = 300


async def carry_out(
    service: Service, wanted: Wanted, asker: Asker, on_status: OnStatus
) -> AskReply | SimulationReply:
    """Ask the service for it.

    Raises:
        BadRequest: the library does not hold the chosen answer.
        AnswerError, JobError, SimulationError: as the service says.
    """
    match wanted:
        case Question():
            return await service.ask(wanted.text, previous=wanted.previous, asker=asker, on_status=on_status)
        case Configuration():
            return await service.simulate(wanted.spec, asker=asker, on_status=on_status)
        case Choice():
            entry = service.catalog.entries.get(wanted.answer)
            if entry is None:
                raise BadRequest("This answer is not in the library any more; ask again with `/ask`.")
            return await service.answer(
                entry, entry.title, reread(wanted.knobs), asker=asker, on_status=on_status
            )


def retry_hint(wanted: Wanted) -> str:
    """Return the command that asks for the same again."""
    if isinstance(wanted, Configuration):
        return f"`/simulate spec:{cut(wanted.spec.replace('`', ''), _SPEC)}`"
    return "`/ask`"
