"""Say in the title of a card how the losses of several trained networks compare."""

from collections.abc import Sequence

from sim.measurements import Variant
from sim.plots.level import plateau_of, plateau_words
from sim.plots.names import differing, subject
from sim.plots.over_steps import loss_of, pretrained
from sim.plots.spread import Spread
from sim.plots.training_verdict import Verdict, split, verdict
from sim.plots.wording import count, finite, nested, number, sentence

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
    return subject([variants[place].spec, *others])


def _against(variants: Sequence[Variant], names: Sequence[str], found: Sequence[Verdict]) -> list[str]:
    """Set verdicts that differ against each other."""
    if len(variants) == _PAIR:
        return [", ".join(f"{name} {_verb(one)}" for name, one in zip(names, variants, strict=True))]
    learning = [name for name, one in zip(names, found, strict=True) if one == "learns"]
    rest = [(name, one) for name, one in zip(names, found, strict=True) if one != "learns"]
    number_of = (
        f"{len(learning) or 'not one'} of {len(names)} {'learns' if len(learning) < _PAIR else 'learn'}"
    )
    # These improve a little, or in a few seeds.
    if any(one == "slow" for _, one in rest) or any(map(split, variants)):
        if len(rest) == 1:
            return [f"all but {rest[0][0]} learn", number_of]
        return [f"{learning[0]} learns most"] if len(learning) == 1 else [number_of]
    if len(learning) == 1:
        return [f"only {learning[0]} learns", number_of]
    return [f"only {rest[0][0]} does not learn", number_of] if len(rest) == 1 else [number_of]


def _alike(variants: Sequence[Variant], names: Sequence[str], found: Verdict) -> list[str]:
    """Say what all variants do, and which does most of it where that is clear."""
    who = "both" if len(variants) == _PAIR else f"all {len(variants)}"
    steps = {variant.spec.steps for variant in variants}
    after = f" after {count(steps.pop(), 'step')}" if len(steps) == 1 else ""
    levels = {plateau_of(variant) for variant in variants}
    if found == "stuck":
        level = f" at {plateau_words(levels.pop())}" if len(levels) == 1 else ""
        return [f"{who} are stuck{level}{after}", f"{who} are stuck{level}"]
    if found == "diverges":
        return [f"{who} diverge"]
    if found == "worse":
        return [f"{who} are worse than guessing{after}"]
    last = [_last(variant) for variant in variants]
    same_loss = len(levels) == 1
    best = min(range(len(variants)), key=lambda place: last[place])
    lowest = [f"{names[best]} ends lowest: loss {number(last[best])}", f"{names[best]} ends lowest"]
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
    facts = nested(variant.facts, "loss")
    falls = (finite(facts, "first") or 0.0) > _last(variant)
    return {
        "learns": "learns",
        "slow": "improves little" if falls else f"stays at {last}",
        "stuck": f"stays at {level}",
        "worse": "ends above guessing",
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
