"""The lines of a recurrent network, whose cell is written out so that steps can be told apart."""

from sim.data.fitting import input_units
from sim.script.head import output, outputs
from sim.script.parameters import GATES
from sim.script.text import indented, method, module
from sim.spec import Spec


def network(spec: Spec) -> list[list[str]]:
    """Write the definition of `Net`; its `streams` are where signals are read, its `shares` the weights."""
    return [module("Net", _init(spec), method("forward(self, x)", _forward(spec)))]


def _init(spec: Spec) -> list[str]:
    gates = GATES.get(spec.arch, 1)
    inputs, many = input_units(spec), f"{gates} * width" if gates > 1 else "width"
    own_bias = "" if spec.init == "torch" else ", bias=False"
    lines = [
        f"self.entering = nn.Linear({'width' if inputs == spec.width else inputs}, {many})",
        f"self.recurrent = nn.Linear(width, {many}{own_bias})",
    ]
    if _has_inner_bias(spec):
        lines.append("self.inner_bias = nn.Parameter(torch.zeros(width))")
    if spec.norm != "none":
        norm = "nn.LayerNorm(width)" if spec.norm == "layer" else "nn.RMSNorm(width, eps=1e-5)"
        lines.append(
            f"self.norms = nn.ModuleList({norm} for _ in range({gates}))"
            if gates > 1
            else f"self.norm = {norm}"
        )
    if _has_shift(spec):
        lines.append(f"self.shift = nn.Parameter(torch.full((width,), {float(spec.forget_bias)!r}))")
    return [*lines, f"self.head = nn.Linear(width, {outputs(spec)})"]


def _has_inner_bias(spec: Spec) -> bool:
    """Say whether the bias inside a GRU's candidate, 0 at first, can ever be seen."""
    return spec.arch == "gru" and spec.init != "torch" and spec.steps > 0


def _has_shift(spec: Spec) -> bool:
    """Say whether the gate that keeps the state has a bias behind a norm that has none."""
    return spec.arch in GATES and spec.norm == "rms" and bool(spec.forget_bias or spec.steps)


def _forward(spec: Spec) -> list[str]:
    bias = ", self.recurrent.bias" if spec.init == "torch" else ""
    cell = {"rnn": _rnn, "lstm": _lstm, "gru": _gru}[spec.arch]
    step = [
        "u = self.recurrent.weight.view_as(self.recurrent.weight)",
        *cell(spec, f"nn.functional.linear(h, u{bias})"),
        f"self.streams.append({'c' if spec.arch == 'lstm' else 'h'})  # the signal δ is read here",
        "self.shares.append(u)",
    ]
    return [
        "self.streams, self.shares = [], []",
        f"h = {'c = ' if spec.arch == 'lstm' else ''}x.new_zeros(batch, width)",
        "# Every step has its own view of the recurrent weights: its gradient is the step's share.",
        "for x_t in x.unbind(1):",
        *indented(step),
        output(spec, "h"),
    ]


def _rnn(spec: Spec, recurrent: str) -> list[str]:
    argument = f"self.entering(x_t) + {recurrent}"
    return [f"h = phi({argument if spec.norm == 'none' else f'self.norm({argument})'})"]


def _lstm(spec: Spec, recurrent: str) -> list[str]:
    lines = [f"gates = self.entering(x_t) + {recurrent}"]
    if spec.norm == "none":
        lines.append("i, f, o, g = gates.chunk(4, dim=1)")
    else:
        lines.append("i, f, o, g = (norm(gate) for norm, gate in zip(self.norms, gates.chunk(4, dim=1)))")
    forget = "f + self.shift" if _has_shift(spec) else "f"
    return [
        *lines,
        f"c = torch.sigmoid({forget}) * c + torch.sigmoid(i) * phi(g)",
        "h = torch.sigmoid(o) * phi(c)",
    ]


def _gru(spec: Spec, recurrent: str) -> list[str]:
    def norm(place: int, argument: str) -> str:
        return argument if spec.norm == "none" else f"self.norms[{place}]({argument})"

    shift = " + self.shift" if _has_shift(spec) else ""
    inner = "(hn + self.inner_bias)" if _has_inner_bias(spec) else "hn"
    return [
        "xz, xr, xn = self.entering(x_t).chunk(3, dim=1)",
        f"hz, hr, hn = {recurrent}.chunk(3, dim=1)",
        f"z, r = torch.sigmoid({norm(0, 'xz + hz')}{shift}), torch.sigmoid({norm(1, 'xr + hr')})",
        f"h = (1 - z) * phi({norm(2, f'xn + r * {inner}')}) + z * h",
    ]
