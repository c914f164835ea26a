"""Claims on several sets of seeds: which fail, by how much, and what would hold."""

import ast
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Any

from answers import claims
from answers.checking.names import names_of_claim
from answers.checking.rendering import is_value
from answers.claims import Outcome
from answers.entry import Claim, Entry
from answers.errors import AnswerError
from answers.pipeline import facts_by_name
from answers.problem import Problem
from sim.measurements import Measurements

NARROW, DEVIATIONS = 0.02, 3.0
"""A claim that holds by less than this share of the larger side, and on average by fewer standard deviations
over the seeds, may fail for the next reader."""

_ROOM = 0.1
"""The share by which a bound that is suggested lies beyond the worst that was measured."""

_BOUNDS: Mapping[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """How narrowly a claim held over several sets of seeds; `least` is None where nothing was compared."""

    claim: str
    held: int
    rounds: int
    least: float | None


def check_rounds(
    entry: Entry, measured: Sequence[Sequence[Measurements]]
) -> tuple[list[Problem], list[Margin]]:
    """Find claims that fail or nearly fail on any of several sets of seeds.

    Args:
        entry: the answer.
        measured: the results of each of `seeds.rounds(entry)`; the first are of the shipped seeds.
    """
    problems: list[Problem] = []
    margins: list[Margin] = []
    facts = [facts_by_name(entry, results) for results in measured]
    for claim in entry.claims:
        paths = names_of_claim(claim.holds)
        if not paths or not all(is_value(path, one) for path in paths for one in facts):
            continue  # said already
        line = entry.lines.get(f"holds {claim.id}", 1)
        try:
            outcomes = [claims.evaluate(claim.holds, one) for one in facts]
        except AnswerError as error:
            message = f"claim {claim.id}: {error}"
            problems.append(Problem(code="claim", message=message, line=line, path=entry.path))
            continue
        sizes = [outcome.margin for outcome in outcomes if outcome.margin is not None]
        least = min(sizes, default=None)
        held = sum(outcome.holds is True for outcome in outcomes)
        margins.append(Margin(claim=claim.id, held=held, rounds=len(outcomes), least=least))
        if held < len(outcomes):
            message = _failing(claim, outcomes)
            problems.append(Problem(code="claim-fails", message=message, line=line, path=entry.path))
        elif least is not None and least < NARROW and _varies(sizes):
            message = (
                f"claim {claim.id} holds by only {least:.1%} on some seeds; got {_values(outcomes)}; "
                f"{_way_out(claim, outcomes, least)}."
            )
            problems.append(Problem(code="claim-narrow", message=message, line=line, path=entry.path))
    return problems, margins


def _failing(claim: Claim, outcomes: Sequence[Outcome]) -> str:
    shipped, fresh = outcomes[0], outcomes[1:]
    failed = sum(outcome.holds is not True for outcome in fresh)
    where: list[str] = []
    if shipped.holds is not True:
        where.append("on the seeds as shipped")
    if failed:
        where.append(f"on {failed} of {len(fresh)} sets of fresh seeds")
    sizes = [outcome.margin for outcome in outcomes if outcome.margin is not None]
    least = min(sizes, default=None)
    missed = f", by up to {-least:.0%}" if least is not None and least < 0 else ""
    return (
        f"claim {claim.id} does not hold {' and '.join(where)}{missed}; got {_values(outcomes)}; "
        f"{_way_out(claim, outcomes, least)}."
    )


def _way_out(claim: Claim, outcomes: Sequence[Outcome], least: float | None) -> str:
    """Say what would make a claim hold."""
    if any(outcome.holds is None for outcome in outcomes):
        return "compare what is measured in every run (n/a is not)"
    if all(outcome.holds is False for outcome in outcomes):
        bound = _weaker(claim, outcomes)
        rest = f", or weaken it to {bound}" if bound else ""
        return f"it never holds, so turn it round{rest}, or change the networks"
    bound = _weaker(claim, outcomes)
    weaken = f"weaken it to {bound}" if bound else "weaken the bound"
    more = "measure more networks (seeds=…)" if least is not None else "compare sizes instead of yes and no"
    return f"{weaken}, {more}, or choose networks that differ more"


def _weaker(claim: Claim, outcomes: Sequence[Outcome]) -> str:
    """Return the claim with a bound that held on all these seeds; "" where it is no name and a bound."""
    tree = claims.parse(claim.holds).body
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1 or type(tree.ops[0]) not in _BOUNDS:
        return ""
    name, sign = ast.unparse(tree.left), _BOUNDS[type(tree.ops[0])]
    measured = [outcome.measured.get(name) for outcome in outcomes]
    if not isinstance(tree.comparators[0], ast.Constant):
        return ""
    numbers = [
        float(value)
        for value in measured
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    ]
    if len(numbers) < len(outcomes):
        return ""
    up = sign.startswith("<")
    worst = max(numbers) if up else min(numbers)
    bound = worst + (1 if up else -1) * _ROOM * abs(worst)
    return f"{name} {sign} {_rounded(bound, up=up)}"


def _rounded(value: float, *, up: bool) -> str:
    """Write a number with two digits, rounded away from what was measured."""
    if value == 0:
        return "0"
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    whole = math.ceil(value / unit) if up else math.floor(value / unit)
    return f"{whole * unit:.3g}"


def _values(outcomes: Sequence[Outcome]) -> str:
    """List what was measured of each name: on the shipped seeds, then on each fresh set."""
    listed: list[str] = []
    for name in outcomes[0].measured:
        values = [_number(outcome.measured[name]) for outcome in outcomes]
        same = len(set(values)) == 1
        listed.append(f"{name} = {values[0] if same else ', '.join(values)}")
    return "; ".join(listed)


def _number(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "n/a"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _varies(margins: Sequence[float]) -> bool:
    """Tell whether margins differ so much between seeds that the next may be negative."""
    return len(margins) > 1 and mean(margins) < DEVIATIONS * stdev(margins)
