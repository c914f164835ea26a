"""What must hold for everything that is accepted, and how to follow the advice of a refusal."""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from sim_oracles import silent, spec_of

from sim import experiments, report
from sim.errors import SpecError
from sim.initialisation import law
from sim.knobs import Choice, Number
from sim.measurements import Array, Measurements, Variant
from sim.plots import MAX_ALT, Plot, draw
from sim.plots.card import Card
from sim.plots.legibility import check_legible
from sim.plots.wording import MAX_TITLE
from sim.spec import Spec
from sim.support import require_runnable
from sim.vocabulary import BY_KEY, RECURRENT

_NOISE = re.compile(r"\b(?:nan|NaN|inf|None|null)\b|<[a-z]")
# "use norm=layer or norm=rms" and the like: the word that would be right.
_ADVICE = re.compile(r"(?:; use|, or|or add|; add|; try|needs|has) (\w+)=(\S+)")
_VALUE = re.compile(r"(?:the nearest valid value|the widest) is (\S+)")
_GOT = re.compile(r"got (\w+)=")
_REMOVE = re.compile(r"[;,]? (?:or )?remove (\w+)")


def refusal(experiment: str, spec: Spec) -> str | None:
    """Return the sentence with which a run is refused, None if it is not."""
    try:
        require_runnable(experiment, [spec])
    except SpecError as error:
        return str(error)
    return None


def advised(spec: Spec, sentence: str) -> Spec:
    """Do what a refusal says: take a knob away, or give it the value that is named."""
    if found := _REMOVE.search(sentence):
        return replace(spec, **{found[1]: getattr(Spec(), found[1])})
    if found := _VALUE.search(sentence):
        got = _GOT.search(sentence)
        knob = got[1] if got else "input_scale"
        return replace(spec, **{knob: BY_KEY[knob].parse(found[1].rstrip(".,;"))})
    found = _ADVICE.search(sentence)
    assert found is not None, sentence
    return replace(spec, **{found[1]: BY_KEY[found[1]].parse(found[2].rstrip(".,;"))})


def mended(experiment: str, spec: Spec, *, steps: int) -> Spec:
    """Follow the refusals until the spec is accepted, with at most so many training steps."""
    for _ in range(2 * len(BY_KEY)):
        sentence = refusal(experiment, spec)
        if sentence is None:
            return spec
        assert sentence.endswith("."), sentence
        assert "\n" not in sentence
        assert re.search(r"\bgot [\w'.-]", sentence), sentence
        spec = advised(spec, sentence)
        if spec.steps > steps:
            spec = replace(spec, steps=steps)
    msg = f"{experiment!r} refuses {spec.text!r} again and again: {refusal(experiment, spec)}"
    raise AssertionError(msg)


def check(experiment: str, *specs: Spec, themes: tuple[str, ...] = ("dark", "light")) -> Measurements:
    """Run an experiment and check everything that leaves the engine."""
    measurements = experiments.run(experiment, list(specs), silent)
    check_json(measurements)
    for variant in measurements.variants:
        check_numbers(variant)
    for theme in themes:
        check_cards(measurements, theme)
    return measurements


def check_json(measurements: Measurements) -> None:
    """Check that measurements are strict JSON that reads back, and that the public form is strict JSON."""
    text = json.dumps(measurements.to_json(), allow_nan=False)
    assert json.dumps(Measurements.from_json(json.loads(text)).to_json(), allow_nan=False) == text
    published = json.loads(json.dumps(report.to_json(measurements), allow_nan=False))
    assert len(published["variants"]) == len(measurements.variants)
    for variant in published["variants"]:
        assert Spec.parse(variant["spec"]).text == variant["spec"]
        for name in {"signal", "weight"} & set(variant):
            still = name == "weight" and without_first_share(Spec.parse(variant["spec"]))
            for layer, middle in zip(variant["layers"], variant[name]["median"], strict=True):
                if not middle and not (still and layer == 1):
                    assert layer in variant["overflow_layers" if middle is None else "underflow_layers"]


def check_numbers(variant: Variant) -> None:
    """Check that every number is finite, or that the facts say why it is not."""
    for series in variant.series.values():
        assert len(series.axes) == series.values.ndim
        assert series.values.dtype == np.float64
    facts = variant.facts
    if "overflow_layers" in facts:
        lowest = 1 if without_first_share(variant.spec) else 0
        check_edges(facts, variant.series["signal"].values)
        check_edges(facts["weight"], variant.series["weight"].values, lowest)
        shares = variant.series["weight"].values[:, :lowest]
        assert not shares[np.isfinite(shares)].any()
    if "start" in facts:
        check_edges(facts["start"], variant.series["signal_start"].values)
    lost = [where for where, value in numbers(facts) if not math.isfinite(value)]
    if starts_at_zero(variant.spec):  # whatever moves from there moves infinitely far, relative to its size
        lost = [where for where in lost if not where.startswith((".moved", ".update"))]
    if variant.spec.steps:  # an infinite loss says for itself that training diverged
        lost = [where for where in lost if not where.startswith(".loss")]
    assert not lost or explained(facts), (variant.spec.text, lost)


def without_first_share(spec: Spec) -> bool:
    """Say whether the first step multiplies its weights by zeros: its share is 0, but no underflow."""
    return spec.arch in RECURRENT and spec.depth > 1


def starts_at_zero(spec: Spec) -> bool:
    """Say whether weights are drawn so small that they may be rounded to 0."""
    return law(spec, 1, 1).weight_std < 1e-6


def check_edges(facts: Mapping[str, Any], values: Array, lowest: int = 0) -> None:
    """Check that exactly the layers whose median is no number, or 0, are named, leaving out the lowest."""
    # Sorted with NaN last, as if it were infinite.
    ordered = np.sort(np.where(np.isnan(values), np.inf, values), axis=0)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    layers = range(lowest + 1, values.shape[1] + 1)
    over = [layer for layer in layers if np.isinf(high[layer - 1])]
    under = [layer for layer in layers if low[layer - 1] == high[layer - 1] == 0]
    assert facts["overflow_layers"] == over
    # Half a number below the smallest one rounds to 0 too.
    assert set(under) <= set(facts["underflow_layers"])
    assert all(high[layer - 1] < 1e-320 for layer in facts["underflow_layers"])


def numbers(value: Any, where: str = "") -> Iterator[tuple[str, float]]:
    """Yield every number of nested facts with the way to it."""
    if isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            yield from numbers(item, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for place, item in enumerate(cast("list[Any]", value)):
            yield from numbers(item, f"{where}[{place}]")
    elif isinstance(value, int | float):
        yield where, value


def explained(facts: Mapping[str, Any]) -> bool:
    """Say whether facts with an infinite number name an overflow, or say that training diverged."""
    nested = [cast("Mapping[str, Any]", item) for item in facts.values() if isinstance(item, Mapping)]
    named = ("overflow_layers", "overflow", "diverged", "rates_that_diverge")
    return any(part.get(name) for part in (facts, *nested) for name in named)


def check_cards(measurements: Measurements, theme: str) -> None:
    """Check that every card can be read, and says no number that is none."""
    problems: list[str] = []
    finish: Callable[[Card], Figure] = Card.finish

    def checked(card: Card) -> Figure:
        figure = finish(card)
        texts = [artist.get_text() for artist in figure.findobj(Text)]
        problems.extend(check_legible(figure))
        problems.extend(f"{text!r} is noise." for text in texts if _NOISE.search(text))
        return figure

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Card, "finish", checked)
        plots: tuple[Plot, ...] = draw(measurements, theme)
    assert plots
    for plot in plots:
        assert 0 < len(plot.title) <= MAX_TITLE, plot.title
        assert 0 < len(plot.alt) <= MAX_ALT
        assert plot.png.startswith(b"\x89PNG")
        problems.extend(f"{text!r} is noise." for text in (plot.title, plot.alt) if _NOISE.search(text))
    assert problems == [], (problems, [variant.spec.text for variant in measurements.variants])


def extremes() -> Iterator[tuple[str, object]]:
    """Yield every knob with the lowest and the highest value it takes."""
    for key, knob in BY_KEY.items():
        if isinstance(knob, Number):
            low = 1e-300 if knob.exclusive_low else knob.low
            for value in (low, knob.high):
                yield key, int(value) if knob.whole else float(value)


def words() -> Iterator[tuple[str, str]]:
    """Yield every knob with every word it takes."""
    for key, knob in BY_KEY.items():
        if isinstance(knob, Choice):
            for word in knob.words:
                yield key, word


def small(**knobs: Any) -> Spec:
    """Make a small spec of these knobs."""
    return spec_of(**({"depth": 2, "width": 3, "batch": 4, "seeds": 2, "image": 3} | knobs))
