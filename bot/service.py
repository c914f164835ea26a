"""The bot without a platform: ask and simulate."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from answers.catalog import Catalog
from answers.entry import Entry
from answers.followups import Anew, Part, Rerun, Say, Show, Switch, Turn, follow
from answers.matching import Answer, Candidate, Caution, Match, Matcher, Mode, Offer
from answers.parameters import parameters, written
from answers.pipeline import Rendered, finish, plan
from answers.tailoring import offered, tailor
from bot.errors import BadRequest
from bot.jobs.asker import Asker
from bot.jobs.job import Result
from bot.jobs.service import JobService
from bot.jobs.status import OnStatus, ignore
from bot.laboratory import Laboratory, Run, measurements
from bot.parts import other_candidates, part_of
from bot.reply import (
    AnswerReply,
    AskReply,
    Image,
    OfferReply,
    PartReply,
    Pointer,
    RemarkReply,
    SilentReply,
    SimulationReply,
    VariantLine,
)
from bot.shown import RecentlyShown, Shown
from bot.thinking import think
from sim.measurements import Measurements, Variant
from sim.summaries import SUMMARIES

MAX_QUESTION = 2_000
"""Characters of a question that are read; Discord's longest message."""
_KNOWN_TITLES = 5
_SEE_ALSO = 4
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Answers questions and runs configurations on an engine."""

    catalog: Catalog
    matcher: Matcher
    laboratory: Laboratory
    caution: Caution = Caution.BALANCED
    """How sure is sure enough to answer."""
    recently: RecentlyShown = field(default_factory=RecentlyShown)

    @property
    def jobs(self) -> JobService:
        """Where everybody's jobs run."""
        return self.laboratory.jobs

    async def ask(
        self,
        question: str,
        *,
        previous: Turn | None = None,
        theme: str = "dark",
        asker: Asker | None = None,
        on_status: OnStatus = ignore,
    ) -> AskReply:
        """Answer a question, offer a few answers, or say that there is none.

        Args:
            question: what was asked.
            previous: the answer before, which "and with 100 layers?" is about.
            theme: of the plots.
            asker: for whom; None is somebody without a name.
            on_status: is told where the runs stand.

        Raises:
            BadRequest: there is no question.
            JobError: a simulation that the answer needs did not end well.
        """
        question = question.strip()
        if not question:
            msg = "A question has at least one word; got none; for example: why do gradients vanish?"
            raise BadRequest(msg)
        question = question[:MAX_QUESTION]
        if previous is not None:
            followed = await self._follow(question, previous, theme, asker, on_status)
            if followed is not None:
                return followed
        found, wanted = await think(self._read, question, previous)
        if isinstance(found, Answer):
            entry = self.catalog.entries[found.id]
            return await self.answer(
                entry,
                question,
                wanted,
                theme=theme,
                candidates=found.candidates,
                closer=found.narrower.id if found.narrower else None,
                asker=asker,
                on_status=on_status,
            )
        if isinstance(found, Offer):
            entries = (self.catalog.entries[candidate.id] for candidate in found.candidates)
            knobs = {entry.id: written(offered(entry, wanted)) for entry in entries}
            return OfferReply(question=question, candidates=found.candidates, knobs=knobs)
        # "thanks" does not end what was talked about.
        return SilentReply(question=question, candidates=found.candidates, known=self._known, turn=previous)

    def _read(self, question: str, previous: Turn | None) -> tuple[Match, Mapping[str, str]]:
        return self._match(question, previous), parameters(question)

    def _match(self, question: str, previous: Turn | None) -> Match:
        """Match a question; one that says "it" is read together with the question before.

        That only helps where both readings agree: with the words before, "thanks" would be a question too.
        """
        found = self.matcher.match(question, caution=self.caution)
        if previous is None or isinstance(found, Answer) or not found.candidates:
            return found
        both = f"{question} {previous.question}"[:MAX_QUESTION]
        together = self.matcher.match(both, caution=self.caution)
        agree = isinstance(together, Answer) and together.id == found.candidates[0].id != previous.answer
        return together if agree else found

    def turn(self, question: str) -> Turn:
        """Return what a follow-up to this question refers to, without running the answer.

        Raises:
            BadRequest: no one answer belongs to the question.
        """
        found = self.matcher.match(question[:MAX_QUESTION], caution=self.caution)
        if not isinstance(found, Answer):
            titles = " or ".join(f'"{candidate.title}"' for candidate in found.candidates[:2])
            hint = f"; ask {titles}" if titles else ""
            msg = f"A follow-up needs a question that one answer belongs to; got {question!r:.60}{hint}."
            raise BadRequest(msg)
        entry = self.catalog.entries[found.id]
        knobs = tailor(entry, parameters(question), self.laboratory.allowance).knobs
        return Turn(answer=entry.id, question=question, knobs=knobs)

    def is_for_us(self, text: str, previous: Turn) -> bool:
        """Tell whether what was said below an answer, to nobody by name, can be answered."""
        if not isinstance(follow(text, previous, self.catalog), Anew):
            return True
        found = self.matcher.match(text[:MAX_QUESTION], mode=Mode.CHANNEL, caution=self.caution)
        return isinstance(found, Answer)

    async def answer(  # noqa: PLR0913  what is asked, and how it is shown
        self,
        entry: Entry,
        question: str,
        wanted: Mapping[str, str] = _NOTHING,
        *,
        previous: Turn | None = None,
        note: str = "",
        theme: str = "dark",
        candidates: Sequence[Candidate] = (),
        closer: str | None = None,
        asker: Asker | None = None,
        on_status: OnStatus = ignore,
    ) -> AnswerReply:
        """Run the simulations of an entry and render it.

        Args:
            entry: the answer.
            question: what was asked.
            wanted: what the question sets for its own network, as `parameters` finds it.
            previous: the answer before; of the same entry its question is kept.
            note: what is to be said besides what was changed.
            theme: of the plots.
            candidates: the entries that the question might have meant.
            closer: the id of a narrower entry that the question may have meant more exactly.
            asker: for whom; None is somebody without a name.
            on_status: is told where the runs stand.

        Raises:
            JobError: a simulation did not end well.
        """
        start = time.monotonic()
        tailored = tailor(entry, wanted, self.laboratory.allowance)
        shown = await self._shown(tailored.entry, theme, asker, on_status)
        rendered = shown.rendered
        # A claim that fails on the asker's own network is no fault of the answer.
        own = tailored.entry is not entry
        problems = [one for one in rendered.problems if not (own and one.code == "claim-fails")]
        return AnswerReply(
            id=entry.id,
            question=question,
            title=entry.title,
            short=rendered.short,
            body=rendered.body,
            more=rendered.more,
            misconception=rendered.misconception,
            markdown=rendered.markdown,
            verdicts=rendered.verdicts,
            images=shown.images,
            finding=shown.finding,
            sources=entry.sources,
            try_next=entry.try_next,
            candidates=tuple(candidates),
            problems=tuple(str(problem) for problem in problems),
            seconds=time.monotonic() - start,
            note=" ".join(text for text in (tailored.note, note) if text),
            closer=next((one for one in self.see_also(entry, closer) if one.id == closer), None),
            see_also=self.see_also(entry, closer),
            turn=_turn(entry, question, tailored.knobs, previous),
        )

    async def _shown(self, entry: Entry, theme: str, asker: Asker | None, on_status: OnStatus) -> Shown:
        """Run an entry's simulations and render it, unless it is in the library and was shown just now."""
        build = self.jobs.engine.build
        if (shown := self.recently.get(entry, theme, build)) is not None:
            return shown
        simulations = plan(entry)
        runs = [Run.of(one, theme) for one in simulations]
        results = await self.laboratory.run(runs, asker, on_status)
        named = zip(simulations, results, strict=True)
        shown = Shown(
            entry=entry,
            rendered=await think(_finish, entry, results),
            images=tuple(image for run, result in named for image in _images(result, theme, run.name)),
            finding=_finding(results[0], theme),
        )
        own = self.catalog.entries.get(entry.id) is entry
        if own and self.jobs.engine.build == build and all(run.lasting for run in runs):
            self.recently.put(shown, theme, build)
        return shown

    def see_also(self, entry: Entry, closer: str | None) -> tuple[Pointer, ...]:
        """Return what to read after an answer: one meant more exactly, related ones, and its parts."""
        parts = (other.id for other in self.catalog if other.part_of == entry.id)
        ids = dict.fromkeys([closer or "", *entry.related, *parts])
        others = [self.catalog.entries[id_] for id_ in ids if id_ in self.catalog.entries]
        return tuple(Pointer(id=one.id, title=one.title) for one in others[:_SEE_ALSO])

    async def _follow(
        self, question: str, previous: Turn, theme: str, asker: Asker | None, on_status: OnStatus
    ) -> AskReply | None:
        """Do what a follow-up asks for; a question of its own is none."""
        step = follow(question, previous, self.catalog)
        if isinstance(step, Anew):
            return None
        if isinstance(step, Rerun | Switch):
            entry = self.catalog.entries[step.answer if isinstance(step, Switch) else previous.answer]
            return await self.answer(
                entry,
                question,
                step.knobs,
                previous=previous,
                note=step.note if isinstance(step, Rerun) else "",
                theme=theme,
                asker=asker,
                on_status=on_status,
            )
        if isinstance(step, Show):
            return await self.part(
                step.part, question, previous, theme=theme, asker=asker, on_status=on_status
            )
        if isinstance(step, Say):
            return RemarkReply(question=question, text=step.text, turn=previous)
        return await think(self._others, previous)

    async def part(  # noqa: PLR0913  what is shown, and what it belongs to
        self,
        part: Part,
        question: str,
        previous: Turn,
        *,
        theme: str = "dark",
        asker: Asker | None = None,
        on_status: OnStatus = ignore,
    ) -> PartReply:
        """Show another part of an answer that was given.

        Raises:
            JobError: a simulation did not end well.
        """
        entry = self.catalog.entries[previous.answer]
        tailored = tailor(entry, previous.knobs, self.laboratory.allowance)
        more, start = "", time.monotonic()
        if part == "more":  # its numbers are measured, like all others
            more = (await self._shown(tailored.entry, theme, asker, on_status)).rendered.more
        seconds = time.monotonic() - start
        return part_of(tailored.entry, part, more, question=question, seconds=seconds, turn=previous)

    async def measured(
        self,
        entry: Entry,
        wanted: Mapping[str, str],
        *,
        theme: str = "dark",
        asker: Asker | None = None,
        on_status: OnStatus = ignore,
    ) -> list[Measurements]:
        """Return the numbers behind an answer, one result for each of its runs.

        Raises:
            JobError: a simulation did not end well.
        """
        tailored = tailor(entry, wanted, self.laboratory.allowance)
        # With the pictures, although nobody sees them: so it is the run that was shown.
        runs = [Run.of(one, theme) for one in plan(tailored.entry)]
        results = await self.laboratory.run(runs, asker, on_status)
        return await think(_measurements, results)

    def _others(self, previous: Turn) -> OfferReply | SilentReply:
        """Offer what the question before might have meant instead."""
        ranked = self.matcher.match(previous.question).candidates
        candidates = other_candidates(self.catalog, previous, ranked)
        refused = (*previous.refused, previous.answer, *(candidate.id for candidate in candidates))
        turn = replace(previous, refused=tuple(dict.fromkeys(refused)))
        if not candidates:
            return SilentReply(question=previous.question, candidates=(), known=self._known, turn=turn)
        wanted = {**parameters(previous.question), **previous.knobs}
        entries = (self.catalog.entries[candidate.id] for candidate in candidates)
        knobs = {entry.id: written(offered(entry, wanted)) for entry in entries}
        return OfferReply(question=previous.question, candidates=candidates, knobs=knobs, turn=turn)

    @property
    def _known(self) -> tuple[str, ...]:
        """Return the titles that most other answers lead to: where a newcomer may begin."""
        led_to = Counter(id_ for entry in self.catalog for id_ in entry.related)
        known = sorted(self.catalog, key=lambda entry: (-led_to[entry.id], entry.id))
        return tuple(entry.title for entry in known)[:_KNOWN_TITLES]

    async def simulate(
        self,
        text: str,
        *,
        experiment: str | None = None,
        theme: str = "dark",
        asker: Asker | None = None,
        on_status: OnStatus = ignore,
    ) -> SimulationReply:
        """Run the configurations of `SPEC [vs SPEC…]` in an experiment, the one named or that suits.

        Raises:
            SimulationError: the text cannot be read, makes no sense, or is too expensive.
            JobError: the run did not end well.
        """
        start = time.monotonic()
        run = replace(self.laboratory.require_simulation(text, experiment), theme=theme)
        [result] = await self.laboratory.run([run], asker, on_status)
        measured = await think(measurements, result)
        return SimulationReply(
            title=_finding(result, theme),
            lines=[_line(run.experiment, variant) for variant in measured.variants],
            images=_images(result, theme, "simulation"),
            measured=measured,
            seconds=time.monotonic() - start,
        )


def _measurements(results: Sequence[Result]) -> list[Measurements]:
    return [measurements(result) for result in results]


def _finish(entry: Entry, results: Sequence[Result]) -> Rendered:
    return finish(entry, _measurements(results))


def _turn(entry: Entry, question: str, knobs: Mapping[str, str], previous: Turn | None) -> Turn:
    if previous is not None and previous.answer == entry.id:
        return replace(previous, knobs=knobs)
    return Turn(answer=entry.id, question=question, knobs=knobs)


def _cards(result: Result, theme: str) -> Sequence[dict[str, Any]]:
    return result.data["cards"][theme]


def _images(result: Result, theme: str, run: str) -> tuple[Image, ...]:
    """Name the images after the run: two of one answer may be of the same experiment."""
    return tuple(
        Image(
            name=f"{run}-{card['file']}",
            png=result.files[card["file"]],
            alt=card["alt"],
            leading=number == 0,
        )
        for number, card in enumerate(_cards(result, theme))
    )


def _finding(result: Result, theme: str) -> str:
    return _cards(result, theme)[0]["title"]


def _line(experiment: str, variant: Variant) -> VariantLine:
    return VariantLine(label=variant.label, spec=variant.spec.text, lines=SUMMARIES[experiment](variant))
