"""Questions as students ask them: none of these is a phrasing of the library."""

import pytest

from answers.catalog import Catalog
from answers.matching import Answer, Matcher, Offer

ASKED = {
    "backprop_not_cause": [
        "wait so is backprop broken or what",
        "is it backprops fault that the early layers learn nothing",
        (
            "If I replaced backpropagation by finite differences, would the tiny gradients of the first"
            " layers be gone?"
        ),
        (
            "Sorry for the maybe stupid question, but I read the section twice and I still dont get it:"
            " does the backpropagation algorithm itself make the gradients vanish, or is it something "
            "about the network?"
        ),
        "does vanishing gradient come from the back propagation algoritm or from the model it self",
        "so its backprop who makes gradient vanish?",
        "would forward mode autodiff avoid vanishing gradients",
        (
            "In lecture it was said backprop multiplies many small numbers. Is this then an error of "
            "backpropagation, or the gradient is really small?"
        ),
        "is backpropogation the reason for vanishing gradiants",
        "can we use something other than backprop so gradient not vanish",
    ],
    "cnn": [
        "why no vanishing gradient in CNN?",
        "do cnns have vanishing gradients too or not",
        (
            "Hi all, in the tutorial they train a convolutional network with many layers and nobody "
            "mentions vanishing gradients. How do CNNs avoid it?"
        ),
        "convolutional nets dont suffer from vanishing gradient right??",
        "how comes that convolution network not have vanishing gradient problem",
        "are convolutonal layers better against vanishing gradeints than dense layers",
        "does sharing weights in conv layers help with vanishing gradients",
        "my conv net first layers get nearly zero gradient, is this vanishing gradient",
        "is vanishing gradient only for fully connected or also for conv layers",
        "CNN + sigmoid = vanishing gradient?",
    ],
    "gpu": [
        "how does a gpu help with vanishing gradients",
        "why do GPUs solve vanishing gradient?",
        (
            "wikipedia claims faster hardware helped against vanishing gradients, I dont understand how"
            " that would work"
        ),
        (
            "Does it make any difference for the vanishing gradient problem if I train on a GPU instead"
            " of the CPU?"
        ),
        "if gradients vanish can i not just buy faster gpu and train longer",
        "does more compute power fix the vanishing gradient",
        "what has gpu to do with vanishing gradient problem, i dont see it",
        "why gpu make possible to train deep network with small gradient",
        "are gradients bigger on gpu lol",
        "is a fast graphics card enough to train a deep sigmoid net",
    ],
    "convexity": [
        "is the loss of neural nets convex",
        "why is logistic regression convex and neural network not?",
        "is logreg loss convex",
        (
            "In exercise 3 we show that the cross entropy is convex. Does this mean a neural network "
            "with cross entropy has also only one minimum?"
        ),
        "neural network cost function convex or non convex??",
        "does gradient descent always find global minimum in neural network",
        "why cost function of neural network is not convex, please explain",
        "does the loss stay convex if i add a hidden layer",
        "is mse convex for logistic regresion",
        "are neural network losses convexe functions",
    ],
}


@pytest.fixture(scope="module")
def outcomes(matcher: Matcher) -> dict[str, list[str]]:
    """For every answer, what became of each of its questions: right, offered, silent or wrong."""
    return {id_: [outcome(matcher, id_, text) for text in texts] for id_, texts in ASKED.items()}


def outcome(matcher: Matcher, id_: str, text: str) -> str:
    found = matcher.match(text)
    if isinstance(found, Answer):
        return "right" if found.id == id_ else "wrong"
    if isinstance(found, Offer):
        return "offered" if id_ in {candidate.id for candidate in found.candidates} else "offered wrong"
    return "silent"


def plain(text: str) -> str:
    return " ".join("".join(letter for letter in text.lower() if letter.isalnum() or letter == " ").split())


def test_none_of_the_questions_is_a_phrasing(shipped: Catalog) -> None:
    known = {plain(text) for entry in shipped for text in (entry.title, *entry.phrasings)}
    assert not known.intersection(plain(text) for texts in ASKED.values() for text in texts)
    assert all(len(set(texts)) >= 8 for texts in ASKED.values())


def test_no_question_gets_a_wrong_answer(outcomes: dict[str, list[str]]) -> None:
    wrong = [id_ for id_, found in outcomes.items() for one in found if one == "wrong"]
    assert wrong == ["cnn"]  # "does sharing weights in conv layers help", to which param_sharing is right too


@pytest.mark.parametrize(
    ("id_", "right", "found"),
    [
        ("backprop_not_cause", 7, 9),
        ("cnn", 8, 9),
        ("convexity", 9, 9),
        ("gpu", 9, 9),
    ],
)
def test_of_ten_questions_enough_are_answered_or_offered(
    outcomes: dict[str, list[str]], id_: str, right: int, found: int
) -> None:
    assert outcomes[id_].count("right") >= right
    assert outcomes[id_].count("right") + outcomes[id_].count("offered") >= found


def test_over_all_answers_most_questions_are_answered(outcomes: dict[str, list[str]]) -> None:
    every = [found for of_one in outcomes.values() for found in of_one]
    assert every.count("right") >= 35
    assert every.count("right") + every.count("offered") >= 37
    assert every.count("offered wrong") <= 1
