"""Requests under way are on disk for as long as they take, and for nobody else's eyes."""

import json
import logging
import shutil
import time
from concurrent.futures import wait
from pathlib import Path

import pytest

from answers.followups import Turn
from bot.pending import (
    Choice,
    Configuration,
    InteractionAddress,
    MessageAddress,
    Pending,
    PendingFolder,
    Question,
)

TOKEN = "aW50ZXJhY3Rpb24tdG9rZW4"
COMMAND = InteractionAddress(application=1, token=TOKEN, channel=2, private=True)
REPLY = MessageAddress(channel=2, question=3, message=4)
TURN = Turn(answer="cnn", question="why?", knobs={"depth": "7"}, refused=("rnn",))


@pytest.fixture
def folder(tmp_path: Path) -> PendingFolder:
    return PendingFolder(tmp_path / "data" / "pending")


def files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "data" / "pending").iterdir())


def asked(id_: int, when: float = 0.0) -> Pending:
    when = when or time.time()
    return Pending(id=id_, user=5, guild=None, address=COMMAND, wanted=Question(text="why?"), when=when)


@pytest.mark.parametrize("address", [COMMAND, REPLY])
@pytest.mark.parametrize(
    "wanted",
    [Question(text="and?", previous=TURN), Choice(answer="cnn", knobs="depth=7"), Configuration(spec="3x8")],
)
def test_what_was_kept_is_read_after_a_restart(
    folder: PendingFolder,
    tmp_path: Path,
    address: InteractionAddress | MessageAddress,
    wanted: Question | Choice | Configuration,
) -> None:
    pending = Pending(id=7, user=5, guild=6, address=address, wanted=wanted)
    folder.keep(pending).result()
    assert PendingFolder(tmp_path / "data" / "pending").leftovers() == [pending]


def test_only_the_bot_can_read_it(folder: PendingFolder, tmp_path: Path) -> None:
    folder.keep(asked(7)).result()
    [path] = (tmp_path / "data" / "pending").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_what_was_answered_is_gone_whatever_was_written_before(folder: PendingFolder, tmp_path: Path) -> None:
    for _ in range(3):
        folder.keep(asked(7))
    folder.forget(7).result()
    assert files(tmp_path) == []
    folder.forget(7).result()


def test_the_oldest_comes_first(folder: PendingFolder) -> None:
    for id_, age in ((1, 10), (2, 30), (3, 20)):
        folder.keep(asked(id_, time.time() - age)).result()
    assert [one.id for one in folder.leftovers()] == [2, 3, 1]
    assert [round(one.age) for one in folder.leftovers()] == [30, 20, 10]


def test_a_clock_that_went_back_makes_nothing_older(folder: PendingFolder) -> None:
    folder.keep(asked(1, time.time() + 3600)).result()
    assert folder.leftovers()[0].age == 0


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"id": 7, "more": 1}'])
def test_a_broken_file_is_removed_with_a_line_that_says_nothing_of_its_content(
    folder: PendingFolder, tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    folder.keep(asked(7)).result()
    path = tmp_path / "data" / "pending" / "8.json"
    path.write_bytes(content)
    with caplog.at_level(logging.INFO):
        assert [one.id for one in folder.leftovers()] == [7]
    assert files(tmp_path) == ["7.json"]
    assert "removed 8.json, which is no request" in caplog.text


def test_a_file_that_was_half_written_is_removed(
    folder: PendingFolder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.keep(asked(7)).result()
    (tmp_path / "data" / "pending" / "8.new").write_text(f'{{"id": 8, "token": "{TOKEN}"')
    assert [one.id for one in folder.leftovers()] == [7]
    assert files(tmp_path) == ["7.json"]
    assert TOKEN not in caplog.text


def test_a_note_that_was_written_and_not_put_in_its_place_is_no_second_request(
    folder: PendingFolder, tmp_path: Path
) -> None:
    folder.keep(asked(7)).result()
    kept = tmp_path / "data" / "pending" / "7.json"
    for name in ("7.new", "8.new"):
        kept.with_name(name).write_bytes(kept.read_bytes())
    assert [one.id for one in folder.leftovers()] == [7]
    assert files(tmp_path) == ["7.json"]


def test_a_request_under_another_name_is_no_second_one(folder: PendingFolder, tmp_path: Path) -> None:
    folder.keep(asked(7)).result()
    kept = tmp_path / "data" / "pending" / "7.json"
    kept.with_name("8.json").write_bytes(kept.read_bytes())
    assert [one.id for one in folder.leftovers()] == [7]
    assert files(tmp_path) == ["7.json"]


def test_what_is_not_the_bots_is_left_alone(folder: PendingFolder, tmp_path: Path) -> None:
    folder.keep(asked(7)).result()
    (tmp_path / "data" / "pending" / "README").write_text("mine")
    assert [one.id for one in folder.leftovers()] == [7]
    assert files(tmp_path) == ["7.json", "README"]


def test_without_a_disk_there_is_one_line_and_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    folder = PendingFolder(tmp_path / "file" / "pending")
    for id_ in range(5):
        folder.keep(asked(id_)).result()
    assert folder.leftovers() == []
    assert len(caplog.records) == 1
    assert "cannot note requests under way" in caplog.text


def test_three_hundred_at_once_keep_nobody_waiting(folder: PendingFolder, tmp_path: Path) -> None:
    start = time.perf_counter()
    written = [folder.keep(asked(id_)) for id_ in range(300)]
    assert time.perf_counter() - start < 1  # milliseconds; the writing is done by the thread
    wait(written)
    assert len(files(tmp_path)) == 300
    wait([folder.forget(id_) for id_ in range(300)])
    assert files(tmp_path) == []


def test_a_token_is_not_in_what_is_printed_of_a_request() -> None:
    assert TOKEN not in repr(asked(7))
    assert TOKEN in json.dumps(asked(7).model_dump())


def test_what_another_version_wrote_is_told_and_not_run(folder: PendingFolder, tmp_path: Path) -> None:
    notes = tmp_path / "data" / "pending"
    notes.mkdir(parents=True)
    mine = asked(8).model_dump(mode="json")
    for id_, changed in ((8, {"wanted": {"kind": "poem"}}), (9, {"colour": "red"})):
        (notes / f"{id_}.json").write_text(json.dumps(mine | {"id": id_} | changed), encoding="utf-8")
    old, newer = sorted(folder.leftovers(), key=lambda one: one.id)
    assert (old.id, old.attempts > 1, old.address) == (8, True, COMMAND)
    assert (newer.id, newer.attempts) == (9, 1)


def test_a_folder_that_was_removed_is_made_again(folder: PendingFolder, tmp_path: Path) -> None:
    folder.keep(asked(1)).result()
    shutil.rmtree(tmp_path / "data")
    folder.keep(asked(2)).result()
    assert files(tmp_path) == ["2.json"]
