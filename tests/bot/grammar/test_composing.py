"""Options and configurations become the text that the grammar reads."""

import pytest

from bot.errors import BadRequest
from bot.grammar.composing import compared, with_options
from sim.asked import read_simulation
from sim.errors import SpecError
from sim.spec import Spec
from sim.support import require_runnable


def require_sense(text: str) -> None:
    require_runnable(*read_simulation(text))


def test_options_are_added_to_the_text() -> None:
    text = with_options("sigmoid", {"depth": 30, "lr": 0.5, "steps": 10, "experiment": "precision"})
    experiment, (spec,) = read_simulation(text)
    assert experiment == "precision"
    assert spec == Spec(depth=30, lr=0.5, steps=10)


def test_options_belong_to_the_first_network_from_which_the_others_inherit() -> None:
    _, specs = read_simulation(with_options("sigmoid vs relu he", {"depth": 30}))
    assert [spec.depth for spec in specs] == [30, 30]


def test_options_alone_are_enough_and_none_is_the_default_network() -> None:
    assert read_simulation(with_options("", {"activation": "relu"}))[1] == (Spec(activation="relu"),)
    assert read_simulation(with_options("", {}))[1] == (Spec(),)
    experiment, specs = read_simulation(with_options("", {"experiment": "surface"}))
    assert (experiment, specs) == ("surface", (Spec(),))
    assert read_simulation(with_options("experiment=surface", {}))[1] == (Spec(),)


def test_the_text_alone_stays_as_it_is() -> None:
    assert with_options("depth=30 sigmoid vs relu he", {}) == "depth=30 sigmoid vs relu he"


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        ("depth=3", {"depth": 30}, "depth is given once"),
        ("experiment=surface relu", {"experiment": "precision"}, "experiment is given once"),
        ("vs relu", {}, 'stands on each side of "vs"'),
        ("", {"lr": 0.5}, "acts only while training"),
        ("sigmoid", {"gain": 0.0}, "gain is a number above 0"),
    ],
)
def test_what_is_wrong_is_left_to_the_grammar(text: str, options: dict[str, object], sentence: str) -> None:
    whole = with_options(text, options)
    with pytest.raises(SpecError, match=sentence):
        require_sense(whole)


def test_networks_side_by_side_share_what_is_common() -> None:
    text = compared(["sigmoid", "relu he", "tanh"], "depth=30 experiment=precision")
    assert text == "depth=30 experiment=precision sigmoid vs relu he vs tanh"
    experiment, specs = read_simulation(text)
    assert experiment == "precision"
    assert [spec.depth for spec in specs] == [30, 30, 30]


@pytest.mark.parametrize("parts", [["sigmoid depth=5", "relu"], ["sigmoid", "relu depth=5"]])
def test_a_network_does_not_repeat_what_is_common(parts: list[str]) -> None:
    with pytest.raises(SpecError, match="depth is given once"):
        compared(parts, "depth=30")


def test_what_is_common_is_no_comparison() -> None:
    with pytest.raises(BadRequest, match="an option of its own"):
        compared(["sigmoid", "relu"], "depth=3 vs depth=4")
