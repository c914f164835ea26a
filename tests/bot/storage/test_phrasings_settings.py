"""Wordings that a server adds, and what it decides."""

import asyncio
from collections.abc import Callable

import pytest

from bot.storage.errors import NotFound, StorageError, Taken, Unstorable
from bot.storage.guild_settings import Caution, GuildSettings, Mode, from_stored, with_changes
from bot.storage.inbox import Missed, Reason
from bot.storage.opening import Storage
from bot.storage.people import Signed
from bot.storage.phrasings import Wording
from bot.storage.settings import SettingConflict

Sign = Callable[..., Signed]


async def test_wordings_are_added_listed_and_taken_away(storage: Storage, sign: Sign) -> None:
    phrasings = storage.phrasings
    added = await phrasings.add("a", Wording(text="why zigzag?", slug="relu"), by=sign())
    general = await phrasings.add("a", Wording(text="when is the exam", slug=None, negative=True), by=sign())
    assert await phrasings.list("a") == (added, general)
    assert await phrasings.remove("a", added.id) == added
    assert await phrasings.list("a") == (general,)
    again = await phrasings.add("a", Wording(text=added.text, slug="relu"), by=sign())
    assert again.id > general.id
    with pytest.raises(NotFound, match=f"no wording number {added.id}"):
        await phrasings.remove("a", added.id)


async def test_the_same_words_are_added_once(storage: Storage, sign: Sign) -> None:
    first = await storage.phrasings.add("a", Wording(text="Why  ZIGZAG?", slug="relu"), by=sign("Ada"))
    assert await storage.phrasings.add("a", Wording(text="why zigzag?", slug="relu"), by=sign("Bo")) == first


@pytest.mark.parametrize(
    ("there", "wanted", "fits"),
    [
        (("relu", False), ("tanh", False), False),
        (("relu", False), (None, True), False),
        (("relu", False), ("relu", True), False),
        (("relu", False), ("tanh", True), True),
        ((None, True), ("relu", False), False),
        ((None, True), ("relu", True), True),
        (("relu", True), ("tanh", True), True),
        (("relu", True), ("tanh", False), True),
        (("relu", True), ("relu", False), False),
    ],
)
async def test_a_text_means_one_answer_at_most(
    storage: Storage,
    sign: Sign,
    there: tuple[str | None, bool],
    wanted: tuple[str | None, bool],
    fits: bool,  # noqa: FBT001
) -> None:
    await storage.phrasings.add("a", Wording(text="zigzag", slug=there[0], negative=there[1]), by=sign("Ada"))
    second = Wording(text="Zigzag", slug=wanted[0], negative=wanted[1])
    if fits:
        await storage.phrasings.add("a", second, by=sign("Bo"))
    else:
        with pytest.raises(Taken, match=r"'zigzag' is .* already, since Ada said so"):
            await storage.phrasings.add("a", second, by=sign("Bo"))
    assert len(await storage.phrasings.list("a")) == 1 + fits


@pytest.mark.parametrize("text", ["", "  \n", "a\x00b", "x" * 1001])
def test_a_wording_has_words_that_can_be_stored(text: str) -> None:
    with pytest.raises(Unstorable, match="A phrasing"):
        Wording(text=text, slug="relu")


async def test_settings_start_with_their_defaults_and_keep_what_was_changed(
    storage: Storage, sign: Sign
) -> None:
    seen = await storage.settings.get("a")
    assert seen == GuildSettings()
    changes = {"caution": "careful", "channels": {"17": "off"}, "forums": {"9": ["hw1", "hw2"]}}
    after = await storage.settings.change("a", changes, seen=seen, by=sign("Ada"))
    assert after == await storage.settings.get("a")
    assert (after.caution, after.channels["17"], after.forums["9"]) == (
        Caution.CAREFUL,
        Mode.OFF,
        ("hw1", "hw2"),
    )
    changed = await storage.settings.changed("a")
    assert [(one.name, one.author.name) for one in changed] == [
        ("caution", "Ada"),
        ("channels", "Ada"),
        ("forums", "Ada"),
    ]


async def test_changes_of_different_settings_do_not_clash_and_of_the_same_do(
    storage: Storage, sign: Sign
) -> None:
    seen = await storage.settings.get("a")
    await storage.settings.change("a", {"theme": "light"}, seen=seen, by=sign("Ada"))
    after = await storage.settings.change("a", {"caution": "eager"}, seen=seen, by=sign("Bo"))
    assert (after.theme.value, after.caution.value) == ("light", "eager")
    with pytest.raises(SettingConflict) as caught:
        await storage.settings.change("a", {"caution": "careful", "theme": "dark"}, seen=seen, by=sign("Cy"))
    assert str(caught.value) == (
        'Bo set caution to "eager" at 2026-11-21 15:30 UTC; nothing of yours was saved; '
        "open the settings again."
    )
    assert await storage.settings.get("a") == after
    # Two who want the same do not clash.
    await storage.settings.change("a", {"caution": "eager"}, seen=seen, by=sign("Cy"))


async def test_of_many_changes_at_once_one_wins(storage: Storage, sign: Sign) -> None:
    seen = await storage.settings.get("a")
    changes = [
        storage.settings.change("a", {"language": f"l{n}"}, seen=seen, by=sign(f"N{n}")) for n in range(8)
    ]
    done = await asyncio.gather(*changes, return_exceptions=True)
    assert sum(isinstance(one, SettingConflict) for one in done) == 7
    [won] = [one for one in done if isinstance(one, GuildSettings)]
    assert (await storage.settings.get("a")).language == won.language


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"captoin": "careful"}, "There is no setting 'captoin'; did you mean 'caution'?"),
        ({"caution": "brave"}, "caution: input should be 'careful', 'balanced' or 'eager'; got 'brave'"),
        (
            {"channels": {"1": "loud"}},
            "channels.1: input should be 'off', 'addressed' or 'answer'; got 'loud'",
        ),
    ],
)
def test_an_impossible_setting_is_refused_in_words(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(StorageError) as caught:
        with_changes(GuildSettings(), changes)
    assert str(caught.value).startswith(sentence)


def test_what_a_newer_version_stored_is_the_default_here() -> None:
    stored = {"caution": "reckless", "hologram": True, "language": "de"}
    assert from_stored(stored) == GuildSettings(language="de")


async def test_to_stop_keeping_questions_deletes_those_that_are_kept(storage: Storage, sign: Sign) -> None:
    for guild in ("a", "b"):
        seen = await storage.settings.get(guild)
        await storage.settings.change(guild, {"keep_questions": True}, seen=seen, by=sign())
        missed = Missed(text="what is a bagel", reason=Reason.UNANSWERED)
        await storage.inbox.keep(guild, missed, user_id="7", at=sign().at)
    seen = await storage.settings.get("a")
    await storage.settings.change("a", {"theme": "light"}, seen=seen, by=sign())
    assert len(await storage.inbox.open("a")) == 1
    await storage.settings.change("a", {"keep_questions": False}, seen=seen, by=sign())
    assert await storage.inbox.open("a") == ()
    assert len(await storage.inbox.open("b")) == 1
