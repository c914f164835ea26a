"""The library serves what is right and reports what is not."""

from pathlib import Path

import pytest
from answer_samples import SAMPLE, changed

from answers import catalog
from answers.catalog import Catalog, load, read_file
from answers.errors import EntryRejected

SHIPPED_IDS = {"backprop_not_cause", "cnn", "convexity", "gpu"}


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_library_is_there_and_without_problems(shipped: Catalog) -> None:
    assert set(shipped.entries) >= SHIPPED_IDS
    assert shipped.problems == ()


def test_every_shipped_file_is_served_under_its_name(shipped: Catalog) -> None:
    files = sorted(catalog.SHIPPED.glob("*.md"))
    assert len(shipped) == len(files)
    assert {entry.path for entry in shipped} == {str(file) for file in files}
    assert all(entry.id == id_ for id_, entry in shipped.entries.items())


def test_another_folder_adds_its_answers(tmp_path: Path) -> None:
    path = write(tmp_path, "sample.md", SAMPLE)
    found = load([tmp_path])
    assert set(found.entries) == {*load().entries, "sample"}
    assert found.entries["sample"].path == str(path)
    assert found.problems == ()


def test_a_later_folder_replaces_an_earlier_answer_with_the_same_id(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write(first, "cnn.md", changed(("id: sample", "id: cnn")))
    write(second, "cnn.md", changed(("id: sample", "id: cnn"), ("A sample answer", "The last answer")))
    assert load([first]).entries["cnn"].title == "A sample answer for tests"
    assert load([first, second]).entries["cnn"].title == "The last answer for tests"
    assert load([second, first]).entries["cnn"].title == "A sample answer for tests"
    assert len(load([first, second])) == len(load())


def test_a_broken_file_is_left_out_and_reported_and_the_others_are_served(tmp_path: Path) -> None:
    broken = write(tmp_path, "broken.md", changed(("id: sample", "id: broken"), ("year: 1999", "year: 3")))
    write(tmp_path, "sample.md", SAMPLE)
    found = load([tmp_path])
    assert set(found.entries) == {*load().entries, "sample"}
    [problem] = found.problems
    assert (problem.code, problem.path, problem.line) == ("schema", str(broken), 26)


def test_a_broken_file_does_not_take_the_shipped_answer_away(tmp_path: Path) -> None:
    write(tmp_path, "cnn.md", "no front matter")
    found = load([tmp_path])
    assert found.entries["cnn"] == load().entries["cnn"]
    assert [problem.code for problem in found.problems] == ["front-matter"]


def test_a_missing_folder_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    write(tmp_path / "there", "sample.md", SAMPLE)
    found = load([tmp_path / "missing", tmp_path / "there"])
    assert "sample" in found.entries
    assert [str(problem) for problem in found.problems] == [
        f"{tmp_path / 'missing'}:1: This folder does not exist. [folder]"
    ]


def test_a_file_given_as_a_folder_is_reported(tmp_path: Path) -> None:
    path = write(tmp_path, "sample.md", SAMPLE)
    assert [problem.code for problem in load([path]).problems] == ["folder"]


def test_only_markdown_directly_in_the_folder_is_read(tmp_path: Path) -> None:
    write(tmp_path, "notes.txt", "x")
    write(tmp_path / "drafts", "draft.md", "x")
    assert load([tmp_path]).problems == ()


def test_a_file_is_named_after_its_id(tmp_path: Path) -> None:
    path = write(tmp_path, "other.md", SAMPLE)
    with pytest.raises(EntryRejected) as caught:
        read_file(path)
    [problem] = caught.value.problems
    assert str(problem) == (
        f"{path}:1: The file is named after its id; got id 'sample' in 'other.md'; rename one. [file-name]"
    )


@pytest.mark.parametrize(
    "text", [SAMPLE.encode("utf-16"), b"---\nid: \xff\n---\n", SAMPLE.encode() + b"\xe9"]
)
def test_a_file_that_is_not_utf8_is_reported(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sample.md"
    path.write_bytes(text)
    [problem] = load([tmp_path]).problems
    assert str(problem) == f"{path}:1: The file cannot be read: it is not UTF-8 text. [file]"


def test_a_file_from_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / "sample.md").write_bytes(b"\xef\xbb\xbf" + SAMPLE.replace("\n", "\r\n").encode())
    assert read_file(tmp_path / "sample.md").body == "The body."


def test_what_cannot_be_opened_is_reported(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")
    assert [problem.message for problem in load([tmp_path]).problems] == [
        "The file cannot be read: Is a directory.",
        "The file cannot be read: No such file or directory.",
    ]


def test_no_file_keeps_the_library_from_loading(tmp_path: Path) -> None:
    write(tmp_path, "sample.md", changed(("year: 1999", "year: 0x" + "f" * 5_000)))
    assert set(load([tmp_path]).entries) == set(load().entries)
