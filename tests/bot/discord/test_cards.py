"""Cards stay within Discord's limits whatever the reply holds."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import MagicMock

import discord
import pytest
from discord_double import message_problems
from discord_double.body import Upload

from answers import checking
from answers.entry import Source
from answers.matching import Candidate
from answers.pipeline import Verdict
from bot.discord.cards import to_card
from bot.discord.choices import AnswerButton
from bot.discord.limits import CARD_TEXT, cut, fit
from bot.reply import (
    AnswerReply,
    Image,
    OfferReply,
    PartReply,
    Pointer,
    RemarkReply,
    Script,
    SilentReply,
    SimulationReply,
    VariantLine,
)
from sim.measurements import Measurements, Provenance

COMPONENTS_V2 = 1 << 15
MEASURED = Measurements(
    experiment="gradients",
    variants=(),
    provenance=Provenance(version="0", torch="0", threads=1, seconds=0.0),
)
IMAGE = Image(name="a.png", png=b"\x89PNG", alt="Line chart.")
ANSWER = AnswerReply(
    id="cnn",
    question="why?",
    title="How do CNNs avoid it?",
    short="They do not.",
    body="One.\n\nTwo.",
    more="Three.",
    misconception="Sharing.",
    markdown="",
    verdicts=(
        Verdict(id="a", text="It holds.", measured="x = 1", holds=True),
        Verdict(id="b", text="It was two.", measured="x = 2", holds=False),
    ),
    images=(IMAGE,),
    finding="Sigmoid: shrinks",
    sources=(Source(title="A paper", authors="A. Author", year=2015, arxiv="1502.01852"),),
    try_next=("sigmoid vs relu he",),
    candidates=(),
    problems=(),
    seconds=1.0,
)


async def components_of(reply: Any) -> list[dict[str, Any]]:
    """Build the card as it is sent, and let the message rules judge it."""
    card = to_card(reply)
    found = card.view.to_components()
    attachments = [{"id": str(n), "filename": image.name} for n, image in enumerate(card.images)]
    payload: dict[str, Any] = {
        "components": found,
        "flags": COMPONENTS_V2,
        "allowed_mentions": {"parse": []},
        "attachments": attachments,
    }
    uploads = [Upload(index=n, name=image.name, data=image.png) for n, image in enumerate(card.images)]
    assert message_problems(payload, uploads, edited=None, held=[]) == []
    return found


def texts(components: list[dict[str, Any]]) -> Iterator[str]:
    for component in components:
        if "content" in component:
            yield component["content"]
        yield from texts(component.get("components", []))


async def test_an_answer_shows_what_holds_and_what_was_measured_instead() -> None:
    text = "\n".join(texts(await components_of(ANSWER)))
    holding, instead = text.split("Different in this run:")
    assert "It holds." in holding
    assert "It was two." in instead
    assert "[A paper](https://arxiv.org/abs/1502.01852) (2015)" in text
    assert "Try `/simulate spec:sigmoid vs relu he`" in text


async def test_a_long_explanation_gives_way_to_evidence_and_sources() -> None:
    long = replace(ANSWER, body="\n\n".join(["word " * 150] * 20))
    text = "\n".join(texts(await components_of(long)))
    assert len(text) <= CARD_TEXT
    assert "It holds." in text
    assert "A paper" in text


async def test_long_claims_and_a_long_short_answer_stay_within_a_card() -> None:
    verdicts = tuple(Verdict(id=f"c{n}", text="word " * 140, measured="", holds=True) for n in range(6))
    await components_of(replace(ANSWER, verdicts=verdicts, short="s" * 3000, try_next=("x" * 190,) * 4))


async def test_an_alternative_text_is_cut_to_what_discord_takes() -> None:
    await components_of(replace(ANSWER, images=(replace(IMAGE, alt="x" * 3000),)))


async def test_an_offer_has_one_button_per_candidate_and_quotes_harmlessly() -> None:
    candidates = tuple(Candidate(id=f"answer_{n}", title="t" * 100, score=0.5) for n in range(3))
    components = await components_of(OfferReply(question="**@everyone** why?", candidates=candidates))
    row = components[-1]["components"]
    assert [button["custom_id"] for button in row] == [f"backchat:1:answer:answer_{n}" for n in range(3)]
    assert all(len(button["label"]) <= 80 for button in row)
    assert "@everyone" not in "".join(texts(components))


async def test_a_button_keeps_what_the_question_sets() -> None:
    candidates = tuple(Candidate(id=id_, title=id_, score=0.5) for id_ in ("depth", "cnn"))
    reply = OfferReply(question="?", candidates=candidates, knobs={"depth": "50x64 tanh lr=0.01", "cnn": ""})
    components = await components_of(reply)
    assert [button["custom_id"] for button in components[-1]["components"]] == [
        "backchat:1:answer:depth:50x64 tanh lr=0.01",
        "backchat:1:answer:cnn",
    ]


@pytest.mark.parametrize("knobs", ["", "50x64 tanh lr=0.01", "norm=batch depth=7"])
async def test_a_button_is_rebuilt_from_what_discord_sends(knobs: str) -> None:
    button = AnswerButton("why_2", "Why?", knobs)
    match = AnswerButton.__discord_ui_compiled_template__.fullmatch(button.custom_id)
    assert match is not None
    same = await AnswerButton.from_custom_id(MagicMock(discord.Interaction), button.item, match)
    assert (same.answer_id, same.knobs, same.custom_id) == ("why_2", knobs, button.custom_id)


def test_of_more_than_a_button_holds_whole_words_are_kept() -> None:
    words = " ".join(f"word={number}" for number in range(100))
    button = AnswerButton("a" * 40, "Why?", words)
    assert 100 - len(" word=10") < len(button.custom_id) <= 100
    assert words.startswith(f"{button.knobs} ")
    assert AnswerButton("a" * 40, "Why?", "x" * 100).knobs == ""


async def test_an_answer_leads_to_what_to_read_next() -> None:
    pointers = (
        Pointer(id="shared_kernels", title="How can a shared kernel be updated?"),
        Pointer(id="rnn", title="Why?"),
    )
    components = await components_of(replace(ANSWER, see_also=pointers))
    buttons = components[-1]["components"]
    assert [(button["custom_id"], button["label"]) for button in buttons] == [
        ("backchat:1:answer:shared_kernels", "How can a shared kernel be updated?"),
        ("backchat:1:answer:rnn", "Why?"),
    ]


async def test_a_phone_is_not_filled_with_what_else_there_is() -> None:
    pointers = tuple(Pointer(id=f"a{n}", title=f"Title {n}") for n in range(4))
    tries = tuple(f"depth={n}" for n in range(1, 6))
    components = await components_of(replace(ANSWER, see_also=pointers, try_next=tries))
    assert len(components[-1]["components"]) == 2
    assert "\n".join(texts(components)).count("/simulate spec:") == 2


async def test_a_claim_that_could_not_be_decided_is_not_shown() -> None:
    undecided = Verdict(id="c", text="", measured="x = n/a", holds=None)
    text = "\n".join(texts(await components_of(replace(ANSWER, verdicts=(undecided,)))))
    assert "Measured by running it" not in text
    assert "Different in this run" not in text


def test_a_reply_tells_its_claims_apart() -> None:
    undecided = Verdict(id="c", text="", measured="x = n/a", holds=None)
    reply = replace(ANSWER, verdicts=(*ANSWER.verdicts, undecided))
    assert [verdict.id for verdict in reply.holding] == ["a"]
    assert [verdict.id for verdict in reply.failing] == ["b"]


def test_the_check_of_answers_knows_how_much_a_card_holds() -> None:
    assert checking.CARD_TEXT == CARD_TEXT


async def test_silence_names_what_can_be_asked() -> None:
    components = await components_of(SilentReply(question="?", candidates=(), known=("What is it?",)))
    assert "- What is it?" in "".join(texts(components))


async def test_silence_ends_with_a_next_step_however_much_can_be_asked() -> None:
    known = tuple(f"{number} " + "y" * 300 for number in range(50))
    text = "".join(texts(await components_of(SilentReply(question="x", candidates=(), known=known))))
    assert text.endswith("`/help`")
    assert len(text) <= CARD_TEXT


async def test_a_simulation_says_what_was_measured_line_by_line() -> None:
    line = VariantLine(label="relu · he", spec="arch=mlp", lines=("factor per layer 1.01", "loss 0.7 → 0.1"))
    reply = SimulationReply(title="T", lines=[line], images=(), measured=MEASURED, seconds=1.0)
    assert "- relu · he: factor per layer 1.01\n  loss 0.7 → 0.1" in "".join(
        texts(await components_of(reply))
    )


async def test_a_simulation_with_many_long_variants_fits() -> None:
    line = VariantLine(label="l" * 300, spec="s" * 900, lines=("n" * 200, "m" * 200))
    reply = SimulationReply(title="T", lines=[line] * 6, images=(IMAGE,), measured=MEASURED, seconds=1.0)
    await components_of(reply)


@pytest.mark.parametrize(("text", "limit"), [("one two three", 8), ("abc", 3), ("abcdef", 3), ("", 5)])
def test_a_cut_text_is_within_its_limit(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit
    assert cut(text, len(text)) == text


def test_fitting_keeps_whole_paragraphs_from_the_front() -> None:
    assert fit(["aaa", "bbb", "ccc"], 9) == ["aaa", "bbb"]
    assert fit(["word " * 100], 100)[0].endswith("…")
    assert fit(["word " * 100], 10) == []


async def test_a_card_shows_the_first_picture_of_each_run() -> None:
    second = replace(IMAGE, name="b.png", leading=False)
    other = replace(IMAGE, name="c.png")
    card = to_card(replace(ANSWER, images=(IMAGE, second, other)))
    assert [image.name for image in card.images] == ["a.png", "c.png"]


async def test_code_is_handed_out_as_files() -> None:
    scripts = tuple(Script(name=f"{name}.py", text="print(1)\n") for name in ("relu", "tanh"))
    reply = PartReply(id="cnn", question="code?", title="Why?", text="As scripts:", scripts=scripts)
    card = to_card(reply)
    found = card.view.to_components()
    payload: dict[str, Any] = {
        "components": found,
        "flags": COMPONENTS_V2,
        "allowed_mentions": {"parse": []},
        "attachments": [{"id": str(n), "filename": one.name} for n, one in enumerate(scripts)],
    }
    uploads = [Upload(index=n, name=one.name, data=one.text.encode()) for n, one in enumerate(scripts)]
    assert message_problems(payload, uploads, edited=None, held=[]) == []
    assert [file.filename for file in card.files()] == ["relu.py", "tanh.py"]
    assert card.files()[0].fp.read() == b"print(1)\n"


async def test_sources_are_named_with_their_authors_and_what_is_long_is_cut() -> None:
    source = Source(title="A paper", authors="A. Author", year=2015, arxiv="1502.01852")
    reply = PartReply(id="cnn", question="?", title="Why?", text="It rests on:", sources=(source,))
    assert "- A. Author: [A paper](https://arxiv.org/abs/1502.01852) (2015)" in "".join(
        texts(await components_of(reply))
    )
    long = replace(reply, text="\n\n".join(["word " * 150] * 20), sources=(source,) * 60)
    assert len("".join(texts(await components_of(long)))) <= CARD_TEXT


async def test_a_remark_is_one_text() -> None:
    components = await components_of(RemarkReply(question="?", text="It cannot."))
    assert list(texts(components)) == ["It cannot."]
