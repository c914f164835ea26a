"""Everything that can be wrong with an entry is found, with a code and a way out."""

from dataclasses import replace

import pytest
from answer_samples import library_of, measured, sample

from answers.checking import check_entry, check_measured
from answers.entry import Entry
from sim.cost import Allowance

WARM_SPEC = "warm: 4x8 sigmoid batch=4 seeds=2"
OTHER = "  other:\n    experiment: gradients\n    variants:\n      warm: relu\nclaims:"


def check(entry: Entry) -> list[tuple[str, str]]:
    catalog = library_of(entry, replace(sample(), id="gpu"))
    found = check_entry(entry, catalog, Allowance())
    assert all(problem.path == "sample.md" for problem in found)
    return [(problem.code, problem.message) for problem in found]


def with_key(line: str) -> Entry:
    return sample(("author: Someone", f"author: Someone\n{line}"))


def test_the_sample_has_no_problem() -> None:
    assert check(sample()) == []
    assert check_measured(sample(), measured(sample())) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        (
            "experiment: gradients",
            "experiment: gradient",
            "experiment",
            "main: there is no experiment 'gradient'; did you mean 'gradients'?",
        ),
        (
            "gradients\n    variants:\n      warm:",
            "differentiation\n    variants:\n      warm: arch=cnn",
            "spec",
            "main: The experiment 'differentiation' needs arch=mlp; got arch=cnn.",
        ),
        (
            WARM_SPEC,
            "warm: 4x8 padding=circular",
            "spec",
            "main: padding acts only with arch=cnn; got arch=mlp; remove padding, or add arch=cnn.",
        ),
        (
            "id: grows",
            "id: shrinks",
            "names",
            "Claims have different ids; got 'shrinks' twice; rename one.",
        ),
        (
            "claims:",
            OTHER,
            "names",
            "Simulations and variants have different names; got 'warm' twice; rename one.",
        ),
        (
            "Kettles are cold.",
            "'{% set x = 1 %}'",
            "template",
            "misconception: Assign is not available in templates.",
        ),
        (
            "The body.",
            "ok\n\n{{ cold['__class__'] }}",
            "template",
            "body: Names do not start with an underscore.",
        ),
        (
            "holds: cold.factor_per_layer > 1",
            "holds: cold.factor_per_layer ** 2 > 1",
            "claim",
            (
                "grows: A claim uses numbers, names, + - * /, comparisons, and/or/not; "
                "got pow in 'cold.factor_per_layer ** 2 > 1'."
            ),
        ),
    ],
)
def test_a_fault_has_a_code_and_a_sentence(old: str, new: str, code: str, message: str) -> None:
    assert check(sample((old, new))) == [(code, message)]


@pytest.mark.parametrize(
    ("spec", "part"),
    [
        (
            "200x1024 seeds=64 steps=1000",
            "This run needs about ",
        ),
        ("cnn norm=batch data=xor", "A CNN needs images; got data=xor"),
        ("rnn relu skip=dense", "The recurrent network 'rnn' has skip=none; got skip=dense"),
        ("lr=0.5", "lr=0.5 acts only while training; got steps=0"),
    ],
)
def test_a_simulation_that_cannot_be_run_or_paid_is_a_problem(spec: str, part: str) -> None:
    [(code, message)] = check(sample((WARM_SPEC, f"warm: {spec}")))
    assert code == "spec"
    assert message.startswith(f"main: {part}")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("sigmoid vs", 'A configuration stands on each side of "vs"'),
        ("relu he vs relu he", "Compared configurations differ in at least one knob"),
        ("dpeth=3", "got 'dpeth=3'; did you mean 'depth'?"),
        ("cnn data=blobs", "A CNN needs images; got data=blobs"),
        ("200x1024 steps=1000 lr=1", "This run needs about"),
    ],
)
def test_a_suggestion_that_cannot_be_run_is_a_problem(text: str, part: str) -> None:
    [(code, message)] = check(with_key(f"try_next: [{text}]"))
    assert code == "try-next"
    assert message.startswith(f"try_next {text!r}: ")
    assert part in message


@pytest.mark.parametrize(
    ("other", "hint"), [("sample", "known: gpu."), ("cnn", "known: gpu."), ("gpuu", "did you mean 'gpu'?")]
)
def test_a_related_answer_is_another_one_that_exists(other: str, hint: str) -> None:
    message = f"related names other answers; got {other!r}; {hint}"
    assert check(with_key(f"related: [gpu, {other}]")) == [("related", message)]


def test_all_problems_are_found_at_once() -> None:
    entry = sample(
        ("experiment: gradients", "experiment: gradient"),
        ("id: grows", "id: shrinks"),
        ("The body.", "{{ mian }}"),
        ("holds: cold.factor_per_layer > 1", "holds: open('x') > 1"),
        ("author: Someone", "author: Someone\nrelated: [x_y]\ntry_next: [dpeth=3]"),
    )
    codes = [code for code, _ in check(entry)]
    assert codes == ["experiment", "names", "claim", "related", "try-next", "template"]


@pytest.mark.parametrize(
    "part", ["The kettle is warm", "Kettles are cold.", "The body.", "It grows", "It shrinks"]
)
def test_a_name_that_no_simulation_has_is_found_in_every_text(part: str) -> None:
    [(code, message)] = check(sample((part, "A {{ wram.x }} kettle")))
    assert code == "template"
    assert "did you mean 'warm'?" in message


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("experiment: gradients", "experiment: gradient", 12),
        ("holds: cold.factor_per_layer > 1", "holds: open('x') > 1", 22),
        ("The body.", "ok\n{{ x() }}", 33),
    ],
)
def test_a_fault_has_the_line_of_the_file(old: str, new: str, line: int) -> None:
    entry = sample((old, new))
    [problem] = check_entry(entry, library_of(entry), Allowance())
    assert problem.line == line


def test_a_claim_about_a_simulation_that_does_not_exist_is_found_without_running() -> None:
    assert [code for code, _ in check(sample(("holds: cold.", "holds: clod.")))] == ["claim"]


def test_a_claim_that_speaks_of_claims_is_found_without_running() -> None:
    assert [code for code, _ in check(sample(("It grows", "It {{ claims.shrinks }} grows")))] == ["template"]


def test_two_variants_that_are_the_same_are_a_problem() -> None:
    assert check(sample(("activation=tanh", "activation=sigmoid"))) != []


def test_a_variant_called_claims_is_told_that_the_name_is_taken() -> None:
    entry = sample(
        ("cold: activation", "claims: activation"), ("to {{ cold.factor_per_layer | num }}", "more")
    )
    assert [message for _, message in check(entry)] != []
    assert not any("'claims' twice" in message for _, message in check(entry))


def test_a_claim_that_speaks_of_nothing_measured_is_found_without_running() -> None:
    [(code, message)] = check(sample(("holds: cold.factor_per_layer > 1", "holds: 1 < 2")))
    assert code == "claim"
    assert "speaks of something measured" in message


def test_one_variant_of_precision_is_refused_with_what_to_add() -> None:
    only = "warm: 4x8 sigmoid batch=4 seeds=2\n      cold: activation=tanh"
    entry = sample(
        ("experiment: gradients", "experiment: precision"),
        (only, "warm: 4x8 sigmoid"),
        ("{{ cold.factor_per_layer | num }}", "more"),
        ("holds: cold.", "holds: warm."),
    )
    assert check(entry) == [
        (
            "spec",
            (
                "main: the experiment 'precision' compares variants; got one; "
                "add another, for example half: precision=float16."
            ),
        )
    ]


def test_every_wrong_name_and_every_wrong_filter_of_a_text_is_found() -> None:
    body = "{{ wram.x }} {{ warm.x | numm }}\n\n{{ claims.grosw }} {{ clod.y }}"
    assert check(sample(("The body.", body))) == [
        ("template", "body: The filter numm does not exist; did you mean 'num'?"),
        ("template", "body: wram does not exist; did you mean 'warm'?"),
        ("template", "body: claims.grosw does not exist; did you mean 'claims.grows'?"),
        ("template", "body: clod does not exist; did you mean 'cold'?"),
    ]


def test_what_is_not_closed_is_named_and_no_digit_behind_it_is_typed() -> None:
    body = "It has {{ wram.x }} of\n\n{{ warm.factor_per_layer | num(2) of 12 layers."
    entry = sample(("The body.", body))
    found = check_entry(entry, library_of(entry), Allowance())
    assert [(problem.line, problem.message) for problem in found] == [
        (32, "body: wram does not exist; did you mean 'warm'?"),
        (34, "body: {{ is closed by }}; got '{{ warm.factor_per_layer | num(2) of 12'; close it."),
    ]


def test_a_claim_that_asks_for_claims_is_told_where_it_may() -> None:
    assert check(sample(("It grows to {{ cold.", "It {{ claims.shrinks }} grows to {{ cold."))) == [
        (
            "template",
            (
                "claim grows: A claim's own texts are written before it is known which claims hold; "
                "got claims.shrinks; ask for it in short, in misconception or below the front matter."
            ),
        )
    ]
    assert check(sample(("holds: cold.factor_per_layer > 1", "holds: claims.shrinks"))) == [
        ("claim", "grows: a claim compares what was measured; got claims; repeat the comparison.")
    ]


def test_one_equals_sign_in_a_claim_is_told_to_be_two() -> None:
    [(code, message)] = check(
        sample(("holds: cold.factor_per_layer > 1", "holds: cold.factor_per_layer = 1"))
    )
    assert code == "claim"
    assert message.endswith("got 'cold.factor_per_layer = 1'; use ==.")
