"""The lines that read one network's gradients, and those that print the medians of all networks."""

from sim.parts import part as place
from sim.script.head import losses
from sim.script.text import indented, method
from sim.spec import Spec
from sim.vocabulary import RECURRENT

_COARSE = ("bfloat16", "float16")


def helpers(spec: Spec) -> list[list[str]]:
    """Write the functions that turn tensors into numbers."""
    lines, root = [], "t.double().square().mean().sqrt()"
    if spec.precision == "float64":
        lines = ["largest = t.abs().max().clamp(1e-300, 1e300)  # squares under- and overflow earlier"]
        root = "largest * (t / largest).square().mean().sqrt()"
    if spec.steps:  # then losses may overflow too
        return [
            [f"def finite(t):  {_OVERFLOWED}", f"    return t.double(){_END}"],
            method("rms(t)", [*lines, f"return finite({root})"]),
        ]
    whole = f"({root})" if " " in root else root
    return [[f"def rms(t):  {_OVERFLOWED}", *indented([*lines, f"return {whole}{_END}"])]]


_OVERFLOWED = "# what overflowed is infinite"
_END = ".nan_to_num(math.inf, math.inf).item()"


def read(spec: Spec) -> list[str]:
    """Write what appends the profiles of one network to `signals` and `weights`."""
    tensor, owner = {
        "transformer": ("block.contract.weight", "block in net.blocks"),
    }.get(spec.arch, ("layer.weight", "layer in net.layers"))
    if spec.arch in RECURRENT:
        tensor, owner = "u", "u in net.shares"
    signals = "signals.append([rms(h.grad) for h in net.streams])"
    weights = f"weights.append([rms({tensor}.grad){{}} for {owner}])"
    shares = " + net.shares" if spec.arch in RECURRENT else ""
    lines = [f"losses = {losses(spec)}", *(["after.append(finite(losses.mean()))"] if spec.steps else [])]
    if spec.steps:
        lines.append("net.zero_grad()")
    if spec.precision in _COARSE:
        retained = ["for u in net.shares:", "    u.retain_grad()"] if shares else []
        return [
            *lines,
            *retained,
            "losses.mean().backward(retain_graph=True)",
            weights.format(""),
            *_retain("net.streams"),
            _sum(spec),
            "losses.sum().backward()",
            signals,
        ]
    return [
        *lines,
        *_retain(f"net.streams{shares}"),
        _sum(spec),
        "losses.sum().backward()",
        signals,
        "# The batch loss is the mean.",
        weights.format(" / batch"),
    ]


def _sum(spec: Spec) -> str:
    if spec.norm == "batch":
        return (
            "# Of the sum over examples, not the mean; batch norm lets each of them act on the losses of all."
        )
    return "# Of the sum over examples: each row of h.grad then is δ of that example's own loss."


def _retain(tensors: str) -> list[str]:
    return [f"for h in {tensors}:", "    h.retain_grad()"]


def report(spec: Spec) -> list[str]:
    """Write what prints the medians."""
    name = place(spec)
    digits = 10 if spec.precision == "float64" else 6
    column = f"{digits + 7}.{digits}e"
    heading = " ".join([f"{name:>5}", *(f"{title:>{digits + 7}}" for title in ("signal", "weight"))])
    lines = [
        f'print("{heading}")',
        f"for {name}, (signal, weight) in enumerate(zip(zip(*signals), zip(*weights)), start=1):",
        f'    print(f"{{{name}:5d}} {{median(signal):{column}}} {{median(weight):{column}}}")',
    ]
    if spec.depth > 1:
        lines += _factor(spec, digits)
    if spec.steps:
        losses_seen = f"{{median(before):.{digits}g}} before, {{median(after):.{digits}g}} after training"
        lines.append(f'print(f"loss {losses_seen}")')
    return lines


def _factor(spec: Spec, digits: int) -> list[str]:
    name = place(spec)
    inside = [
        f"usable = [{name} for {name}, value in enumerate(signal) if 0 < value < math.inf]",
        "if len(usable) > 1:",
        *indented(
            [
                "first, last = usable[0], usable[-1]",
                "logs = math.log(signal[first]) - math.log(signal[last])",
                "factors.append(math.exp(logs / (last - first)))",
            ]
        ),
    ]
    return [
        f"factors = []  # the geometric mean of signal[{name}] / signal[{name} + 1], where neither is lost",
        "for signal in signals:",
        *indented(inside),
        f'print(f"factor per {name} {{median(factors) if factors else math.nan:.{digits}g}}")',
    ]
