"""Say how many parameters networks have: the rows of the card, its title and its alternative text."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.measurements import Measurements, Variant
from sim.plots.conditions import Condition, conditions, fit_title
from sim.plots.dealing import bounded
from sim.plots.names import phrase, pretty, short_labels, special, subject
from sim.plots.wording import count, finite, sentence, times
from sim.vocabulary import RECURRENT

_SAME = 1.05  # a ratio below this counts as none
_NOT_COUNTED = ("untrained",)  # a condition that changes no count


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A count: of the variant at a place of the card, in its network, or in one that does not share."""

    name: str
    count: int
    place: int
    measured: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Counts of the same thing."""

    heading: str
    rows: tuple[Row, ...]


def groups(variants: Sequence[Variant]) -> tuple[Group, ...]:
    """Return what the card shows: the weights of a hidden layer, and all parameters."""
    names = _names(variants)
    layer = [
        Row(name=name, count=_count(variant, "layer_weights"), place=place)
        for place, (name, variant) in enumerate(zip(names, variants, strict=True))
    ]
    known = {row.count for row in layer}
    focus = _count(variants[0], "unshared_layer_weights")
    if focus not in known:
        layer.insert(1, Row(name=_unshared(variants[0]), count=focus, place=0, measured=False))
    everything = [
        Row(name=name, count=_count(variant, "parameters"), place=place)
        for place, (name, variant) in enumerate(zip(names, variants, strict=True))
    ]
    return (
        Group(heading=_heading(variants), rows=tuple(layer)),
        Group(heading="all parameters, with biases and output layer", rows=tuple(everything)),
    )


def title(measurements: Measurements) -> str:
    """State in at most 46 characters how the counts compare, or what sharing saves."""
    focus, *others = measurements.variants
    if others:
        return fit_title(_compared(measurements.variants))
    fewer = finite(focus.facts, "fewer") or 1.0
    hidden, total = _count(focus, "hidden_weights"), _count(focus, "parameters")
    plain = f"{count(total, 'parameter')} in {count(focus.spec.depth, 'layer')}"
    if focus.spec.arch in RECURRENT and focus.spec.depth > 1:
        return fit_title([f"{focus.spec.depth} steps share the same {count(hidden, 'weight')}"])
    if fewer > _SAME:
        return fit_title([f"{times(fewer)} fewer weights than fully connected"])
    return fit_title([plain, count(total, "parameter")])


def _compared(variants: Sequence[Variant]) -> list[str]:
    """Set the first variant against the one it differs from most: by weights if their layers are as large."""
    focus, *others = variants
    same = all(
        one.spec.depth == focus.spec.depth and one.facts["units"] == focus.facts["units"] for one in others
    )
    what, key = ("weights", "hidden_weights") if same else ("parameters", "parameters")

    def larger(other: Variant) -> float:
        ratio = _count(other, key) / _count(focus, key)
        return max(ratio, 1 / ratio)

    far = max(range(len(others)), key=lambda place: larger(others[place]))
    other, names = others[far], _names(variants)
    one, two = names[0], names[1 + far]
    if larger(other) < _SAME:
        if len(others) > 1:
            return [f"All {len(variants)} have equally many {what}", f"Equally many {what}"]
        return [f"{sentence(one)} and {two}: equally many {what}", f"Equally many {what}"]
    word = f"{times(larger(other))} {'fewer' if _count(other, key) > _count(focus, key) else 'more'} {what}"
    short, than = (_subject(variants, place) for place in (0, 1 + far))
    forms = [f"{sentence(who)}: {word} than {whom}" for who, whom in ((one, two), (short, than))]
    forms += [f"{sentence(short)}: {word}", sentence(word)]
    if len(others) == 1 and same and {focus.spec.arch, other.spec.arch} == {"mlp", "cnn"}:
        who = "The convolution needs" if focus.spec.arch == "cnn" else "Full connection needs"
        return [f"{who} {word}", *forms]
    return forms


def _subject(variants: Sequence[Variant], place: int) -> str:
    """Name one variant as shortly as no other can be named."""
    others = [variant.spec for at, variant in enumerate(variants) if at != place]
    return subject([variants[place].spec, *others])[-1]


def _names(variants: Sequence[Variant]) -> tuple[str, ...]:
    """Name every variant by what sets it apart, by its architecture alone where the footer says the rest."""
    if len(variants) == 1:
        return (phrase("arch", variants[0].spec.arch),)
    own = short_labels([variant.label for variant in variants])[0]
    archs = [phrase("arch", variant.spec.arch) for variant in variants]
    said = {*archs, *special([variant.spec for variant in variants])}  # the rest is in the footer
    alone = len(set(archs)) == len(archs) and all(said.issuperset(name.split(" · ")) for name in own)
    return tuple(archs) if alone else own


def alt(measurements: Measurements) -> str:
    """Describe the card: kind and axis, every count, what is arithmetic, how often a weight is used."""
    found = groups(measurements.variants)
    told = [
        f"{sentence(group.heading)}: {'; '.join(f'{row.name} {row.count:,}' for row in group.rows)}."
        for group in found
    ]
    words = [condition.words for condition in conditions_of(measurements)]
    arithmetic = [row.name for group in found for row in group.rows if not row.measured]
    return bounded(
        [
            "Dot chart with a logarithmic axis: numbers of weights and parameters, counted in the networks.",
            *told,
            f"Arithmetic, not counted: {arithmetic[0]}." if arithmetic else "",
            _saved(measurements.variants[0]),
            f"Conditions: {', '.join(words)}.",
        ]
    )


def conditions_of(measurements: Measurements) -> list[Condition]:
    """Name how often a weight is used, and what the networks have in common."""
    variants = measurements.variants
    labels = [variant.label for variant in variants]
    alone = len(variants) == 1
    shared = pretty(labels[0]) if alone else short_labels(labels)[1]
    said = _names(variants) if alone else ()
    used = _used(variants[0])
    found = conditions([variant.spec for variant in variants], shared, said)
    counted = [condition for condition in found if condition.words not in _NOT_COUNTED]
    return [*([Condition(used, 0)] if used else []), *counted]


def _used(variant: Variant) -> str:
    uses = _count(variant, "uses")
    if uses == 1:
        return ""
    places = "steps" if variant.spec.arch in RECURRENT else "pixels"
    return f"{phrase('arch', variant.spec.arch)}: each weight at {uses} {places}"


def _saved(variant: Variant) -> str:
    """Say what sharing saves, and for a convolution how much of it is that a unit sees few pixels."""
    fewer, uses = finite(variant.facts, "fewer") or 1.0, _count(variant, "uses")
    if fewer <= _SAME or variant.spec.arch != "cnn":
        return ""
    area = variant.spec.kernel**2
    return (
        f"Fully connected, the same layers would need {times(fewer)} as many weights: each is used at {uses}"
        f" pixels, and each unit sees {area} pixels instead of {uses}."
    )


def _heading(variants: Sequence[Variant]) -> str:
    if all(variant.spec.arch in RECURRENT for variant in variants):
        return "weights of the cell, shared by all steps"
    constant = all(len(set(variant.series["layer_weights"].values.tolist())) == 1 for variant in variants)
    return "weights of a hidden layer" if constant else "weights of the last hidden layer"


def _unshared(variant: Variant) -> str:
    return "one set per step" if variant.spec.arch in RECURRENT else "if fully connected"


def _count(variant: Variant, name: str) -> int:
    return int(finite(variant.facts, name) or 0)
