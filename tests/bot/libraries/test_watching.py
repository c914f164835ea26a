"""Files of answers change under a running bot: everything that can be read is live, nothing is lost."""

# pyright: reportPrivateUsage=false

import asyncio
import os
import shutil
import threading
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from libraries_samples import COFFEE, KETTLE, Ask, Reports, Teacher, written

from bot.libraries import Libraries
from bot.libraries.folders import Folders
from bot.storage.opening import Storage

QUIET = 0.1
HOT = "how hot is the kettle"
Start = Callable[..., Libraries]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "answers"
    found.mkdir()
    (found / "kettle.md").write_text(KETTLE)
    return found


@asynccontextmanager
async def watched(libraries: Libraries) -> AsyncGenerator[None]:
    task = asyncio.create_task(libraries.watch(every=0.05, quiet=QUIET, patience=2))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def eventually(check: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until, "it never came"
        await asyncio.sleep(0.02)


async def settled() -> None:
    """Wait for several looks, and for longer than it takes until files are at rest."""
    await asyncio.sleep(3 * QUIET)


def ids(libraries: Libraries) -> set[str]:
    return {"kettle", "coffee", "tea"} & set(libraries.base.catalog.entries)


async def test_files_that_come_change_and_go(folder: Path, reports: Reports, ask: Ask) -> None:
    libraries = Libraries([folder], report=reports)
    assert ask(libraries.base, HOT) == "kettle"
    async with watched(libraries):
        (folder / "coffee.md").write_text(COFFEE)
        await eventually(lambda: ids(libraries) == {"kettle", "coffee"})
        assert ask(libraries.base, "who makes coffee") == "coffee"
        (folder / "kettle.md").write_text(KETTLE.replace("is the kettle hot", "can it boil over"))
        await eventually(lambda: ask(libraries.base, "can it boil over") == "kettle")
        (folder / "kettle.md").unlink()
        await eventually(lambda: ids(libraries) == {"coffee"})
        assert ask(libraries.base, HOT) is None
    assert reports == []


async def test_a_shipped_answer_comes_back_when_the_file_over_it_goes(folder: Path) -> None:
    shipped = Libraries().base.catalog.entries["relu"]
    (folder / "relu.md").write_text(written("relu", "Is it lunch?", "when is lunch", "lunch", "eat now"))
    libraries = Libraries([folder])
    assert libraries.base.catalog.entries["relu"] != shipped
    async with watched(libraries):
        (folder / "relu.md").unlink()
        await eventually(lambda: libraries.base.catalog.entries["relu"] == shipped)


async def test_a_broken_file_keeps_its_old_version_and_is_reported_once(
    folder: Path, reports: Reports, ask: Ask
) -> None:
    libraries = Libraries([folder], report=reports)
    async with watched(libraries):
        (folder / "kettle.md").write_text(KETTLE.replace("misconception:", "misconseption:"))
        (folder / "coffee.md").write_text(COFFEE)
        await eventually(lambda: bool(reports) and "coffee" in ids(libraries))
        assert ask(libraries.base, HOT) == "kettle"
        said = [str(problem) for _, problem in reports]
        assert all(f"{folder / 'kettle.md'}:" in one for one in said)
        assert any("misconseption" in one for one in said)
        assert libraries.base.problems == tuple(problem for _, problem in reports)
        os.utime(folder / "kettle.md")
        (folder / "tea.md").write_text(
            written("tea", "Is there tea?", "any tea", "tea please", "where is tea")
        )
        await eventually(lambda: "tea" in ids(libraries))
        assert [str(problem) for _, problem in reports] == said
        (folder / "kettle.md").write_text(KETTLE)
        await eventually(lambda: libraries.base.problems == ())


async def test_a_file_that_is_being_written_is_read_when_it_is_whole(folder: Path, reports: Reports) -> None:
    libraries = Libraries([folder], report=reports)
    versions: set[tuple[str, ...]] = set()
    async with watched(libraries):
        with (folder / "coffee.md").open("w") as file:
            for start in range(0, len(COFFEE), 40):
                file.write(COFFEE[start : start + 40])
                file.flush()
                await asyncio.sleep(QUIET / 4)
                versions.add(tuple(sorted(ids(libraries))))
        await eventually(lambda: ids(libraries) == {"kettle", "coffee"})
    assert versions == {("kettle",)}
    assert reports == []


async def test_a_file_that_never_rests_does_not_keep_the_others_waiting(
    folder: Path, reports: Reports
) -> None:
    libraries = Libraries([folder], report=reports)
    stop = threading.Event()

    def scribble() -> None:
        while not stop.wait(QUIET / 5):
            (folder / "kettle.md").write_text(KETTLE[: -int(time.monotonic() * 1000) % 200 - 210])

    writer = threading.Thread(target=scribble, daemon=True)
    async with watched(libraries):
        writer.start()
        (folder / "coffee.md").write_text(COFFEE)
        await eventually(lambda: "coffee" in ids(libraries))
        assert libraries.base.catalog.entries["kettle"].title == "How hot is the kettle?"
        stop.set()
        await asyncio.to_thread(writer.join)
    assert reports == []


async def test_a_folder_that_vanishes_keeps_its_answers_until_it_is_back(
    folder: Path, reports: Reports
) -> None:
    libraries = Libraries([folder], report=reports)
    away = folder.with_name("away")
    async with watched(libraries):
        await asyncio.to_thread(folder.rename, away)
        await eventually(lambda: reports.codes == ["folder"])
        await settled()
        assert ids(libraries) == {"kettle"}
        assert reports.codes == ["folder"]
        (away / "kettle.md").unlink()
        (away / "coffee.md").write_text(COFFEE)
        away.rename(folder)
        await eventually(lambda: ids(libraries) == {"coffee"})
        assert libraries.base.problems == ()


async def test_the_empty_folder_under_a_mount_is_not_the_mounted_one(folder: Path, reports: Reports) -> None:
    libraries = Libraries([folder], report=reports)
    async with watched(libraries):
        await asyncio.to_thread(folder.rename, folder.with_name("unmounted"))
        await asyncio.to_thread(folder.mkdir)
        await eventually(lambda: reports.codes == ["folder"])
        assert ids(libraries) == {"kettle"}


async def test_a_folder_that_somebody_emptied_has_no_answers(folder: Path, reports: Reports) -> None:
    libraries = Libraries([folder], report=reports)
    async with watched(libraries):
        (folder / "kettle.md").unlink()
        await eventually(lambda: ids(libraries) == set())
    assert reports == []


async def test_a_folder_that_is_not_there_at_first_may_come(tmp_path: Path) -> None:
    libraries = Libraries([tmp_path / "later"])
    assert [problem.code for problem in libraries.base.problems] == ["folder"]
    async with watched(libraries):
        (tmp_path / "later").mkdir()
        (tmp_path / "later" / "kettle.md").write_text(KETTLE)
        await eventually(lambda: ids(libraries) == {"kettle"})
        assert libraries.base.problems == ()


def loop_of_links(path: Path) -> None:
    path.symlink_to(path.with_name("other.md"))
    path.with_name("other.md").symlink_to(path)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(400 * 2**20)


TRAPS: dict[str, Callable[[Path], object]] = {
    "loop of links": loop_of_links,
    "link to nowhere": lambda path: path.symlink_to("nowhere"),
    "folder": lambda path: path.mkdir(),
    "pipe": os.mkfifo,
    "huge": huge,
    "not UTF-8": lambda path: path.write_bytes(b"---\nid: trap\ntitle: \xff\xfe\n---\n"),
    "zeros": lambda path: path.write_bytes(bytes(3000)),
    "empty": lambda path: path.write_bytes(b""),
    "another id": lambda path: path.write_text(KETTLE),
    "device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("trap", TRAPS)
async def test_traps_are_reported_and_the_others_are_served(
    folder: Path, reports: Reports, trap: str
) -> None:
    libraries = Libraries([folder], report=reports)
    async with watched(libraries):
        TRAPS[trap](folder / "trap.md")
        (folder / "coffee.md").write_text(COFFEE)
        await eventually(lambda: ids(libraries) == {"kettle", "coffee"} and bool(reports))
        said = len(reports)
        await settled()
        assert len(reports) == said
    assert {Path(problem.path).name for _, problem in reports} <= {"trap.md", "other.md"}


@pytest.mark.parametrize("trap", [trap for trap in TRAPS if trap != "loop of links"])
async def test_what_turns_into_a_trap_stays_as_it_was(folder: Path, reports: Reports, trap: str) -> None:
    (folder / "trap.md").write_text(written("trap", "Is it a trap?", "a trap", "traps", "is this one"))
    libraries = Libraries([folder], report=reports)
    async with watched(libraries):
        (folder / "trap.md").unlink()
        TRAPS[trap](folder / "trap.md")
        await eventually(lambda: bool(reports))
        assert libraries.base.catalog.entries["trap"].title == "Is it a trap?"


async def test_what_a_repository_and_an_editor_put_beside_the_answers_is_none(
    folder: Path, reports: Reports
) -> None:
    libraries = Libraries([folder], report=reports)
    async with watched(libraries):
        (folder / "README.md").write_text("# Our answers")
        (folder / ".#kettle.md").symlink_to("somebody@somewhere.1234")
        (folder / "kettle.md~").write_text("-")
        (folder / "coffee.md").write_text(COFFEE)
        await eventually(lambda: "coffee" in ids(libraries))
    assert reports == []


async def test_a_checkout_of_many_files_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    libraries = Libraries([folder])
    reads: list[str] = []
    read = Folders.read

    def counted(*arguments: object) -> object:
        reads.append(threading.current_thread().name)
        return read(*arguments)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(Folders, "read", counted)
    texts = {
        f"other{n}": written(f"other{n}", f"Is {n} a number?", f"a {n}", f"b {n}", f"c {n}")
        for n in range(30)
    }
    async with watched(libraries):
        (folder / "kettle.md").unlink()
        for id_, text in texts.items():
            (folder / f"{id_}.md").write_text(text)
            await asyncio.sleep(QUIET / 10)
        await eventually(lambda: set(texts) < set(libraries.base.catalog.entries))
        await settled()
    assert "kettle" not in libraries.base.catalog.entries
    assert len(reads) == 1
    assert threading.main_thread().name not in reads


async def test_abbreviations_are_read_again_too(folder: Path, ask: Ask, reports: Reports) -> None:
    libraries = Libraries([folder], report=reports)
    question = "how hot is the qx"
    assert ask(libraries.base, question) is None
    async with watched(libraries):
        (folder / "glossary.txt").write_text("qx = kettle\n")
        await eventually(lambda: ask(libraries.base, question) == "kettle")
        (folder / "glossary.txt").unlink()
        (folder / "glossary.txt").mkdir()
        await eventually(lambda: reports.codes == ["file"])
        assert ask(libraries.base, question) == "kettle"
        (folder / "glossary.txt").rmdir()
        await eventually(lambda: ask(libraries.base, question) is None)


async def test_servers_get_what_is_new_under_their_own(
    folder: Path, storage: Storage, teacher: Teacher, ask: Ask
) -> None:
    libraries = Libraries([folder], storage)
    await teacher.publish("1", "kettle", KETTLE.replace("is the kettle hot", "can it boil over"))
    await libraries.at("1")
    await libraries.at("2")
    async with watched(libraries):
        (folder / "coffee.md").write_text(COFFEE)
        await eventually(lambda: "coffee" in libraries.of("1").catalog.entries)
        (folder / "kettle.md").unlink()
        await eventually(lambda: "kettle" not in libraries.base.catalog.entries)
        # Servers follow one after the other; what is built on the new library shares its texts.
        await eventually(
            lambda: libraries.of("1").matcher.model.index.stock is libraries.base.matcher.model.index.stock
        )
    assert ask(libraries.of("1"), "can it boil over") == "kettle"
    assert ask(libraries.of("1"), "who makes coffee") == "coffee"
    assert libraries.of("2") is libraries.base


async def test_a_look_that_goes_wrong_is_not_the_last_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    libraries = Libraries([folder])
    with monkeypatch.context() as broken:
        broken.setattr(Folders, "look", None)
        async with watched(libraries):
            await eventually(lambda: "could not be read again" in caplog.text)
            broken.undo()
            shutil.copy(folder / "kettle.md", folder / "tea.md")
            (folder / "tea.md").write_text(
                written("tea", "Is there tea?", "any tea", "tea now", "where is tea")
            )
            await eventually(lambda: "tea" in ids(libraries))
