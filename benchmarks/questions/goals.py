"""What a matcher that students can trust has to reach, and whether it does."""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A bound on what is measured."""

    bound: float
    at_least: bool = False

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"

    def judge(self, value: float) -> str:
        """Write the goal and whether a value reaches it, if there is a value."""
        if math.isnan(value):
            return str(self)
        reached = value >= self.bound if self.at_least else value <= self.bound
        return f"{self} {'✓' if reached else '✗'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The goals of one method, in percent but for the area; None where it has none."""

    first: Goal
    third: Goal | None = None
    auroc: Goal | None = None
    right: Goal | None = None
    wrong: Goal | None = None
    others: Goal
    intrusions: Goal
    gap: Goal | None = None
    removed: Goal | None = None


METHODS: Mapping[str, Quality] = {
    "minilm": Quality(
        first=Goal(bound=90, at_least=True),
        third=Goal(bound=97, at_least=True),
        auroc=Goal(bound=0.98, at_least=True),
        right=Goal(bound=75, at_least=True),
        wrong=Goal(bound=2),
        others=Goal(bound=1),
        intrusions=Goal(bound=0),
        gap=Goal(bound=5),
        removed=Goal(bound=4),
    ),
    # Words alone have to be safe, not good.
    "lexical": Quality(first=Goal(bound=75, at_least=True), others=Goal(bound=1), intrusions=Goal(bound=0)),
}

MEDIAN_MS = Goal(bound=5)
P95_MS = Goal(bound=15)
MANY_MS = Goal(bound=10)
LIVE_MS = Goal(bound=100)
POISON_MS = Goal(bound=50)
MEMORY_MIB = Goal(bound=250)


def judge(goal: Goal | None, value: float) -> str:
    """Write a goal and whether a value reaches it, or nothing if there is no goal."""
    return goal.judge(value) if goal else ""
