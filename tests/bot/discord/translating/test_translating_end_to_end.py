"""The real bot and people whose Discord is in German, beside others."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from discord_double import GUILD2_ID, DiscordDouble, Judge, events, people
from discord_double.bot_process import SHORT, BotProcess, is_final, is_waiting

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def double(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DiscordDouble]:
    folder = tmp_path_factory.mktemp("bot")
    async with DiscordDouble(judge=Judge.load_or_none()) as made:
        made.world.guilds[GUILD2_ID]["preferred_locale"] = "de"
        async with BotProcess.for_long_runs(folder, made, 1):
            yield made


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whoever does something have Discord in German."""
    original = events.interaction

    def interaction(*given: Any) -> dict[str, Any]:
        return original(*given) | {"locale": "de"}

    monkeypatch.setattr(people.events, "interaction", interaction)


async def test_discord_is_told_of_the_commands_in_german(double: DiscordDouble) -> None:
    assert double.commands is not None
    ask = next(one for one in double.commands if one["name"] == "ask")
    assert ask["description_localizations"]["de"].startswith("Beantwortet eine Frage")
    assert not ask.get("name_localizations")
    assert double.problems() == []


@pytest.mark.usefixtures("german")
async def test_who_reads_german_gets_german_errors_offers_and_silence(double: DiscordDouble) -> None:
    misspelt = await double.slash("simulate", {"spec": "sigmod"})
    unknown = await double.slash("ask", {"question": "when is the exam?"})
    offered = await double.slash("ask", {"question": "vanishing gradient"})
    assert "meinst du 'sigmoid'?" in (await misspelt.until(is_final)).text
    silent = await unknown.until(is_final)
    assert "Darauf habe ich keine Antwort." in silent.text
    assert "Einige Fragen, die ich beantworten kann:" in silent.text
    offer = await offered.until(is_final)
    assert "Meinst du eine davon?" in offer.text
    assert "Nichts davon" in str(offer.message["components"])
    private = await (await double.slash("stats", guild=False)).answer()
    assert "dies ist eine Direktnachricht" in private.text
    assert double.problems() == []


async def test_who_waits_reads_it_in_their_language_each(
    double: DiscordDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One slot: the second waits for the first, and hears of it from whoever runs jobs.
    first = await double.slash("simulate", {"spec": f"{SHORT}0"}, user_id=7_001)
    await first.until(is_waiting)
    original = events.interaction

    def german(*given: Any) -> dict[str, Any]:
        return original(*given) | {"locale": "de"}

    monkeypatch.setattr(people.events, "interaction", german)
    second = await double.slash("simulate", {"spec": f"{SHORT}1"}, user_id=7_002)
    waiting = await second.until(is_waiting)
    assert "Dein Lauf ist der nächste" in waiting.text
    assert "Abbrechen" in str(waiting.message["components"])
    monkeypatch.undo()
    assert "Cancel" in str((await first.until(is_waiting)).message["components"])
    refused = await (await double.press(waiting.custom_ids[0], waiting, user_id=7_001)).answer()
    assert "Only the person who asked" in refused.text
    for one, user in ((first, 7_001), (second, 7_002)):
        shown = await one.until(is_waiting)
        await double.press(shown.custom_ids[0], shown, user_id=user)
    await asyncio.gather(*(one.until(is_final) for one in (first, second)))
    assert double.problems() == []


async def test_a_mention_is_answered_in_the_language_of_its_server(double: DiscordDouble) -> None:
    there = await double.mention("when is the exam?", guild=GUILD2_ID)
    here = await double.mention("when is the exam?")
    assert "Darauf habe ich keine Antwort." in (await there.until(is_final)).text
    assert "I have no answer to that." in (await here.until(is_final)).text
    assert double.problems() == []
