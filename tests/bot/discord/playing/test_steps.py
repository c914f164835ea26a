"""What a card offers to change: only what can be run, and is not too expensive."""

import pytest

from answers.catalog import load
from bot.discord.playing.state import State
from bot.discord.playing.steps import MAX_STEPS, changed, next_steps
from bot.errors import BadRequest
from sim.asked import read_simulation
from sim.cost import Allowance, estimate, require_affordable
from sim.errors import SimulationError
from sim.support import require_runnable

ALLOWANCE = Allowance()
CATALOG = load()


def words(text: str, allowance: Allowance = ALLOWANCE) -> list[str]:
    return [step.word for step in next_steps(State(text=text), None, allowance)]


@pytest.mark.parametrize(
    "text",
    [
        "12x64 sigmoid vs relu he",
        "logistic blobs",
        "20x64 transformer",
        "rnn tanh",
        "30x64 relu steps=200 lr=0.5",
        "200x8 relu seeds=256",
        "1x1 relu",
        "8x32 steps=100 experiment=learning_rate",
        "cnn 3x8 vs mlp 3x512 experiment=parameters",
    ],
)
def test_every_step_of_a_simulation_can_be_run(text: str) -> None:
    steps = next_steps(State(text=text), None, ALLOWANCE)
    assert len(steps) <= MAX_STEPS
    assert len({step.word for step in steps}) == len(steps)
    for step in steps:
        after = changed(State(text=text), step.word, None, ALLOWANCE)
        assert after.text != text
        experiment, specs = read_simulation(after.text)
        require_runnable(experiment, specs)
        require_affordable(experiment, specs, ALLOWANCE)
        assert max(len(step.label), len(step.about)) <= 100


def test_what_is_offered_has_time_to_spare_where_the_machine_is_busy() -> None:
    text, train = "60x64 sigmoid vs relu he", "steps=300"
    assert train in words(text, Allowance(seconds=1e6))
    after = changed(State(text=text), train, None, Allowance(seconds=1e6))
    seconds = estimate(*read_simulation(after.text)).seconds
    assert train in words(text, Allowance(seconds=2.1 * seconds))
    assert train not in words(text, Allowance(seconds=1.1 * seconds))


def test_every_step_of_every_answer_changes_what_it_is_run_with() -> None:
    some = 0
    for entry in CATALOG:
        for step in next_steps(State(answer=entry.id), entry, ALLOWANCE):
            some += 1
            after = changed(State(answer=entry.id), step.word, entry, ALLOWANCE)
            key, _, value = step.word.partition("=")
            assert after.knobs == {key: value}
    assert some > len(CATALOG.entries)


def test_what_is_shown_is_not_offered_again() -> None:
    assert "activation=relu" not in words("12x64 relu")
    assert "activation=tanh" in words("12x64 relu")
    assert {"depth=24", "depth=6", "steps=300", "seeds=64"} <= set(words("12x64 relu"))


def test_what_tells_networks_apart_is_not_changed_for_all() -> None:
    found = words("12x64 sigmoid vs relu he")
    assert not any(word.startswith(("activation=", "init=")) for word in found)
    assert "depth=24" in found
    with pytest.raises(BadRequest, match="would be the same"):
        changed(State(text="12x64 sigmoid vs relu"), "activation=tanh", None, ALLOWANCE)


def test_what_is_too_expensive_is_not_offered_and_refused() -> None:
    tight = Allowance(seconds=0.05)
    assert len(words("12x64 relu", tight)) < len(words("12x64 relu"))
    with pytest.raises(SimulationError, match="limit"):
        changed(State(text="20x64 relu"), "steps=90000", None, ALLOWANCE)


def test_an_answer_refuses_what_it_cannot_be_run_with() -> None:
    entry = CATALOG.entries["depth"]
    with pytest.raises(BadRequest, match="not in the library"):
        changed(State(answer="gone"), "depth=5", None, ALLOWANCE)
    deeper = changed(State(answer="depth"), "depth=7", entry, ALLOWANCE)
    assert deeper.text == "depth=7"
    assert changed(deeper, "width=32", entry, ALLOWANCE).knobs == {"depth": "7", "width": "32"}
