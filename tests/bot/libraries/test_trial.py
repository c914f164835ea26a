"""What would let unrelated messages through, or lead questions astray, is not taught."""

import pytest
from libraries_samples import Teacher, written

from answers.matching import Lessons
from bot.libraries import Libraries, Library, would_harm
from bot.storage.opening import Storage

LONG = pytest.mark.long


@pytest.fixture(scope="module")
def base() -> Library:
    return Libraries().base


@pytest.mark.parametrize(
    "text",
    [
        "thanks",
        "hi",
        "when is the exam",
        "what is dropout",
        "where do i hand in the homework",
        "pizza tonight?",
    ],
)
@pytest.mark.parametrize("slug", ["relu", "gpu"])
async def test_a_wording_that_has_nothing_to_do_with_the_answer_is_refused(
    base: Library, slug: str, text: str
) -> None:
    harm = await would_harm(base, Lessons(phrasings={slug: (text,)}))
    assert harm is not None
    assert base.catalog.entries[slug].title[:40] in str(harm)
    assert str(harm).count(".") == 1
    assert 1 <= len(harm.messages) <= 3


@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("relu", "Why do people keep telling me to swap tanh for ReLU?"),
        pytest.param("lstm_gru", "does the forget gate of an lstm keep the error alive", marks=LONG),
        pytest.param("clipping", "my gradients blow up, do i cut them off at 1?", marks=LONG),
        ("backprop_not_cause", "whose fault is it that nothing learns down there"),
    ],
)
async def test_a_sensible_wording_is_accepted(base: Library, slug: str, text: str) -> None:
    assert await would_harm(base, Lessons(phrasings={slug: (text,)})) is None


async def test_a_wording_that_is_another_answer_s_is_refused(base: Library) -> None:
    title = base.catalog.entries["gpu"].title
    harm = await would_harm(base, Lessons(phrasings={"relu": (title,)}))
    assert harm is not None
    assert harm.messages == (title,)
    assert "a wrong answer" in str(harm)


@pytest.mark.parametrize(
    "text",
    [
        "is there a lab on friday",
        pytest.param("who wins the cup", marks=LONG),
        "gradient of a hill",
    ],
)
async def test_messages_that_mean_nothing_may_be_said_to_mean_nothing(base: Library, text: str) -> None:
    assert await would_harm(base, Lessons(negatives=(text,))) is None


async def test_a_question_that_has_its_answer_is_not_said_to_have_none(base: Library) -> None:
    for text in (base.catalog.entries["relu"].title, "what is a vanishing gradient in simple words"):
        harm = await would_harm(base, Lessons(negatives=(text,)))
        assert harm is not None
        assert "would not be answered any more" in str(harm)


async def test_an_answer_that_is_not_meant_by_its_own_title_is_refused(base: Library) -> None:
    title = base.catalog.entries["relu"].title
    assert await would_harm(base, Lessons(exclusions={"relu": (title,)})) is not None
    assert await would_harm(base, Lessons(exclusions={"relu": ("is dropout like relu",)})) is None


async def test_a_server_that_answers_about_the_exam_may_learn_to_ask_for_it(
    storage: Storage, teacher: Teacher
) -> None:
    exam = written("exam", "When is the exam?", "exam date", "date of the exam", "on which day is the exam")
    libraries = Libraries((), storage)
    await teacher.publish("1", "exam", exam)
    proposed = Lessons(phrasings={"exam": ("what time does the written exam start",)})
    assert await would_harm(await libraries.at("1"), proposed) is None
    lost = Lessons(phrasings={"exam": ("pizza tonight?",)})
    assert await would_harm(await libraries.at("1"), lost) is not None


async def test_what_a_server_was_taught_before_is_kept_from_harm(storage: Storage, teacher: Teacher) -> None:
    libraries = Libraries((), storage)
    wording = "whose fault is it that nothing learns down there"
    await teacher.teach("1", wording, "backprop_not_cause")
    library = await libraries.at("1")
    harm = await would_harm(library, Lessons(negatives=(wording,)))
    assert harm is not None
    assert harm.messages == (wording,)
    await teacher.teach("1", "is my cat a gradient", None, negative=True)
    harm = await would_harm(
        await libraries.refresh("1"), Lessons(phrasings={"relu": ("is my cat a gradient?",)})
    )
    assert harm is not None
