"""The gallery shows every answer once and knows when it is out of date."""

from dataclasses import replace
from pathlib import Path

from answer_samples import SAMPLE, sample

from answers import gallery
from answers.entry import Entry
from answers.gallery import Picture


def written(folder: Path, id_: str, body: str = "The body.") -> Entry:
    path = folder / f"{id_}.md"
    path.write_text(SAMPLE.replace("The body.", body), encoding="utf-8")
    return replace(sample(), id=id_, path=str(path))


def page_of(*entries: Entry) -> str:
    picture = [Picture(file="gallery/a-1.png", alt="Line [chart]\nof a kettle.")]
    return gallery.page(
        (gallery.section(entry, "**Short.**\n\nBody.", "The rest.", picture) for entry in entries),
        [entry.title for entry in entries],
    )


def test_an_answer_is_shown_with_its_picture_the_rest_and_its_sources(tmp_path: Path) -> None:
    text = page_of(written(tmp_path, "a"))
    assert "- [A sample answer for tests](#a-sample-answer-for-tests)" in text
    assert "![Line (chart) of a kettle.](gallery/a-1.png)" in text
    assert "<details><summary>More</summary>\n\nThe rest.\n\n</details>" in text
    assert "- [A. Author (1999). A paper. https://example.org/paper](https://example.org/paper)" in text


def test_a_page_is_stale_for_what_is_new_changed_or_gone(tmp_path: Path) -> None:
    a, b, c = (written(tmp_path, id_) for id_ in "abc")
    text = page_of(a, b)
    assert gallery.stale(text, [a, b]) == []
    assert gallery.stale(text, [a, b, c]) == ["c"]
    assert gallery.stale(text, [a]) == ["b"]
    assert gallery.stale(text, [written(tmp_path, "a", "Another body."), b]) == ["a"]


def test_only_pictures_of_a_gallery_are_taken_for_such() -> None:
    assert gallery.is_picture("loss_choice-main-gradients-1-dark.png")
    assert not any(map(gallery.is_picture, ("logo.png", "../a-main-gradients-1-dark.png", "a-b-c-dark.png")))
