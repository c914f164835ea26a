"""What was asked is told in numbers that nobody can be recognised in."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answers.catalog import Catalog, load
from bot.inbox.group import Group, GroupId, People
from bot.statistics.card import MOST, plain, to_text
from bot.statistics.privacy import FEW, hidden, votes
from bot.statistics.report import Counts, Report, Unanswered, Used, Votes, Week, report
from bot.statistics.table import COLUMNS, harmless, to_csv
from bot.storage.feedback import Verdict
from bot.storage.guild_settings import GuildSettings
from bot.storage.inbox import Reason
from bot.storage.opening import Storage
from bot.storage.people import Author, Signed
from bot.storage.questions import Outcome
from bot.storage.stats import Tally

NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
MONDAY = date(2026, 11, 16)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


async def asked(
    storage: Storage, *, weeks_ago: int, n: int, verdicts: Sequence[Verdict] = (), slug: str = "rnn"
) -> None:
    at = NOW - timedelta(weeks=weeks_ago)
    for number in range(n):
        logged = await storage.questions.log("g", Outcome.ANSWERED, slug, at=at)
        if number < len(verdicts):
            await storage.feedback.vote("g", logged, verdicts[number], user_id=f"u{number}", at=at)


async def of(storage: Storage, catalog: Catalog, *groups: Group, weeks: int = 16) -> Report:
    return await report(storage, "g", catalog, groups, now=NOW, weeks=weeks)


def group_of(question: str, asked: int, reason: Reason = Reason.UNANSWERED) -> Group:
    return Group(
        id=GroupId(anchor=1, horizon=1),
        wordings=(question,),
        asked=asked,
        people=People.SEVERAL,
        last=MONDAY,
        reasons={reason: asked},
        wrong={},
        chosen={},
        ids=tuple(range(asked)),
    )


async def test_weeks_answers_and_sums_are_told(storage: Storage, catalog: Catalog) -> None:
    up, down = Verdict.HELPFUL, Verdict.UNHELPFUL
    await asked(storage, weeks_ago=2, n=8, verdicts=[up] * 5 + [down] * 2)
    await asked(storage, weeks_ago=0, n=6, verdicts=[Verdict.MISMATCH] * 6, slug="gone")
    await storage.questions.log("g", Outcome.SILENT, None, at=NOW)
    await storage.questions.log("g", Outcome.OFFERED, "rnn", at=NOW)
    await storage.questions.log("other", Outcome.SILENT, None, at=NOW)
    found = await of(storage, catalog)
    assert [(week.monday, week.counts.asked) for week in found.weeks] == [
        (MONDAY - timedelta(weeks=2), 8),
        (MONDAY - timedelta(weeks=1), 0),
        (MONDAY, 8),
    ]
    total = found.total
    assert (total.answered, total.offered, total.silent, total.asked) == (14, 1, 1, 16)
    assert total.votes == Votes(helpful=5, unhelpful=2, mismatch=6)
    assert found.weeks[0].counts.votes == Votes(helpful=5, unhelpful=2)
    assert [(used.id, used.title, used.counts.asked) for used in found.answers] == [
        ("rnn", catalog.entries["rnn"].title, 9),
        ("gone", "gone", 6),
    ]


async def test_weeks_before_the_span_are_not_looked_at(storage: Storage, catalog: Catalog) -> None:
    await asked(storage, weeks_ago=5, n=3)
    await asked(storage, weeks_ago=1, n=2)
    assert (await of(storage, catalog, weeks=3)).total.asked == 2
    assert (await of(storage, catalog, weeks=6)).total.asked == 5
    assert (await of(storage, catalog, weeks=0)).total.asked == 0
    assert len((await of(storage, catalog, weeks=10_000)).weeks) == 6


async def test_questions_are_shown_where_the_server_keeps_them(storage: Storage, catalog: Catalog) -> None:
    groups = (group_of("exam?", 3), group_of("beam?", 9), group_of("wrong", 5, Reason.MISMATCH))
    assert (await of(storage, catalog, *groups)).unanswered is None
    by = Signed(author=Author(id="1", name="Ada"), at=NOW)
    await storage.settings.change("g", {"keep_questions": True}, seen=GuildSettings(), by=by)
    assert (await of(storage, catalog, *groups)).unanswered == (
        Unanswered(question="beam?", asked=9),
        Unanswered(question="exam?", asked=3),
    )


async def test_the_votes_of_a_quiet_week_are_not_told(storage: Storage, catalog: Catalog) -> None:
    await asked(storage, weeks_ago=3, n=9, verdicts=[Verdict.HELPFUL] * 9)
    await asked(storage, weeks_ago=2, n=7, verdicts=[Verdict.HELPFUL] * 6)
    await asked(storage, weeks_ago=1, n=1, verdicts=[Verdict.UNHELPFUL])
    found = await of(storage, catalog)
    # With the second week shown, the third's vote would follow from the sum.
    assert [week.counts.votes is None for week in found.weeks] == [False, True, True, True]
    assert found.total.votes == Votes(helpful=15, unhelpful=1)


def tally(asked: int, helpful: int, unhelpful: int = 0) -> Tally:
    return Tally(answered=asked, helpful=helpful, unhelpful=unhelpful)


@given(st.lists(st.builds(tally, st.integers(0, 12), st.integers(0, 9), st.integers(0, 3)), max_size=12))
def test_no_few_votes_are_shown_nor_follow_from_the_sum(tallies: list[Tally]) -> None:
    secret = hidden(tallies)
    assert all(votes(one) >= FEW for place, one in enumerate(tallies) if place not in secret)
    rest = sum(votes(tallies[place]) for place in secret)
    assert rest == 0 or rest >= FEW or len(secret) == len(tallies)


def test_a_sum_of_few_votes_is_not_shown() -> None:
    assert hidden([tally(9, 3)]) == {0}
    assert hidden([]) == frozenset()


COUNTS = Counts(answered=7, offered=2, silent=1, votes=Votes(helpful=4, unhelpful=1, mismatch=1))
FULL = Report(
    since=MONDAY,
    today=NOW.date(),
    weeks=(Week(monday=MONDAY, counts=COUNTS),),
    total=COUNTS,
    answers=(Used(id="rnn", title="Why RNNs?", counts=replace(COUNTS, silent=0, votes=None)),),
    unanswered=(Unanswered(question="when is the *exam* <@123> @everyone", asked=3),),
)


def test_the_text_says_it_all() -> None:
    assert to_text(FULL) == "\n".join(  # noqa: FLY002  line by line
        [
            "**10 questions** in 1 week, 16 Nov 2026 to 21 Nov 2026",
            "- answered: 7 (70 %)",
            "- several offered: 2 (20 %)",
            "- without an answer: 1 (10 %)",
            "- votes: 4 helpful, 1 not helpful, 1 not what was asked",
            "",
            "**Asked most**",
            "1. Why RNNs?: 7×, 2× offered, < 5 votes",
            "",
            "**Nobody answers**",
            "1. “when is the \\*exam\\* @\u200beveryone”: 3×",
            "",
            "**By week**",
            "- 16 Nov: 10 (7 answered, 2 offered, 1 without an answer; 4 of 6 votes helpful)",
        ]
    )


def test_the_text_says_why_there_is_nothing() -> None:
    none = replace(FULL, weeks=(), total=Counts(), answers=(), unanswered=None)
    assert to_text(none) == "**No questions since 16 Nov 2026.**"
    assert "keeps no words of questions" in to_text(replace(FULL, unanswered=None))
    assert "too few to be shown" in to_text(replace(FULL, total=replace(COUNTS, votes=None)))


def test_a_long_report_fits_a_card_and_keeps_what_matters() -> None:
    weeks = tuple(Week(monday=MONDAY - timedelta(weeks=n), counts=COUNTS) for n in range(57, -1, -1))
    answers = tuple(Used(id=f"a{n}", title="*" * 100, counts=COUNTS) for n in range(10))
    unanswered = tuple(Unanswered(question="`" * 2000, asked=n) for n in range(10))
    long = replace(FULL, weeks=weeks, answers=answers, unanswered=unanswered)
    for most in (MOST, 1_000, 200):
        text = to_text(long, most)
        assert len(text) <= most
        assert text.startswith("**10 questions**")
    assert len(to_text(long)) > 3_000


@given(st.text(max_size=300))
def test_nobodys_words_leave_their_line_or_call_anybody(text: str) -> None:
    words = plain(text)
    assert len(words.splitlines()) <= 1
    assert "@everyone" not in words
    assert "<@" not in words
    assert len(words) <= 2 * 91


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_the_file_has_a_row_for_everything() -> None:
    rows = read(to_csv(FULL))
    assert list(rows[0]) == list(COLUMNS)
    assert [(row["kind"], row["week"], row["answer"], row["asked"], row["helpful"]) for row in rows] == [
        ("total", "", "", "10", "4"),
        ("week", "2026-11-16", "", "10", "4"),
        ("answer", "", "rnn", "9", "<5"),
    ]


def test_the_file_has_no_words_of_students_and_the_line_ends_of_the_standard() -> None:
    data = to_csv(FULL)
    assert b"exam" not in data
    assert data.count(b"\r\n") == data.count(b"\n") == 4
    assert data.startswith(b"\xef\xbb\xbfkind,")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\r", "＝", "|", "%"])
def test_no_title_is_taken_for_a_formula(start: str) -> None:
    title = f"{start}HYPERLINK(1)"
    used = replace(FULL.answers[0], title=title)
    assert read(to_csv(replace(FULL, answers=(used,))))[-1]["title"] == f"'{title}"


@given(st.text(max_size=60))
def test_every_title_survives_the_file(title: str) -> None:
    used = replace(FULL.answers[0], title=title)
    rows = read(to_csv(replace(FULL, answers=(used, used))))
    assert len(rows) == 4
    expected = harmless(title).encode("utf-8", "replace").decode()
    assert {row["title"] for row in rows[2:]} == {expected}
    assert rows[2]["title"][:1] not in {"=", "+", "-", "@", "\t", "\r"} if title else True
