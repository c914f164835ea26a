"""From nothing to this version and back, and what happens to a database on the way."""

import ast
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, table, text
from sqlalchemy.ext.asyncio import AsyncConnection
from storage_fixtures import dump, fill

from bot.storage import engines
from bot.storage.answers import Text
from bot.storage.errors import NewerDatabase, StorageUnavailable
from bot.storage.feedback import Verdict
from bot.storage.location import Location, at_file
from bot.storage.migrating import MIGRATIONS, migrate, newest, revision
from bot.storage.opening import open_storage
from bot.storage.people import Author, Signed
from bot.storage.questions import Outcome
from bot.storage.schema import Base
from bot.storage.sqlite_files import upgrades_of
from bot.storage.upgrading import Upgraded, upgrade

Sign = Callable[..., Signed]
NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
ADA = Author(id="100", name="Ada")
LATER = """
import sqlalchemy as sa
from alembic import op

revision = "later"
down_revision = "{before}"

def upgrade() -> None:
    # Whatever the database, `question` is copied and dropped in SQLite.
    with op.batch_alter_table("question", recreate="auto") as batch:
        batch.add_column(sa.Column("front", sa.Text(), nullable=False, server_default="discord"))
        batch.alter_column("slug", new_column_name="answer")
    {then}

def downgrade() -> None:
    pass
"""


@asynccontextmanager
async def connected(location: Location) -> AsyncGenerator[AsyncConnection]:
    engine = engines.connect_to_migrate(location)
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version", "sqlite_sequence"}


async def test_the_migrations_make_the_tables_of_the_schema(empty: Location) -> None:
    done = await upgrade(empty, NOW)
    assert done == Upgraded(before=None, after=newest())

    def differences(connection: Connection) -> list[Any]:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)

    def keys(connection: Connection) -> dict[str, list[str]]:
        found = inspect(connection)
        return {
            name: sorted(
                str(one["name"]) for one in [found.get_pk_constraint(name), *found.get_foreign_keys(name)]
            )
            for name in tables(connection)
        }

    async with connected(empty) as connection:
        assert await connection.run_sync(differences) == []
        made = await connection.run_sync(keys)
        # What the comparison leaves out: names of keys, and whether numbers are used again.
        await connection.run_sync(migrate, "base")
        assert await connection.run_sync(tables) == set()
        await connection.run_sync(Base.metadata.create_all)
        assert await connection.run_sync(keys) == made


async def test_up_and_down_and_up_again(empty: Location) -> None:
    async with connected(empty) as connection:
        await connection.run_sync(migrate)
        assert await connection.run_sync(tables) == set(Base.metadata.tables)
        assert await connection.run_sync(revision) == newest()
        await connection.run_sync(migrate, "base")
        assert await connection.run_sync(tables) == set()
        assert await connection.run_sync(revision) is None
        await connection.run_sync(migrate)
        assert await connection.run_sync(tables) == set(Base.metadata.tables)


async def contents(location: Location) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows as the database has them, whatever its revision."""
    async with connected(location) as connection:
        return {
            name: sorted(map(tuple, await connection.execute(select(text("*")).select_from(table(name)))))
            for name in await connection.run_sync(tables)
        }


async def test_going_back_and_up_again_keeps_what_is_in_all_other_tables(empty: Location) -> None:
    async with open_storage(empty, now=NOW) as storage:
        for guild in ("a", "b"):
            await fill(storage, guild, ADA, "1")
        made = {guild: await dump(storage, guild) for guild in ("a", "b")}
        assert all(all(rows.values()) for rows in made.values())
    kept = before = await contents(empty)
    revisions = [one.revision for one in ScriptDirectory(MIGRATIONS).walk_revisions()]
    assert revisions[-1] == "0001"
    for older in revisions[1:]:
        async with connected(empty) as connection:
            await connection.run_sync(migrate, older)
            assert await connection.run_sync(revision) == older
        kept = await contents(empty)
        assert kept == {name: rows for name, rows in before.items() if name in kept}
    assert before.keys() - kept.keys() == {"change_mark"}
    await upgrade(empty, NOW)
    async with open_storage(empty, now=NOW) as storage:
        for guild, rows in made.items():
            assert await dump(storage, guild) == rows | {"change_mark": []}
        # Numbers are not given again, and everything can be changed as before.
        assert await storage.questions.log("a", Outcome.SILENT, None, at=NOW) == 3
        await storage.privacy.forget_guild("a")
        assert not any((await dump(storage, "a")).values())


async def test_back_to_nothing_from_full_tables_and_up_again(empty: Location) -> None:
    async with open_storage(empty, now=NOW) as storage:
        await fill(storage, "a", ADA, "1")
    async with connected(empty) as connection:
        await connection.run_sync(migrate, "base")
        assert await connection.run_sync(tables) == set()
    async with open_storage(empty, now=NOW) as storage:
        assert not any((await dump(storage, "a")).values())
        await fill(storage, "a", ADA, "1")
        assert all((await dump(storage, "a")).values())


async def test_an_upgrade_of_what_is_up_to_date_does_nothing(empty: Location) -> None:
    await upgrade(empty, NOW)
    assert await upgrade(empty, NOW) == Upgraded(before=newest(), after=newest())


def later_version(folder: Path, then: str = "pass") -> Path:
    """Return the migrations of a version after this one."""
    scripts = folder / "migrations"
    shutil.copytree(MIGRATIONS, scripts)
    (scripts / "versions" / "v9999_later.py").write_text(LATER.format(then=then, before=newest()))
    return scripts


async def test_an_upgrade_loses_nothing_that_refers_to_a_table_that_changes(
    empty: Location, tmp_path: Path, sign: Sign
) -> None:
    async with open_storage(empty, now=NOW) as storage:
        number = await storage.questions.log("a", Outcome.ANSWERED, "relu", at=NOW)
        await storage.feedback.vote("a", number, Verdict.HELPFUL, user_id="1", at=NOW)
        await storage.answers.publish("a", "relu", Text(title="t", body="b"), base=0, by=sign())
    done = await upgrade(empty, NOW, later_version(tmp_path))
    assert (done.before, done.after, done.backup is None) == (newest(), "later", empty.file is None)
    async with connected(empty) as connection:
        query = "SELECT front, answer, verdict FROM question JOIN feedback ON question_id = id"
        assert list(await connection.exec_driver_sql(query)) == [("discord", "relu", "helpful")]
    if done.backup is not None:
        async with open_storage(at_file(done.backup), now=NOW) as storage:
            assert (await storage.feedback.votes("a", number)) == {Verdict.HELPFUL: 1}


async def test_an_upgrade_that_fails_leaves_everything_as_it_was(empty: Location, tmp_path: Path) -> None:
    async with open_storage(empty, now=NOW) as storage:
        await storage.questions.log("a", Outcome.ANSWERED, "relu", at=NOW)
    with pytest.raises(RuntimeError, match="a mistake in a migration"):
        await upgrade(empty, NOW, later_version(tmp_path, 'raise RuntimeError("a mistake in a migration")'))
    async with open_storage(empty, now=NOW) as storage:
        logged = await storage.questions.get("a", 1)
        assert logged is not None
        assert logged.slug == "relu"


async def test_an_older_version_refuses_a_newer_database_in_one_sentence(
    empty: Location, tmp_path: Path
) -> None:
    await upgrade(empty, NOW, later_version(tmp_path))
    with pytest.raises(NewerDatabase) as caught:
        await upgrade(empty, NOW)
    assert str(caught.value) == (
        f"A newer version of backchat has written {empty} (its tables are of later, this version knows "
        f"{newest()}); install that one, or restore an older backup with: backchat db restore FILE"
    )


async def test_the_last_three_backups_are_kept(tmp_path: Path) -> None:
    location = at_file(tmp_path / "db.sqlite")
    scripts = later_version(tmp_path)
    for hour in range(5):
        await upgrade(location, NOW)
        await upgrade(location, NOW + timedelta(hours=hour), scripts)
        (tmp_path / "db.sqlite").unlink()
    names = [path.name.rpartition("-")[2] for path in upgrades_of(tmp_path / "db.sqlite")]
    assert names == ["20261121T193000Z", "20261121T183000Z", "20261121T173000Z"]


async def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    location = at_file(tmp_path / "other.sqlite")
    async with connected(location) as connection:
        await connection.exec_driver_sql("CREATE TABLE recipe (name TEXT)")
    before = (tmp_path / "other.sqlite").read_bytes()
    with pytest.raises(StorageUnavailable, match="is a database of another program"):
        await upgrade(location, NOW)
    assert (tmp_path / "other.sqlite").read_bytes() == before


def test_the_wheel_can_make_a_database(tmp_path: Path) -> None:
    build = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    program = (
        "import asyncio, datetime, pathlib, sys; from bot.storage import upgrading, location\n"
        "assert str(pathlib.Path(upgrading.__file__)).startswith(sys.argv[1]), upgrading.__file__\n"
        "where = location.at_file(pathlib.Path(sys.argv[1]) / 'db.sqlite')\n"
        "print(asyncio.run(upgrading.upgrade(where, datetime.datetime.now(datetime.UTC))).after)"
    )
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=root, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(tmp_path / "site")
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "site")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == f"{newest()}\n", done.stderr


def test_migrations_do_not_import_the_schema() -> None:
    for path in (MIGRATIONS / "versions").glob("v*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            assert not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("bot"), (
                path.name
            )
