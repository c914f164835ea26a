"""The five fields of the form and the file say the same, and what is not in the form is not touched."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from answers.catalog import SHIPPED
from answers.entry import Claim
from answers.problem import Problem
from answers.reading import draft, read
from answers.skeleton import skeleton
from bot.teaching.form import Field, Fields, NotInForm, compose, decompose, in_form

BASE = skeleton("why_relu", "Ada", dt.date(2026, 1, 31))
FILES = sorted(SHIPPED.glob("*.md"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_answer_fits_the_form_and_comes_back_byte_for_byte(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert compose(decompose(text), text) == text


@pytest.mark.parametrize("path", FILES[::6], ids=lambda path: path.stem)
def test_what_the_form_does_not_show_stays_as_it_was_written(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    fields = decompose(text)
    after = compose(
        replace(fields, title="What is new here?", claims=f"{fields.claims}\n\nA claim.\nif: 1 < 2"), text
    )
    old, new = read(text), read(after)
    assert (new.title, new.claims[-1].text, new.claims[-1].holds) == (
        "What is new here?",
        "A claim.",
        "1 < 2",
    )
    assert new.claims[:-1] == tuple(_joined(claim) for claim in old.claims)
    assert replace(new, title=old.title, claims=old.claims) == old
    sources = text[text.index("sources:") : text.index("\n---\n")]
    assert sources in after
    assert text[: text.index("title:")] in after


def _joined(claim: Claim) -> Claim:
    return replace(claim, text=" ".join(claim.text.split()), otherwise=" ".join(claim.otherwise.split()))


LINE = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]) | st.just(" "), min_size=1, max_size=60
).map(lambda text: " ".join(text.split()))
WORDS = LINE.filter(bool)
NAME = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True).filter(
    lambda name: name not in {"holds", "otherwise", "if", "else"}
)
PHRASING = WORDS.filter(lambda text: not text.startswith("-"))
SPEC = st.sampled_from(["12x64 sigmoid", "depth=30 relu he", "tanh", "30x8 gelu he seeds=8"])
CLAIM = st.tuples(NAME, WORDS, WORDS, st.none() | WORDS)


@given(
    title=WORDS,
    phrasings=st.lists(PHRASING, min_size=1, max_size=5),
    short=WORDS,
    misconception=st.none() | WORDS,
    body=WORDS,
    run=NAME,
    variants=st.dictionaries(NAME, SPEC, min_size=1, max_size=3),
    claims=st.lists(CLAIM, min_size=1, max_size=3, unique_by=lambda claim: claim[0]),
)
@settings(max_examples=150, deadline=None)
def test_what_was_typed_is_shown_again(  # noqa: PLR0913, PLR0917
    title: str,
    phrasings: list[str],
    short: str,
    misconception: str | None,
    body: str,
    run: str,
    variants: dict[str, str],
    claims: list[tuple[str, str, str, str | None]],
) -> None:
    parts = [short, *([f"Misconception: {misconception}"] if misconception else []), body]
    fields = Fields(
        title=title,
        phrasings="\n".join(phrasings),
        body="\n\n".join(parts),
        simulations=f"{run}: training (depth)\n"
        + "\n".join(f"- {name}: {spec}" for name, spec in variants.items()),
        claims="\n\n".join(
            f"{id_}: {text}\nholds: {holds}" + (f"\notherwise: {other}" if other else "")
            for id_, text, holds, other in claims
        ),
    )
    # A misconception that looks like the explanation's, or the other way round, is refused.
    odd = short.startswith("Misconception:") or (not misconception and body.startswith("Misconception:"))
    assume(not odd)
    text = compose(fields, BASE)
    again = decompose(text)
    assert again == fields
    assert compose(again, text) == text
    entry = draft(text).entry
    assert entry is not None
    assert (entry.title, entry.phrasings) == (title, tuple(phrasings))
    assert [(one.id, one.text, one.holds, one.otherwise) for one in entry.claims] == [
        (id_, words, holds, other or "") for id_, words, holds, other in claims
    ]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            "main: depth=30 sigmoid vs relu he",
            "main: gradients\n- sigmoid: depth=30 sigmoid\n- relu: relu he",
        ),
        ("main: 12x64 sigmoid", "main: gradients\n- 12x64 sigmoid"),
        ("main:training(lr):12x32 relu steps=50", "main: training (lr)\n- 12x32 relu steps=50"),
        ("main: speed\n-12x32 relu", "main: speed\n- 12x32 relu"),
        ("a: relu vs relu he\nb: tanh", "a: gradients\n- relu: relu\n- he: relu he\n\nb: gradients\n- tanh"),
    ],
)
def test_simulations_can_be_typed_in_short(typed: str, shown: str) -> None:
    again = decompose(compose(replace(decompose(BASE), simulations=typed), BASE))
    assert again.simulations == shown.replace("\n\n", "\n")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("simulations", "- relu: relu he", "simulations, line 1: got '- relu: relu he'; begin with a name"),
        ("simulations", "main: gradients", "simulations, line 1: got 'main'; give it a configuration"),
        (
            "simulations",
            "main: gradients\n- a: relu\n- a: tanh",
            "simulations, line 3: got '- a: tanh'; variants",
        ),
        (
            "simulations",
            "main: a: relu\nmain: b: relu",
            "simulations: each has a name of its own; got 'main' twice",
        ),
        ("claims", "holds: a < 1", "claims, line 1: a claim begins with its sentence; got 'holds: a < 1'"),
        ("claims", "one: It is.\nholds: a < 1\nif: b < 2", "claims, line 3: one has two lines holds:"),
        ("body", "x" * 4001, "The form takes 4000 characters of body; got 4001; edit it as a file."),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(field: str, typed: str, sentence: str) -> None:
    with pytest.raises(NotInForm) as caught:
        compose(replace(decompose(BASE), **{field: typed}), BASE)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("---\nid", "id"),
        ("id: why_relu", "id: [why_relu"),
        ("claims:", "claims: none\nclaims:"),
        ("related: [", "simulations: 7\nrelated2: ["),
        ("phrasings: ", "phrasings:\n  - 7\nphrasings2: "),
        ("    holds:", "    author: me\n    holds:"),
        ("id: shrinks", "id: holds"),
        ("title: Why relu?", "title: 7"),
    ],
)
def test_a_file_that_the_form_would_change_is_left_to_be_edited_as_a_file(old: str, new: str) -> None:
    assert old in BASE
    with pytest.raises(NotInForm, match="edit it as a file"):
        decompose(BASE.replace(old, new, 1))


def test_windows_line_ends_and_comments_stay() -> None:
    text = BASE.replace("# TODO", "# Note")
    text = text.replace("claims:  ", "# mine\nclaims:  ").replace("\n", "\r\n")
    assert compose(decompose(text), text) == text
    after = compose(replace(decompose(text), simulations="main: 12x64 sigmoid"), text)
    assert "# mine\r\nclaims:" in after


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_mark_that_the_form_does_not_show_goes_when_the_form_is_sent_in(newline: str) -> None:
    base = BASE.replace("\n", newline)
    marks = ("simulations:", "claims:")
    assert all(line.count("TODO") for line in base.split(newline) if line.startswith(marks))
    text = compose(decompose(base), base)
    lines, before = text.split(newline), base.split(newline)
    assert [line for line in lines if line.startswith(marks)] == list(marks)
    assert [one for one in lines if not one.startswith(marks)] == [
        one for one in before if not one.startswith(marks)
    ]


def test_words_that_look_like_a_mark_stay() -> None:
    base = BASE.replace("text: Each", "text: >-\n      claims:  # TODO, each", 1)
    fields = decompose(base)
    assert "claims:  # TODO, each" in compose(fields, base)


def test_a_problem_is_named_by_its_field_and_line() -> None:
    fields = replace(
        decompose(BASE),
        phrasings="one\ntwo\nthree",
        claims="first: It is.\nholds: relu.depth > 1\n\nsecond: Or not.\nholds: x < 1\notherwise: 7",
    )
    text = compose(fields, BASE)
    lines = text.split("\n")

    def placed(start: str) -> tuple[Field | None, int]:
        line = next(number for number, one in enumerate(lines, start=1) if one.strip().startswith(start))
        [found] = in_form((Problem(code="x", message="m.", line=line),), text)
        return found.field, found.line

    assert placed("title:") == (Field.TITLE, 1)
    assert placed("- two") == (Field.PHRASINGS, 2)
    assert placed("short:") == (Field.BODY, 1)
    assert placed("misconception:") == (Field.BODY, 3)
    assert placed("TODO: the explanation") == (Field.BODY, 5)
    assert placed("TODO: what only") == (Field.BODY, 9)
    assert placed("main:") == (Field.SIMULATIONS, 1)
    assert placed("relu: activation") == (Field.SIMULATIONS, 3)
    assert placed("knobs:") == (Field.SIMULATIONS, 1)
    assert placed("- id: second") == (Field.CLAIMS, 4)
    assert placed("holds: x < 1") == (Field.CLAIMS, 5)
    assert placed("otherwise:") == (Field.CLAIMS, 6)
    assert placed("author:") == (None, 1)
    [found] = in_form(
        (Problem(code="x", message="It is wrong.", line=lines.index("    holds: x < 1") + 1),), text
    )
    assert str(found) == "claims, line 5: It is wrong."
