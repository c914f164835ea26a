"""What is worth offering to who types a configuration; the tests run all of it through the grammar."""

from types import MappingProxyType

from sim.knobs import Choice
from sim.vocabulary import BARE_WORDS, BY_KEY, KNOBS

USUAL = MappingProxyType(
    {
        "depth": ("10", "20", "30", "50", "5", "100", "3"),
        "width": ("64", "32", "128", "16", "256", "8"),
        "slope": ("0.1", "0.2", "0.3", "0.01"),
        "gain": ("2", "1.5", "0.5", "0.1", "4"),
        "std": ("0.01", "0.1", "0.05", "0.5"),
        "residual_scale": ("0.2", "0.1", "0.5", "1"),
        "transform_bias": ("-2", "-1", "-4", "0"),
        "kernel": ("3", "5", "1", "7"),
        "image": ("8", "16", "12", "4"),
        "forget_bias": ("1", "2", "5", "0"),
        "batch": ("64", "32", "16", "128", "256"),
        "seeds": ("4", "8", "16", "1", "32"),
        "seed": ("1", "2", "3", "0"),
        "steps": ("200", "100", "300", "500", "50", "1000"),
        "lr": ("0.1", "0.01", "0.03", "0.001", "0.3", "1"),
        "momentum": ("0.9", "0.5", "0.99"),
        "clip": ("1", "0.1", "5", "none"),
        "clip_value": ("0.1", "0.01", "1", "none"),
        "layer_lr": ("2", "1.5", "3", "none"),
        "input_scale": ("0.1", "0.5", "2", "10", "1"),
    }
)
"""Numbers that people set a knob to, the likeliest first."""

COMPANIONS = MappingProxyType(
    {
        **dict.fromkeys(
            ("optimizer", "lr", "momentum", "clip", "clip_value", "layer_lr", "pretrain"), "steps=200"
        ),
        **dict.fromkeys(("experiment=training", "experiment=learning_rate"), "steps=200"),
        "experiment=speed": "steps=1000",
        **dict.fromkeys(("experiment=gradients", "experiment=precision", "experiment=parameters"), "20x64"),
        **dict.fromkeys(("experiment=surface", "experiment=differentiation"), "5x16"),
        "experiment=convexity": "logistic",
        "experiment=through_time": "rnn",
        "padding": "cnn",
        "kernel": "cnn",
        "image": "cnn",
        "forget_bias": "lstm",
        "slope": "leaky_relu",
        "std": "normal",
        "residual_scale": "residual",
        "transform_bias": "highway",
        "order": "norm=layer",
        "data=recall": "lstm",
    }
)
"""What a knob, or one value of it, needs beside it to do anything: it is offered together with that."""

FIRST = (
    *("relu", "he", "tanh", "sigmoid", "glorot", "vs", "depth=", "width=", "norm=batch", "residual"),
    *("steps=", "experiment=", "cnn", "lstm", "transformer", "rnn", "norm=layer", "gelu", "lr=", "data="),
    *("torch", "orthogonal", "adam", "seeds=", "loss=", "momentum=", "batch="),
)
"""Words in the order in which people want them; the others follow in the order of the vocabulary."""


def bare(key: str, word: str) -> str:
    """Write a value as shortly as the grammar allows: without its key where only this one can be meant."""
    alone = len(BARE_WORDS[word]) == 1 and word not in BY_KEY
    return word if alone else f"{key}={word}"


VALUES = MappingProxyType(
    {
        bare(knob.key, word): (knob.key, word)
        for knob in KNOBS
        if isinstance(knob, Choice)
        for word in knob.words
        if word != "none"
    }
)
"""The values that can be written without their key, and those that cannot with it."""

EXAMPLES = (
    "depth=30 sigmoid vs relu he",
    "20x64 relu glorot vs he",
    "cnn 12x32 tanh batch=16 vs relu he",
    "10x32 data=spirals loss=ce momentum=0.9 steps=300 lr=0.03 seeds=4",
    "lstm depth=50 vs forget_bias=2",
    "rnn 40x64 vs lstm vs gru",
    "30x64 relu he vs norm=batch vs skip=residual",
    "transformer 6x64 vs order=post",
    "60x64 sigmoid seeds=4 experiment=precision",
    "8x32 steps=100 seeds=4 data=spirals loss=ce experiment=learning_rate",
    "10x32 relu he data=blobs seeds=4 vs skip=residual experiment=surface",
    "logistic data=cancer seeds=4 experiment=convexity",
    "cnn 3x8 vs mlp 3x512 experiment=parameters",
    "5x6 sigmoid batch=16 seeds=3 precision=float64 experiment=differentiation",
    "20x64 tanh vs orthogonal vs torch",
    "20x64 gelu he vs silu vs selu lecun",
    "50x64 skip=highway vs transform_bias=-4",
    "30x64 relu he residual vs residual_scale=0.2",
    "20x64 tanh gain=3 vs gain=1 vs gain=0.5",
    "4x24 data=digits loss=ce steps=100 seeds=4 vs adam lr=0.01",
)
"""Whole texts to begin with, each of another kind."""
