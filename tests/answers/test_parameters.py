"""What a question says about the asker's own network, and nothing that it only mentions."""

import pytest

from answers.parameters import parameters, reread, written
from sim.knobs import Choice
from sim.vocabulary import BY_KEY


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("why do gradients vanish with 50 layers?", {"depth": "50"}),
        ("My 30-layer net with tanh does not learn", {"depth": "30", "activation": "tanh"}),
        ("does it explode in a network with ten hidden layers of 128 units", {"depth": "10", "width": "128"}),
        ("using tanh with Xavier", {"activation": "tanh", "init": "glorot"}),
        ("is it the same for an LSTM?", {"arch": "lstm"}),
        ("and what about leaky ReLU?", {"activation": "leaky_relu"}),
        ("what if I use a learning rate of 0.01 with Adam", {"lr": "0.01", "optimizer": "adam"}),
        ("with batch norm and skip connections?", {"norm": "batch", "skip": "residual"}),
        ("vanishing gradient in half precision", {"precision": "float16"}),
        ("an rnn over 100 time steps", {"depth": "100"}),
        ("sigmoid with He initialisation", {"init": "he"}),
        ("does it happen in CNNs with batch size 8", {"arch": "cnn", "batch": "8"}),
        ("a sequence of length 200", {"depth": "200"}),
        # terse, and as people write whose first language is another
        ("50 layer mlp tanh xavier", {"depth": "50", "arch": "mlp", "activation": "tanh", "init": "glorot"}),
        ("vanishing in 20x64 sigmoid net", {"depth": "20", "width": "64", "activation": "sigmoid"}),
        ("sigmoid 10 layers why gradient is vanish", {"depth": "10", "activation": "sigmoid"}),
        ("my net has activation function relu and 5 hidden layer", {"depth": "5", "activation": "relu"}),
        ("number of layers = 40", {"depth": "40"}),
        ("depth=50", {"depth": "50"}),
        ("with `depth=50` in code", {"depth": "50"}),
        ("bs=8, lr: 1e-3, momentum 0.9", {"batch": "8", "lr": "1e-3", "momentum": "0.9"}),
        ("lr 0.01", {"lr": "0.01"}),
        ("activation: tanh, optimizer is adam", {"activation": "tanh", "optimizer": "adam"}),
        ("tanh as activation and he as initialization", {"activation": "tanh", "init": "he"}),
        ("for LSTM with 100 steps", {"arch": "lstm", "depth": "100"}),
        ("in float16", {"precision": "float16"}),
        ("w/ bn", {"norm": "batch"}),
        ("10 layers instead of 30", {"depth": "10"}),
        ("30 instead of 10 layers", {"depth": "30"}),
        ("20 layer relu vs sigmoid", {"depth": "20"}),
        ("post-LN transformer with 12 layers", {"order": "post", "arch": "transformer", "depth": "12"}),
        ("an LSTM with forget bias -1", {"arch": "lstm", "forget_bias": "-1"}),
        ("with 5x5 kernels on 16x16 images", {"kernel": "5", "image": "16"}),
        # what is left out
        ("without batch norm it does not train", {"norm": "none"}),
        ("w/o skip connections, 50 layers", {"skip": "none", "depth": "50"}),
        ("30 layers and no normalisation", {"norm": "none", "depth": "30"}),
        # misspelt
        ("with tahn and xaiver init", {"activation": "tanh", "init": "glorot"}),
        ("using sigmiod and bacth norm", {"activation": "sigmoid", "norm": "batch"}),
        ("with 20 hiden layres of leaky rleu", {"depth": "20", "activation": "leaky_relu"}),
    ],
)
def test_what_the_question_sets_is_read(question: str, found: dict[str, str]) -> None:
    assert parameters(question) == found


@pytest.mark.parametrize(
    "question",
    [
        "why is relu better than sigmoid?",
        "does batch norm fix vanishing gradients?",
        "is he right that backprop is the problem?",
        "what is an lstm",
        "I have 3 questions about question 2 of sheet 7",
        "without relu it does not train",
        "with tanh instead of relu or with relu?",  # sets activation twice: a comparison
        "5000 layers",  # more than the engine takes
        "```\ndepth=50\n```",
        "20 layer relu vs sigmoid".replace("20 layer ", ""),
        "relu and tanh, which is better",
        "my images are 28x28",
        "mat1 and mat2 shapes cannot be multiplied (32x512 and 256x10)",
        "the last layer has no activation",
        "how do I do it in PyTorch?",
        "multiply lr by 5",
        "see you later, with luck",
        "",
        "is the gradient the same in every layer",
        "I don't use relu",
        "never using relu",
        "compare sigmoid and tanh",
        "batch size of 1,024",
        "1,200 layers",
        "batch size 100000",
        "learning rate 10^-3",
        "lr of 1/100",
        "why do the first two layers not learn",
    ],
)
def test_what_is_only_mentioned_is_not(question: str) -> None:
    assert parameters(question) == {}


def test_a_long_post_takes_no_time() -> None:
    assert parameters("with tanh " * 400) == {"activation": "tanh"}


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ({}, ""),
        ({"depth": "50"}, "depth=50"),
        ({"activation": "tanh", "depth": "50", "width": "64"}, "50x64 tanh"),
        ({"lr": "0.01", "norm": "batch", "init": "torch"}, "lr=0.01 norm=batch torch"),
    ],
)
def test_what_a_question_sets_is_written_in_few_words(wanted: dict[str, str], text: str) -> None:
    assert written(wanted) == text
    assert reread(text) == wanted


@pytest.mark.parametrize("key", [key for key, knob in BY_KEY.items() if isinstance(knob, Choice)])
def test_every_word_is_read_again_as_it_was_written(key: str) -> None:
    knob = BY_KEY[key]
    assert isinstance(knob, Choice)
    for word in knob.words:
        assert reread(written({key: word, "depth": "7", "width": "9"})) == {
            key: word, "depth": "7", "width": "9",
        }  # fmt: skip
