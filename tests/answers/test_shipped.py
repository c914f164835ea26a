"""Every shipped answer holds, on its own seeds and on others, and says so in words."""

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from answer_samples import leaks

from answers.catalog import Catalog, load
from answers.checking import (
    CARD_TEXT,
    check_entry,
    check_measured,
    check_phrasings,
    check_trials,
    trials,
)
from answers.pipeline import facts_by_name, finish
from sim.cost import Allowance
from sim.measurements import Measurements

IDS = sorted(load().entries)
Measure = Callable[..., Sequence[Measurements]]


def test_the_library_has_the_promised_answers_and_more() -> None:
    promised = """
        backprop_not_cause what_is_vanishing why_is_it_a_problem exploding cnn gpu convexity local_minima
        sigmoid relu dying_relu init batchnorm residual rnn lstm_gru clipping learning_rate pretraining depth
        detection loss_choice precision transformer param_sharing remedies
    """.split()  # noqa: SIM905  as the interface lists them
    assert set(promised) <= set(IDS)
    assert len(IDS) >= len(promised) + 15


def test_no_phrasing_collides(shipped: Catalog) -> None:
    assert check_phrasings(shipped) == []


@pytest.mark.parametrize("id_", IDS)
def test_an_answer_has_no_problem_that_can_be_seen_without_running_it(shipped: Catalog, id_: str) -> None:
    assert check_entry(shipped.entries[id_], shipped, Allowance()) == []


@pytest.mark.parametrize("id_", IDS)
def test_every_claim_of_an_answer_holds(shipped: Catalog, measure: Measure, id_: str) -> None:
    """On the seeds as shipped; `backchat check` takes fresh ones too."""
    entry = shipped.entries[id_]
    results = measure(entry)
    assert check_measured(entry, results) == []
    rendered = finish(entry, results)
    assert [verdict.id for verdict in rendered.holding] == [claim.id for claim in entry.claims]
    assert all(verdict.text in rendered.markdown for verdict in rendered.verdicts)


@pytest.mark.parametrize("id_", IDS)
def test_a_rendered_answer_is_clean_text(shipped: Catalog, measure: Measure, id_: str) -> None:
    entry = shipped.entries[id_]
    text = finish(entry, measure(entry)).markdown
    assert len(text) < CARD_TEXT
    assert leaks(text) == []
    assert "  " not in re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert not re.search(r"\s[.,;:]|\.\.|\n\n\n", text)


@pytest.mark.parametrize("id_", IDS)
def test_measurements_survive_the_way_from_the_job_process(
    shipped: Catalog, measure: Measure, id_: str
) -> None:
    entry = shipped.entries[id_]
    results = measure(entry)
    sent = [Measurements.from_json(result.to_json()) for result in results]
    assert finish(entry, sent).markdown == finish(entry, results).markdown


@pytest.mark.parametrize("id_", IDS)
def test_every_knob_of_an_answer_can_be_turned(shipped: Catalog, id_: str) -> None:
    _tried, problems = trials(shipped.entries[id_], Allowance())
    assert problems == []


@pytest.mark.parametrize("most", [1, pytest.param(1_000, marks=pytest.mark.long)])
@pytest.mark.parametrize("id_", IDS)
def test_an_answer_reads_well_with_its_knobs_turned(
    shipped: Catalog, measure: Measure, id_: str, most: int
) -> None:
    """To ordinary values; to extreme ones in a file of their own."""
    from sim import experiments  # noqa: PLC0415  only the tests that measure pay for torch

    entry = shipped.entries[id_]
    own, (every, _problems) = measure(entry), trials(entry, Allowance())
    first = IDS.index(id_) % max(len(every), 1)
    tried = [*every[first:], *every[:first]][:most]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of torch, in forward mode
        found = [
            experiments.run(
                one.simulation.experiment, list(one.simulation.variants.values()), lambda _done, _text: None
            )
            for one in tried
        ]
    assert check_trials(entry, own, list(zip(tried, found, strict=True))) == []


def test_facts_of_a_real_run_are_named_after_simulation_and_variants(
    shipped: Catalog, measure: Measure
) -> None:
    entry = shipped.entries["cnn"]
    facts = facts_by_name(entry, measure(entry))
    assert set(facts) == {"main", "cnn", "mlp", "relu"} == entry.names
    assert facts["main"]["seconds_of_run"] > 0
    assert facts["cnn"]["spec"]["arch"] == "cnn"
    assert 0 < facts["cnn"]["factor_per_layer"] < 0.5
    assert facts["relu"]["label"] != facts["cnn"]["label"]


def test_an_answer_without_its_claims_still_reads_as_an_answer(shipped: Catalog, measure: Measure) -> None:
    for entry in shipped:
        results = measure(entry)
        never = tuple(replace(claim, holds="1 < 0") for claim in entry.claims)
        rendered = finish(replace(entry, claims=never), results)
        assert rendered.holding == ()
        assert rendered.short != entry.title
        assert len(rendered.problems) == len(entry.claims)
        assert "Measured by running it" not in rendered.markdown
