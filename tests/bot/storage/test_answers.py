"""Answers of a server: versions, who won, what is shown, drafts."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.storage.answers import MAX_BODY, SHIPPED, AnswerConflict, Change, Text, Version
from bot.storage.drafts import Draft, DraftConflict
from bot.storage.errors import NotFound, Unstorable
from bot.storage.opening import Storage
from bot.storage.people import Author, Signed

Sign = Callable[..., Signed]
_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-9))])
_MOMENTS = st.datetimes(datetime(1970, 1, 3), datetime(2100, 1, 1), timezones=_ZONES)  # noqa: DTZ001  zones are drawn
OLD = Text(title="Why ReLU?", body="---\nid: relu\n---\nOld text\n")
NEW = Text(title="Why ReLU!", body="---\nid: relu\n---\nNew text\n")


async def test_what_is_published_is_the_head(storage: Storage, sign: Sign) -> None:
    assert await storage.answers.head("a", "relu") is None
    by = sign("Ada", "first try")
    version = await storage.answers.publish("a", "relu", OLD, base=SHIPPED, by=by)
    assert version == await storage.answers.head("a", "relu")
    assert (version.n, version.change, version.live) == (1, Change.PUBLISHED, True)
    assert (version.title, version.body, version.note) == (OLD.title, OLD.body, "first try")
    assert (version.author, version.at) == (by.author, by.at)


async def test_every_change_is_a_version_and_the_newest_comes_first(storage: Storage, sign: Sign) -> None:
    answers = storage.answers
    await answers.publish("a", "relu", OLD, base=SHIPPED, by=sign("Ada"))
    await answers.publish("a", "relu", NEW, base=1, by=sign("Bo", minutes=1))
    hidden = await answers.disable("a", "relu", base=2, by=sign("Cy", "wrong", minutes=2))
    assert (hidden.live, hidden.body) == (False, NEW.body)
    shown = await answers.enable("a", "relu", base=3, by=sign("Cy", minutes=3))
    assert (shown.live, shown.body) == (True, NEW.body)
    restored = await answers.restore("a", "relu", 1, base=4, by=sign("Ada", minutes=4))
    assert (restored.n, restored.live, restored.body, restored.title) == (5, True, OLD.body, OLD.title)
    history = await answers.history("a", "relu")
    assert [(one.n, one.change.value, one.author.name) for one in history] == [
        (5, "restored", "Ada"),
        (4, "enabled", "Cy"),
        (3, "disabled", "Cy"),
        (2, "published", "Bo"),
        (1, "published", "Ada"),
    ]
    assert [one.n for one in await answers.history("a", "relu", before=4, limit=2)] == [3, 2]
    assert (await answers.version("a", "relu", 2)).body == NEW.body


async def test_a_shipped_answer_can_be_hidden_and_its_own_text_restored(storage: Storage, sign: Sign) -> None:
    answers = storage.answers
    hidden = await answers.disable("a", "gpu", base=SHIPPED, by=sign())
    assert (hidden.n, hidden.live, hidden.body, hidden.title) == (1, False, None, None)
    await answers.publish("a", "gpu", OLD, base=1, by=sign())
    back = await answers.restore("a", "gpu", SHIPPED, base=2, by=sign())
    assert (back.n, back.live, back.body) == (3, True, None)


async def test_of_two_edits_of_one_version_the_second_is_told_what_won(storage: Storage, sign: Sign) -> None:
    answers = storage.answers
    await answers.publish("a", "relu", OLD, base=SHIPPED, by=sign("Ada"))
    winner = await answers.publish("a", "relu", NEW, base=1, by=sign("Bo", "typo", minutes=5))
    with pytest.raises(AnswerConflict) as caught:
        await answers.publish("a", "relu", OLD, base=1, by=sign("Cy"))
    assert caught.value.winner == winner
    assert str(caught.value) == (
        "Bo published version 2 of relu at 2026-11-21 15:35 UTC, saying 'typo'; nothing of yours was saved; "
        "look at the difference, then save again on top of it."
    )
    assert await answers.head("a", "relu") == winner
    with pytest.raises(AnswerConflict):
        await answers.disable("a", "relu", base=SHIPPED, by=sign("Cy"))
    with pytest.raises(AnswerConflict):
        await answers.restore("a", "relu", 1, base=1, by=sign("Cy"))
    assert len(await answers.history("a", "relu")) == 2


async def test_of_many_edits_at_once_exactly_one_wins(storage: Storage, sign: Sign) -> None:
    for base in range(4):
        edits = [
            storage.answers.publish(
                "a", "relu", Text(title="t", body=f"{base} {n}"), base=base, by=sign(f"N{n}")
            )
            for n in range(8)
        ]
        done = await asyncio.gather(*edits, return_exceptions=True)
        won = [one for one in done if isinstance(one, Version)]
        lost = [one for one in done if isinstance(one, AnswerConflict)]
        assert (len(won), len(lost)) == (1, 7)
        assert {one.winner for one in lost} == set(won)


async def test_what_does_not_exist_is_not_found(storage: Storage, sign: Sign) -> None:
    answers = storage.answers
    with pytest.raises(NotFound, match="has no versions of 'relu'; got one on top of version 3"):
        await answers.publish("a", "relu", OLD, base=3, by=sign())
    with pytest.raises(NotFound, match="has no versions of 'relu'; got number 1"):
        await answers.version("a", "relu", 1)
    await answers.publish("a", "relu", OLD, base=SHIPPED, by=sign())
    with pytest.raises(NotFound, match="relu has the versions 1 to 1 in this server; got 2"):
        await answers.version("a", "relu", 2)
    with pytest.raises(NotFound, match="versions 1 to 1"):
        await answers.restore("a", "relu", 7, base=1, by=sign())
    assert [one.n for one in await answers.history("a", "relu")] == [1]


async def test_search_finds_every_word_in_id_title_or_text(storage: Storage, sign: Sign) -> None:
    texts = {"relu": ("Warum ReLU?", "Größe 100% sicher"), "init": ("Initialisation", "He_init for RELU")}
    for slug, (title, body) in texts.items():
        await storage.answers.publish("a", slug, Text(title=title, body=body), base=SHIPPED, by=sign())
    await storage.answers.disable("a", "gpu", base=SHIPPED, by=sign())

    async def found(words: str) -> list[str]:
        return [one.slug for one in await storage.answers.search("a", words)]

    assert await found("relu") == ["init", "relu"]
    assert await found("GRÖSSE") == ["relu"]
    assert await found("100%") == ["relu"]
    assert await found("1%0") == []
    assert await found("he_init relu") == ["init"]
    assert await found("h__init") == []
    assert await found("gp") == ["gpu"]
    assert await found("") == ["gpu", "init", "relu"]
    assert [one.slug for one in await storage.answers.heads("a")] == ["gpu", "init", "relu"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
async def test_texts_come_back_as_they_were_or_are_refused(storage: Storage, data: st.DataObject) -> None:
    written = data.draw(
        st.text(max_size=60) | st.sampled_from(["👩‍🔬 ∂L/∂w\r\n\t", "a\x00b", "\ud800", "ß\u0301"])
    )
    slug = f"s{data.draw(st.integers(0, 10**9))}"
    refused = "\x00" in written or any("\ud800" <= character <= "\udfff" for character in written)
    by = Signed(author=Author(id="1", name="Ada"), at=data.draw(_MOMENTS))
    head = await storage.answers.head("a", slug)
    base = head.n if head else SHIPPED
    if refused:
        with pytest.raises(Unstorable, match=r"unprintable character U\+"):
            Text(title="t", body=written)
        return
    await storage.answers.publish("a", slug, Text(title=written, body=written), base=base, by=by)
    version = await storage.answers.version("a", slug, base + 1)
    assert (version.body, version.title, version.at) == (written, written, by.at)


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(Unstorable, match=f"An answer has at most {MAX_BODY} characters; got {MAX_BODY + 1}"):
        Text(title="t", body="x" * (MAX_BODY + 1))


async def test_a_draft_is_its_author_s_alone_and_ends_when_it_is_published(
    storage: Storage, sign: Sign
) -> None:
    ada, bo = sign("Ada"), sign("Bo")
    draft = Draft(slug="relu", author=ada.author, base=SHIPPED, at=ada.at, body=OLD.body)
    saved = await storage.drafts.save("a", draft)
    assert saved.revision == 1
    assert await storage.drafts.list("a", ada.author) == (saved,)
    assert await storage.drafts.list("a", bo.author) == ()
    assert await storage.drafts.get("a", "relu", bo.author) is None
    theirs = await storage.drafts.save("a", Draft(slug="relu", author=bo.author, base=0, at=bo.at, body="b"))
    await storage.answers.publish("a", "relu", OLD, base=SHIPPED, by=ada)
    assert await storage.drafts.get("a", "relu", ada.author) is None
    assert await storage.drafts.get("a", "relu", bo.author) == theirs


async def test_a_draft_that_was_saved_elsewhere_is_not_overwritten(storage: Storage, sign: Sign) -> None:
    by = sign()
    first = await storage.drafts.save("a", Draft(slug="x", author=by.author, base=0, at=by.at, body="one"))
    second = await storage.drafts.save(
        "a", Draft(slug="x", author=by.author, base=0, revision=1, at=by.at, body="2")
    )
    assert (first.revision, second.revision) == (1, 2)
    with pytest.raises(DraftConflict, match="another draft of x at 2026-11-21 15:30 UTC") as caught:
        await storage.drafts.save(
            "a", Draft(slug="x", author=by.author, base=0, revision=1, at=by.at, body="3")
        )
    assert caught.value.winner == second


async def test_a_draft_that_was_saved_again_meanwhile_outlives_the_publication(
    storage: Storage, sign: Sign
) -> None:
    ada = sign("Ada")
    draft = Draft(slug="relu", author=ada.author, base=SHIPPED, at=ada.at, body=OLD.body)
    reviewed = await storage.drafts.save("a", draft)
    elsewhere = await storage.drafts.save("a", replace(reviewed, body=NEW.body))
    published = await storage.answers.publish("a", "relu", OLD, base=SHIPPED, by=ada)
    kept = await storage.drafts.get("a", "relu", ada.author)
    assert kept == elsewhere
    # So that its author is told what was published since.
    assert kept is not None
    assert kept.base < published.n
    with pytest.raises(AnswerConflict):
        await storage.answers.publish("a", "relu", NEW, base=kept.base, by=ada)
    await storage.drafts.save("a", replace(kept, base=published.n))
    await storage.answers.publish("a", "relu", NEW, base=published.n, by=ada)
    assert await storage.drafts.get("a", "relu", ada.author) is None


async def test_the_drafts_that_wait_are_everybody_s_without_their_texts(storage: Storage, sign: Sign) -> None:
    for guild, slug, name, minutes in (
        ("a", "tanh", "Ada", 0),
        ("a", "relu", "Bo", 1),
        ("a", "relu", "Ada", 2),
        ("b", "gpu", "Ada", 3),
    ):
        by = sign(name, minutes=minutes)
        await storage.drafts.save(guild, Draft(slug=slug, author=by.author, base=2, at=by.at, body="x"))
    found = await storage.drafts.waiting("a")
    assert [(one.slug, one.author.name) for one in found] == [
        ("relu", "Ada"),
        ("relu", "Bo"),
        ("tanh", "Ada"),
    ]
    by = sign("Bo", minutes=1)
    assert found[1] == Draft(slug="relu", author=by.author, base=2, revision=1, at=by.at, body="")
    assert await storage.drafts.waiting("none") == ()


async def test_a_refused_publication_keeps_the_draft(storage: Storage, sign: Sign) -> None:
    ada = sign("Ada")
    saved = await storage.drafts.save("a", Draft(slug="x", author=ada.author, base=0, at=ada.at, body="mine"))
    await storage.answers.publish("a", "x", OLD, base=SHIPPED, by=sign("Bo"))
    with pytest.raises(AnswerConflict):
        await storage.answers.publish("a", "x", NEW, base=SHIPPED, by=ada)
    assert await storage.drafts.get("a", "x", ada.author) == saved


async def test_a_draft_that_is_thrown_away_is_returned(storage: Storage, sign: Sign) -> None:
    by = sign()
    saved = await storage.drafts.save("a", Draft(slug="x", author=by.author, base=0, at=by.at, body="mine"))
    assert await storage.drafts.discard("a", "x", by.author) == saved
    assert await storage.drafts.discard("a", "x", by.author) is None
