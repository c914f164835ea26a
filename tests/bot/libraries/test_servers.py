"""Every server has its own answers over the shared ones; a change is live at once, for that server alone."""

# pyright: reportPrivateUsage=false

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from libraries_samples import BY, COFFEE, KETTLE, Ask, Reports, Teacher, written

from answers.matching import Caution
from answers.matching.reading import Reader
from bot.libraries import Libraries
from bot.libraries import libraries as module
from bot.storage.errors import StorageUnavailable
from bot.storage.opening import Storage

if TYPE_CHECKING:
    from collections.abc import Iterable

HOT = "how hot is the kettle"


@pytest.fixture
def libraries(storage: Storage, reports: Reports) -> Libraries:
    return Libraries((), storage, report=reports)


async def test_what_is_published_is_found_by_the_next_message_of_that_server_alone(
    libraries: Libraries, teacher: Teacher, ask: Ask
) -> None:
    before = await libraries.at("1")
    assert ask(before, HOT) is None
    await teacher.publish("1", "kettle", KETTLE)
    assert libraries.of("1") is before
    await libraries.refresh("1")
    assert ask(libraries.of("1"), HOT) == "kettle"
    assert libraries.of("1").catalog.entries["kettle"].title == "How hot is the kettle?"
    for other in (await libraries.at("2"), libraries.of(None), libraries.base, before):
        assert ask(other, HOT) is None
        assert "kettle" not in other.catalog.entries


async def test_two_servers_may_answer_the_same_question_in_their_own_ways(
    libraries: Libraries, teacher: Teacher, ask: Ask
) -> None:
    await teacher.publish("1", "kettle", KETTLE)
    await teacher.publish("2", "coffee", written("coffee", "How hot is the kettle?", "is it hot", "a", "b"))
    assert ask(await libraries.at("1"), HOT) == "kettle"
    assert ask(await libraries.at("2"), HOT) == "coffee"


async def test_servers_without_anything_of_their_own_share_one_library(libraries: Libraries) -> None:
    assert await libraries.at("1") is await libraries.at("2") is libraries.base is libraries.of("never seen")


async def test_only_new_texts_are_encoded(
    libraries: Libraries, teacher: Teacher, monkeypatch: pytest.MonkeyPatch
) -> None:
    await teacher.publish("1", "coffee", COFFEE)
    await libraries.refresh("1")
    read: list[str] = []
    keep = Reader.keep

    def counting(self: Reader, texts: "Iterable[str]") -> Any:
        encoder: Any = self._encoder

        def encode(some: Any) -> Any:
            read.extend(some)
            return encoder(some)

        monkeypatch.setattr(self, "_encoder", encode)
        try:
            return keep(self, texts)
        finally:
            monkeypatch.setattr(self, "_encoder", encoder)

    monkeypatch.setattr(Reader, "keep", counting)
    # No other test has these, whose vectors may still be remembered.
    texts = ["Whose teapot is that?", "who owns the teapot", "is it your teapot", "a teapot was found"]
    await teacher.publish("1", "teapot", written("teapot", *texts))
    await libraries.refresh("1")
    assert sorted(read) == sorted(texts)


async def test_a_shipped_answer_is_switched_off_and_on_in_one_server(
    libraries: Libraries, teacher: Teacher, ask: Ask
) -> None:
    question = "why does relu help against vanishing gradients"
    assert ask(await libraries.at("1"), question) == "relu"
    await teacher.disable("1", "relu")
    assert ask(await libraries.refresh("1"), question) != "relu"
    assert "relu" not in libraries.of("1").catalog.entries
    assert ask(libraries.of("2"), question) == "relu"
    await teacher.enable("1", "relu")
    assert ask(await libraries.refresh("1"), question) == "relu"
    assert libraries.of("1") is libraries.base


async def test_a_server_s_own_text_replaces_the_shipped_one(libraries: Libraries, teacher: Teacher) -> None:
    title = libraries.base.catalog.entries["relu"].title
    await teacher.publish("1", "relu", written("relu", title, "why relu", "relu again", "is relu good"))
    assert (await libraries.refresh("1")).catalog.entries["relu"].body == "The body."
    assert libraries.base.catalog.entries["relu"].body != "The body."


async def test_after_a_restart_everything_is_as_it_was(
    libraries: Libraries, storage: Storage, teacher: Teacher, ask: Ask
) -> None:
    await teacher.publish("1", "kettle", KETTLE)
    await teacher.disable("1", "relu")
    await teacher.teach("1", "is the pot boiling yet", "kettle")
    await libraries.refresh("1")
    again = Libraries((), storage)
    assert not again.is_loaded("1")
    library = await again.at("1")
    assert again.is_loaded("1")
    assert ask(library, "is the pot boiling yet") == "kettle"
    assert "relu" not in library.catalog.entries
    for text in (HOT, "is the pot boiling yet", "why does relu help", "thanks"):
        assert library.matcher.match(text) == libraries.of("1").matcher.match(text)


async def test_accepted_wordings_lead_to_the_answer_and_refused_ones_to_none(
    libraries: Libraries, teacher: Teacher, ask: Ask
) -> None:
    accepted, refused = "whose fault is it that nothing learns down there", "why does relu help so much"
    before = await libraries.at("1")
    assert ask(before, accepted) is None
    assert ask(before, refused) == "relu"
    await teacher.teach("1", accepted, "backprop_not_cause")
    await teacher.teach("1", refused, None, negative=True)
    await libraries.refresh("1")
    assert ask(libraries.of("1"), accepted) == "backprop_not_cause"
    assert ask(libraries.of("1"), refused) is None
    assert ask(libraries.of("2"), accepted) is None
    assert ask(libraries.of("2"), refused) == "relu"


async def test_an_answer_that_a_message_does_not_mean_is_not_given_to_it(
    libraries: Libraries, teacher: Teacher, ask: Ask
) -> None:
    question = "why does relu help so much"
    await teacher.teach("1", question, "relu", negative=True)
    library = await libraries.refresh("1")
    assert ask(library, question) is None
    assert "relu" not in {one.id for one in library.matcher.match(question).candidates}
    assert ask(library, "why does relu help against vanishing gradients") == "relu"


async def test_wordings_of_answers_that_are_gone_change_nothing(
    libraries: Libraries, teacher: Teacher, ask: Ask
) -> None:
    await teacher.teach("1", "is the pot boiling yet", "kettle")
    await teacher.disable("1", "relu")
    await teacher.teach("1", "why rectify at all, dear", "relu")
    library = await libraries.refresh("1")
    assert ask(library, "is the pot boiling yet") is None
    assert ask(library, "why rectify at all, dear") is None
    assert ask(library, "what is a vanishing gradient") == "what_is_vanishing"


async def test_caution_comes_with_the_library_and_costs_no_matcher(
    libraries: Libraries, storage: Storage
) -> None:
    seen = await storage.settings.get("1")
    await storage.settings.change("1", {"caution": "careful"}, seen=seen, by=BY)
    library = await libraries.refresh("1")
    assert library.caution is Caution.CAREFUL
    assert library.matcher is libraries.base.matcher
    assert libraries.of("1") is library
    assert libraries.of("2").caution is Caution.BALANCED


async def test_an_answer_that_cannot_be_read_any_more_stays_as_it_was_and_is_reported_once(
    libraries: Libraries, teacher: Teacher, reports: Reports, ask: Ask
) -> None:
    await teacher.publish("1", "kettle", KETTLE)
    await teacher.publish("1", "coffee", COFFEE)
    await libraries.refresh("1")
    await teacher.publish("1", "kettle", KETTLE.replace("short:", "shrt:"))
    await libraries.refresh("1")
    assert {guild for guild, _ in reports} == {"1"}
    assert reports.codes.count("published") == 1
    assert "as it was before" in str(reports[-1][1])
    said = len(reports)
    await libraries.refresh("1")
    assert len(reports) == said
    assert ask(libraries.of("1"), HOT) == "kettle"
    assert ask(libraries.of("1"), "who makes coffee") == "coffee"
    assert {problem.code for problem in libraries.of("1").problems} == set(reports.codes)
    await teacher.publish("1", "kettle", KETTLE)
    assert not (await libraries.refresh("1")).problems


@pytest.mark.parametrize(
    "body",
    ["-", "no front matter", KETTLE.replace("id: kettle", "id: o"), "---\n{}{}\n---\n", "---\nid: [\n---\n"],
)
async def test_an_answer_that_was_never_read_is_left_out_and_takes_no_other_down(
    storage: Storage, teacher: Teacher, reports: Reports, ask: Ask, body: str
) -> None:
    await teacher.publish("1", "kettle", body)
    await teacher.publish("1", "relu", body)
    await teacher.publish("1", "coffee", COFFEE)
    libraries = Libraries((), storage, report=reports)
    library = await libraries.at("1")
    assert ask(library, "who makes coffee") == "coffee"
    assert "kettle" not in library.catalog.entries
    # Somebody replaced the shipped text, so that is not to be shown either.
    assert "relu" not in library.catalog.entries
    assert [problem.message for problem in library.problems if problem.code == "published"] == [
        f"Version 1 of {slug} cannot be read by this version of the bot: the answer is not shown meanwhile; "
        "edit it and publish it again."
        for slug in ("kettle", "relu")
    ]
    assert ask(await libraries.at("2"), "why does relu help against vanishing gradients") == "relu"


async def test_of_refreshes_at_once_the_last_state_wins(
    libraries: Libraries, teacher: Teacher, ask: Ask
) -> None:
    async def publish(number: int) -> None:
        text = written(f"kettle{number}", f"How hot is kettle {number}?", "how hot", "is it hot", "hot water")
        await teacher.publish("1", f"kettle{number}", text)
        await libraries.refresh("1")
        assert f"kettle{number}" in libraries.of("1").catalog.entries

    await asyncio.gather(*(publish(number) for number in range(6)))
    assert {f"kettle{number}" for number in range(6)} < set(libraries.of("1").catalog.entries)
    await asyncio.gather(teacher.disable("1", "kettle3"), teacher.disable("1", "relu"))
    await asyncio.gather(*(libraries.refresh("1") for _ in range(5)))
    assert ask(libraries.of("1"), "How hot is kettle 3?") != "kettle3"
    assert "relu" not in libraries.of("1").catalog.entries


async def test_requests_that_wait_for_each_other_are_served_by_one_reading(
    libraries: Libraries, teacher: Teacher, monkeypatch: pytest.MonkeyPatch
) -> None:
    await teacher.publish("1", "kettle", KETTLE)
    builds: list[str] = []
    build = module._build

    def counted(base: Any, own: Any) -> Any:
        builds.append(threading.current_thread().name)
        return build(base, own)

    monkeypatch.setattr(module, "_build", counted)
    found = await asyncio.gather(*(libraries.at("1") for _ in range(20)))
    assert len({id(one) for one in found}) == 1
    assert len(builds) == 1
    assert threading.main_thread().name not in builds


async def test_the_old_library_answers_while_the_new_one_is_built(
    libraries: Libraries, teacher: Teacher, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    await teacher.publish("1", "coffee", COFFEE)
    await libraries.refresh("1")
    await teacher.publish("1", "kettle", KETTLE)
    may_go_on, build = threading.Event(), module._build

    def held(base: Any, own: Any) -> Any:
        assert may_go_on.wait(30)
        return build(base, own)

    monkeypatch.setattr(module, "_build", held)
    refreshing = asyncio.create_task(libraries.refresh("1"))
    wrong: list[str] = []
    enough = time.monotonic() + 20

    def read() -> None:
        while not refreshing.done() and time.monotonic() < enough:
            time.sleep(0.001)
            there = libraries.of("1")
            wrong.extend(id_ for id_ in there.matcher.model.index.ids if id_ not in there.catalog.entries)
            if "coffee" not in there.catalog.entries:
                wrong.append("coffee is gone")

    readers = [threading.Thread(target=read, daemon=True) for _ in range(4)]
    for one in readers:
        one.start()
    await asyncio.sleep(0.2)
    assert ask(libraries.of("1"), "who makes coffee") == "coffee"
    assert "kettle" not in libraries.of("1").catalog.entries
    may_go_on.set()
    await refreshing
    for one in readers:
        await asyncio.to_thread(one.join)
    assert wrong == []
    assert ask(libraries.of("1"), HOT) == "kettle"


async def test_only_so_many_servers_are_held_and_the_others_are_read_again(
    storage: Storage, teacher: Teacher, ask: Ask
) -> None:
    libraries = Libraries((), storage, kept=2)
    for guild in "123":
        await teacher.publish(guild, "kettle", KETTLE)
        await libraries.at(guild)
    assert [libraries.is_loaded(guild) for guild in "123"] == [False, True, True]
    assert ask(await libraries.at("1"), HOT) == "kettle"
    assert [libraries.is_loaded(guild) for guild in "123"] == [True, False, True]


async def test_servers_share_the_vectors_of_all(libraries: Libraries, teacher: Teacher) -> None:
    await teacher.publish("1", "kettle", KETTLE)
    library = await libraries.refresh("1")
    index = library.matcher.model.index
    assert index.stock is libraries.base.matcher.model.index.stock
    assert index._more.shape[0] == 4
    assert library.matcher.tools is libraries.base.matcher.tools


async def test_without_the_storage_students_are_still_answered(
    libraries: Libraries, storage: Storage, teacher: Teacher, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    await teacher.publish("1", "kettle", KETTLE)
    await libraries.at("1")
    calls: list[str] = []

    async def lost(guild: str) -> None:
        calls.append(guild)
        raise StorageUnavailable("The database cannot be reached.")

    with monkeypatch.context() as broken:
        broken.setattr(storage.answers, "heads", lost)
        with pytest.raises(StorageUnavailable):
            await libraries.refresh("1")
        assert ask(libraries.of("1"), HOT) == "kettle"
        assert await libraries.at("2") is libraries.base
        assert await libraries.at("2") is libraries.base
        assert calls == ["1", "2"]
    monkeypatch.setattr(module, "_RETRY", 0)
    libraries._turns["2"].retry = 0
    await libraries.at("2")
    assert libraries.is_loaded("2")


async def test_without_a_storage_all_have_the_library_of_all(ask: Ask) -> None:
    libraries = Libraries()
    assert await libraries.at("1") is await libraries.refresh("1") is libraries.of(None) is libraries.base
    assert ask(libraries.base, "why does relu help against vanishing gradients") == "relu"
