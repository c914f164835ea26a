"""The arithmetic of the benchmark of matching: each number from a case that can be counted by hand."""

import itertools
import math
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from answer_samples import library_of, sample
from click.testing import CliRunner

from answers.catalog import Catalog, load
from answers.matching import Answer, Candidate, Match, Matcher, Mode, Offer, Silent
from answers.matching.examples import load_examples
from benchmarks.__main__ import main
from benchmarks.questions import alone, labelled, poison, speed
from benchmarks.questions.asking import Asked, ask
from benchmarks.questions.calibration import bins, expected_error
from benchmarks.questions.contest import Ranked, standing
from benchmarks.questions.goals import Goal
from benchmarks.questions.labelled import NotLabelled, Question, read
from benchmarks.questions.learnt import learnt
from benchmarks.questions.mistakes import short
from benchmarks.questions.rankers import best_of, bm25
from benchmarks.questions.removal import ask_without, without
from benchmarks.questions.shares import auroc, percent, threshold, wilson
from benchmarks.questions.tally import inside, outside
from benchmarks.questions.truth import Truth

pytestmark = pytest.mark.long

# `part` and `other_part` belong to `whole`.
TRUTH = Truth(
    ids=frozenset({"whole", "part", "other_part", "alone", "new"}),
    part_of={"part": "whole", "other_part": "whole"},
    known=frozenset({"whole", "part", "other_part", "alone"}),
)


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return load()


def question(label: str, *also: str, text: str = "why") -> Question:
    return Question(text=text, label=label, also=frozenset(also))


def asked(
    label: str,
    *also: str,
    answer: str | None = None,
    ranked: str = "",
    offered: bool = False,
    narrower: str | None = None,
) -> Asked:
    listed = tuple(ranked.split()) or ((answer,) if answer else ())
    return Asked(
        question=question(label, *also),
        answer=answer,
        offered=offered,
        ranked=listed,
        confidence=0.5,
        narrower=narrower,
    )


@pytest.mark.parametrize(("count", "total"), [(0, 10), (1, 10), (5, 10), (97, 100), (100, 100), (1, 1)])
def test_the_ends_of_an_interval_are_1_96_deviations_away(count: int, total: int) -> None:
    low, high = wilson(count, total)
    share = count / total
    assert low <= share <= high
    for end in (low, high):
        if end not in (0.0, 1.0):
            # Wilson's interval is defined by the deviation at its end, not at the share.
            deviations = abs(share - end) / math.sqrt(end * (1 - end) / total)
            assert deviations == pytest.approx(1.95996, abs=1e-4)
    assert (low == 0) == (count == 0)
    assert (high == 1) == (count == total)


def test_half_of_ten_may_be_a_quarter_or_three() -> None:
    assert wilson(5, 10) == (pytest.approx(0.2366, abs=1e-4), pytest.approx(0.7634, abs=1e-4))
    assert percent(5, 10) == "50.0 (23.7 … 76.3)"


def test_of_nothing_nothing_is_known() -> None:
    assert wilson(0, 0) == (0, 1)
    assert percent(0, 0) == "–"


@pytest.mark.parametrize(
    ("within", "others"),
    [([3.0, 2.0], [1.0, 0.0]), ([0.5, 0.5, 0.9], [0.5, 0.1]), ([0.0], [1.0]), ([1.0, 1.0], [1.0])],
)
def test_the_area_is_the_share_of_pairs_in_order(within: list[float], others: list[float]) -> None:
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a, b in itertools.product(within, others)]
    assert auroc(within, others) == pytest.approx(sum(pairs) / len(pairs))


def test_without_either_group_there_is_no_area() -> None:
    assert math.isnan(auroc([], [1.0]))
    assert math.isnan(auroc([1.0], []))


@pytest.mark.parametrize(
    ("share", "above"), [(0.0, 0), (0.02, 2), (0.029, 2), (0.03, 3), (0.29, 29), (1.0, 100)]
)
def test_a_threshold_lets_no_more_than_its_share_through(share: float, above: int) -> None:
    scores = [float(number) for number in range(100)]
    assert sum(score > threshold(scores, share) for score in scores) == above


def test_a_threshold_does_not_split_equal_scores() -> None:
    scores = [0.9] * 10 + [0.1] * 90
    assert threshold(scores, 0.02) == 0.9
    assert threshold([], 0.02) == -math.inf


def test_bins_count_everything_once_and_include_both_ends() -> None:
    said = [(0.0, False), (0.5, True), (0.5, False), (0.95, True), (1.0, True), (1.0, False)]
    found = bins(said, edges=(0.0, 0.5, 0.95, 1.0))
    assert [(one.count, one.right) for one in found] == [(1, 0), (2, 1), (3, 2)]
    assert [one.confidence for one in found] == pytest.approx([0, 0.5, 2.95 / 3])
    assert [one.gap for one in found] == pytest.approx([0, 0, 2 / 3 - 2.95 / 3])


def test_an_empty_bin_is_left_out() -> None:
    (only,) = bins([(0.7, True)])
    assert (only.low, only.high, only.count) == (0.7, 0.8, 1)


def test_the_expected_error_weighs_by_count() -> None:
    # Three said 0.9 and all are right: off by 0.1; one said 0.5 and is wrong: off by 0.5.
    found = bins([(0.9, True)] * 3 + [(0.5, False)])
    assert expected_error(found) == pytest.approx((3 * 0.1 + 0.5) / 4)
    assert expected_error([]) == 0


def test_confidence_that_is_true_has_no_error() -> None:
    said = [(0.75, number % 4 > 0) for number in range(400)]
    assert expected_error(bins(said)) == pytest.approx(0)


@pytest.mark.parametrize(
    ("labels", "family"),
    [
        (("part",), {"part", "whole"}),  # not its sibling
        (("whole",), {"whole", "part", "other_part"}),
        (("alone",), {"alone"}),
        (("alone", "part"), {"alone", "part", "whole"}),
        (("other_ml",), set[str]()),
        (("other_ml", "part"), {"part", "whole"}),
    ],
)
def test_a_family_is_what_something_belongs_to_and_what_belongs_to_it(
    labels: Sequence[str], family: set[str]
) -> None:
    assert TRUTH.family(question(*labels)) == family
    assert TRUTH.accepted(question(*labels)) == family.intersection(labels)


def test_silence_is_right_only_where_a_label_is_no_answer() -> None:
    assert TRUTH.may_be_silent(question("alone", "other_ml"))
    assert TRUTH.may_be_silent(question("off_topic"))
    assert not TRUTH.may_be_silent(question("alone", "part"))


def test_the_labels_know_what_they_name_and_the_library_has() -> None:
    entry = replace(sample(), part_of="whole")
    found = Truth.of(library_of(entry), [question("sample", "gone"), question("off_topic")])
    assert found == Truth(ids=frozenset({"sample"}), part_of={"sample": "whole"}, known=frozenset({"sample"}))


def test_questions_in_scope_are_counted_by_what_became_of_them() -> None:
    found = inside(
        TRUTH,
        [
            asked("alone", answer="alone"),
            asked("part", answer="whole", narrower="part"),
            asked("part", answer="whole", narrower="other_part"),
            asked("whole", answer="whole", narrower="part"),
            asked("part", "alone", answer="alone"),
            asked("alone", answer="part", ranked="part whole alone"),
            asked("alone", answer="new", ranked="new whole part alone"),
            asked("part", offered=True, ranked="alone part"),
            asked("part", offered=True, ranked="alone whole"),
            asked("whole", ranked="whole"),
            asked("whole"),
        ],
    )
    assert (found.total, found.right, found.right_family, found.wrong) == (11, 3, 2, 2)
    assert found.right_narrower == 1
    assert (found.offered, found.offered_right, found.silent) == (2, 1, 2)
    assert (found.first, found.first_family) == (4, 2)
    assert (found.third, found.third_family) == (6, 3)


def test_other_messages_answered_by_what_the_labels_do_not_know_are_counted_apart() -> None:
    found = outside(
        TRUTH,
        [
            asked("off_topic"),
            asked("other_ml", offered=True, ranked="alone part"),
            asked("other_ml", answer="alone"),
            asked("other_ml", "alone", answer="alone"),
            asked("other_ml", answer="new"),
        ],
    )
    assert (found.total, found.answered, found.accepted, found.unknown, found.offered) == (5, 1, 1, 1, 1)


def test_a_standing_counts_right_and_wrong_above_the_threshold() -> None:
    def ranked(label: str, ids: str, score: float) -> Ranked:
        return Ranked(question=question(label), ids=ids.split(), score=score)

    # Of fifty others one may pass (2 %), so the second of them is the threshold.
    others = [ranked("off_topic", "alone", score) for score in (0.9, 0.6, *[0.1] * 48)]
    within = [
        ranked("alone", "alone part", 0.7),
        ranked("alone", "part alone", 0.8),
        ranked("alone", "alone", 0.6),
        ranked("alone", "part whole new alone", 0.2),
    ]
    found = standing(TRUTH, within, others)
    assert (found.total, found.first, found.third, found.right, found.wrong) == (4, 2, 3, 1, 1)
    assert found.auroc == pytest.approx((49 + 49 + 48.5 + 48) / (4 * 50))


def test_an_answer_ranks_by_the_best_of_its_texts() -> None:
    assert best_of(["a", "b", "a"], [0.1, 0.5, 0.7]) == [("a", 0.7), ("b", 0.5)]


def test_bm25_prefers_rare_words_and_short_documents() -> None:
    texts = [
        ("gates", "lstm gates forget"),
        ("long", "gates and " + "many other words " * 9),
        ("none", "x y z"),
    ]
    ranked = bm25(texts)("which gates")
    assert [id_ for id_, _ in ranked] == ["gates", "long", "none"]
    assert ranked[2][1] == 0
    # By hand: idf = ln(1 + (3 - 2 + .5) / (2 + .5)); 3 words in a mean of 35 / 3.
    expected = math.log(1 + 1.5 / 2.5) * 2.5 / (1 + 1.5 * (0.25 + 0.75 * 3 / (35 / 3)))
    assert ranked[0][1] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("goal", "value", "text"),
    [
        (Goal(bound=90, at_least=True), 90.0, "≥ 90 ✓"),
        (Goal(bound=0.98, at_least=True), 0.9, "≥ 0.98 ✗"),
        (Goal(bound=2), 2.0, "≤ 2 ✓"),
        (Goal(bound=2), 2.1, "≤ 2 ✗"),
        (Goal(bound=0.98, at_least=True), math.nan, "≥ 0.98"),
    ],
)
def test_a_goal_says_whether_it_is_reached(goal: Goal, value: float, text: str) -> None:
    assert goal.judge(value) == text


def test_a_text_becomes_one_cell_of_a_table() -> None:
    assert short("a | b\n c") == "a \\| b c"
    assert short("word " * 100).endswith("word …")


def test_a_file_of_questions_is_read(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    lines = [
        '{"text": "a\\u2028b", "label": "gpu", "also": ["cnn"], "source": "x"}',
        "",
        '{"text": "c", "label": "d"}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert read(path) == [question("gpu", "cnn", text="a\u2028b"), question("d", text="c")]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("text", "a line is one JSON object; got expecting value."),
        ("[1]", 'a line is {"text": …, "label": …}; got [1].'),
        ('{"text": "a"}', "label is a text; got None."),
        ('{"text": 1, "label": "a"}', "text is a text; got 1."),
        ('{"text": "a", "label": "b", "also": "c"}', "also is a list of ids; got 'c'."),
        ('{"text": "a", "label": "b", "also": [1]}', "also is a list of ids; got [1]."),
    ],
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str, sentence: str) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text(f'{{"text": "a", "label": "b"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(NotLabelled) as refused:
        read(path)
    assert str(refused.value) == f"{path}:2: {sentence}"


def test_a_file_without_questions_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(NotLabelled) as refused:
        read(path)
    assert str(refused.value) == f"{path}: a file holds one question at least; got none."


def test_a_question_that_was_learnt_is_found(shipped: Catalog) -> None:
    title = next(iter(shipped)).title
    examples = load_examples()
    written = next(texts[0] for texts in examples.phrasings.values() if texts)
    known = [title.upper(), written, examples.negatives[0], examples.calibration[0].text]
    questions = [question("gpu", text=text) for text in (*known, "how warm is the kettle?")]
    assert learnt(shipped, questions) == questions[:4]


def test_the_shipped_questions_are_asked_by_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BACKCHAT_SHARED", str(tmp_path))
    assert [path.name for path in labelled.defaults()] == ["questions.jsonl"]
    (tmp_path / "questions_dev.jsonl").write_text("", encoding="utf-8")
    assert [path.name for path in labelled.defaults()] == ["questions.jsonl", "questions_dev.jsonl"]


def test_a_thousand_answers_are_distinct_and_of_the_librarys_words(shipped: Catalog) -> None:
    crowded = speed.many(shipped, count=100)
    added = [entry for id_, entry in crowded.entries.items() if id_ not in shipped.entries]
    assert len(crowded) == 100
    assert len(added) == 100 - len(shipped)
    assert all(entry.id == id_ for id_, entry in crowded.entries.items())
    known = {word for entry in shipped for text in (entry.title, *entry.phrasings) for word in text.split()}
    for entry in added:
        texts = [entry.title, *entry.phrasings]
        assert len(set(texts)) == 7
        assert {word for text in texts for word in text.split()[:-1]} <= known  # the last may be cut
    assert speed.many(shipped, count=100) == crowded


def test_an_answer_is_taken_away_while_its_questions_are_asked(shipped: Catalog) -> None:
    questions = [question("gpu", text="do GPUs help?"), question("cnn", text="and CNNs?")]
    found = ask_without(Matcher(shipped, method="lexical"), shipped, questions)
    assert [one.question for one in found] == questions
    assert all(one.question.label not in one.ranked for one in found)
    assert set(shipped.entries) - set(without(shipped, "gpu").entries) == {"gpu"}


class Parrot:
    """Says what it was given."""

    def __init__(self, found: Match) -> None:
        self.found = found
        self.modes: list[Mode] = []

    def match(self, _text: str, mode: Mode) -> Match:
        self.modes.append(mode)
        return self.found


def candidate(id_: str) -> Candidate:
    return Candidate(id=id_, title=id_, score=0.5)


def test_the_narrower_answer_is_the_second_thing_a_person_sees() -> None:
    candidates = (candidate("whole"), candidate("alone"), candidate("part"))
    parrot = Parrot(Answer(id="whole", confidence=0.9, candidates=candidates, narrower=candidate("part")))
    (found,) = ask(cast("Matcher", parrot), [question("part")], Mode.CHANNEL)
    assert (found.answer, found.narrower, found.offered, found.confidence) == ("whole", "part", False, 0.9)
    assert found.ranked == ("whole", "part", "alone")
    assert parrot.modes == [Mode.CHANNEL]
    assert found.wall > 0


@pytest.mark.parametrize(("kind", "offered"), [(Offer, True), (Silent, False)])
def test_a_choice_and_silence_are_no_answers(kind: "type[Offer | Silent]", *, offered: bool) -> None:
    parrot = Parrot(kind(confidence=0.3, candidates=(candidate("alone"), candidate("part"))))
    (found,) = ask(cast("Matcher", parrot), [question("part")])
    assert (found.answer, found.offered, found.ranked) == (None, offered, ("alone", "part"))


class Fragile:
    """Raises at emoji, and remembers it."""

    def __init__(self) -> None:
        self.broken = False

    def match(self, text: str) -> object:
        if "🔥" in text:
            self.broken = True
            raise RecursionError
        return Silent(confidence=0.1 if self.broken else 0.2, candidates=())


def test_a_message_that_breaks_the_matcher_is_in_the_table() -> None:
    taken, changed = poison.changed_by(cast("Matcher", Fragile()), ["a", "b"])
    assert {one.name: one.decision for one in taken if one.decision != "silent"} == {
        "emoji only": "raises RecursionError"
    }
    assert changed == ["a", "b"]


def test_the_messages_are_as_large_as_they_say() -> None:
    assert 9_000 < len(poison.MESSAGES["10 kB of one word"]) < 11_000
    assert len(poison.MESSAGES["256 kB of text"].encode()) == pytest.approx(2**18, rel=0.01)
    assert len(poison.MESSAGES["256 kB of one letter"]) == 2**18


def test_the_memory_of_a_matching_process_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text('{"text": "do GPUs help?", "label": "gpu"}\n', encoding="utf-8")
    own = b"x" * 2**29
    found = alone.held(path, "lexical")
    assert 2**24 < found.ready <= found.done <= found.added < len(own)


def test_a_process_that_only_matches_loads_no_torch() -> None:
    program = (
        "import benchmarks.questions.alone, sys; print('torch' in sys.modules, 'sklearn' in sys.modules)"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False False"


def test_only_matching_takes_files(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text("", encoding="utf-8")
    result = CliRunner().invoke(main, ["cards", str(path)])
    assert result.exit_code == 2
    assert "Only `matching` takes files and a method; got them for `cards`." in result.output
