"""Say in the title of a card how the losses of several trained networks compare."""

from collections.abc import Sequence

from sim.measurements import Variant
from sim.plots.along import along
from sim.plots.level import plateau_of, plateau_words
from sim.plots.names import brief, differing, subject, whole
from sim.plots.over_steps import loss_of, pretrained
from sim.plots.spread import Spread
from sim.plots.training_right import answers_right, knows, right_of
from sim.plots.training_verdict import Verdict, split, verdict
from sim.plots.wording import agree, count, finite, nested, number, plural, sentence, share

_LOWER = 2.0  # times: a loss that ends lower by less is not called lower
_PAIR = 2


def compared(variants: Sequence[Variant]) -> list[str]:
    """Return titles that set several variants against each other, the fullest first."""
    found: list[Verdict] = [verdict(variant) for variant in variants]
    alike = len(set(found)) == 1
    # A verdict is that of the median; where seeds differ, it is no verdict on the network.
    for place, variant in enumerate(variants):
        if split(variant) and (alike or found[place] == "learns"):
            return [f"{sentence(name)}: {split(variant)}" for name in _names(variants, place)]
    titles: list[str] = []
    for which in (0, -1):
        names = [_names(variants, place)[which] for place in range(len(variants))]
        titles += _pretrained(variants) if which == 0 else []
        titles += _alike(variants, names, found[0]) if alike else _against(variants, names, found)
    return [sentence(title) for title in titles]


def _names(variants: Sequence[Variant], place: int) -> tuple[str, ...]:
    """Name one of the variants as the subject of a sentence, the fullest name first."""
    others = [variant.spec for number, variant in enumerate(variants) if number != place]
    specs = [variants[place].spec, *others]
    found = tuple(filter(None, (whole(specs), *subject(specs))))
    return tuple(along(specs[:1]).named(name) for name in found)


def _against(variants: Sequence[Variant], names: Sequence[str], found: Sequence[Verdict]) -> list[str]:
    """Set verdicts that differ against each other."""
    learning = [place for place, one in enumerate(found) if one == "learns"]
    rest = [place for place, one in enumerate(found) if one != "learns"]
    if len(variants) == _PAIR:
        told = [agree(name, _verb(one)) for name, one in zip(names, variants, strict=True)]
        only = [f"only {agree(names[learning[0]], _beats(variants, rest))}"] if learning else []
        return [", ".join(told), ", ".join(map(brief, told)), *only]
    leaves = _beats(variants, rest)
    how = leaves if len(learning) < _PAIR else plural(leaves)
    number_of = f"{len(learning) or 'not one'} of {len(names)} {how}"
    if len(rest) == 1:
        (one,) = rest
        return [f"only {agree(names[one], _fails(variants, one))}", number_of]
    if len(learning) == 1:
        (one,) = learning
        # Others may improve a little, or in a few seeds.
        if any(found[place] == "slow" for place in rest) or any(map(split, variants)):
            return [f"{names[one]} learns most", number_of] if _most_right(variants, one) else [number_of]
        return [f"only {agree(names[one], leaves)}", number_of]
    return [number_of]


def _beats(variants: Sequence[Variant], rest: Sequence[int]) -> str:
    """Say what the others do not: learn, or less than that where their answers are better than chance."""
    if not any(knows(variants[place]) for place in rest):
        return "learns"
    above = all(verdict(variants[place]) == "worse" for place in rest)
    return f"{'ends below' if above else 'leaves'} {_level(variants)}"


def _fails(variants: Sequence[Variant], place: int) -> str:
    """Say what the loss of the only one does that does not learn."""
    level = _level(variants)
    return {
        "learns": "learns",
        "slow": f"ends near {level}",
        "stuck": f"stays at {level}",
        "worse": f"ends above {level}",
        "diverges": "diverges",
    }[verdict(variants[place])]


def _level(variants: Sequence[Variant]) -> str:
    """Name the loss of knowing nothing, of different losses by what it is."""
    levels = {plateau_of(variant) for variant in variants}
    return plateau_words(levels.pop()) if len(levels) == 1 else "chance loss"


def _most_right(variants: Sequence[Variant], place: int) -> bool:
    """Tell whether no other network has more right answers."""
    rights = [answers_right(variant) or 0.0 for variant in variants]
    return rights[place] == max(rights)


def _alike(variants: Sequence[Variant], names: Sequence[str], found: Verdict) -> list[str]:
    """Say what all variants do, and which does most of it where that is clear."""
    who = "both" if len(variants) == _PAIR else f"all {len(variants)}"
    steps = {variant.spec.steps for variant in variants}
    count_of = count(steps.pop(), "step") if len(steps) == 1 else ""
    levels = {plateau_of(variant) for variant in variants}
    right = f"{right_of(variants)} right" if any(map(knows, variants)) else ""
    level = _level(variants)
    if found == "stuck" and right:
        return [f"{who} stay at {level}, yet {right}", f"{who} at {level}, {right}"]
    if found == "stuck":
        return [f"{who} stay at {level}{f' for {count_of}' if count_of else ''}", f"{who} stay at {level}"]
    if found == "diverges":
        return [f"{who} diverge"]
    after = f" after {count_of}" if count_of else ""
    if found == "worse":
        return [f"{who} end above {level}{after}", f"{who} end above {level}"]
    if found == "slow" and right:
        return [f"{who} end near {level}, yet {right}", f"{who} near {level}, {right}"]
    last = [_last(variant) for variant in variants]
    same_loss = len(levels) == 1
    best = min(range(len(variants)), key=lambda place: last[place])
    ends = agree(names[best], "ends lowest")
    lowest = [f"{ends}: loss {number(last[best])}", ends]
    everything = f"{who} learn" if found == "learns" else f"{who} improve little{after}"
    if same_loss and all(_below(variants[best], one) for one in variants if one is not variants[best]):
        return [*lowest, everything]
    if not same_loss:
        return [everything]
    low, high = min(last), max(last)
    if number(low) == number(high):
        return [f"{everything}: loss {number(low)}", everything]
    return [f"{everything}: loss {number(low)} to {number(high)}", everything]


def _verb(variant: Variant) -> str:
    level, last = plateau_words(plateau_of(variant)), number(_last(variant))
    first = finite(nested(variant.facts, "loss"), "first") or 0.0
    falls, right = first > _last(variant), f"gets {share(answers_right(variant) or 0.0)} right at"
    return {
        "learns": "learns",
        "slow": f"{right} {last}" if knows(variant) else "improves little" if falls else f"stays at {last}",
        "stuck": f"{right} {level}" if knows(variant) else f"stays at {level}",
        "worse": f"stays at {last}" if number(first) == last else f"ends above {level}",
        "diverges": "diverges",
    }[verdict(variant)]


def _pretrained(variants: Sequence[Variant]) -> list[str]:
    """Say what pretraining changes, where it is all that sets two variants apart."""
    if len(variants) != _PAIR or differing([variant.spec for variant in variants]) != ("pretrain",):
        return []
    taught, plain = variants if pretrained(variants[0].spec) else variants[::-1]
    with_it, without = _last(taught), _last(plain)
    if "diverges" in {verdict(taught), verdict(plain)}:
        return []
    losses = f"{number(with_it)}, without {number(without)}"
    if _below(taught, plain, least=1.0):
        return [f"pretraining helps: loss {losses}", f"pretraining helps: {losses}"]
    if _below(plain, taught, least=1.0):
        return [f"pretraining harms: loss {losses}", f"pretraining harms: {losses}"]
    if number(with_it) == number(without):
        return [f"pretraining or not, the loss ends at {number(without)}"]
    return [f"no clear gain: pretrained {number(with_it)}, else {number(without)}"]


def _last(variant: Variant) -> float:
    return float(loss_of(variant).median[-1])


def _below(one: Variant, other: Variant, least: float = _LOWER) -> bool:
    """Tell whether the losses of one clearly end below the other's: their bands lie apart."""
    low, high = loss_of(one), loss_of(other)
    return bool(high.median[-1] > least * low.median[-1]) and _high(low) < float(high.low[-1])


def _high(spread: Spread) -> float:
    return float(spread.high[-1])
