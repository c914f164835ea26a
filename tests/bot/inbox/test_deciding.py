"""Instructors decide on groups of questions, once, not against each other, and can take it back."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from answers.matching import Answer
from answers.reading import read
from bot.errors import BadRequest
from bot.inbox.group import GroupId, Page
from bot.inbox.outcomes import Decided, Harmful
from bot.inbox.post import Post
from bot.libraries import Libraries
from bot.storage.errors import NotFound, StorageError
from bot.storage.feedback import Verdict
from bot.storage.inbox import DecisionConflict, How, Missed, Reason
from bot.storage.opening import Storage
from bot.teaching.roles import Person, Refused

NEAR = "my very first layers get practically no learning signal, whats up"
"""Nobody's phrasing yet, and near to an answer."""


@pytest.fixture
def ask(keeping: Storage, clock: Callable[[], object]) -> Callable[..., Awaitable[None]]:
    async def asked(
        *texts: str, who: str = "eve", reason: Reason = Reason.UNANSWERED, slug: str | None = None
    ) -> None:
        for text in texts:
            missed = Missed(text=text, reason=reason, slug=slug)
            await keeping.inbox.keep("g", missed, user_id=who, at=clock())  # pyright: ignore[reportArgumentType]

    return asked


Ask = Callable[..., Awaitable[None]]


async def first(post: Post, person: Person) -> GroupId:
    page = await post.looking.page("g", person)
    return page.groups[0].group.id


async def questions(post: Post, person: Person) -> list[str]:
    page: Page = await post.looking.page("g", person)
    return [one.group.question for one in page.groups]


async def test_the_most_asked_stand_first_page_by_page(ask: Ask, post: Post, tim: Person) -> None:
    await ask("when is the exam", "exam date?", "when is the exam", "what is beam search")
    page = await post.looking.page("g", tim, 1, size=1)
    assert (page.total, page.pages, page.asked, page.keeps) == (2, 2, 4, True)
    assert [(one.group.question, one.group.asked) for one in page.groups] == [("when is the exam", 3)]
    beyond = await post.looking.page("g", tim, 99, size=1)
    assert (beyond.number, beyond.groups[0].group.question) == (2, "what is beam search")


async def test_a_group_shows_the_nearest_answers_and_what_askers_said_of_them(
    ask: Ask, post: Post, tim: Person
) -> None:
    await ask(NEAR)
    await ask(NEAR, reason=Reason.MISMATCH, slug="lstm_gru")
    [shown] = (await post.looking.page("g", tim)).groups
    assert 1 <= len(shown.nearest) <= 4
    assert all(0 <= one.score <= 1 for one in shown.nearest)
    assert {one.id: one.wrong for one in shown.nearest}["lstm_gru"] == 1
    assert shown.group.asked == 2


async def test_a_server_that_keeps_no_words_is_told_so(storage: Storage, post: Post, tim: Person) -> None:
    page = await post.looking.page("none", tim)
    assert (page.keeps, page.total, page.pages) == (False, 0, 1)
    del storage


async def test_an_accepted_wording_is_answered_from_then_on_until_it_is_undone(
    ask: Ask, post: Post, ada: Person, keeping: Storage
) -> None:
    await ask(NEAR, "what is beam search")
    group = next(
        one.group for one in (await post.looking.page("g", ada)).groups if one.group.question == NEAR
    )
    done = await post.deciding.accept("g", ada, group.id, "why_is_it_a_problem")
    assert isinstance(done, Decided), done
    assert str(done) == f"“{NEAR}” is a way of asking for “{done.title}” now."
    assert [one.text for one in await keeping.phrasings.list("g")] == [NEAR]
    assert await questions(post, ada) == ["what is beam search"]
    library = await Libraries(storage=keeping).at("g")
    found = library.matcher.match(NEAR)
    assert isinstance(found, Answer)
    assert (found.id, found.confidence) == ("why_is_it_a_problem", 1.0)
    undone = await post.deciding.undo("g", ada, done.decision.id)
    assert str(undone) == "Its questions are in the inbox again, and the wording is gone."
    assert await keeping.phrasings.list("g") == ()
    assert sorted(await questions(post, ada)) == sorted([NEAR, "what is beam search"])
    with pytest.raises(NotFound, match="undone already"):
        await post.deciding.undo("g", ada, done.decision.id)


async def test_what_would_let_unrelated_messages_through_is_refused_with_the_reason(
    ask: Ask, post: Post, ada: Person, keeping: Storage
) -> None:
    await ask("when is the exam")
    group = await first(post, ada)
    refused = await post.deciding.accept("g", ada, group, "why_is_it_a_problem")
    assert isinstance(refused, Harmful)
    assert "“when is the exam” has little to do with" in str(refused)
    assert await keeping.phrasings.list("g") == ()
    assert await questions(post, ada) == ["when is the exam"]


async def test_a_negative_that_would_silence_real_questions_is_refused(
    ask: Ask, post: Post, ada: Person, keeping: Storage
) -> None:
    text = "what is the vanishing gradient problem"
    await ask(text, reason=Reason.MISMATCH, slug="what_is_vanishing")
    group = await first(post, ada)
    refused = await post.deciding.exclude("g", ada, group)
    assert isinstance(refused, Harmful)
    assert refused.messages
    assert await keeping.phrasings.list("g") == ()


async def test_what_is_not_meant_is_not_answered_any_more(
    ask: Ask, post: Post, ada: Person, keeping: Storage
) -> None:
    await ask("what is beam search", reason=Reason.MISMATCH, slug="lstm_gru")
    group = await first(post, ada)
    done = await post.deciding.exclude("g", ada, group, "lstm_gru")
    assert isinstance(done, Decided), done
    assert "does not mean" in str(done)
    [wording] = await keeping.phrasings.list("g")
    assert (wording.text, wording.slug, wording.negative) == ("what is beam search", "lstm_gru", True)
    await post.deciding.undo("g", ada, done.decision.id)
    assert await keeping.phrasings.list("g") == ()
    assert await questions(post, ada) == ["what is beam search"]


async def test_ignoring_teaches_nothing_and_is_undone(
    ask: Ask, post: Post, ada: Person, keeping: Storage
) -> None:
    await ask("what is beam search", "what is beam search?")
    done = await post.deciding.ignore("g", ada, await first(post, ada))
    assert (str(done), done.asked) == ("“what is beam search” is out of the inbox.", 2)
    assert await questions(post, ada) == []
    assert [one.how for one in await post.deciding.latest("g", ada)] == [How.IGNORE]
    assert (
        str(await post.deciding.undo("g", ada, done.decision.id)) == "Its questions are in the inbox again."
    )
    assert len(await keeping.inbox.open("g")) == 2


async def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(
    ask: Ask, post: Post, ada: Person, ben: Person, keeping: Storage
) -> None:
    await ask("what is beam search")
    group = await first(post, ada)
    outcomes = await asyncio.gather(
        post.deciding.ignore("g", ada, group),
        post.deciding.exclude("g", ben, group),
        return_exceptions=True,
    )
    assert [type(one) for one in outcomes].count(Decided) == 1
    [conflict] = [one for one in outcomes if not isinstance(one, Decided)]
    assert isinstance(conflict, DecisionConflict)
    assert "decided on one of these questions" in str(conflict)
    assert len(await keeping.inbox.decisions("g")) == 1


async def test_two_programs_on_one_database_do_not_decide_twice(
    ask: Ask, open_post: Callable[..., Post], ada: Person, ben: Person, keeping: Storage
) -> None:
    await ask("what is beam search")
    one, other = open_post(), open_post()
    group = await first(one, ada)
    outcomes = await asyncio.gather(
        one.deciding.ignore("g", ada, group), other.deciding.ignore("g", ben, group), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["Decided", "DecisionConflict"]
    assert len(await keeping.inbox.decisions("g")) == 1


async def test_a_button_outlives_a_restart_and_decides_on_what_it_showed(
    ask: Ask, post: Post, open_post: Callable[..., Post], ada: Person, keeping: Storage
) -> None:
    await ask("what is beam search", "what is beam search")
    group = str(await first(post, ada))
    await ask("beam search explained pls", "beam search explained pls", "beam search explained pls")
    later = open_post()
    done = await later.deciding.ignore("g", ada, GroupId.read(group))
    assert (done.question, done.asked) == ("what is beam search", 2)
    [left] = await keeping.inbox.open("g")
    assert (left.text, len(left.ids)) == ("beam search explained pls", 3)


async def test_questions_that_are_too_old_are_gone(post: Post, ada: Person, keeping: Storage) -> None:
    with pytest.raises(NotFound, match="thirty days"):
        await post.deciding.ignore("g", ada, GroupId(anchor=4711, horizon=4711))
    del keeping


@pytest.mark.parametrize("name", ["accept", "exclude", "ignore", "answered", "undo"])
async def test_only_instructors_decide(  # noqa: PLR0913, PLR0917  one of each role
    ask: Ask, post: Post, tim: Person, eve: Person, ada: Person, name: str, keeping: Storage
) -> None:
    await ask("what is beam search")
    group = await first(post, ada)
    rest = {"accept": ("rnn",), "exclude": (), "ignore": (), "answered": ("rnn",), "undo": ()}[name]
    target = 1 if name == "undo" else group
    with pytest.raises(Refused, match="is for instructors, whom this server's settings name"):
        await getattr(post.deciding, name)("g", tim, target, *rest)
    with pytest.raises(Refused, match="The inbox is for instructors and teaching assistants"):
        await getattr(post.deciding, name)("g", eve, target, *rest)
    assert await keeping.inbox.decisions("g") == ()


async def test_students_see_none_of_it(post: Post, eve: Person, keeping: Storage) -> None:
    for refused in (
        post.looking.page("g", eve),
        post.deciding.latest("g", eve),
        post.writing.open("g", eve, GroupId(anchor=1, horizon=1)),
    ):
        with pytest.raises(Refused):
            await refused
    del keeping


async def test_a_wording_goes_to_an_answer_that_there_is(ask: Ask, post: Post, ada: Person) -> None:
    await ask("what is beam search")
    group = await first(post, ada)
    with pytest.raises(
        BadRequest,
        match="Students here see no answer 'why_is_it_problem'; did you mean 'why_is_it_a_problem'",
    ):
        await post.deciding.accept("g", ada, group, "why_is_it_problem")


async def test_what_was_accepted_is_not_taken_back_by_the_next_decision(
    ask: Ask, post: Post, ada: Person, keeping: Storage
) -> None:
    await ask(NEAR)
    done = await post.deciding.accept("g", ada, await first(post, ada), "why_is_it_a_problem")
    assert isinstance(done, Decided), done
    await ask(NEAR)
    refused = await post.deciding.exclude("g", ada, await first(post, ada), "why_is_it_a_problem")
    assert isinstance(refused, Harmful)
    assert "would not be answered any more" in str(refused)
    assert len(await keeping.inbox.decisions("g")) == 1
    again = await post.deciding.accept("g", ada, await first(post, ada), "why_is_it_a_problem")
    assert isinstance(again, Decided)
    assert len(await keeping.phrasings.list("g")) == 1


async def test_what_is_too_long_for_a_wording_is_shortened_by_who_decides(
    ask: Ask, post: Post, ada: Person, keeping: Storage
) -> None:
    await ask(f"{NEAR} {'please ' * 200}")
    group = await first(post, ada)
    with pytest.raises(StorageError, match="A phrasing has at most 1000 characters"):
        await post.deciding.accept("g", ada, group, "why_is_it_a_problem")
    done = await post.deciding.accept("g", ada, group, "why_is_it_a_problem", text=f" {NEAR}\n")
    assert isinstance(done, Decided), done
    assert [one.text for one in await keeping.phrasings.list("g")] == [NEAR]


async def test_a_database_that_is_lost_while_it_is_taught_says_when_it_counts(
    ask: Ask, post: Post, ada: Person, monkeypatch: pytest.MonkeyPatch, keeping: Storage
) -> None:
    await ask(NEAR)
    group = await first(post, ada)

    async def lost(_guild: str) -> None:
        raise StorageError("lost")

    monkeypatch.setattr(Libraries, "refresh", lost_method(lost))
    done = await post.deciding.accept("g", ada, group, "why_is_it_a_problem")
    assert isinstance(done, Decided), done
    assert not done.live
    assert "when the database can be reached again" in str(done)
    assert len(await keeping.phrasings.list("g")) == 1


def lost_method(function: Callable[[str], Awaitable[None]]) -> Callable[[object, str], Awaitable[None]]:
    async def refresh(_self: object, guild: str) -> None:
        await function(guild)

    return refresh


async def test_a_lost_connection_is_a_sentence(
    ask: Ask, post: Post, ada: Person, cut_off: Callable[[], Awaitable[None]]
) -> None:
    await ask("what is beam search")
    group = await first(post, ada)
    await cut_off()
    # Reading is tried once more on a new connection; after a write it cannot be known, and is said.
    try:
        await post.deciding.ignore("g", ada, group)
    except StorageError as error:
        assert str(error).endswith(".")  # noqa: PT017  either is right
    assert len(await post.deciding.latest("g", ada)) <= 1


async def test_an_answer_is_begun_with_the_words_of_the_group(
    ask: Ask, post: Post, tim: Person, ada: Person, keeping: Storage
) -> None:
    await ask("how does beam search work", "beam search explained pls", "what is beam search")
    group = await first(post, tim)
    opened = await post.writing.open("g", tim, group)
    assert (opened.slug, opened.new, opened.base) == ("beam_search", True, 0)
    entry = read(opened.text, path="beam_search.md")
    assert entry.id == opened.slug
    assert entry.title.endswith("?")
    words = {entry.title.lower().rstrip("?"), *entry.phrasings}
    assert {"how does beam search work", "beam search explained pls", "what is beam search"} <= words
    assert entry.author == "Tim"
    with pytest.raises(Refused):
        await post.deciding.answered("g", tim, group, opened.slug)
    done = await post.deciding.answered("g", ada, group, opened.slug)
    assert (done.decision.how, done.decision.slug) == (How.ANSWER, "beam_search")
    assert await keeping.inbox.open("g") == ()


async def test_votes_of_the_front_reach_the_same_inbox(post: Post, ada: Person, keeping: Storage) -> None:
    await post.voting.vote(
        "g", None, Verdict.MISMATCH, user_id="eve", question="what is beam search", slug="lstm_gru"
    )
    await post.aclose()
    [shown] = (await post.looking.page("g", ada)).groups
    assert shown.group.wrong == {"lstm_gru": 1}
    del keeping
