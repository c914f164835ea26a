"""What 300 people ask within 10 s: questions, the same about other networks, and simulations."""

import json
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from answers.matching import Answer
from answers.parameters import parameters
from answers.tailoring import tailor
from benchmarks.jobs.apart import ROOT
from benchmarks.random_specs import random_spec
from bot.service import Service
from sim.errors import SimulationError
from sim.support import EXPERIMENTS

PEOPLE = 300
WITHIN_SECONDS = 10.0
COMMON, TAILORED, SAME, SIMULATED = "cached", "tailored", "asked by several", "simulated"
_SHARES = {COMMON: 200, TAILORED: 30, SAME: 40, SIMULATED: 30}
_DIFFERENT = 8
"""Questions that several people ask at once, and that are not in the cache."""
_READ = 250
"""Questions of the file that are looked at; not all have an answer."""
_LONGEST_SECONDS = 6.0
"""The longest simulation; the bot takes up to 30."""
_QUESTIONS = ROOT / "tests" / "answers" / "questions.jsonl"
_ENDINGS = ("with {} layers", "for a network with {} layers", "and what if it has {} layers?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One person's one request."""

    person: int
    at: float
    kind: str
    text: str
    experiment: str | None = None
    """Of a simulation."""


def crowd(service: Service, seed: int) -> list[Asking]:
    """Draw who asks what, and when."""
    chance = random.Random(seed)  # noqa: S311  no secret
    numbers = np.random.default_rng(seed)
    questions = _answered(service, chance.sample(_read(_QUESTIONS), _READ))
    tailored = _tailored(service, questions, chance, _SHARES[TAILORED] + _DIFFERENT)
    same = tailored[:_DIFFERENT]
    texts: list[tuple[str, str, str | None]] = [
        *((COMMON, chance.choice(questions), None) for _ in range(_SHARES[COMMON])),
        *((TAILORED, text, None) for text in tailored[_DIFFERENT:]),
        *((SAME, same[number % _DIFFERENT], None) for number in range(_SHARES[SAME])),
        *((SIMULATED, *_simulated(service, numbers, chance)) for _ in range(_SHARES[SIMULATED])),
    ]
    chance.shuffle(texts)
    return [
        Asking(
            person=person, at=chance.uniform(0, WITHIN_SECONDS), kind=kind, text=text, experiment=experiment
        )
        for person, (kind, text, experiment) in enumerate(texts)
    ]


def _read(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines if line]


def _answered(service: Service, questions: Sequence[str]) -> list[str]:
    """Keep the questions that the bot answers as they stand, with the plots that it prepares."""
    return [
        text
        for text in questions
        if isinstance(service.matcher.match(text), Answer) and not _changes(service, text)
    ]


def _tailored(service: Service, questions: Sequence[str], chance: random.Random, count: int) -> list[str]:
    """Ask for other networks, each in its own words, where the bot then runs them."""
    found: dict[str, None] = {}
    while len(found) < count:
        ending = chance.choice(_ENDINGS).format(chance.randint(5, 60))
        text = f"{chance.choice(questions).rstrip('.?! ')} {ending}"
        if _changes(service, text):
            found[text] = None
    return list(found)


def _changes(service: Service, text: str) -> bool:
    match = service.matcher.match(text)
    if not isinstance(match, Answer):
        return False
    entry = service.catalog.entries[match.id]
    return bool(tailor(entry, parameters(text), service.laboratory.allowance).knobs)


def _simulated(service: Service, numbers: np.random.Generator, chance: random.Random) -> tuple[str, str]:
    """Draw a configuration that reads and runs as it is written."""
    while True:
        experiment = chance.choice(list(EXPERIMENTS))
        text = random_spec(numbers, experiment, seconds=_LONGEST_SECONDS).text
        with suppress(SimulationError):
            service.laboratory.require_simulation(text, experiment)
            return text, experiment
