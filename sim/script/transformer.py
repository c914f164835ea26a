"""The lines of a transformer encoder."""

from sim.conventions import parts_of
from sim.data.fitting import input_units
from sim.script.head import output, outputs
from sim.script.text import indented, method, module, times
from sim.spec import Spec


def network(spec: Spec) -> list[list[str]]:
    """Write the definitions of `Block` and `Net`; the signal is read at the net's `streams`."""
    block = module(
        "Block",
        _init(spec),
        method("attention(self, x)", _attention(spec)),
        method(
            "forward(self, x)",
            [
                f"x = {_part(spec, 'self.attention({})', 1)}",
                f"return {_part(spec, 'self.contract(phi(self.expand({})))', 2)}",
            ],
        ),
    )
    return [block, module("Net", _net_init(spec), method("forward(self, x)", _net_forward(spec)))]


def has_stem(spec: Spec) -> bool:
    """Say whether tokens of another width need a linear map before the first block."""
    return input_units(spec) != spec.width


def has_last_norm(spec: Spec) -> bool:
    """Say whether a norm follows the last block."""
    return spec.norm != "none" and spec.order == "pre"


def _norm(spec: Spec) -> str:
    return "nn.LayerNorm(width)" if spec.norm == "layer" else "nn.RMSNorm(width, eps=1e-5)"


def _init(spec: Spec) -> list[str]:
    lines = [
        "self.query, self.key, self.value, self.mix = (nn.Linear(width, width) for _ in range(4))",
        "self.expand, self.contract = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)",
    ]
    if spec.norm != "none":
        lines.append(f"self.norm1, self.norm2 = {_norm(spec)}, {_norm(spec)}")
    return lines


def _attention(spec: Spec) -> list[str]:
    heads = parts_of(spec.width)
    return [
        "mixed = (self.query(x), self.key(x), self.value(x))",
        f"q, k, v = (t.unflatten(2, ({heads}, -1)).transpose(1, 2) for t in mixed)",
        f"seen = torch.softmax(q @ k.mT / math.sqrt(width // {heads}), dim=3) @ v",
        "return self.mix(seen.transpose(1, 2).flatten(2))",
    ]


def _part(spec: Spec, call: str, place: int) -> str:
    norm = f"self.norm{place}({{}})" if spec.norm != "none" else "{}"
    pre = spec.order == "pre"
    total = call.format(norm.format("x") if pre else "x")
    if spec.skip == "residual":
        total = f"x + {times(spec.residual_scale, total)}"
    return total if pre else norm.format(total)


def _net_init(spec: Spec) -> list[str]:
    lines = ["self.blocks = nn.ModuleList(Block() for _ in range(depth))"]
    if has_stem(spec):
        lines.insert(0, f"self.stem = nn.Linear({input_units(spec)}, width)")
    if has_last_norm(spec):
        lines.append(f"self.norm = {_norm(spec)}")
    return [*lines, f"self.head = nn.Linear(width, {outputs(spec)})"]


def _net_forward(spec: Spec) -> list[str]:
    tokens = "self.norm(x)" if has_last_norm(spec) else "x"
    return [
        "self.streams = []",
        *(["x = self.stem(x)"] if has_stem(spec) else []),
        "for block in self.blocks:",
        *indented(["x = block(x)", "self.streams.append(x)  # the signal δ is read here"]),
        output(spec, f"{tokens}.mean(dim=1)"),
    ]
