"""A server with a past: its roles are set, and for eight weeks students have asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.storage.feedback import Verdict
from bot.storage.guild_settings import GuildSettings
from bot.storage.inbox import Missed, Reason
from bot.storage.location import at_file
from bot.storage.opening import open_storage
from bot.storage.people import Author, Signed
from bot.storage.questions import Outcome
from discord_double import (
    ASSISTANT_ROLE_ID,
    AUDIT_ID,
    GUILD_ID,
    HELPER_ROLE_ID,
    INSTRUCTOR,
    INSTRUCTOR_ROLE_ID,
    STUDENT,
)

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.opening import Storage

_SETTINGS = {
    "instructors": (INSTRUCTOR_ROLE_ID,),
    "assistants": (ASSISTANT_ROLE_ID,),
    "helpers": (HELPER_ROLE_ID,),
    "audit_channel": AUDIT_ID,
    "keep_questions": True,
}
_A_DAY = (1, 2, 0, 3, 1, 0, 2)
"""How many questions come on the days of a week, before the course gets going."""
_SLUGS = ("relu", "why_is_it_a_problem", "batchnorm", "lstm_gru", "init", "degradation")
_WEEKS = 8
_MISSED = {
    "when is the exam?": 1,
    "what is beam search": 3,
    "my very first layers get practically no learning signal, whats up": 2,
}


async def furnish(folder: Path) -> None:
    """Write the past into the database of a bot that has not started yet."""
    now = datetime.now(UTC)
    data = folder / "data"
    data.mkdir()
    async with open_storage(at_file(data / "backchat.sqlite"), now=now) as storage:
        by = Signed(author=Author(id=str(INSTRUCTOR), name="Instructor"), at=now)
        await storage.settings.change(GUILD_ID, _SETTINGS, seen=GuildSettings(), by=by)
        await _ask(storage, now)
        for number, (words, times) in enumerate(_MISSED.items()):
            for asker in range(times):
                missed = Missed(text=words, reason=Reason.UNANSWERED)
                at = now - timedelta(days=number, hours=asker)
                await storage.inbox.keep(GUILD_ID, missed, user_id=str(STUDENT + asker), at=at)


async def _ask(storage: Storage, now: datetime) -> None:
    """Ask more from week to week; every fifth question has no answer, every third answer gets a vote."""
    number = 0
    for day in range(7 * _WEEKS, 0, -1):
        week = _WEEKS - day // 7
        for _ in range(_A_DAY[day % 7] * week // 2):
            number += 1
            slug = None if number % 5 == 0 else _SLUGS[number * number % len(_SLUGS)]
            outcome = Outcome.SILENT if slug is None else Outcome.ANSWERED
            at = now - timedelta(days=day)
            asked = await storage.questions.log(GUILD_ID, outcome, slug, at=at)
            if slug is not None and number % 3 == 0:
                verdict = Verdict.UNHELPFUL if number % 4 == 0 else Verdict.HELPFUL
                await storage.feedback.vote(GUILD_ID, asked, verdict, user_id=str(1000 + number), at=at)
