"""What depth costs and speed buys, in a few lines."""

from typing import cast

from sim.measurements import Variant
from sim.plots.wording import count, finite, nested, number, ranges, times

_THREADS = {"one_thread": "on one thread", "all_threads": "on {} threads", "cuda": "on {}"}


def lines(variant: Variant) -> tuple[str, ...]:
    """Say how many steps the depths need, how that grows, what speed buys, and how fast this machine is."""
    found = (_steps(variant), _growth(variant), _pace(variant))
    return tuple(line for line in found if line)


def _steps(variant: Variant) -> str:
    facts = variant.facts
    depths = cast("list[int]", facts["depths"])
    medians = dict(zip(depths, cast("list[float | None]", facts["steps_median"]), strict=True))
    known = {depth: steps for depth, steps in medians.items() if steps is not None}
    never = ranges(depth for depth in depths if depth not in known)
    budget = count(finite(facts, "budget") or 0, "step")
    if not known:
        return f"no depth up to {depths[-1]} leaves the plateau in {budget}"
    ends = dict.fromkeys((min(known), max(known)))
    told = ", ".join(f"{count(known[depth], 'step')} with {count(depth, 'layer')}" for depth in ends)
    lost = f"; depth {never} never in {budget}" if never else ""
    return f"to leave the plateau: {told}{lost}"


def _growth(variant: Variant) -> str:
    facts = variant.facts
    growth, bought = finite(facts, "growth_per_layer"), finite(nested(facts, "layers_bought"), "10")
    low, high = finite(facts, "growth_low"), finite(facts, "growth_high")
    if growth is None:
        return "" if low is None else "how the steps grow per layer is within the spread of the seeds"
    told = f"each layer needs {number(growth)} times the steps"
    told += f" ({number(low)} to {number(high)})" if low is not None and high is not None else ""
    return f"{told}; {times(10)} the speed buys {number(bought)} layers" if bought is not None else told


def _pace(variant: Variant) -> str:
    facts = variant.facts
    names = {"all_threads": facts.get("threads_all"), "cuda": facts.get("cuda_name")}
    paces = nested(facts, "steps_per_second")
    told = [
        f"{pace:,.0f} {words.format(names.get(way))}"
        for way, words in _THREADS.items()
        if (pace := finite(paces, way)) is not None
    ]
    return f"steps per second with {count(variant.spec.depth, 'layer')}: {', '.join(told)}" if told else ""
