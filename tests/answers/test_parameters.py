"""What a question says about the asker's own network, and nothing that it only mentions."""

import pytest

from answers.parameters import parameters


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
        "without batch norm it does not train",
        "with tanh instead of relu or with relu?",  # sets activation twice: a comparison
        "5000 layers",  # more than the engine takes
        "with `depth=50` in code",
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
