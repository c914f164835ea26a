"""What is wrong with a text is said, at first sight and after its runs, in the words of `check`."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pytest
from answer_samples import SHARED, effort
from answer_samples import changed as sample_with
from click.testing import CliRunner

from answers.catalog import Catalog
from answers.problem import Problem
from bot.cli import check
from bot.jobs.asker import Asker
from bot.jobs.errors import JobCancelled
from bot.jobs.job import Engine, Job, Limits, OnProgress, Result
from bot.jobs.service import JobService
from bot.jobs.status import Running, Status
from bot.laboratory import Laboratory
from bot.libraries import Libraries
from bot.teaching.library import Library, Shelf
from bot.teaching.review import Client, Review, Reviewer

ATTACKS = SHARED / "template_attacks_dev.jsonl"
GOOD = ("cold.factor_per_layer > 1", "cold.factor_per_layer > 0.3")


class Ran(Protocol):
    """An engine that remembers what it ran, and can refuse an experiment."""

    jobs: list[Job]
    refusing: set[str]


def changed(*changes: tuple[str, str]) -> str:
    return sample_with(GOOD, *changes)


@pytest.fixture(scope="module")
def library() -> Library:
    return Libraries().base


@pytest.fixture
def reviewer(laboratory: Laboratory) -> Reviewer:
    return Reviewer(laboratory=laboratory)


def codes(problems: Sequence[Problem]) -> list[tuple[str, int]]:
    return [(problem.code, problem.line) for problem in problems]


async def test_what_is_seen_at_first_sight_is_told_before_anything_has_run(
    reviewer: Reviewer, library: Library, engine: Ran
) -> None:
    told: list[tuple[Review, int]] = []
    statuses: list[Status] = []
    client = Client(
        on_found=lambda review: told.append((review, len(engine.jobs))),
        on_status=statuses.append,
    )
    text = changed(("The body.", "It is 7."), ("holds: warm.factor_per_layer < 0.5", "holds: warm.depth > 9"))
    review = await reviewer.review(text, "sample", library, client)
    (first, ran), (second, _) = told
    assert (codes(first.problems), first.reply, first.done, ran) == ([("typed-number", 32)], None, False, 0)
    assert second.reply is not None
    assert not second.done
    assert codes(review.problems) == [("claim-fails", 19), ("typed-number", 32)]
    assert review.done
    assert not review.passed
    fractions = [status.fraction for status in statuses if isinstance(status, Running)]
    assert fractions
    assert fractions == sorted(fractions)


async def test_the_review_says_what_check_says(
    reviewer: Reviewer, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = changed(
        ("title: A sample answer for tests", "title: What is {{ warm.depth }}?"),
        ("    variants:", "    knobs: [depth, depth, lr]\n    variants:"),
        ("holds: warm.factor_per_layer < 0.5", "holds: warm < 0.5"),
        ("The body.", "{{ warm.facter_per_layer }}\n\n| a | b |\n|---|---|\n| c | d |\n\n@everyone"),
    )
    await asyncio.to_thread((tmp_path / "sample.md").write_text, text, encoding="utf-8")
    done = await asyncio.to_thread(CliRunner().invoke, check.command, ["--json", "sample.md"])
    document = json.loads(done.stdout)
    review = await reviewer.review(text, "sample", library)
    said = [(one.code, one.line, one.message) for one in review.faults]
    assert said == [(one["code"], one["line"], one["message"]) for one in document["problems"]]
    assert {code for code, _, _ in said} == {"template", "duplicate", "knobs", "claim", "markdown"}


async def test_a_review_that_nobody_waits_for_ends_its_runs(library: Library) -> None:
    full, empty = asyncio.Event(), asyncio.Event()

    class Endless(Engine):
        capacity = 2
        build = "any"
        running = 0

        async def start(self) -> None:
            """Do nothing."""

        async def run(self, job: Job, on_progress: OnProgress) -> Result:
            del job, on_progress
            self.running += 1
            if self.running == self.capacity:
                full.set()
            try:
                await asyncio.sleep(3600)
            finally:
                self.running -= 1
                if not self.running:
                    empty.set()
            raise JobCancelled.by_asker()

        async def aclose(self) -> None:
            """Do nothing."""

    engine = Endless()
    jobs = JobService(engine)
    reviewer = Reviewer(laboratory=Laboratory(jobs=jobs, limits=Limits()))
    review = asyncio.create_task(
        reviewer.review(changed(), "sample", library, Client(asker=Asker(person="p")))
    )
    async with asyncio.timeout(10):
        await full.wait()
    review.cancel()
    with pytest.raises(asyncio.CancelledError):
        await review
    async with asyncio.timeout(10):
        await empty.wait()
    assert jobs.load.waiting == 0
    await jobs.aclose()


async def test_a_shutdown_is_no_fault_of_the_answer(reviewer: Reviewer, library: Library) -> None:
    await reviewer.laboratory.jobs.drain(0)
    with pytest.raises(JobCancelled):
        await reviewer.review(changed(), "sample", library)


async def test_a_run_that_fails_is_named_once_and_the_rest_is_looked_at(
    reviewer: Reviewer, library: Library, engine: Ran
) -> None:
    engine.refusing.add("gradients")
    review = await reviewer.review(changed(("The body.", "It is 7.")), "sample", library)
    assert codes(review.problems) == [("run", 11), ("typed-number", 32)]
    assert review.reply is None
    assert review.done


async def test_the_id_stays(reviewer: Reviewer, library: Library) -> None:
    review = await reviewer.review(changed(), "another", library)
    [fault] = review.faults
    assert fault.message == "This is the text of 'another'; got id 'sample'; an id stays: write id: another."


@pytest.mark.parametrize(
    "text", ["", "---", "\0", "---\n---\n", "---\n[\n---\n", "x" * 100_000, "---\n" + "- " * 5_000]
)
async def test_whatever_is_no_answer_has_a_sentence(text: str, reviewer: Reviewer, library: Library) -> None:
    review = await reviewer.review(text, "sample", library)
    assert review.faults
    assert review.done
    assert all(fault.message.endswith((".", "?")) for fault in review.faults)


CASES = (
    [json.loads(line) for line in ATTACKS.read_text(encoding="utf-8").splitlines()]
    if ATTACKS.is_file()
    else []
)


@pytest.mark.parametrize("part", ["title", "short", "body", "claim", "holds"])
@pytest.mark.skipif(not CASES, reason=f"{ATTACKS} is not there; set BACKCHAT_SHARED to its folder")
def test_an_attack_is_refused_with_a_sentence_wherever_it_stands(
    part: str, laboratory: Laboratory, library: Library
) -> None:
    places = {
        "title": "title: A sample answer for tests",
        "short": "short: The kettle is warm enough in this room.",
        "body": "The body.",
        "claim": "    text: It shrinks to {{ warm.factor_per_layer | num }}.",
        "holds": "    holds: warm.factor_per_layer < 0.5",
    }
    reviewer = Reviewer(laboratory=laboratory)
    small = Shelf(catalog=Catalog(entries={}), matcher=library.matcher)
    for case in CASES:
        template = case["template"]
        key = places[part].partition(":")[0]
        text = changed((places[part], template if part == "body" else f"{key}: {json.dumps(template)}"))
        # What counts memory takes ten times as long as what it counts: once for each of the two languages.
        with effort(memory=part in {"body", "holds"}) as spent:
            review = reviewer.look(text, "sample", small)
        assert review.faults, (part, case)
        assert all(fault.message.endswith((".", "?")) for fault in review.faults)
        assert spent.calls < 400_000, case
        assert spent.seconds < 5, case
        assert spent.peak < 20_000_000, case
