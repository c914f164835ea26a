"""Every word is explained, what it suggests to run can be run, and the gradient does what is said of it."""

import re
from collections.abc import Callable, Sequence

import pytest

from answers.catalog import load
from bot.grammar.lexicon import Explanation, explanations, find, suggest
from bot.grammar.lexicon.entry import ExplanationForm
from bot.grammar.lexicon.grammar import usage
from sim import experiments
from sim.asked import KEY, read_simulation
from sim.cost import estimate
from sim.knobs import Choice
from sim.measurements import Variant
from sim.support import EXPERIMENTS, require_runnable
from sim.vocabulary import KEY_SYNONYMS, KNOBS

CHEAP = 3.0
ALL = explanations()
KEYS = {knob.key for knob in KNOBS} | {KEY, "vs"}
VALUES = {f"{knob.key}={word}" for knob in KNOBS if isinstance(knob, Choice) for word in knob.words}


def test_every_word_of_the_grammar_is_explained_and_no_other() -> None:
    assert set(ALL) == KEYS | VALUES | {f"{KEY}={name}" for name in EXPERIMENTS}


@pytest.mark.parametrize("one", ALL.values(), ids=list(ALL))
def test_what_it_suggests_can_be_run_is_cheap_and_is_about_the_word(one: Explanation) -> None:
    experiment, specs = read_simulation(one.try_)
    require_runnable(experiment, specs)
    assert estimate(experiment, specs).seconds <= CHEAP
    assert not one.shows or len(one.shows) == len(specs)
    assert one.key not in one.related
    assert set(one.related) <= set(ALL)
    key, equals, word = one.key.partition("=")
    if key == KEY:
        assert not equals or word == experiment
    elif equals:
        assert any(getattr(spec, key) == word for spec in specs)


def test_a_key_is_shown_by_changing_it_or_by_setting_it() -> None:
    for key in KEYS - {KEY, "vs", "pretrain", "precision", "lr", "optimizer", "activation", "init"}:
        experiment, specs = read_simulation(ALL[key].try_)
        values = {getattr(spec, key) for spec in specs}
        default = next(knob.default for knob in KNOBS if knob.key == key)
        assert len(values) > 1 or values != {default} or key in {"data", "seeds"}, (key, experiment)


@pytest.mark.parametrize("key", [key for key, one in ALL.items() if any(one.shows)])
def test_the_gradient_does_what_is_said(key: str) -> None:
    for wanted, variant in zip(ALL[key].shows, run(key), strict=True):
        assert wanted in {None, variant.facts["regime"]}, variant.label


def factor(variant: Variant) -> float:
    return variant.facts["factor_per_layer"]


SAID: tuple[tuple[str, Callable[[Sequence[Variant]], bool]], ...] = (
    ("activation=elu", lambda v: factor(v[0]) < factor(v[1]) < 1),
    ("activation=softplus", lambda v: factor(v[1]) < factor(v[0])),
    ("activation=softsign", lambda v: factor(v[1]) < factor(v[0])),
    ("activation=selu", lambda v: factor(v[0]) > 1),
    ("arch=rnn", lambda v: factor(v[0]) < factor(v[1])),
    ("padding", lambda v: factor(v[0]) < factor(v[1])),
    ("image", lambda v: factor(v[0]) < factor(v[1])),
    ("kernel", lambda v: factor(v[1]) < factor(v[0])),
    ("skip=dense", lambda v: factor(v[0]) < factor(v[1])),
    ("input_scale", lambda v: factor(v[1]) < factor(v[0])),
    ("batch", lambda v: factor(v[1]) < factor(v[0])),
    ("loss", lambda v: factor(v[0]) == pytest.approx(factor(v[1]), rel=0.01)),
    ("init=zeros", lambda v: not silent(v[0]) and len(silent(v[1])) == v[1].spec.depth),
    ("precision=float32", lambda v: len(silent(v[0])) > 0),
    ("precision=float64", lambda v: not silent(v[0])),
    ("precision=bfloat16", lambda v: not silent(v[0]) and len(silent(v[1])) > 0),
    ("data=blobs", lambda v: not v[0].facts["learnt"] and v[1].facts["learnt"]),
    ("optimizer", lambda v: not v[0].facts["learnt"] and v[1].facts["learnt"]),
    ("layer_lr", lambda v: v[0].facts["learnt"]),
    ("pretrain", lambda v: not v[0].facts["learnt"] and v[1].facts["learnt"]),
)


@pytest.mark.parametrize(("key", "holds"), SAID, ids=[key for key, _ in SAID])
def test_it_compares_as_is_said(key: str, holds: Callable[[Sequence[Variant]], bool]) -> None:
    assert holds(run(key))


def silent(variant: Variant) -> list[int]:
    return variant.facts["underflow_layers"]


def run(key: str) -> tuple[Variant, ...]:
    experiment, specs = read_simulation(ALL[key].try_)
    return tuple(experiments.run(experiment, specs, unheard).variants)


def unheard(_fraction: float, _text: str) -> None:
    """Take a report and do nothing."""


def test_a_source_is_the_same_as_in_the_answers() -> None:
    known = {source.link: source for entry in load() for source in entry.sources}
    compared = 0
    for one in ALL.values():
        for source in one.sources:
            if (same := known.get(source.link)) is not None:
                assert (source.title, source.authors) == (same.title, same.authors)
                compared += 1
    assert compared > len(ALL) / 2


def test_a_paragraph_is_two_to_four_sentences_without_formulas_that_discord_cannot_show() -> None:
    for one in ALL.values():
        said = f"{one.text} {one.gradient}"
        assert 2 <= len(re.findall(r"[.?:;](?=\s|$)", said)) <= 8, one.key
        assert "$" not in said + one.formula
        assert "\\" not in said + one.formula


def test_a_data_file_takes_nothing_unknown() -> None:
    form = {"name": "ReLU", "text": "t" * 40, "gradient": "g" * 40, "try": "relu", "related": ["depth"]}
    assert ExplanationForm.model_validate(form).try_ == "relu"
    for wrong in ({"colour": "red"}, {"formula": "`x`"}, {"try": "r" * 101}, {"shows": ["sinks"]}):
        with pytest.raises(ValueError, match="validation error"):
            ExplanationForm.model_validate({**form, **wrong})


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("relu", ["activation=relu"]),
        ("What is Xavier?", ["init=glorot"]),
        ("kaiming", ["init=he"]),
        ("batchnorm", ["norm=batch"]),
        ("batch norm", ["norm=batch"]),
        ("batch normalisation", ["norm=batch"]),
        ("what does the learning rate mean", ["lr", "experiment=learning_rate"]),
        ("layers", ["depth"]),
        ("batch", ["batch", "norm=batch"]),
        ("precision", ["precision", "experiment=precision"]),
        ("norm=layer", ["norm=layer"]),
        ("activation=swish", ["activation=silu"]),
        ("resnet", ["skip=residual"]),
    ],
)
def test_a_word_is_found_by_all_its_names(asked: str, keys: list[str]) -> None:
    found = find(asked)
    assert [one.key for one in found.explanations] == keys
    assert not found.nearly


def test_every_synonym_of_the_grammar_leads_to_its_word() -> None:
    for name, key in KEY_SYNONYMS.items():
        assert key in [one.key for one in find(name).explanations], name
    for knob in KNOBS:
        for name, word in knob.synonyms.items() if isinstance(knob, Choice) else ():
            assert f"{knob.key}={word}" in [one.key for one in find(name).explanations], name
    for key in ALL:
        assert find(key).explanations[0].key == key


def test_a_misspelt_word_gets_the_nearest_and_a_question_none() -> None:
    relo = find("relo")
    assert relo.nearly
    assert relo.explanations[0].key == "activation=relu"
    assert find("sigmiod").explanations[0].key == "activation=sigmoid"
    for question in ("why do gradients vanish in deep networks", "qqqqq", "???", ""):
        assert find(question).explanations == ()


def test_words_are_suggested_while_they_are_typed() -> None:
    assert suggest("")[0].key == "activation=relu"
    assert len(suggest("")) == 25
    assert suggest("norm")[0].key == "norm"
    assert suggest("xav")[0].key == "init=glorot"
    assert suggest("layer n")[0].key == "norm=layer"
    assert suggest("sigmiod")[0].key == "activation=sigmoid"
    for typed in ("a", "e", "x", "=", "qqqq"):
        offered = suggest(typed)
        assert len({one.key for one in offered}) == len(offered) <= 25


def test_the_grammar_says_how_a_word_is_written() -> None:
    assert usage(ALL["depth"]) == "`depth=` a whole number from 1 to 200; 20 unless given or implied"
    assert usage(ALL["init=glorot"]) == "`init=glorot`, also `xavier`"
    assert usage(ALL["vs"]) == "`SPEC vs SPEC`"
    assert "`precision`" in usage(ALL[KEY])
    assert usage(ALL["clip"]).endswith("none unless given or implied")
