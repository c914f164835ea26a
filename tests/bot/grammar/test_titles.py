"""Questions of a library are found by how they begin and by their words."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from answers.catalog import Catalog, load
from bot.grammar.titles import TitleIndex, Titles


@pytest.fixture(scope="module")
def titles() -> Titles:
    return Titles(load())


def test_nothing_typed_gets_the_titles_that_most_others_lead_to(titles: Titles) -> None:
    offered = titles.matching("")
    catalog = load()
    by_title = {entry.title: entry.id for entry in catalog}
    led_to = [sum(by_title[title] in entry.related for entry in catalog) for title in offered]
    assert len(offered) == 25
    assert led_to == sorted(led_to, reverse=True)
    assert led_to[0] > led_to[-1]


def test_a_title_that_begins_so_comes_first_and_then_another_wording(titles: Titles) -> None:
    entry = next(iter(load()))
    for typed in (entry.title, entry.title[:25], entry.title[:25].upper()):
        assert titles.matching(typed)[0] == entry.title
    for wording in entry.phrasings[:5]:
        assert entry.title in titles.matching(wording)[:3], wording


@pytest.mark.parametrize(
    ("typed", "within"),
    [
        ("batch norm", "batch normalisation"),
        ("is the loss conv", "convex"),
        ("dying rel", "dying ReLU"),
        ("do gpus solve vanish", "GPUs"),
    ],
)
def test_words_find_a_question(titles: Titles, typed: str, within: str) -> None:
    assert any(within in title for title in titles.matching(typed)[:3])


def test_what_no_question_has_finds_nothing(titles: Titles) -> None:
    assert titles.matching("zzz qqq") == []


def test_every_title_can_be_a_choice() -> None:
    assert all(len(entry.title) <= 100 for entry in load())


def test_titles_are_made_once_for_each_edition_of_a_library() -> None:
    index, catalog = TitleIndex(kept=1), load()
    assert index.ready(catalog) is None
    made = index.make(catalog)
    assert index.ready(catalog) is made is index.make(catalog)
    newer = Catalog(entries=dict(list(catalog.entries.items())[:3]))
    assert index.ready(newer) is None
    assert len(index.make(newer).matching("")) == 3
    assert index.ready(catalog) is None  # of those asked last, one is kept


def test_a_thousand_answers_are_searched(record_property: Callable[[str, object], None]) -> None:
    catalog = load()
    copies = {
        f"{id_}_{n}": replace(entry, title=f"{entry.title[:90]} {n}")
        for id_, entry in catalog.entries.items()
        for n in range(22)
    }
    titles = Titles(Catalog(entries=copies))
    seconds: list[float] = []
    for entry in catalog:
        for wording in (entry.title, *entry.phrasings[:3]):
            for length in range(0, len(wording), 7):
                start = time.perf_counter()
                found = titles.matching(wording[:length])
                seconds.append(time.perf_counter() - start)
                assert len(found) <= 25
        assert titles.matching(entry.title[:90])[0].startswith(entry.title[:90])
    slow = sorted(seconds)[int(0.99 * len(seconds))]
    record_property("p99_ms", slow * 1e3)
    print(f"{len(copies)} answers, {len(seconds)} texts: 99 % within {slow * 1e3:.1f} ms")  # noqa: T201
