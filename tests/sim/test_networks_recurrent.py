"""The batched recurrent networks against torch's own cells, one replica at a time, and known numbers."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
import torch
from sequence_oracles import Run, factor, labels_like, run
from sim_oracles import TORCH_JVP, gradient, modules
from torch import Tensor, nn

from sim.networks.parameters import DTYPES
from sim.spec import Spec

ARCHES = ("rnn", "lstm", "gru")
# The gates in the order of torch's weights.
GATES = {
    "rnn": ("state",),
    "lstm": ("write", "forget", "candidate", "read"),
    "gru": ("reset", "update", "candidate"),
}
CELLS: dict[str, Callable[[int, int], nn.RNNCellBase]] = {
    "rnn": nn.RNNCell,
    "lstm": nn.LSTMCell,
    "gru": nn.GRUCell,
}
MODULES: dict[str, Callable[..., nn.RNNBase]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
SMALL = Spec(
    arch="rnn", depth=5, width=6, activation="tanh", init="torch", batch=4, seeds=3, precision="float64"
)


def torch_weights(found: Run, replica: int) -> list[Tensor]:
    """Return W_ih, W_hh, b_ih and b_hh of one replica as torch's cells have them."""
    gates, names = GATES[found.spec.arch], {slot.name for slot in found.network.slots}
    columns = [
        torch.cat([found.named(f"{gate}.{part}")[replica].T for gate in gates])
        for part in ("input", "recurrent")
    ]
    for part in ("bias", "recurrent_bias"):
        biases = [
            found.named(f"{gate}.{part}")[replica]
            if f"{gate}.{part}" in names
            else torch.zeros(found.spec.width, dtype=columns[0].dtype)
            for gate in gates
        ]
        columns.append(torch.cat(biases))
    return columns


def recurrent_like_torch(found: Run, share: Tensor) -> Tensor:
    """Reorder the columns of one replica's recurrent matrices (unit, gate·unit) to torch's rows."""
    cell = {"rnn": ("state",), "lstm": ("write", "forget", "read", "candidate")}
    own = cell.get(found.spec.arch, ("update", "reset", "candidate"))
    columns = dict(zip(own, share.chunk(len(own), dim=1), strict=True))
    return torch.cat([columns[gate] for gate in GATES[found.spec.arch]], dim=1).T


class Cells:
    """One replica as a chain of torch's cells with equal weights: one module per time step."""

    def __init__(self, found: Run, replica: int) -> None:
        spec = found.spec
        self.cells = [CELLS[spec.arch](found.inputs.shape[3], spec.width) for _ in range(spec.depth)]
        for cell in self.cells:
            names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            for name, value in zip(names, torch_weights(found, replica), strict=True):
                setattr(cell, name, nn.Parameter(value.clone()))
        head = nn.Linear(spec.width, 1)
        head.weight = nn.Parameter(found.named("head")[replica].T.clone())
        head.bias = nn.Parameter(found.named("head.bias")[replica].clone())
        inputs = found.inputs[replica]
        h = c = torch.zeros(spec.batch, spec.width, dtype=inputs.dtype)
        self.streams: list[Tensor] = []
        for time, cell in enumerate(self.cells):
            if spec.arch == "lstm":
                h, c = cell(inputs[:, time], (h, c))
            else:
                h = c = cell(inputs[:, time], h)
            c.retain_grad()
            self.streams.append(c)
        self.outputs: Tensor = head(h)
        logits = self.outputs[:, 0]
        loss = nn.BCEWithLogitsLoss(reduction="sum")(logits, labels_like(logits))
        torch.autograd.backward(loss)


@pytest.mark.parametrize("arch", ARCHES)
@pytest.mark.parametrize(
    "words",
    [
        "",
        "glorot gain=1.5",
        "orthogonal",
        "depth=1",
        "width=1 batch=2 seeds=1",
        "depth=1 width=1 batch=2 seeds=1",
    ],
)
@pytest.mark.parametrize("forget_bias", [0.0, 2.0])
@pytest.mark.parametrize("features", [None, 1])
def test_every_cell_gives_the_numbers_of_torchs_cells(
    arch: str, words: str, forget_bias: float, features: int | None
) -> None:
    spec = Spec.parse(f"arch={arch} forget_bias={forget_bias} {words}", base=SMALL)
    found = run(spec, features)
    signals = found.gradients(found.forward.streams)
    shares = found.gradients(found.forward.weights)
    assert len(signals) == len(shares) == spec.depth
    for replica in range(spec.seeds):
        plain = Cells(found, replica)
        torch.testing.assert_close(found.forward.outputs[replica], plain.outputs)
        for stream, signal, expected in zip(found.forward.streams, signals, plain.streams, strict=True):
            torch.testing.assert_close(stream[replica], expected)
            torch.testing.assert_close(signal[replica], gradient(expected), rtol=1e-9, atol=1e-15)
        for share, cell in zip(shares, plain.cells, strict=True):
            assert isinstance(cell.weight_hh, nn.Parameter)
            ours = recurrent_like_torch(found, share[replica])
            torch.testing.assert_close(ours, gradient(cell.weight_hh), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("arch", ARCHES)
def test_the_shares_of_all_steps_add_up_to_the_gradient_of_torchs_module(arch: str) -> None:
    found = run(replace(SMALL, arch=arch), features=3)
    total = torch.stack(found.gradients(found.forward.weights)).sum(dim=0)
    leaves = dict(
        zip((slot.name for slot in found.network.slots), found.gradients(found.leaves), strict=True)
    )
    for replica in range(SMALL.seeds):
        module = MODULES[arch](3, SMALL.width, batch_first=True)
        names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
        for name, value in zip(names, torch_weights(found, replica), strict=True):
            setattr(module, name, nn.Parameter(value.clone()))
        states: Tensor = module(found.inputs[replica])[0]
        logits = states[:, -1] @ found.named("head")[replica] + found.named("head.bias")[replica]
        torch.testing.assert_close(torch.stack(found.forward.states, dim=2)[replica], states)
        loss = nn.BCEWithLogitsLoss(reduction="sum")(logits[:, 0], labels_like(logits[:, 0]))
        torch.autograd.backward(loss)
        torch.testing.assert_close(
            recurrent_like_torch(found, total[replica]), gradient(module.get_parameter("weight_hh_l0"))
        )
        for part, name in zip(("input", "recurrent", "bias", "recurrent_bias"), names, strict=True):
            rows = [leaves[f"{gate}.{part}"][replica] for gate in GATES[arch]]
            ours = torch.cat([row.T if row.ndim > 1 else row for row in rows])
            torch.testing.assert_close(ours, gradient(module.get_parameter(name)))


@pytest.mark.parametrize("norm", ["layer", "rms"])
@pytest.mark.parametrize("arch", ARCHES)
def test_a_norm_acts_on_each_gates_argument(arch: str, norm: str) -> None:
    spec = replace(SMALL, arch=arch, norm=norm)
    found = run(spec)
    generator = torch.Generator().manual_seed(3)
    for slot, tensor in zip(found.network.slots, found.parameters.tensors, strict=True):
        if slot.name.endswith((".scale", ".shift")):
            noise = torch.randn(tensor.shape, generator=generator, dtype=tensor.dtype)
            tensor.detach().add_(noise)
    states = found.network(found.parameters.tensors, found.inputs).states
    for replica in range(spec.seeds):
        norms = [normal(found, gate, replica) for gate in GATES[arch]]
        entering, recurrent, bias, recurrent_bias = torch_weights(found, replica)
        h = c = torch.zeros(spec.batch, spec.width, dtype=torch.float64)
        for x in found.inputs[replica].unbind(1):
            xs = (x @ entering.T + bias).chunk(len(norms), dim=1)
            hs = (h @ recurrent.T + recurrent_bias).chunk(len(norms), dim=1)
            if arch == "rnn":
                h = torch.tanh(norms[0](xs[0] + hs[0]))
            elif arch == "lstm":
                i, f, g, o = (n(one + other) for n, one, other in zip(norms, xs, hs, strict=True))
                c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
                h = torch.sigmoid(o) * torch.tanh(c)
            else:
                r, z = (torch.sigmoid(norms[k](xs[k] + hs[k])) for k in range(2))
                h = (1 - z) * torch.tanh(norms[2](xs[2] + r * hs[2])) + z * h
        torch.testing.assert_close(states[-1][replica], h)


def normal(found: Run, gate: str, replica: int) -> nn.Module:
    """Return torch's norm with one gate's scale and shift."""
    scale = nn.Parameter(found.named(f"{gate}.scale")[replica])
    if found.spec.norm == "layer":
        layer = nn.LayerNorm(found.spec.width)
        layer.weight, layer.bias = scale, nn.Parameter(found.named(f"{gate}.shift")[replica])
        return layer
    rms = nn.RMSNorm(found.spec.width, eps=1e-5)
    rms.weight = scale
    if gate != {"lstm": "forget", "gru": "update"}.get(found.spec.arch):
        return rms
    # The only shift after an rms norm: it is where the forget bias is.
    shift = nn.Linear(found.spec.width, found.spec.width)
    shift.weight = nn.Parameter(torch.eye(found.spec.width, dtype=torch.float64))
    shift.bias = nn.Parameter(found.named(f"{gate}.shift")[replica])
    return nn.Sequential(rms, shift)


@pytest.mark.parametrize("norm", ["layer", "rms"])
@pytest.mark.parametrize(("arch", "keeper"), [("lstm", "forget"), ("gru", "update")])
def test_a_norm_leaves_the_forget_bias(arch: str, keeper: str, norm: str) -> None:
    found = run(replace(SMALL, arch=arch, norm=norm, forget_bias=40.0))
    assert (found.named(f"{keeper}.shift") == 40).all()
    assert float(found.named(f"{keeper}.bias").abs().max()) < 1 / math.sqrt(SMALL.width)
    if arch == "gru":  # keeps its zeros for ever
        assert not found.forward.states[-1].detach().any()
    else:  # has nothing to keep yet at step 1, so only another gate's bias would show
        plain = run(replace(SMALL, arch=arch, norm=norm))
        torch.testing.assert_close(found.forward.streams[0], plain.forward.streams[0])


@pytest.mark.parametrize("activation", ["relu", "linear", "softsign"])
@pytest.mark.parametrize("arch", ARCHES)
def test_the_activation_replaces_tanh_everywhere(arch: str, activation: str) -> None:
    spec = replace(SMALL, arch=arch, activation=activation)
    found, phi = run(spec), modules(spec)
    for replica in range(spec.seeds):
        entering, recurrent, bias, recurrent_bias = torch_weights(found, replica)
        h = c = torch.zeros(spec.batch, spec.width, dtype=torch.float64)
        for x in found.inputs[replica].unbind(1):
            count = len(GATES[arch])
            xs = (x @ entering.T + bias).chunk(count, dim=1)
            hs = (h @ recurrent.T + recurrent_bias).chunk(count, dim=1)
            if arch == "rnn":
                h = phi(xs[0] + hs[0])
            elif arch == "lstm":
                i, f, o = (torch.sigmoid(xs[k] + hs[k]) for k in (0, 1, 3))
                c = f * c + i * phi(xs[2] + hs[2])
                h = o * phi(c)
            else:
                r, z = (torch.sigmoid(xs[k] + hs[k]) for k in (0, 1))
                h = (1 - z) * phi(xs[2] + r * hs[2]) + z * h
        torch.testing.assert_close(found.forward.states[-1][replica], h)


def test_only_the_simple_cell_has_one_argument_per_step() -> None:
    found = run(SMALL)
    for argument, state in zip(found.forward.arguments, found.forward.states, strict=True):
        torch.testing.assert_close(torch.tanh(argument), state)
    for arch in ("lstm", "gru"):
        assert not run(replace(SMALL, arch=arch)).forward.arguments


@pytest.mark.parametrize("arch", ARCHES)
def test_a_replica_alone_is_the_same_network(arch: str) -> None:
    spec = replace(SMALL, arch=arch)
    together, alone = run(spec), run(replace(spec, seed=2, seeds=1))
    torch.testing.assert_close(together.forward.outputs[2:], alone.forward.outputs)


@pytest.mark.parametrize("arch", ARCHES)
@pytest.mark.parametrize("norm", ["none", "layer"])
@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
def test_every_precision_agrees_with_float64_to_its_rounding(arch: str, norm: str, precision: str) -> None:
    spec = replace(SMALL, arch=arch, norm=norm, precision=precision)
    exact, found = run(replace(spec, precision="float64")), run(spec)
    assert found.forward.outputs.dtype == DTYPES[precision]
    tolerance = 60 * torch.finfo(DTYPES[precision]).eps
    ours, true = (
        torch.stack(one.gradients([*one.forward.streams]), dim=1).double() for one in (found, exact)
    )
    torch.testing.assert_close(ours, true, rtol=0, atol=tolerance * float(true.abs().max()))


@pytest.mark.filterwarnings(TORCH_JVP)
@pytest.mark.parametrize("arch", ARCHES)
@pytest.mark.parametrize("norm", ["none", "layer", "rms"])
def test_function_transforms_see_the_same_network(arch: str, norm: str) -> None:
    found = run(replace(SMALL, arch=arch, norm=norm), features=2)
    point, direction = found.directed()
    value, slope = cast("tuple[Tensor, Tensor]", torch.func.jvp(found.outputs, (point,), (direction,)))
    torch.testing.assert_close(value, found.forward.outputs.detach())
    along = torch.autograd.grad(found.forward.outputs.sum(), found.leaves)
    expected = sum(float((g * d).sum()) for g, d in zip(along, direction, strict=True))
    assert float(slope.sum()) == pytest.approx(expected, rel=1e-9)
    moved = [t + 0.1 * d for t, d in zip(point, direction, strict=True)]
    both = torch.func.vmap(found.outputs)([torch.stack(pair) for pair in zip(point, moved, strict=True)])
    torch.testing.assert_close(both, torch.stack([found.outputs(point), found.outputs(moved)]))


@pytest.mark.parametrize("arch", ARCHES)
def test_init_torch_has_the_distribution_of_torchs_modules(arch: str) -> None:
    features, width, seeds = 5, 24, 40
    spec = replace(SMALL, arch=arch, width=width, seeds=seeds, depth=1, forget_bias=3.0 * (arch != "rnn"))
    found = run(spec, features)
    rows = [torch_weights(found, replica) for replica in range(seeds)]
    torch.manual_seed(1)  # pyright: ignore[reportUnknownMemberType]
    modules = [MODULES[arch](features, width) for _ in range(seeds)]
    for part, name in enumerate(("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")):
        ours = torch.stack([row[part] for row in rows])
        theirs = torch.stack([module.get_parameter(name).detach() for module in modules]).double()
        keeper = slice(width, 2 * width)  # the forget gate of an LSTM, the update gate of a GRU
        if name == "bias_ih_l0" and arch != "rnn":
            ours[:, keeper] -= 3.0
        assert float(ours.std()) == pytest.approx(float(theirs.std()), rel=0.05)
        assert float(theirs.abs().max()) == pytest.approx(float(ours.abs().max()), rel=0.02)
        quantiles = torch.linspace(0.1, 0.9, 9, dtype=torch.float64)
        limit = 4 / math.sqrt(ours.numel() * width)
        assert float((ours.quantile(quantiles) - theirs.quantile(quantiles)).abs().max()) < limit
    head = found.named("head")
    assert float(head.std()) == pytest.approx(1 / math.sqrt(3 * width), rel=0.05)


@pytest.mark.parametrize("arch", ARCHES)
def test_every_matrix_of_every_gate_is_drawn_by_its_own_fans(arch: str) -> None:
    spec = replace(SMALL, arch=arch, init="lecun", gain=2.0, width=20, seeds=40, depth=1)
    found = run(spec, features=5)
    for gate in GATES[arch]:
        assert float(found.named(f"{gate}.input").std()) == pytest.approx(2 / math.sqrt(5), rel=0.05)
        assert float(found.named(f"{gate}.recurrent").std()) == pytest.approx(2 / math.sqrt(20), rel=0.05)
        assert not found.named(f"{gate}.bias").any()
    squares = run(replace(spec, init="orthogonal"))
    for gate in GATES[arch]:
        gram = squares.named(f"{gate}.recurrent") @ squares.named(f"{gate}.recurrent").mT
        torch.testing.assert_close(
            gram, 4 * torch.eye(20, dtype=torch.float64).expand_as(gram), rtol=0, atol=1e-5
        )


# What the literature and earlier measurements say.


LONG = replace(SMALL, depth=50, width=64, batch=16, seeds=5)


def test_an_orthogonal_linear_network_passes_the_gradient_unchanged() -> None:
    spec = replace(LONG, activation="linear", init="orthogonal")
    found = run(spec)
    signal = found.profile(found.forward.streams)
    # The matrices are drawn in single precision, so every step is off by about 1e-7.
    np.testing.assert_allclose(signal, np.broadcast_to(signal[:, -1:], signal.shape), rtol=1e-5)


def test_a_spectral_radius_above_one_is_not_sufficient_to_explode() -> None:
    # Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063: necessary, not sufficient. Inputs saturate tanh.
    spec = replace(LONG, init="orthogonal", gain=1.573)
    assert factor(spec) < 0.85
    assert factor(replace(spec, input_scale=0.1)) > 1.05


def test_the_usual_tanh_network_vanishes() -> None:
    assert factor(replace(LONG, init="glorot")) == pytest.approx(0.63, abs=0.02)


@pytest.mark.parametrize(("forget_bias", "expected"), [(0, 0.62), (1, 0.845), (2, 0.975), (5, 1.047)])
def test_the_forget_bias_decides_what_an_lstm_passes(forget_bias: float, expected: float) -> None:
    # More than the direct path σ(b) = .5, .731, .881, .993: the gates' own paths add to it.
    spec = replace(LONG, arch="lstm", forget_bias=forget_bias)
    found = factor(spec, features=8)
    assert found == pytest.approx(expected, abs=0.02)
    assert found > 1 / (1 + math.exp(-forget_bias))


@pytest.mark.parametrize(("forget_bias", "expected"), [(0, 0.63), (2, 0.90), (5, 0.993)])
def test_the_update_bias_decides_what_a_gru_passes(forget_bias: float, expected: float) -> None:
    spec = replace(LONG, arch="gru", forget_bias=forget_bias)
    assert factor(spec, features=8) == pytest.approx(expected, abs=0.015)
