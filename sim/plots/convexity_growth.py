"""Draw how the weights of logistic regression grow: on separable data for ever, so there is no minimum."""

from dataclasses import replace

from sim.measurements import Measurements, Variant
from sim.plots.card import Card
from sim.plots.conditions import Condition, fit_title, footer, seeds
from sim.plots.convexity_words import names, sizes
from sim.plots.dealing import bounded, deal
from sim.plots.frame import Frame
from sim.plots.lines import Line, draw_line, pen_of
from sim.plots.plain_scales import linear_scale, rate_scale
from sim.plots.spread import Spread, band
from sim.plots.theme import Theme
from sim.plots.wording import finite, number, sentence, share, times


def parts(measurements: Measurements) -> tuple[Measurements, ...]:
    """Split into one part per card, the first loss whose weights grow as the focus; none if no weights do."""
    known = [variant for variant in measurements.variants if "weight_norm" in variant.series]
    growing = [variant for variant in known if variant.facts.get("weights_grow") is True]
    others = [variant for variant in known if variant not in growing]
    return deal(replace(measurements, variants=(*growing, *others))) if growing else ()


def title(measurements: Measurements) -> str:
    """Say how much the last tenfold of the steps adds, where it adds most."""
    variants = measurements.variants
    known = [finite(variant.facts, "norm_growth") or 0.0 for variant in variants]
    most = max(range(len(variants)), key=lambda place: known[place])
    more = f" {times(known[most])}" if known[most] else ""
    if len(variants) == 1:
        return fit_title([f"10× more steps: the weights still grow{more}", f"The weights still grow{more}"])
    name = sentence(names([variant.spec for variant in variants])[most])
    return fit_title(
        [
            f"{name}: 10× the steps, weights grow{more}",
            f"{name}: weights still grow{more}",
            "Weights still grow",
        ]
    )


def compose(measurements: Measurements, theme: Theme) -> Card:
    """Set up one card, with every mark and label but not yet drawn."""
    variants = measurements.variants
    spreads = [_spread(variant) for variant in variants]
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements),
            quantity="size of the weights |w|",
            x_label="steps of gradient descent (log scale)",
            footer=footer(_conditions(measurements), seeds(spreads[0].replicas)),
            x=rate_scale(spreads[0].x),
            y=linear_scale([array for s in spreads for array in (s.median, s.low, s.high)]),
        ),
    )
    called = names([variant.spec for variant in variants])
    for place, (name, spread) in enumerate(zip(called, spreads, strict=True)):
        draw_line(card, Line(name=name, spread=spread, pen=pen_of(theme, place)), most=17)
    return card


def alt(measurements: Measurements) -> str:
    """Describe the card: kind and axes, each loss, spread and conditions."""
    variants = measurements.variants
    called = names([variant.spec for variant in variants])
    sentences = [
        "Line chart with a logarithmic horizontal axis: size of the weights by steps of gradient descent.",
        *(_course(name, variant) for name, variant in zip(called, variants, strict=True)),
        "Where a line separates the classes, larger weights always lower the loss, so it has no minimum.",
        f"{band(_spread(variants[0]))}.",
    ]
    words = [condition.words for condition in _conditions(measurements)]
    return bounded([*sentences, f"Conditions: {', '.join(words)}."])


def _spread(variant: Variant) -> Spread:
    return Spread.of(variant.series["weight_norm"], variant.series["weight_norm_steps"])


def _course(name: str, variant: Variant) -> str:
    spread = _spread(variant)
    ends = [
        f"{number(float(spread.median[at]))} after {spread.x[at]:,.0f} step{'s' if at else ''}"
        for at in (0, -1)
    ]
    growth, separated = finite(variant.facts, "norm_growth"), finite(variant.facts, "separated_share")
    rate = "" if growth is None else f", {times(growth)} in the last tenfold of the steps"
    data = "" if separated is None else f"; {share(separated)} of the data sets were separated"
    return f"{sentence(name)}: {' and '.join(ends)}{rate}{data}."


def _conditions(measurements: Measurements) -> list[Condition]:
    return [*sizes([variant.spec for variant in measurements.variants]), Condition("rate 1", 2)]
