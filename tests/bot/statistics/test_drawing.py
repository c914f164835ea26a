"""The plot of the questions can be read at any number of weeks, and is drawn in a job."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.jobs.job import Engine, Job, Limits, OnProgress, Result
from bot.jobs.service import JobService
from bot.jobs.tasks import resolve
from bot.laboratory import Laboratory
from bot.statistics.drawing import draw
from bot.statistics.report import Counts, Report
from bot.statistics.report import Week as WeekOfReport
from sim.plots import DARK, LIGHT, MAX_ALT, Theme
from sim.plots.asked import Week, alt_of, compose_weeks, draw_weeks, title_of
from sim.plots.legibility import check_legible
from sim.plots.wording import MAX_TITLE

TODAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 16)


def weeks(*counts: tuple[int, int, int]) -> list[Week]:
    first = MONDAY - timedelta(weeks=len(counts) - 1)
    return [
        Week(monday=first + timedelta(weeks=n), answered=a, offered=o, silent=s)
        for n, (a, o, s) in enumerate(counts)
    ]


def many(number: int, scale: float) -> list[Week]:
    chance = np.random.default_rng(number)
    return weeks(*[tuple(chance.poisson([scale, scale / 4, scale / 6]).tolist()) for _ in range(number)])


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("number", [0, 1, 2, 12, 57, 60])
@pytest.mark.parametrize("scale", [0.0, 0.5, 30.0, 3000.0])
def test_every_card_can_be_read(number: int, scale: float, theme: Theme) -> None:
    assert check_legible(compose_weeks(many(number, scale), TODAY, theme).finish()) == []


@given(st.lists(st.tuples(*[st.integers(0, 100_000)] * 3), max_size=60))
@settings(max_examples=25, deadline=None)
def test_titles_and_texts_fit_whatever_was_counted(counts: list[tuple[int, int, int]]) -> None:
    found = weeks(*counts)
    assert len(title_of(found)) <= MAX_TITLE
    assert len(alt_of(found, TODAY)) <= MAX_ALT
    frame = compose_weeks(found, TODAY, DARK).frame
    places = [place for place, _ in frame.x.ticks]
    assert all(later > earlier for earlier, later in pairwise(places))
    assert len(places) <= 5


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ([], "No questions yet"),
        ([(0, 0, 0)], "No questions yet"),
        ([(1, 0, 0)], "One question, answered"),
        ([(0, 0, 1)], "One question, not answered"),
        ([(3, 0, 0)], "All of 3 questions were answered"),
        ([(0, 2, 1)], "None of 3 questions was answered"),
        ([(3, 0, 0), (0, 1, 0)], "75 % of 4 questions were answered"),
    ],
)
def test_the_title_is_what_was_found(counts: Sequence[tuple[int, int, int]], title: str) -> None:
    assert title_of(weeks(*counts)) == title


def test_the_alternative_text_says_what_the_card_shows() -> None:
    found = weeks((5, 1, 0), (2, 0, 2))
    assert alt_of(found, TODAY) == (
        "Line chart of the questions in each of 2 weeks: 10 questions. Of these answered: 7 (70 %), several "
        "offered: 1 (10 %), no answer: 2 (20 %). Most in one week: 6, from 9 Nov 2026; in the last one: 4. "
        "2 weeks, 9 Nov 2026 to 21 Nov 2026, the last one is not over."
    )
    assert alt_of([], TODAY) == "Line chart of the questions in each week: there were none."


def test_the_same_numbers_give_the_same_picture_as_large_as_all_others() -> None:
    plot = draw_weeks(many(12, 30), TODAY, DARK)
    assert plot.png == draw_weeks(many(12, 30), TODAY, DARK).png
    assert Image.open(io.BytesIO(plot.png)).size == (1320, 840)


class InThisProcess(Engine):
    """An engine that runs the task of the allow-list here."""

    capacity = 1
    build = "this"

    async def start(self) -> None:
        """Do nothing."""

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        del on_progress
        data, files = resolve(job.task)(job.request, lambda _done, _text: None)
        return Result(data=data, files=files)

    async def aclose(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_a_report_is_drawn_by_a_job(theme: str) -> None:
    counts = Counts(answered=3, offered=1)
    report = Report(
        since=MONDAY,
        today=TODAY,
        weeks=(WeekOfReport(monday=MONDAY, counts=counts),),
        total=counts,
        answers=(),
        unanswered=None,
    )
    jobs = JobService(InThisProcess())
    laboratory = Laboratory(jobs=jobs, limits=Limits())
    image = await draw(laboratory, report, theme)
    assert image.name == f"questions-{theme}.png"
    assert image.alt.startswith("Line chart of the questions in one week: 4 questions.")
    pixel = Image.open(io.BytesIO(image.png)).convert("RGB").getpixel((2, 2))
    assert pixel == {"dark": (0x1E, 0x1F, 0x22), "light": (255, 255, 255)}[theme]
    empty = await draw(laboratory, replace(report, weeks=(), total=Counts()), theme)
    assert empty.alt.endswith("there were none.")
    await jobs.aclose()
