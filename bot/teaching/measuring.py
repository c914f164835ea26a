"""What is wrong with an answer once its simulations have run: the slow half of a review.

The runs are the same for everybody: as written, on eight fixed sets of other seeds, and with every knob set
to a smaller and a larger value.  What was run before comes from the cache, and an author cannot draw again
until a claim holds.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from answers.checking import (
    FRESH_ROUNDS,
    Margin,
    Trial,
    check_measured,
    check_rounds,
    check_trials,
    rounds,
    trials,
)
from answers.entry import Entry
from answers.problem import Problem
from bot.jobs.asker import Asker
from bot.jobs.combined import Combined
from bot.jobs.errors import JobCancelled, JobError
from bot.jobs.job import Result
from bot.jobs.quotas import TooManyRequests
from bot.jobs.status import OnStatus, Running, Status
from bot.laboratory import Laboratory, Run, measurements
from bot.teaching.batches import Found, batches, measure, seconds
from sim.measurements import Measurements


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """What an answer's own simulations found, drawn; or why they found nothing."""

    results: tuple[Result, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """What other seeds and other values of the knobs found."""

    problems: tuple[Problem, ...]
    margins: tuple[Margin, ...]


class Measuring:
    """The runs of one review; its parts are awaited in turn, while all of them go on."""

    def __init__(  # noqa: PLR0913, PLR0917  what is run, and for whom
        self,
        entry: Entry,
        laboratory: Laboratory,
        theme: str,
        asker: Asker,
        on_status: OnStatus,
        fresh_rounds: int = FRESH_ROUNDS,
    ) -> None:
        """Begin all runs, first those that the card needs; to be left by `aclose`.

        Args:
            entry: the answer, with such simulations as can be run.
            laboratory: where they are run.
            theme: of the plots.
            asker: for whom.
            on_status: told where they stand, all together.
            fresh_rounds: on how many sets of fresh seeds the claims are tried, too.
        """
        self._entry = entry
        self._laboratory = laboratory
        self._asker = asker
        self._tried, self._refused = trials(entry, laboratory.allowance)
        own, *fresh = rounds(entry, fresh_rounds)
        first = [Run.of(one, theme) for one in own]
        # Round after round of one simulation, so that a change of another one leaves what was run of it.
        others = [Run.of(round_[number], None) for number in range(len(own)) for round_ in fresh]
        names = [("fresh", one.name) for one in own for _ in fresh]
        self._fresh_runs = len(others)
        others += [Run.of(trial.simulation, None) for trial in self._tried]
        names += [("turned", trial.simulation.name) for trial in self._tried]
        parts = [[run] for run in first] + [[others[at] for at in one] for one in batches(others, names)]
        self._combined = Combined([seconds(part, laboratory) for part in parts], on_status)
        self._begun = asyncio.Event()
        self._own = [asyncio.ensure_future(self._run(number, run)) for number, run in enumerate(first)]
        self._batches = [
            asyncio.ensure_future(self._measure(number, part))
            for number, part in enumerate(parts[len(first) :], start=len(first))
        ]
        self._measured = list[Measurements]()

    async def shipped(self) -> Shipped:
        """Wait for the simulations as written, and look at what the texts make of them.

        Raises:
            JobError: nothing can be run at present.
        """
        found = await asyncio.gather(*self._own)
        failed = [
            _failed(self._entry, f"{one.name}: {result}", f"simulation {one.name}")
            for one, result in zip(self._entry.simulations, found, strict=True)
            if isinstance(result, JobError)
        ]
        results = tuple(result for result in found if isinstance(result, Result))
        if failed:
            return Shipped(problems=(*self._refused, *failed))
        self._measured = [measurements(result) for result in results]
        problems = await asyncio.to_thread(check_measured, self._entry, self._measured)
        return Shipped(results=results, problems=(*self._refused, *problems))

    async def tested(self) -> Tested:
        """Wait for all other runs, after `shipped` has found that there are results.

        Raises:
            JobError: nothing can be run at present.
        """
        found = [one for batch in await asyncio.gather(*self._batches) for one in batch]
        fresh, turned = found[: self._fresh_runs], found[self._fresh_runs :]
        return await asyncio.to_thread(self._test, turned, fresh)

    def _test(self, turned: Sequence[Found], fresh: Sequence[Found]) -> Tested:
        problems: list[Problem] = []
        margins: list[Margin] = []
        names = [one.name for one in self._entry.simulations]
        size = len(fresh) // len(names)
        by_round = list(zip(*(fresh[size * at : size * (at + 1)] for at in range(len(names))), strict=True))
        ended = [
            f"{name}: on other seeds: {one}"
            for round_ in by_round
            for name, one in zip(names, round_, strict=True)
            if isinstance(one, JobError)
        ]
        if failed := list(dict.fromkeys(ended)):
            problems += [_failed(self._entry, said, f"simulation {said.split(':')[0]}") for said in failed]
        else:
            found = [[one for one in round_ if isinstance(one, Measurements)] for round_ in by_round]
            problems, margins = check_rounds(self._entry, [self._measured, *found])
        good: list[tuple[Trial, Measurements]] = []
        bad: dict[tuple[str, str], list[str]] = {}
        for trial, result in zip(self._tried, turned, strict=True):
            if isinstance(result, Measurements):
                good.append((trial, result))
            else:
                bad.setdefault((trial.simulation.name, str(result)), []).append(trial.words)
        for (name, said), words in bad.items():
            message = f"{name}, with {' or with '.join(words)}: {said}"
            problems.append(_failed(self._entry, message, f"knobs {name}"))
        problems += check_trials(self._entry, self._measured, good)
        return Tested(problems=tuple(problems), margins=tuple(margins))

    async def aclose(self) -> None:
        """Leave whatever still runs."""
        for task in (*self._own, *self._batches):
            task.cancel()
        await asyncio.gather(*self._own, return_exceptions=True)
        await asyncio.gather(*self._batches, return_exceptions=True)

    async def _run(self, number: int, job: Run) -> Result | JobError:
        """Return what a run found or how it ended, so that the runs beside it go on."""
        listener = self._combined.listener(number)

        def heard(status: Status) -> None:
            if isinstance(status, Running):
                self._begun.set()
            listener(status)

        try:
            [result] = await self._laboratory.run([job], self._asker, heard)
        except (JobCancelled, TooManyRequests):
            raise  # that is no fault of the answer
        except JobError as error:
            self._combined.end(number)
            return error
        finally:
            self._begun.set()
        self._combined.end(number)
        return result

    async def _measure(self, number: int, runs: Sequence[Run]) -> list[Found]:
        """Return the same of a batch, which does not overtake the card's runs, however quick it is."""
        await self._begun.wait()
        listener = self._combined.listener(number)
        found = await measure(runs, self._laboratory, self._asker, listener)
        self._combined.end(number)
        return found


def _failed(entry: Entry, message: str, line: str) -> Problem:
    return Problem(code="run", message=message, line=entry.lines.get(line, 1), path=entry.path)
