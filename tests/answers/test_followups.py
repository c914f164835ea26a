"""What is said after an answer: recognised only where it cannot stand alone, and read to the last word."""

import pytest

from answers.catalog import Catalog, load
from answers.followups import Anew, Others, Rerun, Say, Show, Step, Switch, Turn, follow
from answers.followups.reading import read
from answers.parameters import normal
from sim.vocabulary import BY_KEY


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def after(catalog: Catalog, question: str, answer: str = "what_is_vanishing", **knobs: str) -> Step:
    entry = catalog.entries[answer]
    return follow(question, Turn(answer=answer, question=entry.title, knobs=knobs), catalog)


@pytest.mark.parametrize(
    ("question", "knobs"),
    [
        ("and what about tanh?", {"activation": "tanh"}),
        ("and with 100 layers?", {"depth": "100"}),
        ("what if I use relu instead", {"activation": "relu"}),
        ("And with ReLU?", {"activation": "relu"}),
        ("50 layer tanh xavier", {"depth": "50", "activation": "tanh", "init": "glorot"}),
        ("depth=50", {"depth": "50"}),
        ("activation: gelu", {"activation": "gelu"}),
        ("10 layers instead of 30", {"depth": "10"}),
        ("30 instead of 10 layers", {"depth": "30"}),
        ("from 20 to 30 layers", {"depth": "30"}),
        ("ok, increase the depth to 60", {"depth": "60"}),
        ("change sigmoid to relu", {"activation": "relu"}),
        ("relu instead of sigmoid please", {"activation": "relu"}),
        ("no, I meant tanh", {"activation": "tanh"}),
        ("not sigmoid but tanh", {"activation": "tanh"}),
        ("does that also happen with He init?", {"init": "he"}),
        ("is it the same with 5 layers of 20 units?", {"depth": "5", "width": "20"}),
        ("and with `softplus`?", {"activation": "softplus"}),
        (
            "would it be better with orthogonal weights and tanh?",
            {"init": "orthogonal", "activation": "tanh"},
        ),
        ("can you run it with 10x32?", {"depth": "10", "width": "32"}),
        ("how about 40 layers of leaky relu", {"depth": "40", "activation": "leaky_relu"}),
        ("hm, and if we use swish?", {"activation": "silu"}),
        # misspelt
        ("and tahn?", {"activation": "tanh"}),
        ("leaky rleu instead", {"activation": "leaky_relu"}),
        ("and with 30 layres of sigmiod", {"depth": "30", "activation": "sigmoid"}),
        ("xaiver initialisaton?", {"init": "glorot"}),
        ("what if i use 20 nuerons", {"width": "20"}),
    ],
)
def test_the_answer_is_run_with_what_was_said(catalog: Catalog, question: str, knobs: dict[str, str]) -> None:
    assert after(catalog, question) == Rerun(knobs=knobs)


@pytest.mark.parametrize(
    ("question", "before", "knobs"),
    [
        ("and with tanh?", {"depth": "50"}, {"depth": "50", "activation": "tanh"}),
        (
            "and with 100 layers?",
            {"depth": "50", "activation": "tanh"},
            {"depth": "100", "activation": "tanh"},
        ),
        ("and with 100?", {"depth": "50", "activation": "tanh"}, {"depth": "100", "activation": "tanh"}),
        ("not tanh", {"depth": "50", "activation": "tanh"}, {"depth": "50"}),
        ("without tanh", {"depth": "50", "activation": "tanh"}, {"depth": "50"}),
        ("and deeper?", {"depth": "50"}, {"depth": "100"}),
        ("even deeper", {"depth": "150"}, {"depth": "200"}),
        ("shallower", {"depth": "50"}, {"depth": "25"}),
        ("and wider?", {"width": "100"}, {"width": "200"}),
        ("half as many units", {"width": "100"}, {"width": "50"}),
        ("twice as many layers", {"depth": "10"}, {"depth": "20"}),
    ],
)
def test_what_was_changed_before_stays(
    catalog: Catalog, question: str, before: dict[str, str], knobs: dict[str, str]
) -> None:
    assert after(catalog, question, **before) == Rerun(knobs=knobs)


def test_past_the_end_of_a_knob_there_is_a_sentence(catalog: Catalog) -> None:
    deepest, single = (
        after(catalog, said, depth=depth) for said, depth in (("deeper", "200"), ("shallower", "1"))
    )
    assert isinstance(deepest, Say)
    assert deepest.text == "Depth is a whole number from 1 to 200; got 400; the nearest valid value is 200."
    assert isinstance(single, Say)


def test_deeper_starts_from_what_was_run(catalog: Catalog) -> None:
    first = next(iter(catalog.entries["sigmoid"].simulations[0].variants.values()))
    assert after(catalog, "and deeper?", "sigmoid") == Rerun(knobs={"depth": str(2 * first.depth)})


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("and ReLU?", "sigmoid", "relu"),
        ("what about relus then", "sigmoid", "relu"),
        ("and leaky ReLU?", "sigmoid", "dying_relu"),
        ("does that hold for LSTMs too?", "sigmoid", "lstm_gru"),
        ("does this apply to GRUs?", "sigmoid", "lstm_gru"),
        ("is it the same for transformers?", "sigmoid", "transformer"),
        ("and RNNs?", "sigmoid", "rnn"),
        ("and in CNNs?", "sigmoid", "cnn"),
        ("same with batch norm?", "sigmoid", "batchnorm"),
        ("bacth norm", "sigmoid", "batchnorm"),
        ("w/ bn", "sigmoid", "batchnorm"),
        ("and with layer norm?", "sigmoid", "layernorm"),
        ("and rms norm?", "sigmoid", "layernorm"),
        ("and with skip connections?", "sigmoid", "residual"),
        ("and Adam?", "sigmoid", "optimizers"),
        ("with momentum 0.9", "sigmoid", "optimizers"),
        ("in float16", "sigmoid", "precision"),
        ("and with clipping?", "sigmoid", "clipping"),
        ("and with clipping at 1?", "sigmoid", "clipping"),
        ("and with pretraining?", "sigmoid", "pretraining"),
        ("and cross-entropy?", "sigmoid", "loss_choice"),
        ("and the learning rate?", "sigmoid", "learning_rate"),
        ("lr 0.01", "sigmoid", "learning_rate"),
        ("and with a smaller learning rate?", "sigmoid", "learning_rate"),
        ("what about depth?", "sigmoid", "depth"),
        ("and orthogonal init?", "relu", "init"),
        ("and with 30 layers?", "gpu", "depth"),
    ],
)
def test_what_the_answer_cannot_be_run_with_leads_to_the_answer_about_it(
    catalog: Catalog, question: str, answer: str, other: str
) -> None:
    step = after(catalog, question, answer)
    assert isinstance(step, Switch)
    assert step.answer == other


def test_a_switch_keeps_the_network_where_it_is_of_the_same_kind(catalog: Catalog) -> None:
    relu, lstm = (
        after(catalog, "and relu?", "sigmoid", depth="50"),
        after(catalog, "and for LSTMs?", "sigmoid", depth="50"),
    )
    assert isinstance(relu, Switch)
    assert relu.knobs["depth"] == "50"
    assert isinstance(lstm, Switch)
    assert "depth" not in lstm.knobs


def test_of_what_cannot_be_changed_the_rest_still_is(catalog: Catalog) -> None:
    step = after(catalog, "and with 30 layers and batch norm?")
    assert isinstance(step, Rerun)
    assert step.knobs == {"depth": "30"}
    assert step.note.startswith("This answer cannot be run with norm=batch. It takes another depth, ")


@pytest.mark.parametrize(
    ("question", "answer", "text"),
    [
        (
            "and with GELU?",
            "sigmoid",
            "This answer cannot be run with activation=gelu. It takes another depth, width or ",
        ),
        (
            "and on MNIST?",
            "sigmoid",
            "This answer cannot be run with data=digits. It takes another depth, width or ",
        ),
        (
            "and with tanh?",
            "sigmoid",
            "This answer was run with activation=tanh too, beside its other networks. ",
        ),
        (
            "without batch norm",
            "sigmoid",
            "This answer is run with norm=none anyway. It takes another depth, ",
        ),
        ("no skip connections", "sigmoid", "This answer is run with skip=none anyway. "),
        (
            "and with 1000 layers?",
            "sigmoid",
            "Depth is a whole number from 1 to 200; got 1000; the nearest valid ",
        ),
        (
            "and with relu and gelu?",
            "sigmoid",
            "One run takes one activation; got relu and gelu; ask for one of ",
        ),
        ("not gelu", "sigmoid", "Nobody asked for activation=gelu here, so there is nothing to take back. "),
        (
            "and what about 100?",
            "sigmoid",
            "A number needs its knob; got 100 alone. It takes another depth, ",
        ),
        ("and the width?", "sigmoid", "Which width? Name a value, for example: and with width=128?"),
        ("and with GELU?", "gpu", "This answer cannot be run with activation=gelu. Its runs are fixed; "),
    ],
)
def test_what_cannot_be_changed_is_said_with_what_can(
    catalog: Catalog, question: str, answer: str, text: str
) -> None:
    step = after(catalog, question, answer)
    assert isinstance(step, Say)
    assert step.text.startswith(text)


@pytest.mark.parametrize("answer", ["sigmoid", "dying_relu", "nan_loss", "seeds", "zero_init", "rnn"])
def test_the_example_of_what_can_be_asked_is_understood(catalog: Catalog, answer: str) -> None:
    step = after(catalog, "and with a negative slope of 0.2?", answer)
    assert isinstance(step, Say)
    example = step.text.split("for example: ")[1]
    assert isinstance(after(catalog, example, answer), Rerun)


WISHES: list[tuple[Step, str]] = [
    (Show(part="more"), "why? | Why is that so? | but why | explain more | how so? | how come | go on"),
    (Show(part="more"), "can you explain that in more detail? | tell me more | more details please"),
    (Show(part="more"), "I don't understand | what does that mean?"),
    (Show(part="sources"), "source? | sources please | says who? | where is that from? | paper? | citation"),
    (Show(part="sources"), "do you have a reference for that? | which paper says that | how do you know?"),
    (Show(part="sources"), "where did you get that?"),
    (Show(part="code"), "show me the code | code? | is there a script? | how do I reproduce this?"),
    (Show(part="code"), "can you show the pytorch code for this? | and in PyTorch? | can I run it myself"),
    (Others(), "not what I asked | that's not what I meant | no, that is not my question | wrong answer"),
    (Others(), "something else | that isn't it | other answers? | you misunderstood"),
    (Others(), "I asked about something else"),
]


@pytest.mark.parametrize(
    ("question", "step"), [(text.strip(), step) for step, texts in WISHES for text in texts.split("|")]
)
def test_a_wish_is_understood_in_many_words(catalog: Catalog, question: str, step: Step) -> None:
    assert after(catalog, question) == step


@pytest.mark.parametrize(
    "question",
    [
        # whole questions, with words that follow-ups have too
        "why is relu better than sigmoid?",
        "does batch norm fix vanishing gradients?",
        "what is an lstm",
        "what is relu?",
        "and why does relu help?",
        "why do gradients vanish with 50 layers?",
        "what if all weights are zero?",
        "what about vanishing gradients in RNNs?",
        "how do skip connections help?",
        "does it vanish with tanh?",
        "is it a problem of backpropagation itself?",
        "explain the vanishing gradient problem",
        "explain batch norm",
        "more layers, why is it worse?",
        "can you explain why relu dies?",
        "show me the code of a resnet",
        "source of the vanishing gradient",
        "why not just use a larger learning rate?",
        "what happens if the learning rate is too large?",
        "what does momentum do",
        "how do I know if my gradients vanish?",
        "which paper introduced batch norm?",
        "my network with 50 layers does not learn",
        "I use relu in the output layer",
        "is tanh or sigmoid better?",
        "sigmoid vs tanh",
        "relu or leaky relu",
        "layer norm or batch norm?",
        "pre-LN vs post-LN",
        "LeCun init for SELU",
        "lr for sigmoid net with 6 layers",
        "learning rate",
        "vanishing gradient",
        "dying relu",
        "exploding",
        "deep networks",
        "and what about dropout?",
        "and the exam?",
        "and GPUs?",
        "what about weight decay",
        # not questions at all
        "thanks",
        "thanks, that helped!",
        "ok got it",
        "no",
        "yes",
        "hm",
        "it's the same for me",
        "same",
        "cool",
        "and?",
        "I have 3 questions about question 2 of sheet 7",
        "100",
        "let's take a break",
        "is it due on friday?",
        "can you repeat the question in german",
        "see you in 10 minutes",
        "when is lunch?",
        "what is the code for the door?",
        "wrong room, sorry",
        "more coffee?",
        "the paper is due tomorrow",
        "using it for my thesis",
        "with all of us",
        "and then with whom?",
        "then I catch later than you match",
        "can he use it?",
        "",
        "???",
        "```\nrelu\n```",
        "and with relu " * 20,
    ],
)
def test_what_stands_alone_is_asked_anew(catalog: Catalog, question: str) -> None:
    assert after(catalog, question, depth="50") == Anew()
    assert after(catalog, question, "sigmoid") == Anew()


def test_no_title_and_no_phrasing_of_the_library_is_taken_for_a_follow_up(catalog: Catalog) -> None:
    texts = [text for entry in catalog for text in (entry.title, *entry.phrasings)]
    assert len(texts) > 500
    assert [text for text in texts if after(catalog, text) != Anew()] == []


def test_after_an_answer_that_is_gone_all_is_asked_anew(catalog: Catalog) -> None:
    gone = Turn(answer="removed_since", question="?")
    assert follow("and with tanh?", gone, catalog) == Anew()
    assert follow("why?", gone, catalog) == Anew()


def test_an_answer_that_was_refused_is_not_run_again(catalog: Catalog) -> None:
    refused = Turn(answer="sigmoid", question="?", refused=("sigmoid",))
    assert follow("and with 10 layers?", refused, catalog) == Anew()
    assert follow("not what I asked either", refused, catalog) == Anew()
    assert follow("not what I asked", refused, catalog) == Others()


SAID = {
    "arch": ("and for a CNN?", "cnn"),
    "depth": ("and with 30 layers?", "30"),
    "width": ("and 128 units per layer?", "128"),
    "activation": ("and tanh?", "tanh"),
    "slope": ("and a negative slope of 0.2?", "0.2"),
    "init": ("and Kaiming initialization?", "he"),
    "gain": ("and with a gain of 2?", "2"),
    "std": ("and a standard deviation of 0.05?", "0.05"),
    "norm": ("and group norm?", "group"),
    "skip": ("and highway connections?", "highway"),
    "order": ("and with post-norm?", "post"),
    "residual_scale": ("and with residual scale 0.5?", "0.5"),
    "transform_bias": ("and a transform bias of -4?", "-4"),
    "padding": ("and with circular padding?", "circular"),
    "kernel": ("and 5x5 kernels?", "5"),
    "image": ("and on 16x16 images?", "16"),
    "forget_bias": ("and a forget gate bias of 1?", "1"),
    "loss": ("and squared error?", "mse"),
    "data": ("and on spirals?", "spirals"),
    "batch": ("and with batch size 8?", "8"),
    "seeds": ("and with 32 seeds?", "32"),
    "seed": ("and with seed 7?", "7"),
    "steps": ("and after 500 steps?", "500"),
    "optimizer": ("and RMSprop?", "rmsprop"),
    "lr": ("and with learning rate 1e-3?", "1e-3"),
    "momentum": ("and 0.9 momentum?", "0.9"),
    "clip": ("and clipping at 0.5?", "0.5"),
    "clip_value": ("and clip by value 0.5?", "0.5"),
    "layer_lr": ("and a layer-wise learning rate of 1.5?", "1.5"),
    "pretrain": ("and greedy pretraining?", "greedy"),
    "precision": ("and in half precision?", "float16"),
    "input_scale": ("and inputs scaled by 10?", "10"),
}


def test_every_knob_can_be_said() -> None:
    assert set(SAID) == set(BY_KEY)


@pytest.mark.parametrize("key", SAID)
def test_a_knob_is_read_in_words_and_as_the_grammar_writes_it(key: str) -> None:
    text, word = SAID[key]
    for said in (text, f"and with {key}={word}?"):
        reading = read(normal(said))
        assert reading is not None
        assert reading.sets == [(key, word)]


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("without normalisation", ("norm", "none")),
        ("no batch norm", ("norm", "none")),
        ("remove the skip connections", ("skip", "none")),
        ("w/o shortcuts", ("skip", "none")),
        ("without clipping", ("clip", "none")),
        ("no momentum", ("momentum", "0")),
        ("and without pretraining?", ("pretrain", "none")),
        ("and without activation functions?", ("activation", "linear")),
    ],
)
def test_what_is_taken_away_is_none(text: str, pair: tuple[str, str]) -> None:
    reading = read(normal(text))
    assert reading is not None
    assert reading.sets == [pair]


def test_the_steps_of_a_recurrent_network_are_steps_in_time() -> None:
    after_rnn, after_mlp, of_lstm = (
        read("and with 100 steps?", recurrent=True),
        read("and with 100 steps?"),
        read("and for lstm with 100 steps?"),
    )
    assert after_rnn is not None
    assert after_rnn.sets == [("depth", "100")]
    assert after_mlp is not None
    assert after_mlp.sets == [("steps", "100")]
    assert of_lstm is not None
    assert of_lstm.sets == [("arch", "lstm"), ("depth", "100")]
