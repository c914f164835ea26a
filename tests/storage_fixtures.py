"""The databases of the tests of `bot.storage`, for the tests of other folders, and all that can be called."""

import asyncio
import importlib.util
import inspect
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.storage.answers import Text
from bot.storage.drafts import Draft
from bot.storage.feedback import Verdict
from bot.storage.guild_settings import GuildSettings
from bot.storage.inbox import Choice, How, Missed, Reason
from bot.storage.location import Location
from bot.storage.opening import Storage
from bot.storage.people import Author, Signed
from bot.storage.phrasings import Wording
from bot.storage.questions import Outcome
from bot.storage.schema import Base

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
TABLES = {table.name: table for table in Base.metadata.sorted_tables}
Method = Callable[..., Coroutine[Any, Any, Any]]

_NAMES = ("postgres", "location", "storage", "cut_off")
_REPOSITORIES = (
    "answers", "drafts", "phrasings", "settings", "questions", "feedback", "inbox", "stats", "privacy",
)  # fmt: skip
_OF_ALL = {"settings.everywhere", "privacy.guilds"}
"""The methods that look at all servers, for what is decided once at the start."""


def fixtures_of_storage(folder: str) -> dict[str, Any]:
    """Return the fixtures by name, to be put among those of a folder.

    pytest makes the fixtures of every folder anew, also those of a session: each has a database of its own.
    """
    path = Path(__file__).parent / "bot" / "storage" / "conftest.py"
    spec = importlib.util.spec_from_file_location(f"fixtures_of_storage_for_{folder}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)

    @pytest.fixture(scope="session")
    def postgres_of_worker(postgres: str, worker_id: str) -> Location:
        name = f"w_{worker_id}_{folder}"
        asyncio.run(module.in_postgres(postgres, f"CREATE DATABASE {name}"))
        return module.on_postgres(postgres, name)

    return {name: getattr(module, name) for name in _NAMES} | {"postgres_of_worker": postgres_of_worker}


async def fill(storage: Storage, guild: str, author: Author, student: str) -> Mapping[str, int]:
    """Put something into every table; return the numbers of rows."""
    by = Signed(author=author, at=NOW, note="a note")
    await storage.settings.change(guild, {"keep_questions": True}, seen=GuildSettings(), by=by)
    await storage.answers.publish(guild, "relu", Text(title="t", body="b"), base=0, by=by)
    await storage.drafts.save(guild, Draft(slug="relu", author=author, base=1, at=NOW, body="d"))
    phrasing = await storage.phrasings.add(guild, Wording(text="zigzag", slug="relu"), by=by)
    question = await storage.questions.log(guild, Outcome.ANSWERED, "relu", at=NOW)
    await storage.feedback.vote(guild, question, Verdict.HELPFUL, user_id=student, at=NOW)
    kept = [
        await storage.inbox.keep(guild, Missed(text=text, reason=Reason.UNANSWERED), user_id=student, at=NOW)
        for text in ("what is a bagel", "what is dropout")
    ]
    decision = await storage.inbox.decide(guild, [kept[0] or 0], Choice(how=How.IGNORE), by=by)
    return {"phrasing": phrasing.id, "question": question, "kept": kept[1] or 0, "decision": decision.id}


def every_method(storage: Storage) -> Iterator[tuple[str, Method]]:
    """Return every public method of every repository of a server's rows, by name."""
    for name in _REPOSITORIES:
        repository = getattr(storage, name)
        for method_name, method in inspect.getmembers(repository, inspect.iscoroutinefunction):
            whole = f"{name}.{method_name}"
            if not method_name.startswith("_") and whole not in _OF_ALL:
                yield whole, method


def parameters(method: Method) -> list[inspect.Parameter]:
    """Return a method's parameters in order."""
    return list(inspect.signature(method).parameters.values())


def arguments(name: str, method: Method, numbers: Mapping[str, int], author: Author) -> dict[str, Any]:
    """Return what a method takes besides the server, with the names and numbers of what `fill` has put in."""
    given: dict[str, Any] = {
        "slug": "relu", "words": "", "n": 1, "base": 1, "by": Signed(author=author, at=NOW),
        "author": author, "since": date(2020, 1, 1), "text": Text(title="x", body="x"),
        "draft": Draft(slug="relu", author=author, base=1, revision=1, at=NOW, body="x"),
        "wording": Wording(text="zigzag", slug="tanh"), "changes": {"theme": "light"},
        "seen": GuildSettings(), "outcome": Outcome.SILENT, "at": NOW, "question_id": numbers["question"],
        "verdict": Verdict.UNHELPFUL, "user_id": "1", "missed": Missed(text="x", reason=Reason.UNANSWERED),
        "ids": [numbers["kept"]], "choice": Choice(how=How.IGNORE), "decision_id": numbers["decision"],
    }  # fmt: skip
    given["id_"] = numbers["phrasing"] if name.startswith("phrasings.") else numbers["question"]
    return {
        one.name: given[one.name] for one in parameters(method)[1:] if one.default is inspect.Parameter.empty
    }


async def dump(storage: Storage, guild: str) -> dict[str, list[Any]]:
    """Return every row of a server, by table."""
    found: dict[str, list[Any]] = {}
    for name, table in TABLES.items():
        rows = select(table).where(table.c.guild == guild).order_by(*table.primary_key.columns)
        found[name] = [tuple(row) for row in await storage.database.rows(rows)]
    return found
