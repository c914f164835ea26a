"""Carrying out what somebody wants, whichever way it was asked."""

from answers.followups import Turn
from answers.parameters import reread
from bot.discord.limits import cut
from bot.discord.playing.extras import extra
from bot.discord.playing.state import State
from bot.discord.playing.steps import changed, require_tailored
from bot.errors import BadRequest
from bot.jobs.asker import Asker
from bot.jobs.status import OnStatus
from bot.pending import Choice, Configuration, Extra, Played, Question, Wanted
from bot.reply import AskReply, SimulationReply
from bot.service import Service

_SPEC = 300
_GONE = "This answer is not in the library any more; ask again with `/ask`."


async def carry_out(
    service: Service, wanted: Wanted, asker: Asker, on_status: OnStatus, theme: str = "dark"
) -> AskReply | SimulationReply:
    """Ask the service for it.

    Raises:
        BadRequest: the library does not hold the chosen answer, or it cannot be run as wanted.
        AnswerError, JobError, SimulationError: as the service says.
    """
    match wanted:
        case Question():
            return await service.ask(
                wanted.text, previous=wanted.previous, theme=theme, asker=asker, on_status=on_status
            )
        case Configuration():
            return await service.simulate(wanted.spec, theme=theme, asker=asker, on_status=on_status)
        case Choice():
            entry = service.catalog.entries.get(wanted.answer)
            if entry is None:
                raise BadRequest(_GONE)
            question = wanted.question or entry.title
            return await service.answer(
                entry, question, reread(wanted.knobs), theme=theme, asker=asker, on_status=on_status
            )
        case Played():
            return await _play(service, wanted, asker, on_status)
        case Extra():
            return await extra(service, wanted, asker, on_status)


async def _play(
    service: Service, wanted: Played, asker: Asker, on_status: OnStatus
) -> AskReply | SimulationReply:
    """Run again what a card shows, with one thing changed; what cannot be run like that is refused."""
    state, allowance = State.read(wanted.state), service.laboratory.allowance
    entry = service.catalog.entries.get(state.answer)
    if wanted.change:
        state = changed(state, wanted.change, entry, allowance)
    if not state.answer:
        return await service.simulate(state.text, theme=state.theme, asker=asker, on_status=on_status)
    if entry is None:
        raise BadRequest(_GONE)
    knobs, question = require_tailored(entry, state.knobs, allowance), wanted.question or entry.title
    # As the turn before, so that nothing but the networks changes.
    previous = Turn(answer=entry.id, question=question, knobs=knobs)
    return await service.answer(
        entry, question, knobs, previous=previous, theme=state.theme, asker=asker, on_status=on_status
    )


def retry_hint(wanted: Wanted) -> str:
    """Return what asks for the same again."""
    if isinstance(wanted, Configuration):
        return f"`/simulate spec:{cut(wanted.spec.replace('`', ''), _SPEC)}`"
    return "the menu of the card" if isinstance(wanted, Played | Extra) else "`/ask`"
