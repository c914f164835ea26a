"""The controls below a card: what makes sense for it, within Discord's limits, and nothing more."""

from dataclasses import replace
from typing import Any
from unittest.mock import MagicMock

import pytest
from discord_double import message_problems
from discord_double.body import Upload

from answers.catalog import load
from answers.entry import Source
from answers.followups import Turn
from answers.pipeline import Verdict
from bot.discord.cards import Card, to_card, without_files
from bot.discord.dismissing import DismissButton
from bot.discord.playing.controls import controls_for
from bot.discord.playing.outfit import Controls
from bot.discord.playing.state import BEFORE_ID, SHOWN_ID
from bot.discord.votes import vote_row
from bot.pending import Choice, Configuration, InteractionAddress, Pending, Played, Question, Wanted
from bot.reply import AnswerReply, Image, OfferReply, Pointer, SilentReply, SimulationReply, VariantLine
from bot.service import Service
from bot.storage.guild_settings import GuildSettings
from sim.cost import Allowance
from sim.measurements import Measurements, Provenance
from sim.vocabulary import BY_KEY

TOKEN = "t"
HELPERS = GuildSettings(helpers=("7",))
IMAGE = Image(name="a.png", png=b"\x89PNG", alt="Line chart.")
ANSWER = AnswerReply(
    id="depth", question="why?", title="Why?", short="s" * 900, body="\n\n".join(["word " * 150] * 20),
    more="Three.", misconception="Sharing.", markdown="",
    verdicts=tuple(Verdict(id=f"c{n}", text="word " * 80, measured="", holds=True) for n in range(6)),
    images=(IMAGE,), finding="", candidates=(), problems=(), seconds=1.0, try_next=("relu",) * 4,
    sources=(Source(title="A paper", authors="A. Author", year=2015, arxiv="1502.01852"),) * 9,
    see_also=tuple(Pointer(id=f"a{n}", title="t" * 100) for n in range(4)),
    turn=Turn(answer="depth", question="why?"),
)  # fmt: skip
SIMULATION = SimulationReply(
    title="T", lines=[VariantLine(label="relu", spec="arch=mlp", lines=("x",))] * 6, images=(IMAGE,),
    seconds=1.0,
    measured=Measurements(
        experiment="gradients", variants=(),
        provenance=Provenance(version="0", torch="0", threads=1, seconds=0.0),
    ),
)  # fmt: skip
LONG = " ".join(f"{key}={BY_KEY[key].format(BY_KEY[key].default)}" for key in ("depth", "width", "gain"))


def service() -> Service:
    made = MagicMock(Service, catalog=load())
    made.laboratory.allowance = Allowance()
    return made


def pending(wanted: Wanted, *, private: bool = False, guild: int | None = 9) -> Pending:
    address = InteractionAddress(application=1, token=TOKEN, channel=2, private=private)
    return Pending(id=1, user=2**63, guild=guild, address=address, wanted=wanted)


async def controls_of(reply: Any, wanted: Wanted, settings: GuildSettings = HELPERS, **more: Any) -> Controls:
    return await controls_for(service(), pending(wanted, **more), reply, settings, "dark")


def judged(card: Card) -> list[dict[str, Any]]:
    found = card.view.to_components()
    payload: dict[str, Any] = {
        "components": found,
        "flags": 1 << 15,
        "allowed_mentions": {"parse": []},
        "attachments": [{"id": "0", "filename": image.name} for image in card.images],
    }
    uploads = [Upload(index=0, name=image.name, data=image.png) for image in card.images]
    assert message_problems(payload, uploads, edited=None, held=[]) == []
    return found


def values(controls: Controls) -> list[str]:
    """List what the menus offer."""
    rows = [row.to_component_dict() for row in controls.menus]
    return [option["value"] for row in rows for item in row["components"] for option in item["options"]]


async def test_a_full_card_with_everything_below_it_is_one_that_discord_takes() -> None:
    wanted = Played(
        state="d:depth:depth=7", before=f"d:depth:{LONG}", number=10**17, kept='"backchat:1:dismiss:5"'
    )
    reply = replace(
        ANSWER, turn=Turn(answer="depth", question="?", knobs={"depth": "7"}), see_also=ANSWER.see_also
    )
    controls = await controls_of(reply, wanted, private=True)
    votes = vote_row(reply, 10**17)
    assert votes is not None
    card = to_card(reply, below=votes.add_item(DismissButton(2**63)), controls=controls)
    rows = [item for item in judged(card) if item["type"] == 1]
    assert [len(row["components"]) for row in rows] == [1, 1, 2, 5]
    assert {"depth=14", "more", "table", "csv", "theme=light", "share", "human", "sources"} <= set(
        values(controls)
    )
    judged(replace(without_files(card), images=()))


async def test_a_state_that_is_too_long_for_an_id_stands_in_the_card() -> None:
    knobs = {
        "depth": "7",
        "width": "1000",
        "activation": "leaky_relu",
        "init": "orthogonal",
        "gain": "0.123456",
    }
    reply = replace(ANSWER, id="d" * 40, turn=Turn(answer="d" * 40, question="?", knobs=knobs))
    before = "d:" + "d" * 40 + ":7x1000 leaky_relu orthogonal gain=0.5"
    controls = await controls_of(reply, Played(state=f"d:{'d' * 40}:", before=before))
    assert [line.id for line in controls.lines] == [SHOWN_ID, BEFORE_ID]
    card = to_card(reply, controls=controls)
    judged(card)
    texts = [item.content for item in controls.lines]
    assert texts == [
        "-# `7x1000 leaky_relu orthogonal gain=0.123456`",
        "-# Before: `7x1000 leaky_relu orthogonal gain=0.5`",
    ]
    assert without_files(card).view.find_item(SHOWN_ID) is not None


async def test_what_needs_a_server_is_not_offered_without_one() -> None:
    inside = values(await controls_of(ANSWER, Question(text="?"), private=True))
    outside = values(await controls_of(ANSWER, Question(text="?"), private=True, guild=None))
    assert {"share", "human"} == set(inside) - set(outside)
    assert "share" not in values(await controls_of(ANSWER, Question(text="?")))
    assert "human" not in values(await controls_of(ANSWER, Question(text="?"), GuildSettings()))
    assert "human" not in values(await controls_of(ANSWER, Played(state="d:depth:", asked=True)))


async def test_there_is_an_undo_exactly_where_something_was_changed() -> None:
    assert (await controls_of(ANSWER, Choice(answer="depth"))).undo is None
    same = Played(state="d:depth:", before="d:depth:")
    assert (await controls_of(ANSWER, same)).undo is None
    changed = await controls_of(ANSWER, Played(state="d:depth:", before="d:depth:depth=7"))
    assert changed.undo is not None
    assert changed.undo.to_component_dict()["label"] == "Undo"
    undone = await controls_of(ANSWER, Played(state="d:depth:", before="d:depth:depth=7", undone=True))
    assert undone.undo is not None
    assert undone.undo.to_component_dict()["label"] == "Redo"


async def test_a_simulation_says_in_one_line_what_was_run() -> None:
    wanted = Configuration(spec="depth=12 sigmoid vs relu he")
    controls = await controls_of(SIMULATION, wanted)
    card = to_card(SIMULATION, controls=controls)
    assert "-# `12x64 mlp sigmoid glorot vs relu he`" in str(judged(card))
    assert "arch=mlp" not in str(card.view.to_components())
    assert "code" in values(controls)
    assert "more" not in values(controls)


async def test_a_simulation_that_changed_says_what_it_is_now() -> None:
    wanted = Played(
        state="l::3x8 mlp relu glorot", change="depth=6", before="l::3x8 mlp relu glorot", shared=True
    )
    controls = await controls_of(SIMULATION, wanted)
    text = str(judged(to_card(SIMULATION, controls=controls)))
    assert "`6x8 mlp relu glorot`" in text
    assert f"Shared by <@{2**63}>" in text
    assert "theme=dark" in values(controls)


async def test_where_nothing_was_found_a_human_can_be_asked_if_there_is_one() -> None:
    silent = SilentReply(question="?", candidates=(), known=("A?",))
    card = to_card(silent, controls=await controls_of(silent, Question(text="?")))
    assert "backchat:1:human:" in str(judged(card))
    assert (await controls_of(silent, Question(text="?"), GuildSettings())).menus == ()


@pytest.mark.parametrize("reply", [OfferReply(question="?", candidates=())])
async def test_what_is_no_answer_has_no_menus(reply: Any) -> None:
    assert await controls_of(reply, Question(text="?")) == Controls()
