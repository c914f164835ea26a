"""The sentences of deeper layers: each pattern is one that the code can say, and is said in German."""

import ast
import re
from pathlib import Path

import pytest

from bot.discord.failures import explain
from bot.discord.translating import reading
from bot.discord.translating.sentences import PATTERNS, reworded
from bot.inbox import voting
from bot.jobs.errors import (
    JobCancelled,
    JobCrashed,
    JobError,
    JobOutOfCpu,
    JobOutOfMemory,
    JobTimedOut,
)
from bot.jobs.quotas import TooManyRequests
from bot.storage.feedback import Verdict
from sim.errors import SimulationError
from sim.spec import parse_variants

ROOT = Path(__file__).parents[4]
SAID = [
    TooManyRequests.of_person(5),
    TooManyRequests.of_place(500),
    TooManyRequests.in_all(),
    JobTimedOut.after(30),
    JobOutOfCpu.after(33.5),
    JobOutOfMemory.beyond(1536),
    JobOutOfMemory.of_machine(),
    JobCrashed.by(-11),
    JobCancelled.by_asker(),
    JobCancelled.by_shutdown(),
]


@pytest.mark.parametrize("error", SAID, ids=lambda error: type(error).__name__)
def test_what_ends_a_run_is_said_in_german_with_its_values(error: JobError) -> None:
    english = str(error)
    with reading("de"):
        german = reworded(english)
    assert german != english
    assert re.findall(r"\d+(?:\.\d+)?|SIG\w+", german) == re.findall(r"\d+(?:\.\d+)?|SIG\w+", english)
    assert reworded(english) == english


@pytest.mark.parametrize("text", ["sigmod", "depht=3"])
def test_a_misspelt_word_is_said_in_german_with_what_was_meant(text: str) -> None:
    with pytest.raises(SimulationError) as raised:
        parse_variants(text)
    with reading("de"):
        german = reworded(str(raised.value))
    assert german.startswith("Ein Wort ist key=value")
    assert repr(text) in german
    assert "meinst du" in german


def test_an_unexpected_error_is_said_in_german_with_its_number() -> None:
    sentence = explain(ZeroDivisionError())
    with reading("de"):
        german = reworded(sentence)
    assert "Kursteam" in german
    assert re.findall("`.+`", german) == re.findall("`.+`", sentence)


@pytest.mark.parametrize("verdict", Verdict)
def test_thanks_for_a_vote_are_said_in_german(verdict: Verdict) -> None:
    english = vars(voting)["_THANKS"][verdict]
    with reading("de"):
        assert reworded(english) != english


def test_other_sentences_are_left_as_they_are() -> None:
    for text in ("Skip", "The run was stopped.", "", "x" * 10_000):
        with reading("de"):
            assert reworded(text) == text


def test_every_pattern_is_said_somewhere() -> None:
    said = spoken("bot", "sim")
    for pattern in PATTERNS:
        parts = [part for part in re.split(r"\{\w+\}|; did you mean|(?<=name\.) ", pattern) if len(part) > 12]
        assert all(any(part.strip() in one for one in said) for part in parts), pattern


def spoken(*packages: str) -> set[str]:
    """Return the texts in the code, without the patterns themselves; what is filled in is left out."""
    found: set[str] = set()
    for package in packages:
        for path in (ROOT / package).rglob("*.py"):
            if "translating" not in path.parts:
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        found.add(node.value)
    return found
