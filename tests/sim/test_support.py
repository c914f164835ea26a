"""What is refused before a run, and in which words."""

import pytest

from sim.errors import SpecError, TooExpensive
from sim.spec import Spec, parse_variants
from sim.support import irrelevant, natural, require_runnable
from sim.vocabulary import BY_KEY

# (experiment, specs) → the sentence.
SENSELESS = {
    ("gradients", "arch=logistic"): (
        "The experiment 'gradients' needs hidden layers; got arch=logistic, which has none; try arch=mlp."
    ),
    ("convexity", "cnn"): "The experiment 'convexity' needs arch=logistic or mlp; got arch=cnn.",
    ("speed", "cnn"): "The experiment 'speed' needs arch=mlp; got arch=cnn.",
    ("through_time", "mlp"): "The experiment 'through_time' needs arch=rnn or lstm or gru; got arch=mlp.",
    ("differentiation", "arch=logistic"): (
        "The experiment 'differentiation' needs hidden layers; got arch=logistic, which has none; "
        "try arch=mlp."
    ),
    ("gradients", "kernel=5"): (
        "kernel acts only with arch=cnn; got arch=mlp; remove kernel, or add arch=cnn."
    ),
    ("gradients", "circular"): (
        "padding acts only with arch=cnn; got arch=mlp; remove padding, or add arch=cnn."
    ),
    ("gradients", "relu forget_bias=1"): (
        "forget_bias acts only with arch=lstm or gru; got arch=mlp; remove forget_bias, or add arch=lstm."
    ),
    ("gradients", "order=post"): (
        "order acts only with norm=batch or layer or group or rms or skip=residual or highway; "
        "got norm=none, skip=none; remove order, or add norm=layer."
    ),
    ("gradients", "highway residual_scale=0.5"): (
        "residual_scale acts only with skip=residual; got skip=highway; remove residual_scale, "
        "or add skip=residual."
    ),
    ("gradients", "transform_bias=-1"): (
        "transform_bias acts only with skip=highway; got skip=none; remove transform_bias, "
        "or add skip=highway."
    ),
    ("training", "adam momentum=0.5 steps=5"): (
        "momentum acts only with optimizer=sgd; got optimizer=adam; remove momentum, or add optimizer=sgd."
    ),
    ("gradients", "lr=0.5"): "lr=0.5 acts only while training; got steps=0; add steps=200, or remove lr.",
    ("gradients", "clip=1"): "clip=1 acts only while training; got steps=0; add steps=200, or remove clip.",
    ("gradients", "adam"): (
        "optimizer=adam acts only while training; got steps=0; add steps=200, or remove optimizer."
    ),
    ("training", "relu"): "The experiment 'training' counts training steps; got steps=0; add steps=200.",
    ("speed", "relu"): "The experiment 'speed' counts training steps; got steps=0; add steps=1000.",
    ("gradients", "cnn data=blobs"): (
        "A CNN needs images; got data=blobs, which are points in the plane; use data=digits, or arch=mlp."
    ),
    ("gradients", "cnn kernel=7 image=3"): (
        "A kernel reaches at most across its image; got kernel=7 with image=3; the widest is 5."
    ),
    ("gradients", "lstm norm=batch"): (
        "The recurrent network 'lstm' normalises every step or token by itself; got norm=batch; "
        "use norm=layer or norm=rms."
    ),
    ("gradients", "rnn skip=residual"): "The recurrent network 'rnn' has skip=none; got skip=residual.",
    ("gradients", "gru norm=layer order=post"): (
        "The recurrent network 'gru' normalises before its activation; got order=post; use order=pre."
    ),
    ("gradients", "norm=layer 3x1"): (
        "Layer norm needs two units or more, or it makes them all 0; got width=1; "
        "the nearest valid value is 2."
    ),
    ("gradients", "norm=group 5x4"): (
        "Group norm needs two units or more in every group, or it makes all of them 0; got width=4; "
        "the nearest valid value is 5."
    ),
    ("gradients", "transformer skip=highway"): "A transformer has skip=none or residual; got skip=highway.",
    ("gradients", "rnn lsuv"): (
        "init=lsuv scales one layer after the other to its data; got arch=rnn, which shares or splits its "
        "weights; use init=orthogonal."
    ),
    ("training", "norm=layer greedy steps=5"): (
        "Greedy pretraining builds a plain network layer by layer; got arch=mlp norm=layer skip=none; "
        "remove pretrain."
    ),
    ("training", "layer_lr=100 depth=30 steps=5"): (
        "layer_lr multiplies up to at most 1e30 from the last layer to the first; got layer_lr=100 "
        "over 30 layers; the nearest valid value is 10.82."
    ),
    ("surface", "noisy_relu"): (
        "The experiment 'surface' needs a loss without noise; got activation=noisy_relu; use activation=relu."
    ),
}
NATURAL = {
    "relu": "gradients",
    "cnn vs mlp": "gradients",
    "relu steps=5": "training",
    "relu steps=5 vs steps=0": "gradients",
    "lstm": "through_time",
    "lstm vs gru": "through_time",
    "lstm vs mlp": "gradients",
    "lstm data=recall steps=5": "training",
    "arch=logistic": "convexity",
    "transformer": "gradients",
}


def refusal(experiment: str, text: str) -> SpecError:
    with pytest.raises(SpecError) as caught:
        require_runnable(experiment, parse_variants(text))
    return caught.value


@pytest.mark.parametrize(("experiment", "text"), SENSELESS)
def test_what_makes_no_sense_is_refused_with_the_reason(experiment: str, text: str) -> None:
    error = refusal(experiment, text)
    assert str(error) == SENSELESS[experiment, text]


@pytest.mark.parametrize("text", NATURAL)
def test_a_plain_request_gets_the_experiment_that_suits_it(text: str) -> None:
    specs = parse_variants(text)
    assert natural(specs) == NATURAL[text]
    require_runnable(natural(specs), specs)


def test_the_largest_layer_wise_rate_that_is_named_is_accepted() -> None:
    require_runnable("training", [Spec(layer_lr=10.82, depth=30, steps=5)])


IMPLIED = {
    "transformer": ("relu", "layer", "residual"),
    "arch=transformer gelu": ("gelu", "layer", "residual"),
    "mlp vs transformer": ("relu", "layer", "residual"),
    "sigmoid vs transformer": ("sigmoid", "layer", "residual"),
    "transformer norm=none skip=none": ("relu", "none", "none"),
    "transformer norm=rms": ("relu", "rms", "residual"),
    "lstm": ("tanh", "none", "none"),
    "gru relu": ("relu", "none", "none"),
    "depth=5 vs rnn": ("tanh", "none", "none"),
    "activation=sigmoid vs lstm": ("sigmoid", "none", "none"),
    "lstm vs mlp": ("tanh", "none", "none"),
}


@pytest.mark.parametrize("text", IMPLIED)
def test_some_architectures_imply_words_that_are_not_given(text: str) -> None:
    spec = parse_variants(text)[-1]
    assert (spec.activation, spec.norm, spec.skip) == IMPLIED[text]
    assert Spec.parse(spec.text) == spec


def test_the_widest_kernel_that_is_named_is_accepted() -> None:
    require_runnable("gradients", [Spec(arch="cnn", kernel=5, image=3)])


def test_a_training_knob_goes_with_a_variant_that_trains() -> None:
    require_runnable("gradients", parse_variants("lr=0.5 steps=0 vs steps=10"))


def test_one_bad_variant_refuses_the_comparison() -> None:
    assert str(refusal("gradients", "relu vs kernel=5")).startswith("kernel acts only with arch=cnn")


def test_the_tree_of_errors_is_the_one_that_is_drawn() -> None:
    assert not issubclass(TooExpensive, SpecError)
    assert SpecError.__mro__[1] is TooExpensive.__mro__[1]


@pytest.mark.parametrize(
    ("text", "changes_nothing"),
    [
        ("relu", {"slope", "std", "lr", "momentum", "kernel", "image", "padding", "forget_bias"}),
        ("leaky_relu normal steps=3", {"kernel", "image", "padding", "forget_bias"}),
        ("cnn", {"slope", "std", "lr", "momentum", "forget_bias"}),
        ("arch=logistic", {"depth", "activation", "init", "gain", "kernel"}),
    ],
)
def test_knobs_that_change_nothing_are_known(text: str, changes_nothing: set[str]) -> None:
    silent = irrelevant(Spec.parse(text))
    assert changes_nothing <= silent <= set(BY_KEY)
    if "steps=3" in text:
        assert not silent & {"slope", "std", "lr", "momentum"}
