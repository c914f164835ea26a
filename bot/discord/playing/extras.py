"""What is shown beside a card: its code, its sources, more to read, and the numbers."""

from collections.abc import Sequence

from answers.followups import Turn
from answers.parameters import reread
from bot.discord.limits import CARD_TEXT
from bot.discord.playing.numbers import counted, table, to_csv
from bot.discord.playing.state import State
from bot.discord.words import fenced
from bot.errors import BadRequest
from bot.jobs.asker import Asker
from bot.jobs.status import OnStatus
from bot.pending import Extra
from bot.reply import PartReply, Script
from bot.service import Service
from sim.asked import read_simulation
from sim.errors import SpecError
from sim.measurements import Measurements
from sim.script import require_scripted, script
from sim.spec import Spec

_ROOM = CARD_TEXT - 700
_GONE = "This answer is not in the library any more; ask again with `/ask`."
_TABLE = "Medians over the networks; {counted}. **The numbers as a file** has all of them."
_CSV = (
    "**{name}** opens in every spreadsheet: a row for every number, with its median and its 10 % and 90 % "
    "quantiles over the networks. Column `layer`: {counted}."
)
_CODE = "The networks as PyTorch scripts; each prints its own numbers:"


async def extra(service: Service, wanted: Extra, asker: Asker, on_status: OnStatus) -> PartReply:
    """Return what somebody wants to see beside a card.

    Raises:
        BadRequest: the answer is not in the library any more.
        JobError, SimulationError: as the service says.
    """
    state = State.read(wanted.state)
    if not state.answer:
        return await _of_simulation(service, state, wanted, asker, on_status)
    entry = service.catalog.entries.get(state.answer)
    if entry is None:
        raise BadRequest(_GONE)
    question = wanted.question or entry.title
    knobs = reread(state.text) if state.text else {}
    turn = Turn(answer=entry.id, question=question, knobs=knobs)
    if wanted.section in ("more", "sources", "code"):
        return await service.part(
            wanted.section, question, turn, theme=state.theme, asker=asker, on_status=on_status
        )
    runs = await service.measured(entry, knobs, theme=state.theme, asker=asker, on_status=on_status)
    return _numbers(runs, wanted, name=entry.id, title=entry.title, turn=turn)


async def _of_simulation(
    service: Service, state: State, wanted: Extra, asker: Asker, on_status: OnStatus
) -> PartReply:
    if wanted.section == "code":
        _, specs = read_simulation(state.text)
        return PartReply(id="", question="", title="Code", text=_CODE, scripts=_scripts(specs))
    reply = await service.simulate(state.text, theme=state.theme, asker=asker, on_status=on_status)
    return _numbers([reply.measured], wanted, name="simulation", title=reply.title, turn=None)


def has_script(experiment: str, specs: Sequence[Spec]) -> bool:
    """Tell whether there are scripts for networks."""
    try:
        require_scripted(experiment, specs)
    except SpecError:
        return False
    return True


def _numbers(
    runs: Sequence[Measurements], wanted: Extra, *, name: str, title: str, turn: Turn | None
) -> PartReply:
    if wanted.section == "table":
        text = f"{fenced(table(runs, _ROOM))}\n-# {_TABLE.format(counted=counted(runs))}"
        return PartReply(id=name, question=wanted.question, title=title, text=text, turn=turn)
    file = Script(name=f"{name}.csv", text=to_csv(runs))
    text = _CSV.format(name=file.name, counted=counted(runs))
    return PartReply(id=name, question=wanted.question, title=title, text=text, scripts=(file,), turn=turn)


def _scripts(specs: Sequence[Spec]) -> tuple[Script, ...]:
    """Write a script for each network; the first is asked for all of them."""
    return tuple(Script(name=f"network-{n}.py", text=script(spec)) for n, spec in enumerate(specs, start=1))
