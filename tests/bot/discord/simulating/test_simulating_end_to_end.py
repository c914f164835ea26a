"""`/simulate`, `/compare`, `/explain` and what is offered while they are typed, of the real bot."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from discord_double import (
    EXERCISES_ID,
    GUILD2_ID,
    GUILD_ID,
    DiscordDouble,
    Interaction,
    Judge,
    Sent,
)
from discord_double.bot_process import BotProcess, is_final

from bot.discord.simulating import options
from bot.storage.guild_settings import GuildSettings, Mode, Visibility
from bot.storage.location import at_file
from bot.storage.opening import open_storage
from bot.storage.people import Author, Signed
from sim.asked import KEY
from sim.knobs import Number
from sim.vocabulary import BY_KEY

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHOICES = 8
MOST_CHARACTERS = 8_000
SETTINGS = {
    GUILD_ID: {"channels": {str(EXERCISES_ID): Mode.OFF}},
    GUILD2_ID: {"visibility": Visibility.PRIVATE},
}
BY = Signed(author=Author(id="1", name="Ida"), at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def double(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordDouble]:
    folder = tmp_path_factory.mktemp("bot")
    await asyncio.to_thread((folder / "data").mkdir)
    database = at_file(folder / "data" / "backchat.sqlite")
    async with open_storage(database, now=datetime.now(UTC)) as storage:
        for guild, changes in SETTINGS.items():
            await storage.settings.change(str(guild), changes, seen=GuildSettings(), by=BY)
    async with DiscordDouble(judge=Judge.load_or_none()) as made, BotProcess(folder, made) as bot:
        yield made
        assert "nothing could be offered" not in bot.said()
        assert "Traceback" not in bot.said()


@pytest.fixture(autouse=True)
def _nothing_wrong(double: DiscordDouble) -> Iterator[None]:
    yield
    assert double.problems() == []


async def simulated(interaction: Interaction) -> Sent:
    await interaction.acknowledged(timeout=3)
    return await interaction.until(is_final, timeout=60)


async def offered(double: DiscordDouble, name: str, typed: dict[str, Any], focused: str) -> list[str]:
    interaction = await double.autocomplete(name, typed, focused=focused)
    await interaction.acknowledged(timeout=3)
    assert interaction.callback == CHOICES
    assert interaction.callback_body is not None
    choices = interaction.callback_body["data"]["choices"]
    assert len(choices) <= 25
    assert all(1 <= len(choice[part]) <= 100 for choice in choices for part in ("name", "value"))
    return [choice["value"] for choice in choices]


def registered(double: DiscordDouble) -> dict[str, dict[str, Any]]:
    return {command["name"]: command for scope in double.world.registered.values() for command in scope}


def characters(command: dict[str, Any]) -> int:
    """Count what Discord limits: names, descriptions and values, of the command and all below it."""
    own = sum(len(str(command.get(part, ""))) for part in ("name", "description", "value"))
    below = (*command.get("options", []), *command.get("choices", []))
    return own + sum(map(characters, below))


async def test_all_commands_are_within_discords_limits(double: DiscordDouble) -> None:
    commands = registered(double)
    assert {"ask", "simulate", "compare", "explain"} <= set(commands)
    for name, command in commands.items():
        assert characters(command) <= MOST_CHARACTERS, name
        for option in command.get("options", []):
            assert len(option["description"]) <= 100
            assert len(option.get("choices", [])) <= 25
        assert len(command.get("options", [])) <= 25


async def test_the_options_are_those_of_the_vocabulary(double: DiscordDouble) -> None:
    known = {option["name"]: option for option in registered(double)["simulate"]["options"]}
    assert set(known) == {options.SPEC, *options.TYPED, KEY, options.PRIVATE}
    assert not any(option.get("required") for option in known.values())
    for key in options.TYPED:
        knob = BY_KEY[key]
        if isinstance(knob, Number):
            assert (known[key]["min_value"], known[key]["max_value"]) == (knob.low, knob.high)
        else:
            assert tuple(choice["value"] for choice in known[key]["choices"]) == knob.words


async def test_simulate_takes_words_options_both_and_nothing(double: DiscordDouble) -> None:
    words = await double.slash("simulate", {"spec": "depth=6 width=16 seeds=2 sigmoid vs relu he"})
    typed = await double.slash("simulate", {"depth": 5, "width": 16, "seeds": 2, "activation": "tanh"})
    both = await double.slash("simulate", {"spec": "4x16 sigmoid vs relu he", "seeds": 2})
    named = await double.slash("simulate", {"seeds": 2, "depth": 30, "experiment": "precision"})
    nothing = await double.slash("simulate")
    assert "sigmoid · glorot: factor per layer" in (await simulated(words)).text
    tanh = (await simulated(typed)).text
    assert "`5x16 mlp tanh glorot seeds=2`" in tanh
    assert "`4x16 mlp sigmoid glorot seeds=2 vs relu he`" in (await simulated(both)).text
    assert "float16" in (await simulated(named)).text
    assert "`20x64 mlp sigmoid glorot`" in (await simulated(nothing)).text


async def test_what_is_wrong_gets_the_sentence_of_the_grammar(double: DiscordDouble) -> None:
    for given, sentence in (
        ({"spec": "depth=3", "depth": 4}, "depth is given once in a configuration"),
        ({"lr": 0.5}, "acts only while training"),
        ({"spec": "sigmod"}, "did you mean 'sigmoid'?"),
        ({"norm": "batch", "arch": "lstm"}, "use norm=layer"),
        ({"gain": 0.0}, "gain is a number above 0"),
    ):
        assert sentence in (await simulated(await double.slash("simulate", given))).text


async def test_compare_puts_networks_side_by_side(double: DiscordDouble) -> None:
    given = {"first": "sigmoid", "second": "relu he", "third": "tanh", "common": "5x16 seeds=2"}
    shown = await simulated(await double.slash("compare", {**given, "private": True}))
    assert shown.ephemeral
    for label in ("sigmoid · glorot", "relu · he", "tanh · "):
        assert label in shown.text
    assert "`5x16 mlp sigmoid glorot seeds=2 vs relu he vs tanh`" in shown.text
    twice = await double.slash("compare", {"first": "depth=3", "second": "relu", "common": "depth=4"})
    assert "depth is given once" in (await twice.answer()).text
    same = await double.slash("compare", {"first": "relu", "second": "relu"})
    assert "differ in at least one knob" in (await simulated(same)).text


async def test_a_word_is_explained_and_its_run_is_one_press_away(double: DiscordDouble) -> None:
    asked = await double.slash("explain", {"word": "what is ReLU?"})
    shown = await asked.answer()
    assert not shown.ephemeral
    assert "## ReLU (rectified linear unit)" in shown.text
    assert "And the gradient?" in shown.text
    assert "https://arxiv.org/abs/1502.01852" in shown.text
    assert shown.custom_ids[:2] == ["backchat:1:try:activation=relu", "backchat:1:explain:init=he"]
    run = await simulated(await double.press("backchat:1:try:activation=relu", shown))
    assert "relu · he: factor per layer" in run.text
    assert run.files
    other = await double.press("backchat:1:explain:init=he", shown)
    he = await other.answer()
    assert he.ephemeral  # a channel need not read along
    assert "## He (Kaiming) initialisation" in he.text
    again = await simulated(await double.press("backchat:1:try:init=he", he))
    assert again.ephemeral


async def test_what_is_no_word_of_a_configuration_leads_to_answers(double: DiscordDouble) -> None:
    shown = await (await double.slash("explain", {"word": "vanishing gradient"})).answer()
    assert shown.ephemeral
    assert "Perhaps one of these answers helps" in shown.text
    assert shown.custom_ids
    answer = await (await double.press(shown.custom_ids[0], shown)).until(is_final)
    assert "Measured by running it" in answer.text


async def test_what_is_explained_in_private_is_private(double: DiscordDouble) -> None:
    asked = await double.slash("explain", {"word": "momentum", "private": True})
    assert (await asked.answer()).ephemeral


async def test_a_server_decides_where_and_to_whom_it_explains(double: DiscordDouble) -> None:
    off = await (await double.slash("explain", {"word": "relu"}, channel_id=EXERCISES_ID)).answer()
    assert "switched off in this channel" in off.text
    private = await (await double.slash("explain", {"word": "relu"}, guild=GUILD2_ID)).answer()
    assert private.ephemeral
    shown = await double.slash("explain", {"word": "relu", "private": False}, guild=GUILD2_ID)
    assert not (await shown.answer()).ephemeral
    direct = await (await double.slash("explain", {"word": "relu"}, guild=False)).answer()
    assert "## ReLU" in direct.text


async def test_a_word_that_could_mean_two_or_none_gets_a_choice(double: DiscordDouble) -> None:
    batch = await (await double.slash("explain", {"word": "batch"})).answer()
    assert batch.custom_ids == ["backchat:1:explain:batch", "backchat:1:explain:norm=batch"]
    near = await (await double.slash("explain", {"word": "relo"})).answer()
    assert "Did you mean" in near.text
    assert "backchat:1:explain:activation=relu" in near.custom_ids
    question = await (
        await double.slash("explain", {"word": "why do my gradients vanish in layer 3"})
    ).answer()
    assert "use `/ask`" in question.text
    assert batch.ephemeral
    assert near.ephemeral
    assert question.ephemeral


async def test_a_button_of_a_word_that_is_gone_says_so(double: DiscordDouble) -> None:
    shown = await (await double.slash("explain", {"word": "relu"})).answer()
    for kind in ("try", "explain"):
        old = f"backchat:1:{kind}:"
        message = json.loads(json.dumps(shown.message))
        message["id"] = str(int(message["id"]) + 1)
        text = (
            json.dumps(message)
            .replace(f"{old}activation=relu", f"{old}gone")
            .replace(f"{old}init=he", f"{old}gone")
        )
        pressed = await double.press(f"{old}gone", json.loads(text))
        assert "not explained any more" in (await pressed.answer()).text


async def test_whole_texts_are_offered_while_a_configuration_is_typed(double: DiscordDouble) -> None:
    assert "depth=30 sigmoid vs relu he" in await offered(double, "simulate", {"spec": ""}, "spec")
    assert (await offered(double, "simulate", {"spec": "depth=30 sig"}, "spec"))[0] == "depth=30 sigmoid"
    assert await offered(double, "simulate", {"spec": "depth=x"}, "spec") == await offered(
        double, "simulate", {"spec": "depth=y"}, "spec"
    )
    assert await offered(double, "simulate", {"spec": "x" * 1_500}, "spec") == []


async def test_the_parts_of_a_comparison_know_of_each_other(double: DiscordDouble) -> None:
    typed = {"common": "depth=30", "first": "sigmoid", "second": ""}
    second = await offered(double, "compare", typed, "second")
    assert "relu" in second
    assert "sigmoid" not in second
    assert not any(
        "depth" in one for one in await offered(double, "compare", {**typed, "first": "d"}, "first")
    )
    lost = {"common": "depth=qqq", "first": "rel"}
    assert "relu" in await offered(double, "compare", lost, "first")


async def test_words_and_questions_are_offered(double: DiscordDouble) -> None:
    assert (await offered(double, "explain", {"word": "xav"}, "word"))[0] == "init=glorot"
    assert len(await offered(double, "explain", {"word": ""}, "word")) == 25
    assert len(await offered(double, "ask", {"question": ""}, "question")) == 25
    found = await offered(double, "ask", {"question": "is the loss conv"}, "question")
    assert "convex" in found[0]
    assert await offered(double, "ask", {"question": "q" * 2_000}, "question") == []
    private = await double.autocomplete("ask", {"question": "relu"}, focused="question", guild=False)
    await private.acknowledged(timeout=3)
    assert private.callback_body is not None
    assert private.callback_body["data"]["choices"]
