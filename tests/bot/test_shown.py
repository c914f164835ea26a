"""An answer that was shown is shown again without reading, checking and rendering it."""

from dataclasses import replace

from answers.catalog import Catalog, load
from answers.entry import Entry
from answers.matching import Matcher
from answers.pipeline import Rendered
from bot.jobs.job import Job, Limits, OnProgress, Result
from bot.jobs.local import LocalEngine
from bot.jobs.service import JobService
from bot.laboratory import Laboratory
from bot.service import Service
from bot.shown import RecentlyShown, Shown


class Watched(LocalEngine):
    """A real engine that counts, on a machine whose processor can be exchanged."""

    def __init__(self) -> None:
        super().__init__(slots=2, preload=["bot.jobs.preload", "bot.jobs.child", "sim.tasks"])
        self.jobs = 0
        self.processor = "first"

    @property
    def build(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride] nobody writes it
        return self.processor

    async def run(self, job: Job, on_progress: OnProgress) -> Result:
        self.jobs += 1
        return await super().run(job, on_progress)


async def test_an_answer_is_run_once_until_something_it_depends_on_changes() -> None:
    catalog = load()
    entry = catalog.entries["what_is_vanishing"]
    engine = Watched()
    jobs = JobService(engine)
    await engine.start()
    few = Catalog(entries={entry.id: entry})
    service = Service(
        catalog=few, matcher=Matcher(few, method="lexical"), laboratory=Laboratory(jobs=jobs, limits=Limits())
    )
    first = await service.answer(entry, "why does it vanish?")
    runs = engine.jobs
    assert runs == len(entry.simulations)
    again = await service.answer(entry, "vanishing?")
    assert engine.jobs == runs
    assert (again.markdown, again.images, again.finding) == (first.markdown, first.images, first.finding)
    assert again.question == "vanishing?"
    assert again.turn is not None
    await service.answer(entry, "with 7 layers", {"depth": "7"})
    await service.answer(entry, "with 7 layers", {"depth": "7"})
    assert engine.jobs == 3 * runs  # a network of one's own is nobody else's
    await service.answer(entry, "light", theme="light")
    assert engine.jobs == 4 * runs
    edited = replace(entry, short="Another text.")
    service = replace(service, catalog=Catalog(entries={entry.id: edited}))
    assert (await service.answer(edited, "edited")).short == "Another text."
    engine.processor = "second"
    await service.answer(edited, "moved")
    assert engine.jobs == 6 * runs
    await jobs.aclose()


def test_the_least_recently_shown_is_forgotten_first() -> None:
    entries = list(load())[:3]
    recently = RecentlyShown(size=2)
    for entry in entries[:2]:
        recently.put(shown(entry), "dark", "b")
    assert recently.get(entries[0], "dark", "b")
    recently.put(shown(entries[2]), "dark", "b")
    assert [recently.get(entry, "dark", "b") is not None for entry in entries] == [True, False, True]


def shown(entry: Entry) -> Shown:
    rendered = Rendered(entry=entry, short="", body="", more="", misconception="", verdicts=())
    return Shown(entry=entry, rendered=rendered, images=(), finding="")
