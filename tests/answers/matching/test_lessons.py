"""What is taught counts beside the library, for one matcher alone; sure enough has three words."""

# pyright: reportPrivateUsage=false

import gc
from dataclasses import replace

import numpy as np
import pytest
from answer_samples import library_of, sample

from answers.catalog import Catalog
from answers.matching import Answer, Caution, Lessons, Match, Matcher, Mode, Offer, Silent
from answers.matching.caution import THRESHOLDS
from answers.matching.examples import Labelled
from answers.matching.exclusions import without
from answers.matching.glossary import SHIPPED, Glossary, parse
from answers.matching.harm import find_harm
from answers.matching.head import Moments, changed
from answers.matching.lessons import NO_LESSONS
from answers.matching.outcome import Candidate
from answers.matching.regression import Regression

HARD = "whose fault is it that nothing learns down there"
EASY = "why does relu help so much"


@pytest.fixture(scope="module")
def matcher(shipped: Catalog) -> Matcher:
    return Matcher(shipped)


def answered(found: Match) -> str | None:
    return found.id if isinstance(found, Answer) else None


def test_a_wording_leads_to_its_answer_and_those_near_it_come_closer(
    matcher: Matcher, shipped: Catalog
) -> None:
    near = "whose fault is it if nothing at all learns down there?"
    taught = matcher.updated(shipped, Lessons(phrasings={"backprop_not_cause": (HARD,)}))
    assert answered(matcher.match(HARD)) is None
    assert answered(taught.match(HARD)) == "backprop_not_cause"
    assert taught.match(near).candidates[0].id == "backprop_not_cause"
    assert taught.match(near).confidence > matcher.match(near).confidence


def test_a_message_that_means_nothing_is_met_with_silence_even_if_it_is_a_title(
    matcher: Matcher, shipped: Catalog
) -> None:
    title = shipped.entries["relu"].title
    taught = matcher.updated(shipped, Lessons(negatives=(EASY, title)))
    for text in (EASY, EASY.upper(), title):
        assert answered(matcher.match(text)) == "relu"
        assert answered(taught.match(text)) is None
    assert answered(taught.match("why does relu help against vanishing gradients")) == "relu"


def test_a_wording_that_is_written_in_another_answer_belongs_where_it_was_taught(
    matcher: Matcher, shipped: Catalog
) -> None:
    theirs = shipped.entries["gpu"].phrasings[0]
    taught = matcher.updated(shipped, Lessons(phrasings={"relu": (theirs,)}))
    assert answered(matcher.match(theirs)) == "gpu"
    assert answered(taught.match(theirs)) == "relu"
    groups = {group.id: group.texts for group in taught.model.index.groups}
    assert theirs in groups["relu"]
    assert theirs not in groups["gpu"]


def test_of_answers_that_are_not_there_nothing_is_learnt(matcher: Matcher, shipped: Catalog) -> None:
    lessons = Lessons(phrasings={"gone": (EASY,)}, exclusions={"gone": (EASY,)})
    taught = matcher.updated(shipped, lessons)
    assert taught.match(EASY) == matcher.match(EASY)


def test_a_matcher_goes_on_with_what_it_was_taught(matcher: Matcher, shipped: Catalog) -> None:
    taught = matcher.updated(shipped, Lessons(phrasings={"backprop_not_cause": (HARD,)}))
    grown = taught.updated(library_of(*shipped, sample()))
    assert answered(grown.match(HARD)) == "backprop_not_cause"
    assert answered(grown.updated(shipped, NO_LESSONS).match(HARD)) is None


def test_lessons_add_up() -> None:
    some = Lessons(phrasings={"a": ("1",)}, negatives=("x",))
    more = Lessons(phrasings={"a": ("1", "2"), "b": ("3",)}, negatives=("y", "x"), exclusions={"a": ("4",)})
    assert some + more == Lessons(
        phrasings={"a": ("1", "2"), "b": ("3",)}, negatives=("x", "y"), exclusions={"a": ("4",)}
    )
    assert not NO_LESSONS
    assert some + NO_LESSONS == some


def test_what_is_not_meant_is_not_given_but_the_rest_is_offered(matcher: Matcher, shipped: Catalog) -> None:
    taught = matcher.updated(shipped, Lessons(exclusions={"relu": (EASY,)}))
    for mode in Mode:
        found = taught.match(f"{EASY}?", mode=mode)
        assert isinstance(found, Offer | Silent)
        assert "relu" not in {one.id for one in found.candidates}
    # Its own words are nearer.
    assert answered(taught.match(shipped.entries["relu"].title)) == "relu"


def candidate(id_: str) -> Candidate:
    return Candidate(id=id_, title=id_, score=0.5)


def test_a_decision_without_some_answers() -> None:
    three = tuple(candidate(id_) for id_ in "abc")
    given = Answer(id="a", confidence=0.9, candidates=three, narrower=candidate("b"))
    assert without(given, {"b"}, Mode.ADDRESSED) == replace(
        given, candidates=(three[0], three[2]), narrower=None
    )
    assert without(given, {"a"}, Mode.ADDRESSED) == Offer(confidence=0.9, candidates=three[1:])
    assert without(given, {"a"}, Mode.CHANNEL) == Silent(confidence=0.9, candidates=three[1:])
    assert without(given, {"a", "b"}, Mode.ADDRESSED) == Silent(confidence=0.9, candidates=three[2:])
    offered = Offer(confidence=0.4, candidates=three)
    assert without(offered, {"c"}, Mode.ADDRESSED) == Offer(confidence=0.4, candidates=three[:2])
    silent = Silent(confidence=0.1, candidates=three)
    assert without(silent, {"a"}, Mode.ADDRESSED) == Silent(confidence=0.1, candidates=three[1:])


def test_the_more_careful_the_less_is_said(matcher: Matcher) -> None:
    texts = [label.text for label in matcher.tools.examples.calibration[::12]]
    said: dict[tuple[Caution, Mode], set[str]] = {}
    for mode in Mode:
        for caution in Caution:
            found = {text: matcher.match(text, mode=mode, caution=caution) for text in texts}
            said[caution, mode] = {text for text, one in found.items() if isinstance(one, Answer)}
            assert all(
                one.confidence >= THRESHOLDS[caution].enough(mode)
                for one in found.values()
                if isinstance(one, Answer)
            )
        assert said[Caution.CAREFUL, mode] < said[Caution.BALANCED, mode] < said[Caution.EAGER, mode]
    assert said[Caution.CAREFUL, Mode.CHANNEL] < said[Caution.CAREFUL, Mode.ADDRESSED]


def test_careful_is_wrong_at_most_half_as_often_and_eager_answers_more(
    matcher: Matcher, shipped: Catalog
) -> None:
    part_of = {entry.id: entry.part_of for entry in shipped}

    def family(id_: str) -> str:
        return part_of.get(id_) or id_

    wrong: dict[tuple[Caution, Mode], int] = dict.fromkeys(((c, m) for c in Caution for m in Mode), 0)
    right = dict.fromkeys(wrong, 0)
    for label in matcher.tools.examples.calibration:
        for mode in Mode:
            decided = matcher.match(label.text, mode=mode, caution=Caution.EAGER)
            for caution in Caution:
                if isinstance(decided, Answer) and decided.confidence >= THRESHOLDS[caution].enough(mode):
                    is_right = family(decided.id) in {family(id_) for id_ in label.ids}
                    (right if is_right else wrong)[caution, mode] += 1
    for mode in Mode:
        assert 2 * wrong[Caution.CAREFUL, mode] <= wrong[Caution.BALANCED, mode]
        assert right[Caution.BALANCED, mode] < right[Caution.EAGER, mode]
        assert wrong[Caution.EAGER, mode] <= 2 * wrong[Caution.BALANCED, mode]


def test_its_own_words_are_answered_however_careful(matcher: Matcher, shipped: Catalog) -> None:
    title = shipped.entries["remedies"].title
    assert answered(matcher.match(title, caution=Caution.CAREFUL)) == "remedies"


def test_an_updated_matcher_decides_like_one_made_anew(matcher: Matcher, shipped: Catalog) -> None:
    other = replace(
        shipped.entries["relu"],
        title="When does the cafeteria open?",
        phrasings=("lunch", "cafeteria", "eat"),
    )
    entries = [entry for entry in shipped if entry.id not in {"relu", "gpu"}]
    catalog = library_of(*entries, other, sample())
    updated, anew = matcher.updated(catalog), Matcher(catalog, tools=matcher.tools)
    assert updated.model.index.stock is matcher.model.index.stock
    for label in matcher.tools.examples.calibration[::20]:
        ours, theirs = updated.match(label.text), anew.match(label.text)
        assert type(ours) is type(theirs)
        assert [one.id for one in ours.candidates] == [one.id for one in theirs.candidates]
        assert ours.confidence == pytest.approx(theirs.confidence, abs=2e-3)


def test_moments_of_a_library_that_differs_are_those_of_all_its_texts() -> None:
    random = np.random.default_rng(1)
    groups = [random.normal(size=(size, 6)).astype(np.float32) for size in (3, 1, 40, 7)]
    new = random.normal(size=(4, 6)).astype(np.float32)
    before = Moments.of(np.concatenate(groups), np.array([3, 1, 40, 7]))
    after = [groups[3], new, groups[0]]
    expected = Moments.of(np.concatenate(after), np.array([7, 4, 3]))
    found = changed(before, [groups[1], groups[2]], [3, new, 0])
    assert np.allclose(found.products, expected.products, atol=1e-4)
    assert np.allclose(found.sums, expected.sums, atol=1e-5)
    assert found.counts.tolist() == expected.counts.tolist()


def test_texts_are_remembered_for_as_long_as_a_library_holds_them(matcher: Matcher, shipped: Catalog) -> None:
    reader = matcher.tools.reader
    there = len(reader._added)
    other = matcher.updated(library_of(*shipped, sample()))
    assert len(reader._added) == there + len((sample().title, *sample().phrasings))
    again = matcher.updated(library_of(*shipped, sample()))
    assert again.model.index.groups[-2].reads == other.model.index.groups[-2].reads
    del other, again
    gc.collect()
    assert len(reader._added) == there


def test_other_abbreviations_need_no_other_encoder(matcher: Matcher, shipped: Catalog) -> None:
    question = "qx qy qz?"
    # Without the shipped ones every written question would be read anew.
    shipped_ones = parse(SHIPPED.read_text(encoding="utf-8"))
    more = {"qx": "why does", "qy": "relu", "qz": "help"}
    tools = matcher.tools.with_glossary(Glossary({**shipped_ones, **more}))
    assert answered(matcher.match(question)) is None
    assert answered(Matcher(shipped, tools=tools).match(question)) == "relu"
    assert tools.reader._encoder is matcher.tools.reader._encoder


def test_the_messages_of_the_regression_are_those_with_a_known_answer(
    matcher: Matcher, shipped: Catalog
) -> None:
    written = {label.text for label in matcher.tools.examples.calibration}
    own = {text for entry in shipped for text in (entry.title, *entry.phrasings)}
    everything = written | set(matcher.tools.examples.negatives) | own
    assert len(Regression(matcher, list(shipped))) == len(everything)
    without_relu = library_of(*(entry for entry in shipped if entry.id != "relu"))
    some = Regression(matcher.updated(without_relu), list(without_relu))
    assert len(some) < len(everything)
    assert all("relu" not in label.ids for label in some._labels)
    assert Labelled("thanks", ("none",)) in some._labels


def test_nothing_taught_does_no_harm(matcher: Matcher, shipped: Catalog) -> None:
    assert find_harm(matcher, shipped, NO_LESSONS) is None


def test_a_library_of_its_own_can_be_taught_too() -> None:
    catalog = library_of(sample())
    matcher = Matcher(catalog)
    assert find_harm(matcher, catalog, Lessons(phrasings={"sample": ("is the kettle any warmer",)})) is None
    assert find_harm(matcher, catalog, Lessons(phrasings={"sample": ("thanks",)})) is not None
    assert find_harm(matcher, catalog, Lessons(phrasings={"gone": ("is it lunch",)})) is None


def test_harmed_messages_are_named_three_at_most(matcher: Matcher, shipped: Catalog) -> None:
    taught = Lessons(negatives=tuple(entry.title for entry in shipped if entry.part_of is None)[:5])
    harm = find_harm(matcher, shipped, taught)
    assert harm is not None
    assert len(harm.messages) == 3
    assert " more would not be answered any more" in str(harm)
