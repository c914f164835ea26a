"""The service: what it refuses before a job starts, and what it hands on."""

import asyncio
import threading
from typing import Any

import pytest
from engines import Refusing, no_job

from answers.catalog import load
from answers.entry import Entry
from answers.followups import Turn
from answers.matching import Candidate, Matcher, Offer
from bot import config
from bot.cli import session
from bot.errors import BadRequest
from bot.jobs.errors import JobTimedOut
from bot.jobs.job import Limits
from bot.jobs.service import JobService
from bot.laboratory import Laboratory
from bot.reply import OfferReply, PartReply, RemarkReply, SilentReply
from bot.service import Service
from sim.cost import Machine
from sim.errors import SpecError, TooExpensive


@pytest.fixture
def engine() -> Refusing:
    return Refusing()


@pytest.fixture
def service(engine: Refusing, shipped_matcher: Matcher) -> Service:
    catalog = load()
    laboratory = Laboratory(jobs=JobService(engine), limits=Limits(wall_seconds=9))
    return Service(catalog=catalog, matcher=shipped_matcher, laboratory=laboratory)


async def test_nothing_runs_for_a_question_without_an_answer(service: Service, engine: Refusing) -> None:
    with no_job(engine):
        assert isinstance(await service.ask("when is lunch?"), SilentReply)
        assert isinstance(await service.ask("vanishing gradient"), OfferReply)
        with pytest.raises(BadRequest):
            await service.ask("  \n ")


def test_what_to_read_next_begins_with_the_answer_that_was_meant_more_exactly(service: Service) -> None:
    catalog = service.catalog
    entry = catalog.entries["learning_rate"]
    pointers = service.see_also(entry, "optimizers")
    assert pointers[0].id == "optimizers"
    assert {pointer.id for pointer in pointers} >= set(entry.related[:2])
    assert all(pointer.title == catalog.entries[pointer.id].title for pointer in pointers)
    assert len(service.see_also(entry, None)) == 4


async def test_an_offer_keeps_the_network_that_the_question_speaks_of(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offers(_matcher: Matcher, _question: str, **_how: object) -> Offer:
        candidates = tuple(Candidate(id=entry.id, title=entry.title, score=0.5) for entry in service.catalog)
        return Offer(confidence=0.5, candidates=candidates)

    monkeypatch.setattr(Matcher, "match", offers)
    offer = await service.ask("vanishing gradient with 50 layers")
    assert isinstance(offer, OfferReply)
    deep = {entry.id for entry in service.catalog if any("depth" in one.knobs for one in entry.simulations)}
    assert 0 < len(deep) < len(service.catalog)
    assert offer.knobs == {entry.id: "depth=50" if entry.id in deep else "" for entry in service.catalog}


async def test_an_answer_is_run_on_the_network_that_was_kept(service: Service, engine: Refusing) -> None:
    entry = service.catalog.entries["what_is_vanishing"]
    with pytest.raises(JobTimedOut):
        await service.answer(entry, entry.title, {"depth": "7"})
    assert {spec["depth"] for spec in engine.jobs[0].request["specs"]} == {7}


async def test_a_configuration_may_name_its_experiment(service: Service, engine: Refusing) -> None:
    with pytest.raises(JobTimedOut):
        await service.simulate("3x8 experiment=precision")
    assert engine.jobs[0].request["experiment"] == "precision"


async def test_the_machine_is_measured_once_before_the_first_question_and_beside_the_event_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads: list[str] = []

    def measured() -> Machine:
        threads.append(threading.current_thread().name)
        return Machine(calls=0.5)

    monkeypatch.setattr(session, "this_machine", measured)
    async with session.open_service(config.load({})) as service:
        assert len(threads) == 1
        laboratory = service.laboratory
        assert laboratory.allowance.machine == laboratory.allowance.machine == Machine(calls=0.5)
    assert len(threads) == 1
    assert threads[0] != threading.main_thread().name


async def test_nothing_runs_for_a_refused_configuration(service: Service, engine: Refusing) -> None:
    with no_job(engine):
        with pytest.raises(SpecError, match="did you mean 'sigmoid'"):
            await service.simulate("sigmod")
        with pytest.raises(SpecError, match="has at least one word; got none"):
            await service.simulate(" ")
        with pytest.raises(TooExpensive, match="the limit is 9 s"):
            await service.simulate("100x1024 steps=10000")


async def test_the_operators_limits_reach_the_job_and_its_error_the_asker(
    service: Service, engine: Refusing
) -> None:
    with pytest.raises(JobTimedOut, match="stopped after 9 s"):
        await service.simulate("3x8 vs relu he")
    assert engine.jobs[0].limits.wall_seconds == 9
    assert engine.jobs[0].request["experiment"] == "gradients"
    assert [spec["activation"] for spec in engine.jobs[0].request["specs"]] == ["sigmoid", "relu"]


def turn(service: Service, answer: str, **knobs: str) -> Turn:
    return Turn(answer=answer, question=service.catalog.entries[answer].title, knobs=knobs)


async def test_a_follow_up_runs_the_answer_before_with_what_was_changed(
    service: Service, engine: Refusing
) -> None:
    previous = turn(service, "what_is_vanishing", depth="7")
    with pytest.raises(JobTimedOut):
        await service.ask("and with 20 units?", previous=previous)
    assert {(spec["depth"], spec["width"]) for spec in engine.jobs[0].request["specs"]} == {(7, 20)}


async def test_a_follow_up_leads_to_another_answer(service: Service, engine: Refusing) -> None:
    with pytest.raises(JobTimedOut):
        await service.ask("and ReLU?", previous=turn(service, "sigmoid", depth="7"))
    relu = service.catalog.entries["relu"].simulations
    assert engine.jobs[0].request["experiment"] == relu[0].experiment
    assert {spec["depth"] for spec in engine.jobs[0].request["specs"]} == {7}


async def test_without_an_answer_before_the_same_words_are_a_question(
    service: Service, engine: Refusing
) -> None:
    with no_job(engine):
        for words in ("source?", "not what I asked", "show me the code"):
            assert not isinstance(await service.ask(words), PartReply | RemarkReply)


async def test_sources_and_code_are_shown_without_a_run(service: Service, engine: Refusing) -> None:
    previous = turn(service, "sigmoid", depth="7")
    with no_job(engine):
        sources = await service.ask("source?", previous=previous)
        code = await service.ask("show me the code", previous=previous)
        none = await service.ask("code?", previous=turn(service, "convexity"))
    assert isinstance(sources, PartReply)
    assert sources.sources == service.catalog.entries["sigmoid"].sources
    assert isinstance(code, PartReply)
    assert [one.name for one in code.scripts] == ["sigmoid.py", "tanh.py", "saturated.py"]
    assert all("depth=7 " in one.text for one in code.scripts)
    for one in code.scripts:
        compile(one.text, one.name, "exec")
    assert isinstance(none, PartReply)
    assert none.scripts == ()
    assert none.text.startswith(
        "There are scripts for gradients, training, through_time; this answer measures "
    )
    assert sources.turn == code.turn == previous


async def test_more_is_measured_like_the_answer_itself(service: Service, engine: Refusing) -> None:
    with pytest.raises(JobTimedOut):
        await service.ask("why?", previous=turn(service, "sigmoid", depth="7"))
    assert {spec["depth"] for spec in engine.jobs[0].request["specs"]} == {7}


async def test_what_cannot_be_changed_is_said_and_nothing_runs(service: Service, engine: Refusing) -> None:
    previous = turn(service, "sigmoid")
    with no_job(engine):
        remark = await service.ask("and GELU?", previous=previous)
    assert isinstance(remark, RemarkReply)
    assert remark.text.startswith("This answer cannot be run with activation=gelu.")
    assert remark.turn == previous


async def test_who_was_not_understood_is_offered_other_answers_until_there_are_none(
    service: Service, engine: Refusing
) -> None:
    previous: Turn | None = turn(service, "sigmoid", depth="7")
    seen = ["sigmoid"]
    with no_job(engine):
        while isinstance(reply := await service.ask("not what I asked", previous=previous), OfferReply):
            seen += [candidate.id for candidate in reply.candidates]
            assert reply.turn is not None
            assert "depth=7" in reply.knobs.values()
            previous = reply.turn
    assert len(seen) > 3
    assert len(set(seen)) == len(seen)
    assert isinstance(reply, SilentReply)


async def test_thanks_do_not_end_what_was_talked_about(service: Service) -> None:
    previous = turn(service, "sigmoid")
    reply = await service.ask("thanks a lot!", previous=previous)
    assert isinstance(reply, SilentReply)
    assert reply.turn == previous


def test_the_turn_of_a_question_is_its_answer_and_what_it_sets(service: Service) -> None:
    title = service.catalog.entries["what_is_vanishing"].title
    assert service.turn(title) == Turn(answer="what_is_vanishing", question=title)
    with pytest.raises(BadRequest, match="needs a question that one answer belongs to; got 'when is lunch"):
        service.turn("when is lunch?")


def test_what_is_said_below_an_answer_is_for_the_bot_only_if_it_follows_up_or_is_known(
    service: Service,
) -> None:
    previous = turn(service, "sigmoid")
    for words in ("why?", "and with 10 layers?", "and GELU?", "What is the vanishing gradient problem?"):
        assert service.is_for_us(words, previous)
    for words in ("thanks, that helped!", "I think so too", "when is lunch?", "@bob did you see this?"):
        assert not service.is_for_us(words, previous)


@pytest.mark.parametrize(
    ("question", "leads_to"),
    [("ok and how do i fix it", "remedies"), ("how can i see that in my code", "detection")],
)
async def test_a_question_that_says_it_is_read_with_the_one_before(
    service: Service, question: str, leads_to: str
) -> None:
    shown: list[str] = []

    async def answer(_service: Service, entry: Entry, *_: Any, **__: Any) -> RemarkReply:
        await asyncio.sleep(0)
        shown.append(entry.id)
        return RemarkReply(question=question, text="")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Service, "answer", answer)
        previous = Turn(answer="what_is_vanishing", question="whats vanishing gradient", knobs={})
        await service.ask(question, previous=previous)
        assert isinstance(await service.ask(question), SilentReply | OfferReply)
        assert isinstance(await service.ask("thanks a lot!", previous=previous), SilentReply)
    assert shown == [leads_to]
