"""What is offered while a configuration is typed can be run, and is what somebody may have meant."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar.completion import LONGEST, complete
from bot.grammar.offers import COMPANIONS, EXAMPLES, FIRST, USUAL, VALUES
from sim.asked import read_simulation
from sim.cost import Allowance, require_affordable
from sim.errors import SpecError
from sim.knobs import Number
from sim.support import EXPERIMENTS, natural, require_runnable
from sim.vocabulary import BARE_WORDS, BY_KEY, KEY_SYNONYMS, KNOBS

WORDS = (
    *BARE_WORDS,
    *KEY_SYNONYMS,
    *(f"{key}={USUAL[key][0]}" for key in USUAL),
    "vs",
    "30x16",
    "12",
    "norm=layer",
)
OPEN = ("=", "vs")


def require_sense(text: str) -> None:
    experiment, specs = read_simulation(text)
    require_runnable(experiment, specs)


@settings(deadline=None, max_examples=150)
@given(words=st.lists(st.sampled_from(WORDS), max_size=5), cut=st.integers(0, 6), space=st.booleans())
def test_whatever_is_typed_what_is_offered_can_be_run(words: list[str], cut: int, space: bool) -> None:  # noqa: FBT001
    typed = " ".join(words)
    typed = typed[: len(typed) - cut] + " " * space
    offered = complete(typed)
    assert len(offered) == len(set(offered)) <= 25
    for text in offered:
        assert len(text) <= LONGEST
        if not text.endswith(OPEN):
            require_sense(text)


@settings(deadline=None, max_examples=60)
@given(text=st.text(alphabet="abdehilnorstuvx =,0123456789.x-_", max_size=40))
def test_nonsense_is_no_error(text: str) -> None:
    for offered in complete(text):
        if not offered.endswith(OPEN):
            require_sense(offered)


def test_nothing_typed_gets_whole_examples_of_every_kind_that_can_be_run() -> None:
    assert complete("") == complete("  ") == list(EXAMPLES)
    assert len(EXAMPLES) <= 25
    kinds: set[str] = set()
    for text in EXAMPLES:
        experiment, specs = read_simulation(text)
        require_runnable(experiment, specs)
        require_affordable(experiment, specs, Allowance())
        kinds.add(experiment)
        assert len(text) <= LONGEST
    assert kinds >= set(EXPERIMENTS) - {"speed"}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("dep", "depth="),
        ("sigm", "sigmoid"),
        ("xavi", "glorot"),
        ("kaim", "he"),
        ("swish", "silu"),
        ("resn", "residual"),
        ("norm=b", "norm=batch"),
        ("normalisation=lay", "norm=layer"),
        ("batchn", "norm=batch"),
        ("optimiser=a", "optimizer=adam steps=200"),
        ("depth=3", "depth=3"),
        ("30x", "30x64"),
        ("30", "depth=30"),
        ("depth=30 sigmoid v", "depth=30 sigmoid vs"),
        ("depth=30 sigmoid vs re", "depth=30 sigmoid vs relu"),
        ("depth = 30 tan", "depth=30 tanh"),
        ("30 layers tan", "30 layers tanh"),
        ("tahn", "tanh"),
        ("sigmod dep", "sigmoid depth="),
        ("widht=3", "width=3"),
        ("sigmoid exper", "sigmoid experiment="),
        ("sigmoid experiment=prec", "sigmoid experiment=precision"),
        ("experiment=thr", "experiment=through_time rnn"),
    ],
)
def test_the_last_word_is_completed_also_misspelt_and_by_another_name(typed: str, first: str) -> None:
    assert complete(typed)[0] == first


def test_a_whole_word_is_offered_as_it_is_and_then_what_may_follow() -> None:
    offered = complete("depth=30 sigmoid")
    assert offered[0] == "depth=30 sigmoid"
    assert "depth=30 sigmoid vs" in offered
    assert "depth=30 sigmoid he" in offered


def test_behind_a_whole_vs_the_next_configuration_is_offered() -> None:
    offered = complete("depth=30 sigmoid vs")
    assert offered[0] == "depth=30 sigmoid vs"
    assert "depth=30 sigmoid vs relu" in offered
    assert "depth=30 sigmoid vs sigmoid" not in offered
    assert complete("mlp vs mlp vs ") == []  # the first two are the same


def test_what_was_given_is_not_offered_again() -> None:
    offered = " | ".join(complete("depth=30 relu ", limit=200))
    assert "relu tanh" not in offered
    assert "relu depth" not in offered
    assert "relu width=" in offered
    assert complete("sigmoid experiment=precision exper") == []


def test_what_makes_no_sense_there_is_left_out() -> None:
    assert complete("lstm norm=") == ["lstm norm=none", "lstm norm=layer", "lstm norm=rms"]
    assert complete("logistic de") == []
    assert not any("transform_bias" in one for one in complete("cnn residual tr", limit=200))
    assert complete("relu experiment=thr") == ["relu experiment=through_time rnn"]
    assert complete("cnn experiment=thr") == []
    assert complete("sigmoid vs sigmoid ", alone=False)[0] != "sigmoid vs sigmoid"


def test_a_knob_that_needs_another_comes_with_it() -> None:
    assert "lr=0.01 steps=200" in complete("lr=")
    assert "slope=0.1 leaky_relu" in complete("slope=")
    assert "steps=100 lr=0.01" in complete("steps=100 lr=")


@pytest.mark.parametrize("key", [knob.key for knob in KNOBS])
def test_every_knob_can_be_completed_from_its_key(key: str) -> None:
    offered = complete(f"{key}=")
    assert offered, key
    for text in offered:
        require_sense(text)


def test_a_knob_that_does_nothing_alone_has_a_companion() -> None:
    for knob in KNOBS:
        values = USUAL[knob.key] if isinstance(knob, Number) else knob.words
        for value in values:
            text = f"{knob.key}={value}"
            try:
                require_sense(text)
            except SpecError:
                companion = COMPANIONS.get(text) or COMPANIONS.get(knob.key)
                if companion is None:  # such as data=recall, which an mlp cannot read
                    pytest.fail(text)
                require_sense(f"{text} {companion}")


def test_the_words_and_numbers_to_offer_are_those_of_the_grammar() -> None:
    assert set(USUAL) == {knob.key for knob in KNOBS if isinstance(knob, Number)}
    for key, values in USUAL.items():
        for value in values:
            BY_KEY[key].parse(value)
    for word in (*FIRST, *VALUES):
        if not word.endswith(OPEN):
            read_simulation(word)


def test_one_configuration_is_completed_behind_what_stands_before_it() -> None:
    assert complete("rel", before="depth=30", alone=True)[0] == "relu"
    behind = complete("", before="depth=30 sigmoid vs", alone=True, limit=200)
    assert "relu" in behind
    assert "sigmoid" not in behind
    assert "vs" not in behind
    assert not any("experiment" in one for one in behind)
    assert complete("dep", before="depth=30", alone=True) == []


def test_a_text_that_is_too_long_to_be_a_choice_is_not_offered() -> None:
    given = "depth=30 width=64 activation=sigmoid init=glorot seeds=4 batch=64 data=gaussian loss=bce"
    long = f"{given} precision=fl"
    assert len(long) > LONGEST
    assert complete(long) == []


def test_completing_needs_no_torch() -> None:
    complete_something = "from bot.grammar.completion import complete; complete('sig')"
    program = f"{complete_something}; import sys; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_the_natural_experiment_of_what_is_offered_is_known() -> None:
    for text in EXAMPLES:
        experiment, specs = read_simulation(text)
        assert experiment in EXPERIMENTS
        assert natural(specs) in EXPERIMENTS
