"""A layer has one name, wherever it is spoken of."""

import pytest

from sim.parts import part
from sim.plots import conditions
from sim.script import script
from sim.spec import Spec
from sim.support import require_runnable


@pytest.mark.parametrize(
    ("arch", "name"),
    [
        *(("mlp", "layer"), ("cnn", "layer"), ("transformer", "block")),
        *(("rnn", "step"), ("lstm", "step"), ("gru", "step")),
    ],
)
def test_plots_and_scripts_call_a_layer_the_same(arch: str, name: str) -> None:
    spec = Spec.parse(f"{arch} 3x8 seeds=2")
    require_runnable("gradients", [spec])
    assert part(spec) == name
    said = [condition.words for condition in conditions.conditions([spec], deep=True)]
    assert any(words.startswith(f"3 {name}s of ") for words in said)
    assert f"Gradient by {name}," in script(spec)
