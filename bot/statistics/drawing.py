"""The plot of a report, drawn where all plots are: in a job process."""

from bot.jobs.asker import Asker
from bot.jobs.job import Job
from bot.jobs.status import OnStatus, ignore
from bot.laboratory import Laboratory
from bot.reply import Image
from bot.statistics.report import Report

_SECONDS = 0.2


async def draw(
    laboratory: Laboratory,
    report: Report,
    theme: str = "dark",
    *,
    asker: Asker | None = None,
    on_status: OnStatus = ignore,
) -> Image:
    """Draw a report in the theme "dark" or "light"; a job gets its numbers, and nothing else of the server.

    Raises:
        JobError: it could not be drawn at present.
    """
    weeks = [
        [week.monday.isoformat(), week.counts.answered, week.counts.offered, week.counts.silent]
        for week in report.weeks
    ]
    request = {"theme": theme, "weeks": weeks, "today": report.today.isoformat()}
    job = Job(task="statistics", request=request, limits=laboratory.limits, seconds=_SECONDS)
    result = await laboratory.jobs.run(job, asker or Asker(), on_status)
    file = result.data["file"]
    return Image(name=file, png=result.files[file], alt=result.data["alt"])
