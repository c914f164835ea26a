"""What is refused before a run, and in which words."""

import pytest

from sim.errors import NotBuiltYet, SpecError, TooExpensive
from sim.spec import Spec, parse_variants
from sim.support import irrelevant, require_runnable
from sim.vocabulary import BY_KEY

# (experiment, specs) → the sentence; these make no sense, whatever the version.
SENSELESS = {
    ("gradients", "arch=logistic"): (
        "The gradient by layer needs hidden layers; got arch=logistic, which has none; try arch=mlp."
    ),
    ("convexity", "cnn"): "The experiment 'convexity' needs arch=logistic or mlp; got arch=cnn.",
    ("speed", "cnn"): "The experiment 'speed' needs arch=mlp; got arch=cnn.",
    (
        "differentiation",
        "arch=logistic",
    ): "The experiment 'differentiation' needs arch=mlp; got arch=logistic.",
    ("gradients", "kernel=5"): "kernel belongs to arch=cnn; got it with arch=mlp; remove kernel.",
    ("gradients", "circular"): "padding belongs to arch=cnn; got it with arch=mlp; remove padding.",
    ("gradients", "relu forget_bias=1"): (
        "forget_bias belongs to arch=lstm or gru; got it with arch=mlp; remove forget_bias."
    ),
    ("gradients", "lr=0.5"): "lr=0.5 acts only while training; got steps=0; add steps=200, or remove lr.",
    ("gradients", "clip=1"): "clip=1 acts only while training; got steps=0; add steps=200, or remove clip.",
    ("gradients", "adam"): (
        "optimizer=adam acts only while training; got steps=0; add steps=200, or remove optimizer."
    ),
    ("gradients", "cnn data=blobs"): (
        "A CNN needs images; got data=blobs, which are points in the plane; use data=gaussian."
    ),
    ("gradients", "cnn kernel=7 image=3"): (
        "A kernel reaches at most across its image; got kernel=7 with image=3; the widest is 5."
    ),
}
NOT_BUILT = {
    ("gradients", "norm=batch"): "norm=batch cannot be run yet; this version has norm=none.",
    ("gradients", "residual"): "skip=residual cannot be run yet; this version has skip=none.",
    ("gradients", "noisy_relu"): "activation=noisy_relu cannot be run yet; choose another activation.",
    ("gradients", "lsuv"): "init=lsuv cannot be run yet; choose another init.",
    ("gradients", "data=xor"): "data=xor cannot be run yet; this version has data=blobs or gaussian.",
    ("gradients", "adam steps=5"): "optimizer=adam cannot be run yet; this version has optimizer=sgd.",
    ("gradients", "clip=1 steps=5"): "clip=1 cannot be run yet; this version has clip=none.",
    ("gradients", "greedy steps=5"): "pretrain=greedy cannot be run yet; this version has pretrain=none.",
}


def refusal(experiment: str, text: str) -> SpecError:
    with pytest.raises(SpecError) as caught:
        require_runnable(experiment, parse_variants(text))
    return caught.value


@pytest.mark.parametrize(("experiment", "text"), SENSELESS)
def test_what_makes_no_sense_is_refused_with_the_reason(experiment: str, text: str) -> None:
    error = refusal(experiment, text)
    assert str(error) == SENSELESS[experiment, text]
    assert not isinstance(error, NotBuiltYet)


@pytest.mark.parametrize(("experiment", "text"), NOT_BUILT)
def test_what_cannot_run_yet_is_refused_with_what_can(experiment: str, text: str) -> None:
    error = refusal(experiment, text)
    assert isinstance(error, NotBuiltYet)
    assert str(error) == NOT_BUILT[experiment, text]


@pytest.mark.parametrize("arch", ["rnn", "lstm", "gru", "transformer"])
def test_an_architecture_that_is_not_built_says_so(arch: str) -> None:
    error = refusal("gradients", f"arch={arch}")
    assert isinstance(error, NotBuiltYet)
    assert str(error).startswith(f"arch={arch} cannot be run yet; this version has arch=")


def test_the_widest_kernel_that_is_named_is_accepted() -> None:
    require_runnable("gradients", [Spec(arch="cnn", kernel=5, image=3)])


def test_a_training_knob_goes_with_a_variant_that_trains() -> None:
    require_runnable("gradients", parse_variants("lr=0.5 steps=0 vs steps=10"))


def test_one_bad_variant_refuses_the_comparison() -> None:
    assert str(refusal("gradients", "relu vs lsuv")) == NOT_BUILT["gradients", "lsuv"]


def test_the_tree_of_errors_is_the_one_that_is_drawn() -> None:
    assert issubclass(NotBuiltYet, SpecError)
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
