"""Under which conditions something was measured, as the line at the foot of a card."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.parts import part
from sim.plots.names import differing, phrase, special
from sim.plots.pixels import LARGE, MARGIN, WIDTH, abridge, fits, shorten
from sim.plots.wording import MAX_TITLE, count
from sim.spec import Spec
from sim.support import irrelevant

_BRIEF = {"squared error": "MSE", "cross-entropy": "CE", "greedy pretraining": "pretrained"}
SPECIAL, USUAL = 1, 4
"""How soon what is not the default is left out, and what a reader would assume anyway."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A few words, and how soon they are left out where room is short: the highest number first."""

    words: str
    drop: int
    brief: str = ""
    """The same in fewer characters, where there is such a form."""


def conditions(
    specs: Sequence[Spec], shared: Sequence[str] = (), said: Sequence[str] = (), *, deep: bool = False
) -> list[Condition]:
    """Name what all specs have in common, in reading order.

    Args:
        specs: the configurations of one card.
        shared: what their labels have in common, and therefore do not say.
        said: what the labels do say.
        deep: name the depth too, for a card none of whose axes shows it.
    """
    focus, apart = specs[0], differing(specs)
    unusual = special(specs)
    found = [Condition(word, SPECIAL if word in unusual else 2) for word in shared]
    if "arch" not in apart and phrase("arch", focus.arch) not in shared:
        found.append(Condition(phrase("arch", focus.arch), USUAL if focus.arch == Spec().arch else 1))
    found += _size(specs, deep=deep)
    found += [Condition(words, SPECIAL) for words in unusual if words not in shared]
    if "steps" not in apart:
        found.append(Condition(f"after {count(focus.steps, 'step')}" if focus.steps else "untrained", 0))
    return [condition for condition in dict.fromkeys(found) if condition.words not in said]


def _size(specs: Sequence[Spec], *, deep: bool) -> list[Condition]:
    depth, width = _depth(specs) if deep else "", _width(specs)
    if depth and width:
        return [Condition(f"{depth} of {width}", 0, f"{specs[0].depth}×{specs[0].width}")]
    return [Condition(words, 0) for words in (depth, width) if words]


def _depth(specs: Sequence[Spec]) -> str:
    """Name the depth that all specs share, in what they are deep in."""
    known = [spec for spec in specs if "depth" not in irrelevant(spec)]
    if not known or "depth" in differing(known):
        return ""
    units = {part(spec) for spec in known}
    return count(known[0].depth, units.pop()) if len(units) == 1 else f"depth {known[0].depth}"


def _width(specs: Sequence[Spec]) -> str:
    """Name the width that all specs share; a logistic regression has none but that of its random inputs."""
    known = [spec for spec in specs if "width" not in irrelevant(spec)]
    if not known or "width" in differing(known):
        return ""
    archs, width = {spec.arch for spec in known}, known[0].width
    if archs == {"logistic"}:
        return count(width, "input")
    return f"{width} channels" if archs == {"cnn"} else f"width {width}"


def seeds(replicas: int) -> tuple[str, ...]:
    """Say how many replicas were measured and what the band is, in full and short."""
    if replicas == 1:
        return ("1 seed",)
    return f"{replicas} seeds: median and 10–90 %", f"{replicas} seeds, 10–90 %"


def footer(found: Sequence[Condition], endings: Sequence[str]) -> str:
    """Join conditions and an ending into one line of a card.

    What does not fit is made shorter: first the ending, then the conditions that can be left out.
    """
    kept, dropped = list(found), list[Condition]()
    while kept and not any(map(fits, _lines(kept, endings))):
        dropped.append(max(reversed(kept), key=lambda condition: condition.drop))
        kept.remove(dropped[-1])
    # Where a long one had to go, there may be room for a short one again.
    for condition in reversed(dropped):
        more = [one for one in found if one in kept or one == condition]
        kept = more if any(map(fits, _lines(more, endings))) else kept
    lines = _lines(kept, endings)
    return next(filter(fits, lines), None) or shorten(lines[-1], WIDTH - 2 * MARGIN)


def fit_title(candidates: Sequence[str]) -> str:
    """Return the first title that is short enough for a card; leave words out of the last one if none is."""
    return next(filter(_short, candidates), None) or abridge(candidates[-1], _short)


def _short(title: str) -> bool:
    return len(title) <= MAX_TITLE and fits(title, LARGE, bold=True)


def _lines(kept: Sequence[Condition], endings: Sequence[str]) -> list[str]:
    """Join conditions and each of the endings, first as they are and then in brief."""
    full = [
        [condition.words for condition in kept],
        [condition.brief or _BRIEF.get(condition.words, condition.words) for condition in kept],
    ]
    return [", ".join([*words, ending]) for words in full for ending in endings]
