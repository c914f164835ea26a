"""What the tests of `answers` share: a valid answer, made-up measurements, and how much work a call is."""

import os
import re
import sys
import time
import tracemalloc
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from answers.catalog import Catalog
from answers.entry import Entry
from answers.errors import EntryRejected
from answers.problem import Problem
from answers.reading import read
from sim.measurements import Measurements, Provenance, Variant

SHARED = Path(os.environ.get("BACKCHAT_SHARED") or Path(__file__).parents[2] / "shared")
"""Where the cases are that are not part of the repository."""

SAMPLE = """\
---
id: sample
title: A sample answer for tests
phrasings:
  - how warm is the kettle
  - does the kettle get warmer
  - kettle temperature
short: The kettle is warm enough in this room.
misconception: Kettles are cold.
simulations:
  main:
    experiment: gradients
    variants:
      warm: 4x8 sigmoid batch=4 seeds=2
      cold: activation=tanh
claims:
  - id: shrinks
    text: It shrinks to {{ warm.factor_per_layer | num }}.
    holds: warm.factor_per_layer < 0.5
  - id: grows
    text: It grows to {{ cold.factor_per_layer | num }}.
    holds: cold.factor_per_layer > 1
sources:
  - title: A paper
    authors: A. Author
    year: 1999
    url: https://example.org/paper
author: Someone
license: CC-BY-4.0
date: 2026-01-02
---
The body.
"""
WARM, COLD = {"factor_per_layer": 0.25}, {"factor_per_layer": 2.0}


def changed(*changes: tuple[str, str]) -> str:
    """The sample's text with each first part, which has to occur, replaced by the second."""
    text = SAMPLE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def sample(*changes: tuple[str, str], path: str = "sample.md") -> Entry:
    return read(changed(*changes), path)


def with_body(body: str) -> Entry:
    return sample(("The body.\n", body))


def problems_of(text: str) -> tuple[Problem, ...]:
    """What is wrong with the text of an answer."""
    try:
        read(text, "p.md")
    except EntryRejected as error:
        return error.problems
    return ()


def leaks(text: str) -> list[str]:
    """What of a rendered text is no prose: braces, values that were not measured. Code may hold anything."""
    prose = re.sub(r"(`+)[^`].*?\1", "code", text, flags=re.DOTALL)
    found = re.findall(r"\{\{|\{%|\}\}|%\}|\bnan\b|\binf\b|[Uu]ndefined", prose)
    return found + re.findall(r"[a-z,] None\b", prose)  # at the start of a sentence it is a word of English


def library_of(*entries: Entry) -> Catalog:
    return Catalog(entries={entry.id: entry for entry in entries})


def measured(
    entry: Entry, facts: Sequence[Mapping[str, Any]] = (WARM, COLD), **of_run: Any
) -> list[Measurements]:
    """Results of the one simulation of an entry: these facts for its variants, in order."""
    specs = entry.simulations[0].variants.values()
    variants = tuple(
        Variant(spec=spec, label=f"network {number}", series={}, facts=own)
        for number, (spec, own) in enumerate(zip(specs, facts, strict=True))
    )
    provenance = Provenance(version="0.1.0", torch="2.13.0", threads=1, seconds=0.5)
    experiment = entry.simulations[0].experiment
    return [Measurements(experiment=experiment, variants=variants, provenance=provenance, facts=of_run)]


@dataclass(slots=True)
class Effort:
    """What a block of code took: calls of functions, bytes held at most, seconds of a processor."""

    calls: int = 0
    peak: int = 0
    seconds: float = 0.0


@contextmanager
def effort(*, memory: bool = True) -> Generator[Effort]:
    """Count the work of the block; the seconds include the counting, which is slow for memory."""
    spent = Effort()

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        spent.calls += event in {"call", "c_call"}

    before = sys.getprofile()
    if memory:
        tracemalloc.start()
    start = time.thread_time()
    sys.setprofile(count)
    try:
        yield spent
    finally:
        sys.setprofile(before)
        spent.seconds = time.thread_time() - start
        if memory:
            spent.peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
