"""What the bot does in which channel, and whose conversations it keeps out of."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import MagicMock

import discord
import pytest

from answers.matching import Answer, Candidate, Offer
from bot.discord.channels import is_wanted, surely
from bot.discord.listening import TALK_SECONDS, Listening
from bot.discord.places import in_charge, mode_in, places, switched_off
from bot.libraries import Libraries
from bot.service import Service
from bot.storage.guild_settings import GuildSettings, Mode

NOW = datetime(2026, 3, 1, tzinfo=UTC)
QUESTION = "Why do sigmoid and tanh make the gradient vanish?"


def channel(id_: int) -> Any:
    return MagicMock(spec=discord.TextChannel, id=id_)


def thread(id_: int, parent: int, *tags: int) -> Any:
    made = MagicMock(spec=discord.Thread, id=id_, parent_id=parent)
    made.applied_tags = [SimpleNamespace(id=tag) for tag in tags]
    return made


def said(number: int, author: int, after: float, place: int = 1) -> discord.Message:
    made = SimpleNamespace(
        id=number,
        author=SimpleNamespace(id=author),
        channel=SimpleNamespace(id=place),
        created_at=NOW + timedelta(seconds=after),
    )
    return cast("discord.Message", made)


def test_a_thread_is_like_its_channel_unless_it_has_a_choice_of_its_own() -> None:
    settings = GuildSettings(channels={"1": Mode.OFF, "2": Mode.ANSWER, "12": Mode.ADDRESSED})
    assert mode_in(settings, channel(1)) is Mode.OFF
    assert mode_in(settings, thread(11, 1)) is Mode.OFF
    assert mode_in(settings, thread(12, 1)) is Mode.ADDRESSED
    assert mode_in(settings, thread(13, 2)) is Mode.ANSWER
    assert mode_in(settings, channel(3)) is Mode.ADDRESSED


def test_a_channel_is_not_taken_for_its_category() -> None:
    made = channel(1)
    made.parent_id = 2
    assert places(made) == ("1",)
    assert places(None) == ()


def test_in_a_forum_that_is_answered_people_may_ask_on_though_it_is_off_elsewhere() -> None:
    settings = GuildSettings(elsewhere=Mode.OFF, forums={"5": ()})
    assert mode_in(settings, thread(50, 5)) is Mode.ADDRESSED
    assert mode_in(settings, thread(60, 6)) is Mode.OFF
    shut = GuildSettings(elsewhere=Mode.OFF, forums={"5": ()}, channels={"5": Mode.OFF})
    assert mode_in(shut, thread(50, 5)) is Mode.OFF
    assert not is_wanted(50, thread(50, 5), shut)


def test_who_is_refused_is_told_where_to_ask_and_who_can_change_it() -> None:
    settings = GuildSettings(channels={"1": Mode.OFF, "2": Mode.ANSWER}, instructors=("8", "9"))
    text = switched_off(settings)
    assert "Ask in <#2>, or in a direct message" in text
    assert "Instructors (<@&8>, <@&9>) and who has Manage Server can switch me on here" in text
    assert in_charge(GuildSettings()) == "Who has Manage Server here"


@pytest.mark.parametrize(
    ("message", "post", "wanted"),
    [
        (50, thread(50, 5, 7), True),
        (50, thread(50, 5, 6, 8), True),
        (50, thread(50, 5, 6), False),
        (50, thread(50, 5), False),
        (51, thread(50, 5, 7), False),
        (60, thread(60, 6, 7), False),
    ],
)
def test_only_the_first_message_of_a_post_with_a_wanted_tag_counts(
    message: int, post: Any, *, wanted: bool
) -> None:
    assert is_wanted(message, post, GuildSettings(forums={"5": ("7", "8")})) is wanted


def test_a_forum_without_tags_takes_all_posts() -> None:
    assert is_wanted(50, thread(50, 5), GuildSettings(forums={"5": ()}))


def test_others_who_just_talked_make_a_question_part_of_a_conversation() -> None:
    listening = Listening()
    listening.hear(said(1, author=7, after=0))
    mine = said(2, author=8, after=60)
    listening.hear(mine)
    assert listening.is_among_others(mine)
    later = said(3, author=8, after=TALK_SECONDS + 1)
    listening.hear(later)
    assert not listening.is_among_others(later)
    assert not listening.is_among_others(said(4, author=9, after=1, place=2))


def test_who_was_answered_by_somebody_needs_no_answer() -> None:
    listening = Listening()
    mine = said(2, author=8, after=0)
    listening.hear(mine)
    listening.hear(said(3, author=8, after=1))
    assert not listening.has_reply(mine)
    listening.hear(said(4, author=9, after=2))
    assert listening.has_reply(mine)


@pytest.fixture(scope="module")
def service() -> Service:
    base = Libraries().base
    return Service(catalog=base.catalog, matcher=base.matcher, laboratory=MagicMock())


def test_a_question_in_title_or_words_is_found(service: Service) -> None:
    for title, words in (
        ("", QUESTION),
        (QUESTION, ""),
        ("Week 3", QUESTION),
        (QUESTION, "Thanks in advance!"),
    ):
        found = surely(service, title, words)
        assert found is not None, (title, words)
        assert service.catalog.entries[found[1].id].title == QUESTION


@pytest.mark.parametrize(("likeliest", "sure"), [("a", True), ("b", False)])
def test_a_title_counts_alone_where_the_words_point_the_same_way(likeliest: str, *, sure: bool) -> None:
    ranked = (Candidate(id=likeliest, title="", score=0.5), Candidate(id="c", title="", score=0.1))
    alone = Answer(id="a", confidence=0.99, candidates=())

    def match(text: str, **_more: object) -> Answer | Offer:
        return alone if text == "title" else Offer(confidence=0.5, candidates=ranked)

    service = MagicMock()
    service.matcher.match = match
    assert surely(service, "title", "words") == (("title", alone) if sure else None)


def test_what_is_no_question_or_none_of_ours_is_left_to_people(service: Service) -> None:
    assert surely(service, "", "sigmoid and tanh make the gradient vanish") is None
    assert surely(service, "Lunch?", "Where do we meet?") is None
